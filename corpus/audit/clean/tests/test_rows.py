import pytest

pytestmark = pytest.mark.requires_postgres


def test_insert(db):
    db.execute("insert")


class TestSelect:
    @pytest.mark.slow
    def test_all(self, db):
        db.execute("select")

    @pytest.mark.requires_redis
    def test_cached(self, db, cache):
        cache.set("n", db.execute("select 1"))
