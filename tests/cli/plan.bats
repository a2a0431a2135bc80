#!/usr/bin/env bats
# `plan`, `emit` and `check`: from needs and times to files, and whether they still hold.

load helper

# Without spill each lane keeps its own work, so that the lists are known.
setup() {
	cd "$BATS_TEST_TMPDIR"
	make_suite
	printf '[plan]\nspill = false\n' >>lanewright.toml
}

@test "it writes a plan and a list for each shard" {
	run lanewright plan
	code 0
	says "makespan "
	says "proven bound "
	says "unknown share 100.0 %"
	[ -f .lanewright/plan.json ]
	[ "$(cat .lanewright/shards/unit.txt)" = tests/unit/test_sums.py ]
	[ "$(cat .lanewright/shards/postgres.txt)" = tests/db/test_rows.py ]
	[ "$(cat .lanewright/shards/redis.txt)" = tests/db/test_cache.py ]
}

@test "it plans the same bytes twice, whatever the threads" {
	lanewright --jobs 1 plan
	cp -r .lanewright first
	rm .lanewright/index.db
	lanewright --jobs 4 plan
	cmp first/plan.json .lanewright/plan.json
	diff -r first/shards .lanewright/shards
}

@test "it lists every file exactly once" {
	lanewright plan
	[ "$(cat .lanewright/shards/*.txt | sort)" = "$(find tests -name 'test_*.py' | sort)" ]
}

@test "it records the sums of what it was made from" {
	lanewright plan
	run python3 - <<-'PY'
		import hashlib, json
		plan = json.load(open(".lanewright/plan.json"))
		sums = {i["name"]: i["sha256"] for i in plan["inputs"]}
		assert sorted(sums) == ["config", "history", "options", "tree"], sums
		assert sums["config"] == hashlib.sha256(open("lanewright.toml", "rb").read()).hexdigest()
		print("fine")
	PY
	code 0
	says fine
}

@test "it names the smallest number of shards when there are too few" {
	run lanewright plan --shards 2
	code 2
	says "3"
}

@test "it refuses a number of shards that is none" {
	run lanewright plan --shards 0
	code 2
	says "--shards takes a whole number from 1"
}

@test "it makes a lane for a test that no lane covers, and says so" {
	cat >tests/db/test_both.py <<-'PY'
		def test_both(db, cache):
		    cache.get("key")
	PY
	run lanewright plan
	code 0
	says "was made: "
	says "tests/db/test_both.py"
}

@test "it refuses to make one when told so" {
	echo 'derive_lanes = false' >>lanewright.toml
	cat >tests/db/test_both.py <<-'PY'
		def test_both(db, cache):
		    cache.get("key")
	PY
	run lanewright plan
	code 2
	says "tests/db/test_both.py"
}

@test "it stays close to the plan before" {
	lanewright plan
	cp .lanewright/plan.json before.json
	echo "def test_new(db): pass" >tests/db/test_new.py
	run lanewright plan --previous before.json
	code 0
	says "moved 0 of 3 units"
}

@test "it says that the plan before is not there" {
	run lanewright plan --previous missing.json
	code 3
	says "missing.json"
}

@test "it ends with a finding when there are no tests" {
	rm -r tests/unit tests/db
	run lanewright plan
	code 1
	says "no tests found"
	[ ! -e .lanewright/plan.json ]
}

@test "it prints the plan as JSON" {
	lanewright plan --format json >printed.json
	cmp printed.json .lanewright/plan.json
}

@test "it removes lists of shards that are gone" {
	lanewright plan
	echo tests/unit/test_sums.py >.lanewright/shards/old.txt
	lanewright plan
	[ ! -e .lanewright/shards/old.txt ]
}

@test "it leaves the old plan whole when the disk is full" {
	make_small_disk suite
	cd "$SMALL_DISK"
	make_suite
	mkdir .lanewright
	echo old >.lanewright/plan.json
	head -c 1M /dev/zero >filler 2>/dev/null || true
	run lanewright plan
	code 3
	[[ $output == *"No space left on device"* || $output == *"disk is full"* ]]
	[ "$(cat .lanewright/plan.json)" = old ]
	[ "$(find .lanewright -name '*.tmp')" = "" ]
}

@test "it checks that nothing has changed" {
	lanewright plan
	run lanewright check
	code 0
	says "the plan is valid"
}

