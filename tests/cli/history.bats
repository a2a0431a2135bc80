#!/usr/bin/env bats
# `history`: what past runs took, as a whole.

bats_require_minimum_version 1.5.0
load helper

DB=.lanewright/history.db

day() { # day N SECONDS: a run of test_insert and test_get
	cat >"day-$1.xml" <<-XML
		<testsuites><testsuite name="pytest" timestamp="2024-05-0$1T10:00:00">
		<testcase classname="tests.db.test_rows" name="test_insert" time="$2" />
		<testcase classname="tests.db.test_cache" name="test_get" time="0.25" />
		</testsuite></testsuites>
	XML
}

record() { # record N SECONDS
	day "$1" "$2"
	lanewright -q record "day-$1.xml"
}

# Leaves three histories that overlap, as from three machines, and none of our own.
three_histories() {
	record 1 2.5
	cp $DB one.db
	record 2 3
	cp $DB two.db
	rm $DB
	record 2 3
	record 3 4
	cp $DB three.db
	rm $DB
}

@test "it unites histories, whatever their order, grouping and repetition" {
	three_histories
	run lanewright history merge one.db two.db three.db
	code 0
	says "history: 6 added, 0 known already"
	lanewright history export >first
	rm $DB
	lanewright -q history merge three.db
	lanewright -q history merge two.db three.db one.db
	run lanewright history merge one.db
	code 0
	says "history: 0 added, 6 known already"
	lanewright history export >second
	cmp first second
}

@test "it says that a history to unite is not there, and changes nothing" {
	three_histories
	run lanewright history merge one.db missing.db
	code 3
	says "missing.db"
	[ ! -e missing.db ]
	[ ! -e $DB ]
}

@test "it refuses to unite with what is no history" {
	record 1 2.5
	cp $DB before
	echo 'no database, but a text that is long enough to be asked' >other.db
	run lanewright history merge other.db
	code 3
	says "other.db"
	cmp before $DB
}

