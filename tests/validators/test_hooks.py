"""The pre-commit hook and the composite action: accepted by their readers, and run on a tree whose plan is valid and on
one with a new test.

LANEWRIGHT is the program, SOURCE_DIR the source tree, CLIENTS what install.sh filled.
"""

import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

from judge import CLIENTS
from checkout import SOURCE
from test_shop import LANEWRIGHT, checkout

import yaml

ACTION = SOURCE / "tools/check-action/action.yml"
HOOKS = SOURCE / ".pre-commit-hooks.yaml"


def client(module, *args):
    return subprocess.run([sys.executable, "-m", module, *args], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(CLIENTS / "python")})


class Hooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = checkout(cls.folder.name)
        bin_ = pathlib.Path(cls.folder.name) / "bin"
        bin_.mkdir()
        (bin_ / "lanewright").symlink_to(LANEWRIGHT)
        cls.env = {"PATH": f"{bin_}:{os.environ['PATH']}", "RUNNER_TEMP": cls.folder.name}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.new = self.root / "tests/unit/test_new.py"
        self.addCleanup(self.new.unlink, missing_ok=True)

    def add_test(self):
        self.new.write_text("def test_new():\n    pass\n")

    def test_their_readers_accept_them(self):
        done = client("pre_commit", "validate-manifest", HOOKS)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = client("check_jsonschema", "--builtin-schema", "vendor.github-actions", ACTION)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder) / "action.yml"
            broken.write_text(ACTION.read_text().replace("using:", "user:"))
            self.assertNotEqual(client("check_jsonschema", "--builtin-schema", "vendor.github-actions", broken).returncode, 0)
            broken.write_text(HOOKS.read_text().replace("entry:", "enter:"))
            self.assertNotEqual(client("pre_commit", "validate-manifest", broken).returncode, 0)

    def test_the_hook_stops_a_commit_with_a_test_on_no_list(self):
        entry = shlex.split(yaml.safe_load(HOOKS.read_text())[0]["entry"])
        self.assertEqual(subprocess.run(entry, cwd=self.root, env=self.env, capture_output=True).returncode, 0)
        self.add_test()
        done = subprocess.run(entry, cwd=self.root, env=self.env, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("tests/unit/test_new.py", done.stdout)

    def act(self, **inputs):
        step = yaml.safe_load(ACTION.read_text())["runs"]["steps"][0]
        self.assertNotIn("${{", step["run"])
        env = {"DIRECTORY": "shop", "ANNOTATE": "true", **inputs}
        self.assertEqual(set(step["env"]), set(env))
        return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], cwd=self.folder.name, env={**self.env, **env},
                              capture_output=True, text=True)

    def test_the_action_is_red_with_an_annotation(self):
        self.assertEqual(self.act().returncode, 0)
        self.add_test()
        done = self.act()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"(?m)^::error title=lanewright check::.*tests/unit/test_new.py")
        self.assertNotIn("::error", self.act(ANNOTATE="false").stdout)

    def test_the_action_obeys_no_file(self):
        name = self.root / "tests/unit/test_::error::x.py"
        self.addCleanup(name.unlink, missing_ok=True)
        name.write_text("def test_new():\n    pass\n")
        done = self.act()
        self.assertEqual(done.returncode, 1)
        lines = done.stdout.splitlines()
        stop = lines[0].removeprefix("::stop-commands::")
        self.assertEqual(len(stop), 32)
        listed = lines[1:lines.index(f"::{stop}::")]
        self.assertTrue(any("::error::x.py" in it for it in listed))


if __name__ == "__main__":
    unittest.main(verbosity=1)
