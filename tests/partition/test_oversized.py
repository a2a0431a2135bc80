"""A file longer than the makespan could be is split, or is not: real pytest collects from the lists just what it collects
from the whole file, whatever the file holds."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

LANEWRIGHT = os.environ["LANEWRIGHT"]
ORDINARY = "".join(f"def test_plain_{i}():\n    pass\n\n\n" for i in range(6))

# Name: (is split, files).  "big" is what tests/test_big.py holds before six ordinary tests.
CONSTRUCTS = {
    "nothing else": (True, {}),
    "literal parameters": (True, {"big": """
import pytest

@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("text", ["a::b", "c/d", "[x]"])
def test_cases(n, text): pass
"""}),
    "parameters that are computed": (True, {"big": """
import pytest

CASES = [n * n for n in range(4)]

@pytest.mark.parametrize("n", CASES)
def test_cases(n): pass
"""}),
    "no parameters at all": (True, {"big": """
import pytest

@pytest.mark.parametrize("n", [])
def test_cases(n): pass
"""}),
    "classes, nested and inherited": (True, {"big": """
class Base:
    def test_from_base(self): pass

class TestOne(Base):
    def test_own(self): pass

class TestOuter:
    def test_outer(self): pass

    class TestInner:
        def test_inner(self): pass
"""}),
    "a class with state": (True, {"big": """
class TestSteps:
    @classmethod
    def setup_class(cls): cls.seen = []

    def test_first(self): pass
    def test_second(self): pass
"""}),
    "unittest": (True, {"big": """
import unittest

class Cases(unittest.TestCase):
    def test_b(self): pass
    def test_a(self): pass
"""}),
    "a name bound twice": (True, {"big": """
def test_twice(): pass
def test_twice(): assert True
"""}),
    "fixtures with parameters": (True, {"big": """
import pytest

@pytest.fixture(params=["x", "y"], scope="module")
def kind(request): return request.param

def test_kinds(kind): pass
"""}),
    "exec": (False, {"big": 'exec("def test_made(): pass")\n'}),
    "globals": (False, {"big": """
for n in range(3):
    globals()[f"test_made_{n}"] = lambda: None
"""}),
    "a metaclass": (False, {"big": """
class Meta(type):
    def __new__(meta, name, bases, members):
        members["test_made"] = lambda self: None
        return super().__new__(meta, name, bases, members)

class TestMade(metaclass=Meta):
    def test_written(self): pass
"""}),
    "a module's pytest_generate_tests": (True, {"big": """
def pytest_generate_tests(metafunc):
    if "n" in metafunc.fixturenames:
        metafunc.parametrize("n", range(3))

def test_generated(n): pass
"""}),
    "pytest_collect_file": (False, {"tests/conftest.py": """
import pytest

class Extra(pytest.Module):
    pass

def pytest_collect_file(file_path, parent):
    if file_path.name == "extra.py":
        return Extra.from_parent(parent, path=file_path)
"""}),
    "pytest_pycollect_makeitem": (False, {"tests/conftest.py": """
import pytest

def pytest_pycollect_makeitem(collector, name, obj):
    if name == "check_more":
        return pytest.Function.from_parent(collector, name=name, callobj=obj)
""", "big": "def check_more(): pass\n"}),
    "pytest_collection_modifyitems": (False, {"tests/conftest.py": """
def pytest_collection_modifyitems(config, items):
    items[:] = [item for item in items if "plain_3" not in item.name]
"""}),
    "pytest_ignore_collect": (False, {"tests/conftest.py": """
def pytest_ignore_collect(collection_path, config):
    return collection_path.name == "test_ignored.py" or None
"""}),
    "collect_ignore that is computed": (None, {"tests/conftest.py": """
import sys

collect_ignore = ["test_small.py"] if sys.version_info < (3,) else []
"""}),
    "pytest_plugins that is computed": (None, {"tests/conftest.py": """
name = "".join(["help", "er"])
pytest_plugins = [name]
""", "helper.py": "def pytest_collection_modifyitems(items): items[:] = [i for i in items if 'plain_2' not in i.name]\n"}),
    "a definition that the environment decides": (False, {"big": """
import os

if os.environ.get("WITH_MORE"):
    def test_more(): pass
"""}),
    "a definition that the version decides": (None, {"big": """
import sys

if sys.version_info < (3,):
    def test_old(): pass
else:
    def test_new(): pass
"""}),
    "a base class from elsewhere": (False, {"big": """
from json.decoder import JSONDecoder as Elsewhere

class TestOfElsewhere(Elsewhere):
    def test_own(self): pass
"""}),
    "a decorator of unknown origin": (None, {"big": """
import functools

