"""Every error of the API has the same shape."""

import pytest

pytestmark = [pytest.mark.requires_postgres, pytest.mark.requires_redis]  #: requires postgres, redis

CALLS = [
    ("GET", "/nowhere", 404),
    ("GET", "/products/NOPE", 404),
    ("POST", "/products", 422),
    ("POST", "/orders", 422),
]


@pytest.mark.parametrize("method, path, expected", CALLS)
def test_shape(client, method, path, expected):
    status, body = client.request(method, path)
    assert status == expected
    assert {"error", "detail"} <= set(body)


def test_only_invalid_names_a_field(client):
    assert "field" in client.post("/products")[1]
    assert "field" not in client.get("/nowhere")[1]
