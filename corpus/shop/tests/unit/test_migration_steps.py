"""The list of steps, read as text."""

import re

from shop import migrations

LEGACY_URL = "postgresql://legacy@db.example.com:5432/shop"  #: mentions postgres


class FakeConnection:
    def __init__(self, done=()):
        self.done = list(done)
        self.statements = []

    def execute(self, sql, params=()):
        self.statements.append(sql)

    def fetch_all(self, sql, params=()):
        return [{"name": name} for name in self.done]


def test_names_count_up():
    names = [name for name, _ in migrations.STEPS]
    assert names == [f"{number:04}" for number in range(1, len(names) + 1)]


def test_every_table_is_truncated():
    made = {re.search(r"EXISTS (\w+)", sql).group(1) for _, sql in migrations.STEPS}
    assert made == set(migrations.TABLES)


def test_only_missing_steps_run():
    connection = FakeConnection(done=["0001", "0002", "0003"])
    assert migrations.apply(connection) == ["0004", "0005", "0006"]
    assert sum("CREATE TABLE IF NOT EXISTS engines" in sql for sql in connection.statements) == 1


def test_the_old_address_has_no_password():
    assert ":" not in LEGACY_URL.partition("//")[2].partition("@")[0]
