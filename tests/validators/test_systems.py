"""CircleCI, Buildkite and Azure: expanded, and their jobs really run as shells, with what the systems would do to the
text done to it.  Whether the systems would read the files is asked by test_readers.py.

CLIENTS is the folder that install.sh filled, BUILD_DIR a build tree with emit_test_samples in it.
"""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from judge import CLIENTS, HERE
from checkout import RUN, SAMPLES, Checkout, write_samples

import yaml

SERVICES = {"elastic-1": ["elasticsearch", "postgres"], "elastic-2": ["elasticsearch", "postgres"],
            "postgres": ["postgres", "redis"], "unit": []}
IMAGES = {"elasticsearch:9.4.1": "elasticsearch", "postgres:16": "postgres", "redis:7": "redis"}


class Reading(unittest.TestCase):
    def test_circleci_reads_its_jobs(self):
        def read(path):
            return subprocess.run(["node", HERE / "circleci.cjs", CLIENTS, path], capture_output=True, text=True)

        jobs = [f"backend-heavy-{name}" for name in ("check", *SERVICES, "gate")]
        for path in SAMPLES.glob("*.circleci.yml"):
            done = read(path)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(json.loads(done.stdout), {"jobs": jobs, "workflows": ["backend-heavy"]})
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder) / "broken.yml"
            broken.write_text((SAMPLES / "plain.circleci.yml").read_text().replace("      - checkout", "      - [x]", 1))
            self.assertNotEqual(read(broken).returncode, 0)

    @unittest.skipUnless((CLIENTS / "buildkite").exists(), "no Go that can build Buildkite's parser")
    def test_buildkite_uploads_the_scripts_that_we_take_it_to(self):
        for path in SAMPLES.glob("*.buildkite.yml"):
            done = subprocess.run([CLIENTS / "buildkite", path], capture_output=True, text=True, check=True)
            ours = yaml.safe_load(path.read_text())["steps"]
            for uploaded, step in zip(json.loads(done.stdout)["steps"], ours, strict=True):
                self.assertEqual(uploaded["command"], interpolated(step["command"]))
                self.assertEqual(uploaded.get("env", {}), {name: interpolated(it) for name, it in step.get("env", {}).items()})

    def test_two_readers_of_yaml_agree(self):
        program = "process.stdout.write(JSON.stringify(require(process.argv[1]).parse(require('fs').readFileSync(0, 'utf8'))))"
        for kind in ("circleci", "buildkite", "azure", "compose"):
            for path in SAMPLES.glob(f"*.{kind}.yml"):
                done = subprocess.run(["node", "-e", program, str(CLIENTS / "node_modules/yaml")], input=path.read_bytes(),
                                      capture_output=True, check=True)
                self.assertEqual(yaml.safe_load(path.read_text()), json.loads(done.stdout), path.name)


# ---- what each system would run: {job: {"services", "env", "needs", "scripts", "parts"}} ----


def circleci(sample):
    document = yaml.safe_load((SAMPLES / f"{sample}.circleci.yml").read_text())
    needs = {}
    for job in document["workflows"]["backend-heavy"]["jobs"]:
        for name, it in (job if isinstance(job, dict) else {job: {}}).items():
            needs[name] = it.get("requires", [])
    jobs = {}
    for name, job in document["jobs"].items():
        commands = [step["run"]["command"].replace("\\<<", "<<") for step in job["steps"] if "run" in step]
        jobs[name] = {
            "services": [IMAGES[it["image"]] for it in job["docker"][1:]],
            "env": {**job.get("environment", {}), "CIRCLE_SHA1": "c0ffee"},
            "needs": needs[name],
            "scripts": [it for it in commands if "socket" not in it],
            "waits": [it for it in commands if "socket" in it],
            "setup": ".circleci/lanewright-setup.sh",
        }
    return jobs


def interpolated(text):
    """As `buildkite-agent pipeline upload` does: $$ is a dollar; anything else behind one is a mistake of ours."""
    assert not re.search(r"(?<!\$)(\$\$)*\$(?!\$)", text), text
    return text.replace("$$", "$")


