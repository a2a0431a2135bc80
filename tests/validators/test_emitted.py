"""What the emitters wrote, in the hands of its readers: workflow parsers, YAML parsers, shells, make, pytest.

CLIENTS is the folder that install.sh filled, BUILD_DIR a build tree with emit_test_samples in it.
The expectations are those of tests/emit/sample.h and test_samples.c.
"""

import hashlib
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from judge import CLIENTS, PYTESTS, judge, lane_jobs
from checkout import RUN, SAMPLES, Checkout, write_samples

import yaml

LANES = {  # shard: services in the order they boot, number in its lane
    "elastic-1": (["elasticsearch", "postgres"], "elastic", 1),
    "elastic-2": (["elasticsearch", "postgres"], "elastic", 2),
    "postgres": (["postgres", "redis"], "postgres", 1),
    "unit": ([], "unit", 1),
}
LISTS = {
    "elastic-1": ["tests/integration/test_search.py::TestIndex"],
    "elastic-2": ["tests/integration/test_search.py::TestQuery::test_facets"],
    "postgres": ["tests/integration/test_cart.py", "tests/integration/test_session.py"],
    "unit": ["tests/unit/test_prices.py"],
}


STATIC = ("plain", "bare", "list-argument", "part", "reusable")  # one job a lane
MATRIX = ("matrix", "dynamic", "planned")  # one job for all


def workflows(*names):
    return [SAMPLES / f"{name}.workflow.yml" for name in names] or sorted(SAMPLES.glob("*.workflow.yml"))


