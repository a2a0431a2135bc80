import io
import urllib.error

import pytest

from shop.adapters import opensearch
from shop.errors import SearchError


class Answer(io.BytesIO):
    status = 200


@pytest.fixture
def sent(monkeypatch):
    """Requests that would have gone to OpenSearch."""
    requests = []

    def urlopen(request, timeout):
        requests.append(request)
        return Answer(b'{"status": "green", "hits": {"hits": []}, "count": 4}')

    monkeypatch.setattr(opensearch.urllib.request, "urlopen", urlopen)
    return requests


def test_ping(sent):  #: mocked opensearch
    assert opensearch.OpenSearchClient().ping()
    assert sent[0].full_url.endswith("/_cluster/health")


def test_count(sent):  #: mocked opensearch
    assert opensearch.OpenSearchClient("http://opensearch:9200").count("products") == 4
    assert sent[0].get_method() == "POST"


def test_search_sends_a_size(sent):  #: mocked opensearch
    assert opensearch.OpenSearchClient().search("products", size=3) == []
    assert b'"size": 3' in sent[0].data


def test_refusal(monkeypatch):
    def urlopen(request, timeout):
        raise urllib.error.HTTPError(request.full_url, 404, "gone", {}, io.BytesIO())

    monkeypatch.setattr("urllib.request.urlopen", urlopen)  #: mocked opensearch
    with pytest.raises(SearchError, match="opensearch failed: /products/_count answered 404"):
        opensearch.OpenSearchClient().count("products")
