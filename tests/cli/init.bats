#!/usr/bin/env bats
# `init`: a config from what the project's own CI says, and what it could not take over.

load helper

make_workflow() {
	mkdir -p .github/workflows
	cat >.github/workflows/ci.yml <<-'YAML'
		on: push
		env: {LEVEL: top}
		jobs:
		  lint:
		    runs-on: ubuntu-latest
		    steps:
		      - run: ruff check .
		  heavy:
		    runs-on: ${{ matrix.os }}
		    needs: lint
		    if: vars.HEAVY != 'off'
		    timeout-minutes: 20
		    strategy:
		      matrix:
		        python: ["3.10", "3.12"]
		        os: [ubuntu-24.04]
		    env:
		      APP: "${{ matrix.python }}"
		    services:
		      db:
		        image: postgres:16
		        env: {POSTGRES_PASSWORD: secret}
		        ports: ["5433:5432"]
		        volumes: [/data:/data]
		      cache:
		        image: redis:7
		        ports: ["6379:6379"]
		    steps:
		      - uses: actions/checkout@v4
		      # Python
		      - uses: actions/setup-python@v5
		        with:
		          python-version: ${{ matrix.python }}
		      - run: createdb -h localhost -p 5433 app
		      - run: mypy app
		      - name: Tests
		        env: {KEY: "${{ secrets.KEY }}"}
		        run: |
		          export MODE=ci
		          pytest tests -q -k "not slow" --cov=app --cov-report xml \
		            --junitxml=out.xml --splits 4 --group ${{ matrix.group }} --seed ${{ github.run_id }}
		      - run: python scripts/verify.py
		      - uses: codecov/codecov-action@v5
		      - if: failure()
		        run: docker logs db
		  fast:
		    runs-on: ubuntu-latest
		    steps:
		      - uses: actions/checkout@v4
		      - run: pytest --cov=app tests/unit
		      - uses: actions/upload-artifact@v4
		        with:
		          name: fast-coverage
		          path: out/.coverage.fast
	YAML
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	make_suite
	rm lanewright.toml
	make_workflow
}

# What the config has under a dotted key, as JSON.
value() {
	python3 - "$1" <<-'PY'
		import json, sys, tomllib
		it = tomllib.load(open("lanewright.toml", "rb"))
		for key in sys.argv[1].split("/"):
		    it = it[int(key)] if isinstance(it, list) else it[key]
		print(json.dumps(it))
	PY
}

is() { # KEY VALUE
	local found
	found=$(value "$1")
	[ "$found" = "$2" ] || {
		echo "$1 is $found, not $2"
		return 1
	}
}

@test "it takes over services, settings and environment of the job that fits best" {
	run lanewright init
	code 0
	says "services: the job heavy of .github/workflows/ci.yml"
	is services/postgres/image '"postgres:16"'
	is services/postgres/env '{"POSTGRES_PASSWORD": "secret"}'
	is services/postgres/ports '["5433:5432"]'
	is services/postgres/hosts '["db", "localhost:5433"]'
	[[ $(value services/postgres/options) == *"--volume /data:/data"*"--health-cmd"* ]]
	is services/redis/image '"redis:7"'
	is emit/github/into '".github/workflows/ci.yml"'
	is emit/github/runs_on '"ubuntu-24.04"'
	is emit/github/if "\"vars.HEAVY != 'off'\""
	is emit/github/timeout_minutes 20
	is emit/github/job_env '{"APP": "3.10"}'
	is emit/github/coverage '{"source": "app"}'
	is suite/paths '["tests"]'
}

@test "it keeps the steps before pytest byte for byte, but for the matrix" {
	lanewright init -q
	python3 - <<-'PY'
		import tomllib
		github = tomllib.load(open("lanewright.toml", "rb"))["emit"]["github"]
		text = open(".github/workflows/ci.yml").read()
		start = text.index("      - uses: actions/checkout@v4\n      # Python")
		expected = text[start:text.index("      - run: mypy app")].replace("${{ matrix.python }}", "'3.10'")
		assert github["before"] == expected, github["before"]
		assert github["once"] == "      - run: mypy app\n      - run: python scripts/verify.py\n", github["once"]
		assert github["after"] == "      - uses: codecov/codecov-action@v5\n", github["after"]
	PY
}

