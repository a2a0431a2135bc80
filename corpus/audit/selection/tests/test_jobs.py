import pytest


@pytest.mark.database
def test_rows():
    assert True


@pytest.mark.database
@pytest.mark.slow
def test_many_rows():  #: LW105
    assert True


@pytest.mark.cache
def test_keys():
    assert True


@pytest.mark.database
@pytest.mark.cache
def test_rows_by_keys():  #: LW105
    """Two lanes take it, and neither has what the other starts."""


def test_sum():
    assert True


@pytest.mark.slow
def test_pi():  #: LW105
    assert True
