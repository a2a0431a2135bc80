"""What the lifespan opens, it closes; and without it the application is a plain object."""

import asyncio
import contextlib

import pytest

from shop import app as shop_app
from shop.testing import TestClient
from tests.fakes import FakeRedis


@contextlib.asynccontextmanager
async def nothing(app):
    app.state.cache = FakeRedis()
    yield


def test_opens_and_closes():  #: needs postgres, redis
    async def boot():
        app = shop_app.create_app()
        async with app.lifespan():
            assert app.state.db.fetch_value("SELECT 1") == 1
            assert app.state.cache.ping()
        return app

    app = asyncio.run(boot())
    with pytest.raises(OSError):
        app.state.db.fetch_value("SELECT 1")


def test_migrates(app):  #: needs postgres, redis
    with TestClient(app):
        assert app.state.db.fetch_value("SELECT count(*) FROM schema_steps") >= 6


def test_another_lifespan():
    with TestClient(shop_app.create_app(lifespan=nothing)) as client:
        _, body = client.post("/login", {"user": "ada"})
        assert client.get("/me", token=body["token"])[0] == 200


def test_refused(monkeypatch):
    """A Postgres that is away stops the boot; it is away because the test says so."""
    def connect(dsn):
        raise ConnectionRefusedError(dsn)

    monkeypatch.setattr(shop_app.postgres, "connect", connect)  #: mocked postgres
    with pytest.raises(ConnectionRefusedError, match="/shop"):
        with TestClient(shop_app.create_app()):
            pass
