from unittest.mock import MagicMock

import pytest

from shop.adapters.rawhttp import RawHttp
from shop.adapters.solr import SolrClient, escape, select_path
from shop.errors import SearchError

PARTNER = "http://solr.example.com:8983/solr"  #: mentions solr


@pytest.fixture
def http():
    return MagicMock(spec=RawHttp)


@pytest.fixture
def client(http):
    client = SolrClient(PARTNER, core="partner")
    client.http = http
    return client


def test_select_path():
    assert select_path("books", "name:tea", 5) == "/solr/books/select?q=name%3Atea&rows=5&wt=json"


@pytest.mark.parametrize("text, safe", [("a:b", "a\\:b"), ("1+1", "1\\+1"), ("tea", "tea")])
def test_escape(text, safe):
    assert escape(text) == safe


def test_select(client, http):  #: mocked solr
    http.send.return_value = (200, {"response": {"numFound": 1, "docs": [{"id": "1"}]}})
    assert client.select("name:mug") == [{"id": "1"}]
    assert http.send.call_args[0][1].startswith("/solr/partner/select?")


def test_refusal(client, http):  #: mocked solr
    http.send.return_value = (500, None)
    with pytest.raises(SearchError, match="solr failed"):
        client.count()


def test_nobody_there(client, http):  #: mocked solr
    http.send.side_effect = ConnectionRefusedError
    with pytest.raises(SearchError, match="no answer from http://solr.example.com:8983"):
        client.ping()
