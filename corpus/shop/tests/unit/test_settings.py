"""Addresses are only taken apart here."""

import importlib

import pytest

from shop import settings as module
from shop.settings import Settings, host_and_port


@pytest.mark.parametrize("url, where", [
    ("postgresql://shop@localhost:5432/shop", ("localhost", 5432)),  #: mentions postgres
    ("redis://cache.example.net/0", ("cache.example.net", 6379)),  #: mentions redis
    ("http://opensearch:9201", ("opensearch", 9201)),  #: mentions opensearch
])
def test_host_and_port(url, where):
    assert host_and_port(url, 6379) == where


@pytest.mark.parametrize("url", ["shop", "sqlite://"])
def test_no_host(url):
    with pytest.raises(ValueError, match="no host"):
        host_and_port(url)


def test_overrides():
    assert Settings(page_size=5).page_size == 5
    with pytest.raises(AttributeError):
        Settings(pagesize=5)


def test_environment(monkeypatch):
    monkeypatch.setenv("SHOP_PG_DSN", "postgresql://ci@db.invalid:6543/ci")
    monkeypatch.setenv("SHOP_PAGE_SIZE", "50")
    spec = importlib.util.spec_from_file_location("settings_again", module.__file__)
    again = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(again)
    assert again.settings.pg_dsn.endswith("/ci")
    assert again.settings.page_size == 50
