"""Unit tests see no neighbour at all."""

import pytest

from tests.fakes import StubSearch


@pytest.fixture
def stub_search():
    return StubSearch({
        "1": {"name": "Blue teapot", "price": 2490},
        "2": {"name": "Green mug", "price": 790},
        "3": {"name": "Blue mug", "price": 890},
    })