@test "it takes the pytest command without what the lanes say themselves" {
	run lanewright init
	code 0
	is emit/github/pytest '"pytest -q -k \"not slow\" --seed \"$TEST_ARGUMENT_3\""'
	is emit/github/env '{"KEY": "${{ secrets.KEY }}", "MODE": "ci", "TEST_ARGUMENT_3": "${{ github.run_id }}"}'
	says "--cov-report xml --junitxml=out.xml --splits 4 --group"
}

@test "it says with its place what it does not take over" {
	run lanewright init
	says ".github/workflows/ci.yml:9: needs: lint"
	says "of 2 combinations of the matrix only the first is taken: python = 3.10, os = ubuntu-24.04"
	says 'step "docker logs db" is left out'
	grep -q '^# - .github/workflows/ci.yml:9: needs: lint' lanewright.toml
}

@test "it puts a service that a setup step talks to on every lane" {
	lanewright init -q
	is services/postgres/base true
	grep -q '^base = true  # .github/workflows/ci.yml:.*createdb' lanewright.toml
	[ "$(grep -c '^services = ' lanewright.toml)" = "$(grep -c '^services = \["postgres"' lanewright.toml)" ]
}

@test "it adds the coverage that other jobs upload" {
	lanewright init -q
	is emit/github/part '[{"job": "fast", "artifact": "fast-coverage", "file": ".coverage.fast"}]'
}

@test "it says what coverage lacks for its parts to be combined" {
	run lanewright init
	says "[tool.coverage.paths]"
	printf '[tool.coverage.paths]\nsource = ["app", "*/app"]\n' >pyproject.toml
	run lanewright init --force
	never_says "[tool.coverage.paths]"
}

@test "it writes a config that plan, emit and check go on with, and a second emit changes nothing" {
	cp .github/workflows/ci.yml before.yml
	lanewright init -q
	lanewright plan
	lanewright emit github
	cmp -n "$(stat -c %s before.yml)" before.yml .github/workflows/ci.yml
	run lanewright check
	code 0
	cp .github/workflows/ci.yml once.yml
	lanewright emit github
	cmp once.yml .github/workflows/ci.yml
	python3 - <<-'PY'
		text = open(".github/workflows/ci.yml").read()
		lane = text[text.index("  heavy-lanes-postgres-redis:"):]
		assert 'APP: "3.10"' in lane.split("steps:")[0], lane[:800]
	PY
}

@test "it never overwrites a config without --force" {
	echo '[plan]' >lanewright.toml
	run lanewright init
	code 2
	says "--force replaces it"
	[ "$(cat lanewright.toml)" = '[plan]' ]
	echo 'not toml' >lanewright.toml
	run lanewright init --force
	code 0
	rm lanewright.toml
	printf '[tool.lanewright.plan]\n' >pyproject.toml
	run lanewright init
	code 2
	says "[tool.lanewright] already"
}

@test "it takes the job that is named, and names the nearest when there is none" {
	run lanewright init --workflow .github/workflows/ci.yml --job fast
	code 0
	says "the job fast of .github/workflows/ci.yml has none: what the tests need"
	run lanewright init --force --job heavvy
	code 2
	says "did you mean 'heavy'?"
	run lanewright init --force --workflow ci.yml
	code 2
	says "there are: .github/workflows/ci.yml"
}

@test "it proposes lanes from what the tests need, and marks that sound like a service" {
	sed -i 's/- run: createdb.*/- run: echo/' .github/workflows/ci.yml
	printf '\n\n@pytest.mark.needs_redis\ndef test_three():\n    assert 3\n' >>tests/unit/test_sums.py
	lanewright init -q
	is lanes/postgres/services '["postgres"]'
	is lanes/redis/services '["redis"]'
	is lanes/unit/services '[]'
	is services/redis/marker '["needs_redis"]'
}

