import pytest


@pytest.fixture
def orders(connection):
    connection.execute("CREATE TABLE orders (id int)")


def test_create(connection):
    connection.execute("CREATE TABLE parts (id int)")
    connection.execute("insert into parts values (1)")


def test_count(connection):
    connection.execute("\n  SELECT count(*) FROM Parts")  #: LW504


def test_own(connection):
    connection.execute("create table if not exists bolts (id int)")
    connection.execute("SELECT * FROM bolts")


def test_orders(connection, orders):
    """A fixture makes it."""
    connection.execute("UPDATE orders SET id = 2")


def test_foreign(connection):
    """Nobody here makes it: a migration may."""
    connection.execute("DELETE FROM customers")


def test_temporary(connection):
    connection.execute("CREATE TEMPORARY TABLE scratch (id int)")


def test_prose(connection):
    assert connection.select == "Select a row from scratch"


def test_parsing(parse):
    """Talked about, not sent."""
    assert parse("SELECT * FROM parts") == "SELECT FROM parts"
