#!/usr/bin/env python3
"""Compares `lanewright needs` with the `#:` annotations of a suite (grammar: corpus/README.md).

usage: expectations.py SUITE NEEDS_TESTS_CSV NEEDS_FILES_CSV TEST_IDS

Prints each difference and a closing count; exits 1 when there is any.  It reads the suite with Python's own ast and
tokenize, so that it shares nothing with the program under test.
"""
import ast
import csv
import pathlib
import re
import sys
import tokenize

LIVE = {"requires", "probable"}


def clauses(comment):
    """`#: needs a, b; mentions c` -> [("needs", ["a", "b"]), ("mentions", ["c"])]"""
    for part in comment[2:].split(";"):
        words = re.split(r"[\s,]+", part.strip())
        if words and words[0]:
            yield words[0], words[1:]


def comments_of(path):
    with open(path, "rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT and token.string.startswith("#:"):
                yield token.start[0], token.string


class Test:
    def __init__(self, node_id):
        self.id, self.wanted = node_id, []


def first_line(node):
    return min([node.lineno] + [d.lineno for d in node.decorator_list])


def walk(node, prefix, tests, lines, collected):
    """Fills lines: line -> list of tests it speaks for."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            test = Test(f"{prefix}::{child.name}")
            tests[test.id] = test
            for line in range(first_line(child), child.end_lineno + 1):
                if test.id in collected:
                    lines.setdefault(line, set()).add(test.id)
                else:
                    lines.setdefault(line, set())
        elif isinstance(child, ast.ClassDef):
            walk(child, f"{prefix}::{child.name}", tests, lines, collected)
            own = {t for t in collected if t.startswith(f"{prefix}::{child.name}::")}
            inner = {line for c in child.body if isinstance(c, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
                     for line in range(first_line(c), c.end_lineno + 1)}
            for line in range(first_line(child), child.end_lineno + 1):
                if line not in inner:
                    lines.setdefault(line, set()).update(own)
        elif isinstance(child, (ast.If, ast.Try, ast.With)):
            walk(child, prefix, tests, lines, collected)


def read_suite(root, collected):
    wanted = {test: [] for test in collected}
    of_file = []
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root).as_posix()
        tests, lines = {}, {}
        walk(ast.parse(path.read_bytes()), relative, tests, lines, collected)
        for line, comment in comments_of(path):
            for verb, services in clauses(comment):
                owners = lines.get(line)
                if owners is None and verb in ("mentions", "mocked"):
                    of_file.append((relative, line, verb, services))
                    continue
                targets = owners if owners is not None else {t for t in collected if t.startswith(relative + "::")}
                for test in targets:
                    wanted.setdefault(test, []).append((line, verb, services))
    return wanted, of_file


def rows(path, key):
    table = {}
    for row in csv.DictReader(pathlib.Path(path).read_text().splitlines()):
        table.setdefault(row[key], {})[row["service"]] = row["grade"]
    return table


def judge(name, clauses_of, got):
    problems = []
    live = {s for s, grade in got.items() if grade in LIVE}
    expected = set()
    may_be_anything = any(verb == "unknown" for _, verb, _ in clauses_of)
    for line, verb, services in clauses_of:
        if verb in ("needs", "requires", "probable"):
            expected |= set(services)
        for service in services:
            grade = got.get(service, "none")
            exact = {"requires": "requires", "probable": "probable", "unknown": "unknown", "mocked": "mocked"}.get(verb)
            if exact and grade != exact:
                problems.append(f"{name}: line {line} says {verb} {service}, got {grade}")
            if verb == "mentions" and grade not in ("mention", "mocked", "none"):
                problems.append(f"{name}: line {line} says mentions {service}, got {grade}")
        if verb == "unknown" and not services and "unknown" not in got.values():
            problems.append(f"{name}: line {line} says unknown, got {got}")
    if live != expected and not may_be_anything:
        problems.append(f"{name}: expected {sorted(expected)}, got {sorted(live)}")
    return problems


def compare(root, tests_csv, files_csv, ids):
    """How many expectations were checked, and a sentence for each that does not hold."""
    got_tests, got_files = rows(tests_csv, "test"), rows(files_csv, "path")
    collected = {re.sub(r"\[.*$", "", line.strip()) for line in pathlib.Path(ids).read_text().splitlines() if "::" in line}
    wanted, of_file = read_suite(root, collected)
    problems, checked = [], 0
    for test in sorted(collected):
        checked += 1
        problems += judge(test, wanted.get(test, []), got_tests.get(test, {}))
    for path, line, verb, services in of_file:
        is_test = path.rsplit("/", 1)[-1].startswith("test_")
        for service in services:
            checked += 1
            grade = got_files.get(path, {}).get(service, "none")
            is_mocked = grade == "mocked" and any(
                said_verb == "mocked" and service in names
                for test, said in wanted.items() if test.startswith(path + "::") for _, said_verb, names in said)
            if verb == "mentions" and is_test and grade != "mention" and not is_mocked:
                problems.append(f"{path}:{line}: says mentions {service}, got {grade}")
    order = ["none", "mention", "mocked", "unknown", "probable", "requires"]
    for path in sorted({t.split("::")[0] for t in collected}):
        union = {}
        for test in collected:
            if test.startswith(path + "::"):
                for service, grade in got_tests.get(test, {}).items():
                    union[service] = max(union.get(service, "none"), grade, key=order.index)
        checked += 1
        for service, grade in union.items():
            if grade in LIVE and got_files.get(path, {}).get(service) != grade:
                problems.append(f"{path}: file says {got_files.get(path, {}).get(service)} {service}, its tests {grade}")
    return checked, problems


def main():
    checked, problems = compare(pathlib.Path(sys.argv[1]), *sys.argv[2:5])
    for problem in problems:
        print(problem)
    print(f"{checked} expectations, {len(problems)} differ")
    return 1 if problems or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