def buildkite(sample):
    document = yaml.safe_load((SAMPLES / f"{sample}.buildkite.yml").read_text())
    profiles = {name: it["profiles"] for name, it in yaml.safe_load((SAMPLES / f"{sample}.compose.yml").read_text())["services"].items()}
    jobs = {}
    for step in document["steps"]:
        script = interpolated(step["command"])
        profile = re.search(r"--profile (\S+)", script)
        jobs[step["key"]] = {
            "services": sorted(name for name, its in profiles.items() if profile and profile.group(1) in its),
            "env": {**{name: interpolated(value) for name, value in step.get("env", {}).items()}, "BUILDKITE_COMMIT": "c0ffee",
                    "BUILDKITE_JOB_ID": "1"},
            "needs": step.get("depends_on", []),
            "scripts": [script],
            "artifacts": step.get("artifact_paths", []),
            "setup": ".buildkite/lanewright-setup.sh",
        }
    return jobs


def azure(sample):
    document = yaml.safe_load((SAMPLES / f"{sample}.azure.yml").read_text())
    images = {it["container"]: IMAGES[it["image"]] for it in document["resources"]["containers"]}
    jobs = {}
    for job in document["jobs"]:
        for name, entry in job.get("strategy", {}).get("matrix", {"": {}}).items():
            variables = {**job.get("variables", {}), **entry}
            jobs[job["displayName"] + (f"-{name.removeprefix('shard_')}" if name else "")] = {
                "services": [images[it] for it in job.get("services", {}).values()],
                "env": {**variables, "BUILD_SOURCEVERSION": "c0ffee"},
                "needs": [it.replace("_", "-") for it in job.get("dependsOn", [])],
                "scripts": [step["bash"] for step in job["steps"] if "bash" in step],
                "artifact": [step["artifact"] for step in job["steps"] if "publish" in step],
                "setup": ".azure/lanewright-setup.sh",
            }
    return jobs


SYSTEMS = {"circleci": circleci, "buildkite": buildkite, "azure": azure}


class Jobs(unittest.TestCase):
    def test_each_job_has_exactly_its_services_list_and_coverage(self):
        for system, expand in SYSTEMS.items():
            for sample in ("plain", "list-argument", "matrix", "reusable"):
                jobs = expand(sample)
                self.assertEqual(set(jobs), {f"backend-heavy-{it}" for it in ("check", *SERVICES, "gate")}, system)
                for shard, services in SERVICES.items():
                    job = jobs[f"backend-heavy-{shard}"]
                    self.assertEqual(job["services"], services, f"{system} {shard}")
                    self.assertEqual(job["needs"], ["backend-heavy-check"])
                    lane = shard.split("-")[0]
                    number = shard.partition("-")[2] or "1"
                    expected = {"LANEWRIGHT_LANE": lane, "LANEWRIGHT_SHARD": shard,
                                "LANEWRIGHT_LIST": f".lanewright/shards/{shard}.txt",
                                "COVERAGE_FILE": f".lanewright/parts/.coverage.{lane}-{number}"}
                    self.assertEqual({name: job["env"][name] for name in expected}, expected)
                self.assertEqual({re.sub(r"-\d$", "", it) for it in jobs["backend-heavy-gate"]["needs"]},
                                 {"backend-heavy-elastic", "backend-heavy-postgres", "backend-heavy-unit"})

    def test_circleci_waits_for_the_ports_of_the_containers(self):
        job = circleci("plain")["backend-heavy-postgres"]
        self.assertIn("for port in 5432 6379; do", job["waits"][0])
        with tempfile.TemporaryDirectory() as folder:
            tree = Checkout(folder, "8.4.2", "plain")
            script = job["waits"][0].replace("range(120)", "range(1)").replace("5432 6379", "1")
            done = tree.run(script)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("nothing listens on port 1", done.stderr)


