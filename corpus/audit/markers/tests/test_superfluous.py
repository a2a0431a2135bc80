import pytest


@pytest.mark.requires_redis  #: LW102
def test_sum():
    assert 1 + 1 == 2


@pytest.mark.requires_redis
def test_set(cache):
    cache.set("a", 1)


@pytest.mark.requires_redis
class TestMixed:
    """One of its tests uses the service, so the marker has a reason."""

    def test_uses(self, cache):
        cache.get("a")

    def test_does_not(self):
        assert True


@pytest.mark.requires_redis
def test_computed(request):
    """Nobody can tell what is loaded: no reproach."""
    request.getfixturevalue("ca" + "che_of".split("_")[0])
