import psycopg
import pytest
import redis


@pytest.fixture
def db():
    with psycopg.connect("postgresql://localhost:5432/app") as connection:
        yield connection


@pytest.fixture
def cache():
    return redis.Redis.from_url("redis://localhost:6379/0")


@pytest.fixture
def cache_or_skip():
    client = redis.Redis(host="localhost", port=6379)
    try:
        client.ping()
    except redis.ConnectionError:
        pytest.skip("no Redis")
    return client
