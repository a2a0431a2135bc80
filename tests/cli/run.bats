#!/usr/bin/env bats
# `run`: pytest on a planned list, with its exit codes and nothing but the list.

load helper

# A real pytest: one of those that tests/validators/install.sh puts into the build tree, else the system's.
use_pytest() {
	local clients=${CLIENTS:-$BATS_TEST_DIRNAME/../../build/clients}
	if [ -d "$clients/pytest-$1" ]; then
		export PYTHONPATH=$LIBRARY:$clients/pytest-$1
	elif ! PYTHONPATH=$LIBRARY python3 -c 'import pytest, pytest_cov' 2>/dev/null; then
		skip "no pytest with pytest-cov: tests/validators/install.sh installs some"
	fi
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p tests app
	touch app/__init__.py
	cat >lanewright.toml <<-'TOML'
		[suite]
		pytest = "8.4"
		[services.postgres]
		hosts = ["localhost:5432"]
		[lanes.db]
		services = ["postgres"]
		pytest_args = "-p no:cacheprovider"
		[lanes.unit]
		services = []
		shards = 2
		[plan]
		spill = false
		[emit.github]
		pytest = "python3 -m pytest -q"
		install = "- run: \"true\""
		before = "- uses: actions/checkout@v4"
	TOML
	cat >pytest.ini <<-'INI'
		[pytest]
		testpaths = tests
	INI
	for name in a b c d; do
		printf 'import os\n\n\ndef test_%s():\n    print("lane", os.environ.get("LANEWRIGHT_LANE"))\n    assert os.environ.get("BREAK") != "%s"\n' \
			$name $name >tests/test_$name.py
	done
	printf 'import psycopg\n\n\ndef test_db():\n    psycopg.connect("postgresql://localhost:5432/x")\n' >tests/test_db.py
	# The driver is installed, as it would be: one in the tree would be code of the project.
	LIBRARY=$(mktemp -d)
	printf 'def connect(where):\n    return where\n' >"$LIBRARY/psycopg.py"
	use_pytest 8.4.2
}

teardown() {
	rm -r "$LIBRARY"
}

@test "it runs just the list of a shard, and all lists of a lane" {
	lanewright plan -q
	run lanewright run unit-1
	code 0
	says "2 passed"
	run lanewright run unit -- -v
	code 0
	says "4 passed"
	never_says test_db
}

@test "it passes arguments on as they are" {
	lanewright plan -q
	run lanewright run unit -- -k 'test_a or (test_b and not x)' --color=no
	code 0
	says "2 passed, 2 deselected"
	run lanewright run unit -- -k '$(touch hacked)'
	[ ! -e hacked ]
}

@test "it says which services should be up, and gives the lane's own arguments" {
	lanewright plan -q
	run lanewright run db -- --trace-config
	code 0
	says "db expects postgres to be up"
	never_says "lastfailed"
	run lanewright -q run db
	never_says "expects"
}

@test "it keeps pytest's exit codes" {
	lanewright plan -q
	BREAK=a run lanewright run unit
	code 1
	run lanewright run unit -- --no-such-option
	code 4
	run lanewright run unit -- -k nothing_is_called_so
	code 5
	says "pytest collected no test of the list (exit 5)"
}

@test "it fails with 64 and 70 on its own, which pytest never returns" {
	run lanewright run unit
	code 64
	says "run \`lanewright plan\`"
	lanewright plan -q
	run lanewright run unti
	code 64
	says "did you mean 'unit'?"
	run lanewright run
	code 64
	run lanewright run --no-such-option unit
	code 64
	echo '{' >.lanewright/plan.json
	run lanewright run unit
	code 70
}

@test "it refuses a list that is not the plan's" {
	lanewright plan -q
	: >.lanewright/shards/unit-1.txt
	run lanewright run unit-1
	code 64
	says "is not the list of the plan"
	rm .lanewright/shards/unit-1.txt
	run lanewright run unit
	code 64
	says "is missing"
	lanewright emit lists
	run lanewright run unit-1
	code 0
}

