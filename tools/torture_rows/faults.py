"""R6-R9: no memory, system calls that fail, kills, and several at once.

A job is a command line with a tree it is run in.  Whatever is done to it, what it writes is afterwards the old or the new,
exit 0 without a word means the new, and a run without faults gives the new and leaves nothing else behind."""

import json
import pathlib
import re
import subprocess

from torture_rows import suite
from torture_rows.suite import Wrong, answers, claim, copy, outputs, run

PRELOAD = pathlib.Path(__file__).resolve().parent / "preload.c"
CACHES = {".lanewright", ".lanewright/index.db", ".lanewright/index.db.lock", ".lanewright/verdicts.bin"}
KEPT_RUNS = 64  # of a test: HISTORY_CAP in src/store/history.h
AT = "2026-01-02T03:04:05Z"


def history(program, root):
    """{"history": everything recorded}; none is as good as an empty one."""
    if not (root / ".lanewright/history.db").exists():
        return {}
    said = run(program, root, "history", "export", "--format", "json").stdout
    return {"history": said} if json.loads(said)["runs"] else {}


def file(name):
    return lambda program, root: {name: (root / name).read_bytes()} if (root / name).exists() else {}


def record(program, root, name):
    report = root / f"{name}.json"
    report.write_text(json.dumps({f"tests/test_{i}.py::test_one_{i}": 1.0 + i + len(name) for i in range(8)}))
    return ("record", "--as", "durations", "--run", name, "--at", AT, str(report))


def grow(root):
    with open(root / "tests/test_0.py", "a") as test:
        test.write(suite.test_file(77, "cache"))


def plan(program, root):
    run(program, root, "plan")
    grow(root)
    return ("plan",)


def emit(program, root):
    run(program, root, "plan")
    run(program, root, "emit", "make", "--out", root / "out.mk")
    (root / "lanewright.toml").write_text(suite.CONFIG.replace("shards = 2", "shards = 3"))
    run(program, root, "plan")
    return ("emit", "make", "--out", str(root / "out.mk"))


def first_record(program, root):
    return record(program, root, "one")


def second_record(program, root):
    run(program, root, *record(program, root, "one"))
    return record(program, root, "second")


def prune(program, root):
    for name in ("one", "second", "the third"):
        run(program, root, *record(program, root, name))
    return ("history", "prune", "--keep", "1")


def merge(program, root):
    run(program, root, *record(program, root, "one"))
    (root / ".lanewright/history.db").rename(root / "other.db")
    run(program, root, *record(program, root, "second"))
    return ("history", "merge", str(root / "other.db"))


def init(program, root):
    (root / "lanewright.toml").unlink()
    return ("init",)


def needs(program, root):
    run(program, root, "scan")
    grow(root)
    return ("needs", "--tests", "--format", "csv")


def check(program, root):
    run(program, root, "plan")
    return ("check",)


# name: (what makes the tree ready and gives the arguments, what is written, whether the same words are said each time)
JOBS = {
    "plan": (plan, lambda program, root: outputs(root), False),
    "emit": (emit, file("out.mk"), False),
    "record": (second_record, history, False),
    "first record": (first_record, history, False),
    "prune": (prune, history, False),
    "merge": (merge, history, False),
    "init": (init, file("lanewright.toml"), False),
    "needs": (needs, lambda program, root: {}, True),
    "check": (check, lambda program, root: {}, True),
}


def listing(root):
    return {str(p.relative_to(root)) for p in root.rglob("*")}


