def test_insert(db):
    db.execute("insert")


def test_keep(cache):  #: LW401
    cache.set("a", 1)


def test_sum():
    assert True
