"""Search over the API; the engine is a stub, the rest of the application is not."""

import pytest

from shop.app import get_search
from shop.services.search import SearchService, TableSearch
from tests.fakes import BrokenSearch, StubSearch


@pytest.fixture
def stubbed(app, client):
    stub = StubSearch({"1": {"name": "Elasticsearch in practice", "price": 3900}})
    app.dependency_overrides[get_search] = lambda app: SearchService(stub)
    return client


def test_hit(stubbed):  #: needs postgres, redis
    status, body = stubbed.get("/search/practice")
    assert (status, [hit["id"] for hit in body["hits"]]) == (200, ["1"])


def test_no_hit(stubbed):  #: needs postgres, redis
    assert stubbed.get("/search/poetry") == (200, {"hits": []})


def test_engine_down(app, client):  #: needs postgres, redis
    app.dependency_overrides[get_search] = lambda app: SearchService(BrokenSearch())
    assert client.get("/search/mug")[0] == 503


def test_fallback_to_the_table(app, client):  #: needs postgres, redis
    client.post("/products", {"sku": "MUG", "name": "Blue mug", "price": 790})
    app.dependency_overrides[get_search] = lambda app: SearchService(
        BrokenSearch(), fallback=TableSearch(app.state.db)
    )
    _, body = client.get("/search/mug")
    assert body["hits"] == [{"id": "MUG", "name": "Blue mug", "price": 790}]
