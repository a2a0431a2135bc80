def test_one(cache):  #: LW101
    cache.get("one")


def test_two(cache):
    cache.get("two")
