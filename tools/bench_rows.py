"""The measurements of tools/bench, one function each.  A function takes the bench (see there) and yields rows; what it
cannot measure here it says with `missing`.  The numbers P1-P17 are the goals that docs/performance.md tells of."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

from bench_run import FOUND_OR_NOT, Job, Task, git, have, instructions, interleave, once, output_of, peak_memory, syscalls

TOOLS = pathlib.Path(__file__).resolve().parent
MB = 1 << 20


class Row:
    """`most`: the value must not be above must; else not below."""

    def __init__(self, number, what, value, must=None, stretch=None, *, unit="x", most=True, detail=""):
        self.number, self.what, self.value, self.must, self.stretch = number, what, value, must, stretch
        self.unit, self.most, self.detail = unit, most, detail

    def reaches(self, goal):
        return goal is not None and (self.value <= goal if self.most else self.value >= goal)

    def verdict(self):
        if self.value is None:
            return "left out"
        if self.must is None:
            return ""
        return "stretch" if self.reaches(self.stretch) else "must" if self.reaches(self.must) else "MISSED"


def missing(number, what, why):
    return Row(number, what, None, detail=why)


def ratio(a, b, what="cpu"):
    return getattr(a, what) / getattr(b, what)


def versus(**series):
    return "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in series.items())


# ---- the yardsticks ----

def catalogue_patterns(path):
    """A regular expression a service, of what the catalogue knows it by: what somebody would grep for."""
    with open(TOOLS.parent / "src/config/services.toml", "rb") as file:
        catalogue = tomllib.load(file)
    with open(path, "w") as out:
        for entry in catalogue.values():
            words = [rf"\b{re.escape(c)}\(" for c in entry.get("constructors", [])]
            words += [rf"\b(?:import|from)\s+{re.escape(m)}\b" for m in entry.get("modules", [])]
            words += [rf"\b{re.escape(s)}://" for s in entry.get("schemes", [])]
            words += [rf"\blocalhost:{p}\b" for p in entry.get("port_numbers", [])]
            if words:
                out.write("|".join(words) + "\n")


def worker_per_byte(bench, name, list_path, python=sys.executable):
    size, seconds = output_of([python, TOOLS / "bench_worker.py", name], stdin=list_path).split()
    return float(seconds) / int(size)


# ---- cold ----

def cold(bench):
    tree = bench.tree
    one, two = bench.scan(1), bench.scan(2)
    tasks = {"one": Task(one, before=tree.forget), "cat": Task(["xargs", "-a", tree.list0, "-0", "cat"]),
             "two": Task(two, before=tree.forget)}
    if not have("rg"):
        patterns = bench.work / "patterns"
        catalogue_patterns(patterns)
        tasks["rg"] = Task(["rg", "-j2", "--no-unicode", "-c", "--no-ignore", "-g", "*.py", "-f", patterns, tree.root], good=FOUND_OR_NOT)
    if not have("ctags"):
        tasks["ctags"] = Task(["ctags", "-f", "-", "--languages=Python", "-L", tree.list])
    got = interleave(bench.runs, tasks)
    what = "cold index with commit"
    yield Row("P1", f"{what}, one thread, CPU / cat of the same files", ratio(got["one"], got["cat"]), 1.25, 1.0,
              detail=versus(ours=got["one"].words(), cat=got["cat"].words()))
    if "rg" in got:
        yield Row("P2", f"{what}, two threads, wall / ripgrep with the catalogue's patterns", ratio(got["two"], got["rg"], "wall"),
                  0.90, 0.70, detail=versus(ours=got["two"].words("wall"), rg=got["rg"].words("wall"), rg_cpu=got["rg"].words()))
    else:
        yield missing("P2", "ripgrep", have("rg"))
    if "ctags" in got:
        yield Row("P3", f"{what}, CPU / universal-ctags", ratio(got["one"], got["ctags"]), 0.25, 0.17,
                  detail=versus(ctags=got["ctags"].words()))
    else:
        yield missing("P3", "ctags", have("ctags"))
    yield from parsers(bench, got["one"].cpu / tree.bytes)
    yield Row("P17", "cold, wall of one thread / of two", ratio(got["one"], got["two"], "wall"), 1.8, 1.95, most=False,
              detail=versus(one=got["one"].words("wall"), two=got["two"].words("wall")))
    tree.forget()
    peak = peak_memory(one, tree.root)
    yield Row("P12", "cold, peak memory beyond 8 MB, per file", (peak - 8 * MB) / tree.files / 1024, 1.0, 0.4, unit="KB",
              detail=f"{peak / MB:.0f} MB for {tree.files:,} files")
    index = tree.root / ".lanewright/index.db"
    yield Row("P14", "size of the index / bytes of source", index.stat().st_size / tree.bytes, 0.12, 0.06,
              detail=f"{index.stat().st_size / MB:.1f} MB for {tree.bytes / MB:.0f} MB")


def parsers(bench, ours):
    """On a sample, since the whole tree would take them minutes; by the byte."""
    for name, must, stretch in (("tree-sitter", 0.03, 0.02), ("ast", 1 / 60, 1 / 85), ("tokenize", 1 / 110, 1 / 160)):
        what = f"cold, CPU by the byte / {name}{'.parse' if name == 'ast' else ''}, {len(bench.sample)} files"
        if name == "tree-sitter" and subprocess.run([bench.python, "-c", "import tree_sitter_python"], capture_output=True).returncode:
            yield missing("P3", what, "Python's tree_sitter and tree_sitter_python not found")
            continue
        theirs = min(worker_per_byte(bench, name, bench.sample_list, bench.python) for _ in range(2))
        yield Row("P3", what, ours / theirs, must, stretch, detail=f"1:{theirs / ours:.0f}; {theirs * 1e9:.0f} ns/byte against {ours * 1e9:.2f}")


def lexer(bench):
    for mode, must, stretch in (("lex", 1.2, 2.2), ("lex-portable", 0.5, None)):
        size, tokens, seconds = output_of([bench.probe, mode, "5"], stdin=bench.tree.list).split()
        yield Row("P4", f"lexer alone, {'portable C' if 'p' in mode else 'AVX2 where there is'}", int(size) / float(seconds) / 1e9,
                  must, stretch, unit="GB/s", most=False, detail=f"{int(tokens):,} tokens in {float(seconds):.4f} s")
    differ = subprocess.run([TOOLS / "tokens-differ", "--python", bench.python, "--every", str(max(1, bench.tree.files // 3000)),
                             bench.tree.root], capture_output=True, text=True)
    if differ.returncode == 3:
        yield missing("P5", "tokens that differ from tokenize's", "the program python_tokens is not built (preset debug or asan)")
    else:
        said = differ.stdout.strip().splitlines()
        yield Row("P5", "files whose tokens differ from tokenize's", len(said) - 1 if differ.returncode else 0, 0, 0, unit="",
                  detail=said[-1] if said else "")


# ---- with an index ----

def unchanged(bench):
    tree = bench.tree
    tree.settle()
    status = ["git", "-C", tree.root, "status", "--porcelain"]
    tasks = {"one": Task(bench.scan(1)), "two": Task(bench.scan(2)), "git": Task(status),
             "floor": Task([bench.probe, "walk", tree.root])}
    got = interleave(2 * bench.runs, tasks)
    yield Row("P6", "nothing changed, CPU / git status", ratio(got["one"], got["git"]), 0.65, 0.55,
              detail=versus(ours=got["one"].words(), git_status=got["git"].words()))
    yield Row("P6", "nothing changed, two threads, wall / git status", ratio(got["two"], got["git"], "wall"), 0.60, 0.45,
              detail=versus(ours=got["two"].words("wall"), git_status=got["git"].words("wall")))
    yield Row("P7", "nothing changed, CPU / walk and stat alone", ratio(got["one"], got["floor"]), 1.10, 1.03,
              detail=versus(walk=got["floor"].words()))


def some_changed(bench):
    tree = bench.tree
    counts = [k for k in (1, 10, 100, 1000) if k * 4 <= tree.files]
    tasks = {0: Task(bench.scan(1))}
    for k in counts:
        tasks[k] = Task(bench.scan(1), before=lambda k=k: tree.touch_up(k))
    tree.settle()
    got = interleave(bench.runs, tasks)
    over = {k: (got[k].wall - got[0].wall) * 1000 for k in counts}
    tree.restore()
    yield Row("P8", "k files changed: milliseconds more than none, / (10 + 0.1 k)", max(over[k] / (10 + 0.1 * k) for k in counts), 1.0, 0.5,
              detail="; ".join(f"k={k}: {ms:.1f} ms" for k, ms in over.items()))


def fresh_checkout(bench):
    tree, clone = bench.tree, bench.work / "checkout"
    tree.forget()
    once(bench.scan(2))

    def check_out(with_index):
        shutil.rmtree(clone, ignore_errors=True)
        git(tree.root, "clone", "-q", "--shared", tree.root, clone)
        if with_index:
            shutil.copytree(tree.root / ".lanewright", clone / ".lanewright")

    runs = max(3, bench.runs // 2)
    got = interleave(runs, {"restored": Task(bench.scan(1, clone), before=lambda: check_out(True)),
                            "cold": Task(bench.scan(1, clone), before=lambda: check_out(False))}, warm=False)
    shutil.rmtree(clone)
    yield Row("P9", "fresh checkout with a restored index, CPU / cold", ratio(got["restored"], got["cold"]), 0.45, 0.20,
              detail=versus(restored=got["restored"].words(), cold=got["cold"].words()))


def cold_cache(bench):
    tree = bench.tree

    def before():
        tree.forget()
        tree.out_of_cache()

    default = [bench.program, "-q", "-C", tree.root, "scan", "-q"]
    got = interleave(3, {"many": Task(default, before=before), "one": Task(bench.scan(1), before=before)}, warm=False)
    yield Row("P13", "files not in the page cache, wall / one thread", ratio(got["many"], got["one"], "wall"), 0.40, 0.25,
              detail=versus(default=got["many"].words("wall"), one=got["one"].words("wall"))
              + "; emptied by posix_fadvise, names and inodes stay")


def start_up(bench):
    got = interleave(40, {"version": Task([bench.program, "--version"]), "true": Task(["/bin/true"])})
    yield Row("P15", "--version, wall", got["version"].wall * 1000, 2, 1, unit="ms",
              detail=f"/bin/true, started the same way, {got['true'].wall * 1000:.2f} ms")
    suite = bench.suite(24000 if bench.files > 5000 else bench.files)
    suite.settle()
    once(bench.plan(suite.root))
    got = interleave(bench.runs, {"plan": Task(bench.plan(suite.root))})
    yield Row("P15", f"plan from a ready index, {suite.files:,} files, wall", got["plan"].wall * 1000, 30, 10, unit="ms",
              detail=versus(wall=got["plan"].words("wall"), cpu=got["plan"].words()))


# ---- against pytest ----

# What a CI's job does, and the statuses it takes for done: the audit finds things in the generated suite.
STAGES = ((("scan",), (0,)), (("needs",), (0,)), (("audit",), FOUND_OR_NOT), (("plan",), (0,)), (("emit", "lists"), (0,)))


def collection(bench):
    """Of 3,000 files of tests: three in five of the files are such.  pytest once to warm up, once to measure."""
    suite = bench.suite(min(bench.files, 5000))
    pytest = [bench.python, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    if subprocess.run([bench.python, "-c", "import pytest"], capture_output=True).returncode:
        yield missing("P16", "pytest --collect-only", "pytest not found")
        return
    tests = [bench.program, "-C", suite.root, "tests", "--format", "ids"]
    got = interleave(1, {"pytest": Task(pytest, cwd=suite.root), "cold": Task(tests, before=suite.forget)})
    yield Row("P16", f"pytest --collect-only, warm / tests, cold index, {suite.tests:,} test files, CPU", ratio(got["pytest"], got["cold"]),
              200, 300, most=False, detail=versus(pytest=got["pytest"].words(), ours=got["cold"].words()))
    clone = bench.work / "job"

    def check_out():
        shutil.rmtree(clone, ignore_errors=True)
        git(suite.root, "clone", "-q", "--shared", suite.root, clone)
        shutil.copytree(suite.root / ".lanewright", clone / ".lanewright")

    steps = [Task([bench.program, "-C", clone, *words], good=good) for words, good in STAGES]
    job = interleave(3, {"job": Job(steps, check_out)}, warm=False)["job"]
    shutil.rmtree(clone)
    yield Row("E2", f"{' + '.join(words[0] for words, _ in STAGES)}, fresh checkout and restored index, CPU / pytest --collect-only, "
              f"{suite.tests:,} test files", ratio(job, got["pytest"]), 0.01, detail=versus(ours=job.words()))


def one_changed(bench):
    suite = bench.suite(min(bench.files, 10000))
    suite.settle()
    once(bench.plan(suite.root))
    status = ["git", "-C", suite.root, "status", "--porcelain"]
    got = interleave(bench.runs, {"plan": Task(bench.plan(suite.root), before=lambda: suite.touch_up(1)), "git": Task(status)})
    suite.restore()
    yield Row("E1", f"one of {suite.files:,} files changed: to a new plan and lists, CPU / git status", ratio(got["plan"], got["git"]), 2.0,
              detail=versus(ours=got["plan"].words(), ours_wall=got["plan"].words("wall"), git_status=got["git"].words()))


def splitting(bench):
    if subprocess.run([bench.python, "-c", "import pytest_split"], capture_output=True).returncode:
        yield missing("S1", "split / pytest-split", "pytest-split not found")
        return
    said = output_of([bench.python, TOOLS / "partition-compare", bench.program, "10000:64"]).splitlines()[1:]
    rows = [re.match(r"\s*\d+\s+\d+\s+(.*?)\s{2,}([\d.]+)\s+(\S+%)\s+([\d.]+)\s+(\d+)", line) for line in said]
    for row in rows[1:]:
        yield Row("S1", f"10,000 units on 64 shards: makespan, split / {row[1]}", float(rows[0][2]) / float(row[2]),
                  detail=f"above the bound: {rows[0][3]} against {row[3]}; CPU {rows[0][4]} s against {row[4]} s")


# ---- growth ----

def most_growth(costs):
    """What a file costs in a tree, at most, against a smaller tree: the small ones carry the start of the program."""
    sizes = sorted(costs)
    return max(costs[n] / costs[m] for i, m in enumerate(sizes) for n in sizes[i + 1:])


def of_one_more(totals):
    """What each further file costs between one size and the next."""
    sizes = sorted(totals)
    return {n: (totals[n] - totals[m]) / (n - m) for m, n in zip(sizes, sizes[1:])}


def growth(bench):
    """The least of the runs: a large tree does not stay in a page cache that others use, and the kernel's time for reading it
    from the disk is not ours."""
    cold, idle, cold_peaks, idle_peaks = {}, {}, {}, {}
    for wanted in bench.growth:
        suite = bench.suite(wanted, with_git=False)
        n, scan = suite.files, bench.scan(1, suite.root)
        runs = 5 if n < 50000 else 3
        got = interleave(runs, {"cold": Task(scan, before=suite.forget)})["cold"]
        cold[n] = got.least("cpu") / n * 1e6
        suite.settle()
        idle[n] = interleave(runs, {"idle": Task(scan)})["idle"].least("cpu") / n * 1e6
        idle_peaks[n] = peak_memory(scan, suite.root)
        suite.forget()
        cold_peaks[n] = peak_memory(scan, suite.root)
        yield Row("E3", f"{n:,} files of {suite.bytes / n / 1024:.1f} KB: cold, CPU a file", cold[n], unit="us",
                  detail=f"outside the kernel {got.least('user') / n * 1e6:.2f} us; nothing changed {idle[n]:.2f} us; peak memory {cold_peaks[n] / MB:.0f} MB cold, {idle_peaks[n] / MB:.0f} MB"
                  " with nothing changed")
        bench.drop_suite(suite)
    most = max(cold)
    if len(cold) > 1:
        yield Row("E3", "cold, CPU a file / in a smaller tree, at most", most_growth(cold), 1.1,
                  detail="; ".join(f"{n:,}: {us:.1f} us" for n, us in cold.items()))
        yield Row("E3", "nothing changed, CPU a file / in a smaller tree, at most", most_growth(idle), 1.1,
                  detail="; ".join(f"{n:,}: {us:.2f} us" for n, us in idle.items()))
    if len(cold) > 2:
        for what, peaks in (("cold", cold_peaks), ("nothing changed", idle_peaks)):
            further = of_one_more(peaks)
            yield Row("E3", f"{what}, memory of one more file / in a smaller tree, at most", most_growth(further), 1.1,
                      detail="; ".join(f"to {n:,}: {size:.0f} bytes" for n, size in further.items()))
    yield Row("P11", f"cold, CPU a file, {most:,} files", cold[most], 30, 22, unit="us")
    yield Row("P10", f"nothing changed, CPU a file, {most:,} files", idle[most], 3, 2.2, unit="us")
    yield Row("P10", f"nothing changed, peak memory, {most:,} files (goal: for a million)", idle_peaks[most] / MB, 200, 100, unit="MB")


# ---- what does not depend on the machine's mood ----

def count_instructions(bench):
    if have("valgrind"):
        yield missing("C1", "instructions a byte", have("valgrind"))
        return
    suite, one = bench.suite(min(bench.files, 1000)), bench.work / "empty"
    one.mkdir(exist_ok=True)
    for name in ("lanewright.toml", "pyproject.toml"):  # reading these is start-up, not the scan of a byte
        shutil.copyfile(suite.root / name, one / name)
    base = instructions([bench.probe, "lex", "0"], stdin=suite.list)
    lexed = instructions([bench.probe, "lex", "1"], stdin=suite.list) - base
    yield Row("C1", "instructions a byte, lexer", lexed / suite.bytes, 7, 5, unit="", detail=f"{lexed:,} for {suite.bytes:,} bytes")
    suite.forget()
    whole = instructions(bench.scan(1, suite.root)) - instructions(bench.scan(1, one))
    yield Row("C2", "instructions a byte, cold index", whole / suite.bytes, 14, 10, unit="", detail=f"{whole:,}")


def count_calls(bench):
    if have("strace"):
        yield missing("C3", "system calls a file", have("strace"))
        return
    suite = bench.suite(min(bench.files, 1000))
    places = suite.files + suite.folders
    suite.forget()
    for number, what, must in (("C3", "cold index", 5.0), ("C4", "nothing changed", 2.0)):
        calls = syscalls(bench.scan(1, suite.root))
        yield Row(number, f"system calls a file or folder, {what}", calls / places, must, unit="",
                  detail=f"{calls:,} for {suite.files:,} files in {suite.folders:,} folders")
        suite.settle()


def same_output(bench):
    suite, seen, differing = bench.suite(min(bench.files, 1000)), {}, []
    for jobs in ("1", "2", "3", "8"):
        suite.forget()
        shutil.rmtree(suite.root / ".lanewright", ignore_errors=True)
        at = [bench.program, "-C", suite.root, "--jobs", jobs]
        outputs = {"needs": output_of([*at, "needs", "--tests", "--format", "csv"]), "tests": output_of([*at, "tests", "--format", "json"])}
        output_of([*at, "plan"])
        outputs["plan.json"] = (suite.root / ".lanewright/plan.json").read_text()
        for name, text in outputs.items():
            if seen.setdefault(name, text) != text:
                differing.append(f"{name} with {jobs} threads")
    yield Row("D1", "outputs that differ between 1, 2, 3 and 8 threads", len(differing), 0, 0, unit="", detail=", ".join(differing) or "needs, tests, plan.json")


MEASUREMENTS = {
    "cold": cold, "lexer": lexer, "unchanged": unchanged, "some-changed": some_changed, "checkout": fresh_checkout,
    "cold-cache": cold_cache, "start": start_up, "one-changed": one_changed, "collection": collection, "split": splitting,
    "instructions": count_instructions, "calls": count_calls, "threads": same_output, "growth": growth,
}
