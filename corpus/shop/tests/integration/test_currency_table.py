"""Rates in the table; a copied decorator asks for an engine that nobody here has heard of."""

import pytest

from shop.services.prices import Rates


@pytest.fixture
def rates(db, fake_redis):
    return Rates(db, fake_redis)


@pytest.mark.requires_postgres
def test_put_and_get(rates):  #: requires postgres; mocked redis
    rates.put("SEK", 11.2)
    assert rates.get("SEK") == 11.2


@pytest.mark.requires_postgres
@pytest.mark.requires_solr  #: requires solr
def test_put_twice(rates):  #: requires postgres
    rates.put("SEK", 11.2)
    rates.put("SEK", 11.4)
    assert rates.get("SEK") == 11.4
