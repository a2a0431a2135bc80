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
		assert sorted(sums) == ["ci", "config", "history", "options", "tree"], sums
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

@test "it stays close to the plan that lies there, without being told" {
	lanewright plan
	run lanewright plan
	never_says "moved"
	echo "def test_new(db): pass" >tests/db/test_new.py
	run lanewright plan
	code 0
	says "moved 0 of 3 units"
	cp .lanewright/plan.json second.json
	lanewright plan
	cmp second.json .lanewright/plan.json
}

@test "it writes a damaged plan anew" {
	lanewright plan
	cp .lanewright/plan.json whole.json
	truncate -s 40 .lanewright/plan.json
	run lanewright plan
	code 0
	says "plan.json"
	says "planned without it"
	cmp whole.json .lanewright/plan.json
}

@test "it does not take a plan that it cannot read for none" {
	lanewright plan -q
	as_nobody_if_root
	chmod 0 .lanewright/plan.json
	run "${AS[@]}" "$LANEWRIGHT" plan
	chmod 600 .lanewright/plan.json
	code 3
	says "plan.json"
}

@test "it tells what moved and why" {
	lanewright plan
	rm tests/db/test_cache.py
	printf 'def test_new(db): pass\n' >tests/db/test_new.py
	cp .lanewright/plan.json before.json
	run lanewright plan --diff
	code 0
	says "0 moved, 1 new, 1 gone, 2 kept"
	says "redis -> -  tests/db/test_cache.py  (gone)"
	says "- -> postgres  tests/db/test_new.py  (new)"
	run lanewright plan --diff --previous before.json --format markdown
	code 0
	says '| `tests/db/test_new.py` |  | `postgres` | new |'
	run lanewright plan --previous .lanewright/plan.json --diff
	says "0 moved, 0 new, 0 gone, 3 kept"
}

@test "it says that there is nothing to compare with" {
	run lanewright plan --diff
	code 0
	says "no plan of before"
}

# Twelve files of 30 s each, one of 83 s; a job costs 10 s before them, and is billed by the minute.
make_timed_suite() {
	rm -r tests lanewright.toml
	mkdir tests
	for i in 01 02 03 04 05 06 07 08 09 10 11 12; do
		echo "def test_it(): pass" >"tests/test_$i.py"
	done
	echo "def test_it(): pass" >tests/test_long.py
	python3 - <<-'PY' >times.json
		import json
		times = {f"tests/test_{i:02}.py::test_it": 30 for i in range(1, 13)} | {"tests/test_long.py::test_it": 83}
		print(json.dumps(times))
	PY
	printf '[lanes.unit]\nservices = []\n[plan]\noverhead = 10\nmax_shards = %s\n' "${1:-8}" >lanewright.toml
	lanewright record --as durations times.json
}

@test "it draws wall-clock against billed minutes and writes nothing" {
	make_timed_suite
	run lanewright plan --curve
	code 0
	says "shards   seconds   minutes"
	says " knee"
	says "one file binds: tests/test_long.py 83 s; more than 7 shards do not help"
	[ ! -e .lanewright/plan.json ]
	run lanewright plan --curve --format csv
	[ "${lines[0]}" = shards,makespan,bound,billed_minutes,knee ]
	[ "${lines[1]}" = 1,453,453,8, ]
	lanewright plan --curve --format json | python3 -c "import json, sys; c = json.load(sys.stdin); assert c['version'] == 1 and sum(r['knee'] for r in c['rows']) == 1"
	run lanewright plan --curve --shards 3 --format csv
	[ "$(cut -d, -f1 <<<"$output" | tail -1)" -le 3 ]
}

@test "it says when one file binds and how many shards are enough" {
	make_timed_suite
	run lanewright plan --shards 9
	code 0
	says "makespan 93.0 s"
	says "one file binds: tests/test_long.py 83 s; more than 7 shards do not help"
	run lanewright plan --shards 4
	never_says "do not help"
}

@test "it meets a target with the fewest shards" {
	make_timed_suite
	run lanewright plan --target 135
	code 0
	says "on 4 shards"
	run lanewright plan --target 92
	code 2
	says "the soonest ends after 93 s"
}

@test "it ends as soon as the minutes allow" {
	make_timed_suite
	run lanewright plan --max-minutes 9
	code 0
	says "billed 9.0 minutes"
	run lanewright plan --max-minutes 7
	code 2
	says "the cheapest costs 8"
}

@test "it deals a shard to the workers of its lane" {
	make_timed_suite
	printf '[lanes.unit]\nservices = []\nshards = 2\nworkers = 3\n[plan]\noverhead = 10\n' >lanewright.toml
	run lanewright plan
	code 0
	says "makespan 100.0 s, proven bound 100.0 s, gap 0.00 % (optimal)"
	python3 "$BATS_TEST_DIRNAME/../../tools/check-plan"
	python3 - <<-'PY'
		import json
		plan = json.load(open(".lanewright/plan.json"))
		assert [lane["workers"] for lane in plan["lanes"]] == [3]
		held = sum(u["ms"] for u in plan["units"])
		assert held == 443000 and sum(s["load_ms"] for s in plan["shards"]) <= 180000, plan["shards"]
	PY
	printf '[lanes.unit]\nservices = []\nworkers = 3\n[plan]\noverhead = 10\n' >lanewright.toml
	run lanewright plan --shards 1
	says "makespan 160.0 s"
	run lanewright plan
	says "more than 3 shards do not help"
}

@test "it keeps together what a group or a mark of xdist joins" {
	make_timed_suite
	printf '[[group]]\npaths = ["tests/test_0[1-4].py"]\n' >>lanewright.toml
	printf 'import pytest\n\n\n@pytest.mark.xdist_group("db")\ndef test_it(): pass\n' | tee tests/test_05.py >tests/test_06.py
	lanewright plan --shards 5
	python3 "$BATS_TEST_DIRNAME/../../tools/check-plan"
	python3 - <<-'PY'
		import json
		plan = json.load(open(".lanewright/plan.json"))
		units = {u["path"][-5:-3]: u for u in plan["units"]}
		assert len({units[n]["shard"] for n in ("01", "02", "03", "04")}) == 1
		assert len({units[n]["group"] for n in ("01", "02", "03", "04")} - {0}) == 1
		assert units["05"]["shard"] == units["06"]["shard"] and units["05"]["group"] == units["06"]["group"] != 0
		assert units["07"]["group"] == 0
		assert plan["totals"]["makespan_ms"] == 130000, plan["totals"]
	PY
}

@test "it refuses formats that do not go with what is asked" {
	run lanewright plan --format csv
	code 2
	says "goes with --curve"
	run lanewright plan --format markdown
	code 2
	says "goes with --diff"
	run lanewright plan --curve --diff
	code 2
	says "exclude each other"
}

@test "it says by when it will have ended" {
	run lanewright plan
	says "with a chance of 50 %"
	says "with 95 %"
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

@test "it says which hook makes tests of files that are not Python, and init and check say it too" {
	rm -r ./* && mkdir -p tests/yaml
	printf 'def test_a():\n    pass\n' >tests/test_a.py
	printf 'import pytest\n\n\ndef pytest_collect_file(parent, file_path):\n    pass\n' >tests/yaml/conftest.py
	said="tests/yaml/conftest.py:4: pytest_collect_file may make tests of files that are not Python, which no lane runs"
	run lanewright init
	code 0
	says "$said"
	run lanewright plan
	code 0
	says "$said"
	run lanewright check
	code 0
	says "$said"
	run lanewright scan
	code 0
	never_says pytest_collect_file
}
