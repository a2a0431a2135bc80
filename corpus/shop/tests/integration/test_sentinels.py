"""One test an engine that is never skipped.

Most tests of an engine step aside while it is away.  These fail instead, so that a build without
its engines is not green.
"""

import pytest

from shop.net import reachable
from shop.settings import host_and_port, settings


def test_elasticsearch_is_there():  #: needs elasticsearch
    assert reachable(*host_and_port(settings.elasticsearch_url)), "start Elasticsearch"


def test_opensearch_is_there():  #: requires opensearch
    if not reachable(*host_and_port(settings.opensearch_url)):
        pytest.fail("start OpenSearch")


def test_solr_is_there():  #: needs solr
    assert reachable("localhost", 8983), "start Solr"
