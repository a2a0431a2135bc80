import os
import subprocess
import sys

import pytest

from shop import migrations
from shop.settings import settings


@pytest.fixture
def empty_schema(pg):
    """No table at all; they are back afterwards."""
    for table in (*migrations.TABLES, "schema_steps"):
        pg.execute(f"DROP TABLE IF EXISTS {table}")
    yield pg
    migrations.apply(pg)


def run_migrations():
    return subprocess.run(
        [sys.executable, "-m", "shop.migrations"],
        env=dict(os.environ, SHOP_PG_DSN=settings.pg_dsn),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout.split()


def test_from_nothing(empty_schema):  #: needs postgres
    assert migrations.apply(empty_schema) == [name for name, _ in migrations.STEPS]


def test_twice(empty_schema):  #: needs postgres
    migrations.apply(empty_schema)
    assert migrations.apply(empty_schema) == []


def test_command(empty_schema):  #: needs postgres
    printed = run_migrations()
    assert printed.count("applied") == len(migrations.STEPS)


def test_command_again():  #: needs postgres
    run_migrations()
    assert run_migrations() == []


def test_steps_are_in_order():
    assert migrations.STEPS == sorted(migrations.STEPS)
