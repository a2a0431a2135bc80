"""The nightly smoke test: everything that shares the table below."""

import pytest

from shop import net
from shop.services.prices import Rates

NEIGHBOURS = {
    "postgres": ("localhost", 5432),
    "redis": ("localhost", 6379),
}


def missing():
    return [name for name, (host, port) in NEIGHBOURS.items() if not net.reachable(host, port)]


pytestmark = pytest.mark.skipif(bool(missing()), reason="some neighbours are away")  #: requires postgres, redis


def test_rates_meet_the_cache(db, redis_client):
    rates = Rates(db, redis_client)
    rates.put("NOK", 11.5)
    rates.get("NOK")
    assert redis_client.exists("rate:NOK")


@pytest.mark.parametrize("name", list(NEIGHBOURS))
def test_dial(name):
    with net.dial(*NEIGHBOURS[name]):
        pass
