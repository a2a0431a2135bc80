"""corpus/shop, whole: its annotations hold, its plan runs under real pytest, its workflow is what CI would run."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import expectations
import lanes

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "validators"))
from judge import CLIENTS, PYTESTS, judge, lane_jobs  # noqa: E402

LANEWRIGHT = os.environ["LANEWRIGHT"]
DEBIAN = "/usr/bin/python3"


def lanewright(shop, *arguments):
    return subprocess.run([LANEWRIGHT, "-C", shop, *arguments], check=True, capture_output=True, text=True).stdout


class Shop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.shop = pathlib.Path(cls.folder.name) / "shop"
        ignored = shutil.ignore_patterns(".lanewright", "__pycache__")
        shutil.copytree(lanes.CORPUS / "shop", cls.shop, ignore=ignored)
        lanewright(cls.shop, "record", *map(str, sorted(cls.shop.glob("timings/*.xml"))))
        lanewright(cls.shop, "plan")
        cls.plan = json.loads((cls.shop / ".lanewright/plan.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_every_annotation_holds(self):
        folder = pathlib.Path(self.folder.name)
        (folder / "tests.csv").write_text(lanewright(self.shop, "needs", "--tests", "--format", "csv"))
        (folder / "files.csv").write_text(lanewright(self.shop, "needs", "--format", "csv"))
        (folder / "ids").write_text(lanewright(self.shop, "tests", "--format", "ids"))
        checked, problems = expectations.compare(self.shop, folder / "tests.csv", folder / "files.csv", folder / "ids")
        self.assertEqual(problems, [])
        self.assertGreater(checked, 350)

    def test_a_wrong_verdict_would_be_noticed(self):
        """The test above can fail: with one need taken away, one added, it does."""
        folder = pathlib.Path(self.folder.name)
        rows = lanewright(self.shop, "needs", "--tests", "--format", "csv").splitlines()
        lost = next(row for row in rows if row.endswith(",postgres,requires"))
        rows[rows.index(lost)] = "tests/unit/test_money.py::test_add,solr,probable"
        (folder / "wrong.csv").write_text("\n".join(rows) + "\n")
        (folder / "files2.csv").write_text(lanewright(self.shop, "needs", "--format", "csv"))
        (folder / "ids2").write_text(lanewright(self.shop, "tests", "--format", "ids"))
        _, problems = expectations.compare(self.shop, folder / "wrong.csv", folder / "files2.csv", folder / "ids2")
        self.assertTrue(any(lost.split(",")[0] in problem for problem in problems))
        self.assertGreaterEqual(len(problems), 1)

    def test_each_list_runs_as_in_the_whole_suite(self):
        environment = dict(os.environ)
        pythons = [(DEBIAN, None)] + [(sys.executable, CLIENTS / f"pytest-{version}") for version in PYTESTS[1:2]]
        for n, (python, path) in enumerate(pythons):
            with self.subTest(python=python, path=path):
                if path:
                    os.environ["PYTHONPATH"] = str(path)
                try:
                    temp = pathlib.Path(self.folder.name) / str(n)
                    temp.mkdir()
                    self.assertEqual(lanes.differences(self.shop, python, temp), [])
                finally:
                    os.environ.clear()
                    os.environ.update(environment)

    def test_one_lane_is_derived_for_the_one_test_of_two_engines(self):
        derived = [lane["name"] for lane in self.plan["lanes"] if lane["derived"]]
        self.assertEqual(derived, ["elasticsearch-opensearch"])
        lists = [shard["name"] for shard in self.plan["shards"] if shard["lane"] in derived]
        on_it = [(self.shop / f".lanewright/shards/{name}.txt").read_text() for name in lists]
        self.assertEqual(on_it, ["tests/integration/test_reindex.py::test_from_one_to_the_other\n"])
        used = {lane["name"] for lane in self.plan["lanes"] if lane["shards"]}
        self.assertEqual(used, {"postgres", "elastic", "opensearch", "solr", "unit", *derived})

    def test_the_workflow_boots_for_each_list_just_its_services(self):
        target = self.shop / ".github/workflows/pr.yml"
        lanewright(self.shop, "emit", "github", "--out", str(target))
        result = judge(target)["pr.yml"]
        self.assertEqual(result["errors"], [])
        services = {lane["name"]: set(lane["services"]) for lane in self.plan["lanes"]}
        jobs = lane_jobs(result)
        self.assertEqual(set(jobs), {shard["name"] for shard in self.plan["shards"]})
        for shard in self.plan["shards"]:
            job = jobs[shard["name"]]
            self.assertEqual(set(job["services"]), services[shard["lane"]])
            self.assertEqual(job["list"], f".lanewright/shards/{shard['name']}.txt")
            self.assertEqual(job["coverage"], f".coverage.{shard['lane']}-{shard['number']}")
        self.assertEqual(len({job["coverage"] for job in jobs.values()}), len(jobs))

    def test_the_same_tree_gives_the_same_bytes(self):
        before = (self.shop / ".lanewright/plan.json").read_bytes()
        lanewright(self.shop, "plan")
        again = json.loads((self.shop / ".lanewright/plan.json").read_text())
        self.assertEqual(again["units"], json.loads(before)["units"])
        for jobs in ("1", "4"):
            ids = lanewright(self.shop, "--jobs", jobs, "needs", "--tests", "--format", "json")
            self.assertEqual(ids, lanewright(self.shop, "needs", "--tests", "--format", "json"))
        self.assertTrue(re.match(r'{"version":\s*1', ids))


if __name__ == "__main__":
    unittest.main(verbosity=2)
