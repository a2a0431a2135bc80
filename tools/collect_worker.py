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


def describe(item):
    info = getattr(item, "_fixtureinfo", None)
    return {
        "id": item.nodeid,
        "kind": type(item).__name__,
        "marks": marks.get(item, []),
        "fixtures": list(info.names_closure) if info else [],
    }


def pytest_collection_finish(session):
    root = getattr(session.config, "rootpath", None) or session.config.rootdir
    with open(os.environ["COLLECT_WORKER_OUT"], "w", encoding="utf-8") as out:
        print(json.dumps({"rootdir": str(root)}), file=out)
        for line in trouble:
            print(json.dumps(line), file=out)
        for item in session.items:
            print(json.dumps(describe(item)), file=out)
