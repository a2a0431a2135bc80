"""The same stories for each engine; they are told in `tests.parity`."""

import pytest

from shop.adapters.elastic import ElasticClient
from shop.adapters.opensearch import OpenSearchClient
from shop.adapters.solr import SolrClient
from tests.markers import opensearch_only, solr_only
from tests.parity import Parity

DOCUMENTS = {"1": {"name": "blue mug"}, "2": {"name": "green mug"}, "3": {"name": "blue pot"}}


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
