"""Random edits of a pytest suite, as text: whatever a person may do to it between two runs, broken code and all.

An edit is {path relative to the root: bytes, or None for a file that goes}; it is worked out first and done by `put`, so
that it can be undone, done again in part, and printed.  `KINDS` names the kinds; `draw` makes one of them.
"""

import difflib
import re

DEF = re.compile(r"^([ \t]*)(?:async )?def (\w+)\([^\n]*\):[ \t]*\n", re.M)
TEST = re.compile(r"^([ \t]*)(?:async )?def (test\w*)\(", re.M)
FIXTURE = re.compile(r"@pytest\.fixture[^\n]*\n[ \t]*(?:async )?def (\w+)\(")
STRING = re.compile(r"(\"|')([^\"'\n\\]{1,60})\1")
NUMBER = re.compile(r"\b\d{2,5}\b")
SKIPPED = {".git", ".lanewright", "__pycache__", ".pytest_cache"}

# Statements that ask a service for something, or make it unknown what is asked for.
REACHES = (
    "import psycopg; psycopg.connect('postgresql://localhost:5432/app')",
    "import redis; redis.Redis.from_url('redis://localhost:6379/0').ping()",
    "import socket; socket.create_connection(('localhost', 9200))",
    "from elasticsearch import Elasticsearch; Elasticsearch('http://elasticsearch:9200').ping()",
    "import os, requests; requests.get(os.environ.get('SOLR_URL', 'http://solr:8983/solr'))",
    "import importlib; importlib.import_module(NAME)",
    "__import__('app.' + NAME)",
    "import pytest; pytest.skip('no postgres here')",
    "raise RuntimeError('never')",
    "pass",
)
MODULE_LINES = (
    "import pytest; pytest.importorskip('redis')\n",
    "import pytest\npytest.skip('not today', allow_module_level=True)\n",
    "import pytest\npytestmark = pytest.mark.requires_postgres\n",
    "import pytest\npytestmark = pytest.mark.skipif(not HAS, reason='no redis')\n",
    "pytest_plugins = ['tests.helper_0', 'tests.fixtures']\n",
    "exec(open('more.txt').read())\n",
    "globals()['test_made'] = lambda: None\n",
    "from unittest.mock import patch\n",
    "import psycopg\nCONNECTION = psycopg.connect('postgresql://localhost/app')\n",
    "def load_tests(loader, tests, pattern):\n    raise __import__('unittest').SkipTest('no')\n",
)
CONFTEST_LINES = (
    "\nimport pytest\n\n\n@pytest.fixture(autouse=True)\ndef always_here():\n    %s\n",
    "\n\ndef pytest_collection_modifyitems(config, items):\n    %s\n    items[:] = items[1:]\n",
    "\n\ndef pytest_generate_tests(metafunc):\n    metafunc.parametrize('x', [1, 2])\n",
    "\ncollect_ignore = ['test_0.py', 'sub']\n",
    "\nimport pytest\n\n\n@pytest.fixture\ndef db(request):\n    %s\n    return request.getfixturevalue(NAME)\n",
)
SETTINGS = (
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'postgres'}}\n",
    "CACHES = {'default': {'LOCATION': 'redis://redis:6379/1'}}\n",
    "SQLALCHEMY_DATABASE_URI = 'mysql://mysql/app'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n",
)
INIS = ("[pytest]\n", "[pytest]\npython_files = test_*.py *_test.py\n", "[pytest]\naddopts = -m 'not slow' --strict-markers\n",
        "[pytest]\nusefixtures = db\n", "[pytest]\npython_functions = test_* check_*\n")
CONFIGS = ("\n[plan]\ngrade = 'requires'\n", "\n[services.redis]\nhosts = ['cache.local']\n", "\n[services.redis]\npatterns = ['get_']\n",
           "\n[[override]]\ntest = 'tests/*'\nneeds = []\nreason = 'so'\n")
WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    services:
      %s:
        image: %s:1
    env:
      BROKER_URL: %s://%s:1234
    steps:
      - run: pytest
