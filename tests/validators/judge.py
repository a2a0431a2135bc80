"""What the tests of this folder share: the clients, and the judgement of workflow.mjs.

Ends with 77, "skipped", when the clients are not installed: `tools/test` installs them, a bare ctest does not.
"""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
CLIENTS = pathlib.Path(os.environ["CLIENTS"]).resolve()
PYTESTS = ["7.2.1", "8.4.2", "9.0.2"]

if not (CLIENTS / "node.installed").exists():
    print(f"no clients in {CLIENTS}: run tests/validators/install.sh {CLIENTS}")
    sys.exit(77)
sys.path.insert(0, str(CLIENTS / "python"))


def judge(*files, variables=()):
    """What GitHub would run, by file, with what the readers object to; `variables` are contexts `vars` to try."""
    command = ["node", str(HERE / "workflow.mjs"), str(CLIENTS), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True,
                          env={**os.environ, "JUDGE_VARS": json.dumps(variables)})
    results = [json.loads(line) for line in done.stdout.splitlines()]
    if not results:
        raise AssertionError(done.stderr)
    return {pathlib.Path(it["file"]).name.removesuffix(".workflow.yml"): it for it in results}


def lane_jobs(result):
    """The jobs that run tests, by shard."""
    return {it["env"]["LANEWRIGHT_SHARD"]: it for it in result["jobs"] if it["list"]}
