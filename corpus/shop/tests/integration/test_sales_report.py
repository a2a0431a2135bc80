"""Sales by product name: quantities from Postgres, names from Solr."""

import pytest

from shop.models import Line, Order


@pytest.fixture
def sold(order_repo):
    order_repo.add(Order("ada", [Line("MUG", 2, 790), Line("POT", 1, 2490)]))
    order_repo.add(Order("bob", [Line("MUG", 1, 790)]))
    return order_repo.connection


QUERY = "SELECT sku, sum(quantity) AS n FROM order_lines GROUP BY sku ORDER BY sku"


def test_quantities(sold):  #: needs postgres
    assert {row["sku"]: row["n"] for row in sold.fetch_all(QUERY)} == {"MUG": 3, "POT": 1}


def test_with_names(sold, solr):  #: needs postgres, solr
    solr.add({"id": "MUG", "name": "Blue mug"}, {"id": "POT", "name": "Teapot"})
    names = {doc["id"]: doc["name"] for doc in solr.select()}
    report = {names[row["sku"]]: row["n"] for row in sold.fetch_all(QUERY)}
    assert report == {"Blue mug": 3, "Teapot": 1}


def test_no_sales(db):  #: needs postgres
    assert db.fetch_all(QUERY) == []
