"""tools/bench --gate: a counter above its limit fails, and so does one that could not be counted."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BENCH = pathlib.Path(os.environ["SOURCE_DIR"], "tools/bench")
# Leaks cannot be looked for while strace looks on.
ENVIRONMENT = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}


class Gate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = pathlib.Path(tempfile.mkdtemp())

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work)

    def bench(self, gate, path=None):
        environment = ENVIRONMENT | ({"PATH": f"{path}:{os.environ['PATH']}"} if path else {})
        return subprocess.run([sys.executable, BENCH, "--files", "40", "--only", "calls", "--gate", gate, "--program",
                               os.environ["LANEWRIGHT"], "--work", self.work], env=environment, capture_output=True, text=True)

    def test_lets_what_stays_below_its_limit_pass(self):
        done = self.bench("C3=100,C4=100")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("gate:", done.stdout)

    def test_fails_above_a_limit_and_says_which(self):
        done = self.bench("C3=100,C4=0.5")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"gate: C4 is [\d.]+, more than the 0.5 it may be")
        self.assertNotIn("gate: C3", done.stdout)

    def test_fails_when_a_number_was_not_measured(self):
        done = self.bench("C1=100")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("gate: C1 was not measured", done.stdout)

    def test_fails_where_the_counting_program_may_not_trace(self):
        stub = self.work / "bin/strace"
        stub.parent.mkdir()
        stub.write_text("#!/bin/sh\necho 'ptrace: Operation not permitted' >&2\nexit 1\n")
        stub.chmod(0o755)
        done = self.bench("C3=100", path=stub.parent)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("strace counts nothing here", done.stderr)
        self.assertIn("Operation not permitted", done.stderr)


if __name__ == "__main__":
    if not shutil.which("strace"):
        print("strace is missing")
        sys.exit(77)
    unittest.main()
