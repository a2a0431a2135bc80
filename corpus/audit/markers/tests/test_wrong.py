import pytest


@pytest.mark.requires_redis  #: LW103
def test_insert(db):
    db.execute("insert")


@pytest.mark.requires_postgres
def test_select(db):
    db.execute("select")
