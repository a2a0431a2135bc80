"""Marks that skip a test while its engine is away."""

import urllib.request

import pytest

from shop import net
from shop.settings import host_and_port, settings


def answers(url):
    """Does a GET of `url` succeed?"""
    try:
        with urllib.request.urlopen(url, timeout=0.5) as response:
            return response.status == 200
    except OSError:
        return False


def needs_port(port):
    return pytest.mark.skipif(not net.reachable("localhost", port), reason=f"nothing listens on {port}")


needs_elastic = pytest.mark.skipif(
    not answers(f"{settings.elasticsearch_url}/_cluster/health"),
    reason="Elasticsearch is not running",
)
needs_opensearch = pytest.mark.skipif(
    not net.reachable(*host_and_port(settings.opensearch_url)),
    reason="OpenSearch is not running",
)
needs_solr = pytest.mark.skipif(
    not answers(f"{settings.solr_url}/admin/ping"),
    reason="Solr is not running",
)
