"""What the workers of the differs share.  Runs under any Python from 3.6 on."""

import os
import sys
import sysconfig


def library():
    """The folders that hold this interpreter's own library and what is installed with it."""
    paths = sysconfig.get_paths()
    return sorted({paths[key] for key in ("stdlib", "purelib", "platlib")})


def python_files(places):
    """Every .py file below the places, once each, sorted."""
    found = set()
    for place in places:
        if os.path.isfile(place):
            found.add(os.path.abspath(place))
        for folder, _, names in os.walk(place):
            found.update(os.path.join(folder, name) for name in names if name.endswith(".py"))
    return sorted(path for path in found if "\n" not in path)


def accepted(text, path):
    """Does this interpreter compile it?"""
    try:
        compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, UnicodeError, RecursionError, MemoryError, OverflowError):
        return False
    return True


class Tally:
    """Counts, and the report at the end."""

    def __init__(self, what):
        self.what = what
        self.files = self.refused = self.bytes = self.things = 0
        self.differing = []
        self.notes = []  # why a file could not be compared

    def differs(self, path, sentence):
        self.differing.append(path)
        if len(self.differing) <= int(os.environ.get("DIFFER_SHOW", "20")):
            print("%s: %s" % (path, sentence))

    def report(self):
        for note in self.notes:
            print(note)
        print(
            "python %s: %d files compared (%d refused by it), %d bytes, %d %s: %d files differ"
            % (
                sys.version.split()[0],
                self.files,
                self.refused,
                self.bytes,
                self.things,
                self.what,
                len(self.differing),
            )
        )
        return 1 if self.differing else 0
