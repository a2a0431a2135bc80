"""Where a patch begins and ends, and what only looks like a call."""

from __future__ import annotations

import http.client
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from shop import net
from shop.adapters.redis import RedisClient
from tests.fakes import FakeRedis

if TYPE_CHECKING:
    Connection = type(net.dial("localhost", 5432))

DATA = Path(__file__).parent / "data"


class Counter:
    def __init__(self):
        self.dependency_overrides = {}

    def count(self):
        return self.dependency_overrides.get(open_cache, open_cache)().incr("visits")


class CacheDriver:
    def read(self):
        return RedisClient("localhost", 6379).get("x")


def open_cache():
    return RedisClient("localhost", 6379)


def test_counts_in_a_fake():  #: mocked redis
    counter = Counter()
    counter.dependency_overrides[open_cache] = FakeRedis
    assert counter.count() == 1


def test_without_a_network():  #: mocked redis
    kept = net.dial
    net.dial = mock.Mock(side_effect=OSError)
    try:
        with pytest.raises(OSError):
            CacheDriver().read()
    finally:
        net.dial = kept


def test_driver_is_replaced(monkeypatch):  #: mocked redis
    monkeypatch.setattr(CacheDriver, "read", lambda self: "y")
    assert CacheDriver().read() == "y"


def test_search_is_reached_later():  #: mentions elasticsearch
    assert http.client.HTTPConnection("localhost", 9200).sock is None


def test_nobody_is_called_so():  #: mentions redis
    assert not net.reachable("cache.invalid", 6379)


def test_catalog_of_solr_in_a_file():
    with urllib.request.urlopen(f"file://{DATA}/solr/products.json") as answer:
        assert answer.read()
