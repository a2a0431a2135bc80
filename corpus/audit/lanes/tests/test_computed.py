import os


def test_some_fixture(request):
    store = request.getfixturevalue(os.environ["STORE"])  #: LW402
    assert store


def test_named_fixture(request):
    assert request.getfixturevalue("cache")
