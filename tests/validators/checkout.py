"""A small suite in a folder of its own, with the lists of a sample and one pytest, as a job of CI would find it."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from judge import CLIENTS

SAMPLES = pathlib.Path(os.environ["BUILD_DIR"]).resolve() / "samples"


SOURCE = pathlib.Path(os.environ["SOURCE_DIR"]).resolve()


def write_samples():
    """What the emitters write, by emit_test_samples of the build tree; beside a dynamic workflow, what its first job
    would have given."""
    SAMPLES.mkdir(exist_ok=True)
    subprocess.run([SAMPLES.parent / "emit_test_samples", SAMPLES], check=True)
    for name in ("dynamic", "planned"):
        matrix = (SAMPLES / f"{name}.matrix.json").read_text()
        sha256 = hashlib.sha256((SAMPLES / f"{name}.plan.json").read_bytes()).hexdigest()
        needs = {"backend-heavy-plan": {"outputs": {"matrix": matrix, "sha256": sha256}}}
        (SAMPLES / f"{name}.workflow.yml.needs.json").write_text(json.dumps(needs))


SUITE = {
    "backend/__init__.py": "def total(prices):\n    return sum(prices)\n\n\ndef unused():\n    return 0\n",
    "tests/integration/test_cart.py": "from backend import total\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
    "tests/integration/test_session.py": "def test_session():\n    pass\n",
    "tests/integration/test_search.py": (
        "class TestIndex:\n    def test_one(self):\n        pass\n    def test_two(self):\n        pass\n\n"
        "class TestQuery:\n    def test_facets(self):\n        pass\n    def test_other(self):\n        assert False\n"
    ),
    "tests/unit/test_prices.py": "import pytest\n\n@pytest.mark.parametrize('n', [1, 2])\ndef test_price(n):\n    pass\n",
    "pyproject.toml": "[tool.coverage.run]\nsource = ['backend']\n[tool.coverage.report]\nfail_under = 60\n",
}
RUN = {  # shard: tests that run
    "elastic-1": 2, "elastic-2": 1, "postgres": 2, "unit": 2,
}


class Checkout:
    """A small suite with its lists, and one pytest on the path."""

    def __init__(self, folder, version, sample):
        self.root = pathlib.Path(folder)
        for name, text in SUITE.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.write_lists(sample)
        packages = CLIENTS / f"pytest-{version}"
        tools = self.root / ".tools"  # `pytest`, `python` and `uv run`, as a job would find them
        tools.mkdir()
        for name in ("python", "python3"):
            (tools / name).symlink_to(sys.executable)
        (tools / "pytest").write_text(f"#!{sys.executable}\nimport sys\nfrom pytest import console_main\nsys.exit(console_main())\n")
        (tools / "uv").write_text('#!/bin/sh\nshift\nexec "$@"\n')
        for name in ("pytest", "uv"):
            (tools / name).chmod(0o755)
        self.env = {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "PYTHONPATH": f"{packages}:{self.root}",
            "HOME": str(self.root),
            "LANG": "C",
        }

    def write_lists(self, sample):
        text = (SAMPLES / f"{sample}.lists").read_text()
        for name, lines in re.findall(r"==> (.*) <==\n((?:(?!==>).*\n)*?)(?=\n==>|\Z)", text):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(lines)
        shutil.copy(SAMPLES / f"{sample}.plan.json", self.root / ".lanewright/plan.json")
        (self.root / "ci tools").mkdir()
        shutil.copy(SOURCE / "src/emit/lanewright_lists.py", self.root / "ci tools")

    def run(self, script, env=(), shell=("bash", "-e", "-o", "pipefail")):
        with tempfile.NamedTemporaryFile("w", suffix=".script") as file:
            file.write(script)
            file.flush()
            return subprocess.run([*shell, file.name], cwd=self.root, env={**self.env, **dict(env)},
                                  capture_output=True, text=True)

    def run_job(self, job):
        return self.run(job["run"], job["env"])

    def cases(self, shard):
        root = xml.etree.ElementTree.parse(self.root / f"junit-{shard}.xml").getroot()
        return sorted(it.get("classname") + "." + it.get("name") for it in root.iter("testcase"))
