#!/usr/bin/env bats
# `prove`: what ran against what was planned.  Each lane has one shard and one file; without spill the lists are known.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	make_suite
	printf '[plan]\nspill = false\n' >>lanewright.toml
	lanewright plan
	mkdir parts
	report unit "$SUMS"
	report postgres "$ROWS"
	report redis "$CACHE"
}

SUMS='<testcase classname="tests.unit.test_sums" name="test_one[1]" time="0.1"/>
<testcase classname="tests.unit.test_sums" name="test_one[2]" time="0.1"/>
<testcase classname="tests.unit.test_sums" name="test_two" time="0.1"/>'
ROWS='<testcase classname="tests.db.test_rows" name="test_insert" time="1.5"/>
<testcase classname="tests.db.test_rows.TestSelect" name="test_all" time="0.5"/>'
CACHE='<testcase classname="tests.db.test_cache" name="test_get" time="0.2"/>'

report() { # report SHARD CASES
	printf '<testsuites><testsuite name="pytest">%s</testsuite></testsuites>\n' "$2" >"parts/junit-$1.xml"
}

# Like the emitted job does behind its pytest.
record() { # record SHARD [LIST]
	printf '{"version": 1, "lane": "%s", "shard": "%s", "list_sha256": "%s", "plan_sha256": "%s", "report_sha256": "%s"}\n' \
		"$1" "$1" "$(sha256 ".lanewright/shards/${2:-$1}.txt")" "$(sha256 .lanewright/plan.json)" \
		"$(sha256 "parts/junit-$1.xml")" >"parts/lanewright-$1.json"
}

sha256() { # sha256 FILE
	sha256sum <"$1" | cut -d' ' -f1
}

skipped() { # skipped CLASSNAME NAME REASON
	printf '<testcase classname="%s" name="%s" time="0"><skipped type="pytest.skip" message="%s">.</skipped></testcase>' "$@"
}

# Modules in place of the clients, for a real pytest.
make_stand_ins() {
	mkdir stand-ins
	printf 'import contextlib\nfrom unittest import mock\nconnect = lambda url: contextlib.nullcontext(mock.Mock())\n' >stand-ins/psycopg.py
	printf 'from unittest import mock\nRedis = mock.Mock()\n' >stand-ins/redis.py
}

# The last run's JSON, as kind and path of each finding.
kinds() {
	lanewright prove --format json "$@" |
		python3 -c 'import json, sys; print(*(f["kind"] + " " + f["path"] for f in json.load(sys.stdin)["findings"]), sep="\n")'
}

