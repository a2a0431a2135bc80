"""Cases come from a file that the pricing team edits."""

import json
from pathlib import Path

import pytest

from shop.money import Money
from shop.services.prices import discount

CASES = json.loads((Path(__file__).parent / "data" / "discounts.json").read_text())


def pytest_generate_tests(metafunc):
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", CASES, ids=[case["name"] for case in CASES])


def test_discount(case):
    assert discount(Money(case["price"]), case["percent"]) == Money(case["expected"])


@pytest.mark.parametrize("percent", [-1, 101])
def test_nonsense(percent):
    with pytest.raises(ValueError):
        discount(Money(100), percent)
