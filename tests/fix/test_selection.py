"""What `audit --fix` writes, as pytest sees it: tools/fix-differ on the suites of corpus/audit and on files of every
mixture of heads, line ends and bodies that were hard to edit."""

import itertools
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENTS = pathlib.Path(os.environ["CLIENTS"]).resolve()
VERSIONS = [version for version in ("7.2.1", "8.4.2", "9.0.2") if (CLIENTS / f"pytest-{version}").is_dir()]

if not VERSIONS:
    print(f"no pytest in {CLIENTS}: run tests/validators/install.sh {CLIENTS}")
    sys.exit(77)

# Clients of services that can be imported and are never called: only collecting is asked for.
STUBS = {"psycopg.py": "def connect(*args): ...\n", "redis.py": "class Redis:\n    from_url = classmethod(lambda *a: None)\n"}

CONFIG = """[services.postgres]
marker = "pg"
[services.redis]
marker = ["redis_up", "redis_too"]
"""

CONFTEST = """import psycopg
import pytest
import redis


@pytest.fixture
def db():
    return psycopg.connect("postgresql://localhost/app")


@pytest.fixture
def cache():
    return redis.Redis.from_url("redis://localhost").ping()
"""

HEADS = [
    "",
    "import pytest\n\n",
    "import pytest as pt\n",
    "from pytest import mark\n\n\n",
    "from pytest import mark as m, fixture\n",
    '"""What it is about."""\n',
    "'''Two\nlines'''\nfrom __future__ import annotations\n",
    "#!/usr/bin/env python\n# -*- coding: latin-1 -*-\n# \xe9\nimport os\n\n",
    "# Copyright\n# of somebody\n\nfrom typing import (\n    TYPE_CHECKING,\n)\nif TYPE_CHECKING:\n    import pytest\n\n\n",
    "import sys; sys.path.append('x')\nimport pytest\n",
    "try:\n    import pytest\nexcept ImportError:\n    raise\n",
]

# %s: the head's way to write pytest.mark; "" leaves a file out when there is none
BODIES = [
    "def test_a(db): pass\n",
    "def test_a(db): pass\n\n\ndef test_b(db, cache): pass\n\n\ndef test_c(): pass",
    "async def helper(): pass\n\n\ndef test_a(db): pass\n\n\ndef test_b(db): pass\n",
    "class TestA:\n\tdef test_a(self, db):\n\t\tpass\n\n\tdef test_b(self, db):\n\t\tpass\n\n\n\tclass TestIn:\n\t\tdef test_c(self): pass\n",
    "class TestA:\n    @staticmethod\n    def test_a(db): pass\n\n    @classmethod\n    def helper(cls): pass\n\n    def test_b(self): pass\n",
    "class Base:\n    def test_a(self, db): pass\n\n\nclass TestA(Base): pass\n\n\nclass TestB(Base):\n    def test_b(self): pass\n",
    "import unittest\n\n\nclass Old(unittest.TestCase):\n    def test_a(self):\n        import psycopg\n        psycopg.connect('')\n",
    "pytestmark = %s.slow  # why\n\n\ndef test_a(db): pass\n\n\ndef test_b(db): pass\n",
    "pytestmark = [\n    %s.slow,\n    %s.pg,  # no\n]\n\n\ndef test_a(cache): pass\n\n\ndef test_b(cache): pass\n",
    "pytestmark: list = [%s.redis_too]\n\n\n@%s.pg\ndef test_a(): pass\n\n\n@%s.slow\n@%s.pg\ndef test_b(cache): pass\n",
    "@%s.parametrize('n', [1, 2])\n@%s.slow(\n    reason=')',\n)\ndef test_a(n, db): pass\n\n\ndef test_b(): pass\n",
    "if __name__ != '__main__':\n    @%s.pg\n    def test_a(): pass\n\n    def test_b(db): pass\n",
]


def spelling(head):
    return "pt.mark" if "as pt" in head else "m" if "mark as m" in head else "mark" if "import mark" in head else (
        "pytest.mark" if "import pytest" in head and "TYPE_CHECKING" not in head else "")


def write_hostile(folder):
    tests = folder / "tests"
    tests.mkdir(parents=True)
    (folder / "lanewright.toml").write_text(CONFIG)
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = tests\nmarkers =\n    slow\n")
    (tests / "conftest.py").write_text(CONFTEST)
    (tests / "__init__.py").write_text("")
    ends = ["\n", "\r\n", "\r"]
    for (i, head), (k, body) in itertools.product(enumerate(HEADS), enumerate(BODIES)):
        mark = spelling(head)
        if "%s" in body and not mark:
            continue
        text = (head + body.replace("%s", mark)).replace("\n", ends[(i + k) % 3])
        data = text.encode("latin-1" if "latin-1" in head else "utf-8")
        (tests / f"test_{i}_{k}.py").write_bytes((b"\xef\xbb\xbf" if i == 1 and k % 2 else b"") + data)


class Selection(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.stubs = pathlib.Path(cls.folder.name) / "stubs"
        cls.stubs.mkdir()
        for name, text in STUBS.items():
            (cls.stubs / name).write_text(text)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def differ(self, suite, version):
        env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(CLIENTS / f"pytest-{version}"), str(self.stubs)]))
        command = [sys.executable, str(ROOT / "tools/fix-differ"), "--lanewright", os.environ["LANEWRIGHT"],
                   "--python", sys.executable, str(suite)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return {name: int(count) for count, name in (part.split(" ", 1) for part in done.stdout.strip().split(", "))}

    def test_m_selects_what_is_counted_in_files_that_are_hard_to_edit(self):
        write_hostile(pathlib.Path(self.folder.name) / "hostile")
        for version in VERSIONS:
            with self.subTest(pytest=version):
                counts = self.differ(pathlib.Path(self.folder.name) / "hostile", version)
                self.assertGreater(counts["files"], 80)
                self.assertEqual(counts["refused"], 0)

    def test_m_selects_what_is_counted_in_the_corpus(self):
        counts = self.differ(ROOT / "corpus/audit/markers", VERSIONS[-1])
        self.assertEqual(counts["files"], 4)
        self.assertEqual(counts["refused"], 0)
        self.assertEqual(self.differ(ROOT / "corpus/audit/clean", VERSIONS[-1])["added"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
