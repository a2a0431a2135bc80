import os

import pytest

needs_cache = pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="no cache")


@pytest.mark.skipif("POSTGRES_TEST_DSN" not in os.environ, reason="no database")  #: LW202
def test_by_membership():
    assert True


@pytest.mark.skipif(not os.environ.get("POSTGRES_DSN_FOR_TESTS"), reason="no database")  #: LW202
def test_rows():
    assert True


@needs_cache
def test_keys():
    assert True