class Workflows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.results = judge(*workflows(), variables=[{"HEAVY": "off"}, {}, {"HEAVY": "on"}])

    def test_three_readers_accept_every_sample(self):
        self.assertEqual(set(self.results), {*STATIC, *MATRIX, "user"})
        for name, result in self.results.items():
            self.assertEqual(result["errors"], [], name)

    def test_each_job_has_exactly_its_services_list_and_coverage(self):
        for name in (*STATIC, *MATRIX):
            jobs = lane_jobs(self.results[name])
            self.assertEqual(set(jobs), set(LANES), name)
            for shard, (services, lane, number) in LANES.items():
                job = jobs[shard]
                coverage = f".coverage.{lane}-{number}" if name != "bare" else ""
                self.assertEqual(list(job["services"]), services)
                self.assertEqual(job["list"], f".lanewright/shards/{shard}.txt")
                self.assertEqual(job["coverage"], coverage)
                self.assertEqual(job["artifact"], f"lanewright-{shard}")
                self.assertEqual(job["name"], f"backend-heavy-{shard}")
                self.assertEqual(job["env"]["LANEWRIGHT_LANE"], lane)
                parts = [f"junit-{shard}.xml", f"lanewright-{shard}.json", coverage]
                self.assertEqual(job["paths"], list(filter(None, parts)))

    def test_a_service_taken_from_one_lane_is_missed(self):
        """The test above can fail: without redis in one lane its comparison does not hold."""
        text = (SAMPLES / "plain.workflow.yml").read_text()
        redis = re.search(r"      redis:\n(        .*\n)+", text).group()
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder) / "broken.workflow.yml"
            broken.write_text(text.replace(redis, "", 1))
            jobs = lane_jobs(judge(broken)["broken"])
        self.assertNotEqual(list(jobs["postgres"]["services"]), LANES["postgres"][0])
        text = (SAMPLES / "matrix.workflow.yml").read_text()
        entry = re.search(r"shard: postgres\n(.*\n){4}", text).group()
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder) / "broken.workflow.yml"
            broken.write_text(text.replace(entry, entry.replace("- redis", "- opensearch")))
            jobs = lane_jobs(judge(broken)["broken"])
        self.assertEqual(list(jobs["postgres"]["services"]), ["postgres"])

    def test_a_repository_variable_turns_all_of_it_off_and_on(self):
        for name, result in self.results.items():
            ours = [it for it in result["jobs"] if it["job"].startswith("backend-heavy-")]
            switched = [it for it in ours if "vars.HEAVY" in it["if"]]
            self.assertEqual(switched, ours if name not in ("bare", "list-argument") else [], name)
            for job in switched:
                self.assertEqual(job["runs"], [False, True, True], f"{name} {job['job']}")

    def test_what_was_neither_setup_nor_test_runs_once_with_all_services(self):
        for name in ("matrix", "planned"):
            job = next(it for it in self.results[name]["jobs"] if it["job"] == "backend-heavy-once")
            self.assertEqual([it["run"] for it in job["steps"] if it["name"] == "Migrations are complete"],
                             ["python -m backend.migrations --check"])
            self.assertEqual(list(job["services"]), ["elasticsearch", "postgres", "redis"])
            self.assertIn("DATABASE_URL", job["jobEnv"])

    def test_an_entry_of_a_matrix_carries_what_a_script_may_want(self):
        entry = json.loads((SAMPLES / "plain.matrix.json").read_text())["include"][1]
        expected = {"lane": "elastic", "shard": "elastic-2", "list": ".lanewright/shards/elastic-2.txt",
                    "services": ["elasticsearch", "postgres"], "seconds": 63, "coverage": ".coverage.elastic-2"}
        self.assertEqual(entry, expected)
        written = yaml.safe_load((SAMPLES / "matrix.workflow.yml").read_text())["jobs"]["backend-heavy-lanes"]
        self.assertEqual(written["strategy"]["matrix"]["include"][1], expected)

    def test_a_workflow_of_its_own_is_called_by_others(self):
        document = yaml.safe_load((SAMPLES / "reusable.workflow.yml").read_text())
        self.assertEqual(document["on"], ["workflow_call"])

    def test_a_mistake_is_noticed_by_each_reader(self):
        text = (SAMPLES / "plain.workflow.yml").read_text()
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder) / "broken.workflow.yml"
            broken.write_text(text.replace("runs-on: ubuntu-latest", "runs-un: ubuntu-latest"))
            errors = "\n".join(judge(broken)["broken"]["errors"])
        for reader in ("workflow-parser", "actionlint", "action-validator"):
            self.assertIn(f"{reader}:", errors)

    def test_the_gate_needs_every_job_and_always_runs(self):
        for name, result in self.results.items():
            jobs = {it["job"]: it for it in result["jobs"]}
            gate = jobs.get("backend-heavy-gate")
            if not gate:
                continue
            if name in MATRIX:
                first = "backend-heavy-check" if name == "matrix" else "backend-heavy-plan"
                once = [] if name == "dynamic" else ["backend-heavy-once"]
                self.assertEqual(gate["needs"], [first, *once, "backend-heavy-lanes"])
                self.assertEqual(gate["if"], "always() && (vars.HEAVY != 'off')")
                continue
            condition = jobs["backend-heavy-postgres"]["if"]
            self.assertEqual(gate["if"], f"always() && ({condition})" if condition else "always()")
            upstream = ["changes"] if name == "list-argument" else []
            others = ["unit"] if name == "part" else []
            lanes = ["backend-heavy-elastic", "backend-heavy-postgres", "backend-heavy-unit"]
            self.assertEqual(gate["needs"], [*upstream, "backend-heavy-check", *lanes, *others])
            for job in [*lanes, "backend-heavy-check"]:
                self.assertEqual(jobs[job]["if"], condition)
                self.assertEqual(jobs[job]["permissions"], {"contents": "read"})
            for job in lanes:
                self.assertEqual(jobs[job]["needs"], [*upstream, "backend-heavy-check"])

    def test_yaml_1_1_reads_the_same_as_yaml_1_2(self):
        program = "process.stdout.write(JSON.stringify(require(process.argv[1]).parse(require('fs').readFileSync(0, 'utf8'))))"
        for path in SAMPLES.glob("*.workflow.yml"):
            if path.name == "user.workflow.yml":
                continue
            done = subprocess.run(
                ["node", "-e", program, str(CLIENTS / "node_modules/yaml")],
                input=path.read_bytes(), capture_output=True, check=True,
            )
            old = yaml.safe_load(path.read_text())
            old = {"on" if key is True else key: value for key, value in old.items()}  # the user's own plain `on`
            self.assertEqual(old, json.loads(done.stdout), path.name)

    def test_hostile_values_arrive_as_they_are(self):
        job = lane_jobs(self.results["part"])["unit"]
        self.assertEqual(job["env"]["HOSTILE"], "`id` $(id) \"'\\ # : - no\n\ttab")
        self.assertEqual(job["services"], {})
        self.assertEqual(lane_jobs(self.results["part"])["postgres"]["services"]["postgres"]["env"],
                         {"POSTGRES_PASSWORD": "it's $1 #secret"})


