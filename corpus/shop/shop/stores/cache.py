"""The store of busy shops: a cache before the table."""

from shop.adapters import postgres
from shop.adapters.redis import RedisClient
from shop.settings import settings


def ping():
    client = RedisClient.from_url(settings.redis_url)
    try:
        return client.ping() and postgres.ping()
    finally:
        client.close()
