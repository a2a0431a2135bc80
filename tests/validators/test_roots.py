"""Coverage of two machines that check out into different folders, combined as the gate does it: with
`[tool.coverage.paths]` the lines of both count for one file, without it they are files of their own.

SOURCE_DIR is the source tree, CLIENTS what install.sh filled.
"""

import json
import pathlib
import shutil
import tempfile
import unittest

from checkout import Checkout, SAMPLES, write_samples
from judge import judge, lane_jobs

SOURCE_FILE = "def total(prices):\n    return sum(prices)\n\n\ndef least(prices):\n    return min(prices)\n"
TESTS = {"tests/integration/test_cart.py": "from backend import total\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
         "tests/unit/test_prices.py": "from backend import least\n\ndef test_least():\n    assert least([1, 2]) == 1\n"}
PATHS = '[tool.coverage.paths]\nsource = ["backend", "*/backend"]\n'


class Roots(unittest.TestCase):
    def checkout(self, name, paths):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        tree = Checkout(pathlib.Path(folder.name) / name, "8.4.2", "plain")
        (tree.root / "backend/__init__.py").write_text(SOURCE_FILE)
        for file, text in TESTS.items():
            (tree.root / file).write_text(text)
        with (tree.root / "pyproject.toml").open("a") as config:
            config.write(paths)
        return tree

    def combined(self, paths):
        """{file: lines}, of the lane postgres run in one folder and the lane unit in another, as the gate reads them."""
        result = judge(SAMPLES / "plain.workflow.yml")["plain"]
        gate = self.checkout("gate/work", paths)
        parts = gate.root / ".lanewright/parts"
        parts.mkdir()
        for shard, job in lane_jobs(result).items():
            tree = self.checkout(f"runner-{shard}/_work/shop", paths)
            done = tree.run_job(job)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            for part in job["paths"]:
                shutil.move(tree.root / part, parts)
        script = next(it["run"] for job in result["jobs"] for it in job["steps"] if "coverage combine" in it["run"])
        gate.run(script.replace("-m coverage report", "-m coverage json -q --fail-under=0"))
        if not (gate.root / "coverage.json").exists():
            return {}
        files = json.loads((gate.root / "coverage.json").read_text())["files"]
        return {name: it["executed_lines"] for name, it in files.items()}

    def test_with_paths_the_lines_of_both_count_for_one_file(self):
        self.assertEqual(self.combined(PATHS), {"backend/__init__.py": [1, 2, 5, 6]})

    def test_without_paths_they_do_not(self):
        """So that the test above can fail: the folders of the runners are not the gate's."""
        self.assertNotEqual(self.combined(""), {"backend/__init__.py": [1, 2, 5, 6]})


if __name__ == "__main__":
    write_samples()
    unittest.main(verbosity=1)
