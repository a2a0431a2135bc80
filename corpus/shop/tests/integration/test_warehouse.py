"""The warehouse report is built once for the class, since it takes its time."""

import pytest

from shop import migrations
from shop.models import Product
from shop.services.catalog import Catalog


@pytest.fixture(scope="class")
def report(pg):
    migrations.truncate(pg)
    catalog = Catalog(pg)
    for number in range(30):
        catalog.add(Product(f"W{number:02}", f"Ware {number}", 100 * number, stock=number % 4))
    return pg.fetch_all("SELECT stock, count(*) AS n FROM products GROUP BY stock ORDER BY stock")


@pytest.mark.requires_postgres
class TestReport:  #: requires postgres
    def test_groups(self, report):
        assert [row["stock"] for row in report] == [0, 1, 2, 3]

    def test_sums_up(self, report):
        assert sum(row["n"] for row in report) == 30

    def test_even(self, report):
        assert max(row["n"] for row in report) - min(row["n"] for row in report) <= 1
