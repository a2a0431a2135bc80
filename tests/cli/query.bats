#!/usr/bin/env bats
# `query`: SQL over what is known.

load helper

@test "it answers in a table" {
	run lanewright query "SELECT test, cases FROM v1_tests ORDER BY cases DESC, test LIMIT 1"
	code 0
	[[ ${lines[0]} =~ ^test\ +cases$ ]]
	[[ ${lines[1]} =~ ^tests/unit/test_sums.py::test_one\ +2$ ]]
}

@test "it answers as CSV" {
	run lanewright query --format csv "SELECT path, count(*) AS n FROM v1_tests GROUP BY path"
	code 0
	[ "$output" = "path,n
tests/db/test_cache.py,1
tests/db/test_rows.py,2
tests/unit/test_sums.py,2" ]
}

@test "it answers as JSON with types" {
	lanewright query --format json "SELECT 1 AS i, 2.5 AS r, 'a\"b' AS t, NULL AS n" >answer.json
	run python3 -c 'import json; print(json.load(open("answer.json")))'
	code 0
	[ "$output" = "{'version': 1, 'rows': [{'i': 1, 'r': 2.5, 't': 'a\"b', 'n': None}]}" ]
}

@test "it has a row for each fact of each kind" {
	lanewright plan >plan.txt
	for table in files tests fixtures uses imports needs timings units plan; do
		run lanewright query --format csv "SELECT count(*) FROM v1_$table"
		code 0
		[ "${lines[1]}" -gt 0 ] || {
			echo "v1_$table is empty"
			return 1
		}
	done
	run lanewright query --format csv "SELECT count(*) FROM v1_marks"
	[ "${lines[1]}" = 1 ]
}

@test "it tells needs apart by service" {
	run lanewright query --format csv "SELECT DISTINCT path, service FROM v1_needs WHERE grade <> 'mention' ORDER BY 1"
	code 0
	[ "$output" = "path,service
tests/db/test_cache.py,redis
tests/db/test_rows.py,postgres" ]
}

@test "it only reads" {
	run lanewright query "DELETE FROM v1_tests"
	code 2
	says "only reading is allowed"
	run lanewright query "ATTACH 'x.db' AS x"
	code 2
	[ ! -e x.db ]
}

@test "it names the table that was meant" {
	run lanewright query "SELECT * FROM v1_test"
	code 2
	says "did you mean v1_tests?"
}

@test "it needs a plan only for the tables of the plan" {
	run lanewright query "SELECT * FROM v1_plan"
	code 2
	says "there is no plan yet"
	run lanewright query "SELECT count(*) FROM v1_files"
	code 0
}
