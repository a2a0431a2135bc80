"""Reading from Solr, over the connection the reports use."""

import pytest

from shop.adapters.solr import SolrClient
from shop.settings import settings
from tests.gates import answers

if not answers(f"{settings.solr_url}/admin/ping"):  #: requires solr
    pytest.skip("Solr is not running", allow_module_level=True)


@pytest.fixture
def books():
    client = SolrClient(core="books")
    client.clear()
    client.add(
        {"id": "1", "title": "Tea and its time", "year": 1998},
        {"id": "2", "title": "The mug", "year": 2020},
    )
    yield client
    client.close()


def test_all(books):
    assert books.count() == 2


def test_field(books):
    assert [doc["id"] for doc in books.select("title:mug")] == ["2"]


def test_rows(books):
    assert len(books.select(rows=1)) == 1


def test_core_is_listed(books):
    assert "books" in books.cores()
