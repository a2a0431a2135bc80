"""The same three stories for each engine."""

import pytest

from shop.adapters.elastic import ElasticClient
from shop.adapters.opensearch import OpenSearchClient
from shop.adapters.solr import SolrClient
from tests.markers import opensearch_only, solr_only

DOCUMENTS = {"1": {"name": "blue mug"}, "2": {"name": "green mug"}, "3": {"name": "blue pot"}}


class Parity:
    """Subclasses give the fixture `find`."""

    def test_one_word(self, find):
        assert find("blue") == ["1", "3"]

    def test_the_other_word(self, find):
        assert find("mug") == ["1", "2"]

    def test_no_hit(self, find):
        assert find("pan") == []


class TestElastic(Parity):  #: needs elasticsearch
    @pytest.fixture
    def find(self):
        client = ElasticClient()
        client.bulk("parity", DOCUMENTS)
        return lambda word: [hit["id"] for hit in client.search("parity", {"match": {"name": word}})]


@opensearch_only
class TestOpenSearch(Parity):  #: needs opensearch
    @pytest.fixture
    def find(self):
        client = OpenSearchClient()
        for key, document in DOCUMENTS.items():
            client.index("parity", key, document)
        return lambda word: [hit["id"] for hit in client.search("parity", {"match": {"name": word}})]


@solr_only
class TestSolr(Parity):  #: needs solr
    @pytest.fixture
    def find(self):
        client = SolrClient(core="parity")
        client.add(*[dict(document, id=key) for key, document in DOCUMENTS.items()])
        yield lambda word: [doc["id"] for doc in client.select(f"name:{word}")]
        client.close()
