from pytest import fixture, mark, raises

from shop.errors import NotFound
from shop.services.sessions import Sessions


@fixture
def sessions(redis_client):
    return Sessions(redis_client, ttl=30)


def test_open(sessions):  #: needs redis
    token = sessions.open("ada", role="admin")
    assert sessions.read(token) == {"user": "ada", "role": "admin"}


def test_expires(sessions, redis_client):  #: needs redis
    token = sessions.open("ada")
    assert 0 < redis_client.ttl(f"session:{token}") <= 30


def test_close(sessions):  #: needs redis
    token = sessions.open("ada")
    assert sessions.close(token)
    with raises(NotFound):
        sessions.read(token)


@mark.usefixtures("redis_client")
def test_nobody_is_logged_in(request):  #: needs redis
    client = request.getfixturevalue("redis_client")
    assert client.keys("session:*") == []
