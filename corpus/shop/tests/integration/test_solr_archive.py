"""The archive is asked through a client library that stands in the tree."""

import pysolr
import pytest

from shop.settings import settings


@pytest.fixture
def archive():
    client = pysolr.Solr(settings.solr_url)
    yield client
    client.close()


def ping_of(client):
    return client.ping()


def fake_fetch(url):
    return {"status": url.rsplit("/", 1)[1]}


def test_answers(archive):  #: needs solr
    assert archive.ping() == "OK"


def test_answers_whoever_asks(archive):  #: needs solr
    assert ping_of(archive) == "OK"


def test_knows_its_host(archive):
    assert ":" in archive.host


def test_fetches_what_it_is_told():  #: mocked solr
    client = pysolr.Solr(settings.solr_url, fetch=fake_fetch)
    assert client.ping() == "ping"
    client.close()


def test_can_be_patched(archive, monkeypatch):  #: mocked solr
    monkeypatch.setattr(pysolr.Solr, "_ask", lambda self, path: {"status": path})
    assert archive.ping() == "/admin/ping"
