"""What every kind of test may use; nothing in here opens a connection."""

import os
import pathlib

import pytest

from shop.models import Product

for line in (pathlib.Path(__file__).parents[1] / ".env.test").read_text().splitlines():
    if not line.startswith("#"):
        os.environ.setdefault(*line.split("=", 1))


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch):
    """Nobody waits for a retry in a test."""
    monkeypatch.setattr("shop.retry.time.sleep", lambda seconds: None)


@pytest.fixture
def make_product():
    """Products with running numbers."""
    made = []

    def make(name="Teapot", price=1990, tags=(), stock=10):
        product = Product(f"SKU-{len(made) + 1:03}", name, price, list(tags), stock)
        made.append(product)
        return product
    return make
