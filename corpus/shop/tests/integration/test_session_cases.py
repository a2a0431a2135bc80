"""Sessions, in the style of the team that wrote them first."""

import unittest

from shop import net
from shop.adapters.redis import RedisClient


@unittest.skipUnless(net.reachable("localhost", 6379), "no cache")
class NamingCase(unittest.TestCase):  #: requires redis
    def test_prefix(self):
        self.assertTrue("session:1".startswith("session:"))


class StoringCase(unittest.TestCase):
    def setUp(self):
        self.client = RedisClient("localhost", 6379)  #: requires redis

    def tearDown(self):
        self.client.close()

    def test_ping(self):  #: requires redis
        self.assertTrue(self.client.ping())
