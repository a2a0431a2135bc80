#!/usr/bin/env bats
# `needs` and `explain`.

load helper

@test "it writes a row of CSV for each need of a file" {
	run lanewright needs --format csv
	code 0
	[ "$output" = "path,service,grade
tests/db/test_cache.py,redis,probable
tests/db/test_rows.py,postgres,requires" ] || [ "$output" = "path,service,grade
tests/db/test_cache.py,redis,requires
tests/db/test_rows.py,postgres,requires" ] || [ "$output" = "path,service,grade
tests/db/test_cache.py,redis,probable
tests/db/test_rows.py,postgres,probable" ] || {
		echo "$output"
		return 1
	}
}

@test "it writes a row for each test" {
	run lanewright needs --tests --format csv
	code 0
	[ "${lines[0]}" = "test,service,grade" ]
	[[ ${lines[1]} == tests/db/test_cache.py::test_get,redis,* ]]
	[[ ${lines[2]} == tests/db/test_rows.py::TestSelect::test_all,postgres,* ]]
	[[ ${lines[3]} == tests/db/test_rows.py::test_insert,postgres,* ]]
	[ "${#lines[@]}" -eq 4 ]
}

@test "it counts what must be there and lists the evidence" {
	run lanewright needs
	code 0
	[[ ${lines[0]} =~ files\ +tests\ +must\ have ]]
	says "nothing"
	says "tests/conftest.py:"
}

@test "it keeps to the paths named" {
	run lanewright needs tests/db --format csv
	code 0
	[ "${#lines[@]}" -eq 3 ]
	run lanewright needs tests/unit --format csv
	code 0
	[ "$output" = "path,service,grade" ]
}

@test "it takes paths from the folder the user is in" {
	cd tests/db
	run lanewright needs test_rows.py --format csv
	code 0
	[ "${#lines[@]}" -eq 2 ]
}

@test "it says that nothing is at a path" {
	run lanewright needs tests/nothing
	code 2
	says "no test is at or below tests/nothing"
}

@test "it refuses a path outside the root" {
	run lanewright needs ../../elsewhere
	code 2
	says "is outside the root"
}

@test "it gives the chains as JSON" {
	lanewright needs --tests --format json >needs.json
	run python3 - <<-'PY'
		import json
		found = json.load(open("needs.json"))
		row = next(t for t in found["tests"] if t["test"] == "tests/db/test_rows.py::test_insert")
		assert row["demand"] == "postgres", row
		need, = row["needs"]
		assert need["service"] == "postgres" and need["counts"]
		assert need["chain"][-1]["path"] == "tests/conftest.py", need
		print("fine")
	PY
	code 0
	says fine
}

@test "it explains a test with places and source lines" {
	run lanewright explain tests/db/test_rows.py::test_insert
	code 0
	says "tests/db/test_rows.py::test_insert  needs postgres"
	says "tests/conftest.py:8"
	says '| with psycopg.connect("postgresql://localhost:5432/app") as connection:'
	says "fixtures"
}

@test "it explains as JSON, with the source lines" {
	lanewright explain tests/db/test_rows.py::test_insert --format json >why.json
	run python3 - <<-'PY'
		import json
		why = json.load(open("why.json"))
		need, = why["needs"]
		assert why["version"] == 1 and why["test"] == "tests/db/test_rows.py::test_insert", why
		assert "psycopg.connect" in need["chain"][-1]["source"], need
		print("fine")
	PY
	code 0
	says fine
}

@test "it explains only the service asked for" {
	run lanewright explain tests/db/test_rows.py redis
	code 0
	never_says "requires postgres"
}

@test "it names the service nearest to an unknown one" {
	run lanewright explain tests/db/test_rows.py postgers
	code 2
	says "unknown service 'postgers'; did you mean 'postgres'?"
}

@test "it names the test nearest to an unknown one" {
	run lanewright explain tests/db/test_rows.py::test_isnert
	code 2
	says "did you mean tests/db/test_rows.py::test_insert?"
}

