"""What tools/suite-maker makes suites of: blocks of Python text with %(holes)s.  `i` is the block's number in its
file, so that names do not collide; `service` one that the folder's conftest has a fixture for."""

NOUNS = """order invoice customer basket parcel ticket ledger account voucher refund shipment stock warehouse route
driver tariff quote contract member session report message channel profile label review coupon payment supplier""".split()
VERBS = "create update remove merge split list find count validate export load archive restore cancel approve".split()
ADJECTIVES = "empty large expired foreign duplicate pending hidden partial late broken shared nested".split()
WORDS = """the a an of with when customer order total line item price tax rate currency rounded twice before after
each retry state machine moves back to pending until worker picks it up again cache entry expires between two reads
index refresh lag returns stale hits sort by relevance then date unicode café naïve 東京 größe empty list boundary
month leap year midnight utc offset daylight rollback savepoint nested lock timeout deadlock order of rows""".split()

# Fixtures of a folder's conftest; each has the name of its service.
SERVICES = {
    "postgres": '''

@pytest.fixture(scope="session")
def postgres():
    import psycopg

    connection = psycopg.connect(os.environ.get("%(SERVICE)s_URL", "postgresql://app:app@localhost:5432/app"))
    yield connection
    connection.close()
''',
    "redis": '''

@pytest.fixture
def redis():
    from redis import Redis

    client = Redis(host="localhost", port=6379, db=3)
    yield client
    client.flushdb()
''',
    "elasticsearch": '''

@pytest.fixture(scope="module")
def elasticsearch():
    from elasticsearch import Elasticsearch

    client = Elasticsearch(os.getenv("%(SERVICE)s_URL", "http://localhost:9200"))
    client.indices.create(index="orders", ignore=400)
    return client
''',
    "kafka": '''

@pytest.fixture
def kafka():
    from kafka import KafkaProducer

    return KafkaProducer(bootstrap_servers="localhost:9092")
''',
    "rabbitmq": '''

@pytest.fixture
def rabbitmq():
    import pika

    return pika.BlockingConnection(pika.URLParameters("amqp://guest:guest@localhost:5672/"))
''',
    "mongodb": '''

@pytest.fixture
def mongodb():
    from pymongo import MongoClient

    with MongoClient("mongodb://localhost:27017") as client:
        yield client.get_database("app")
''',
}
LANES = [
    ("data", ("postgres", "redis")),
    ("search", ("postgres", "elasticsearch")),
    ("events", ("kafka", "rabbitmq", "redis")),
]

ROOT_CONFTEST = '''\
"""Fixtures for all."""
import os

import pytest


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    monkeypatch.setenv("APP_MODE", "test")


@pytest.fixture
def settings(tmp_path):
    return {"root": tmp_path, "debug": True, "url": os.environ.get("APP_URL", "")}
'''
CONFTEST = '''\
import datetime
import os

import pytest
'''
HELPER_HEAD = '''\
"""Helpers of this folder."""
from __future__ import annotations

import dataclasses
import functools
import logging
import typing as t

logger = logging.getLogger(__name__)
'''
CODE_HEAD = '''\
# Copyright the authors.  The licence is in the file LICENCE at the top of this tree.
from __future__ import annotations

import collections
import dataclasses
import functools
import json
import logging
import re
import typing as t
from datetime import datetime, timedelta

logger = logging.getLogger(__name__)
PATTERN = re.compile(r"^(?P<key>[a-z_]+)\\s*=\\s*(?P<value>.*)$", re.MULTILINE)
'''
TEST_HEAD = '''\
"""%(sentence)s"""
import asyncio
import json
import os
from datetime import datetime, timedelta
from unittest import mock

import pytest

from app.%(folder)s import %(c)s as subject
from tests.%(folder)s.helper_%(h)d import logger
from . import helper_0 as helpers
'''
GATE = '''
pytestmark = pytest.mark.skipif(not os.environ.get("%(SERVICE)s_URL"), reason="needs %(SERVICE)s")
'''

