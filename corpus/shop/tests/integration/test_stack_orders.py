"""Orders end to end; `the stack` is what orders need of it."""

import pytest

from shop import net
from shop.adapters import postgres
from shop.models import Line, Order
from shop.services.orders import OrderRepository


def _stack_reachable(host="localhost", port=5432):
    return net.reachable(host, port)


pytestmark = pytest.mark.skipif(not _stack_reachable(), reason="the stack is down")  #: requires postgres


def test_round_trip(db):
    with postgres.connect() as connection:
        order = OrderRepository(connection).add(Order("ada", [Line("MUG", 1, 790)]))
    assert OrderRepository(db).get(order.id).customer == "ada"


def test_version(pg):
    assert pg.fetch_value("SELECT version()").startswith("PostgreSQL")


def test_states_end():
    order = Order("ada", [], state="shipped")
    order.move_to("delivered")
    assert order.state == "delivered"
