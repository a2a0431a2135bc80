#!/usr/bin/env bats
# What `explain`, `needs` and `estimate` tell people of the less ordinary: marks, dead tests, overrides, what cannot be decided.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	make_suite
	cat >>lanewright.toml <<-'TOML'
		[[override]]
		test = "tests/test_more.py::test_told"
		needs = ["redis"]
		reason = "the worker asks it"
	TOML
	cat >tests/test_more.py <<-'PY'
		import pytest
		@pytest.mark.slow
		def test_marked(db): pass
		@pytest.mark.skip(reason="old")
		def test_skipped(db): pass
		def test_told(): pass
		@pytest.mark.parametrize("name", NAMES)
		def test_made(name, db): pass
	PY
}

@test "it lists the marks of a test with their places" {
	run lanewright explain tests/test_more.py::test_marked
	code 0
	says $'marks\n  slow  tests/test_more.py:2'
}

@test "it says that a test is never run" {
	run lanewright explain tests/test_more.py::test_skipped
	code 0
	says "requires postgres, dead: the test is skipped without a condition"
	run lanewright needs --tests
	says "makes a client: psycopg.connect, dead"
}

@test "it says whose word it is when a person has overridden it" {
	run lanewright explain tests/test_more.py::test_told
	code 0
	says $'requires redis, by an override\n  tests/test_more.py:6  lanewright.toml:12:1 overrides: the worker asks it'
	run lanewright needs --tests
	says "overrides: the worker asks it, by override"
}

@test "it says what of a test cannot be decided, and where" {
	run lanewright explain tests/test_more.py::test_made
	code 0
	says "not decidable: parametrize, tests/test_more.py:7: values are not literal"
	run lanewright explain tests/test_more.py::test_told
	never_says "not decidable"
}

@test "estimate says for each test what it will take and how that is known" {
	run lanewright estimate
	code 0
	[[ ${lines[0]} =~ ^seconds\ +low\ +high\ +source\ +test$ ]]
	[ "$(grep -cE '^ +[0-9.]+ +[0-9.]+ +[0-9.]+ +default  tests/' <<<"$output")" -eq 9 ]
}
