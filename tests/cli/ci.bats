#!/usr/bin/env bats
# What the project's own CI starts is evidence of where its services are.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p tests .github/workflows
	cat >docker-compose.yml <<-'YAML'
		services:
		  store:
		    image: postgres:16
		    ports: ["5499:5432"]
	YAML
	cat >.github/workflows/ci.yml <<-'YAML'
		jobs:
		  test:
		    runs-on: ubuntu-latest
		    env:
		      ORDERS: redis://localhost:6379/1
		    services:
		      cache:
		        image: redis:7
		        ports: ["6379:6379"]
		    steps:
		      - run: pytest
	YAML
	cat >tests/test_x.py <<-'PY'
		import os, socket
		import pytest

		def test_port():
		    socket.create_connection(("localhost", 5499))

		def test_host():
		    socket.create_connection(("store", 1))

		@pytest.mark.skipif("ORDERS" not in os.environ, reason="no orders")
		def test_variable():
		    pass

		def test_nothing():
		    socket.create_connection(("elsewhere", 1))
	PY
}

@test "it knows hosts, mapped ports and variables from the CI, and says so" {
	run lanewright needs --tests --format csv
	code 0
	[ "$output" = "test,service,grade
tests/test_x.py::test_host,postgres,requires
tests/test_x.py::test_port,postgres,requires
tests/test_x.py::test_variable,redis,requires" ]
	run lanewright needs
	says "CI says: the host store is postgres's (docker-compose.yml:3)"
	says "CI says: the variable ORDERS is redis's (.github/workflows/ci.yml:3)"
	run lanewright explain tests/test_x.py::test_port
	says "CI says: the host localhost:5499 is postgres's"
}

@test "it lets the config win" {
	cat >lanewright.toml <<-'TOML'
		[services.postgres]
		[services.mysql]
		hosts = ["store"]
	TOML
	run lanewright needs --tests --format csv
	says "tests/test_x.py::test_host,mysql,requires"
	never_says "tests/test_x.py::test_host,postgres"
}

@test "it says nothing of a host that two services claim" {
	cat >compose.yaml <<-'YAML'
		services:
		  store:
		    image: mysql:8
	YAML
	run lanewright needs --tests --format csv
	never_says "tests/test_x.py::test_host"
}

@test "it holds a plan for stale when the CI gives a host to another service, not when a comment changes" {
	lanewright plan
	lanewright check
	sed -i 's/^services:/# stores\nservices:/' docker-compose.yml
	lanewright check
	sed -i 's/postgres:16/mysql:8/' docker-compose.yml
	run lanewright check
	code 1
	says "ci"
}

@test "it does not take what emit wrote for evidence" {
	printf '[emit.github]\ninto = ".github/workflows/ours.yml"\nbefore = """\n- uses: actions/checkout@v4\n"""\ninstall = "- run: true"\npins = ["actions/checkout@v4", "actions/upload-artifact@v4", "actions/download-artifact@v4"]\n' >lanewright.toml
	lanewright plan
	lanewright emit github
	lanewright check
	lanewright needs >before
	! grep -q ours.yml before
}

@test "it takes a job of the user's that reads the plan for evidence all the same" {
	sed -i 's/- run: pytest/- run: cat .lanewright\/plan.json; pytest/' .github/workflows/ci.yml
	run lanewright needs --tests --format csv
	code 0
	says "tests/test_x.py::test_variable,redis,requires"
}
