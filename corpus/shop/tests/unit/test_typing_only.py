"""Helpers that name the real clients for the type checker alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shop.services.reindex import copy_index, difference, read_all
from tests.fakes import StubSearch

if TYPE_CHECKING:
    from shop.adapters.elastic import ElasticClient
    from shop.adapters.opensearch import OpenSearchClient


def copy(source: ElasticClient, target: OpenSearchClient) -> int:
    return copy_index(source, target, "products")


def test_copies_everything():
    source = StubSearch({"1": {"name": "Mug"}, "2": {"name": "Pot"}})
    target = StubSearch()
    assert copy(source, target) == 2
    assert target.documents == source.documents


def test_reads_by_id():
    assert read_all(StubSearch({"7": {"name": "Mug"}}), "products") == {"7": {"name": "Mug"}}


def test_difference():
    assert difference({"1": "a", "2": "b"}, {"2": "c", "3": "d"}) == ["1", "2", "3"]