@test "it proves a run in which everything ran where it was planned" {
	run lanewright prove parts/*
	code 0
	says "proven: 5 test functions of 3 shards ran as planned, in 6 cases (0 failed, 0 skipped)"
	[[ $output =~ postgres\ +2\ +2\ +0\ +0\ +2\.0 ]]
}

@test "it says nothing of a proven run when quiet" {
	run lanewright -q prove parts/*
	code 0
	[ -z "$output" ]
}

@test "it does not mind a test that failed: it ran" {
	report redis '<testcase classname="tests.db.test_cache" name="test_get" time="0.2"><failure message="no">.</failure></testcase>'
	run lanewright prove parts/*
	code 0
	says "(1 failed, 0 skipped)"
}

@test "it finds a test that ran nowhere" {
	report postgres "$(head -1 <<<"$ROWS")"
	run lanewright prove parts/*
	code 1
	says "1 tests that ran nowhere"
	says "tests/db/test_rows.py:6: tests/db/test_rows.py::TestSelect::test_all did not run; planned is postgres"
	says "not proven: 1 finding"
}

@test "it finds a test that ran twice" {
	report redis "$CACHE$CACHE"
	run lanewright prove parts/*
	code 1
	says "tests/db/test_cache.py::test_get ran twice"
	[ "$(kinds parts/*)" = "twice tests/db/test_cache.py" ]
}

@test "it finds a shard that left no report" {
	rm parts/junit-redis.xml
	run lanewright prove parts/*
	code 1
	says "shard redis left no report"
}

@test "it finds a report that is not there, empty or cut" {
	run lanewright prove parts/junit-unit.xml parts/junit-postgres.xml gone/junit-redis.xml
	code 1
	says "gone/junit-redis.xml: cannot open"
	: >parts/junit-redis.xml
	[[ $(kinds parts/*) == "unreadable-report parts/junit-redis.xml"* ]]
	report redis "$CACHE"
	truncate -s 60 parts/junit-redis.xml
	[[ $(kinds parts/*) == "unreadable-report parts/junit-redis.xml"* ]]
}

@test "it finds a report of no shard of the plan" {
	cp parts/junit-redis.xml parts/junit-old.xml
	[ "$(kinds parts/*)" = "stranger parts/junit-old.xml" ]
}

@test "it finds a test that ran where it was not planned" {
	report unit "$SUMS$CACHE"
	report redis ""
	run lanewright prove parts/*
	code 1
	says "tests/db/test_cache.py::test_get ran in unit, planned is redis"
	[ "$(kinds parts/*)" = "stray tests/db/test_cache.py" ]
}

@test "it finds a test of another commit" {
	report unit "$SUMS<testcase classname=\"tests.unit.test_sums\" name=\"test_three\" time=\"0.1\"/>"
	[ "$(kinds parts/*)" = "unknown-test tests/unit/test_sums.py" ]
}

@test "it finds a test that was skipped everywhere, unless a person has said why" {
	report unit "$(head -2 <<<"$SUMS")$(skipped tests.unit.test_sums test_two 'too slow')"
	run lanewright prove parts/*
	code 1
	says "tests/unit/test_sums.py::test_two was skipped in the only lane it has: too slow"
	printf '[[override]]\ntest = "tests/unit/test_sums.py::test_two"\nneeds = []\nreason = "by night only"\n' >>lanewright.toml
	run lanewright prove parts/*
	code 0
}

@test "it finds a skip for a service that the lane starts" {
	report redis "$(skipped tests.db.test_cache test_get 'no Redis here')"
	run lanewright prove parts/*
	code 1
	says "tests/db/test_cache.py::test_get was skipped for redis, which lane redis starts: no Redis here"
	[ "$(kinds parts/*)" = "skipped-service tests/db/test_cache.py" ]
}

@test "it finds a file that could not be collected" {
	report redis '<testcase classname="" name="tests.db.test_cache" time="0"><error message="collection failure">.</error></testcase>'
	run lanewright prove parts/*
	code 1
	says "could not be collected: collection failure"
}

@test "it finds a test added after the plan" {
	echo "def test_new(db): pass" >tests/db/test_new.py
	run lanewright prove parts/*
	code 1
	says "tests/db/test_new.py::test_new did not run; planned is no shard"
}

@test "it asks only for a shard, whatever its file is called" {
	cp parts/junit-redis.xml my-unit.xml
	run lanewright prove --shard redis my-unit.xml
	code 0
	says "1 test functions of 1 shard ran"
	run lanewright prove --shard postgres my-unit.xml
	code 1
	says "ran in postgres, planned is redis"
}

@test "it asks only for a lane" {
	run lanewright prove --lane postgres parts/junit-postgres.xml
	code 0
	says "2 test functions of 1 shard ran"
	run bash -c '"$1" prove --lane redis - <parts/junit-redis.xml' _ "$LANEWRIGHT"
	code 0
}

@test "it tells the shards of a lane apart" {
	sed -i 's/^\[lanes.postgres\]/&\nshards = 2/' lanewright.toml
	echo "def test_more(db): pass" >tests/db/test_more.py
	lanewright plan
	rm parts/junit-postgres.xml
	more='<testcase classname="tests.db.test_more" name="test_more" time="0.1"/>'
	[ "$(cat .lanewright/shards/postgres-1.txt .lanewright/shards/postgres-2.txt | sort)" = "$(printf 'tests/db/test_more.py\ntests/db/test_rows.py')" ]
	if grep -q more .lanewright/shards/postgres-1.txt; then
		report postgres-1 "$more"
		report postgres-2 "$ROWS"
	else
		report postgres-1 "$ROWS"
		report postgres-2 "$more"
	fi
	run lanewright prove parts/*
	code 0
	run lanewright prove --lane postgres parts/junit-postgres-1.xml
	code 1
	says "shard postgres-2 left no report"
	never_says "shard redis"
}

@test "it wants a record of each shard once there is one, of the list that was planned" {
	record unit
	record postgres
	run lanewright prove parts/*
	code 1
	says "shard redis left no record"
	record redis
	run lanewright prove parts/*
	code 0
	record redis unit
	run lanewright prove parts/*
	code 1
	says "parts/lanewright-redis.json: shard redis ran another list than the plan's"
	record redis
	sed -i 's/"shard": "redis"/"shard": "unit"/' parts/lanewright-redis.json
	[ "$(kinds parts/*)" = "record parts/lanewright-redis.json" ]
	: >parts/lanewright-redis.json
	[ "$(kinds parts/*)" = "record parts/lanewright-redis.json" ]
}

@test "it takes a record of no shard for a stranger" {
	for shard in unit postgres redis; do
		record "$shard"
	done
	cp parts/lanewright-unit.json parts/lanewright-old.json
	[ "$(kinds parts/*)" = "stranger parts/lanewright-old.json" ]
}

@test "it refuses durations, which do not tell what ran" {
	echo '{"tests/db/test_cache.py::test_get": 0.2}' >parts/durations-redis.json
	rm parts/junit-redis.xml
	run lanewright prove parts/*
	code 1
	says "parts/durations-redis.json: holds durations"
}

@test "it annotates for GitHub, and nothing of a report is a command" {
	report unit "$(head -2 <<<"$SUMS")$(skipped tests.unit.test_sums test_two 'slow&#10;::stop-commands::x')"
	run lanewright prove --format github parts/*
	code 1
	says "::error file=tests/unit/test_sums.py,line=9,title=lanewright prove%3A skipped::"
	says "slow%0A::stop-commands::x"
	[ "$(grep -c '^ *::' <<<"$output")" -eq 1 ]
}

@test "it writes a step summary" {
	run lanewright prove --format markdown parts/*
	code 0
	says "### Tests by shard"
	says "| redis | 1 | 1 | 0 | 0 | 0.2 |"
}

@test "it gives the proof as JSON" {
	run bash -c '"$1" prove --format json parts/* | python3 -c "import json, sys; p = json.load(sys.stdin); print(p[\"version\"], p[\"proven\"], [(s[\"shard\"], s[\"cases\"]) for s in p[\"shards\"]], p[\"findings\"])"' _ "$LANEWRIGHT"
	[ "$output" = "1 True [('postgres', 2), ('redis', 1), ('unit', 3)] []" ]
}

@test "it names the shard nearest to an unknown one, and refuses both at once" {
	run lanewright prove --shard postgre parts/*
	code 2
	says "did you mean 'postgres'?"
	run lanewright prove --lane nothing-like-it parts/*
	code 2
	says "it has postgres, redis, unit"
	run lanewright prove --lane unit --shard unit parts/*
	code 2
	says "exclude each other"
	run lanewright prove
	code 2
}

@test "it says that there is no plan, or that it is damaged" {
	truncate -s 40 .lanewright/plan.json
	run lanewright prove parts/*
	code 3
	says ".lanewright/plan.json"
	rm .lanewright/plan.json
	run lanewright prove parts/*
	code 2
	says "there is no plan yet"
}

@test "it proves what pytest itself writes, and sees what was deselected" {
	python3 -c 'import pytest' 2>/dev/null || skip "python3 has no pytest"
	make_stand_ins
	for shard in unit postgres redis; do
		PYTHONPATH=stand-ins python3 -m pytest -q -p no:cacheprovider --junitxml="parts/junit-$shard.xml" "$(cat ".lanewright/shards/$shard.txt")"
		record "$shard"
	done
	run lanewright prove parts/*
	code 0
	says "in 6 cases"
	PYTHONPATH=stand-ins python3 -m pytest -q -p no:cacheprovider --junitxml=parts/junit-unit.xml -k "not two" tests/unit/test_sums.py
	run lanewright prove parts/*
	code 1
	says "tests/unit/test_sums.py::test_two did not run"
}

@test "it proves what the emitted jobs leave behind" {
	python3 -c 'import pytest, yaml' 2>/dev/null || skip "python3 has no pytest or no yaml"
	cat >>lanewright.toml <<-'TOML'
		[emit.github]
		pytest = "python3 -m pytest"
		install = "- run: make install"
		before = "- uses: actions/checkout@v4"
		pins = ["actions/upload-artifact@v4", "actions/download-artifact@v4"]
	TOML
	sed -i 's/^\[services.*\]/&\nimage = "x:1"/' lanewright.toml
	lanewright plan
	lanewright emit github >ci.yml
	make_stand_ins
	PYTHONPATH=stand-ins python3 - <<-'PY'
		import os, subprocess, yaml
		for job in yaml.safe_load(open("ci.yml"))["jobs"].values():
		    for step in job["steps"]:
		        env = step.get("env", {})
		        if "LANEWRIGHT_SHARD" in env:
		            subprocess.run(["bash", "-e", "-c", step["run"]], env={**os.environ, **env}, check=True)
	PY
	rm parts/*
	mv junit-*.xml lanewright-*.json parts/
	run lanewright prove parts/*
	code 0
	says "in 6 cases"
	rm parts/lanewright-unit.json
	run lanewright prove parts/*
	code 1
	says "shard unit left no record"
}
