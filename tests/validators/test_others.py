"""GitLab and compose: the jobs as gitlab-ci-local expands them, and the pipeline really run, its jobs as plain shells.

CLIENTS is the folder that install.sh filled, BUILD_DIR a build tree with emit_test_samples in it.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

from judge import CLIENTS
from checkout import SAMPLES, Checkout, write_samples

import yaml

BASE = """include:
  - local: lanes.yml
.lanewright:
  before_script:
    - export PATH={path} PYTHONPATH={pythonpath}
"""


def node(name, *args, cwd):
    program = CLIENTS / "node_modules/.bin" / name
    return subprocess.run(["node", str(program), *args], cwd=cwd, capture_output=True, text=True,
                          env={**os.environ, "NO_COLOR": "1"})


@unittest.skipUnless(shutil.which("rsync"), "gitlab-ci-local needs rsync")
class GitLab(unittest.TestCase):
    def project(self, sample):
        """A repository with the emitted file included, and a `lanewright` that finds the plan valid and the run proven."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        tree = Checkout(folder.name, "8.4.2", sample)
        shutil.copy(SAMPLES / f"{sample}.gitlab.yml", tree.root / "lanes.yml")
        (tree.root / ".tools/lanewright").write_text("#!/bin/sh\ntest \"$1\" = check || test \"$1\" = prove\n")
        (tree.root / ".tools/lanewright").chmod(0o755)
        (tree.root / ".gitlab-ci.yml").write_text(BASE.format(path=tree.env["PATH"], pythonpath=f"{CLIENTS}/pytest-8.4.2:$PWD"))
        config = tree.root / "pyproject.toml"  # gitlab-ci-local gives each job a folder of another name
        config.write_text(config.read_text().replace("[tool.coverage.run]", "[tool.coverage.run]\nrelative_files = true"))
        for command in (["init", "-q", "-b", "main"], ["remote", "add", "origin", "git@localhost:a/b.git"], ["add", "-f", "."],
                        ["-c", "user.email=a@b", "-c", "user.name=a", "commit", "-q", "-m", "x"]):
            subprocess.run(["git", *command], cwd=tree.root, check=True)
        return tree

    def run_pipeline(self, tree):
        """Without the services, for which there is no Docker here: the small suite needs none."""
        jobs = yaml.safe_load((tree.root / "lanes.yml").read_text())
        for job in jobs.values():
            job.pop("services", None)
        (tree.root / "lanes.yml").write_text(json.dumps(jobs))
        return node("gitlab-ci-local", "--force-shell-executor", "--shell-isolation", "--artifacts-to-source=false",
                    cwd=tree.root)

    def test_the_jobs_have_exactly_their_services(self):
        for sample in ("plain", "bare", "list-argument", "part"):
            done = node("gitlab-ci-local", "--preview", cwd=self.project(sample).root)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            jobs = yaml.safe_load(done.stdout[done.stdout.index("---"):])
            services = {name: [it["alias"] for it in job.get("services", [])] for name, job in jobs.items()
                        if name.startswith("backend-heavy")}
            self.assertEqual(services, {
                "backend-heavy-check": [],
                "backend-heavy-elastic": ["elasticsearch", "postgres"],
                "backend-heavy-postgres": ["postgres", "redis"],
                "backend-heavy-unit": [],
                "backend-heavy-gate": [],
            })
            self.assertEqual(jobs["backend-heavy-elastic"]["parallel"], {"matrix": [{"LANEWRIGHT_SHARD": ["elastic-1", "elastic-2"]}]})
            self.assertEqual([it["job"] for it in jobs["backend-heavy-gate"]["needs"]],
                             ["backend-heavy-check", "backend-heavy-elastic", "backend-heavy-postgres", "backend-heavy-unit"])

    def test_the_pipeline_is_green_and_its_gate_has_seen_all_parts(self):
        for sample in ("plain", "list-argument"):
            done = self.run_pipeline(self.project(sample))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("12 parts of 4 shards", done.stdout)
            self.assertIn("75%", done.stdout)

    def test_a_failing_test_is_red(self):
        tree = self.project("plain")
        (tree.root / "tests/unit/test_prices.py").write_text("def test_price():\n    assert False\n")
        done = self.run_pipeline(tree)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("assert False", done.stdout + done.stderr)

    def test_a_part_of_another_list_is_red(self):
        tree = self.project("plain")
        lanes = (tree.root / "lanes.yml").read_text()
        (tree.root / "lanes.yml").write_text(lanes.replace('sha256(env["LANEWRIGHT_LIST"])', 'sha256("/dev/null")'))
        done = self.run_pipeline(tree)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("another list ran than the planned one", done.stdout + done.stderr)


class Compose(unittest.TestCase):
    def test_each_service_is_in_the_profiles_of_its_lanes(self):
        services = yaml.safe_load((SAMPLES / "plain.compose.yml").read_text())["services"]
        profiles = {name: service["profiles"] for name, service in services.items()}
        self.assertEqual(profiles, {"elasticsearch": ["elastic"], "postgres": ["elastic", "postgres"], "redis": ["postgres"]})
        self.assertEqual(services["elasticsearch"]["healthcheck"],
                         {"test": ["CMD-SHELL", "curl -fs http://localhost:9200/_cluster/health"], "interval": "10s"})
        self.assertEqual(services["postgres"]["environment"], {"POSTGRES_PASSWORD": "it's $$1 #secret"})


if __name__ == "__main__":
    write_samples()
    unittest.main(verbosity=1)
