"""The engine as a word: in rows, in hosts, in errors."""

import pytest

from shop import errors
from shop.adapters.opensearch import OpenSearchClient
from shop.errors import Invalid
from shop.models import ENGINES, EngineConfig
from shop.services import search


@pytest.mark.parametrize("engine", ["elasticsearch", "opensearch", "solr"])  #: mentions elasticsearch, opensearch, solr
def test_known_engines(engine):
    assert engine in ENGINES
    assert EngineConfig("de", engine, "stub").validate().engine_type == engine


@pytest.mark.parametrize(
    "engine, host",
    [
        pytest.param("elasticsearch", "es.example.org", id="elasticsearch-9200"),  #: mentions elasticsearch
        pytest.param("solr", "http://solr.test:8983/solr", id="solr-8983"),
    ],
)
def test_hosts_are_kept_as_they_are(engine, host):  #: mentions solr
    assert EngineConfig("at", engine, host).to_row()["host"] == host


def test_a_client_is_a_plain_object_until_it_is_used():
    """Making a client dials nobody; its first request does."""
    client = OpenSearchClient("http://stub:9201/")  #: mentions opensearch
    assert client.url == "http://stub:9201"


def test_nobody_knows_sphinx():
    with pytest.raises(Invalid, match="unknown engine sphinx"):
        search.make_client("sphinx")


@pytest.mark.parametrize("error, status", [
    (errors.NotFound("x"), 404),
    (errors.Invalid("sku", "missing"), 422),
    (errors.OutOfStock("MUG", 3, 1), 409),
    (errors.SearchError("solr", "gone"), 503),  #: mentions solr
])
def test_status(error, status):
    assert error.status == status


def test_out_of_stock_says_how_many():
    with pytest.raises(errors.OutOfStock, match="MUG: 3 wanted, 1 left"):
        raise errors.OutOfStock("MUG", 3, 1)


def test_search_errors_name_the_engine():
    with pytest.raises(errors.SearchError, match="elasticsearch failed: http://localhost:9200"):  #: mentions elasticsearch
        raise errors.SearchError("elasticsearch", "http://localhost:9200 is closed")
