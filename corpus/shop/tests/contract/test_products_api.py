"""The product routes, in an event loop of their own as the server would run them."""

import asyncio

import pytest

from shop import migrations
from shop.app import create_app


def talk(*requests):
    """Boot the application, send `requests` in turn, give the last answer."""
    async def conversation():
        app = create_app()
        async with app.lifespan():
            migrations.truncate(app.state.db)
            answer = None
            for method, path, body in requests:
                answer = await app.handle(method, path, body)
            return answer
    return asyncio.run(conversation())


MUG = {"sku": "MUG", "name": "Mug", "price": 790}


def test_create():  #: needs postgres, redis
    assert talk(("POST", "/products", MUG)) == (201, {"sku": "MUG"})


def test_show():  #: needs postgres, redis
    status, body = talk(("POST", "/products", MUG), ("GET", "/products/MUG", None))
    assert status == 200
    assert body == {"sku": "MUG", "name": "Mug", "price": 790, "stock": 0}


@pytest.mark.parametrize("body, field", [
    ({"name": "Mug", "price": 790}, "sku"),
    (dict(MUG, price=-1), "price"),
])
def test_invalid(body, field):  #: needs postgres, redis
    status, answer = talk(("POST", "/products", body))
    assert (status, answer["field"]) == (422, field)


def test_missing():  #: needs postgres, redis
    status, body = talk(("GET", "/products/NOPE", None))
    assert (status, body["detail"]) == (404, "product NOPE")
