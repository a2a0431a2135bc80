import unittest

from shop.money import Money


class Counts(unittest.TestCase):
    def test_sum(self):  #: needs redis
        self.assertEqual(Money(100) + Money(50), Money(150))


def test_plain():  #: needs redis
    assert Money(100) != Money(50)
