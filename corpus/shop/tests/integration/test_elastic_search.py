"""Queries; the mark comes from `tests.gates` by way of `tests.markers`."""

import pytest

from shop.services.search import SearchService
from tests.markers import elastic_only

PRODUCTS = {
    "1": {"name": "Blue teapot", "price": 2490},
    "2": {"name": "Green mug", "price": 790},
    "3": {"name": "Blue mug", "price": 890},
}


@pytest.fixture
def service(es_client, es_index):
    es_client.bulk(es_index, PRODUCTS)
    es_client.refresh(es_index)
    return SearchService(es_client, es_index)


@elastic_only
@pytest.mark.parametrize("text, ids", [("blue", ["1", "3"]), ("mug", ["2", "3"]), ("tea", [])])
def test_words(service, text, ids):  #: requires elasticsearch
    assert [hit["id"] for hit in service.find(text)] == ids


@elastic_only  #: requires elasticsearch
def test_range(service):
    assert [hit["id"] for hit in service.cheaper_than(890)] == ["2"]


@elastic_only
def test_size(service):  #: requires elasticsearch
    assert len(service.find("blue", size=1)) == 1


def test_prices_are_integers():
    assert all(isinstance(product["price"], int) for product in PRODUCTS.values())
