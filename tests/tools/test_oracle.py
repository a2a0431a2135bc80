"""tools/oracle: what running tells and what lanewright says agree, and it says so when they do not."""

import os
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["SOURCE_DIR"])
PYTHON = "/usr/bin/python3"                         # the one that has pytest

CONFIG = """[suite]
paths = ["tests"]
[services.postgres]
[services.redis]
hosts = ["localhost:6379"]
"""
TESTS = """import socket

import pytest


def is_up(port):
    try:
        socket.create_connection(("localhost", port)).close()
        return True
    except OSError:
        return False


@pytest.mark.skipif(not is_up(5432), reason="away")
@pytest.mark.parametrize("one", [1, 2])
def test_gated(one):
    pass


def test_of_both():
    socket.create_connection(("localhost", 5432)).close()
    socket.create_connection(("redis", 6379)).close()


def test_of_none():
    is_up(6379)


@pytest.mark.skip
def test_of_nobody():
    socket.create_connection(("redis", 6379)).close()
"""
FORGETFUL = """#!/usr/bin/python3
import json, os, subprocess, sys
said = json.loads(subprocess.check_output([os.environ["LANEWRIGHT"], *sys.argv[1:]]))
for test in said["tests"]:
    test["needs"] = []
print(json.dumps(said))
"""


def oracle(*arguments, lanewright=None):
    command = [PYTHON, str(SOURCE / "tools/oracle"), *arguments]
    command[2:2] = ["--lanewright", lanewright or os.environ["LANEWRIGHT"]]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class Oracle(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def small_suite(self):
        suite = self.folder / "suite"
        (suite / "tests").mkdir(parents=True)
        (suite / "lanewright.toml").write_text(CONFIG)
        (suite / "pytest.ini").write_text("[pytest]\n")
        (suite / "tests/test_small.py").write_text(TESTS)
        return suite

    def forgetful(self):
        program = self.folder / "forgetful"
        program.write_text(FORGETFUL)
        program.chmod(0o755)
        return str(program)

    def test_it_tells_what_each_test_truly_needs(self):
        done = oracle("--needs", str(self.small_suite()))
        self.assertEqual(done.returncode, 0, done.stdout)
        needs = [line for line in done.stdout.splitlines() if line.startswith("tests/")]
        self.assertEqual(needs, [
            "tests/test_small.py::test_gated: postgres",
            "tests/test_small.py::test_of_both: postgres, redis",
            "tests/test_small.py::test_of_nobody: nothing",
            "tests/test_small.py::test_of_none: nothing",
        ])
        self.assertIn("| requires | 3 | 0 |", done.stdout)
        self.assertIn("4 tests, 1 of them skipped whatever is up; 0 disagreements", done.stdout)

    def test_it_leaves_nothing_in_the_suite(self):
        suite = self.small_suite()
        before = sorted(suite.rglob("*"))
        oracle(str(suite))
        self.assertEqual(sorted(suite.rglob("*")), before)

    def test_it_fails_when_a_need_is_not_seen(self):
        done = oracle(str(self.small_suite()), lanewright=self.forgetful())
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("tests/test_small.py::test_of_both: none redis, its outcome changes without", done.stdout)
        self.assertIn("3 disagreements", done.stdout)

    def test_suites_made_from_seeds_agree(self):
        done = oracle("--seeds", "1-3")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("0 disagreements", done.stdout)

    def test_a_seed_gives_the_same_suite_twice(self):
        texts = []
        for name in ("a", "b"):
            done = oracle("--seeds", "7", "--tests", "6", "--keep", str(self.folder / name))
            self.assertEqual(done.returncode, 0, done.stdout)
            suite = self.folder / name / "seed-7"
            texts.append({str(p.relative_to(suite)): p.read_text() for p in suite.rglob("*.py")})
        self.assertEqual(*texts)

    def test_the_annotations_of_the_example_suite_are_true(self):
        done = oracle("--annotations", str(SOURCE / "corpus/shop"))
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("0 annotations differ", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
