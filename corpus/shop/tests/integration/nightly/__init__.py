"""Tests that unittest's loader ran for years; its hook still decides whether they are run."""

import unittest

from shop.adapters.redis import RedisClient
from shop.settings import settings


def load_tests(loader, tests, pattern):
    try:
        RedisClient.from_url(settings.redis_url).close()
    except OSError as error:
        raise unittest.SkipTest(f"no Redis tonight: {error}")
    return tests
