"""A pytest plugin that writes what pytest collected as JSON lines into the file $COLLECT_WORKER_OUT: one line a test
with its marks and fixtures, one line a file that could not be imported or skips itself.  Runs under pytest 7 and later."""

import json
import os

trouble = []
marks = {}


def pytest_collectreport(report):
    if not report.passed:
        trouble.append({"node": report.nodeid, "outcome": report.outcome})


def pytest_itemcollected(item):
    """Before any conftest's pytest_collection_modifyitems adds marks of its own."""
    marks[item] = [mark.name for mark in item.iter_markers()]


def in_tree(item, name):
    """Whether the fixture that a test gets under that name is written in the suite's own tree."""
    definitions = item._fixtureinfo.name2fixturedefs.get(name)
    code = definitions and getattr(definitions[-1].func, "__code__", None)
    path = code.co_filename if code else ""
    return path.startswith(root(item.config) + os.sep) and "site-packages" not in path


def describe(item):
    info = getattr(item, "_fixtureinfo", None)
    closure = [name for name in info.names_closure if not name.startswith(("_xunit", "xunit_", "_unittest"))] if info else []
    return {
        "id": item.nodeid,
        "kind": type(item).__name__,
        "marks": marks.get(item, []),
        "fixtures": closure,
        "in_tree": [name for name in closure if in_tree(item, name)],
    }


def root(config):
    return str(getattr(config, "rootpath", None) or config.rootdir)


def pytest_collection_finish(session):
    with open(os.environ["COLLECT_WORKER_OUT"], "w", encoding="utf-8") as out:
        print(json.dumps({"rootdir": root(session.config)}), file=out)
        for line in trouble:
            print(json.dumps(line), file=out)
        for item in session.items:
            print(json.dumps(describe(item)), file=out)
