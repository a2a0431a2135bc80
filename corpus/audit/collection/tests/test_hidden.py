import sys

import pytest


def test_total():  #: LW601
    assert 1 + 1 == 2


def test_other():
    assert True


def test_total():
    assert 1 + 2 == 3


class TestShop:
    def test_open(self):  #: LW601
        assert True

    def test_open(self):
        assert True


class TestDoor:
    def test_open(self):
        """The same name elsewhere hides nothing."""


if sys.platform == "win32":

    def test_path():
        assert True

else:

    def test_path():
        assert True


def test_wrapped():
    assert True


test_wrapped = pytest.mark.skipif(False, reason="")(test_wrapped)
