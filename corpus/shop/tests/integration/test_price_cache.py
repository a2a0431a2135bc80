import pytest

from shop.errors import NotFound
from shop.money import Money
from shop.services.prices import Rates


@pytest.fixture
def rates(db, redis_client):
    rates = Rates(db, redis_client, ttl=60)
    rates.put("USD", 1.08)
    return rates


def test_read(rates):  #: needs postgres, redis
    assert rates.get("USD") == 1.08


def test_cached(rates, redis_client):  #: needs postgres, redis
    rates.get("USD")
    assert redis_client.get("rate:USD") == "1.08"
    assert 0 < redis_client.ttl("rate:USD") <= 60


def test_the_cache_answers(rates, redis_client):  #: needs postgres, redis
    redis_client.set("rate:USD", "2.5")
    assert rates.get("USD") == 2.5


def test_put_clears(rates):  #: needs postgres, redis
    rates.get("USD")
    rates.put("USD", 1.2)
    assert rates.convert(Money(1000), "USD") == Money(1200, "USD")


def test_unknown(rates):  #: needs postgres, redis
    with pytest.raises(NotFound):
        rates.get("XXX")


def test_without_a_cache(db, fake_redis):  #: needs postgres; mocked redis
    rates = Rates(db, fake_redis)
    rates.put("CHF", 0.95)
    assert rates.get("CHF") == 0.95


def test_euros_are_euros(fake_redis):
    assert Rates(None, fake_redis).get("EUR") == 1.0
