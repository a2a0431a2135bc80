"""Where the shop finds its neighbours.

Every value has a default that suits a laptop with `docker compose up`.
"""

import os
from urllib.parse import urlsplit


class Settings:
    env = os.environ.get("SHOP_ENV", "dev")
    pg_dsn = os.environ.get("SHOP_PG_DSN", "postgresql://shop@localhost:5432/shop")
    redis_url = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
    elasticsearch_url = os.environ.get("ELASTICSEARCH_URL", "http://localhost:9200")
    opensearch_url = os.environ.get("OPENSEARCH_URL", "http://localhost:9201")
    solr_url = os.environ.get("SOLR_URL", "http://localhost:8983/solr")
    search_engine = os.environ.get("SHOP_SEARCH_ENGINE", "elasticsearch")
    page_size = int(os.environ.get("SHOP_PAGE_SIZE", "20"))

    def __init__(self, **overrides):
        for name, value in overrides.items():
            if not hasattr(type(self), name):
                raise AttributeError(f"no setting called {name!r}")
            setattr(self, name, value)


def host_and_port(url, default_port=None):
    """`("localhost", 5432)` of `postgresql://shop@localhost:5432/shop`."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError(f"no host in {url!r}")
    return parts.hostname, parts.port or default_port


settings = Settings()
