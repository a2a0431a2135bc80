"""R10-R12, R17: hostile names and values, and what leads out of the root."""

import csv
import io
import json
import os
import re
import socket
import subprocess

from torture_rows import suite
from torture_rows.suite import claim, run


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
        torture.did = i
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
    os.chdir(torture.root)
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
