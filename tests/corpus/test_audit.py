"""corpus/audit: findings stand where the suites say, each rule is switched off alone, machines can read them."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

LANEWRIGHT = os.environ["LANEWRIGHT"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITES = sorted(path for path in (ROOT / "corpus/audit").iterdir() if path.is_dir())
EXPECTATION = re.compile(r"#:((?: LW\d{3})+)\s*$")


def expected(suite):
    found = set()
    for path in suite.rglob("*"):
        if path.suffix in {".py", ".yml"} and ".lanewright" not in path.parts:
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = EXPECTATION.search(line)
                for code in match[1].split() if match else []:
                    found.add((path.relative_to(suite).as_posix(), number, code))
    return found


def audit(suite, *arguments):
    command = [LANEWRIGHT, "-C", str(suite), "audit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def findings(suite, *arguments):
    done = audit(suite, "--format", "json", *arguments)
    found = json.loads(done.stdout)["findings"]
    assert done.returncode == (1 if found else 0), done
    return found


def places(found):
    return {(finding["path"], finding["line"], finding["code"]) for finding in found}


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.suites = {}
        for suite in SUITES:
            copy = pathlib.Path(cls.folder.name) / suite.name
            shutil.copytree(suite, copy, ignore=shutil.ignore_patterns(".lanewright"))
            cls.suites[suite.name] = copy

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_findings_stand_where_the_suites_say_and_nowhere_else(self):
        for name, suite in self.suites.items():
            with self.subTest(suite=name):
                self.assertEqual(places(findings(suite)), expected(suite))

    def test_a_clean_suite_has_none(self):
        self.assertEqual(findings(self.suites["clean"]), [])
        self.assertIn("0 findings", audit(self.suites["clean"]).stdout)

    def rules(self):
        text = (ROOT / "src/audit/rules.h").read_text()
        return ["LW" + number for number in re.findall(r"X\((\d{3}),", text)]

    def test_every_rule_has_a_case_and_a_page(self):
        cases = {code for suite in self.suites.values() for _, _, code in expected(suite)}
        self.assertEqual(cases, set(self.rules()))
        for code in self.rules():
            page = (ROOT / f"docs/rules/{code}.md").read_text()
            for part in ("## Why", "## Example", "## How to mend it", "## When to ignore it"):
                self.assertIn(part, page, code)

    def test_a_rule_switched_off_takes_just_its_own_findings_away(self):
        for name, suite in self.suites.items():
            config = suite / "lanewright.toml"
            before = config.read_text()
            for code in sorted({code for _, _, code in expected(suite)}):
                with self.subTest(suite=name, rule=code):
                    config.write_text(before + f'\n[audit.rules]\n{code} = "off"\n')
                    left = {place for place in expected(suite) if place[2] != code}
                    self.assertEqual(places(findings(suite)), left)
            config.write_text(before)

    def test_columns_point_into_the_line(self):
        found = {finding["code"]: finding for finding in findings(self.suites["markers"])}
        line = (self.suites["markers"] / "tests/test_superfluous.py").read_text().splitlines()[3]
        self.assertEqual(line[found["LW102"]["column"] - 1:].split("  ")[0], "pytest.mark.requires_redis")


if __name__ == "__main__":
    unittest.main(verbosity=2)