class Running(unittest.TestCase):
    def project(self, jobs, sample="plain"):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        tree = Checkout(folder.name, "8.4.2", sample)
        setup = tree.root / next(iter(jobs.values()))["setup"]
        setup.parent.mkdir()
        setup.write_text("export SET_UP=1\n")
        stubs = {
            "lanewright": '#!/bin/sh\ntest -n "$SET_UP" || exit 9\necho "$@" >>lanewright.log\n',
            "docker": '#!/bin/sh\necho "$@" >>docker.log\n',
            "buildkite-agent": '#!/bin/sh\nmkdir -p .lanewright/parts && cp artifacts/.lanewright/parts/.[!.]* artifacts/.lanewright/parts/* .lanewright/parts\n',
        }
        for name, text in stubs.items():
            (tree.root / ".tools" / name).write_text(text)
            (tree.root / ".tools" / name).chmod(0o755)
        return tree

    def run_job(self, tree, job):
        for script in job["scripts"]:
            env = {**job["env"], "PIPELINE_WORKSPACE": str(tree.root / "artifacts")}
            done = tree.run(script, env, ("bash", "-eo", "pipefail") if "circleci" in job["setup"] else ("bash",))
            if done.returncode:
                return done
        return done

    def run_lanes(self, system, tree, jobs):
        """And keep what each leaves, as the system would."""
        kept = tree.root / "artifacts"
        parts = tree.root / ".lanewright/parts"
        for shard, n in RUN.items():
            done = self.run_job(tree, jobs[f"backend-heavy-{shard}"])
            self.assertEqual(done.returncode, 0, f"{system} {shard}: {done.stdout}{done.stderr}")
            self.assertIn(f"{n} passed", done.stdout)
            if system == "azure":
                shutil.move(parts, kept / f"lanewright-{shard}-1")
                continue
            for path in jobs[f"backend-heavy-{shard}"].get("artifacts", []):
                (kept / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(tree.root / path, kept / path)

    def test_the_lanes_are_green_and_the_gate_has_seen_all_parts(self):
        for system, expand in SYSTEMS.items():
            jobs = expand("plain")
            tree = self.project(jobs)
            (tree.root / "artifacts").mkdir()
            self.assertEqual(self.run_job(tree, jobs["backend-heavy-check"]).returncode, 0)
            self.run_lanes(system, tree, jobs)
            done = self.run_job(tree, jobs["backend-heavy-gate"])
            self.assertEqual(done.returncode, 0, f"{system}: {done.stdout}{done.stderr}")
            self.assertIn("12 parts of 4 shards", done.stdout)
            self.assertIn("75%", done.stdout)
            self.assertTrue((tree.root / "coverage.xml").exists())
            log = (tree.root / "lanewright.log").read_text()
            self.assertRegex(log, r"^check\n(.*\n)*prove (\.lanewright/parts/junit-\S+ ){4}(\.lanewright/parts/lanewright-\S+\s){4}$")
            self.break_gate(system, tree, jobs)

    def break_gate(self, system, tree, jobs):
        lost = list(tree.root.glob("artifacts/**/.coverage.unit-1")) + list(tree.root.glob(".lanewright/parts/.coverage.unit-1"))
        self.assertTrue(lost)
        for path in lost:
            path.write_bytes(b"")
        done = self.run_job(tree, jobs["backend-heavy-gate"])
        self.assertNotEqual(done.returncode, 0, system)
        self.assertIn(".coverage.unit-1: missing or empty", done.stdout)

    def test_a_run_that_is_not_proven_is_red(self):
        for system, expand in SYSTEMS.items():
            jobs = expand("plain")
            tree = self.project(jobs)
            (tree.root / "artifacts").mkdir()
            self.run_lanes(system, tree, jobs)
            (tree.root / ".tools/lanewright").write_text("#!/bin/sh\necho '##vso[task.complete result=Succeeded] not proven'\nexit 1\n")
            done = self.run_job(tree, jobs["backend-heavy-gate"])
            self.assertNotEqual(done.returncode, 0, system)
            if system == "azure":
                self.assertNotIn("##vso", done.stdout)
                self.assertIn("not proven", done.stdout)

    def test_a_failing_test_leaves_no_record(self):
        for system, expand in SYSTEMS.items():
            jobs = expand("plain")
            tree = self.project(jobs)
            (tree.root / "tests/unit/test_prices.py").write_text("def test_price():\n    assert False\n")
            self.assertNotEqual(self.run_job(tree, jobs["backend-heavy-unit"]).returncode, 0)
            self.assertFalse((tree.root / ".lanewright/parts/lanewright-unit.json").exists())

    def test_buildkite_boots_the_profile_of_the_lane_and_ends_it(self):
        jobs = buildkite("plain")
        tree = self.project(jobs)
        self.run_job(tree, jobs["backend-heavy-postgres"])
        compose = "compose --project-name lanewright-1 --file .lanewright/compose.yml --profile postgres"
        self.assertEqual((tree.root / "docker.log").read_text(), f"{compose} up --detach --wait\n{compose} down --volumes\n")
        self.assertEqual((tree.root / "lanewright.log").read_text(), "emit compose --out .lanewright/compose.yml\n")
        self.run_job(tree, jobs["backend-heavy-unit"])
        self.assertEqual((tree.root / "docker.log").read_text().count("up"), 1)


if __name__ == "__main__":
    write_samples()
    unittest.main(verbosity=1)
