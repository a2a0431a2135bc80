import socket

import pytest


def answers(host, port):
    try:
        socket.create_connection((host, port), timeout=0.5).close()
    except OSError:
        return False
    return True


@pytest.fixture
def postgres():
    if not answers("localhost", 5432):
        pytest.skip("no Postgres")


@pytest.fixture
def redis_somewhere_else():
    if not answers("localhost", 6379):  #: LW201
        pytest.skip("no Redis")


@pytest.fixture
def redis_where_it_is():
    if not answers("localhost", 16379):
        pytest.skip("no Redis")


@pytest.fixture
def elasticsearch_by_name():
    if not answers("elasticsearch", 9200):  #: LW201
        pytest.skip("no Elasticsearch")
