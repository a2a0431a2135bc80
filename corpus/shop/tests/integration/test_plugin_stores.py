"""Stores that are only known at run time: the operator names them."""

import importlib
import json
import os
from pathlib import Path

STORES = json.loads((Path(__file__).parent / "stores.json").read_text())


def test_store_of_the_day():  #: unknown postgres; unknown redis
    store = importlib.import_module(f"shop.stores.{os.environ.get('SHOP_STORE', STORES['store'])}")
    assert store.ping()


def test_repository_of_the_day(request):  #: unknown postgres
    repository = request.getfixturevalue(f"{STORES['repository']}_repo")
    assert repository is not None


def test_names_are_words():
    assert all(name.isidentifier() for name in STORES.values())
