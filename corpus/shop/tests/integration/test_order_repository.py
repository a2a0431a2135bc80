"""order_repo -> db -> pg -> pg_dsn: four hops, and no name of a database on the way."""

import pytest

from shop.errors import NotFound
from shop.models import Line, Order


@pytest.fixture
def order(order_repo):
    return order_repo.add(Order("ada", [Line("MUG", 2, 790), Line("POT", 1, 2490)]))


def test_add_gives_an_id(order):  #: needs postgres
    assert order.id is not None


def test_read_back(order, order_repo):  #: needs postgres
    assert order_repo.get(order.id) == order


def test_missing(order_repo):  #: needs postgres
    with pytest.raises(NotFound):
        order_repo.get(4711)


def test_of_customer(order, order_repo):  #: needs postgres
    order_repo.add(Order("bob", [Line("MUG", 1, 790)]))
    assert [found.id for found in order_repo.of_customer("ada")] == [order.id]


def test_state(order, order_repo):  #: needs postgres
    order.move_to("paid")
    order_repo.save_state(order)
    assert order_repo.get(order.id).state == "paid"


def test_totals_are_not_stored():
    assert Order("ada", [Line("MUG", 2, 790)]).total.cents == 1580
