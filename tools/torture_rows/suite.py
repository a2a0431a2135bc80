"""The small suite that tools/torture mistreats, and how it runs the program on it."""

import os
import pathlib
import shutil
import subprocess

CONFIG = """\
[services.postgres]
[services.redis]

[lanes.postgres]
services = ["postgres"]
shards = 2

[lanes.redis]
services = ["redis"]
"""
CONFTEST = """\
import psycopg
import pytest
import redis


@pytest.fixture
def db():
    with psycopg.connect("postgresql://localhost:5432/app") as connection:
        yield connection


@pytest.fixture
def cache():
    return redis.Redis.from_url("redis://localhost:6379/0")
"""
KEPT = ("plan.json", "shards")


def test_file(number, fixture, name="one"):
    return f"def test_{name}_{number}({fixture}):\n    assert {number}\n"


def make(root, files=8):
    (root / "tests").mkdir(parents=True)
    (root / "lanewright.toml").write_text(CONFIG)
    (root / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    (root / "tests/conftest.py").write_text(CONFTEST)
    for i in range(files):
        (root / f"tests/test_{i}.py").write_text(test_file(i, ("db", "cache", "")[i % 3]))
    return root


class Wrong(Exception):
    """A promise that was not kept."""


def claim(is_true, text):
    if not is_true:
        raise Wrong(text)


def run(program, root, *arguments, env=None, prefix=(), timeout=60, **how):
    """A finished process.  A signal or a hang is wrong whatever is tested, unless the caller sent it."""
    may_die = how.pop("may_die", False)
    try:
        done = subprocess.run([*prefix, program, "-C", root, *arguments], capture_output=True, timeout=timeout,
                              env={**os.environ, **(env or {})}, **how)
    except subprocess.TimeoutExpired:
        raise Wrong(f"{arguments}: not done after {timeout} s") from None
    said = (done.stdout + done.stderr).decode(errors="replace")
    claim(may_die or 0 <= done.returncode <= 3, f"{arguments}: status {done.returncode}: {said[-300:]}")
    claim("AddressSanitizer" not in said and "runtime error:" not in said, f"{arguments}: {said[-2000:]}")
    return done


def answers(program, root):
    """What the program says of a tree, as bytes: needs and tests."""
    return b"".join(run(program, root, *c).stdout for c in (("needs", "--tests", "--format", "csv"), ("tests", "--format", "json")))


def outputs(root):
    """{name: bytes} of the plan and its lists."""
    at = root / ".lanewright"
    found = [at / "plan.json", *sorted(p for p in (at / "shards").glob("*") if p.suffix != ".lanewright")]  # an unfinished file is no output
    return {str(p.relative_to(at)): p.read_bytes() for p in found if p.exists()}


def copy(source, to):
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to, symlinks=True)
    return pathlib.Path(to)


def cold(program, root):
    """The answers without the index, which is put back afterwards."""
    index, aside = root / ".lanewright", root / ".aside"
    shutil.rmtree(aside, ignore_errors=True)
    index.rename(aside)
    said = answers(program, root)
    shutil.rmtree(index)
    aside.rename(index)
    return said
