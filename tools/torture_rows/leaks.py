"""R24: descriptors, threads, processes and temporary files that are left, whichever way a command ends."""

import os
import signal
import subprocess
import time

from torture_rows import suite
from torture_rows.faults import JOBS, Job, allocations, calls_of, listing, preloaded, stride
from torture_rows.suite import Wrong, claim, run

# Every way out: fine, findings, usage, trouble.
ENDS = (
    ("scan",), ("tests",), ("needs",), ("needs", "nowhere"), ("explain", "tests/test_0.py"), ("explain", "nowhere"), ("audit",),
    ("audit", "--changed", "HEAD"), ("audit", "--changed", "nothing"), ("estimate",), ("forecast",), ("check",), ("plan",), ("check",),
    ("emit", "github"), ("emit", "lists"), ("emit", "nothing"), ("emit", "make", "--out", "/dev/null/x"), ("prove", "nowhere.xml"),
    ("record", "lanewright.toml"), ("record", "nowhere"), ("history", "show", "x"), ("history", "export"), ("history", "merge", "lanewright.toml"),
    ("history", "recover"), ("query", "select * from v1_tests"), ("query", "not sql"), ("run", "nowhere"), ("split",), ("--version",), ("--nonsense",), ("init",),
)


def left_open(torture, root, preload, arguments, **env):
    """Runs it, and gives what is open when it ends, beside the standard streams, and how many threads there are."""
    report = torture.work / "left"
    report.unlink(missing_ok=True)
    done = run(torture.dynamic, root, *arguments, env={**preload, "TORTURE_LEFT": str(report), **env}, stdin=subprocess.DEVNULL, may_die=arguments[0] == "run")
    claim(report.exists(), f"{arguments}: it did not end by returning")
    *names, threads = report.read_text().splitlines()
    return done.returncode, names, int(threads)


def end_all_ways(torture, preload):
    root = suite.make(torture.folder("ends"))
    subprocess.run(["git", "init", "-q", root], check=True)
    subprocess.run(["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a", "--allow-empty"], check=True)
    before = listing(root)
    statuses = set()
    for arguments in ENDS:
        status, names, threads = left_open(torture, root, preload, arguments)
        claim(not names and threads == 1, f"{arguments}, status {status}: open at the end: {names}, {threads} threads")
        statuses.add(status)
    new = {n for n in listing(root) - before if not n.startswith(".lanewright/")}
    claim(new <= {".lanewright"}, f"left behind: {new}")
    claim({0, 1, 2, 3} <= statuses, f"only the exit codes {statuses} were met")
    return len(ENDS)


def end_without_memory(torture, preload, size):
    n = 0
    for name in JOBS:
        job = Job(torture, name)
        for at in stride(allocations(torture, job, preload), 3 * size):
            job.reset()
            status, names, threads = left_open(torture, job.at, preload, (*job.arguments, "--jobs", "1"), TORTURE_AT=str(at))
            claim(not names and threads == 1, f"{name}, allocation {at} fails, status {status}: open at the end: {names}, {threads} threads")
            torture.did = n = n + 1
    return n


def is_gone(group):
    """True once no process of the group is left; a child that reads a closed pipe needs a moment."""
    for _ in range(500):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def end_by_signals(torture, size):
    n = 0
    for name in ("plan", "emit", "record"):
        job = Job(torture, name)
        _, total = calls_of(torture, job)
        for sent in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
            for at in stride(total, 2 * size):
                job.reset()
                process = subprocess.Popen(["strace", "-f", "-o", "/dev/null", "-e", f"inject=all:signal={sent.name}:when={at}", job.program, "-C", job.at,
                                            *job.arguments, "--jobs", "4"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
                try:
                    stdout, stderr = process.communicate(timeout=60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise Wrong(f"{name}: {sent.name} at call {at}: it does not end") from None
                claim(is_gone(process.pid), f"{name}: {sent.name} at call {at}: a process is left")
                job.check(f"{sent.name} at call {at} of {total}", subprocess.CompletedProcess((), process.returncode, stdout, stderr))
                torture.did = n = n + 1
    return n


def leaks(torture, size):
    preload = preloaded(torture)
    ends = end_all_ways(torture, preload)
    hungry = end_without_memory(torture, preload, size)
    return f"{ends} ways to end, {hungry} failed allocations: nothing open, one thread; {end_by_signals(torture, size)} signals: no process, lock or file left"