@test "it shows the past of a test, oldest first" {
	record 1 2
	record 2 4
	run lanewright history show tests/db/test_rows.py::test_insert
	code 0
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} =~ ^2024-05-01\ 10:00\ .*2\.000\ s\ \ #{20}$ ]]
	[[ ${lines[1]} =~ ^2024-05-02\ 10:00\ .*4\.000\ s\ \ #{40}$ ]]
}

@test "it shows a test as seen from a folder below, and one case as its test" {
	record 1 2
	cd tests/db
	run lanewright history show 'test_rows.py::test_insert[1]'
	code 0
	says "2.000 s"
}

@test "it shows the past of a test that was moved, under its new name" {
	record 1 2
	mkdir tests/rows
	mv tests/db/test_rows.py tests/rows/test_moved.py
	run lanewright history show tests/rows/test_moved.py::test_insert
	code 0
	says "2.000 s"
}

@test "it names the recorded test that was probably meant" {
	record 1 2
	run lanewright history show tests/db/test_rows.py::test_inserts
	code 2
	says "no run of 'tests/db/test_rows.py::test_inserts' is recorded; did you mean 'tests/db/test_rows.py::test_insert'?"
}

@test "it prunes what is of files that are gone" {
	record 1 2
	run lanewright history prune
	code 0
	says "history: 0 dropped, 2 kept"
	rm tests/db/test_cache.py
	run lanewright history prune
	code 0
	says "history: 1 dropped, 1 kept"
	run lanewright history show tests/db/test_cache.py::test_get
	code 2
}

@test "it does not prune what was only moved" {
	record 1 2
	mv tests/db/test_cache.py tests/test_store.py
	run lanewright history prune
	code 0
	says "history: 0 dropped, 2 kept"
	run lanewright history show tests/test_store.py::test_get
	code 0
	lanewright history export >export
	grep tests/test_store.py::test_get export
	run grep test_cache export
	code 1
}

@test "it prunes old runs, and all but the newest" {
	record 1 2
	record 2 3
	record 3 4
	run lanewright history prune --before 2024-05-02T00:00:00Z
	code 0
	says "history: 2 dropped, 4 kept"
	run lanewright history prune --keep 1
	code 0
	says "history: 2 dropped, 2 kept"
	run lanewright history show tests/db/test_rows.py::test_insert
	[[ $output == 2024-05-03* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "it prunes nothing for a time that is none" {
	record 1 2
	cp $DB before
	run lanewright history prune --before yesterday
	code 2
	says "'yesterday' is no time"
	run lanewright history prune --keep 0
	code 2
	cmp before $DB
}

@test "it reads what it exported" {
	record 1 2
	record 2 3
	lanewright history export >export
	python3 -m json.tool export >/dev/null
	rm $DB
	run lanewright history import export
	code 0
	says "history: 4 added, 0 known already"
	lanewright history export >again
	cmp export again
	run bash -c '"$1" history import - <export' _ "$LANEWRIGHT"
	code 0
	says "history: 0 added, 4 known already"
}

@test "it exports nothing of nothing" {
	run lanewright history export
	code 0
	says '"runs": ['
	[ ! -e $DB ]
}

@test "it refuses an export that is damaged, and imports none of it" {
	record 1 2
	lanewright history export >export
	cp $DB before
	for text in '' '{"runs": []}' '{"lanewright_history": 99}' "$(head -c 200 export)" \
		'{"lanewright_history": 1, "runs": [], "units": {"a.py::t": [[5, "passed", 1, null, null, null]]}, "files": {}}'; do
		printf '%s' "$text" >broken
		run lanewright history import broken
		code 3
		says "broken: "
	done
	cmp before $DB
}

@test "it exports durations for pytest-split, an equal share for each case" {
	record 1 2
	record 2 3
	cat >more.xml <<-'XML'
		<testsuite timestamp="2024-05-04T10:00:00">
		<testcase classname="tests.unit.test_sums" name="test_one[1]" time="1"/>
		<testcase classname="tests.unit.test_sums" name="test_one[2]" time="2"/>
		</testsuite>
	XML
	lanewright -q record more.xml
	run lanewright history export --format durations
	code 0
	[ "$(python3 -c 'import json, sys; print(sorted(json.load(sys.stdin).items()))' <<<"$output")" = \
		"[('tests/db/test_cache.py::test_get', 0.25), ('tests/db/test_rows.py::test_insert', 3.0), ('tests/unit/test_sums.py::test_one[1]', 1.5), ('tests/unit/test_sums.py::test_one[2]', 1.5)]" ]
}

@test "it leaves out of the durations what has unknown parameters, and says so" {
	record 1 2
	cat >tests/db/test_cache.py <<-'PY'
		import pytest
		from elsewhere import KEYS


		@pytest.mark.parametrize("key", KEYS)
		def test_get(cache, key):
		    cache.get(key)
	PY
	run --separate-stderr lanewright history export --format durations
	code 0
	never_says test_get
	[[ $stderr == *"1 tests are left out"* ]]
}

@test "it leaves a sound history as it is when asked to recover it" {
	record 1 2
	cp $DB before
	run lanewright history recover
	code 0
	says "history: sound, 2 samples of 1 runs"
	cmp before $DB
}

@test "it recovers a damaged history and keeps the damaged file" {
	record 1 2
	record 2 3
	lanewright history export >export
	dd if=/dev/zero of=$DB conv=notrunc bs=1 count=100 2>/dev/null
	cp $DB damaged
	run lanewright estimate
	code 3
	run lanewright history recover
	code 0
	says "history: saved 4 samples of 2 runs"
	says "history.db.damaged-1"
	cmp damaged $DB.damaged-1
	lanewright history export >after
	cmp export after
}

@test "it says that there is nothing to recover" {
	run lanewright history recover
	code 3
	says "history.db"
	[ ! -e $DB ]
}

@test "it says what it can do, and which options are for what" {
	run lanewright history
	code 2
	run lanewright history mrege one.db
	code 2
	says "did you mean 'merge'?"
	run lanewright history juggle
	code 2
	says "merge show prune export import recover"
	run lanewright history merge
	code 2
	says "usage: lanewright history merge DB..."
	run lanewright history export export.json
	code 2
	run lanewright history export --keep 3
	code 2
	says "--keep is not for export"
	run lanewright history export --format xml
	code 2
}
