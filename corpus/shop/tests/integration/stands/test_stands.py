"""The hook of this folder looks at the mark of each test."""

import pytest

from shop.models import Product


@pytest.mark.sells
def test_sale_at_a_stand():  #: requires redis
    assert Product("MUG", "Mug", 500, [], 1).price == 500


def test_stand_shows_a_product():
    assert Product("POT", "Pot", 900, [], 2).stock == 2