@test "it finds a test that is on no list" {
	lanewright plan
	echo "def test_new(db): pass" >tests/db/test_new.py
	run lanewright check
	code 1
	says "tests/db/test_new.py"
	says "the tree has changed"
}

@test "it finds a list edited by hand" {
	lanewright plan
	echo tests/db/test_cache.py >>.lanewright/shards/unit.txt
	run lanewright check
	code 1
	says ".lanewright/shards/unit.txt"
}

@test "it finds a config that has changed" {
	lanewright plan
	echo "# a word" >>lanewright.toml
	run lanewright check
	code 1
	says "config has changed"
}

@test "it gives findings as JSON" {
	lanewright plan
	rm .lanewright/shards/unit.txt
	run bash -c '"$1" check --format json | python3 -c "import json, sys; f = json.load(sys.stdin); print(f[\"version\"], [x[\"path\"] for x in f[\"findings\"]])"' _ "$LANEWRIGHT"
	[ "$output" = "1 ['.lanewright/shards/unit.txt']" ]
}

@test "it says that there is no plan yet" {
	run lanewright check
	code 1
	says "there is no plan yet: run \`lanewright plan\`"
	run lanewright emit matrix
	code 2
	says "there is no plan yet"
}

@test "it says that the plan is damaged" {
	lanewright plan
	truncate -s 40 .lanewright/plan.json
	run lanewright check
	code 3
	says ".lanewright/plan.json"
}

@test "it emits the matrix as one line of JSON" {
	lanewright plan
	run lanewright emit matrix
	code 0
	[ "${#lines[@]}" -eq 1 ]
	run bash -c '"$1" emit matrix | python3 -c "import json, sys; print(sorted(e[\"lane\"] for e in json.load(sys.stdin)[\"include\"]))"' _ "$LANEWRIGHT"
	[ "$output" = "['postgres', 'redis', 'unit']" ]
}

@test "it writes lists anew" {
	lanewright plan
	echo -n >.lanewright/shards/unit.txt
	run lanewright emit lists --check
	code 1
	says "+tests/unit/test_sums.py"
	lanewright emit lists
	[ "$(cat .lanewright/shards/unit.txt)" = tests/unit/test_sums.py ]
	run lanewright emit lists --check
	code 0
}

@test "it puts make targets into a Makefile and leaves the rest alone" {
	lanewright plan
	printf 'all:\n\techo all\n' >Makefile
	run lanewright emit make --into Makefile
	code 0
	says "wrote Makefile"
	[ "$(head -2 Makefile)" = "$(printf 'all:\n\techo all')" ]
	make -n test-postgres
	run lanewright emit make --into Makefile --check
	code 0
	cp Makefile before
	lanewright emit make --into Makefile
	cmp before Makefile
}

@test "it does not overwrite what was edited by hand unless forced" {
	lanewright plan
	printf 'all:\n' >Makefile
	lanewright emit make --into Makefile
	sed -i 's/^SERVICES_UP ?=.*/SERVICES_UP ?= true/' Makefile
	run lanewright emit make --into Makefile
	code 1
	says "Makefile"
	grep -q 'SERVICES_UP ?= true' Makefile
	lanewright emit make --into Makefile --force
	! grep -q 'SERVICES_UP ?= true' Makefile
}

@test "it shows what would change as a difference" {
	lanewright plan
	printf 'all:\n' >Makefile
	run lanewright emit make --into Makefile --check
	code 1
	says "+++ Makefile"
	says "+test-postgres:"
	[ "$(cat Makefile)" = all: ]
}

@test "it writes a file of its own" {
	lanewright plan
	lanewright emit matrix --out deep/matrix.json
	[ "$(cat deep/matrix.json)" = "$(lanewright emit matrix)" ]
}

@test "it names the emitter nearest to an unknown one" {
	lanewright plan
	run lanewright emit matrx
	code 2
	says "did you mean 'matrix'?"
}

@test "it refuses two places at once" {
	lanewright plan
	run lanewright emit make --into a --out b
	code 2
	says "exclude each other"
}

@test "it has nothing to check without a file" {
	lanewright plan
	run lanewright emit matrix --check
	code 2
	says "name it with --into or --out"
}

@test "it names the key of the config that is missing" {
	lanewright plan
	run lanewright emit github
	code 2
	says "[emit.github] install"
	printf '[emit.github]\ninstall = "- run: make install"\n' >>lanewright.toml
	run lanewright emit github
	code 2
	says "[emit.github] before"
}
