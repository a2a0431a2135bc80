"""How tools/bench runs things: each in a process of its own, in turns, so that what disturbs one disturbs all."""

import os
import re
import shutil
import statistics
import subprocess
import time


class Sample:
    """One run: processor seconds (its own and its children's; those outside the kernel) and wall-clock seconds."""

    def __init__(self, cpu, user, wall):
        self.cpu, self.user, self.wall = cpu, user, wall


class Series:
    """The runs of one command: medians, and how far they were spread."""

    def __init__(self, samples):
        self.samples = samples

    def of(self, what):
        return statistics.median(getattr(s, what) for s in self.samples)

    def least(self, what):
        return min(getattr(s, what) for s in self.samples)

    cpu = property(lambda self: self.of("cpu"))
    wall = property(lambda self: self.of("wall"))

    def words(self, what="cpu"):
        values = [getattr(s, what) for s in self.samples]
        return f"{self.of(what):.4g} s [{min(values):.4g}..{max(values):.4g}]"


FOUND_OR_NOT = (0, 1)  # of programs whose status says what they found


def once(command, cwd=None, stdin=None, good=(0,)):
    """One run.  A status other than those in `good` ends the benchmark: what failed fast is no measurement."""
    with open(stdin or os.devnull) as source:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        raise SystemExit(f"{' '.join(map(str, command))[:200]}: status {process.returncode}\n{said.decode()[-500:]}")
    return Sample(used.ru_utime + used.ru_stime, used.ru_utime, wall)


class Task:
    """A command with what must be done before each run of it, unmeasured."""

    def __init__(self, command, cwd=None, stdin=None, before=None, good=(0,)):
        self.command, self.cwd, self.stdin, self.before, self.good = command, cwd, stdin, before, good

    def run(self):
        if self.before:
            self.before()
        return once(self.command, self.cwd, self.stdin, self.good)


class Job:
    """Several tasks one after the other, as a job of a CI does; `before` is not measured."""

    def __init__(self, tasks, before):
        self.tasks, self.before = tasks, before

    def run(self):
        self.before()
        runs = [task.run() for task in self.tasks]
        return Sample(*(sum(getattr(r, what) for r in runs) for what in ("cpu", "user", "wall")))


def interleave(runs, tasks, warm=True):
    """{name: Series}: all in turns, `runs` times, after one round that nobody looks at."""
    samples = {name: [] for name in tasks}
    for turn in range(runs + warm):
        for name, task in tasks.items():
            sample = task.run()
            if turn >= warm:
                samples[name].append(sample)
    return {name: Series(all_of) for name, all_of in samples.items()}


def peak_memory(command, cwd):
    """Bytes, by GNU time: a process of Python's own would hand its size down."""
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], cwd=cwd, capture_output=True, text=True)
    return int(done.stderr.split()[-1]) * 1024


def output_of(command, cwd=None, stdin=None):
    with open(stdin or os.devnull) as source:
        return subprocess.run(command, cwd=cwd, stdin=source, capture_output=True, text=True, check=True).stdout


def counted(command, cwd, stdin, pattern, stream):
    """The number that a counting program says of another one.  One that says none could not run: that is no zero."""
    with open(stdin or os.devnull) as source:
        done = subprocess.run(command, cwd=cwd, stdin=source, capture_output=True, text=True)
    found = re.search(pattern, getattr(done, stream), re.MULTILINE)
    if done.returncode not in FOUND_OR_NOT or not found:
        raise SystemExit(f"{command[0]} counts nothing here (status {done.returncode}); it needs a kernel and a container that "
                         f"let it trace:\n{done.stderr[-500:]}")
    return int(found.group(1))


def instructions(command, cwd=None, stdin=None):
    """By callgrind: the same number each time, whatever else the machine does."""
    return counted(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], cwd, stdin,
                   r"Collected : (\d+)", "stderr")


def syscalls(command, cwd=None):
    """How many in all threads, by strace -c."""
    return counted(["strace", "-f", "-c", "-o", "/dev/stdout", *command], cwd, None,
                   r"^100\.\S+\s+\S+\s+(?:\S+\s+)?(\d+)\s.*total$", "stdout")


def have(*programs):
    """Those that are missing, as words; '' when none is."""
    missing = [p for p in programs if not shutil.which(p)]
    return f"{', '.join(missing)} not found" if missing else ""


def git(folder, *arguments):
    subprocess.run(["git", "-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "core.fsmonitor=false",
                    "-c", "gc.auto=0", "-C", folder, *arguments], check=True, stdout=subprocess.DEVNULL)
