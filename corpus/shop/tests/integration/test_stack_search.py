"""Search end to end; `the stack` is what search needs of it."""

import pytest

from shop import net
from shop.services.search import SearchService, make_client


def _stack_reachable():
    return net.reachable("localhost", 9200)


pytestmark = pytest.mark.skipif(not _stack_reachable(), reason="the stack is down")  #: requires elasticsearch


@pytest.fixture
def service():
    client = make_client("elasticsearch")
    client.index("stack", "1", {"name": "Stack of plates", "price": 3900})
    return SearchService(client, "stack")


def test_round_trip(service):
    assert service.find("plates")[0]["id"] == "1"


def test_nothing_found(service):
    assert service.find("cutlery") == []
