"""Clients that are kept in tables, held by partial calls, chosen by what else a test asks for."""

import os
from functools import partial

import pytest

from shop import net
from shop.adapters.redis import RedisClient
from shop.settings import host_and_port, settings
from tests.fakes import FakeRedis

addresses = {}


def register(alias, url):
    addresses[alias] = url


def connect(alias):
    if alias not in addresses:
        raise LookupError(alias)
    return RedisClient.from_url(addresses[alias] or settings.redis_url)


def open_store(**options):
    options = {key: value for key, value in options.items() if value is not None}
    make = options.pop("client_class", RedisClient)
    return make()


@pytest.fixture
def store(request):
    if "redis_client" in request.fixturenames:
        return request.getfixturevalue("redis_client")
    return None


def test_registered_address():  #: needs redis
    register("carts", settings.redis_url)
    assert connect("carts").ping()


def test_unknown_alias():
    assert "nowhere" not in addresses


def test_partial_call():  #: needs redis
    dial = partial(net.dial, "localhost", 6379)
    dial().close()


def test_each_of_the_neighbours():  #: requires postgres, redis
    for url in os.environ["SHOP_NEIGHBOURS"].split(","):
        net.dial(*host_and_port(url)).close()


@pytest.mark.skipif(
    not (net.reachable("localhost", 9200) or net.reachable("localhost", 9201)), reason="no engine is up")
def test_one_engine_is_enough():  #: requires elasticsearch|opensearch
    assert addresses is not None


def test_the_store_that_a_variable_names():  #: requires postgres|redis
    if os.environ.get("SHOP_STORE", "table") == "cache":
        net.dial("localhost", 6379).close()
    else:
        net.dial("localhost", 5432).close()


def test_a_store_of_its_own(store):
    assert store is None


@pytest.mark.usefixtures("redis_client")
def test_the_store_asked_for(store):  #: needs redis
    assert store.ping()


def test_store_with_a_double():  #: mocked redis
    assert open_store(client_class=FakeRedis) is not None


def test_store_as_it_comes():  #: needs redis
    assert open_store().ping()