FIXTURES = ['''

@pytest.fixture
def %(noun)s_%(i)d(settings):
    """%(sentence)s"""
    return {"id": %(n)d, "name": "%(word)s", "at": datetime.datetime(2024, 1, 1), **settings}
''', '''

@pytest.fixture(params=["%(noun)s", "%(other)s", pytest.param("%(word)s", id="third")])
def kind_%(i)d(request):
    return request.param
''', '''

@pytest.fixture(scope="module", name="%(adjective)s_%(noun)s_%(i)d")
def make_%(adjective)s_%(i)d():
    with open(os.devnull) as sink:
        yield {"sink": sink, "limit": %(m)d}
''', '''

def %(verb)s_%(noun)s_%(i)d(%(other)s, *, limit=%(m)d, **rest):
    """%(long)s"""
    return [dict(rest, number=k) for k in range(limit) if k %% 2 or %(other)s]
''']

CODE = ['''

@dataclasses.dataclass(frozen=True)
class %(Noun)s%(i)d:
    """%(sentence)s

    %(long)s
    """

    identity: int
    name: str = "%(word)s"
    lines: list[str] = dataclasses.field(default_factory=list)

    @property
    def is_%(adjective)s(self) -> bool:
        return self.identity > %(n)d and not self.lines

    def %(verb)s(self, %(other)s: t.Any = None, *, strict: bool = False) -> dict[str, t.Any]:
        if strict and %(other)s is None:
            raise ValueError(f"{self.name!r}: no %(other)s in {len(self.lines):>3} lines")
        result = {"id": self.identity, "name": self.name.strip().lower()}
        for number, line in enumerate(self.lines, start=1):  # %(sentence)s
            key, _, value = line.partition("=")
            result.setdefault(key, []).append((number, value or None))
        return result
''', '''

def %(verb)s_%(noun)s_%(i)d(%(noun)s, limit: int = %(n)d) -> t.Iterator[tuple[int, str]]:
    """%(long)s"""
    seen = set()
    try:
        for index, item in enumerate(%(noun)s or ()):
            if item in seen or index >= limit:
                continue
            seen.add(item)
            yield index, f"{index:04d}-{item}"
    except (TypeError, KeyError) as error:
        logger.warning("%(word)s %%s: %%s", %(noun)s, error)
        raise
    finally:
        logger.debug("seen %%d", len(seen))
''', '''

@functools.lru_cache(maxsize=%(n)d)
def %(adjective)s_%(noun)s_%(i)d(key: str, default=None):
    # %(sentence)s
    # %(long)s
    while len(key) > %(m)d and key[-1:] in "\\t \\n":
        key = key[:-1]
    return {"a": 1, "b": 2 ** %(m)d, "c": key.encode()[::-1], "d": lambda x: x + %(n)d}.get(key, default)
''', '''

class %(Noun)sService%(i)d:
    timeout = %(n)d * 1_000
    headers = {"User-Agent": "suite/%(n)d", "Accept": "application/json"}

    def __init__(self, client=None, url="/api/%(noun)s/"):
        self.client, self.url = client, url

    async def %(verb)s(self, identity, payload=None):
        """%(sentence)s"""
        async with self.client.lock:
            answer = await self.client.post(f"{self.url}{identity}/%(verb)s", json=payload or {})
        if answer.status not in (200, 201, 204):
            raise RuntimeError("%(word)s: " + str(answer.status) + " from " + self.url)
        return [row["%(other)s"] for row in await answer.json() if "%(other)s" in row]
''', '''

TABLE_%(i)d = {
    "%(noun)s": [
%(rows)s    ],
}
''']