@test "it says that a file has no tests" {
	run lanewright explain tests/conftest.py
	code 2
	says "tests/conftest.py is no file with tests"
}

@test "it says which edit or override would change a verdict" {
	run lanewright explain tests/db/test_rows.py::test_insert postgres
	code 0
	says "to change it: mock psycopg.connect, called at tests/conftest.py:8"
	says "test = \"tests/db/test_rows.py::test_insert\""
	says "needs = []"
	printf '\n[[override]]\ntest = "tests/db/test_rows.py::test_insert"\nneeds = []\nreason = "..."\n' >>lanewright.toml
	run lanewright needs --tests --format csv
	never_says "test_rows.py::test_insert,postgres"
}

@test "it says which test file it could not understand, in every format" {
	printf 'def test_b(:\n' >tests/test_broken.py
	run --separate-stderr lanewright needs --format csv
	[ "$status" -eq 0 ]
	[[ $stderr == *"tests/test_broken.py:1: a statement that is not understood; its tests may be missing"* ]]
}

@test "what it says to put into the config can be read there, whatever the file is called" {
	mkdir -p 'tests/od"d' && printf 'import redis\ndef test_a():\n    redis.Redis("cache").ping()\n' >'tests/od"d/test_a.py'
	run lanewright explain 'tests/od"d/test_a.py' redis
	says "      test = 'tests/od\"d/test_a.py'"
	printf '%s\n' "$output" | sed -n 's/^      //p' | sed -n '/^\[\[override\]\]/,$p' >said.toml
	run lanewright --config said.toml needs --format csv 'tests/od"d/test_a.py'
	code 0
	[ "$output" = "path,service,grade" ]
	rm -r 'tests/od"d' said.toml
}

@test "it finds Django's database in settings that nobody imports" {
	mkdir -p shop && printf 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n' >shop/settings.py
	printf 'import pytest\n@pytest.mark.django_db\ndef test_a():\n    pass\n' >tests/test_orm.py
	run lanewright needs --format csv tests/test_orm.py
	code 0
	says "tests/test_orm.py,postgres,probable"
	rm -r shop tests/test_orm.py
}

@test "an any-of need and one that a variable chooses are one row, and the plan covers them with one lane" {
	rm -rf some && mkdir -p some/tests some/.github/workflows
	printf 'on: push\njobs:\n  a:\n    runs-on: x\n    strategy: {matrix: {db: [mysql, postgresql]}}\n    steps:\n' >some/.github/workflows/ci.yml
	printf '      - {run: pytest, env: {STORE: "${{ matrix.db }}://localhost/x"}}\n' >>some/.github/workflows/ci.yml
	cat >some/tests/test_one.py <<-'END'
	import os, socket
	from sqlalchemy import create_engine
	import pytest


	def up(port):
	    try:
	        socket.create_connection(("localhost", port)).close()
	        return True
	    except OSError:
	        return False


	@pytest.mark.skipif(not (up(9200) or up(8983)), reason="no engine")
	def test_engine():
	    pass


	def test_store():
	    create_engine(os.environ["STORE"]).connect()
	END
	run lanewright -C some needs --tests --format csv
	code 0
	[ "$output" = "test,service,grade
tests/test_one.py::test_engine,elasticsearch|opensearch|solr,requires
tests/test_one.py::test_store,mysql|postgres,probable" ]
	run lanewright -C some needs --tests --format json
	says '"variable":"STORE","values":["mysql://localhost/x","postgresql://localhost/x"]'
	run lanewright -C some needs
	says "elasticsearch|opensearch|solr"
	says "chosen by STORE: mysql://localhost/x, postgresql://localhost/x"
	run lanewright -C some plan
	code 0
	run lanewright -C some check
	code 0
	run grep -c '"derived": *true' some/.lanewright/plan.json
	run cat some/.lanewright/plan.json
	[[ $output != *'"mysql", "postgres"'* ]]
	rm -r some
}
