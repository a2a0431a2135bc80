"""Rate limits against a Redis, if there is one."""

import socket

import pytest

from shop import net
from shop.adapters.redis import RedisClient
from shop.errors import TooManyRequests
from shop.services.sessions import RateLimit
from shop.settings import settings
from tests.fakes import FakeRedis


def _answers(host, port):
    try:
        socket.create_connection(net.address(host, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def make_limit(limit):
    client = RedisClient.from_url(settings.redis_url)
    client.delete("hits:ada")
    return RateLimit(client, limit)


def test_counts_down():
    if not _answers("localhost", 6379):  #: requires redis
        pytest.skip("no Redis")
    limit = make_limit(3)
    assert [limit.hit("ada") for _ in range(3)] == [2, 1, 0]


def test_stops():  #: requires redis
    if not _answers("localhost", 6379):
        pytest.skip("no Redis")
    limit = make_limit(1)
    limit.hit("ada")
    with pytest.raises(TooManyRequests):
        limit.hit("ada")


def test_the_fake_counts_alike():
    limit = RateLimit(FakeRedis(), 3)
    assert [limit.hit("ada") for _ in range(3)] == [2, 1, 0]
