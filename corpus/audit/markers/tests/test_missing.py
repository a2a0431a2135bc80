import pytest


def test_insert(db):  #: LW101
    db.execute("insert")


@pytest.mark.requires_postgres
def test_select(db):
    db.execute("select")


@pytest.mark.requires_postgres
class TestBoth:
    def test_keep(self, db, cache):  #: LW101
        cache.set("n", db.execute("select 1"))

    @pytest.mark.requires_redis
    def test_drop(self, db, cache):
        cache.delete(db.execute("select 1"))


def test_sum():
    assert 1 + 1 == 2


@pytest.mark.skip(reason="never runs, so it needs nothing")
def test_later(db):
    db.execute("select")
