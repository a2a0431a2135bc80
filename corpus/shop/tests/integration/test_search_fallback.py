"""What happens while the engine is away; it is away because the test breaks the wire."""

import pytest

from shop.errors import SearchError
from shop.models import Product
from shop.services.search import SearchService, TableSearch, make_client


@pytest.fixture
def broken_wire(monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError("broken on purpose")

    monkeypatch.setattr("shop.adapters.elastic.http_json", refuse)


def test_error(broken_wire):  #: mocked elasticsearch
    with pytest.raises(SearchError, match="elasticsearch failed: no answer"):
        SearchService(make_client("elasticsearch")).find("mug")


def test_table_answers(broken_wire, catalog):  #: needs postgres; mocked elasticsearch
    catalog.add(Product("MUG", "Blue mug", 790))
    service = SearchService(make_client("elasticsearch"), fallback=TableSearch(catalog.connection))
    assert [hit["id"] for hit in service.find("mug")] == ["MUG"]


def test_empty_table(catalog):  #: needs postgres
    assert TableSearch(catalog.connection).find("mug") == []
