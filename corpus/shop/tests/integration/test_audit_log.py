"""The imported fixture is autouse: it writes a row for each test, asked or not."""

from tests.fixtures.audit import *  # noqa: F403


def test_written(db):  #: needs postgres
    assert db.fetch_value("SELECT what FROM audit_log") == "test_written"


def test_one_row_a_test(audit_trail):  #: needs postgres
    assert len(audit_trail.fetch_all("SELECT what FROM audit_log")) == 1


def test_not_asking_for_it():  #: needs postgres
    assert "audit_trail" in globals()