"""


class Tree:
    """The files of a suite that are edited, and what they were before."""

    def __init__(self, root, rng):
        self.root, self.rng = root, rng
        self.past = {}      # path: the contents that it had, None among them
        self.first = self.files()

    def files(self):
        """Python files, relative, in order."""
        found = []
        for path in sorted(self.root.rglob("*.py")):
            relative = path.relative_to(self.root)
            if not SKIPPED & set(relative.parts) and path.is_file() and not path.is_symlink():
                found.append(str(relative))
        return found

    def read(self, path):
        at = self.root / path
        return at.read_bytes() if at.is_file() else None

    def put(self, edit):
        for path, data in edit.items():
            at = self.root / path
            self.past.setdefault(path, [self.read(path)]).append(data)
            if data is None:
                at.unlink(missing_ok=True)
            else:
                at.parent.mkdir(parents=True, exist_ok=True)
                at.write_bytes(data)

    def pick(self, word="", among=None):
        """A Python file, one with `word` in its path if there is one."""
        files = among or self.files()
        return self.rng.choice([f for f in files if word in f] or files)

    def text(self, path):
        return (self.read(path) or b"").decode("utf-8", "surrogateescape")


def _bytes(text):
    return text.encode("utf-8", "surrogateescape")


def _changed(tree, path, change):
    return {path: _bytes(change(tree.text(path)))}


def _insert_in_body(rng, text, line):
    found = list(DEF.finditer(text))
    if not found:
        return text + f"\n\ndef helper_more():\n    {line}\n"
    at = rng.choice(found)
    return text[: at.end()] + f"{at[1]}    {line}\n" + text[at.end():]


def body(tree, word=""):
    return _changed(tree, tree.pick(word), lambda t: _insert_in_body(tree.rng, t, tree.rng.choice(REACHES)))


def test_body(tree):
    return body(tree, "test_")


def product(tree):
    files = [f for f in tree.files() if "test" not in f]
    return body(tree) if not files else _changed(tree, tree.pick(among=files), lambda t: _insert_in_body(tree.rng, t, tree.rng.choice(REACHES)))


def remove_lines(tree):
    def change(text):
        lines = text.splitlines(keepends=True)
        at, n = tree.rng.randrange(len(lines) + 1), tree.rng.choice((1, 1, 1, 3, 20))
        return "".join(lines[:at] + lines[at + n:])
    return _changed(tree, tree.pick(tree.rng.choice(("", "test_", "conftest", "helper"))), change)


def skip(tree):
    def change(text):
        found = list(TEST.finditer(text))
        if not found or tree.rng.random() < 0.3:
            return "".join(line for line in text.splitlines(keepends=True) if "skip" not in line)
        at = tree.rng.choice(found)
        return text[: at.start()] + f"{at[1]}@pytest.mark.{tree.rng.choice(('skip', 'requires_redis', 'slow'))}\n" + text[at.start():]
    return _changed(tree, tree.pick("test_"), change)


def module_line(tree):
    return _changed(tree, tree.pick(tree.rng.choice(("test_", "helper", ""))), lambda t: tree.rng.choice(MODULE_LINES) + t)


def rename_fixture(tree):
    path = tree.pick(tree.rng.choice(("conftest", "fixture", "")))
    names = FIXTURE.findall(tree.text(path))
    if not names:
        return conftest(tree)
    old, new = tree.rng.choice(names), f"renamed_{tree.rng.randrange(9)}"
    everywhere = tree.rng.random() < 0.5
    edit = {}
    for f in tree.files() if everywhere else [path]:
        text = tree.text(f)
        other = re.sub(rf"\b{old}\b", new, text)
        if other != text:
            edit[f] = _bytes(other)
    return edit


def conftest(tree):
    line = tree.rng.choice(CONFTEST_LINES)
    line = line % tree.rng.choice(REACHES) if "%s" in line else line
    paths = [f for f in tree.files() if f.endswith("conftest.py")]
    if not paths or tree.rng.random() < 0.1:
        folder = tree.pick("test_").rpartition("/")[0]
        return {f"{folder}/conftest.py".lstrip("/"): _bytes(line)}
    return _changed(tree, tree.rng.choice(paths), lambda t: t + line)


def imports(tree):
    path, other = tree.pick(tree.rng.choice(("test_", ""))), tree.pick()
    dotted = other.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    lines = (f"import {dotted}\n", f"from {dotted} import *\n", f"from {dotted.rpartition('.')[0] or dotted} import {dotted.rpartition('.')[2]}\n",
             f"from .{dotted.rpartition('.')[2]} import thing, other\n", f"pytest_plugins = ['{dotted}']\n")

    def change(text):
        found = [m for m in re.finditer(r"^(?:from|import) [^\n(]*\n", text, re.M)]
        if found and tree.rng.random() < 0.4:
            at = tree.rng.choice(found)
            return text[: at.start()] + text[at.end():]
        return tree.rng.choice(lines) + text
    return _changed(tree, path, change)


def string(tree):
    """One literal: an address, a name of a module, of a fixture, whatever it is."""
    def change(text):
        found = list((STRING if tree.rng.random() < 0.7 else NUMBER).finditer(text))
        if not found:
            return text + "\nTHING = 'redis://redis:6379'\n"
        at = tree.rng.choice(found)
        new = tree.rng.choice(("5432", "6379", "9200")) if at.re is NUMBER else at[1] + tree.rng.choice(
            ("postgres", "redis://redis:6379/0", "localhost", "tests.conftest", "db", "http://elasticsearch:9200")) + at[1]
        return text[: at.start()] + new + text[at.end():]
    return _changed(tree, tree.pick(tree.rng.choice(("", "test_", "conftest", "setting"))), change)


def borrow(tree):
    """The lines of one file stand in another as well."""
    lines = tree.text(tree.pick()).splitlines(keepends=True)
    at = tree.rng.randrange(len(lines) + 1)
    piece = "".join(lines[at:at + tree.rng.randrange(2, 40)])
    return _changed(tree, tree.pick(tree.rng.choice(("test_", ""))), lambda t: t + "\n" + piece)


def settings(tree):
    folder = tree.pick().rpartition("/")[0]
    path = f"{folder}/{tree.rng.choice(('settings.py', 'test_settings.py', 'conf.py'))}".lstrip("/")
    return {path: _bytes(tree.text(path) + tree.rng.choice(SETTINGS))}


def touch(tree):
    path = tree.pick()
    return {path: tree.read(path)}


def add(tree):
    path = tree.pick("test_")
    folder = tree.pick("test_").rpartition("/")[0]
    return {f"{folder}/test_new_{tree.rng.randrange(9)}.py".lstrip("/"): tree.read(path)}


def remove(tree):
    return {tree.pick(tree.rng.choice(("test_", "helper", ""))): None}


def move(tree):
    path = tree.pick(tree.rng.choice(("test_", "")))
    folder = tree.pick().rpartition("/")[0]
    return {path: None, f"{folder}/{path.rpartition('/')[2]}".lstrip("/"): tree.read(path)}


def package(tree):
    folder = tree.pick().rpartition("/")[0]
    path = f"{folder}/__init__.py".lstrip("/")
    return {path: None if tree.read(path) is not None else b""}


def revert(tree):
    """A file as it was some time ago."""
    if not tree.past:
        return touch(tree)
    path = tree.rng.choice(sorted(tree.past))
    return {path: tree.rng.choice(tree.past[path])}


def revert_all(tree):
    """As in another branch: every file that was ever touched is the first one again."""
    return {path: past[0] for path, past in sorted(tree.past.items())}


def swap(tree):
    a, b = tree.pick(), tree.pick()
    return {a: tree.read(b), b: tree.read(a)}


def ini(tree):
    return {"pytest.ini": None if tree.read("pytest.ini") and tree.rng.random() < 0.4 else _bytes(tree.rng.choice(INIS))}


def config(tree):
    first = tree.past.get("lanewright.toml", [tree.read("lanewright.toml")])[0] or b""
    return {"lanewright.toml": first if tree.rng.random() < 0.4 else first + _bytes(tree.rng.choice(CONFIGS))}


def workflow(tree):
    service = tree.rng.choice(("postgres", "redis", "solr"))
    return {".github/workflows/edits.yml": _bytes(WORKFLOW % (service, service, service, service))}


# Weight and function; those that make everything be inferred anew are the rare ones.
KINDS = ((14, test_body), (12, body), (10, product), (8, remove_lines), (6, skip), (5, module_line), (5, rename_fixture), (6, conftest),
         (8, imports), (10, string), (6, borrow), (3, settings), (4, touch), (2, add), (2, remove), (2, move), (1, package),
         (12, revert), (2, revert_all), (2, swap), (1, ini), (1, config), (1, workflow))


def draw(tree):
    """A name and an edit."""
    function = tree.rng.choices([f for _, f in KINDS], [w for w, _ in KINDS])[0]
    return function.__name__, function(tree)


# ---- the smallest part of an edit that still does it ----

def _hunks(old, new):
    a, b = (d or b"" for d in (old, new))
    a, b = a.splitlines(keepends=True), b.splitlines(keepends=True)
    return a, b, [o for o in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if o[0] != "equal"]


def _with(a, b, hunks):
    out, at = [], 0
    for _, i, j, k, m in hunks:
        out += a[at:i] + b[k:m]
        at = j
    return b"".join(out + a[at:])


def shrink(before, edit, fails):
    """Of `edit`, made when the files were `before`, what `fails` needs: files first, then changed places of each."""
    for path in sorted(edit):
        rest = {p: d for p, d in edit.items() if p != path}
        if rest and fails(rest):
            edit = rest
    for path in sorted(edit):
        if before[path] is None or edit[path] is None:
            continue
        a, b, hunks = _hunks(before[path], edit[path])
        for hunk in list(hunks):
            rest = [h for h in hunks if h != hunk]
            smaller = {**edit, path: _with(a, b, rest)}
            if rest and fails(smaller):
                hunks, edit = rest, smaller
    return edit


def show(before, edit):
    """The edit as a difference that a person can read."""
    out = []
    for path, new in edit.items():
        if new is None or before[path] is None:
            out.append(f"{path}: {'removed' if new is None else 'added'}\n")
        a, b = ((d or b"").decode("utf-8", "replace").splitlines(keepends=True) for d in (before[path], new))
        out += difflib.unified_diff(a, b, path, path, n=1)
    return "".join(out)
