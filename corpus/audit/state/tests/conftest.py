import os

import pytest

os.environ["REDIS_URL"] = "redis://localhost:6379/9"  #: LW501
os.environ["APP_COLOUR"] = "blue"
os.environ.setdefault("PGHOST", "localhost")


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://localhost:6379/8")


@pytest.fixture
def connection():
    """Whatever the tests talk to: they are read, never run."""


@pytest.fixture
def server():
    """As above."""


@pytest.fixture
def docker():
    """As above."""


@pytest.fixture
def thing():
    """As above."""


@pytest.fixture
def parse():
    """As above."""
