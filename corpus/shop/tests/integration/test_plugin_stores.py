"""Stores that are only known at run time: the operator names them."""

import importlib
import json
import os
from pathlib import Path

STORES = json.loads((Path(__file__).parent / "stores.json").read_text())


def test_adapter_of_the_day(request):  #: unknown
    module = importlib.import_module("shop.adapters." + os.environ.get("SHOP_ADAPTER", STORES["adapter"]))
    assert module.ping()


def test_fixture_of_the_day(request):  #: unknown
    store = request.getfixturevalue(STORES["fixture"])
    assert store is not None


def test_names_are_words():
    assert all(name.isidentifier() for name in STORES.values())
