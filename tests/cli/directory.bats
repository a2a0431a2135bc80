#!/usr/bin/env bats
# A project whose pytest runs in a folder below the root: taken over, run, proven, its coverage combined.

load helper

setup() {
	local clients=${CLIENTS:-$BATS_TEST_DIRNAME/../../build/clients}
	[ -d "$clients/pytest-8.4.2" ] || skip "no pytest with pytest-cov: tests/validators/install.sh installs some"
	export PYTHONPATH=$clients/pytest-8.4.2
	cd "$BATS_TEST_TMPDIR"
	mkdir -p .github/workflows "back/app" back/tests
	printf 'def a():\n    return 1\n\n\ndef b():\n    return 2\n' >back/app/__init__.py
	printf '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n[tool.coverage.run]\nrelative_files = true\n' >back/pyproject.toml
	for name in a b; do
		printf 'import app\n\n\nclass TestIt:\n    def test_%s(self):\n        assert open("pyproject.toml").read() and app.%s()\n' \
			$name $name >back/tests/test_$name.py
	done
	cat >.github/workflows/ci.yml <<-'YAML'
		on: push
		jobs:
		  heavy:
		    runs-on: ubuntu-latest
		    defaults: {run: {working-directory: back}}
		    services:
		      redis: {image: redis:7, ports: ["6379:6379"]}
		    steps:
		      - uses: actions/checkout@v4
		      - run: pip install -r requirements.txt
		      - name: Elsewhere
		        working-directory: front
		        run: npm ci
		      - run: python3 -m pytest --cov=app
	YAML
	lanewright init -q
}

@test "it takes the folder over, with its settings, paths and the steps that ran there" {
	grep -q '^directory = "back"' lanewright.toml
	grep -q '^first_party = \["back"\]' lanewright.toml
	grep -q '^paths = \["back/tests"\]' lanewright.toml
	grep -A1 '^      - working-directory: back$' lanewright.toml | grep -q '^        run: pip install -r requirements.txt$'
	grep -A2 '^      - name: Elsewhere$' lanewright.toml | grep -q 'working-directory: front'
	[ -z "$(grep 'pytest runs in the folder' lanewright.toml)" ]
}

@test "it runs each list there, proves it and combines what was covered" {
	sed -i 's/^shards = "auto"/shards = 2/' lanewright.toml
	lanewright plan -q
	[ "$(cat .lanewright/shards/unit-*.txt | sort | tr '\n' ' ')" = "back/tests/test_a.py back/tests/test_b.py " ]
	for shard in unit-1 unit-2; do
		run lanewright run $shard --parts .lanewright/parts
		code 0
		says "1 passed"
	done
	run lanewright prove .lanewright/parts/junit-*.xml .lanewright/parts/lanewright-*.json
	code 0
	lanewright emit github -q
	lanewright check -q
	python3 - >combine.sh <<-'PY'
		import yaml
		jobs = yaml.safe_load(open(".github/workflows/ci.yml"))["jobs"]
		print(next(it["run"] for it in jobs["heavy-lanes-gate"]["steps"] if "coverage combine" in it.get("run", "")))
	PY
	run bash -e combine.sh
	code 0
	says "100%"
	[ -s coverage.xml ]
}

@test "it runs there by hand and by make as well" {
	lanewright plan -q
	run lanewright run unit -- -q
	code 0
	says "2 passed"
	lanewright emit make --out Makefile -q
	run make test-unit SERVICES_UP=: PYTEST_ARGS=-v
	code 0
	says "tests/test_a.py::TestIt::test_a PASSED"
	echo >>.lanewright/shards/unit-1.txt
	run make test-unit SERVICES_UP=:
	code 2
	[[ $output == *$'\n''a list is empty or has a blank line: '* ]]
}

@test "it refuses a folder that a script could read as more, and what cannot be handed over there" {
	sed -i 's/^directory = "back"/directory = "b; x"/' lanewright.toml
	run lanewright plan
	code 2
	says "lanewright.toml:"
	says "letters, digits, _ . / and - only"
	sed -i 's/^directory = "b; x"/directory = "back"\nplugin = "tools\/p.py"/' lanewright.toml
	lanewright plan -q
	run lanewright emit github
	code 2
	says "[emit.github] directory: lists are made to fit the folder"
}

@test "it leaves coverage run in the root, and says so" {
	sed -i 's/python3 -m pytest --cov=app/coverage run -m pytest/' .github/workflows/ci.yml
	run lanewright init --force
	code 0
	says "pytest runs in the folder back there; the lanes run it in the root"
	[ -z "$(grep '^directory' lanewright.toml)" ]
}
