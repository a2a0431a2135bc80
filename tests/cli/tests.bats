#!/usr/bin/env bats
# `tests`: what pytest would collect.

load helper

@test "it lists ids as pytest does" {
	run lanewright tests
	code 0
	[ "$output" = "tests/db/test_cache.py::test_get
tests/db/test_rows.py::test_insert
tests/db/test_rows.py::TestSelect::test_all
tests/unit/test_sums.py::test_one[1]
tests/unit/test_sums.py::test_one[2]
tests/unit/test_sums.py::test_two" ]
}

@test "it lists the same from a folder below the root" {
	lanewright tests >whole
	cd tests/unit
	run lanewright tests
	code 0
	[ "$output" = "$(cat ../../whole)" ]
}

@test "it leaves the brackets out where the parameters are not literal" {
	cat >tests/unit/test_dynamic.py <<-'PY'
		import os

		import pytest


		@pytest.mark.parametrize("name", os.listdir("."))
		def test_names(name):
		    assert name
	PY
	run lanewright tests
	code 0
	[[ $'\n'"$output"$'\n' == *$'\n'"tests/unit/test_dynamic.py::test_names"$'\n'* ]]
}

@test "it writes CSV with a header" {
	run lanewright tests --format csv
	code 0
	[ "${lines[0]}" = "test,line,collection,cases,marks,fixtures" ]
	[ "${lines[1]}" = "tests/db/test_cache.py::test_get,1,exact,1,,cache" ]
	[ "${lines[4]}" = "tests/unit/test_sums.py::test_one,5,exact,2,parametrize," ]
}

@test "it writes JSON with marks, fixtures and unknowns" {
	lanewright tests --format json >tests.json
	run python3 - <<-'PY'
		import json
		found = json.load(open("tests.json"))
		assert found["version"] == 1
		by_id = {t["id"]: t for t in found["tests"]}
		one = by_id["tests/unit/test_sums.py::test_one"]
		assert one["exact"] and one["params_exact"] and one["params"] == ["1", "2"] and one["cases"] == 2, one
		assert [m["name"] for m in one["marks"]] == ["parametrize"]
		get = by_id["tests/db/test_cache.py::test_get"]
		assert [(f["name"], f["path"]) for f in get["fixtures"]] == [("cache", "tests/conftest.py")], get
		print("fine")
	PY
	code 0
	says fine
}

@test "it ends with a finding when there are no tests" {
	rm -r tests/unit tests/db
	run lanewright tests
	code 1
	says "no tests found: looked for test_*.py *_test.py below tests"
}

@test "it writes valid JSON for a name that is no UTF-8" {
	printf 'def test_a():\n    pass\n' >"$(printf 'tests/unit/test_\xff.py')"
	run bash -c '"$1" tests --format json | python3 -c "import json, sys; json.loads(sys.stdin.buffer.read().decode())"' _ "$LANEWRIGHT"
	code 0
}

@test "it shows control characters instead of sending them to the terminal" {
	printf 'def test_a():\n    pass\n' >"$(printf 'tests/unit/test_\033[31m.py')"
	run lanewright tests
	code 0
	says 'test_\x1b[31m.py::test_a'
}

@test "it shows marks that turn the direction of text, and C1 controls" {
	printf 'def test_a():\n    pass\n' >"$(printf 'tests/unit/test_\xe2\x80\xae\xc2\x9b.py')"
	run lanewright tests
	code 0
	says 'test_\xe2\x80\xae\xc2\x9b.py::test_a'
}

@test "it gives no commands to a CI runner" {
	rm pytest.ini
	printf 'def test_a():\n    pass\n' >'::set-output name=x::test_a.py'
	printf '[pytest]\npython_files = *test_*.py\n' >pytest.ini
	run lanewright tests
	code 0
	[ "$(grep -c '^::' <<<"$output")" -eq 0 ]
	says '\x3a:set-output name=x::test_a.py::test_a'
}

@test "it tells names in messages without their control characters" {
	run lanewright explain "$(printf 'tests/\033[2J.py')"
	code 2
	says 'tests/\x1b[2J.py'
}
