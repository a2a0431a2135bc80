"""What ends up in an address: slugs, pages, cursors."""

import unittest

import pytest

from shop.pagination import decode_cursor, encode_cursor, paginate
from shop.slugs import slugify, unique


class PaginateCase(unittest.TestCase):
    def setUp(self):
        self.items = list(range(45))

    def test_first_page(self):
        page = paginate(self.items)
        self.assertEqual(page.items, list(range(20)))
        self.assertTrue(page.has_next)

    def test_last_page(self):
        page = paginate(self.items, number=3)
        self.assertEqual(page.items, [40, 41, 42, 43, 44])
        self.assertFalse(page.has_next)

    def test_beyond_the_end(self):
        self.assertEqual(paginate(self.items, number=9).items, [])

    def test_zero(self):
        with self.assertRaises(ValueError):
            paginate(self.items, number=0)


class CursorCase(unittest.TestCase):
    def test_round_trip(self):
        self.assertEqual(decode_cursor(encode_cursor(id=7, sort="name")), {"id": 7, "sort": "name"})

    def test_rubbish(self):
        with self.assertRaisesRegex(ValueError, "bad cursor"):
            decode_cursor("!!")


CASES = {
    "Blue Teapot": "blue-teapot",
    "  Crème brûlée!  ": "creme-brulee",
    "Größe & Maß": "grosse-and-mass",
    "100 % wool": "100-wool",
    "---": "",
}


@pytest.mark.parametrize("name", list(CASES))
def test_slugify(name):
    assert slugify(name) == CASES[name]


def test_cuts_without_a_trailing_dash():
    assert slugify("one two three", max_length=8) == "one-two"


def test_unique_counts_up():
    assert unique("mug", {"pot"}) == "mug"
    assert unique("mug", {"mug", "mug-2"}) == "mug-3"
