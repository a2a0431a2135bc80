"""Contract tests boot the whole application, lifespan included, and speak to its API."""

import pytest

from shop import migrations
from shop.app import create_app
from shop.testing import TestClient


@pytest.fixture
def app():
    return create_app()


@pytest.fixture
def client(app):
    with TestClient(app) as client:
        migrations.truncate(app.state.db)
        app.state.cache.flushdb()
        yield client


@pytest.fixture
def headers(client):
    """The headers of somebody who has logged in."""
    status, body = client.post("/login", {"user": "ada"})
    assert status == 201
    return {"token": body["token"]}