PLAIN = ['''

def test_%(verb)s_%(noun)s_%(i)d(settings):
    """%(sentence)s"""
    %(noun)s = {"id": %(n)d, "name": "%(word)s", **settings}
    assert %(noun)s["id"] == %(n)d
    assert sorted(%(noun)s) == ["debug", "id", "name", "root", "url"]
    # %(sentence)s
    with pytest.raises(KeyError, match="missing"):
        raise KeyError("missing %(other)s")
''', '''

@pytest.mark.parametrize("given, expected", [
    (%(n)d, %(n)d),
    (0, 0),
    pytest.param(-%(m)d, %(m)d, id="negative-%(word)s"),
    (%(m)d, %(m)d),
])
def test_%(adjective)s_%(noun)s_%(i)d(given, expected):
    """%(sentence)s"""
    # %(sentence)s
    # %(sentence)s
    assert abs(given) == expected
''', '''

@pytest.mark.parametrize("mode", ["%(noun)s", "%(other)s"])
@pytest.mark.parametrize("limit", [1, %(m)d, None])
def test_%(verb)s_%(i)d_by_mode(mode, limit, tmp_path):
    path = tmp_path / mode
    path.write_text(json.dumps({"limit": limit, "text": """%(long)s
%(sentence)s"""}))
    assert json.loads(path.read_text())["limit"] == limit
''', '''

class Test%(Noun)s%(i)d:
    """%(long)s"""

    def setup_method(self):
        self.rows = [
%(rows)s        ]

    def test_%(verb)s(self):
        assert all(row["amount"] >= 0 for row in self.rows)

    def test_%(adjective)s(self, monkeypatch):
        monkeypatch.setattr(os, "getcwd", lambda: "/%(word)s")
        assert os.getcwd().startswith("/")

    @pytest.mark.skip(reason="%(sentence)s")
    def test_%(other)s(self):
        assert not self.rows
''', '''

@mock.patch.object(subject, "logger")
def test_%(noun)s_%(i)d_logs(logger):
    subject.logger.info("%(word)s %%d", %(n)d)
    logger.info.assert_called_once_with("%(word)s %%d", %(n)d)
    assert logger.warning.call_count == 0, "%(sentence)s"
''', '''

@pytest.fixture
def %(noun)s_%(i)d():
    %(noun)s = [
%(rows)s    ]
    yield %(noun)s
    %(noun)s.clear()


def test_%(verb)s_of_%(noun)s_%(i)d(%(noun)s_%(i)d):
    total = sum(row["amount"] for row in %(noun)s_%(i)d)
    assert total == pytest.approx(sum(r["amount"] for r in reversed(%(noun)s_%(i)d)))
''', '''

def test_%(adjective)s_%(i)d_in_time():
    async def %(verb)s():
        await asyncio.sleep(0)
        return datetime(2024, 2, 29) + timedelta(days=%(n)d)

    assert asyncio.run(%(verb)s()) > datetime(2024, 2, 29), f"%(word)s {%(n)d + 1!r} %(adjective)s"
''']

SERVED = ['''

@pytest.mark.%(service)s
def test_%(verb)s_with_%(service)s_%(i)d(%(service)s):
    """%(sentence)s"""
    assert %(service)s is not None
''', '''

@mock.patch("app.%(folder)s.order_0.logger")
def test_%(noun)s_%(i)d_without_%(service)s(logger):
    client = mock.MagicMock(name="%(service)s")
    client.get.return_value = "%(word)s"
    assert client.get("%(noun)s:%(n)d") == "%(word)s"
''', '''

class Test%(Noun)sIn%(i)d:
    @pytest.fixture(autouse=True)
    def connect(self, %(service)s, settings):
        self.client, self.settings = %(service)s, settings

    def test_%(verb)s(self):
        assert self.client and self.settings["debug"]

    @pytest.mark.skipif("not os.environ.get('%(SERVICE)s_URL')", reason="no %(service)s")
    @pytest.mark.parametrize("size", range(3))
    def test_%(adjective)s(self, size):
        assert size < %(m)d + 3
''']
