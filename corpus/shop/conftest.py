"""Fixtures of the whole suite come from two modules; the markers `requires_*` are honoured here."""

import functools

import pytest

from shop import net

pytest_plugins = ["tests.fixtures.db", "tests.fixtures.cache"]

PORTS = {
    "requires_postgres": 5432,
    "requires_redis": 6379,
    "requires_elasticsearch": 9200,
    "requires_opensearch": 9201,
    "requires_solr": 8983,
}


@functools.lru_cache(maxsize=None)
def _is_up(port):
    return net.reachable("localhost", port)


def pytest_runtest_setup(item):
    for mark in item.iter_markers():
        port = PORTS.get(mark.name)
        if port is not None and not _is_up(port):
            pytest.skip(f"{mark.name}: nothing listens on {port}")
