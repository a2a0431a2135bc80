import asyncio

import pytest

from shop.errors import OutOfStock


def test_places_an_order(orders):  #: needs postgres
    order = orders.place("ada", {"MUG": (2, 790), "POT": (1, 2490)})
    assert str(order.total) == "40.70 EUR"


def test_takes_from_the_stock(orders, stock):  #: needs postgres
    orders.place("ada", {"MUG": (5, 790)})
    assert stock.left("MUG") == 15


def test_refuses_what_is_not_there(orders, stock):  #: needs postgres
    with pytest.raises(OutOfStock):
        orders.place("ada", {"POT": (4, 2490)})
    assert stock.left("POT") == 3


def test_prices_are_whole_cents():  #: needs postgres
    # Asks for nothing, and still waits for clean tables as its neighbours do.
    assert 790 % 1 == 0


class TestEvents:  #: needs postgres, redis
    @pytest.fixture(autouse=True)
    def listen(self, orders, redis_client):
        orders.events = redis_client

    def test_placed(self, orders, redis_client):
        order = orders.place("ada", {"MUG": (1, 790)})
        assert redis_client.rpop("order-events") == f"placed:{order.id}"

    def test_paid(self, orders, redis_client):
        order = orders.place("ada", {"MUG": (1, 790)})
        orders.move(order.id, "paid")
        assert redis_client.llen("order-events") == 2


async def checkout(orders, customer, quantity):
    await asyncio.sleep(0)
    return orders.place(customer, {"MUG": (quantity, 790)})


def test_three_at_once(orders, stock):  #: needs postgres
    async def rush():
        return await asyncio.gather(*(checkout(orders, name, 2) for name in ("ada", "bob", "eve")))

    placed = asyncio.run(rush())
    assert len({order.id for order in placed}) == 3
    assert stock.left("MUG") == 14


def test_one_too_many(orders, stock):  #: needs postgres
    async def rush():
        return await asyncio.gather(
            *(checkout(orders, name, 8) for name in ("ada", "bob", "eve")), return_exceptions=True
        )

    results = asyncio.run(rush())
    assert sum(isinstance(result, Exception) for result in results) == 1
    assert stock.left("MUG") == 4
