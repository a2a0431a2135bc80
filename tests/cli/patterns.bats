#!/usr/bin/env bats
# The user's patterns: looked for in code, and nowhere else.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir tests
	cat >lanewright.toml <<-'TOML'
		[services.elasticsearch]
		patterns = ['make_search_client\(', '@needs_search']
		[services.postgres]
	TOML
	cat >helpers.py <<-'PY'
		def store():
		    return make_search_client("x")
	PY
	cat >tests/test_x.py <<-'PY'
		from helpers import store

		def test_direct():
		    make_search_client("y").find()

		def test_through_a_helper():
		    store()

		@needs_search
		def test_marked():
		    pass

		def test_said():
		    """make_search_client( is not called here"""
		    # make_search_client(
		    assert "nothing"
	PY
}

@test "it counts a pattern in code as a probable need, with its place" {
	run lanewright needs --tests --format csv
	code 0
	echo "$output"
	[ "$output" = "test,service,grade
tests/test_x.py::test_direct,elasticsearch,probable
tests/test_x.py::test_marked,elasticsearch,probable
tests/test_x.py::test_through_a_helper,elasticsearch,probable" ]
	run lanewright explain tests/test_x.py::test_through_a_helper elasticsearch
	says "helpers.py:2"
	says "matches a pattern of the config"
}

@test "it takes a pattern outside of all functions for every test of the file" {
	echo 'client = make_search_client("z")' >>tests/test_x.py
	run lanewright needs --tests --format csv
	says "tests/test_x.py::test_said,elasticsearch,probable"
}

@test "it counts lines right after a long docstring" {
	cat >helpers.py <<-'PY'
		def store():
		    """One.

		    Two.
		    """
		    return make_search_client("x")
	PY
	run lanewright explain tests/test_x.py::test_through_a_helper elasticsearch
	says "helpers.py:6"
}

@test "it says which pattern gives up" {
	printf 'a = "%s"\nb = 1\n' "$(printf 'a%.0s' {1..200})" >tests/test_long.py
	cat >lanewright.toml <<-'TOML'
		[services.postgres]
		patterns = ['(a+)+(a+)+(a+)+b']
	TOML
	run lanewright needs
	code 2
	says "gives up on tests/test_long.py"
}
