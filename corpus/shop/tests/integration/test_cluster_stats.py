"""What the dashboard reads, by hand and without the adapter."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from shop.settings import settings


@pytest.fixture
def connection():
    parts = urlsplit(settings.elasticsearch_url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=2)
    yield connection
    connection.close()


def get(connection, path):
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, json.load(response)


@pytest.mark.requires_elasticsearch  #: requires elasticsearch
def test_health(connection):
    status, body = get(connection, "/_cluster/health")
    assert (status, body["status"]) == (200, "green")


@pytest.mark.requires_elasticsearch
def test_indices(connection):  #: requires elasticsearch
    assert get(connection, "/_cat/indices?format=json")[0] == 200


def test_unknown_index(connection):  #: needs elasticsearch
    # Nobody has marked this one.
    status, body = get(connection, "/no-such-index/_doc/1")
    assert (status, body["error"]["type"]) == (404, "index_not_found_exception")
