"""Microsoft's multitool, with the rules of GitHub's code scanning, has nothing against what `audit` writes."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

LANEWRIGHT = os.environ["LANEWRIGHT"]
CLIENTS = pathlib.Path(os.environ["CLIENTS"])
CORPUS = pathlib.Path(__file__).resolve().parents[2] / "corpus/audit"
TOOL = CLIENTS / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"


def complaints(log):
    """The multitool exits 0 whatever it finds: its own report tells."""
    with tempfile.TemporaryDirectory() as folder:
        path, report = pathlib.Path(folder) / "log.sarif", pathlib.Path(folder) / "report.sarif"
        path.write_text(json.dumps(log))
        environment = dict(os.environ, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
        command = [str(TOOL), "validate", str(path), "--rule-kind", "Sarif;Ghas", "--output", str(report)]
        subprocess.run(command, check=True, capture_output=True, env=environment, timeout=300)
        run = json.loads(report.read_text(encoding="utf-8-sig"))["runs"][0]
        return {result["ruleId"] for result in run.get("results", [])}


def log_of(suite):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "suite"
        subprocess.run(["cp", "-r", str(suite), str(copy)], check=True)
        command = [LANEWRIGHT, "-C", str(copy), "audit", "--format", "sarif"]
        return json.loads(subprocess.run(command, check=False, capture_output=True, text=True).stdout)


class Sarif(unittest.TestCase):
    def test_every_suite_of_the_corpus_is_accepted(self):
        for suite in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
            with self.subTest(suite=suite.name):
                # SARIF2005: lanewright has no home page to name.  A log that cannot be read has no complaint at all.
                self.assertEqual(complaints(log_of(suite)), {"SARIF2005"})

    def test_the_judge_judges(self):
        log = log_of(CORPUS / "markers")
        del log["runs"][0]["results"][0]["locations"]
        log["runs"][0]["results"][1]["message"] = {}
        self.assertLessEqual({"JSON1017", "GH2012"}, complaints(log))


if __name__ == "__main__":
    if not TOOL.exists():
        print(f"{TOOL} is missing; tests/validators/install.sh installs it", file=sys.stderr)
        sys.exit(77)
    TOOL.chmod(0o755)
    unittest.main(verbosity=2)
