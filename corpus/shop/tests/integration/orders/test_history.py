"""A customer's orders, oldest first."""

import pytest


@pytest.fixture
def history(orders):
    for quantity in (1, 2, 3):
        orders.place("ada", {"MUG": (quantity, 790)})
    orders.place("bob", {"POT": (1, 2490)})
    return orders.repository


def test_oldest_first(history):  #: needs postgres
    assert [order.lines[0].quantity for order in history.of_customer("ada")] == [1, 2, 3]


@pytest.mark.parametrize("customer, count", [("ada", 3), ("bob", 1), ("eve", 0)])
def test_each_sees_his_own(history, customer, count):  #: needs postgres
    assert len(history.of_customer(customer)) == count


def test_count(history):  #: needs postgres
    assert history.count() == 4


def test_turnover(history):  #: needs postgres
    total = sum(order.total.cents for order in history.of_customer("ada"))
    assert total == 6 * 790
