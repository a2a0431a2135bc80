import pytest
from elasticsearch import Elasticsearch


@pytest.fixture
def search():
    client = Elasticsearch("http://localhost:9200")
    if not client.ping():
        pytest.skip("no Elasticsearch")
    return client


def test_count(search):  #: LW404
    search.count(index="things")


def test_words(search):
    search.search(index="things")
