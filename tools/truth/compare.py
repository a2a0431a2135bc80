"""Holds verdicts against the truth: what `lanewright needs --tests` says, or what `#:` annotations say."""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "corpus"))
import expectations  # noqa: E402

GRADES = ["requires", "probable", "unknown", "mocked", "mention", "none"]
CERTAIN = {"requires": True, "none": False}     # the verdicts that the truth must bear out

LIKELY = {"probable": True, "mocked": False, "mention": False}
COLUMNS = "tests, skipped, of each grade how many change and how many do not, disagreements"


class Tally:
    """(grade, whether the outcome changed) -> how many pairs of test and services; and what disagrees."""

    def __init__(self):
        self.counts, self.problems, self.doubts, self.tests, self.dead = {}, [], [], 0, 0

    def add(self, other):
        for key, n in other.counts.items():
            self.counts[key] = self.counts.get(key, 0) + n
        self.problems += other.problems
        self.doubts += other.doubts
        self.tests += other.tests
        self.dead += other.dead

    def note(self, test, services, grade, changes, said):
        self.counts[grade, changes] = self.counts.get((grade, changes), 0) + 1
        sentence = "%s: %s %s, its outcome %s without" % (
            test, grade, "|".join(services), "changes" if changes else "is the same")
        if CERTAIN.get(grade, changes) != changes:
            self.problems.append(sentence + said)
        elif LIKELY.get(grade, changes) != changes:
            self.doubts.append(sentence + said)

    def row(self):
        """The table in a line, for COLUMNS."""
        pairs = ["%s %d+%d" % (grade, self.counts.get((grade, True), 0), self.counts.get((grade, False), 0))
                 for grade in GRADES]
        return "%3d %2d  %s  %d" % (self.tests, self.dead, "  ".join(pairs), len(self.problems))

    def table(self):
        lines = ["| verdict | outcome changes | outcome is the same |", "|---|---|---|"]
        for grade in GRADES:
            lines.append("| %s | %d | %d |" % (
                grade, self.counts.get((grade, True), 0), self.counts.get((grade, False), 0)))
        return "\n".join(lines)


def ask(lanewright, suite):
    """{test: {services: need}} of a suite, from its JSON; the services of an any-of need are a tuple of several."""
    command = [lanewright, "-C", str(suite), "needs", "--tests", "--format", "json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, universal_newlines=True)
    verdicts = {}
    for test in json.loads(done.stdout)["tests"]:
        verdicts[test["test"]] = {tuple(need["service"].split("|")): need for need in test["needs"]}
    return verdicts


def chain(need):
    return "".join("\n    %s:%d %s" % (step["path"], step["line"], step["text"]) for step in need["chain"])


def verdicts(truth, said):
    """What lanewright said of each test that pytest ran, and the other way round."""
    tally = Tally()
    for test in sorted(truth.whole):
        if test not in said:
            tally.problems.append("%s: pytest runs it, lanewright does not know it" % test)
            continue
        needs = said[test]
        tally.tests += 1
        if truth.is_skipped(test):
            tally.dead += 1                     # whatever it would need, nothing can change
            continue
        seen = set()
        for services, need in needs.items():
            seen.update(services)
            if not need.get("override"):
                tally.note(test, services, need["grade"], truth.changes(test, services), chain(need))
        for service in truth.names:
            if service not in seen:
                tally.note(test, (service,), "none", truth.changes(test, (service,)), "")
    return tally


def annotations(truth, suite):
    """A sentence for each test whose annotation says other than its outcomes."""
    suite = pathlib.Path(suite)
    wanted, _ = expectations.read_suite(suite, set(truth.whole))
    problems = []
    for test in sorted(truth.whole):
        said = wanted.get(test, [])
        verbs = {verb for _, verb, _ in said}
        expected = {s for _, verb, names in said if verb in ("needs", "requires", "probable") for s in names}
        true = truth.needs(test)
        for one_of in [name for name in expected if "|" in name]:
            names = tuple(one_of.split("|"))
            true = true - set(names) | ({one_of} if truth.changes(test, names) else set())
        if "skipped" in verbs or truth.is_skipped(test):
            if not ("skipped" in verbs and truth.is_skipped(test)):
                problems.append("%s: annotated %s, %s" % (test, sorted(verbs), truth.whole[test]))
        elif true != expected and "unknown" not in verbs:
            problems.append("%s: annotated %s, its outcome changes without %s" % (
                test, sorted(expected) or "nothing", sorted(true) or "nothing"))
    return problems
