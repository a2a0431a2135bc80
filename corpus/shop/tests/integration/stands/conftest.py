"""Stands at fairs: what sells there needs the till's Redis, and is skipped where there is none."""

import pytest

from shop.net import reachable


def pytest_runtest_setup(item):
    if item.get_closest_marker("sells") is not None and not reachable("localhost", 6379):
        pytest.skip("the till is closed")
