"""The rows of tools/torture: each a function (torture, size) that returns how much it did, as words, and raises Wrong at
the first promise that was not kept.  `size` is 1 in CI and larger in the campaign.  Rows take any randomness from
torture.rng, which is seeded, so that a failure comes again."""

import csv
import io
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess

import torture_suite as suite
from torture_suite import Wrong, answers, claim, cold, copy, outputs, run

HERE = pathlib.Path(__file__).resolve().parent


# ---- R1-R4: fuzz targets ----

def fuzz(torture, size):
    """Every target on its seeds, under ASan and UBSan; fuzz_python compares both lexers (R2)."""
    targets = sorted(p for p in (torture.build / "fuzz").glob("fuzz_*") if p.is_file() and os.access(p, os.X_OK))
    claim(targets, "no fuzz targets: preset fuzz")
    runs = 0
    for target in targets:
        found = torture.work / "found" / target.name
        found.mkdir(parents=True, exist_ok=True)
        seeds = torture.root / "tests/fuzz" / target.name
        done = subprocess.run([target, f"-max_total_time={5 * size}", "-max_len=4096", "-timeout=10", "-print_final_stats=1",
                               f"-artifact_prefix={found}/", found, *([seeds] if seeds.is_dir() else [])], capture_output=True, text=True)
        claim(done.returncode == 0, f"{target.name}: {done.stderr[-1500:]}")
        runs += int(re.search(r"number_of_executed_units: (\d+)", done.stderr).group(1))
    return f"{runs:,} inputs, {len(targets)} targets"


# ---- R5, R22: the index ----

