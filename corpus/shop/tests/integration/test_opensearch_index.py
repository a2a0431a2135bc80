import pytest

from shop.adapters.opensearch import OpenSearchClient
from shop.errors import SearchError

INDEX = "shop-os-test"


def opensearch_is_up():
    return OpenSearchClient().ping()


@pytest.mark.skipif(not opensearch_is_up(), reason="OpenSearch does not answer")
class TestIndex:  #: requires opensearch
    @pytest.fixture
    def client(self):
        client = OpenSearchClient()
        try:
            client.delete_index(INDEX)
        except SearchError:
            pass
        client.create_index(INDEX)
        return client

    def test_distribution(self, client):
        assert client.info()["version"]["distribution"] == "opensearch"

    def test_document(self, client):
        client.index(INDEX, "1", {"name": "Mug"})
        assert client.get(INDEX, "1") == {"name": "Mug"}

    def test_count(self, client):
        for key in "abc":
            client.index(INDEX, key, {"name": key})
        assert client.count(INDEX) == 3

    def test_not_twice(self, client):
        with pytest.raises(SearchError):
            client.create_index(INDEX)


def test_urls_lose_their_slash():
    assert OpenSearchClient("http://opensearch.test/").url == "http://opensearch.test"  #: mentions opensearch
