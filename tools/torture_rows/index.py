"""R5, R22: the index, damaged or behind the times.  A wrong answer without a message is the worst there is."""

import os
import re
import subprocess

from torture_rows import suite
from torture_rows.suite import Wrong, answers, claim, cold, copy, run


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
        torture.did = i
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
            torture.did = n = n + 1
            warm = answers(torture.program, root)
            if warm != cold(torture.program, root):
                copy(root, torture.work / "kept-racy")
                raise Wrong(f"interleaving {n}, {kinds}{' in git' if with_git else ''}: with the index the answer is another")
    return f"{n:,} interleavings of edits and runs, half of them in a git checkout"
