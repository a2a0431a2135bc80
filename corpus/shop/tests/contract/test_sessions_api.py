import pytest


def test_login(client):  #: needs postgres, redis
    status, body = client.post("/login", {"user": "ada"})
    assert status == 201
    assert len(body["token"]) == 16


def test_me(client, headers):  #: needs postgres, redis
    assert client.get("/me", **headers) == (200, {"user": "ada"})


@pytest.mark.parametrize("token", ["", "0123456789abcdef"])
def test_stranger(client, token):  #: needs postgres, redis
    assert client.get("/me", token=token)[0] == 404


@pytest.mark.usefixtures("headers")
class TestTwoUsers:  #: needs postgres, redis
    def test_tokens_differ(self, client, headers):
        _, other = client.post("/login", {"user": "bob"})
        assert other["token"] != headers["token"]

    def test_both_stay_logged_in(self, client, headers):
        client.post("/login", {"user": "bob"})
        assert client.get("/me", **headers)[1]["user"] == "ada"
