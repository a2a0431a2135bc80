import unittest
from unittest import mock

from shop import net, retry
from shop.adapters.redis import RedisClient


class RetryCase(unittest.TestCase):
    def test_first_time_lucky(self):
        self.assertEqual(retry.retry(lambda: 7), 7)

    def test_third_time_lucky(self):
        action = mock.Mock(side_effect=[OSError, OSError, "done"])
        self.assertEqual(retry.retry(action), "done")
        self.assertEqual(action.call_count, 3)

    def test_gives_up(self):
        with self.assertRaises(OSError):
            retry.retry(mock.Mock(side_effect=OSError), attempts=2)

    @mock.patch.object(net, "dial", side_effect=ConnectionRefusedError)  #: mocked redis
    def test_redis_away(self, dial):
        with self.assertRaises(ConnectionRefusedError):
            retry.retry(lambda: RedisClient("localhost", 6379), attempts=4)
        self.assertEqual(dial.call_count, 4)
