"""Everything about orders starts with empty tables and one product in stock."""

import pytest

from shop import migrations
from shop.models import Product
from shop.services.catalog import Catalog


@pytest.fixture(autouse=True)
def clean_tables(db):
    Catalog(db).add(Product("MUG", "Mug", 790, ["kitchen"], stock=20))
    yield
    migrations.truncate(db)


@pytest.fixture
def orders(orders, stock):
    """The service of the outer fixture, with a stock to take from."""
    Catalog(stock.connection).add(Product("POT", "Teapot", 2490, ["kitchen"], stock=3))
    orders.stock = stock
    return orders
