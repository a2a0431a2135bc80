#!/usr/bin/env bats
# `record` and `estimate`: timings in, seconds out.

load helper

junit() { # junit FILE TIMESTAMP SECONDS...: the times of insert and get
	cat >"$1" <<-XML
		<?xml version="1.0" encoding="utf-8"?>
		<testsuites><testsuite name="pytest" timestamp="$2">
		<testcase classname="tests.db.test_rows" name="test_insert" time="$3" />
		<testcase classname="tests.db.test_cache" name="test_get" time="$4" />
		</testsuite></testsuites>
	XML
}

@test "it records the times of a JUnit report" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	run lanewright record run.xml
	code 0
	says "junit: 2 cases, 2 matched"
	says "history: 2 added, 0 changed, 0 known already"
}

@test "it changes nothing when a report is recorded again" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	lanewright record run.xml
	run lanewright record run.xml
	code 0
	says "history: 0 added, 0 changed, 2 known already"
}

@test "it takes each report as a run of its own" {
	junit one.xml 2024-05-01T10:00:00 2.5 0.25
	junit two.xml 2024-05-02T10:00:00 2.5 0.25
	run lanewright record one.xml two.xml
	code 0
	says "history: 4 added"
}

@test "it takes the reports of a named run together" {
	cat >one.xml <<-'XML'
		<testsuite><testcase classname="tests.unit.test_sums" name="test_one[1]" time="1"/></testsuite>
	XML
	cat >two.xml <<-'XML'
		<testsuite><testcase classname="tests.unit.test_sums" name="test_one[2]" time="2"/></testsuite>
	XML
	run lanewright record --run 17 --at 2024-05-01T10:00:00Z one.xml two.xml
	code 0
	says "history: 1 added"
	run lanewright estimate --format csv
	code 0
	[[ $output =~ tests/unit/test_sums.py::test_one,3\.000,[0-9.]+,[0-9.]+,history ]]
}

@test "it reads a report from standard input" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	run bash -c '"$1" record - <run.xml' _ "$LANEWRIGHT"
	code 0
	says "history: 2 added"
}

@test "it reads pytest-split's file" {
	echo '{"tests/db/test_rows.py::test_insert": 1.5, "tests/db/test_rows.py::TestSelect::test_all": 2e-1}' >.test_durations
	run lanewright record .test_durations
	code 0
	says "durations: 2 cases, 2 matched"
	says "history: 2 added"
}

@test "it says which cases are no test, where and why" {
	cat >run.xml <<-'XML'
		<testsuite>
		<testcase classname="tests.db.test_gone" name="test_insert" time="1"/>
		<testcase classname="tests.db.test_rows" name="test_renamed" time="1"/>
		</testsuite>
	XML
	run lanewright record run.xml
	code 0
	says "no test of this suite: 2"
	says "run.xml:2"
	says "test_renamed"
	run lanewright record --strict run.xml
	code 1
}

@test "it refuses times that are none" {
	cat >run.xml <<-'XML'
		<testsuite><testcase classname="tests.db.test_rows" name="test_insert" time="-1"/></testsuite>
	XML
	run lanewright record --strict run.xml
	code 1
	says "refused: run.xml: "
}

@test "it refuses a time of the run that is none" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	run lanewright record --at yesterday run.xml
	code 2
	says "'yesterday' is no time"
}

@test "it refuses an unknown format and lists those known" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	run lanewright record --as nunit run.xml
	code 2
	says "unknown format 'nunit'"
	says "those known are: junit"
}

@test "it says that a report is not there" {
	run lanewright record missing.xml
	code 3
	says "cannot open missing.xml: No such file or directory"
}

@test "it says that a report is damaged, and keeps the history" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	lanewright record run.xml
	lanewright estimate --format csv >before
	echo '<testsuite><testcase' >broken.xml
	run lanewright record broken.xml
	[ "$status" -ge 1 ]
	says "broken.xml"
	lanewright estimate --format csv >after
	cmp before after
}

@test "it never drops a damaged history" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	lanewright record run.xml
	printf 'no database' | dd of=.lanewright/history.db conv=notrunc bs=1 seek=0 2>/dev/null
	cp .lanewright/history.db damaged
	run lanewright record run.xml
	code 3
	says "history.db"
	cmp damaged .lanewright/history.db
	run lanewright plan
	code 3
	says "history.db"
}

@test "it keeps the past of a file that is moved" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	lanewright record run.xml
	mkdir tests/rows
	mv tests/db/test_rows.py tests/rows/test_moved.py
	run lanewright estimate --format csv
	code 0
	[[ $output =~ tests/rows/test_moved.py::test_insert,2\.500,[0-9.]+,[0-9.]+,history ]]
}

@test "it keeps the past of a file that is moved and edited, by its name and tests" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	lanewright record run.xml
	mkdir tests/rows
	mv tests/db/test_cache.py tests/rows/test_cache.py
	echo '# edited' >>tests/rows/test_cache.py
	run lanewright estimate --format csv
	code 0
	[[ $output =~ tests/rows/test_cache.py::test_get,0\.250,[0-9.]+,[0-9.]+,history ]]
}

@test "it lists a case missed in many reports once" {
	for day in 1 2 3; do
		echo "<testsuite timestamp=\"2024-05-0${day}T10:00:00\"><testcase classname=\"tests.gone\" name=\"test_x\" time=\"1\"/></testsuite>" >$day.xml
	done
	run lanewright record 1.xml 2.xml 3.xml
	code 0
	says "no test of this suite: 3"
	[ "$(printf '%s\n' "${lines[@]}" | grep -c test_x)" -eq 1 ]
}

@test "it estimates what no run has timed" {
	junit run.xml 2024-05-01T10:00:00 2.5 0.25
	lanewright record run.xml
	run lanewright estimate --format csv
	code 0
	[ "${lines[0]}" = "test,seconds,low,high,source" ]
	[ "${#lines[@]}" -eq 6 ]
	[[ $output =~ tests/db/test_rows.py::test_insert,2\.500,[0-9.]+,[0-9.]+,history ]]
	[[ $output =~ tests/unit/test_sums.py::test_two,[0-9.]+,[0-9.]+,[0-9.]+,(regression|default) ]]
}

@test "it estimates as JSON too" {
	run bash -c '"$1" estimate --format json | python3 -c "import json, sys; print(len(json.load(sys.stdin)[\"tests\"]))"' _ "$LANEWRIGHT"
	code 0
	[ "$output" = 5 ]
}
