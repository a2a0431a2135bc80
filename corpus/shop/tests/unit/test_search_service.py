import pytest

from shop.errors import Invalid, SearchError
from shop.services.search import SearchService
from tests.fakes import BrokenSearch, StubSearch


def test_finds_words(stub_search):
    found = SearchService(stub_search).find("blue")
    assert [hit["id"] for hit in found] == ["1", "3"]


def test_asks_the_right_index(stub_search):
    SearchService(stub_search, index="products-de").find("mug")
    assert stub_search.asked == [("products-de", {"match": {"name": "mug"}})]


def test_empty_text_is_refused(stub_search):
    with pytest.raises(Invalid):
        SearchService(stub_search).find("  ")
    assert not stub_search.asked


def test_falls_back(stub_search):
    service = SearchService(BrokenSearch(), fallback=SearchService(stub_search))
    assert len(service.find("mug")) == 2


def test_without_fallback_the_error_is_passed_on():
    with pytest.raises(SearchError, match="stub failed: out of order"):
        SearchService(BrokenSearch()).find("mug")


def test_size_is_passed_on():
    stub = StubSearch({str(i): {"name": "mug", "price": i} for i in range(30)})
    assert len(SearchService(stub).find("mug", size=25)) == 25
