"""Runs commands on a suite that is edited between them, with what was kept from the runs before and without it.  What
tools/incremental-differ and the row `edits` of tools/torture share."""

import pathlib
import random
import shutil
import subprocess
import tempfile
import time

import tree_edits

TOOLS = pathlib.Path(__file__).resolve().parent
COMMANDS = ("needs --tests --format csv", "needs --tests --format json", "needs --format json", "tests --format json", "tests", "plan", "plan --shards 3",
            "audit --format json", "check")
KEPT = ("plan.json", "shards")


def make_suite(what, root):
    """Writes or copies the suite."""
    kind, _, which = what.partition(":")
    if what == "shop":
        shutil.copytree(TOOLS.parent / "corpus/shop", root, ignore=shutil.ignore_patterns(*tree_edits.SKIPPED))
    elif kind == "made":
        subprocess.run([TOOLS / "suite-maker", "--bytes", "2500", which, root], check=True, stdout=subprocess.DEVNULL)
    elif kind == "truth":
        import suite

        suite.make(root, int(which), 24)
    else:
        shutil.copytree(what, root, symlinks=True, ignore=shutil.ignore_patterns(*tree_edits.SKIPPED))


class Differ:
    def __init__(self, program, root, rng):
        self.program, self.root, self.kept = program, root, root / ".lanewright"
        self.aside, self.tree, self.rng = root.parent / "aside", tree_edits.Tree(root, rng), rng
        self.files = 0

    def said(self, commands):
        """What the commands print, and what they leave."""
        out = []
        for command in commands:
            done = subprocess.run([self.program, "-C", self.root, *command.split()], capture_output=True, timeout=600)
            if not 0 <= done.returncode <= 3 or b"Sanitizer" in done.stderr or b"runtime error:" in done.stderr:
                raise RuntimeError(f"{command}: status {done.returncode}\n{done.stderr.decode(errors='replace')}")
            out.append((command, done.returncode, done.stdout, done.stderr))
            for name in KEPT:
                at = self.kept / name
                paths = sorted(at.glob("*.txt")) if at.is_dir() else [at] if at.exists() else []
                out += [(f"{command}: {p.relative_to(self.kept)}", 0, p.read_bytes(), b"") for p in paths]
        return out

    def clear(self):
        """Nothing of what was kept is left but the plan and its lists."""
        for at in self.kept.iterdir() if self.kept.exists() else ():
            if at.name not in KEPT and at.name != "history.db":
                at.unlink()

    def difference(self, commands):
        """What is not the same, as text; `.lanewright` is then as the warm commands left it."""
        shutil.rmtree(self.aside, ignore_errors=True)
        if self.kept.exists():
            shutil.copytree(self.kept, self.aside)
        warm = self.said(commands)
        left = self.aside.with_name("left")
        shutil.rmtree(left, ignore_errors=True)
        if self.kept.exists():
            self.kept.rename(left)
        if self.aside.exists():
            shutil.copytree(self.aside, self.kept)
        self.clear()
        cold = self.said(commands)
        shutil.rmtree(self.kept, ignore_errors=True)
        if left.exists():
            left.rename(self.kept)
        for w, c in zip(warm, cold):
            if w != c:
                return f"{w[0]}: with what was kept\n{first_difference(w, c)}"
        return "" if len(warm) == len(cold) else "other files are left"

    def back_to(self, before):
        """The files and `.lanewright` as they were before the edit."""
        self.tree.put(before)
        shutil.rmtree(self.kept, ignore_errors=True)
        if self.before.exists():
            shutil.copytree(self.before, self.kept)

    def step(self):
        """One to three edits and the runs after them; names of the edits, and what went wrong."""
        self.before = self.aside.with_name("before")
        shutil.rmtree(self.before, ignore_errors=True)
        if self.kept.exists():
            shutil.copytree(self.kept, self.before)
        before, names, edit = {}, [], {}
        for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
            name, one = tree_edits.draw(self.tree)
            before = {**{p: self.tree.read(p) for p in one}, **before}
            self.tree.put(one)
            edit.update(one)
            names.append(name)
        commands = self.rng.sample(COMMANDS, self.rng.choice((1, 2, 3)))
        wrong = self.difference(commands)
        return names, wrong and self.report(before, edit, commands, wrong)

    def report(self, before, edit, commands, wrong):
        def fails(part):
            self.back_to(before)
            self.tree.put(part)
            return self.difference(commands)
        small = tree_edits.shrink(before, edit, fails)
        again = fails(small)
        self.back_to(before)
        return f"{commands}: {again or wrong}\n{tree_edits.show(before, small)}"


def first_difference(warm, cold):
    for what, w, c in zip(("", "status", "output", "errors"), warm, cold):
        if w == c or not isinstance(w, bytes):
            continue
        a, b = (d.decode(errors="replace").splitlines() for d in (w, c))
        for i in range(max(len(a), len(b))):
            x, y = (side[i] if i < len(side) else "(nothing)" for side in (a, b))
            if x != y:
                return f"  {what} line {i + 1}:\n  kept {x[:2000]}\n  cold {y[:2000]}"
    return f"  status {warm[1]} and {cold[1]}"


def run(program, seed, edits, seconds, keep, what):
    """(how many steps, what went wrong)"""
    rng, start = random.Random(f"{seed}/{what}"), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="incremental-") as folder:
        root = pathlib.Path(folder) / "suite"
        make_suite(what, root)
        differ, counts = Differ(program, root, rng), {}
        differ.said(["needs --tests --format csv", "plan"])
        for n in range(edits):
            if time.monotonic() - start > seconds:
                return n, counts, ""
            names, wrong = differ.step()
            for name in names:
                counts[name] = counts.get(name, 0) + 1
            if wrong:
                if keep:
                    shutil.copytree(root, pathlib.Path(keep), dirs_exist_ok=True)
                return n, counts, f"{what}, seed {seed}, step {n}, {', '.join(names)}: {wrong}"
        return edits, counts, ""
