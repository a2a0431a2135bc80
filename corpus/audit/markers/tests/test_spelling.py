import pytest


@pytest.mark.slwo  #: LW104
def test_typing():
    assert True


@pytest.mark.slwo
def test_typing_again():
    """Told once a name."""


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.timeout(10)
@pytest.mark.parametrize("n", [1, 2])
def test_registered(n):
    assert n
