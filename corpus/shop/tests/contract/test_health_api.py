from shop.app import create_app
from shop.testing import TestClient

HEALTHY = {
    "postgres": True,
    "redis": True,
    "engines": ["elasticsearch", "opensearch", "solr"],  #: mentions elasticsearch, opensearch, solr
}


def test_healthy(client):  #: needs postgres, redis
    assert client.get("/health") == (200, HEALTHY)


def test_healthy_after_a_restart(app):  #: needs postgres, redis
    for _ in range(2):
        with TestClient(app) as client:
            assert client.get("/health")[0] == 200


def test_two_applications_side_by_side():  #: needs postgres, redis
    with TestClient(create_app()) as one, TestClient(create_app()) as two:
        assert one.get("/health") == two.get("/health")
