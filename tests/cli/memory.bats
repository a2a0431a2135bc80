#!/usr/bin/env bats
# No memory: exit 3, one line, and the files that were there stay whole.

load helper

# Under the sanitizers an address space cannot be limited.
setup() {
	if nm "$LANEWRIGHT" 2>/dev/null | grep -q __asan_init; then
		skip "the program is built with the address sanitizer"
	fi
	cd "$BATS_TEST_TMPDIR"
	make_suite
}

limited() {
	run bash -c 'ulimit -v "$1" && shift && "$@"' _ "$@"
}

@test "it says that memory has run out" {
	for i in $(seq 200); do
		printf 'def test_%d(db): db.execute("select %d")\n' $(seq 1 1000 | sed "s/.*/& $i/") >"tests/db/test_many_$i.py"
	done
	limited 60000 "$LANEWRIGHT" scan
	code 3
	says "out of memory"
}

@test "it keeps the plan it could not replace" {
	lanewright plan -q
	cp .lanewright/plan.json before.json
	for i in $(seq 200); do
		printf 'def test_%d(db): db.execute("select %d")\n' $(seq 1 1000 | sed "s/.*/& $i/") >"tests/db/test_many_$i.py"
	done
	limited 60000 "$LANEWRIGHT" plan
	code 3
	says "out of memory"
	cmp before.json .lanewright/plan.json
}
