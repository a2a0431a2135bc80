"""Rules of orders, with the repository played by others."""

from unittest.mock import MagicMock, create_autospec

import pytest

from shop.adapters.postgres import Connection
from shop.errors import Invalid, OutOfStock
from shop.models import Line, Order
from shop.services.orders import OrderRepository, OrderService, Stock
from tests.fakes import InMemoryOrders


@pytest.fixture
def service():
    return OrderService(InMemoryOrders())


def test_total():
    assert str(Order("ada", [Line("MUG", 2, 790), Line("POT", 1, 2490)]).total) == "40.70 EUR"


def test_place(service):
    order = service.place("ada", {"MUG": (2, 790)})
    assert (order.id, order.state) == (1, "new")


def test_place_nothing(service):
    with pytest.raises(Invalid, match="at least one line"):
        service.place("ada", {})


@pytest.mark.parametrize("path", ["paid shipped delivered", "paid refunded", "cancelled"])
def test_allowed_paths(service, path):
    order = service.place("ada", {"MUG": (1, 790)})
    for state in path.split():
        service.move(order.id, state)
    assert order.state == path.split()[-1]


def test_cancelled_is_the_end(service):
    order = service.place("ada", {"MUG": (1, 790)})
    service.move(order.id, "cancelled")
    with pytest.raises(Invalid):
        service.move(order.id, "paid")


def test_stock_is_asked_first():
    connection = MagicMock(spec=Connection)  #: mocked postgres
    connection.fetch_value.return_value = 1
    service = OrderService(OrderRepository(connection), Stock(connection))
    with pytest.raises(OutOfStock):
        service.place("ada", {"MUG": (2, 790)})
    connection.insert.assert_not_called()


def test_events_are_told():
    events = MagicMock()
    repository = create_autospec(OrderRepository, instance=True)
    repository.add.side_effect = lambda order: order
    OrderService(repository, events=events).place("ada", {"MUG": (1, 790)})
    events.lpush.assert_called_once_with("order-events", "placed:None")
