import pytest

from .conftest import answers

pytestmark = pytest.mark.skipif(not answers("localhost", 5432), reason="no Postgres")  #: LW204


def test_rows():
    assert True
