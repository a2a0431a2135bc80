import pytest


@pytest.mark.requires_redis
def test_keep(cache_or_skip):
    cache_or_skip.set("a", 1)


@pytest.mark.parametrize("name", ["redis", "postgres"])
def test_names(name):
    assert name.islower()
