"""Fixtures of the whole suite come from two modules; the markers `requires_*` are honoured here."""

import functools
import json
from pathlib import Path

import pytest

from shop import net

pytest_plugins = ["tests.fixtures.db", "tests.fixtures.cache"]

PORTS = json.loads(Path(__file__).with_name("ports.json").read_text())


@functools.lru_cache(maxsize=None)
def _is_up(port):
    return net.reachable("localhost", port)


def pytest_runtest_setup(item):
    for mark in item.iter_markers():
        port = PORTS.get(mark.name)
        if port is not None and not _is_up(port):
            pytest.skip(f"{mark.name}: nothing listens on {port}")
