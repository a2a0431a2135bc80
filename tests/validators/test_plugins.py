"""The two plugins that `emit` hands out, in pytest 7.2, 8.4 and 9.

CLIENTS is the folder that install.sh filled, BUILD_DIR a build tree with emit_test_samples in it, LANEWRIGHT the
program, SOURCE_DIR the source tree.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from judge import CLIENTS, PYTESTS
from checkout import SOURCE, Checkout, write_samples
from test_shop import LANEWRIGHT, checkout

COUNT = """
import atexit, os
calls, real = [0], os.scandir
def scandir(*args):
    calls[0] += 1
    return real(*args)
os.scandir = scandir
atexit.register(lambda: print("scandir", calls[0]))
"""


class Suite:
    """A folder with files in it, and one pytest that knows both plugins."""

    def __init__(self, case, version, files, root=None):
        if root is None:
            folder = tempfile.TemporaryDirectory()
            case.addCleanup(folder.cleanup)
            root = folder.name
        self.root = pathlib.Path(root)
        for name, text in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.root), "LANG": "C.UTF-8",
                    "PYTHONPATH": f"{CLIENTS}/pytest-{version}:{SOURCE}/src/emit:{self.root}"}

    def pytest(self, *args, env=()):
        return subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *args], cwd=self.root,
                              env={**self.env, **dict(env)}, capture_output=True, text=True)

    def run(self, lines, *args, env=()):
        (self.root / "list").write_text("".join(f"{it}\n" for it in lines))
        return self.pytest("-p", "lanewright_lists", "--lanewright-list", "list", *args, env=env)

    def ids(self, done):
        return sorted(it for it in done.stdout.splitlines() if "::" in it and not it.startswith(("ERROR", "SKIPPED")))


FILES = {
    "tests/conftest.py": "def pytest_addoption(parser):\n    parser.addoption('--shade')\n",
    "tests/test_one.py": (
        "import pytest\n\ndef test_plain():\n    pass\n\n@pytest.mark.parametrize('n', ['a::b', 'c'])\ndef test_many(n):\n    pass\n\n"
        "def test_manyfold():\n    pass\n\nclass TestIt:\n    def test_x(self):\n        pass\n    class TestIn:\n        def test_y(self):\n            pass\n"
    ),
    "tests/deep/__init__.py": "",
    "tests/deep/test_two.py": "def test_two(pytestconfig):\n    assert pytestconfig.getoption('--shade') == 'blue'\n",
    "tests/other/test_three.py": "raise Exception('never imported')\n",
    "test_top.py": "def test_top():\n    pass\n",
}


class Lists(unittest.TestCase):
    def test_it_runs_just_what_is_listed(self):
        for version in PYTESTS:
            suite = Suite(self, version, FILES)
            lines = ["tests/deep/test_two.py", "tests/test_one.py::TestIt::TestIn", "tests/test_one.py::test_many"]
            done = suite.run(lines, "-q", "--shade=blue", "-rA")
            self.assertEqual(done.returncode, 0, f"{version}: {done.stdout}{done.stderr}")
            self.assertIn("4 passed", done.stdout)
            collected = suite.ids(suite.run(lines, "-q", "--collect-only"))
            self.assertEqual(collected, sorted([
                "tests/deep/test_two.py::test_two", "tests/test_one.py::TestIt::TestIn::test_y",
                "tests/test_one.py::test_many[a::b]", "tests/test_one.py::test_many[c]"]), version)
            done = suite.run(["test_top.py", "tests/test_one.py"], "-q", "--collect-only")
            self.assertEqual(len(suite.ids(done)), 7, version)

    def test_several_lists_are_one(self):
        suite = Suite(self, "8.4.2", FILES)
        (suite.root / "more").write_text("tests/test_one.py\n")
        done = suite.run(["test_top.py", "tests/test_one.py::test_plain"], "-q", "--lanewright-list", "more")
        self.assertIn("7 passed", done.stdout)

    def test_what_is_listed_and_not_met_is_an_error(self):
        for version in PYTESTS:
            suite = Suite(self, version, FILES)
            for line in ("tests/test_gone.py", "gone/test_x.py", "tests/test_one.py::test_man", "tests/test_one.py::TestIt::test_z"):
                done = suite.run(["test_top.py", line], "-q")
                self.assertEqual(done.returncode, 4, f"{version} {line}: {done.stdout}{done.stderr}")
                self.assertNotIn("passed", done.stdout)
                if not line.startswith("gone/"):  # pytest itself knows no such folder
                    self.assertIn("listed, but not met", done.stderr)

    def test_a_list_that_would_run_everything_runs_nothing(self):
        for version in PYTESTS:
            suite = Suite(self, version, FILES)
            for lines in ([], [""], ["test_top.py", ""], ["  ", "test_top.py"]):
                done = suite.run(lines, "-q")
                self.assertEqual(done.returncode, 4, f"{version} {lines}: {done.stdout}")
                self.assertIn("that would run every test", done.stderr)
            done = suite.pytest("-p", "lanewright_lists", "--lanewright-list", "none-such")
            self.assertEqual(done.returncode, 4)

    def test_a_file_that_cannot_be_collected_says_so_itself(self):
        for version in PYTESTS:
            suite = Suite(self, version, FILES)
            done = suite.run(["test_top.py", "tests/other/test_three.py::test_x"], "-q")
            self.assertEqual(done.returncode, 2, version)
            self.assertIn("never imported", done.stdout)

    def test_odd_names(self):
        names = ["-x_test.py", "@y_test.py", "a b_test.py", "$(id)_test.py", "caf\u00e9_test.py", "#_test.py", "'\"_test.py"]
        for version in PYTESTS:
            suite = Suite(self, version, {name: "def test_it():\n    pass\n" for name in names})
            done = suite.run([f"./{it}" if it[0] in "-@" else it for it in names], "-q")
            self.assertIn(f"{len(names)} passed", done.stdout, f"{version}: {done.stderr}")

    def test_it_works_in_the_workers_of_xdist(self):
        for version in PYTESTS:
            suite = Suite(self, version, FILES)
            done = suite.run(["tests/deep/test_two.py", "tests/test_one.py::test_many"], "-n", "2", "--shade=blue")
            self.assertEqual(done.returncode, 0, f"{version}: {done.stdout}{done.stderr}")
            self.assertIn("3 passed", done.stdout)
            self.assertNotEqual(suite.run(["test_top.py", "tests/test_one.py::test_man"], "-n", "2").returncode, 0)

    def test_each_folder_is_read_once(self):
        files = {f"tests/test_{n}.py": "def test_it():\n    pass\n" for n in range(100)}
        counts = []
        for n in (10, 100):
            suite = Suite(self, "9.0.2", {**files, "sitecustomize.py": COUNT})
            suite.env["PYTHONPATH"] = f"{suite.root}:{suite.env['PYTHONPATH']}"
            done = suite.run(sorted(files)[:n], "-q")
            self.assertIn(f"{n} passed", done.stdout)
            counts.append(int(done.stdout.split("scandir ")[-1]))
        self.assertEqual(counts[0], counts[1])

    def test_the_lists_of_the_shop_collect_the_same_either_way(self):
        with tempfile.TemporaryDirectory() as folder:
            root = checkout(folder)
            hand_over = "import sys, pytest; sys.exit(pytest.main(open(sys.argv[1]).read().splitlines() + sys.argv[2:]))"
            for version in (PYTESTS[0], PYTESTS[-1]):
                suite = Suite(self, version, {}, root)
                for path in sorted((root / ".lanewright/shards").glob("*.txt")):
                    one = subprocess.run([sys.executable, "-c", hand_over, path, "-q", "--collect-only", "-p", "no:cacheprovider"],
                                         cwd=root, env=suite.env, capture_output=True, text=True)
                    other = suite.pytest("-p", "lanewright_lists", "--lanewright-list", str(path), "-q", "--collect-only")
                    self.assertEqual(other.returncode, 0, other.stdout + other.stderr)
                    self.assertEqual(suite.ids(other), suite.ids(one), f"{version} {path.name}")
                    self.assertGreater(len(suite.ids(one)), 0)


GUARDED = {
    "tests/integration/test_cart.py": "import pytest\n\ndef test_skipped():\n    pytest.skip('no database')\n\ndef test_runs():\n    pass\n",
    "tests/integration/test_session.py": "import pytest\n\npytest.skip('no redis', allow_module_level=True)\n",
    "tests/integration/test_search.py": (
        "import pytest\n\nclass TestIndex:\n    @pytest.mark.skipif(True, reason='no engine')\n    def test_one(self):\n        pass\n\n"
        "class TestQuery:\n    @pytest.mark.xfail\n    def test_facets(self):\n        assert False\n"
    ),
    "tests/unit/test_prices.py": "import pytest\n\n@pytest.mark.skip(reason='slow')\ndef test_price():\n    pass\n",
}


class Guard(unittest.TestCase):
    """By the plan of tests/emit/sample.h: elastic has elasticsearch and postgres, postgres has postgres and redis."""

    def lane(self, version, lane, *args):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        Checkout(folder.name, "8.4.2", "plain")
        suite = Suite(self, version, GUARDED, folder.name)
        return suite.pytest("-p", "lanewright_guard", "-q", "-rfEs", *args, env={"LANEWRIGHT_LANE": lane} if lane else {})

    def test_a_skip_for_want_of_the_lanes_services_fails(self):
        for version in PYTESTS:
            done = self.lane(version, "unit")
            self.assertNotEqual(done.returncode, 0)
            out = done.stdout
            self.assertIn("skipped in lane unit, which does not start redis: ", out, version)
            self.assertIn("1 error", out)  # the module
            done = self.lane(version, "unit", "--ignore=tests/integration/test_session.py")
            self.assertIn("1 failed, 1 passed, 1 skipped, 1 xfailed, 1 error", done.stdout, version)
            self.assertIn("does not start elasticsearch: ", done.stdout)
            self.assertIn("skipped in lane unit, which does not start postgres: ", done.stdout)
            self.assertIn("no database", done.stdout)

    def test_a_skip_where_the_services_are_is_left_alone(self):
        for version in PYTESTS:
            done = self.lane(version, "postgres", "tests/integration/test_cart.py", "tests/integration/test_session.py", "tests/unit")
            self.assertIn("1 passed, 3 skipped", done.stdout, version)
            self.assertEqual(done.returncode, 0)

    def test_outside_a_lane_it_does_nothing(self):
        for version in PYTESTS:
            done = self.lane(version, None)
            self.assertIn("1 passed, 4 skipped, 1 xfailed", done.stdout, version)

    def test_a_lane_that_the_plan_has_not_is_an_error(self):
        done = self.lane("8.4.2", "solr")
        self.assertEqual(done.returncode, 4)
        self.assertIn("the plan has no such lane, only elastic, postgres, unit", done.stderr)


class Emitted(unittest.TestCase):
    def test_the_program_hands_them_out_as_they_are_and_checks_the_one_in_use(self):
        with tempfile.TemporaryDirectory() as folder:
            root = checkout(folder)

            def run(*args):
                return subprocess.run([LANEWRIGHT, *args], cwd=root, capture_output=True, text=True)

            self.assertEqual(run("emit", "conftest-guard").stdout, (SOURCE / "src/emit/lanewright_guard.py").read_text())
            self.assertEqual(run("emit", "pytest-plugin").stdout, (SOURCE / "src/emit/lanewright_lists.py").read_text())
            config = root / "lanewright.toml"
            config.write_text(config.read_text().replace("[emit.github]\n", '[emit.github]\nplugin = "ci/lanewright_lists.py"\n'))
            (root / "ci").mkdir()
            self.assertEqual(run("emit", "pytest-plugin").returncode, 0)
            self.assertEqual(run("plan").returncode, 0)  # the plugin is a file of the tree, too
            self.assertEqual(run("emit", "github").returncode, 0)
            done = run("check")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("-p lanewright_lists --lanewright-list \"$LANEWRIGHT_LIST\"", (root / ".github/workflows/pr.yml").read_text())
            (root / "ci/lanewright_lists.py").write_text("")
            done = run("check")
            self.assertEqual(done.returncode, 1)
            self.assertIn("lanewright emit pytest-plugin", done.stdout + done.stderr)


if __name__ == "__main__":
    write_samples()
    unittest.main(verbosity=1)
