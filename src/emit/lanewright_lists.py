"""pytest collects just what a list names: pytest -p lanewright_lists --lanewright-list FILE

Written by `lanewright emit pytest-plugin`.  `pytest @FILE` hands over one argument a line, for each of which pytest 8
looks through the file's whole folder again; this walks each folder once.  A path or test of the list that is not met
is an error, and so is an empty list: without one, pytest would run everything.
"""

import os
import pathlib

import pytest


def pytest_addoption(parser):
    parser.addoption("--lanewright-list", action="append", default=[], metavar="FILE", help="run just what this list names")


def read(files):
    """{path: names of its tests, or None for the whole file}, of all lists together."""
    wanted = {}
    for file in files:
        try:
            lines = pathlib.Path(file).read_text(encoding="utf-8").split("\n")
        except OSError as error:
            raise pytest.UsageError(f"{file}: {error.strerror}") from None
        if lines[-1] == "":
            lines.pop()
        if not lines or not all(map(str.strip, lines)):
            raise pytest.UsageError(f"{file}: empty, or with a blank line: that would run every test")
        for line in lines:
            path, _, names = line.partition("::")
            path = os.path.realpath(path)
            if not names:
                wanted[path] = None
            elif wanted.get(path, ()) is not None:
                wanted.setdefault(path, []).append(names)
    return wanted


class Lists:
    def __init__(self, wanted):
        self.wanted = wanted
        self.above = {str(parent) for path in wanted for parent in pathlib.Path(path).parents}
        self.met = set()
        self.excused = set()  # could not be collected, or skipped as a whole: pytest says so itself

    def folders(self):
        """The folders of the listed files, without those below another."""
        found = []
        for folder in sorted({os.path.dirname(path) for path in self.wanted}):
            if not any(folder == above or folder.startswith(above.rstrip(os.sep) + os.sep) for above in found):
                found.append(folder)
        return found

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path):
        path = os.path.realpath(collection_path)
        if os.path.isdir(path):
            return None if path in self.above else True
        return None if path in self.wanted or os.path.basename(path) in ("__init__.py", "conftest.py") else True

    def pytest_collectstart(self, collector):
        path = os.path.realpath(getattr(collector, "path", "") or "")
        if path in self.wanted:
            self.met.add(path)

    def pytest_collectreport(self, report):
        if report.outcome != "passed":
            self.excused.add(os.path.realpath(report.nodeid.partition("::")[0]))

    def names_of(self, item):
        """The listed names that hold this item: None for not listed."""
        path = os.path.realpath(getattr(item, "path", "") or "")
        if path not in self.wanted:
            return None
        if self.wanted[path] is None:
            return [path]
        own = item.nodeid.partition("::")[2]
        return [(path, name) for name in self.wanted[path] if own == name or own.startswith((name + "::", name + "["))] or None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config, items):
        kept = []
        for item in items:
            names = self.names_of(item)
            if names:
                kept.append(item)
                self.met.update(names)
        items[:] = kept
        self.complain()

    def complain(self):
        lost = [path for path in self.wanted if path not in self.met]
        for path, names in self.wanted.items():
            if path in self.met and path not in self.excused:
                lost += [f"{path}::{name}" for name in names or () if (path, name) not in self.met]
        if lost:
            raise pytest.UsageError("listed, but not met: " + ", ".join(sorted(map(ascii, lost))))


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, args):
    """The lists' folders become the arguments, before conftests are looked for in them."""
    files = early_config.known_args_namespace.lanewright_list
    if files:
        folders = Lists(read(files)).folders()
        early_config.known_args_namespace.file_or_dir = folders
        args += folders


def pytest_configure(config):
    """Also in the workers of xdist, which get the controller's arguments."""
    if config.option.lanewright_list:
        config.pluginmanager.register(Lists(read(config.option.lanewright_list)), "lanewright-lists")