class Quoting(unittest.TestCase):
    """Thousands of hostile texts, written once and read by others."""

    def check_yaml(self, document):
        texts = json.loads((SAMPLES / "fuzz.json").read_text())
        self.assertGreater(len(texts), 2000)
        self.assertEqual(set(document), set(texts))
        for name, text in texts.items():
            expected = {"value": text, "script": text, f"_{text}": "key", "items": [text]}
            self.assertEqual(document[name], expected, name)

    def test_pyyaml_reads_them_as_they_were(self):
        self.check_yaml(yaml.load((SAMPLES / "fuzz.yml").read_bytes(), yaml.SafeLoader))

    def test_npm_yaml_reads_them_as_they_were(self):
        program = "process.stdout.write(JSON.stringify(require(process.argv[1]).parse(require('fs').readFileSync(process.argv[2], 'utf8'))))"
        done = subprocess.run(["node", "-e", program, str(CLIENTS / "node_modules/yaml"), str(SAMPLES / "fuzz.yml")],
                              capture_output=True, check=True)
        self.check_yaml(json.loads(done.stdout))

    def test_shells_say_them_as_they_were(self):
        for shell in ("sh", "bash"):
            done = subprocess.run([shell, str(SAMPLES / "fuzz.sh")], capture_output=True, check=True)
            self.assertEqual(done.stdout, (SAMPLES / "fuzz.sh.said").read_bytes(), shell)

    def test_make_says_them_as_they_were(self):
        done = subprocess.run(["make", "-s", "-f", str(SAMPLES / "fuzz.mk")], capture_output=True, check=True)
        self.assertEqual(done.stdout, (SAMPLES / "fuzz.mk.said").read_bytes())


