"""Spelling corrections come from OpenSearch."""

import pytest

from shop.adapters.opensearch import OpenSearchClient


@pytest.fixture
def words():
    client = OpenSearchClient()
    if not client.ping():
        pytest.skip("OpenSearch is away")
    for key, word in enumerate(["teapot", "teacup", "mug"]):
        client.index("spelling", key, {"name": word})
    return client


@pytest.mark.requires_opensearch
def test_prefix(words):  #: requires opensearch
    assert words.suggest("spelling", "tea") == ["teacup", "teapot"]


@pytest.mark.requires_postgres
def test_no_prefix(words):  #: requires postgres; needs opensearch
    # Marked for the wrong neighbour.
    assert words.suggest("spelling", "pan") == []