class Job:
    def __init__(self, torture, name):
        prepare, self.written, self.is_said = JOBS[name]
        self.name, self.program, self.at = name, torture.dynamic, torture.folder(f"{name}-run")
        self.base = suite.make(torture.folder(name))
        copy(self.base, self.at)  # so that the paths in the arguments are those of the run
        self.arguments = prepare(self.program, self.at)
        copy(self.at, self.base)
        self.old = self.see()
        self.right = self.run()
        self.new, self.names = self.see(), listing(self.at)
        self.fresh = self.new
        if name == "plan":  # when the plan before cannot be used, and that is said
            self.reset()
            (self.at / ".lanewright/plan.json").unlink()
            self.run()
            self.fresh = self.see()
        claim(self.is_said or self.old != self.new, f"{name} changes nothing: the sweep would prove nothing")

    def reset(self):
        copy(self.base, self.at)

    def see(self):
        return self.written(self.program, self.at)

    def run(self, **how):
        return run(self.program, self.at, *self.arguments, "--jobs", "1", **how)

    def check(self, where, done):
        where = f"{self.name}: {where}"
        said, wanted = done.stderr.decode(errors="replace"), self.new
        if "planned without it" in said:
            wanted = self.fresh
        if b"no test of this suite: " in done.stdout:  # a test file was unreadable just then, and its time is refused
            return
        got = self.see()
        for name in {**got, **self.old, **wanted}:
            claim(got.get(name) in (self.old.get(name), wanted.get(name)), f"{where}: {name} is neither the old one nor the new one: {said[-200:]}")
        if done.returncode == self.right.returncode and not done.stderr:
            claim(got == wanted, f"{where}: exit {done.returncode} without a word, but what it writes is not the new")
            claim(not self.is_said or done.stdout == self.right.stdout, f"{where}: exit {done.returncode} without a word, but it says something else")
        if self.name == "init" and got == wanted:
            return  # which refuses to replace what it has written
        again = self.run()
        claim(again.returncode == self.right.returncode, f"{where}: the next run ends {again.returncode}: {again.stderr.decode()[-300:]}")
        claim(self.see() == wanted, f"{where}: the next run gives something else")
        left = listing(self.at) - self.names - CACHES
        claim(not left, f"{where}: left behind: {left}")


