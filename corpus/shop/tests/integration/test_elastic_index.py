"""Making, filling and dropping indices.  The gate asks the cluster itself."""

import urllib.request

import pytest

from shop.adapters.elastic import ElasticClient
from shop.errors import SearchError
from shop.settings import settings


def _cluster_is_up():
    try:
        with urllib.request.urlopen(f"{settings.elasticsearch_url}/_cluster/health", timeout=0.5):
            return True
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not _cluster_is_up(), reason="no Elasticsearch")  #: requires elasticsearch

INDEX = "shop-index-test"


@pytest.fixture
def elastic():
    client = ElasticClient()
    if INDEX in client.index_names():
        client.delete_index(INDEX)
    client.create_index(INDEX)
    yield client
    if INDEX in client.index_names():
        client.delete_index(INDEX)


def test_version(elastic):
    assert elastic.info()["version"]["number"].startswith("9.")


def test_created(elastic):
    assert INDEX in elastic.index_names()


def test_not_twice(elastic):
    with pytest.raises(SearchError, match="400"):
        elastic.create_index(INDEX)


def test_dropped(elastic):
    elastic.delete_index(INDEX)
    assert INDEX not in elastic.index_names()


def test_document(elastic):
    assert elastic.index(INDEX, "1", {"name": "Mug"}) == "created"
    assert elastic.get(INDEX, "1") == {"name": "Mug"}


def test_missing_document(elastic):
    with pytest.raises(SearchError, match="404"):
        elastic.get(INDEX, "1")


def test_index_names_are_lower_case():
    assert INDEX == INDEX.lower()