@test "it leaves the parts that CI leaves, which prove takes" {
	printf 'coverage = { source = "app" }\n' >>lanewright.toml
	lanewright plan -q
	for shard in unit-1 unit-2 db; do
		run lanewright run --parts out/parts $shard
		code 0
	done
	[ "$(ls -A out/parts)" = "$(printf '%s\n' .coverage.db-1 .coverage.unit-1 .coverage.unit-2 junit-db.xml junit-unit-1.xml \
		junit-unit-2.xml lanewright-db.json lanewright-unit-1.json lanewright-unit-2.json)" ]
	run lanewright prove out/parts/*.xml out/parts/*.json
	code 0
	run lanewright run --parts out/parts unit
	code 64
	says "--parts is for one shard"
	run lanewright run --parts 'a$b' unit-1
	code 64
}

@test "it leaves no completion record behind a pytest that failed" {
	lanewright plan -q
	BREAK=a run lanewright run --parts out unit-1
	[ "$status" -eq 1 ] || BREAK=a run lanewright run --parts out unit-2
	code 1
	[ "$(ls out/lanewright-*.json 2>/dev/null | wc -l)" -le 1 ]
}

@test "it hands the list to a pytest before 8.2" {
	use_pytest 7.2.1
	sed -i '/^pytest = "8.4"/d' lanewright.toml
	lanewright plan -q
	run lanewright run unit
	code 0
	says "4 passed"
	BREAK=d run lanewright run unit
	code 1
}

@test "it runs from any folder below the root" {
	lanewright plan -q
	cd tests
	run lanewright run unit-2
	code 0
	says "2 passed"
}

@test "it runs the shop's unit lane under real pytest" {
	cp -r "$SHOP" shop
	cd shop
	lanewright plan -q
	run lanewright run unit -- -q -p no:cacheprovider
	code 0
	says " passed"
	[ ! -e .lanewright/parts ]
}

@test "it runs a file whose tests are made while it is imported, where their service is, and proves it" {
	cat >tests/test_made.py <<-'PY'
		import psycopg


		def made(n):
		    def test():
		        assert psycopg.connect("postgresql://localhost:5432/x")
		    return test


		for n in range(3):
		    globals()[f"test_made_{n}"] = made(n)
	PY
	printf 'test_table = __import__("os").environ.get("TABLE")\n' >tests/test_none.py
	run lanewright plan
	code 0
	says "tests/test_made.py stays whole: only running it tells which tests it has: generated at tests/test_made.py:11"
	grep -qx tests/test_made.py .lanewright/shards/db*.txt
	grep -qx tests/test_none.py .lanewright/shards/*.txt
	run lanewright check
	code 0
	for list in .lanewright/shards/*.txt; do
		lanewright run "$(basename "$list" .txt)" --parts parts
	done
	grep -q test_made_2 parts/junit-db*.xml
	run lanewright prove parts/*.xml parts/*.json
	code 0
	sed -i /test_made/d .lanewright/shards/db*.txt
	run lanewright check
	code 1
}

@test "it takes exit 5 of a shard for its end where no test was seen in any of its files" {
	rm tests/test_[bcd].py tests/test_db.py
	sed -i 's/spill = false/spill = true/' lanewright.toml
	printf 'import os\n\nfor name in os.environ.get("MADE", "").split():\n    globals()["test_" + name] = lambda: None\n' >tests/test_made.py
	lanewright plan -q
	shard=$(basename "$(grep -l test_made .lanewright/shards/*.txt)" .txt)
	[ "$(cat .lanewright/shards/$shard.txt)" = "tests/test_made.py" ]
	run lanewright run $shard
	code 5
	says "none was seen in its files either, so all is well"
	lanewright emit make --out Makefile -q
	run make test-$shard SERVICES_UP=:
	code 0
	other=$(basename "$(grep -l test_a.py .lanewright/shards/*.txt)" .txt)
	for one in $shard $other; do
		run lanewright run $one --parts .lanewright/parts
		code 0
	done
	run lanewright prove .lanewright/parts/junit-*.xml .lanewright/parts/lanewright-*.json
	code 0
	run env MADE="a b" "$LANEWRIGHT" run $shard --parts .lanewright/parts
	code 0
	says "2 passed"
	run lanewright prove .lanewright/parts/junit-*.xml .lanewright/parts/lanewright-*.json
	code 0
	run lanewright run $other --parts .lanewright/parts -- -k nothing
	code 5
	says "an option deselects all of them"
	run make test-$other SERVICES_UP=: PYTEST_ARGS='-k nothing'
	code 2
}
