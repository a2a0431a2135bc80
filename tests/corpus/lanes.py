"""Runs every shard list of a suite with real pytest, each with only its lane's stand-in services up.

Every test's outcome in its shard equals its outcome in one run with all services up; the tests skipped are those
annotated `#: skipped`; the shards together are the suite, once.
"""
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

CORPUS = pathlib.Path(__file__).resolve().parents[2] / "corpus"
HAND_OVER = "import sys, pytest; sys.exit(pytest.main(open(sys.argv[1]).read().split('\\n')[:-1] + sys.argv[2:]))"


def outcomes(junit):
    found = []
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        found.append((case.get("classname") + "::" + case.get("name"), kinds.pop() if kinds else "passed"))
    return found


def run(shop, python, services, arguments, junit):
    command = [sys.executable, str(CORPUS / "services.py"), "run"]
    if services is not None:
        command += ["--only", ",".join(services) or "none"]
    command += ["--", python, *arguments, "-q", "-p", "no:cacheprovider", f"--junitxml={junit}"]
    done = subprocess.run(command, cwd=shop, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if not junit.exists():
        sys.exit(f"no report from {' '.join(command)}:\n{done.stdout[-2000:]}")
    return outcomes(junit)


def annotated_skips(shop):
    """Functions with a `#: skipped` clause on their own lines; their names are unique in the suite's files."""
    skipped = set()
    for path in shop.glob("tests/**/test_*.py"):
        pending = False
        for line in path.read_text().splitlines():
            note = line.partition("#:")[2]
            has = any(clause.strip() == "skipped" for clause in note.split(";"))
            if line.startswith("@"):
                pending |= has
            elif line.startswith(("def ", "async def ")):
                if has or pending:
                    module = path.relative_to(shop).with_suffix("").as_posix().replace("/", ".")
                    skipped.add(module + "::" + line.split("def ", 1)[1].split("(")[0])
                pending = False
    return skipped


def differences(shop, python, temp):
    """A sentence for each difference; `temp` is an empty folder for the reports."""
    plan = json.loads((shop / ".lanewright/plan.json").read_text())
    lanes = {lane["name"]: lane["services"] for lane in plan["lanes"]}
    problems = []
    whole = dict(run(shop, python, None, ["-m", "pytest"], temp / "whole.xml"))
    seen = {}
    for shard in plan["shards"]:
        services = lanes[shard["lane"]]
        arguments = ["-c", HAND_OVER, f".lanewright/shards/{shard['name']}.txt"]
        for test, outcome in run(shop, python, services, arguments, temp / f"{shard['name']}.xml"):
            if test in seen:
                problems.append(f"{test} ran on {seen[test]} and on {shard['name']}")
            seen[test] = shard["name"]
            if whole.get(test) != outcome:
                problems.append(f"{test}: {outcome} on {shard['name']}, {whole.get(test)} with all services up")
    problems += [f"{test} ran nowhere" for test in sorted(set(whole) - set(seen))]
    skipped = {test.split("[")[0] for test, outcome in whole.items() if outcome == "skipped"}
    if skipped != annotated_skips(shop):
        problems.append(f"skipped {sorted(skipped)}, annotated {sorted(annotated_skips(shop))}")
    if len(whole) < 300:
        problems.append(f"only {len(whole)} tests ran")
    return problems
