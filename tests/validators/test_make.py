"""The make targets of corpus/shop under real make and pytest: SERVICES_UP and SERVICES_DOWN are the corpus' stand-ins in
place of docker compose, and their log says which ports were opened for a lane, and which were dialled.

LANEWRIGHT is the program, SOURCE_DIR the source tree, CLIENTS what install.sh filled.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

from judge import CLIENTS
from test_shop import CORPUS, checkout, lanewright

import yaml

UP = f"""#!/bin/sh
# What `docker compose up` is to a lane: its arguments are names of services.
exec {sys.executable} {CORPUS}/services.py up "$(echo "$@" | tr ' ' ,)" --pidfile services.pid --env services.env --log services.log 2>up.err
"""
DOWN = f"""#!/bin/sh
exec {sys.executable} {CORPUS}/services.py down --pidfile services.pid
"""
NOT_HERE = re.compile(r"\d+ failed|\d+ error")


class Targets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = checkout(cls.folder.name)
        lanewright(cls.root, "emit", "make", "--out", "Makefile")
        cls.plan = json.loads((cls.root / ".lanewright/plan.json").read_text())
        tools = cls.root / ".tools"
        tools.mkdir()
        for name, text in (("up", UP), ("down", DOWN)):
            (cls.root / name).write_text(text)
            (cls.root / name).chmod(0o755)
        # The stand-ins listen where they can, and say where in a file: the tests' Python reads it, as a shell would.
        (tools / "python3").write_text(f'#!/bin/sh\ntest -f services.env && . ./services.env\nexec {sys.executable} "$@"\n')
        (tools / "python3").chmod(0o755)
        cls.env = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(cls.root), "LANG": "C.UTF-8",
                   "PYTHONPATH": str(CLIENTS / "pytest-8.4.2")}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def make(self, *targets):
        done = subprocess.run(["make", "SERVICES_UP=./up", "SERVICES_DOWN=./down", *targets], cwd=self.root, env=self.env,
                              capture_output=True, text=True)
        log = self.root / "services.log"
        lines = log.read_text().splitlines() if log.exists() else []
        for name in ("services.log", "services.env"):
            (self.root / name).unlink(missing_ok=True)
        return done, {it.split()[1] for it in lines if it.startswith("started ")}, lines

    def lane_is_right(self, target, down, services, tests):
        try:
            done, started, lines = self.make(target)
        finally:
            self.make(down)
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, f"{target}: {said}")
        self.assertEqual(started, services, target)
        dialled = {it.split()[1] for it in lines if not it.startswith("started ")}
        self.assertLessEqual(dialled, services, target)
        self.assertEqual(bool(dialled), bool(services), f"{target}: {lines[:5]}")
        self.assertNotRegex(said, NOT_HERE)
        self.assertGreaterEqual(int(re.search(r"(\d+) passed", said).group(1)), tests)
        self.assertFalse((self.root / "services.pid").exists())

    def test_every_lane_opens_the_ports_of_its_services_and_runs_all_its_lists(self):
        for lane in self.plan["lanes"]:
            if lane["shards"]:
                self.lane_is_right(f"test-{lane['name']}", f"services-down-{lane['name']}", set(lane["services"]), 1)

    def test_every_shard_has_a_target_of_its_own(self):
        lane = next(it for it in self.plan["lanes"] if it["shards"] > 1)
        for n in range(1, lane["shards"] + 1):
            self.lane_is_right(f"test-{lane['name']}-{n}", f"services-down-{lane['name']}", set(lane["services"]), 1)

    def test_a_lane_without_its_service_would_be_noticed(self):
        """The test above can fail: with the engine left out, tests of the lane do not pass."""
        text = (self.root / "Makefile").read_text()
        line = next(it for it in text.splitlines() if it.startswith("\t$(SERVICES_UP)") and it.endswith(" solr"))
        (self.root / "Makefile").write_text(text.replace(line, line.removesuffix(" solr")))
        try:
            done, started, _ = self.make("test-solr")
        finally:
            self.make("services-down-solr")
            (self.root / "Makefile").write_text(text)
        self.assertNotIn("solr", started)
        self.assertRegex(done.stdout, r"\d+ failed")
        self.assertNotEqual(done.returncode, 0)

    def test_the_lanes_are_listed_with_their_services(self):
        done, started, _ = self.make("lanes")
        for lane in self.plan["lanes"]:
            self.assertIn(f"make test-{lane['name']}: {', '.join(lane['services']) or 'no service'}, ", done.stdout)
        self.assertEqual(started, set())

    def test_the_compose_file_holds_by_its_schema_and_has_a_health_check_for_each_service(self):
        lanewright(self.root, "emit", "compose", "--out", "compose.yml")
        done = subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yml"],
                              cwd=self.root, capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": str(CLIENTS / "python")})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        services = yaml.safe_load((self.root / "compose.yml").read_text())["services"]
        for lane in self.plan["lanes"]:
            with_profile = {name for name, it in services.items() if lane["name"] in it["profiles"]}
            self.assertEqual(with_profile, set(lane["services"]), lane["name"])
        for name, service in services.items():
            self.assertIn("healthcheck", service, name)


if __name__ == "__main__":
    unittest.main(verbosity=1)