class Running(unittest.TestCase):
    """The scripts of the jobs, run by bash with real pytest, as GitHub would."""

    @classmethod
    def setUpClass(cls):
        cls.results = judge(*workflows(*STATIC, *MATRIX))

    def checkout(self, version, sample):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Checkout(folder.name, version, sample)

    def test_each_shard_runs_its_list_and_leaves_its_parts(self):
        # The sample list-argument promises pytest 8.2; plain is run by the class Gate.
        for version, sample in (*((version, "bare") for version in PYTESTS), ("9.0.2", "list-argument")):
            tree = self.checkout(version, sample)
            ran = []
            for shard, job in lane_jobs(self.results[sample]).items():
                self.assertEqual((tree.root / job["list"]).read_text().splitlines(), LISTS[shard])
                done = tree.run_job(job)
                self.assertEqual(done.returncode, 0, f"{version} {sample} {shard}: {done.stdout}{done.stderr}")
                self.assertEqual(len(tree.cases(shard)), RUN[shard], done.stdout)
                ran += tree.cases(shard)
                for path in job["paths"]:
                    self.assertGreater((tree.root / path).stat().st_size, 0, path)
            self.assertEqual(len(ran), len(set(ran)))
            self.assertEqual(len(ran), sum(RUN.values()))

    def test_every_shape_runs_its_lists_hands_its_plan_on_and_combines_its_coverage(self):
        for sample in ("reusable", *MATRIX):
            tree = self.checkout("8.4.2", sample)
            parts = tree.root / ".lanewright/parts"
            parts.mkdir()
            for shard, job in lane_jobs(self.results[sample]).items():
                for step in job["steps"]:
                    if step["run"] and ("PLAN_SHA256" in step["env"] or "LANEWRIGHT_LIST" in step["env"]):
                        self.step_is_green(tree, step, f"{sample} {shard}")
                left_out = shard == "unit" and sample in ("matrix", "planned")  # by the lane's own arguments
                self.assertEqual(len(tree.cases(shard)), RUN[shard] - left_out, f"{sample} {shard}")
                for part in job["paths"]:
                    shutil.move(tree.root / part, parts)
            gate = next(it for it in self.results[sample]["jobs"] if it["job"] == "backend-heavy-gate")
            ours = [it for it in gate["steps"] if it["name"] in ("It is the plan that was made, whole",
                    "Every shard left its parts", "The coverage of all parts together")]
            self.assertEqual(len(ours), 3 if sample == "planned" else 2)
            for step in ours:
                self.step_is_green(tree, step, sample)

    def step_is_green(self, tree, step, what):
        env = dict(step["env"])
        if "PLAN_SHA256" in env:
            self.assertEqual(env["PLAN_SHA256"], "${{ needs.backend-heavy-plan.outputs.sha256 }}")
            env["PLAN_SHA256"] = hashlib.sha256((tree.root / ".lanewright/plan.json").read_bytes()).hexdigest()
        shell = (sys.executable,) if step["shell"] == "python3 {0}" else ("bash", "-e", "-o", "pipefail")
        done = tree.run(step["run"], env, shell)
        self.assertEqual(done.returncode, 0, f"{what}: {done.stdout}{done.stderr}")

    def test_a_plan_that_was_not_the_one_made_is_refused(self):
        tree = self.checkout("8.4.2", "planned")
        step = next(it for it in lane_jobs(self.results["planned"])["unit"]["steps"] if "PLAN_SHA256" in it["env"])
        plan, made = tree.root / ".lanewright/plan.json", (tree.root / ".lanewright/plan.json").read_bytes()
        env = {"PLAN_SHA256": hashlib.sha256(made).hexdigest()}
        self.assertEqual(tree.run(step["run"], env, (sys.executable,)).returncode, 0)
        (tree.root / ".lanewright/shards/elastic-2.txt").write_text("tests\n")
        done = tree.run(step["run"], env, (sys.executable,))
        self.assertIn("the list of elastic-2 is another than the planned one", done.stderr)
        plan.write_bytes(made + b"\n")
        self.assertIn("this is another plan", tree.run(step["run"], env, (sys.executable,)).stderr)

    def test_a_list_that_would_run_everything_runs_nothing(self):
        for version, sample in (("7.2.1", "bare"), ("9.0.2", "list-argument")):
            job = lane_jobs(self.results[sample])["unit"]
            tree = self.checkout(version, sample)
            path = tree.root / job["list"]
            for text in ("", "\n", "tests/unit/test_prices.py\n\n", "\ntests/unit/test_prices.py\n", "  \n", None):
                path.unlink() if text is None else path.write_text(text)
                done = tree.run_job(job)
                self.assertNotEqual(done.returncode, 0, f"{version} {sample} {text!r}")
                self.assertFalse((tree.root / "junit-unit.xml").exists())
                self.assertFalse((tree.root / "lanewright-unit.json").exists())

    def test_a_failing_or_vanishing_test_leaves_no_record(self):
        for body in ("def test_price():\n    assert False\n", "import os\ndef test_price():\n    os._exit(0)\n", ""):
            tree = self.checkout("8.4.2", "bare")
            (tree.root / "tests/unit/test_prices.py").write_text(body)
            done = tree.run_job(lane_jobs(self.results["bare"])["unit"])
            self.assertNotEqual(done.returncode, 0, body)
            self.assertFalse((tree.root / "lanewright-unit.json").exists(), body)

    def test_odd_names_reach_pytest(self):
        for version in ("7.2.1", "9.0.2"):
            tree = self.checkout(version, "bare")
            job = lane_jobs(self.results["bare"])["unit"]
            names = ["./-x_test.py", "./@y_test.py", "a b_test.py", "$(id)_test.py", "caf\u00e9_test.py", "#_test.py", "'\"_test.py"]
            for name in names:
                (tree.root / name).write_text("def test_it():\n    pass\n")
            (tree.root / job["list"]).write_text("".join(f"{name}\n" for name in names))
            done = tree.run_job(job)
            self.assertEqual(done.returncode, 0, f"{version}: {done.stdout}{done.stderr}")
            self.assertEqual(len(tree.cases("unit")), len(names))

    def test_bare_pytest_does_not_see_the_working_directory(self):
        """`python -c` puts it on sys.path and `pytest` does not: what runs alone must run in the lane."""
        tree = self.checkout("8.4.2", "bare")
        tree.env["PYTHONPATH"] = str(CLIENTS / "pytest-8.4.2")
        (tree.root / "hidden.py").write_text("")
        (tree.root / "pytest.py").write_text("raise SystemExit('the wrong pytest')\n")
        (tree.root / "tests/unit/test_prices.py").write_text("import hidden\n\ndef test_price():\n    pass\n")
        done = tree.run_job(lane_jobs(self.results["bare"])["unit"])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("No module named 'hidden'", done.stdout)


