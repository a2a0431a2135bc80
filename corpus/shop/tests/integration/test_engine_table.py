"""Rows of the table `engines`.

The storefronts are spread over Elasticsearch, OpenSearch and Solr; here they are only words in
columns, with a stub for a host.
"""

import pytest

from shop.errors import Invalid
from shop.models import EngineConfig

ROWS = [
    dict(storefront="de", engine_type="elasticsearch", host="stub", port=9200),  #: mentions elasticsearch
    dict(storefront="at", engine_type="elasticsearch", host="stub", port=9200),
    dict(storefront="fr", engine_type="opensearch", host="fake", port=9201),  #: mentions opensearch
    dict(storefront="nl", engine_type="solr", host="solr.test", port=8983),  #: mentions solr
]


@pytest.fixture
def filled(engine_table):
    for row in ROWS:
        engine_table.add(EngineConfig(**row))
    return engine_table


def test_get(filled):  #: needs postgres
    assert filled.get("fr").to_row() == ROWS[2]


@pytest.mark.parametrize("engine, storefronts", [
    ("elasticsearch", ["at", "de"]),
    ("opensearch", ["fr"]),
    ("solr", ["nl"]),
])
def test_by_type(filled, engine, storefronts):  #: needs postgres
    assert [row["storefront"] for row in filled.by_type(engine)] == storefronts


def test_sql(filled, db):  #: needs postgres
    moved = db.execute("UPDATE engines SET engine_type = 'opensearch' WHERE engine_type = 'elasticsearch'")
    assert moved == 2


def test_invalid_rows_are_not_stored(engine_table, db):  #: needs postgres
    with pytest.raises(Invalid, match="elasticsearch, opensearch, solr"):
        engine_table.add(EngineConfig("xx", "lucene", "stub"))
    assert db.fetch_value("SELECT count(*) FROM engines") == 0
