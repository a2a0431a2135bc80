"""Search, whoever answers it."""

from shop.errors import Invalid, SearchError
from shop.settings import settings


class SearchService:
    def __init__(self, client, index="products", fallback=None):
        self.client = client
        self.index = index
        self.fallback = fallback

    def find(self, text, size=10):
        text = text.strip()
        if not text:
            raise Invalid("q", "say what to look for")
        try:
            return self.client.search(self.index, {"match": {"name": text}}, size)
        except SearchError:
            if self.fallback is None:
                raise
            return self.fallback.find(text, size)

    def cheaper_than(self, cents):
        return self.client.search(self.index, {"range": {"price": {"lt": cents}}})


class TableSearch:
    """The fallback: a slow LIKE over the product table."""

    def __init__(self, connection):
        self.connection = connection

    def find(self, text, size=10):
        return self.connection.fetch_all(
            "SELECT sku AS id, name, price FROM products WHERE name ILIKE %s ORDER BY sku LIMIT %s",
            (f"%{text}%", size),
        )


def make_client(engine=None):
    """The client of the engine that the settings name."""
    engine = engine or settings.search_engine
    if engine == "elasticsearch":
        from shop.adapters.elastic import ElasticClient

        return ElasticClient()
    if engine == "opensearch":
        from shop.adapters.opensearch import OpenSearchClient

        return OpenSearchClient()
    if engine == "solr":
        from shop.adapters.solr import SolrClient

        return SolrClient()
    raise Invalid("engine", f"unknown engine {engine}")
