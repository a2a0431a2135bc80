#!/usr/bin/env bats
# `forecast`: the past replayed.

load helper

record() { # record DAY INSERT GET [TWO]: seconds of three tests in three files
	{
		echo "<testsuite name=\"pytest\" timestamp=\"2024-05-0$1T10:00:00\">"
		echo "<testcase classname=\"tests.db.test_rows\" name=\"test_insert\" time=\"$2\" />"
		echo "<testcase classname=\"tests.db.test_cache\" name=\"test_get\" time=\"$3\" />"
		[ -z "${4:-}" ] || echo "<testcase classname=\"tests.unit.test_sums\" name=\"test_two\" time=\"$4\" />"
		echo "</testsuite>"
	} >"day-$1.xml"
	lanewright -q record "day-$1.xml"
}

# What a Python expression makes of the JSON in `f`.
asks() {
	lanewright forecast --format json "${@:2}" | python3 -c "import json, sys; f = json.load(sys.stdin); print($1)"
}

@test "it needs two runs" {
	run lanewright forecast
	code 1
	says "it takes two recorded runs at least"
	record 1 4 2
	run lanewright forecast
	code 1
}

@test "it expects the best possible when nothing changes" {
	record 1 4 2 1
	record 2 4 2 1
	record 3 4 2 1
	run lanewright forecast --shards 2
	code 0
	says "2 runs replayed on 2 shards"
	[ "$(printf '%s\n' "${lines[@]}" | grep -c '0\.00 %  *0\.00 %')" -eq 4 ]
	[ "$(asks '[(r["bound"], r["makespans"], r["new_tests"]) for r in f["runs"]]' --shards 2)" = \
		"[(4.0, [4.0, 4.0, 4.0, 4.0], 0), (4.0, [4.0, 4.0, 4.0, 4.0], 0)]" ]
}

@test "it shows what a wrong guess costs" {
	# The third test is new on the second day and counts for nothing by the percentile, so it goes to the shard that
	# seems shorter: 1 + 6 s where 6 s were possible.
	record 1 4 5
	record 2 1 5 6
	[ "$(asks '(f["runs"][0]["bound"], f["runs"][0]["new_tests"], f["runs"][0]["tests"])' --shards 2)" = "(6.0, 1, 3)" ]
	[ "$(asks '[w["way"] for w in f["ways"]].index("85th percentile, else 0")' --shards 2)" = 1 ]
	[ "$(asks '(f["runs"][0]["makespans"][1], f["ways"][1]["mean"] > 0.16)' --shards 2)" = "(7.0, True)" ]
}

@test "it replays on eight shards unless told otherwise" {
	record 1 4 2
	record 2 4 2
	[ "$(asks 'f["shards"]')" = 8 ]
	run lanewright forecast --shards 0
	code 2
	run lanewright forecast --shards many
	code 2
}
