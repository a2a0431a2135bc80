#!/usr/bin/env bats
# `audit --fix` and `--diff`: what is written, shown and refused.  Which edits are made: tests/fix.

load helper

setup() {
	cp -r "$BATS_TEST_DIRNAME/../../corpus/audit/markers" "$BATS_TEST_TMPDIR/suite"
	cd "$BATS_TEST_TMPDIR/suite"
	rm -rf tests/test_spelling.py .lanewright
	unset GIT_DIR GIT_WORK_TREE
}

@test "--diff shows a difference that patch takes, and writes nothing" {
	cp -r . ../before
	run lanewright audit --diff
	code 1
	says "+@pytest.mark.requires_postgres"
	says "-@pytest.mark.requires_redis  #: LW102"
	says "lanewright: tests/test_wrong.py would be changed"
	rm -r .lanewright
	diff -r . ../before
	lanewright audit --diff 2>/dev/null >../patch || true
	lanewright audit --fix
	cd ../before
	patch -p0 <../patch
	rm -rf ../suite/.lanewright
	diff -r . ../suite
}

@test "--fix writes, audits what is left, and has nothing to do the second time" {
	run lanewright audit --fix
	code 0
	says "lanewright: changed tests/test_missing.py"
	says "0 findings in "
	cp -r . ../after
	run lanewright audit --fix
	code 0
	never_says "changed"
	diff -r tests ../after/tests
	run lanewright audit --diff
	code 0
	[ -z "$output" ]
}

@test "findings that no marker mends are printed in the format asked for, and end in 1" {
	printf '\n\ndef test_sum():\n    pass\n' >>tests/test_superfluous.py
	run lanewright audit --fix --format json
	code 1
	says '"code":"LW601"'
	never_says '"code":"LW10'
}

@test "it keeps modes and follows links that stay below the root" {
	mkdir real
	mv tests/test_whole_file.py real/whole.py
	ln -s ../real/whole.py tests/test_whole_file.py
	chmod 600 real/whole.py
	run lanewright audit --fix
	code 0
	[ -L tests/test_whole_file.py ]
	[ "$(stat -c %a real/whole.py)" = 600 ]
	grep -q '^pytestmark = pytest.mark.requires_redis$' real/whole.py
}

@test "what it refuses is told with its place, and ends in 1" {
	cat >tests/test_cases.py <<-'PY'
		import pytest


		@pytest.mark.parametrize("kind", ["postgres", "redis"])
		def test_kinds(kind, db, cache):
		    cache.set("n", db.execute("select 1"))
	PY
	cp tests/test_cases.py ../cases.py
	run lanewright audit --diff
	code 1
	says "lanewright: not changed: tests/test_cases.py:5: needs postgres in some of its cases only"
	run lanewright audit --fix
	code 1
	cmp tests/test_cases.py ../cases.py
}

@test "it registers the markers it uses" {
	printf '[pytest]\r\ntestpaths = tests\r\n' >pytest.ini
	lanewright audit --fix
	printf '[pytest]\r\nmarkers =\r\n    requires_postgres: needs postgres\r\n    requires_redis: needs redis\r\ntestpaths = tests\r\n' |
		cmp - pytest.ini
}

@test "without a pytest config it says so when it writes markers, and not again" {
	rm pytest.ini
	run lanewright audit --fix
	code 1
	says "changed tests/test_missing.py"
	says "not changed: pytest.ini: there is no pytest config to register markers in: requires_postgres: needs postgres; requires_redis: needs redis"
	run lanewright audit --diff
	code 0
	[ -z "$output" ]
}

@test "--changed leaves files alone that a revision already has" {
	git init -q .
	git add -A
	git -c user.name=a -c user.email=a@b commit -qm "as it was"
	printf '\n\ndef test_three(cache):\n    cache.get("three")\n' >>tests/test_whole_file.py
	run lanewright audit --diff --changed HEAD
	code 1
	says "+++ tests/test_whole_file.py"
	never_says "+++ tests/test_missing.py"
}

@test "a file that cannot be written stops it with trouble and leaves no half of it" {
	if [ "$(id -u)" = 0 ]; then skip "root writes everywhere"; fi
	chmod 500 tests
	run lanewright audit --fix
	code 3
	says "cannot write"
	[ -z "$(find tests -name '*.tmp')" ]
	chmod 700 tests
}

@test "--fix and --diff exclude each other, and --diff knows no baseline" {
	run lanewright audit --fix --diff
	code 2
	says "--fix and --diff exclude each other"
	run lanewright audit --diff --baseline x
	code 2
	says "--diff knows no baseline"
}