class Gate(unittest.TestCase):
    """All lanes, one after the other, then the gate's scripts over what they left."""

    @classmethod
    def setUpClass(cls):
        cls.result = judge(SAMPLES / "plain.workflow.yml")["plain"]
        cls.gate = next(it for it in cls.result["jobs"] if it["job"] == "backend-heavy-gate")
        cls.folder = tempfile.TemporaryDirectory()
        cls.lanes = Checkout(cls.folder.name, "8.4.2", "plain")
        cls.parts = []
        for job in lane_jobs(cls.result).values():
            done = cls.lanes.run_job(job)
            assert done.returncode == 0, done.stdout + done.stderr
            cls.parts += job["paths"]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Checkout(folder.name, "8.4.2", "plain")
        self.fetched = self.tree.root / ".lanewright/parts"
        self.fetched.mkdir()
        for part in self.parts:
            shutil.copy(self.lanes.root / part, self.fetched)

    def check_parts(self):
        script = next(it for it in self.gate["scripts"] if "planned_list" in it)
        return self.tree.run(script, {"LANEWRIGHT_COMMIT": "${{ github.sha }}"}, shell=(sys.executable,))

    def check_results(self, needs):
        script = next(it for it in self.gate["scripts"] if "NEEDS" in it)
        return self.tree.run(script, {"NEEDS": json.dumps(needs)}, shell=(sys.executable,))

    def combine(self):
        script = next(it for it in self.gate["scripts"] if "coverage combine" in it)
        return self.tree.run(script)

    def test_whole_parts_are_green_and_their_coverage_is_that_of_one_run(self):
        done = self.check_parts()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("12 parts of 4 shards", done.stdout)
        done = self.combine()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("75%", done.stdout)  # of backend: all but the body of unused()
        self.assertTrue((self.tree.root / "coverage.xml").exists())

    def test_too_little_coverage_is_red(self):
        path = self.tree.root / "pyproject.toml"
        path.write_text(path.read_text().replace("60", "80"))
        self.assertNotEqual(self.combine().returncode, 0)

    def red(self, sentence):
        done = self.check_parts()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(sentence, done.stdout)

    def test_a_missing_part_is_red(self):
        for part in ("junit-unit.xml", "lanewright-elastic-2.json", ".coverage.postgres-1"):
            text = (self.fetched / part).read_bytes()
            (self.fetched / part).unlink()
            self.red(f"{part}: missing or empty")
            (self.fetched / part).write_bytes(text)
        self.assertEqual(self.check_parts().returncode, 0)

    def test_an_empty_part_is_red(self):
        (self.fetched / ".coverage.unit-1").write_bytes(b"")
        self.red(".coverage.unit-1: missing or empty")

    def test_no_part_at_all_is_red(self):
        shutil.rmtree(self.fetched)
        self.red("junit-unit.xml: missing or empty")

    def test_coverage_that_is_no_database_is_red(self):
        (self.fetched / ".coverage.unit-1").write_bytes(b"not a database, but not empty either")
        self.red(".coverage.unit-1: file is not a database")

    def test_a_database_that_is_not_coverages_is_red(self):
        path = self.fetched / ".coverage.unit-1"
        path.unlink()
        data = sqlite3.connect(path)
        with data:
            data.execute("create table other (x)")
        data.close()
        self.red("no such table: file")

    def test_a_lane_that_touches_no_source_is_green(self):
        data = sqlite3.connect(self.fetched / ".coverage.unit-1")
        with data:
            data.execute("delete from file")
        data.close()
        self.assertEqual(self.check_parts().returncode, 0)

    def test_a_stranger_is_red(self):
        (self.fetched / ".coverage.solr-1").write_bytes(b"x")
        self.red(".coverage.solr-1: not of this plan")

    def test_another_list_is_red(self):
        record = self.fetched / "lanewright-unit.json"
        for text in (record.read_text().replace("list_sha256\": \"", "list_sha256\": \"0"), "{", "3" * 9):
            record.write_text(text)
            done = self.check_parts()
            self.assertEqual(done.returncode, 1, text)

    def test_any_result_but_success_is_red(self):
        good = {name: {"result": "success", "outputs": {}} for name in self.gate["needs"]}
        self.assertEqual(self.check_results(good).returncode, 0)
        for result in ("failure", "cancelled", "skipped"):
            done = self.check_results({**good, "backend-heavy-unit": {"result": result, "outputs": {}}})
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"job backend-heavy-unit: {result}", done.stdout)
        self.assertEqual(self.check_results({}).returncode, 1)

    def test_the_record_has_the_hash_of_the_list(self):
        record = json.loads((self.fetched / "lanewright-unit.json").read_text())
        text = (self.tree.root / ".lanewright/shards/unit.txt").read_bytes()
        report = (self.fetched / "junit-unit.xml").read_bytes()
        plan = (self.tree.root / ".lanewright/plan.json").read_bytes()
        self.assertEqual(record, {
            "version": 1, "lane": "unit", "shard": "unit", "commit": "${{ github.sha }}",
            "list_sha256": hashlib.sha256(text).hexdigest(), "plan_sha256": hashlib.sha256(plan).hexdigest(),
            "report_sha256": hashlib.sha256(report).hexdigest(), "tests": 2, "failures": 0, "errors": 0, "skipped": 0,
        })