@test "it takes services from compose files when no job has any" {
	rm -r .github
	cat >docker-compose.yml <<-'YAML'
		services:
		  database:
		    image: "postgres:${PG:-15}"
		    environment: {POSTGRES_PASSWORD: x}
		    ports: ["5432:5432"]
		    healthcheck:
		      test: ["CMD-SHELL", "pg_isready -U \"app\""]
		      interval: 3s
		      retries: 4
		  app:
		    build: .
	YAML
	run lanewright init
	code 0
	says "services: docker-compose.yml"
	is services/postgres/image '"postgres:15"'
	is services/postgres/options '"--health-cmd \"pg_isready -U \\\"app\\\"\" --health-interval 3s --health-retries 4"'
}

@test "it falls back to the catalogue for what the tests need" {
	rm -r .github
	run lanewright init
	code 0
	says "built-in catalogue"
	is services '{"postgres": {}, "redis": {}}'
	run lanewright plan
	code 0
}

@test "it says which tool hides pytest" {
	sed -i 's/^\( *\)export MODE=ci/\1tox -e py/; /pytest tests -q/d; /--junitxml/d' .github/workflows/ci.yml
	run lanewright init --job heavy
	code 0
	says 'no list can be handed to "tox -e py", and its pytest was not found: py was not found as an environment of tox'
}

# A workflow whose only job is `steps`, given on stdin.
only_steps() {
	{
		printf 'on: push\njobs:\n  only:\n    runs-on: ubuntu-latest\n    services:\n      redis: {image: redis:7, ports: ["6379:6379"]}\n    steps:\n'
		printf '      - uses: actions/checkout@v4\n'
		sed 's/^/      /'
	} >.github/workflows/only.yml
	lanewright init --force --workflow .github/workflows/only.yml --job only >said || { cat said; return 1; }
}

@test "it finds the pytest behind tox and has tox make its environment" {
	printf '[testenv]\nsetenv =\n  MODE = tox\n  HOST = {env:HOST}\ncommands =\n  python -V\n  pg: pytest {posargs:tests} -q --junitxml=x.xml\n' >tox.ini
	only_steps <<<'- {run: "pip install tox && tox -e py-pg", env: {A: b}}'
	[ "$(value emit/github/pytest)" = '".tox/py-pg/bin/pytest -q"' ]
	[ "$(value suite/paths/0)" = '"tests"' ]
	[ "$(value emit/github/env/MODE)" = '"tox"' ]
	[[ $(value emit/github/before) == *'pip install tox\n          tox -e py-pg --notest\n'* ]]
	grep -q '"tox -e py-pg" runs pytest by tox.ini:5: the lanes run that pytest in the environment of its own, .tox/py-pg/bin' said
	grep -q 'tox.ini:5: HOST = $HOST is left out' said
	grep -q 'tox.ini:5: left out before pytest: python -V' said
	lanewright plan -q
	lanewright emit github -q
	grep -q '.tox/py-pg/bin/python3 -c' .github/workflows/only.yml
}

@test "it finds the pytest behind make, a script, nox, and the runners of pyproject.toml" {
	printf 'PYTEST ?= uv run pytest\n.PHONY: test\ntest: db\n\t@$(PYTEST) \\\n\t  tests -x\n' >Makefile
	only_steps <<<'- run: make test PYTEST="poetry run pytest"'
	[ "$(value emit/github/pytest)" = '"poetry run pytest -x"' ]
	[[ $(value emit/github/before) == *'make db\n'* ]]
	mkdir ci
	printf '#!/bin/sh\nset -e\nexport MODE=script\n./migrate\nexec python -m pytest tests "$@"\n' >ci/test.sh
	only_steps <<<'- run: ./ci/test.sh -x'
	[ "$(value emit/github/pytest)" = '"python -m pytest -x"' ]
	[ "$(value emit/github/env/MODE)" = '"script"' ]
	[[ $(value emit/github/before) == *'./migrate\n'* ]]
	printf 'import nox\n@nox.session\ndef tests(session):\n    session.run("pytest", "tests", *session.posargs)\n' >noxfile.py
	only_steps <<<'- run: pipx run nox -s tests -- -x'
	[ "$(value emit/github/pytest)" = '".nox/tests/bin/pytest -x"' ]
	printf '[tool.hatch.envs.ci.scripts]\nunit = "pytest -x {args}"\n[tool.pdm.scripts]\nunit = {cmd = "pytest tests -v"}\n' >pyproject.toml
	only_steps <<<'- run: hatch run ci:unit'
	[ "$(value emit/github/pytest)" = '"hatch -e ci run pytest -x"' ]
	only_steps <<<'- run: pdm run unit'
	[ "$(value emit/github/pytest)" = '"pdm run pytest -v"' ]
	only_steps <<<'- {uses: nick/retry@v3, with: {command: pytest tests -q}}'
	[ "$(value emit/github/pytest)" = '"pytest -q"' ]
	grep -q 'hands its command to an action: the lanes run the command without it' said
}

