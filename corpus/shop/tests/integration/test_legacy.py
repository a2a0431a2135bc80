"""From the days before fixtures."""

import unittest

from shop import migrations
from shop.adapters import postgres
from shop.adapters.redis import RedisClient
from shop.money import Money
from shop.models import Product
from shop.services.catalog import Catalog
from shop.settings import settings


class CatalogCase(unittest.TestCase):  #: needs postgres
    @classmethod
    def setUpClass(cls):
        cls.connection = postgres.connect("postgresql://shop@localhost:5432/shop")
        migrations.apply(cls.connection)
        migrations.truncate(cls.connection)
        cls.catalog = Catalog(cls.connection)

    @classmethod
    def tearDownClass(cls):
        cls.connection.close()

    def test_add(self):
        self.catalog.add(Product("OLD", "Old mug", 100))
        self.assertEqual(self.catalog.get("OLD").price, 100)

    def test_count(self):
        self.assertGreaterEqual(self.catalog.count(), 0)


class QueueCase(unittest.TestCase):  #: needs redis
    def setUp(self):
        self.client = RedisClient.from_url(settings.redis_url)
        self.client.delete("legacy")

    def tearDown(self):
        self.client.close()

    def test_last_in_last_out(self):
        self.client.lpush("legacy", "a", "b")
        self.assertEqual(self.client.rpop("legacy"), "a")

    def test_empty(self):
        self.assertIsNone(self.client.rpop("legacy"))


class TestCounter:  #: needs redis
    def setup_method(self):
        self.client = RedisClient("localhost", 6379)
        self.client.delete("counter")

    def teardown_method(self):
        self.client.close()

    def test_from_nothing(self):
        assert self.client.incr("counter") == 1

    def test_twice(self):
        self.client.incr("counter")
        assert self.client.incr("counter") == 2


class MoneyCase(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(Money(1) + Money(2), Money(3))
