"""Integration tests talk to the real neighbours, one after the other: they share tables."""

import pytest

from shop.adapters.solr import SolrClient
from shop.errors import SearchError
from tests.fixtures.search import es_client, es_index, os_client, os_index  # noqa: F401


@pytest.fixture(name="solr")
def solr_products():
    """The Solr core `products`, emptied; skips while Solr is away."""
    client = SolrClient(core="products")
    try:
        client.clear()
    except SearchError as error:
        pytest.skip(f"no Solr here: {error}")
    yield client
    client.close()


@pytest.fixture
def memory_store():
    return {}
