"""Stores that stand among the parameters by the names of their fixtures."""

import pytest


class lazy_fixture:
    """As the plugins for it have it: the fixture is asked for when the test is run."""

    def __init__(self, name):
        self.name = name


@pytest.fixture(autouse=True)
def asked_for(request):
    ask = getattr(request, "getfixture" + "value")
    parameters = getattr(request.node, "callspec", None)
    for value in parameters.params.values() if parameters else ():
        if isinstance(value, lazy_fixture):
            vars(value)["store"] = ask(value.name)


@pytest.mark.parametrize("store", [lazy_fixture("memory_store")])
def test_memory(store):
    assert store.store == {}


@pytest.mark.parametrize("store, key", [(lazy_fixture("redis_client"), "cart")])
def test_redis(store, key):  #: needs redis
    assert store.store.get(key) is None


@pytest.mark.parametrize("store", [pytest.param(lazy_fixture("redis_client"), id="redis")])
def test_redis_by_id(store):  #: needs redis
    assert store.store.ping()
