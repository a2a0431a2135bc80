import pytest


@pytest.fixture
def mug(client):
    client.post("/products", {"sku": "MUG", "name": "Mug", "price": 790, "stock": 3})
    return {"sku": "MUG", "quantity": 1, "price": 790}


def test_place(client, mug):  #: needs postgres, redis
    status, body = client.post("/orders", {"customer": "ada", "items": [mug]})
    assert status == 201
    assert body == {"id": body["id"], "state": "new", "total": "7.90 EUR"}


def test_stock_goes_down(client, mug):  #: needs postgres, redis
    client.post("/orders", {"items": [dict(mug, quantity=2)]})
    assert client.get("/products/MUG")[1]["stock"] == 1


def test_out_of_stock(client, mug):  #: needs postgres, redis
    status, body = client.post("/orders", {"items": [dict(mug, quantity=4)]})
    assert status == 409
    assert body == {"error": "OutOfStock", "detail": "MUG: 4 wanted, 3 left"}


def test_empty_order(client):  #: needs postgres, redis
    status, body = client.post("/orders", {"items": []})
    assert (status, body["field"]) == (422, "items")


@pytest.mark.parametrize("state, status", [("paid", 200), ("delivered", 422)])
def test_move(client, mug, state, status):  #: needs postgres, redis
    _, order = client.post("/orders", {"items": [mug]})
    assert client.post(f"/orders/{order['id']}/{state}")[0] == status


def test_too_many_requests(client, mug):  #: needs postgres, redis
    answers = [client.post("/orders", {"items": []}, client="bob")[0] for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_events_are_queued(app, client, mug):  #: needs postgres, redis
    client.post("/orders", {"items": [mug]})
    assert app.state.cache.llen("order-events") == 1
