"""The client itself: here its module is what is tested, so its import means nothing."""

import json
from unittest import mock

import pytest

from shop.adapters.elastic import ElasticClient
from shop.errors import HttpError, SearchError


@mock.patch("shop.adapters.elastic.http_json")  #: mocked elasticsearch
def test_health(http_json):
    http_json.return_value = {"status": "yellow"}
    assert ElasticClient("http://elasticsearch:9200").health() == "yellow"
    http_json.assert_called_once_with("GET", "http://elasticsearch:9200/_cluster/health", None, timeout=5.0)


def test_bulk_is_lines_of_json():
    with mock.patch("shop.adapters.elastic.http_json") as http_json:  #: mocked elasticsearch
        http_json.return_value = {"errors": False, "items": [{}, {}]}
        assert ElasticClient().bulk("products", {"1": {"name": "Mug"}, "2": {"name": "Pot"}}) == 2
    body = http_json.call_args[0][2]
    lines = [json.loads(line) for line in body.decode().splitlines()]
    assert lines[0] == {"index": {"_index": "products", "_id": "1"}}
    assert lines[3] == {"name": "Pot"}


@pytest.mark.parametrize("error", [ConnectionRefusedError(), HttpError(503, "http://es", "busy")])
def test_trouble_is_a_search_error(error, monkeypatch):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("shop.adapters.elastic.http_json", fail)  #: mocked elasticsearch
    with pytest.raises(SearchError, match="elasticsearch failed"):
        ElasticClient().count("products")


def test_trailing_slash():
    assert ElasticClient("http://es.example.com:9200/").url == "http://es.example.com:9200"  #: mentions elasticsearch
