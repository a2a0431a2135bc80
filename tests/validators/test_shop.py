"""corpus/shop the whole way: recorded, planned, emitted, and its jobs run by real pytest with only their services up.

LANEWRIGHT is the program, SOURCE_DIR the source tree, CLIENTS what install.sh filled.
"""

import ast
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from judge import CLIENTS, judge, lane_jobs

LANEWRIGHT = os.environ["LANEWRIGHT"]
CORPUS = pathlib.Path(os.environ["SOURCE_DIR"]).resolve() / "corpus"
VERSIONS = ["7.2.1", "8.4.2"]


def lanewright(root, *args):
    done = subprocess.run([LANEWRIGHT, *args], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, f"lanewright {args}: {done.stdout}{done.stderr}"
    return done.stdout


def checkout(folder):
    root = pathlib.Path(folder) / "shop"
    shutil.copytree(CORPUS / "shop", root, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache", ".lanewright", ".coverage*"))
    lanewright(root, "record", *sorted(str(it.relative_to(root)) for it in (root / "timings").glob("*.xml")))
    lanewright(root, "plan")
    lanewright(root, "emit", "github")
    return root


class Shop:
    """A checkout with its plan, and one pytest to run it with."""

    def __init__(self, root, version):
        self.root = root
        tools = root / ".tools"
        tools.mkdir(exist_ok=True)
        if not (tools / "python3").exists():
            (tools / "python3").symlink_to(sys.executable)
        self.env = {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "PYTHONPATH": str(CLIENTS / f"pytest-{version}"),
            "HOME": str(root),
            "LANG": "C.UTF-8",
        }

    def run(self, services, command, env=()):
        """`command` while just these stand-ins listen."""
        only = ["--only", ",".join(services)] if services is not None else []
        return subprocess.run(
            [sys.executable, str(CORPUS / "services.py"), "run", *only, "--", *command],
            cwd=self.root, env={**self.env, **dict(env)}, capture_output=True, text=True,
        )

    def run_script(self, services, script, env=(), shell=("bash", "-e", "-o", "pipefail")):
        with tempfile.NamedTemporaryFile("w", suffix=".script") as file:
            file.write(script)
            file.flush()
            return self.run(services, [*shell, file.name], env)

    def outcomes(self, report):
        """{(classname, name): "passed" | "skipped" | "failed"}; a test that stands there twice is an error."""
        found = {}
        for case in xml.etree.ElementTree.parse(self.root / report).getroot().iter("testcase"):
            kinds = {child.tag for child in case} & {"skipped", "failure", "error"}
            key = (case.get("classname"), case.get("name"))
            assert key not in found, key
            found[key] = kinds.pop() if kinds else "passed"
        return found

    def covered(self, data_file):
        done = subprocess.run(
            [sys.executable, "-m", "coverage", "json", "--fail-under=0", "-q", f"--data-file={data_file}", "-o", "covered.json"],
            cwd=self.root, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        files = json.loads((self.root / "covered.json").read_text())["files"]
        return {path: it["executed_lines"] for path, it in files.items()}


def annotated_skips(root):
    """The test functions with `#: skipped` in the line that begins them."""
    found = set()
    for path in root.glob("tests/**/*.py"):
        lines = path.read_text().splitlines()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and re.search(r"#:.*\bskipped\b", lines[node.lineno - 1]):
                found.add((".".join(path.relative_to(root).with_suffix("").parts), node.name))
    return found


class ShopTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = checkout(cls.folder.name)
        cls.plan = json.loads((cls.root / ".lanewright/plan.json").read_text())
        cls.result = judge(cls.root / ".github/workflows/pr.yml")["pr.yml"]
        cls.jobs = lane_jobs(cls.result)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_three_readers_accept_the_workflow(self):
        self.assertEqual(self.result["errors"], [])

    def test_each_job_has_exactly_its_lanes_services_and_a_coverage_file_of_its_own(self):
        lanes = {lane["name"]: lane["services"] for lane in self.plan["lanes"]}
        shards = {shard["name"]: shard for shard in self.plan["shards"]}
        self.assertEqual(set(self.jobs), set(shards))
        for name, job in self.jobs.items():
            shard = shards[name]
            self.assertEqual(sorted(job["services"]), sorted(lanes[shard["lane"]]), name)
            self.assertEqual(job["coverage"], f".coverage.{shard['lane']}-{shard['number']}")
            self.assertEqual(job["list"], f".lanewright/shards/{name}.txt")
        for service in (service for job in self.jobs.values() for service in job["services"].values()):
            self.assertIn("--health-cmd", service["options"])

    def test_the_plan_is_valid(self):
        lanewright(self.root, "check")
        lanewright(self.root, "emit", "github", "--check")

    def test_lanes_run_what_one_job_ran_with_only_their_services_up(self):
        for version in VERSIONS:
            with self.subTest(pytest=version):
                self.run_all(Shop(self.root, version))

    def run_all(self, shop):
        command = ["python3", "-m", "pytest", "-q", "--cov=shop", "--cov-report=", "--cov-fail-under=0", "--junitxml=serial.xml"]
        done = shop.run(None, command, {"COVERAGE_FILE": ".coverage-serial"})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        serial, lanes = shop.outcomes("serial.xml"), {}
        parts = shop.root / ".lanewright/parts"
        shutil.rmtree(parts, ignore_errors=True)
        parts.mkdir()
        for name, job in self.jobs.items():
            done = shop.run_script(list(job["services"]), job["run"], job["env"])
            self.assertEqual(done.returncode, 0, f"{name}: {done.stdout[-3000:]}{done.stderr}")
            ran = shop.outcomes(f"junit-{name}.xml")
            self.assertFalse(set(ran) & set(lanes), "a test ran in two lanes")
            lanes.update(ran)
            for part in job["paths"]:
                shutil.move(shop.root / part, parts)
        self.assertEqual(lanes, serial)
        self.assertEqual(collections.Counter(lanes.values()).keys(), {"passed", "skipped"})
        skipped = {(classname, re.sub(r"\[.*", "", name)) for (classname, name), outcome in lanes.items() if outcome == "skipped"}
        self.assertEqual(skipped, annotated_skips(shop.root))
        self.gate(shop)

    def gate(self, shop):
        gate = next(it for it in self.result["jobs"] if it["job"] == "backend-heavy-gate")
        for script in gate["scripts"]:
            if "planned_list" in script:
                done = shop.run_script([], script, {"LANEWRIGHT_COMMIT": "${{ github.sha }}"}, ["python3"])
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            if "coverage combine" in script:
                done = shop.run_script([], script)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(shop.covered(".coverage"), shop.covered(".coverage-serial"))


if __name__ == "__main__":
    unittest.main(verbosity=1)
