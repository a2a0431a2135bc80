"""corpus/shop as CI runs it, whole and then broken in twenty ways: what is lost turns something red, with the sentence
that says what.

The workflow that `emit github` wrote is taken at its word: each lane's steps run with just the services its job has,
artifacts lie in folders, the gate's steps run over them.  LANEWRIGHT is the program, SOURCE_DIR the source tree,
CLIENTS what install.sh filled.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from judge import judge, lane_jobs
from test_shop import LANEWRIGHT, Shop, checkout, lanewright

VERSION = "8.4.2"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Run:
    """One checkout, the jobs of its workflow, and what they have left."""

    def __init__(self, root, jobs):
        self.root = root
        self.jobs = jobs
        self.shop = Shop(root, VERSION)
        link = root / ".tools/lanewright"
        if not link.exists():
            link.symlink_to(LANEWRIGHT)
        self.shop.env["GITHUB_STEP_SUMMARY"] = str(root / "summary.md")
        self.artifacts = root / "artifacts"
        self.artifacts.mkdir(exist_ok=True)
        self.log = ""

    def step(self, services, step, env=()):
        """Whether it went well; what it said is in self.log."""
        values = {name: str(value).replace("${{ github.sha }}", COMMIT) for name, value in step["env"].items()}
        shell = ["python3"] if step["shell"] == "python3 {0}" else ["bash", "-e", "-o", "pipefail"]
        done = self.shop.run_script(services, step["run"], {**values, **dict(env)}, shell)
        self.log += done.stdout + done.stderr
        return done.returncode == 0

    def lane(self, name, env=(), services=None):
        """The shard's pytest step, and its artifact, whether the step succeeded or not."""
        job = lane_jobs({"jobs": self.jobs})[name]
        step = next(it for it in job["steps"] if "LANEWRIGHT_LIST" in it["env"])
        went_well = self.step(list(job["services"]) if services is None else services, step, env)
        folder = self.artifacts / job["artifact"]
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for part in job["paths"]:
            if (self.root / part).exists():
                shutil.move(self.root / part, folder)
        return went_well

    def gate(self, result="success", env=()):
        """Up to the first step that fails, as a job does; its name, or None when it is green."""
        parts = self.root / ".lanewright/parts"
        shutil.rmtree(parts, ignore_errors=True)
        for folder in sorted(self.artifacts.glob("lanewright-*")):
            shutil.copytree(folder, parts, dirs_exist_ok=True)
        gate = next(it for it in self.jobs if it["job"] == "backend-heavy-gate")
        needs = {name: {"result": "success"} for name in gate["needs"]}
        needs["backend-heavy-unit"]["result"] = result
        ours = ("Every job succeeded", "Every shard left its parts", "What ran is what was planned", "The coverage of all parts together")
        steps = [it for it in gate["steps"] if it["name"] in ours]
        assert len(steps) == len(ours)
        for step in steps:
            if not self.step([], step, {**({"NEEDS": json.dumps(needs)} if "NEEDS" in step["env"] else {}), **dict(env)}):
                return step["name"]
        return None

    def check(self):
        done = subprocess.run([LANEWRIGHT, "check"], cwd=self.root, capture_output=True, text=True)
        self.log += done.stdout + done.stderr
        return done.returncode

    def prove(self, *options):
        parts = sorted(str(it) for it in (self.root / ".lanewright/parts").glob("*") if it.suffix in (".xml", ".json"))
        done = subprocess.run([LANEWRIGHT, "prove", *options, *parts], cwd=self.root, capture_output=True, text=True)
        self.log += done.stdout + done.stderr
        return done.returncode


