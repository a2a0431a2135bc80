"""R16, R23: the same bytes whatever the surroundings, and what every partition keeps to."""

import json
import re
import shutil
import subprocess

from torture_rows import suite
from torture_rows.suite import claim, outputs, run


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
    for i in range(n):
        torture.did = i
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
