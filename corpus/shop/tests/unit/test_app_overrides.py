"""The API with its dependencies replaced: no lifespan, so nothing is opened."""

from unittest.mock import AsyncMock

import pytest

from shop import app as shop_app
from shop.models import Product
from shop.services.orders import OrderService
from shop.services.search import SearchService
from shop.services.sessions import RateLimit, Sessions
from shop.testing import TestClient
from tests.fakes import FakeRedis, InMemoryOrders, StubSearch


class FakeCatalog:
    def __init__(self):
        self.products = {}

    def add(self, product):
        self.products[product.sku] = product
        return product

    def get(self, sku):
        return self.products.get(sku) or Product(sku, "Unnamed", 0)


@pytest.fixture
def api():
    app = shop_app.create_app()
    cache, catalog = FakeRedis(), FakeCatalog()
    app.dependency_overrides[shop_app.get_catalog] = lambda app: catalog
    app.dependency_overrides[shop_app.get_orders] = lambda app: OrderService(InMemoryOrders())
    app.dependency_overrides[shop_app.get_sessions] = lambda app: Sessions(cache)
    app.dependency_overrides[shop_app.get_limit] = lambda app: RateLimit(cache, 2)
    app.dependency_overrides[shop_app.get_search] = lambda app: SearchService(StubSearch())
    return TestClient(app)


def test_products(api):
    assert api.post("/products", {"sku": "MUG", "name": "Mug", "price": 790})[0] == 201
    assert api.get("/products/MUG")[1]["name"] == "Mug"


def test_login(api):
    _, body = api.post("/login", {"user": "ada"})
    assert api.get("/me", token=body["token"]) == (200, {"user": "ada"})


def test_rate_limit(api):
    order = {"items": [{"sku": "MUG", "quantity": 1, "price": 790}]}
    assert [api.post("/orders", order)[0] for _ in range(3)] == [201, 201, 429]


def test_search(api):
    assert api.get("/search/mug") == (200, {"hits": []})


def test_unknown_path(api):
    status, body = api.get("/nowhere")
    assert (status, body["error"]) == (404, "NotFound")


def test_headers_are_merged():
    app = AsyncMock(spec=shop_app.App)
    app.handle.return_value = (200, {})
    TestClient(app, headers={"token": "t"}).get("/me", client="bob")
    app.handle.assert_awaited_once_with("GET", "/me", None, {"token": "t", "client": "bob"})