@test "it takes the step whose pytest is behind a tool before one that runs pytest later" {
	printf 'test:\n\tpytest tests -v\n' >Makefile
	only_steps <<-'YAML'
		- run: make test
		- run: pytest tests --benchmark
	YAML
	[ "$(value emit/github/pytest)" = '"pytest -v"' ]
	grep -q 'is left out: it runs tests as well' said
}

@test "it takes no container that a step starts for a client of the job's service" {
	only_steps <<-'YAML'
		- run: |
		    docker pull redis:7
		    docker run -d -p 7001:6379 redis:7
		- run: pytest tests
	YAML
	[ -z "$(grep '^base' lanewright.toml)" ]
	only_steps <<-'YAML'
		- run: sudo apt-get install -y redis-server redis-tools
		- run: pytest tests
	YAML
	[ -z "$(grep '^base' lanewright.toml)" ]
	only_steps <<-'YAML'
		- run: docker run --network host redis:7 redis-cli ping
		- run: pytest tests
	YAML
	grep -q '^base = true' lanewright.toml
}

@test "it says which of the files it looks at it could not read" {
	mkdir tox.ini
	printf 'a = \n' >pyproject.toml
	echo 'jobs: [' >.github/workflows/bad.yml
	run lanewright init
	code 0
	says "not looked at: cannot read tox.ini: it is not a regular file"
	says "not looked at: pyproject.toml:1:"
	says "not looked at: .github/workflows/bad.yml"
	grep -q '^# - not looked at: cannot read tox.ini' lanewright.toml
}

@test "it survives a workflow that is no YAML, and a suite without tests" {
	rm -r tests
	mkdir tests
	echo 'jobs: [' >.github/workflows/bad.yml
	run lanewright init
	code 0
	says "no tests found"
}

@test "it keeps the commands before pytest as a step that fits the others" {
	sed -i 's/^\( *\)export MODE=ci/\1make assets/' .github/workflows/ci.yml
	lanewright init -q
	lanewright plan -q
	lanewright emit github
	run lanewright check
	code 0
	grep -q '^ *make assets$' .github/workflows/ci.yml
	[[ $(value emit/github/before) == *'      - name: What stood before pytest in its step\n        run: |\n          make assets\n"' ]]
}

@test "it fills the matrix into the condition of a step" {
	sed -i "s/- run: python scripts.verify.py/- if: matrix.python == '3.12'\n        run: python scripts\/verify.py/" .github/workflows/ci.yml
	lanewright init -q
	[[ $(value emit/github/once) == *"\${{ '3.10' == '3.12' }}"* ]]
	lanewright plan -q
	run lanewright emit github
	code 0
}

@test "it says where the job and the needs that were found contradict each other" {
	cat >.github/workflows/odd.yml <<-'YAML'
		on: push
		jobs:
		  odd:
		    runs-on: ubuntu-latest
		    permissions: {contents: read, id-token: write}
		    container:
		      image: python:3.12
		      options: --user 1001
		      env: {MODE: ci}
		    services:
		      redis:
		        image: redis:7
		      search:
		        image: solr:9
		    steps:
		      - uses: actions/checkout@v4
		      - run: pytest tests
	YAML
	run lanewright init --workflow .github/workflows/odd.yml --job odd
	code 0
	says ".github/workflows/odd.yml:14: no test was found to need solr, so no lane starts it"
	never_says "need redis, so"
	says '`container.options` of the job has no key in the config'
	says '`container.env` of the job has no key in the config'
	says '`permissions.id-token` of the job has no key in the config'
	never_says "permissions.contents"
}
