"""What a partner sees; the package has seen to it that there is a Solr."""  #: requires solr

import pytest

from shop.adapters.solr import escape


@pytest.fixture
def shelf(solr):
    solr.add({"id": "MUG", "name": "blue mug"}, {"id": "POT", "name": "blue pot"})
    return solr


def test_partner_finds_products(shelf):
    assert [doc["id"] for doc in shelf.select("name:blue")] == ["MUG", "POT"]


def test_partner_finds_nothing(shelf):
    assert shelf.select("name:pan") == []


def test_partner_queries_are_escaped():
    assert escape("name:*") == "name\\:\\*"
