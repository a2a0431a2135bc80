#!/usr/bin/env bats
# The whole way on the example suite: corpus/shop, copied so that nothing of it changes.

load helper

setup_file() {
	cp -r "$BATS_TEST_DIRNAME/../../corpus/shop" "$BATS_FILE_TMPDIR/shop"
	rm -rf "$BATS_FILE_TMPDIR/shop/.lanewright"
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

@test "it scans the shop" {
	run lanewright -C shop scan
	code 0
	says "73 with tests"
	says "CI starts postgres, redis, elasticsearch, opensearch, solr (.github/workflows/ci.yml)"
}

@test "it lists its tests" {
	run lanewright -C shop tests
	code 0
	says "tests/unit/test_money.py::"
}

@test "it counts what its files need" {
	run lanewright -C shop needs --format csv
	code 0
	[ "${lines[0]}" = "path,service,grade" ]
	[ "$(printf '%s\n' "${lines[@]:1}")" = "$(printf '%s\n' "${lines[@]:1}" | LC_ALL=C sort)" ]
	[ -z "$(printf '%s\n' "${lines[@]:1}" | grep -vE ',(requires|probable|unknown|mocked|mention)$')" ]
}

@test "it explains each test that needs something, with steps that exist" {
	lanewright -C shop needs --tests --format json >needs.json
	run python3 - <<-'PY'
		import json, pathlib
		root = pathlib.Path("shop")
		steps = [s for t in json.load(open("needs.json"))["tests"] for n in t["needs"] for s in n["chain"]]
		assert len(steps) > 100
		for step in steps:
		    assert len((root / step["path"]).read_text().splitlines()) >= step["line"] > 0, step
		print("fine")
	PY
	code 0
	says fine
}

@test "it records three months of reports and knows them the second time" {
	run bash -c '"$1" -C shop record shop/timings/*.xml' _ "$LANEWRIGHT"
	code 0
	says "known already"
	run bash -c '"$1" -C shop record timings/*.xml' _ "$LANEWRIGHT" # below -C does not exist for the shell
	[ "$status" -ne 0 ]
	run bash -c 'cd shop && "$1" record timings/*.xml' _ "$LANEWRIGHT"
	code 0
	says "history: 0 added, 0 changed"
}

@test "it plans the lanes of its config" {
	run lanewright -C shop plan
	code 0
	says "postgres"
	says "opensearch"
	[ "$(sed 's/::.*//' shop/.lanewright/shards/*.txt | sort -u)" = "$(cd shop && lanewright tests | sed 's/::.*//' | sort -u)" ]
}

@test "it knows most of the time from the history" {
	lanewright -C shop plan --format json >plan.json
	run python3 -c 'import json; t = json.load(open("plan.json"))["totals"]; print(t["history_ms"] > 9 * (t["regression_ms"] + t["default_ms"]))'
	[ "$output" = True ]
}

@test "it emits the workflow the config names, and finds it current" {
	run lanewright -C shop emit github
	code 0
	run lanewright -C shop emit github --check
	code 0
	run lanewright -C shop check
	code 0
}

@test "it finds the workflow changed by hand" {
	lanewright -C shop emit github
	into=$(sed -n 's/^into *= *"\(.*\)"/\1/p' shop/lanewright.toml)
	sed -i 's/postgres:16/postgres:99/; s/ubuntu-latest/ubuntu-22.04/' "shop/$into"
	run lanewright -C shop check
	code 1
	says "$into"
}

@test "it places a file that makes its tests while it is imported, with all that they could reach" {
	cp -r shop made
	cat >made/tests/integration/test_made.py <<-'PY'
		def made(status):
		    def test(order_repo):
		        assert order_repo
		    return test


		for status in ("open", "paid"):
		    globals()[f"test_{status}"] = made(status)
	PY
	run lanewright -C made plan
	code 0
	says "tests/integration/test_made.py stays whole: only running it tells which tests it has: generated at tests/integration/test_made.py:8"
	run python3 - <<-'PY'
		import json
		plan = json.load(open("made/.lanewright/plan.json"))
		unit, = [u for u in plan["units"] if u["path"] == "tests/integration/test_made.py"]
		assert unit["needs"] == ["postgres"] and unit["tests"] == 0 and unit["ms"] > 0, unit
		lists = [s["name"] for s in plan["shards"]
		         if unit["path"] in open(f"made/.lanewright/shards/{s['name']}.txt").read().split()]
		assert lists == [unit["shard"]], lists
		print("fine")
	PY
	says fine
	run lanewright -C made check
	never_says test_made
}