class Whole(unittest.TestCase):
    """Set up once: the serial run, all lanes, the green gate.  Each test breaks a copy."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        root = checkout(cls.folder.name)
        result = judge(root / ".github/workflows/pr.yml")["pr.yml"]
        cls.good = Run(root, result["jobs"])
        serial = cls.good.shop.run(None, ["python3", "-m", "pytest", "-q", "--cov=shop", "--cov-report=", "--cov-fail-under=0"],
                                   {"COVERAGE_FILE": ".coverage-serial"})
        assert serial.returncode == 0, serial.stdout + serial.stderr
        for name in lane_jobs(result):
            assert cls.good.lane(name), cls.good.log
        cls.red = cls.good.gate()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = pathlib.Path(folder.name) / "shop"
        shutil.copytree(self.good.root, root, symlinks=True)
        self.run_ = Run(root, self.good.jobs)

    def part(self, name):
        shard = re.match(r"junit-(.*)\.xml|lanewright-(.*)\.json", name)
        lane = re.match(r"\.coverage\.(.*)-\d+", name)
        key = next(filter(None, shard.groups())) if shard else lane.group(1)
        return self.run_.artifacts / f"lanewright-{key}" / name

    def is_red(self, step, *sentences, **gate):
        self.assertEqual(self.run_.gate(**gate), step, self.run_.log)
        for sentence in sentences:
            self.assertIn(sentence, self.run_.log)

    PARTS, PROOF = "Every shard left its parts", "What ran is what was planned"

    # ---- whole ----

    def test_all_of_it_is_proven_and_covers_what_one_job_covers_to_the_line(self):
        self.assertIsNone(self.red, self.good.log)
        self.assertIn("as planned, in", self.good.log)
        self.assertIn("as planned", (self.good.root / "summary.md").read_text())
        self.assertTrue((self.good.root / "coverage.xml").exists())
        lanes, serial = self.good.shop.covered(".coverage"), self.good.shop.covered(".coverage-serial")
        self.assertEqual(lanes, serial)
        self.assertGreater(sum(map(len, lanes.values())), 500)

    def test_a_copy_is_green_too(self):
        self.assertIsNone(self.run_.gate(), self.run_.log)
        self.assertEqual(self.run_.check(), 0)

    # ---- what the gate sees in the parts ----

    def test_a_report_is_missing(self):
        self.part("junit-solr.xml").unlink()
        self.is_red(self.PARTS, "junit-solr.xml: missing or empty")
        self.assertEqual(self.run_.prove(), 1)
        self.assertIn("shard solr left no report", self.run_.log)

    def test_a_record_is_missing(self):
        self.part("lanewright-solr.json").unlink()
        self.is_red(self.PARTS, "lanewright-solr.json: missing or empty")
        self.assertEqual(self.run_.prove(), 1)
        self.assertIn("shard solr left no record: its pytest did not come to a good end", self.run_.log)

    def test_a_report_is_truncated(self):
        path = self.part("junit-solr.xml")
        path.write_bytes(path.read_bytes()[:-200])
        self.is_red(self.PROOF, "1 reports that cannot be read", "shard solr has another report than the one its run left")

    def test_a_coverage_part_is_empty(self):
        self.part(".coverage.unit-1").write_bytes(b"")
        self.is_red(self.PARTS, ".coverage.unit-1: missing or empty")

    def test_a_coverage_part_is_damaged(self):
        path = self.part(".coverage.unit-1")
        path.write_bytes(path.read_bytes()[:3000])
        self.is_red(self.PARTS, ".coverage.unit-1: database disk image is malformed")

    def test_a_shard_left_its_parts_twice(self):
        shutil.copytree(self.run_.artifacts / "lanewright-unit", self.run_.artifacts / "lanewright-unit-2")
        for path in list((self.run_.artifacts / "lanewright-unit-2").iterdir()):
            path.rename(path.with_name(path.name.replace("-unit", "-unit-2").replace(".unit", ".unit-2")))
        self.is_red(self.PARTS, "junit-unit-2.xml: not of this plan")
        self.assertEqual(self.run_.prove(), 1)
        self.assertIn("junit-unit-2.xml: is of no shard of the plan", self.run_.log)

    def test_a_lane_ran_the_list_of_another(self):
        self.run_.lane("elastic-1", {"LANEWRIGHT_LIST": ".lanewright/shards/elastic-2.txt"})
        self.is_red(self.PARTS, "lanewright-elastic-1.json: another list ran than the planned one")
        self.assertEqual(self.run_.prove(), 1)
        self.assertIn("ran twice", self.run_.log)
        self.assertIn("did not run; planned is elastic-1", self.run_.log)

    def test_a_report_is_that_of_another_run(self):
        path = self.part("junit-unit.xml")
        path.write_text(path.read_text().replace('time="0.', 'time="1.', 1))
        self.is_red(self.PROOF, "shard unit has another report than the one its run left")

    def test_a_shard_ran_another_commit(self):
        self.run_.lane("unit", {"LANEWRIGHT_COMMIT": "f" * 40})
        self.is_red(self.PARTS, "lanewright-unit.json: it ran another commit")
        self.assertEqual(self.run_.prove(), 1)
        self.assertIn(f"shard unit ran commit {'f' * 40}", self.run_.log)

    def test_the_parts_are_those_of_another_plan(self):
        plan = self.run_.root / ".lanewright/plan.json"
        plan.write_text(plan.read_text().replace('"makespan_ms": ', '"makespan_ms": 1', 1))
        self.is_red(self.PARTS, "lanewright-unit.json: it ran by another plan")
        self.assertEqual(self.run_.prove(), 1)
        self.assertIn("shard unit ran by another plan than the one that is here", self.run_.log)

    def test_a_job_did_not_succeed(self):
        for result in ("failure", "cancelled", "skipped"):
            self.is_red("Every job succeeded", f"job backend-heavy-unit: {result}", result=result)

    def test_too_little_is_covered(self):
        path = self.run_.root / "pyproject.toml"
        path.write_text(path.read_text().replace("fail_under = 80", "fail_under = 100"))
        self.is_red("The coverage of all parts together", "is less than fail-under=100")

    # ---- what the lane itself sees ----

    def lane_is_red(self, name, sentence, **options):
        self.assertFalse(self.run_.lane(name, **options), self.run_.log)
        self.assertIn(sentence, self.run_.log)
        self.assertFalse(self.part(f"lanewright-{name}.json").exists())
        self.is_red(self.PARTS, f"lanewright-{name}.json: missing or empty")

    def test_a_test_leaves_by_exit_0(self):
        with (self.run_.root / "tests/unit/test_money.py").open("a") as file:
            file.write("\n\ndef test_vanishing():\n    import os\n    os._exit(0)\n")
        self.lane_is_red("unit", "")
        self.assertIn("junit-unit.xml: missing or empty", self.run_.log)

    def test_a_list_has_a_blank_line(self):
        path = self.run_.root / ".lanewright/shards/unit.txt"
        path.write_text(path.read_text() + "\n")
        self.lane_is_red("unit", "a list is empty or has a blank line: that would run every test")

    def test_a_file_cannot_be_collected(self):
        with (self.run_.root / "tests/unit/test_money.py").open("a") as file:
            file.write("\nimport nothing_of_the_kind\n")
        self.lane_is_red("unit", "No module named 'nothing_of_the_kind'")
        self.assertEqual(self.run_.prove(), 1)
        self.assertIn("files that could not be collected", self.run_.log)

    # ---- what only the tree and the plan can tell ----

    def test_a_test_is_deselected(self):
        self.assertTrue(self.run_.lane("unit", {"PYTEST_ADDOPTS": "--deselect tests/unit/test_settings.py"}), self.run_.log)
        self.is_red(self.PROOF, "tests that ran nowhere", "did not run; planned is unit")

    def test_a_test_ran_where_it_was_not_planned(self):
        other, job = next((name, job) for name, job in lane_jobs({"jobs": self.run_.jobs}).items() if name != "unit")
        stray = (self.run_.root / job["list"]).read_text().splitlines()[0]
        self.assertTrue(self.run_.lane("unit", {"PYTEST_ADDOPTS": stray}, services=list(job["services"])), self.run_.log)
        self.is_red(self.PROOF, "tests that ran where they were not planned", f"ran in unit, planned is {other}", "ran twice")

    def test_a_service_is_down_and_its_tests_skip(self):
        job = lane_jobs({"jobs": self.run_.jobs})["solr"]
        services = [it for it in job["services"] if it != "solr"]
        loud = [f"tests/integration/test_{name}.py" for name in ("sentinels", "neighbours", "solr_archive", "recordings")]
        self.assertFalse(self.run_.lane("solr", services=services), self.run_.log)
        self.assertIn(f"FAILED {loud[0]}::test_solr_is_there", self.run_.log)
        # A suite without such tests is green all the same: it skips.
        quiet = {"PYTEST_ADDOPTS": " ".join(f"--deselect {it}" for it in loud)}
        self.assertTrue(self.run_.lane("solr", quiet, services), self.run_.log)
        self.is_red(self.PROOF, "tests skipped for a service that was there", "was skipped for solr, which lane solr starts")

    def test_a_file_is_added_after_the_plan(self):
        (self.run_.root / "tests/unit/test_new.py").write_text("def test_new():\n    pass\n")
        self.assertEqual(self.run_.check(), 1)
        self.assertIn("tests/unit/test_new.py", self.run_.log)
        self.is_red(self.PROOF, "tests/unit/test_new.py::test_new did not run; planned is no shard")

    def test_a_list_is_edited(self):
        path = self.run_.root / ".lanewright/shards/unit.txt"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
        self.assertEqual(self.run_.check(), 1)
        self.assertIn(".lanewright/shards/unit.txt", self.run_.log)
        self.assertTrue(self.run_.lane("unit"), self.run_.log)
        self.is_red(self.PROOF, "shard unit ran another list than the plan's", "did not run; planned is unit")


if __name__ == "__main__":
    unittest.main(verbosity=1)
