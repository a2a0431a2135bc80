"""Orders of the old shop, on days on which its Solr is up.  Its port stands in a file of the operators."""

from pathlib import Path

import pytest

from shop import net

PORT = int((Path(__file__).parent / "old_solr.port").read_text())


@pytest.fixture
def old_shop():
    if not net.reachable("localhost", PORT):
        pytest.skip("Solr is not running")
    return ("localhost", PORT)


def test_old_shop_is_near(old_shop):  #: probable solr
    assert old_shop[0] == "localhost"
