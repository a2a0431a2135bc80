"""How the shop behaves while the cache is out, and after."""

from unittest import mock

import pytest

from shop import net
from shop.adapters.redis import RedisClient


def test_comes_back():  #: requires redis
    with mock.patch("shop.net.socket.create_connection", side_effect=OSError):
        with pytest.raises(OSError):
            net.dial("localhost", 6379)
    client = RedisClient("localhost", 6379)
    assert client.ping()
    client.close()
