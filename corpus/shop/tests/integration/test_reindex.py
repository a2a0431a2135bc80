"""Moving storefronts from Elasticsearch to OpenSearch."""

import pytest

from shop.services.reindex import copy_index, difference, read_all
from tests.fakes import StubSearch

DOCUMENTS = {"MUG": {"name": "Blue mug", "price": 790}, "POT": {"name": "Teapot", "price": 2490}}


@pytest.fixture
def source(es_client, es_index):
    es_client.bulk(es_index, DOCUMENTS)
    return es_index


def test_read_all(es_client, source):  #: needs elasticsearch
    assert read_all(es_client, source) == DOCUMENTS


def test_read_in_batches(es_client, source):  #: needs elasticsearch
    assert list(read_all(es_client, source, batch=1)) == ["MUG"]


def test_write(os_client, os_index):  #: needs opensearch
    assert copy_index(StubSearch(DOCUMENTS), os_client, os_index) == 2
    assert read_all(os_client, os_index) == DOCUMENTS


def test_write_again(os_client, os_index):  #: needs opensearch
    for _ in range(2):
        copy_index(StubSearch(DOCUMENTS), os_client, os_index)
    assert os_client.count(os_index) == 2


def test_from_one_to_the_other(es_client, source, os_client, os_index):  #: needs elasticsearch, opensearch
    copy_index(es_client, os_client, source, rename=os_index)
    assert difference(read_all(es_client, source), read_all(os_client, os_index)) == []


def test_difference():
    assert difference(DOCUMENTS, {"MUG": DOCUMENTS["MUG"]}) == ["POT"]
