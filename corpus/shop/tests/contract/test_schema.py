"""The published schema; it is made without booting anything."""

import json

import pytest

from shop.app import create_app


@pytest.fixture(scope="module")
def schema():
    return create_app().schema()


def test_is_json(schema):
    assert json.loads(json.dumps(schema))["openapi"] == "3.1.0"


@pytest.mark.parametrize("path", ["/health", "/orders", "/products/{sku}", "/search/{text}"])
def test_has_path(schema, path):
    assert path in schema["paths"]


def test_every_route_is_described(schema):
    for path in schema["paths"].values():
        assert all(operation["summary"] for operation in path.values())