def damage(rng, image):
    kind = rng.choice(("bits", "bits", "bits", "cut", "page", "swap", "noise", "version"))
    data = bytearray(image)
    if kind == "bits":
        for _ in range(rng.randrange(1, 5)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif kind == "cut":
        del data[rng.randrange(len(data)):]
    elif kind == "page":
        at = rng.randrange(len(data) // 512) * 512
        data[at:at + 512] = rng.choice((bytes(512), rng.randbytes(512)))
    elif kind == "swap":
        a, b = (rng.randrange(len(data) // 4096) * 4096 for _ in range(2))
        data[a:a + 4096], data[b:b + 4096] = data[b:b + 4096], data[a:a + 4096]
    elif kind == "noise":
        data = bytearray(rng.randbytes(rng.randrange(5000)))
    else:
        data[60:64] = rng.randbytes(4)  # SQLite's user_version
    return kind, bytes(data)


def damaged_index(torture, size):
    root = suite.make(torture.folder("index"))
    right = answers(torture.program, root)
    index = root / ".lanewright/index.db"
    verdicts = root / ".lanewright/verdicts.bin"
    image, kept, n, said = index.read_bytes(), verdicts.read_bytes(), 150 * size, 0
    for i in range(n):
        kind, data = damage(torture.rng, image)
        index.write_bytes(data)
        flipped = bytearray(kept)  # whole, what is kept would hide what the index says
        flipped[torture.rng.randrange(len(kept))] ^= 1 << torture.rng.randrange(8)
        verdicts.write_bytes(flipped)
        is_scan = i % 3 == 0  # it is `scan` that tells a person; the others just answer
        done = run(torture.program, root, *(("scan",) if is_scan else ("needs", "--tests", "--format", "csv")))
        if not is_scan and done.returncode == 0 and not right.startswith(done.stdout):
            torture.keep(f"index-{kind}-{i}.db", data)
            raise Wrong(f"a wrong answer without a message: {kind}, image {i}")
        claim(done.returncode == 0, f"{kind}, image {i}: status {done.returncode}: {done.stderr.decode()}")
        said += b"index" in done.stderr
        if is_scan:
            claim(answers(torture.program, root) == right, f"{kind}, image {i}: the next run is wrong")
    return f"{n:,} images, of {len(range(0, n, 3)):,} given to scan {said:,} with a message; no answer was wrong"


def edit(rng, root):
    """One change of the tree of the kinds that a time stamp hides best."""
    files = sorted((root / "tests").glob("test_*.py"))
    kind = rng.choice(("same size", "same size", "set back", "grow", "swap", "add", "remove", "conftest", "config", "stage", "nothing"))
    path = rng.choice(files)
    if kind in ("same size", "set back"):
        before = path.stat()
        text = path.read_bytes()
        path.write_bytes(re.sub(rb"test_(\w)", lambda m: b"test_" + rng.choice(b"abcdefgh").to_bytes(1, "big"), text, count=1))
        if kind == "set back":
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif kind == "grow":
        path.write_text(path.read_text() + suite.test_file(rng.randrange(1000), rng.choice(("db", "cache", "")), "more"))
    elif kind == "swap" and len(files) > 1:
        other, aside = rng.choice(files), root / "aside"
        path.rename(aside)
        if other != path:
            other.rename(path)
        aside.rename(other)
    elif kind == "add":
        (root / f"tests/test_n{rng.randrange(6)}.py").write_text(suite.test_file(rng.randrange(1000), rng.choice(("db", "cache"))))
    elif kind == "remove" and len(files) > 4:
        path.unlink()
    elif kind == "conftest":
        text = (root / "tests/conftest.py").read_text()
        (root / "tests/conftest.py").write_text(text.replace("5432", "543*").replace("6379/0", "5432/0").replace("543*", "6379"))
    elif kind == "config":
        (root / "lanewright.toml").write_text(suite.CONFIG + rng.choice(("", "\n[suite]\npaths = ['tests']\n", "\n[plan]\ngrade = 'requires'\n")))
    elif kind == "stage":
        subprocess.run(["git", "-C", root, "add", "-A"], check=False, capture_output=True)
    return kind


def racy_edits(torture, size):
    n = 0
    for with_git in (False, True):
        root = suite.make(torture.folder(f"racy-{with_git}"))
        if with_git:
            subprocess.run(["git", "init", "-q", root], check=True)
        for _ in range(40 * size):
            kinds = [edit(torture.rng, root) for _ in range(torture.rng.randrange(1, 4))]
            n += 1
            warm = answers(torture.program, root)
            if warm != cold(torture.program, root):
                copy(root, torture.work / "kept-racy")
                raise Wrong(f"interleaving {n}, {kinds}{' in git' if with_git else ''}: with the index the answer is another")
    return f"{n:,} interleavings of edits and runs, half of them in a git checkout"


# ---- R6-R9: faults ----

class Change:
    """A tree with a plan and one edit since: a run under faults leaves the old outputs or the new, whole."""

    def __init__(self, torture, name):
        self.torture, self.at = torture, torture.folder(name + "-run")
        self.base = suite.make(torture.folder(name))
        run(torture.dynamic, self.base, "plan")
        self.old = outputs(self.base)
        with open(self.base / "tests/test_0.py", "a") as file:
            file.write(suite.test_file(77, "cache"))
        copy(self.base, self.at)
        run(torture.dynamic, self.at, "plan")
        self.new = outputs(self.at)
        self.reset()
        (self.at / ".lanewright/plan.json").unlink()
        run(torture.dynamic, self.at, "plan")
        self.fresh = outputs(self.at)  # when the plan before cannot be used, and that is said
        claim(self.old != self.new, "the edit changes no plan: the sweep would prove nothing")

    def reset(self):
        copy(self.base, self.at)

    def check(self, where, done):
        got, wanted = outputs(self.at), self.new
        if b"planned without it" in done.stderr:
            wanted = self.fresh
        for name, data in got.items():
            if data not in (self.old.get(name), wanted.get(name)):
                raise Wrong(f"{where}: {name} is neither the old one nor the new one")
        claim(done.returncode or done.stderr or got == wanted, f"{where}: exit 0 without a word, but the outputs are not the new ones")
        run(self.torture.dynamic, self.at, "plan")
        claim(outputs(self.at) == wanted, f"{where}: the next run gives another plan")
        left = [p.name for p in (self.at / ".lanewright").iterdir() if p.name not in ("index.db", "index.db.lock", "history.db", "verdicts.bin", *suite.KEPT)]
        claim(not left, f"{where}: left behind: {left}")


def stride(n, most):
    return range(1, n + 1, max(1, -(-n // most)))


def no_memory(torture, size):
    library = torture.work / "torture-malloc.so"
    subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", library, HERE / "torture-malloc.c"], check=True)
    change, points = Change(torture, "memory"), 0
    counted = torture.work / "allocations"
    run(torture.dynamic, change.at, "plan", "--jobs", "1", env={"LD_PRELOAD": str(library), "TORTURE_COUNT": str(counted)})
    total = int(counted.read_text())
    for for_ever in ({}, {"TORTURE_FOREVER": "1"}):
        for at in stride(total, 60 * size):
            change.reset()
            done = run(torture.dynamic, change.at, "plan", "--jobs", "1", env={"LD_PRELOAD": str(library), "TORTURE_AT": str(at), **for_ever})
            change.check(f"allocation {at}{' and all after' if for_ever else ''}", done)
            points += 1
    return f"{points} of {2 * total} points (once and for ever), plan"


FAULTS = {
    "openat": ("EACCES", "EMFILE", "EIO"), "read": ("EIO", "EINTR"), "pread64": ("EIO",), "write": ("ENOSPC", "EIO"),
    "pwrite64": ("ENOSPC", "EIO"), "fsync": ("EIO",), "fdatasync": ("EIO",), "rename": ("EIO", "ENOSPC"), "renameat": ("EIO",),
    "ftruncate": ("EIO",), "close": ("EIO",), "getdents64": ("EIO",), "newfstatat": ("EIO",), "fstat": ("EIO",),
    "mkdir": ("ENOSPC",), "unlink": ("EIO",),
}


def calls_of(torture, change):
    """{syscall: how many} of a run, and their sum."""
    change.reset()
    log = torture.work / "calls"
    run(torture.dynamic, change.at, "plan", "--jobs", "1", prefix=("strace", "-c", "-o", log))
    rows = re.findall(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", log.read_text(), re.MULTILINE)
    counts = {name: int(n) for n, name in rows if name != "total"}
    return counts, sum(counts.values())


def failing_calls(torture, size):
    change, points = Change(torture, "calls"), 0
    counts, _ = calls_of(torture, change)
    for name, errors in FAULTS.items():
        for error in errors:
            for at in stride(counts.get(name, 0), 6 * size):
                change.reset()
                done = run(torture.dynamic, change.at, "plan", "--jobs", "1", may_die=True,
                           prefix=("strace", "-o", "/dev/null", "-e", f"inject={name}:error={error}:when={at}"))
                where = f"{name} {at} of {counts[name]}: {error}"
                # 127: the loader, before any line of ours.
                claim(0 <= done.returncode <= 3 or done.returncode == 127, f"{where}: status {done.returncode}")
                claim(done.returncode == 0 or done.stderr, f"{where}: status {done.returncode} without a word")
                change.check(where, done)
                points += 1
    return f"{points} points, {len([n for n in FAULTS if n in counts])} kinds of call, plan"


def killed(torture, size):
    change, points = Change(torture, "kill"), 0
    _, total = calls_of(torture, change)
    for signal in ("KILL", "TERM"):
        for at in stride(total, (70 if signal == "KILL" else 20) * size):
            change.reset()
            done = run(torture.dynamic, change.at, "plan", "--jobs", "1", may_die=True,
                       prefix=("strace", "-o", "/dev/null", "-e", f"inject=all:signal={signal}:when={at}"))
            change.check(f"SIG{signal} at call {at} of {total}", done)
            points += 1
    return f"{points} of {2 * total} points (SIGKILL, SIGTERM), plan"


def together(torture, size):
    root, n = suite.make(torture.folder("together")), 0
    run(torture.program, root, "plan")
    right = answers(torture.program, root), outputs(root)
    report = root / "r.json"
    report.write_text(json.dumps({f"tests/test_{i}.py::test_one_{i}": 1.0 + i for i in range(8)}))
    for turn in range(8 * size):
        jobs = [("scan",), ("needs",), ("tests",), ("record", "--as", "durations", "--run", f"r{turn}", report)]
        running = [subprocess.Popen([torture.program, "-C", root, *j], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for j in jobs]
        for job, process in zip(jobs, running):
            try:
                said = process.communicate(timeout=30)[1].decode()
            except subprocess.TimeoutExpired:
                process.kill()
                raise Wrong(f"{job}: a deadlock") from None
            claim(process.returncode == 0, f"{job}: status {process.returncode}: {said}")
            n += 1
        if torture.rng.random() < 0.3:
            for path in (root / ".lanewright").glob("index.db"):
                path.unlink()
    claim(answers(torture.program, root) == right[0], "the answer after is another")
    runs = json.loads(run(torture.program, root, "history", "export", "--format", "json").stdout)["runs"]
    claim(len(runs) == 8 * size, f"{8 * size - len(runs)} of {8 * size} recorded runs are lost")
    return f"{n} processes, four at once, the index deleted now and then; {len(runs)} recordings, none lost"


# ---- R10-R12: names ----

HOSTILE = ["$(touch CANARY)", "`touch CANARY`", ";touch CANARY;", "${{ github.token }}", "$(shell touch CANARY)", "%0A::set-output name=a::b",
           "::add-mask::x", "#", ": ", "- a", "*", "&a", "!a", "'", '"', "\\", "|", ">", "@", "%", "\t", "\n", "\r", "\x1b[31m", "\x7f", "\x01",
           "\u202e", "\u2028", "\u00e9", "\U0001f600", " ", "  ", "-x", "--co", "[a]", "{a}", "a,b", "a;b", "~", "$HOME", "$$", "%s", "=", "null", "::"]


def hostile_names(rng, n):
    names = set()
    while len(names) < n:
        text = "".join(rng.choices(HOSTILE, k=rng.randrange(1, 4)))
        names.add(b"test_" + text.encode().replace(b"/", b"_")[:200] + rng.choice((b"", b"\xff", b"\xc3")) + b".py")
    return sorted(names)


def plain(shown):
    """Bytes without the escapes that a person is shown; what has backslashes of its own becomes the same on both sides."""
    return re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), shown)


def refused_names(torture, root, wanted):
    """Plans, taking away the file that the message names, until it plans."""
    refused = set()
    while True:
        done = run(torture.program, root, "plan")
        if done.returncode == 0:
            return refused
        said = re.match(rb"lanewright: tests/(.*?) cannot be passed to pytest: ", done.stderr, re.DOTALL)
        claim(said, f"no plan, and no file named: {done.stderr[:300]}")
        culprits = [n for n in wanted if n not in refused and plain(n) == plain(said[1])]
        claim(len(culprits) == 1, f"refused, but which of the files? {len(culprits)} fit: {done.stderr[:300]}")
        os.unlink(os.path.join(os.fsencode(root / "tests"), culprits[0]))
        refused.add(culprits[0])


def names(torture, size):
    root = suite.make(torture.folder("names"), 2)
    wanted = hostile_names(torture.rng, 300 * size)
    for name in wanted:
        with open(os.path.join(os.fsencode(root / "tests"), name), "wb") as file:
            file.write(b"def test_a(db): pass\n")
    refused = refused_names(torture, root, wanted)
    wanted = [name for name in wanted if name not in refused]
    listed = [line for path in (root / ".lanewright/shards").glob("*.txt") for line in path.read_bytes().split(b"\n")]
    json.loads((root / ".lanewright/plan.json").read_bytes())
    for name in wanted:
        line = b"tests/" + name
        times = sum(each == line or each.startswith(line + b"::test_") for each in listed)
        claim(times == 1, f"{name!r} is in {times} lists, and nothing is said")
    needs = run(torture.program, root, "needs", "--format", "csv").stdout.decode(errors="surrogateescape")
    paths = [row["path"] for row in csv.DictReader(io.StringIO(needs, newline=""))]
    tests = {os.fsencode(t["path"]) for t in json.loads(run(torture.program, root, "tests", "--format", "json").stdout.decode(errors="surrogateescape"))["tests"]
             if "path" in t}
    for name in wanted:
        text = "tests/" + name.decode()
        claim(not tests or text.encode() in tests, f"{name!r}: not in tests --format json")
        claim(paths.count(text) == 1, f"{name!r}: {paths.count(text)} times in needs --format csv")
    parse_back(torture, root)
    return f"{len(wanted) + len(refused)} names: {len(wanted)} in exactly one list and read back, {len(refused)} refused with the name"


def parse_back(torture, root):
    """Every output is read by a reader that is not ours; what could run, runs, and leaves no canary."""
    import yaml

    stubs = root / "stubs"
    stubs.mkdir(exist_ok=True)
    for tool in ("pytest", "docker"):
        (stubs / tool).write_text("#!/bin/sh\nexit 0\n")
        (stubs / tool).chmod(0o755)
    for kind in ("github", "gitlab", "matrix", "make", "compose"):
        done = run(torture.program, root, "emit", kind, "--out", root / f"out.{kind}")
        if done.returncode:
            claim(done.stderr, f"emit {kind}: status {done.returncode} without a word")
            continue
        text = (root / f"out.{kind}").read_text(errors="surrogateescape")
        if kind == "matrix":
            json.loads(text.split("=", 1)[-1])
        elif kind == "make":
            made = subprocess.run(["make", "-f", f"out.{kind}", "-k"], cwd=root, capture_output=True, timeout=60,
                                  env={**os.environ, "PATH": f"{stubs}:{os.environ['PATH']}"})
            claim(b"missing separator" not in made.stderr, f"make cannot read it: {made.stderr[:300]!r}")
        else:
            shell_of(root, yaml.safe_load(text))
    claim(not list(root.rglob("CANARY")), "a name was run as a command")


def shell_of(root, read):
    """bash reads every step of a workflow; no text of ours may sit inside an expression."""
    if isinstance(read, dict):
        for key, value in read.items():
            if key == "run" and isinstance(value, str):
                done = subprocess.run(["bash", "-n"], input=re.sub(r"\$\{\{.*?\}\}", "x", value).encode(errors="surrogateescape"), capture_output=True)
                claim(done.returncode == 0, f"bash cannot read: {value[:200]!r}: {done.stderr!r}")
            shell_of(root, value)
    elif isinstance(read, list):
        for value in read:
            shell_of(root, value)


def injection(torture, size):
    n, refused = 40 * size, 0
    for i in range(n):
        root = suite.make(torture.folder("injection"), 3)
        text = "".join(torture.rng.choices(HOSTILE, k=2))
        word = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
        place = torture.rng.choice(("[lanes.%s]\nservices = []\n", "[services.%s]\nmarker = \"a\"\n", "[lanes.more]\nservices = []\npytest_args = %s\n",
                                    "[services.redis2]\nimage = %s\n", "[services.redis2]\nenv = { A = %s }\n", "[emit.github]\nname = %s\n",
                                    "[emit.github]\nruns_on = %s\n", "[services.redis2]\nports = [%s]\n"))
        (root / "lanewright.toml").write_text(suite.CONFIG + "\n" + place % word)
        done = run(torture.program, root, "plan")
        if done.returncode == 2:
            refused += 1
            claim(re.search(rb"lanewright\.toml:\d+:\d+", done.stderr), f"{text!r} refused without its place: {done.stderr!r}")
            continue
        parse_back(torture, root)
    return f"{n} values, {refused} refused with their place, the others read back"


def containment(torture, size):
    root, outside = suite.make(torture.folder("inside"), 2), torture.folder("outside")
    outside.mkdir()
    (outside / "test_out.py").write_text("def test_out(): pass\n")
    tests = root / "tests"
    os.mkfifo(tests / "test_fifo.py")
    (tests / "test_zero.py").symlink_to("/dev/zero")
    (tests / "test_away.py").symlink_to(outside / "test_out.py")
    (tests / "away").symlink_to(outside)
    (tests / "loop").symlink_to(tests)
    (tests / "test_self.py").symlink_to("test_self.py")
    listener = socket.socket(socket.AF_UNIX)
    os.chdir(tests)
    listener.bind("test_socket.py")
    os.chdir(HERE)
    with open(tests / "test_huge.py", "wb") as file:
        file.truncate(8 << 30)
    (tests / "test_canary.py").write_text("import os\nos.system('touch CANARY')\ndef test_a(): pass\n")
    log = torture.work / "opened"
    done = run(torture.dynamic, root, "tests", "--format", "ids", prefix=("strace", "-f", "-o", log, "-e", "trace=openat,open,connect,socket,execve"))
    trace = log.read_text()
    claim(b"test_out" not in done.stdout, "a test from outside the root is listed")
    claim(str(outside) not in trace, "a file outside the root was opened")
    claim("connect(" not in trace and "socket(" not in trace, "it uses the network")
    claim(trace.count("execve(") == 1, "it runs a program")
    claim(not list(root.rglob("CANARY")), "scanned code was run")
    claim(b"test_canary.py::test_a" in done.stdout, "what is inside is missing")
    listener.close()
    return "FIFO, socket, /dev/zero, 8 GB sparse file, links out and in circles; no open outside, no socket, no exec (R17)"


# ---- R13, R14: size ----

SHAPES = {
    "lines": lambda n: b"x = 1\n" * (n // 6),
    "brackets": lambda n: b"x = " + b"(" * n,
    "string": lambda n: b"x = '" + b"a" * n + b"'\n",
    "open string": lambda n: b'x = """' + b"a\n" * (n // 2),
    "tests": lambda n: b"".join(b"def test_%d(): pass\n" % i for i in range(n // 24)),
    "operators": lambda n: b"x = 1" + b" + 1" * (n // 4) + b"\n",
    "decorators": lambda n: b"@a\n" * (n // 3) + b"def test_a(): pass\n",
    "nul": lambda n: b"\0" * n,
    "continued": lambda n: b"\\\n" * (n // 2),
    "indents": lambda n: b"".join(b" " * i + b"if x:\n" for i in range(int((2 * n) ** 0.5) - 8)),
}


def sizes(torture, size):
    """No crash, no hang, memory in proportion.  Seconds are not looked at, other than a limit no machine misses."""
    n, worst = (2 << 20) * min(size, 5), 0
    for name, shape in SHAPES.items():
        root = suite.make(torture.folder("shape"), 1)
        (root / "tests/test_shape.py").write_bytes(shape(n))
        done = run(torture.dynamic, root, "scan", prefix=("/usr/bin/time", "-f", "%M"), timeout=120)
        peak = int(done.stderr.split()[-1]) / 1024
        claim(peak < 64 + 60 * n / (1 << 20), f"{name}: {peak:.0f} MB for {n >> 20} MB")
        worst = max(worst, peak)
    return f"{len(SHAPES)} shapes of {n >> 20} MB, at most {worst:.0f} MB of memory"


def bombs(torture, size):
    root = suite.make(torture.folder("bombs"), 1)
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "x" * 100}">' for i in range(12))
    for name, text in {"bomb.xml": f"<!DOCTYPE t [{entities}]><testsuite><testcase classname='&a11;' name='a' time='1'/></testsuite>",
                       "deep.xml": "<testsuite>" * 200000, "deep.json": "[" * 1000000, "objects.json": '{"a":' * 200000}.items():
        (root / name).write_text(text)
        done = run(torture.program, root, "record", root / name, timeout=20)
        claim(done.returncode != 0 and done.stderr, f"{name} is taken for a report")
    (root / "lanewright.toml").write_text(suite.CONFIG + "\n[services.slow]\npatterns = ['(a+)+b', '(x*)*y']\n")
    (root / "tests/test_slow.py").write_text("def test_a(): " + "a" * 50000 + "\n" + "x" * 50000 + "\n")
    run(torture.program, root, "needs", timeout=30)
    return "entities, 200,000 nested elements, a million brackets, two patterns without end: all stopped"


# ---- R16, R23 ----

def everything(program, root, *options, **how):
    """All that the program can say of the suite, and what it writes."""
    shutil.rmtree(root / ".lanewright", ignore_errors=True)
    said = {c: run(program, root, *c.split(), *options, **how).stdout
            for c in ("needs --tests --format csv", "tests --format json", "explain tests/test_0.py", "plan", "emit github", "emit make", "emit matrix")}
    return {**said, **outputs(root)}


def determinism(torture, size):
    root = suite.make(torture.folder("same"), 40)
    right = everything(torture.program, root)
    variants = {f"{j} threads": (torture.program, ("--jobs", str(j)), {}) for j in (1, 2, 4, 16)}
    for name, env in {"LC_ALL=C": {"LC_ALL": "C"}, "Turkish": {"LC_ALL": "tr_TR.UTF-8"}, "TZ": {"TZ": "Pacific/Chatham"}, "COLUMNS": {"COLUMNS": "20"}}.items():
        variants[name] = (torture.program, (), {"env": env})
    variants["another folder"] = (torture.program, (), {"cwd": "/"})
    variants["umask"] = (torture.program, (), {"umask": 0o077})
    for name in ("gcc", "clang", "release", "asan", "debug", "tsan"):
        built = torture.build / name / "lanewright"
        if built.exists() and torture.is_current(built):
            variants[name] = (built, (), {})
    for name, (program, options, how) in variants.items():
        got = everything(program, root, *options, **how)
        for what, data in right.items():
            claim(got.get(what) == data, f"{name}: {what} is not the same")
    return f"{len(variants)} variants: {', '.join(variants)}"


def partitions(torture, size):
    """Each unit once, no more shards than asked for, sums right, the bound below, order of no importance."""
    rng, n = torture.rng, 60 * size
    services = ("postgres", "redis", "kafka")
    for _ in range(n):
        units = [(round(rng.lognormvariate(0, 1.2), 3), f"t{i}.py::t", rng.sample(services, rng.choice((0, 0, 1, 2)))) for i in range(rng.randrange(1, 60))]
        lanes = torture.work / "lanes"
        lanes.write_text("5\tall\t" + ",".join(services) + "\n" + "".join(f"{rng.randrange(9)}\t{s}\t{s}\n" for s in services))
        shards = rng.randrange(4, 12)

        def deal(lines):
            done = subprocess.run([torture.program, "split", "--shards", str(shards), "--lanes", lanes, "--stats", torture.work / "stats"],
                                  input="".join(lines), capture_output=True, text=True, timeout=60)
            claim(done.returncode in (0, 2), f"split: status {done.returncode}: {done.stderr}")
            return done

        lines = [f"{s}\t{u}\t{','.join(sv)}\n" if sv else f"{s}\t{u}\n" for s, u, sv in units]
        first = deal(lines)
        if first.returncode:
            claim("shards" in first.stderr, f"refused without a reason: {first.stderr}")
            continue
        dealt = [line.split("\t") for line in first.stdout.splitlines()]
        claim(sorted(u for _, u in dealt) == sorted(u for _, u, _ in units), "not every unit exactly once")
        claim(len({s for s, _ in dealt}) <= shards, "more shards than asked for")
        stats = json.loads((torture.work / "stats").read_text())
        claim(stats["bound"] <= stats["makespan"] + 1e-9, f"the bound is above the makespan: {stats}")
        needs = {u: set(sv) for _, u, sv in units}
        for shard, unit in dealt:
            lane = re.sub(r"-\d+$", "", shard)
            claim(needs[unit] <= (set(services) if lane == "all" else {lane}), f"{unit} needs {needs[unit]} and is on {shard}")
        rng.shuffle(lines)
        claim(sorted(deal(lines).stdout.splitlines()) == sorted(first.stdout.splitlines()), "another order gives other shards")
    return f"{n} problems of up to 60 units with services and lanes"


# name: (scorecard rows, function, is part of ci, times larger in the campaign)
ROWS = {
    "racy": ("R22", racy_edits, True, 20),
    "index": ("R5", damaged_index, True, 40),
    "names": ("R10", names, True, 4),
    "injection": ("R11", injection, True, 8),
    "memory": ("R6", no_memory, True, 8),
    "calls": ("R7", failing_calls, True, 6),
    "kill": ("R8", killed, True, 10),
    "together": ("R9", together, True, 8),
    "containment": ("R12 R17", containment, True, 1),
    "sizes": ("R13", sizes, True, 5),
    "bombs": ("R14", bombs, True, 1),
    "determinism": ("R16", determinism, True, 1),
    "partitions": ("R23", partitions, True, 10),
    "fuzz": ("R1 R2 R4", fuzz, True, 6),
}
ELSEWHERE = {
    "R3": "tools/tokens-differ and tools/ast-differ compare with every interpreter found; tests/python has the cases",
    "R15": "tests/python/test_encoding.c",
    "R18": "tools/test runs every test under ASan and UBSan, the preset tsan under TSan; MSan needs every library rebuilt",
    "R19": "gcov by hand: not gathered by a tool yet",
    "R21": ".ci/run: gcc and clang -Werror, clang-tidy, cppcheck, shellcheck",
    "R24": "descriptors and threads are not counted by a tool yet; leaks by LeakSanitizer in tools/test",
    "R25": "a release's business: no tool yet",
}