def stride(n, most):
    return range(1, n + 1, max(1, -(-n // most)))


def preloaded(torture):
    library = torture.work / "torture-preload.so"
    subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", library, PRELOAD], check=True)
    return {"LD_PRELOAD": str(library)}


def allocations(torture, job, preload):
    """How many there are in a run without faults."""
    counted = torture.work / "allocations"
    job.reset()
    job.run(env={**preload, "TORTURE_COUNT": str(counted)})
    return int(counted.read_text())


def no_memory(torture, size):
    preload, points, total = preloaded(torture), 0, 0
    for name in JOBS:
        job = Job(torture, name)
        n = allocations(torture, job, preload)
        total += 2 * n
        for for_ever in ({}, {"TORTURE_FOREVER": "1"}):
            for at in stride(n, 4 * size):
                job.reset()
                done = job.run(env={**preload, "TORTURE_AT": str(at), **for_ever})
                job.check(f"allocation {at}{' and all after' if for_ever else ''}", done)
                torture.did = points = points + 1
    return f"{points:,} of {total:,} points (once and for ever), {len(JOBS)} commands"


FAULTS = {
    "openat": ("EACCES", "EMFILE", "EIO", "EINTR"), "read": ("EIO", "EINTR"), "pread64": ("EIO",), "write": ("ENOSPC", "EIO", "EDQUOT", "EINTR"),
    "pwrite64": ("ENOSPC", "EIO", "EDQUOT"), "fsync": ("EIO",), "fdatasync": ("EIO", "ENOSPC"), "rename": ("EIO", "ENOSPC"), "renameat": ("EIO",),
    "ftruncate": ("EIO",), "close": ("EIO",), "getdents64": ("EIO",), "newfstatat": ("EIO",), "fstat": ("EIO",),
    "mkdir": ("ENOSPC", "EACCES"), "unlink": ("EIO",), "flock": ("EINTR", "ENOLCK"), "fcntl": ("ENOLCK",), "fchmod": ("EPERM",),
}


def calls_of(torture, job):
    """{syscall: how many} of a run, and their sum."""
    job.reset()
    log = torture.work / "calls"
    job.run(prefix=("strace", "-c", "-o", log))
    rows = re.findall(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", log.read_text(), re.MULTILINE)
    counts = {name: int(n) for n, name in rows if name != "total"}
    return counts, sum(counts.values())


def failing_calls(torture, size):
    points, kinds = 0, set()
    for name in sorted(set(JOBS) - {"init"}):  # which says nothing yet of what it could not read: docs/reliability.md
        job = Job(torture, name)
        counts, _ = calls_of(torture, job)
        kinds |= set(FAULTS) & set(counts)
        todo = [(call, error, at) for call, errors in FAULTS.items() for error in errors for at in stride(counts.get(call, 0), 3 * size)]
        if size == 1:
            todo = torture.rng.sample(todo, min(8, len(todo)))
        for call, error, at in todo:
            job.reset()
            done = job.run(may_die=True, prefix=("strace", "-o", "/dev/null", "-e", f"inject={call}:error={error}:when={at}"))
            where = f"{call} {at} of {counts[call]}: {error}"
            # 127: the loader, before any line of ours.
            # A folder that may not be read is none of the suite's; a file that cannot be read is not the planned one, finds `check`.
            is_blind = b"no tests found" in done.stderr or (name == "check" and done.returncode == 1 and done.stdout)
            claim(is_blind or done.returncode in (job.right.returncode, 2, 3, 127), f"{name}: {where}: status {done.returncode}: {done.stderr.decode()[-200:]}")
            claim(done.returncode in (0, job.right.returncode) or done.stderr or is_blind, f"{name}: {where}: status {done.returncode} without a word")
            job.check(where, done)
            torture.did = points = points + 1
    return f"{points:,} points, {len(kinds)} kinds of call, {sum(map(len, FAULTS.values()))} faults, {len(JOBS) - 1} commands"


def killed(torture, size):
    points, of = 0, 0
    for name in JOBS:
        job = Job(torture, name)
        _, total = calls_of(torture, job)
        of += 2 * total
        for signal in ("KILL", "TERM"):
            for at in stride(total, (6 if signal == "KILL" else 2) * size):
                job.reset()
                done = job.run(may_die=True, prefix=("strace", "-o", "/dev/null", "-e", f"inject=all:signal={signal}:when={at}"))
                job.check(f"SIG{signal} at call {at} of {total}", done)
                torture.did = points = points + 1
    return f"{points:,} of {of:,} points (SIGKILL, SIGTERM), {len(JOBS)} commands"


def together(torture, size):
    root, n = suite.make(torture.folder("together")), 0
    run(torture.program, root, "plan")
    right = answers(torture.program, root), outputs(root)
    report = root / "r.json"
    report.write_text(json.dumps({f"tests/test_{i}.py::test_one_{i}": 1.0 for i in range(8)}))
    for turn in range(8 * size):
        jobs = [("scan",), ("needs",), ("tests",), ("record", "--as", "durations", "--run", f"r{turn}", report),
                ("emit", "make", "--out", root / "out.mk"), ("emit", "make", "--out", root / "out.mk")]
        running = [subprocess.Popen([torture.program, "-C", root, *j], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for j in jobs]
        for job, process in zip(jobs, running):
            try:
                said = process.communicate(timeout=30)[1].decode()
            except subprocess.TimeoutExpired:
                process.kill()
                raise Wrong(f"{job}: a deadlock") from None
            claim(process.returncode == 0, f"{job}: status {process.returncode}: {said}")
            torture.did = n = n + 1
        if torture.rng.random() < 0.3:
            for path in (root / ".lanewright").glob("index.db"):
                path.unlink()
        (root / "out.mk").unlink()
    claim(answers(torture.program, root) == right[0], "the answer after is another")
    claim(not list(root.rglob("?*.lanewright")), "an unfinished file is left")
    runs = json.loads(run(torture.program, root, "history", "export", "--format", "json").stdout)["runs"]
    expected = min(8 * size, KEPT_RUNS)
    claim(len(runs) == expected, f"{expected - len(runs)} of {expected} recorded runs are lost")
    return f"{n:,} processes, six at once, two of them writing one file, the index deleted now and then; {len(runs)} recordings, none lost"
