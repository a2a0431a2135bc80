import os

import pytest

os.environ["REDIS_URL"] = "redis://localhost:6379/9"  #: LW501
os.environ["APP_COLOUR"] = "blue"
os.environ.setdefault("PGHOST", "localhost")


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://localhost:6379/8")