def twice(function):
    @functools.wraps(function)
    def both(*args, **kwargs):
        function(*args, **kwargs)
    return both

@twice
def test_decorated(): pass
"""}),
    "a star import": (False, {"big": "from json.decoder import *\n"}),
    "importorskip": (False, {"big": """
import pytest

pytest.importorskip("a_module_that_is_not_there")
"""}),
    "a skip of the module": (False, {"big": """
import pytest

pytest.skip("not today", allow_module_level=True)
"""}),
    "a mark of order": (False, {"big": """
import pytest

@pytest.mark.order(1)
def test_first(): pass
""", "pytest.ini": "[pytest]\nmarkers =\n    order: first\n"}),
}


def collect(folder, arguments):
    """The ids that pytest collects, in its order; none when there are none."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist",
               "--collect-only", "-q", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 5):
        raise AssertionError(f"{arguments}: {done.stdout}{done.stderr}")
    return [line for line in done.stdout.splitlines() if re.match(r"\S+\.py::", line)]


def lanewright(folder, *arguments):
    return subprocess.run([LANEWRIGHT, "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout


def write(folder, files):
    big = files.get("big", "")
    contents = {"lanewright.toml": "[lanes.unit]\nservices = []\n[plan]\noverhead = 1\n",
                "pytest.ini": "[pytest]\npython_files = test_*.py\n",
                "tests/test_big.py": f"{big}\n\n{ORDINARY}", "tests/test_small.py": "def test_small(): pass\n"}
    for path, text in (contents | {k: v for k, v in files.items() if k != "big"}).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)


class Oversized(unittest.TestCase):
    def look(self, is_split, files):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            write(folder, files)
            whole = collect(folder, [])
            known = whole or [f"tests/test_big.py::test_plain_{i}" for i in range(6)]
            (folder / "times.json").write_text(json.dumps({i: 20.0 if "big" in i else 1.0 for i in known}))
            lanewright(folder, "record", "--as", "durations", "times.json")
            lanewright(folder, "plan", "--shards", "3")
            plan = json.loads((folder / ".lanewright/plan.json").read_text())
            big = [unit for unit in plan["units"] if unit["path"] == "tests/test_big.py"]
            if is_split is not None:
                self.assertEqual(len(big) > 1, is_split, big)
            if len(big) == 1:
                self.assertTrue(big[0]["why_whole"])
            self.assertFalse([unit for unit in big if "[" in unit["id"]])
            listed = []
            for path in sorted((folder / ".lanewright/shards").iterdir()):
                listed += collect(folder, path.read_text().splitlines())
            self.assertEqual(sorted(listed), sorted(whole))


def story(construct):
    def test(self):
        self.look(*CONSTRUCTS[construct])
    return test


for number, construct in enumerate(CONSTRUCTS):
    name = re.sub(r"\W+", "_", construct)
    setattr(Oversized, f"test_{number:02}_it_loses_nothing_to_{name}", story(construct))


class Module(unittest.TestCase):
    def test_it_charges_the_fixtures_of_a_module_for_each_chunk(self):
        """Twelve tests of 10 s; a fixture of the module takes 30 s, which the first test pays."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            write(folder, {"big": "import pytest\n\n\n@pytest.fixture(scope='module')\ndef costly(): return 1\n\n\n"
                           + "".join(f"def test_{n:02}(costly): pass\n\n\n" for n in range(12))})
            lines = [json.dumps({"pytest_version": "8.0.0", "$report_type": "SessionStart"})]
            for n in range(12):
                for when, seconds in ("setup", 30.0 if n == 0 else 0.0), ("call", 10.0), ("teardown", 0.0):
                    lines.append(json.dumps({
                        "nodeid": f"tests/test_big.py::test_{n:02}", "location": ["tests/test_big.py", n, f"test_{n:02}"],
                        "outcome": "passed", "when": when, "duration": seconds, "start": 1700000000.0 + n,
                        "stop": 1700000000.0 + n + seconds, "$report_type": "TestReport"}))
            (folder / "report.jsonl").write_text("\n".join(lines) + "\n")
            lanewright(folder, "record", "--as", "reportlog", "report.jsonl")
            lanewright(folder, "plan", "--shards", "3")
            plan = json.loads((folder / ".lanewright/plan.json").read_text())
            units = [unit for unit in plan["units"] if re.search(r"::test_\d\d$", unit["id"])]
            shards = {unit["shard"] for unit in units}
            self.assertGreater(len(shards), 1)
            self.assertEqual(sum(unit["ms"] for unit in units), 12 * 10000 + 30000 * len({u["group"] for u in units}))


if __name__ == "__main__":
    try:
        import pytest  # noqa: F401
    except ImportError:
        print("this Python has no pytest")
        sys.exit(77)
    unittest.main()
