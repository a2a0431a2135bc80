#!/usr/bin/env bats
# `scan` and the index behind it.

load helper

@test "it counts files and tests" {
	run lanewright scan
	code 0
	says "files     4, 3 with tests; 4 read, 0 unchanged"
	says "tests     5, 5 of them exact"
}

@test "it reads only what changed" {
	lanewright scan
	sleep 0.05 # the clock of the file system must move, or the change is one git calls racy
	echo "def test_three(): pass" >>tests/unit/test_sums.py
	run lanewright scan
	code 0
	says "1 read, 3 unchanged"
	says "tests     6"
}

@test "it gives its counts as JSON" {
	run bash -c '"$1" scan --stats | python3 -c "import json, sys; s = json.load(sys.stdin); print(s[\"version\"], s[\"files\"], s[\"test_files\"], s[\"tests\"], s[\"faults\"])"' _ "$LANEWRIGHT"
	code 0
	[ "$output" = "1 4 3 5 []" ]
}

@test "it dumps the facts of a file" {
	run lanewright scan --dump tests/unit/test_sums.py
	code 0
	says "test_one"
}

@test "it cannot dump a file that is not there" {
	run lanewright scan --dump tests/nothing.py
	code 3
	says "cannot open tests/nothing.py: No such file or directory"
}

@test "it rebuilds a damaged index and says so" {
	lanewright scan
	printf 'garbage that is no database' | dd of=.lanewright/index.db conv=notrunc bs=1 seek=0 2>/dev/null
	run lanewright scan
	code 0
	says "index.db"
	says "4 read"
	run lanewright scan
	code 0
	never_says "index.db"
	says "0 read, 4 unchanged"
}

@test "it rebuilds an index cut short" {
	lanewright scan
	truncate -s 100 .lanewright/index.db
	run lanewright scan
	code 0
	says "index.db"
	says "tests     5"
}

@test "it names a file that cannot be read, and does not plan without it" {
	as_nobody_if_root
	chmod 0 tests/unit/test_sums.py
	run "${AS[@]}" "$LANEWRIGHT" scan
	code 1
	says "tests/unit/test_sums.py: "
	says "may not be read"
	run "${AS[@]}" "$LANEWRIGHT" plan
	code 3
	says "tests/unit/test_sums.py cannot be read"
}

@test "it lists what it could not parse, with the line" {
	printf 'def test_a(:\n    pass\n' >tests/unit/test_broken.py
	run lanewright scan
	code 1
	says "tests/unit/test_broken.py:1: "
}

@test "it says where it looked when there are no tests" {
	rm -r tests/unit tests/db
	run lanewright scan
	code 0
	says "no tests found: looked for test_*.py *_test.py below tests"
}

@test "it says that the disk is full" {
	make_small_disk suite
	cd suite
	make_suite
	head -c 1M /dev/zero >filler 2>/dev/null || true
	run lanewright scan
	code 3
	[[ $output == *"No space left on device"* || $output == *"disk is full"* ]]
	says ".lanewright"
}

@test "it works without an index where it may not write, and says so" {
	as_nobody_if_root
	rm -rf .lanewright
	chmod a-w .
	run "${AS[@]}" "$LANEWRIGHT" scan
	code 0
	says "tests     5"
	says ".lanewright"
	run "${AS[@]}" "$LANEWRIGHT" plan
	code 3
	says "Permission denied"
	chmod u+w .
}

@test "it keeps out of links that lead out of the root" {
	mkdir "$BATS_TEST_TMPDIR.outside"
	echo "def test_outside(): pass" >"$BATS_TEST_TMPDIR.outside/test_outside.py"
	ln -s "$BATS_TEST_TMPDIR.outside" tests/linked
	ln -s . tests/loop
	run timeout 20 "$LANEWRIGHT" tests
	code 0
	never_says "tests/loop/"
	rm -r "$BATS_TEST_TMPDIR.outside"
}

@test "it only brings the index up to date when it is to be quiet" {
	sleep 0.05 # or the files are as young as the index, and read again
	run lanewright scan -q
	code 0
	[ -z "$output" ]
	run lanewright scan
	says "0 read, 4 unchanged"
}

@test "it tells which lines it did not understand, as JSON too" {
	printf 'def test_broken(:\n    pass\n' >tests/test_broken.py
	run lanewright scan
	code 1
	says "tests/test_broken.py:1: a statement that is not understood"
	run bash -c '"$1" scan --stats | python3 -c "import json, sys; s = json.load(sys.stdin); f = s[\"faults\"][0]; print(f[\"path\"], f[\"line\"], f[\"text\"], s[\"unknowns\"][\"syntax\"])"' _ "$LANEWRIGHT"
	says "tests/test_broken.py 1 a statement that is not understood 1"
}
