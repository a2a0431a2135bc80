"""A test that is skipped in a lane without its services fails instead: it would be skipped everywhere.

Written by `lanewright emit conftest-guard`; put it where conftest.py is, and say there

    pytest_plugins = ["lanewright_guard"]

or run pytest with `-p lanewright_guard`.  It goes by .lanewright/plan.json, and by the lane that $LANEWRIGHT_LANE names:
without that variable it does nothing.
"""

import json
import os
import pathlib

import pytest


def find_plan(start):
    for folder in (start, *start.parents):
        path = folder / ".lanewright" / "plan.json"
        if path.is_file():
            return path
    raise pytest.UsageError(f"LANEWRIGHT_LANE is set, but there is no .lanewright/plan.json above {start}")


class Guard:
    def __init__(self, plan_path, lane):
        plan = json.loads(plan_path.read_text(encoding="utf-8"))
        lanes = {it["name"]: it["services"] for it in plan["lanes"]}
        if lane not in lanes:
            raise pytest.UsageError(f"LANEWRIGHT_LANE={lane}: the plan has no such lane, only {', '.join(lanes)}")
        self.lane = lane
        self.services = set(lanes[lane])
        self.root = plan_path.parent.parent
        self.needs = {it["id"]: it["needs"] for it in plan["units"]}

    def missing(self, path, names):
        """What the unit of this test, or any unit of this file, needs and the lane has not."""
        try:
            file = pathlib.Path(path).resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return []
        needs = list(self.needs.get(file, ()))
        if names:
            parts = names.split("[")[0].split("::")
            for n in range(1, len(parts) + 1):
                needs += self.needs.get("::".join([file, *parts[:n]]), ())
        else:
            needs += [it for unit, its in self.needs.items() if unit.startswith(file + "::") for it in its]
        return sorted(set(needs) - self.services)

    def fail(self, report, path, names):
        missing = self.missing(path, names)
        if report.skipped and not hasattr(report, "wasxfail") and missing:  # an xfail counts as skipped, too
            report.outcome = "failed"
            report.longrepr = f"skipped in lane {self.lane}, which does not start {', '.join(missing)}: {reason(report)}"

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        outcome = yield
        self.fail(outcome.get_result(), item.path, item.nodeid.partition("::")[2])

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_make_collect_report(self, collector):
        outcome = yield
        if isinstance(collector, pytest.Module):
            self.fail(outcome.get_result(), collector.path, "")


def reason(report):
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


def pytest_configure(config):
    lane = os.environ.get("LANEWRIGHT_LANE")
    if lane:
        config.pluginmanager.register(Guard(find_plan(pathlib.Path.cwd()), lane), "lanewright-guard")