class Make(unittest.TestCase):
    def run_make(self, *args, version="8.4.2", sample="bare"):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        tree = Checkout(folder.name, version, sample)
        shutil.copy(SAMPLES / f"{sample}.make.mk", tree.root / "Makefile")
        (tree.root / "up").write_text("#!/bin/sh\necho up \"$@\" >>log\n")
        (tree.root / "down").write_text("#!/bin/sh\necho down \"$@\" >>log\n")
        for name in ("up", "down"):
            (tree.root / name).chmod(0o755)
        done = subprocess.run(["make", "SERVICES_UP=./up", "SERVICES_DOWN=./down", *args], cwd=tree.root, env=tree.env,
                              capture_output=True, text=True)
        log = tree.root / "log"
        return done, log.read_text() if log.exists() else ""

    def test_a_lane_boots_its_services_and_runs_all_its_lists(self):
        done, log = self.run_make("test-elastic", version="7.2.1")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("3 passed", done.stdout)
        self.assertEqual(log, "up elasticsearch postgres\n")

    def test_a_shard_runs_one_list(self):
        done, log = self.run_make("test-elastic-2")
        self.assertIn("1 passed", done.stdout)
        self.assertEqual(log, "up elasticsearch postgres\n")

    def test_a_lane_without_services_starts_nothing(self):
        done, log = self.run_make("test-unit", "services-down-unit")
        self.assertIn("2 passed", done.stdout)
        self.assertEqual(log, "")

    def test_services_go_down(self):
        _, log = self.run_make("services-down-postgres")
        self.assertEqual(log, "down postgres redis\n")

    def test_the_list_argument_form_runs_too(self):
        done, _ = self.run_make("test-elastic", sample="list-argument")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("3 passed", done.stdout)

    def test_lanes_are_listed(self):
        done, _ = self.run_make("lanes")
        self.assertIn("make test-postgres: postgres, redis, ", done.stdout)

    def test_a_failing_test_fails_the_target(self):
        done, _ = self.run_make("test-unit", "PYTEST_ARGS=-k nothing_of_the_kind")
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    write_samples()
    unittest.main(verbosity=1)
