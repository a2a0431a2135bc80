"""What tokens-differ and ast-differ share: the interpreters of this machine, and running a worker under each."""

import glob
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def built(name):
    """The newest build of a program of ours."""
    found = glob.glob(os.path.join(ROOT, "build", "*", name)) + glob.glob(os.path.join(ROOT, "build*", name))
    return max(found, key=os.path.getmtime) if found else name


def find():
    """Every Python 3 there is, once each."""
    places = [os.path.join(d, "python3") for d in os.environ.get("PATH", "").split(os.pathsep) if d]
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    places += sorted(glob.glob(os.path.join(pyenv, "versions", "*", "bin", "python3")))
    seen = {}
    for place in places:
        if not os.access(place, os.X_OK):
            continue
        asked = subprocess.run(
            [place, "-c", "import sys; print(sys.base_prefix); print(sys.version.split()[0])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
        )
        if asked.returncode == 0:
            seen.setdefault(asked.stdout, place)
    return list(seen.values())


def run_all(worker, arguments):
    """The exit code: 1 when a worker found a difference, 3 when there was nothing to compare with."""
    if not os.access(arguments.program, os.X_OK):
        print("no program %s: build it first, or name it with --program" % arguments.program, file=sys.stderr)
        return 3
    pythons = arguments.python or find()
    differing = False
    for python in pythons:
        command = [python, "-W", "ignore", worker, arguments.program, str(arguments.every)] + arguments.paths
        code = subprocess.call(command)
        if code not in (0, 1):
            return 3
        differing |= code == 1
    return 1 if differing or not pythons else 0
