#!/usr/bin/env bats
# `audit`: how findings are printed, silenced and accepted.  What is found stands in corpus/audit.

load helper

setup() {
	cp -r "$BATS_TEST_DIRNAME/../../corpus/audit/collection" "$BATS_TEST_TMPDIR/suite"
	cd "$BATS_TEST_TMPDIR/suite"
	rm tests/test_broken.py tests/test_classes.py tests/test_nothing.py
	unset GIT_DIR GIT_WORK_TREE
}

# The findings as lines "path:line code".
found() {
	lanewright audit --format json "$@" | python3 -c '
import json, sys
for finding in json.load(sys.stdin)["findings"]:
    print("{path}:{line} {code}".format(**finding))'
}

@test "it quotes the line with a caret, in groups, and counts" {
	run lanewright audit
	code 1
	[ "${lines[0]}" = "LW601 hidden-test, error: a test is hidden by a later one of the same name" ]
	[ "${lines[1]}" = "  tests/test_hidden.py:6:1  never runs: line 14 defines test_total again" ]
	[ "${lines[2]}" = "      | def test_total():  #: LW601" ]
	[ "${lines[3]}" = "      | ^" ]
	says "tests/test_hidden.py:19:5  never runs: line 22"
	says "to mend: rename one of the two"
	says "2 findings in "
	says ", 2 of them errors"
}

@test "it prints JSON as the contract says" {
	run lanewright audit --format json
	code 1
	[ "$output" = '{"version":1,"findings":[
{"code":"LW601","rule":"hidden-test","path":"tests/test_hidden.py","line":6,"column":1,"severity":"error","message":"never runs: line 14 defines test_total again"},
{"code":"LW601","rule":"hidden-test","path":"tests/test_hidden.py","line":19,"column":5,"severity":"error","message":"never runs: line 22 defines test_open again"}]}' ]
}

@test "it is content with a suite that has nothing wrong" {
	rm tests/test_hidden.py
	run lanewright audit
	code 0
	says "0 findings in 1 tests"
	run lanewright audit --format json
	code 0
	[ "$output" = '{"version":1,"findings":[]}' ]
}

@test "it takes severities from the config, and refuses rules that do not exist" {
	printf '[audit.rules]\nLW601 = "warning"\n' >>lanewright.toml
	run lanewright audit --format json
	code 1
	says '"severity":"warning"'
	printf 'LW609 = "off"\n' >>lanewright.toml
	run lanewright audit
	code 2
	says "lanewright.toml:4:1: there is no rule LW609; did you mean LW60"
}

@test "it keeps quiet where the source says so" {
	sed -i '6s/  #: LW601/  # lanewright: ignore[LW601] kept for the history/' tests/test_hidden.py
	[ "$(found)" = "tests/test_hidden.py:19 LW601" ]
	sed -i '19i\    # lanewright: ignore[LW102, LW601] a second one' tests/test_hidden.py
	[ "$(found)" = "" ]
	run lanewright audit
	code 0
	says "0 findings in 6 tests; 2 ignored"
}

@test "it keeps quiet for another rule's remark no more than for one a line too far" {
	sed -i '6s/  #: LW601/  # lanewright: ignore[LW602]/' tests/test_hidden.py
	sed -i '5i# lanewright: ignore[LW601] too far away' tests/test_hidden.py
	[ "$(found)" = "tests/test_hidden.py:7 LW601
tests/test_hidden.py:20 LW601" ]
}

@test "it keeps quiet in a whole file, and below a path of the config" {
	cp tests/test_hidden.py tests/test_second.py
	echo '# lanewright: ignore-file[LW601] generated' >>tests/test_second.py
	[ "$(found)" = "tests/test_hidden.py:6 LW601
tests/test_hidden.py:19 LW601" ]
	printf '[audit.ignore]\n"tests/test_h*" = ["LW601"]\n' >>lanewright.toml
	[ "$(found)" = "" ]
}

@test "it fails for new findings only, once the old ones are accepted" {
	run lanewright audit --write-baseline accepted.json
	code 0
	says "2 findings are accepted in accepted.json"
	sed -i '1i# a line more' tests/test_hidden.py
	run lanewright audit --baseline accepted.json
	code 0
	says "2 in the baseline"
	printf '\n\ndef test_other():\n    assert 2\n' >>tests/test_hidden.py
	[ "$(found --baseline accepted.json)" = "tests/test_hidden.py:11 LW601" ]
}

@test "it knows twins of an accepted finding apart" {
	lanewright audit --write-baseline accepted.json
	printf '\n\ndef test_total():  #: LW601\n    assert 4\n\n\ndef test_total():\n    assert 5\n' >>tests/test_hidden.py
	[ "$(found --baseline accepted.json | wc -l)" -eq 2 ]
}

@test "it refuses a baseline that is none" {
	run lanewright audit --baseline nowhere.json
	code 2
	says "there is no baseline nowhere.json"
	echo '{"version": 1, "findings": [{}]}' >bad.json
	run lanewright audit --baseline bad.json
	code 2
	says "bad.json: finding 1 has no fingerprint"
	echo '{' >bad.json
	run lanewright audit --baseline bad.json
	code 2
	says "bad.json:"
}

@test "it looks only at files that a change touches" {
	git init -q .
	git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m start
	git add .
	git -c user.name=a -c user.email=a@example.org commit -q -m all
	[ "$(found --changed HEAD)" = "" ]
	[ "$(found --changed HEAD~1 | wc -l)" -eq 2 ]
	cp tests/test_hidden.py tests/test_new.py
	[ "$(found --changed HEAD)" = "tests/test_new.py:6 LW601
tests/test_new.py:19 LW601" ]
	run lanewright audit --changed nothing-of-the-kind
	code 2
	says "git cannot tell what changed since 'nothing-of-the-kind'"
	run lanewright audit --changed --output=taken
	code 2
	[ ! -e taken ]
}

@test "it escapes what a name could say to the runner" {
	name=$'tests/test_a\n::error::b,c:d%0A.py'
	cp tests/test_hidden.py "$name"
	run lanewright audit --format github
	code 1
	says "::error file=tests/test_a%0A%3A%3Aerror%3A%3Ab%2Cc%3Ad%250A.py,line=6,col=1,title=LW601 hidden-test::never runs"
	[ "$(grep -c '^::error' <<<"$output")" -eq 4 ]
	never_says $'\n::error::b'
}

@test "it annotates ten of a kind, errors first, and says how many are left" {
	for i in 1 2 3 4 5 6 7; do cp tests/test_hidden.py "tests/test_copy_$i.py"; done
	echo 'LIMIT = 3' >tests/test_nothing.py
	run lanewright audit --format github
	code 1
	[ "$(grep -c '^::error' <<<"$output")" -eq 10 ]
	[[ ${lines[10]} == "::warning file=tests/test_nothing.py,line=1,"* ]]
	[ "${lines[11]}" = "11 of 17 findings are shown as annotations" ]
}

@test "it gives code hosts places and fingerprints that outlive shifted lines" {
	read_sarif() {
		lanewright audit --format sarif | python3 -c '
import json, sys
log = json.load(sys.stdin)
assert log["version"] == "2.1.0"
run = log["runs"][0]
for result in run["results"]:
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] and rule["help"]["text"]
    place = result["locations"][0]["physicalLocation"]
    print(place["artifactLocation"]["uri"], result["partialFingerprints"]["lanewright/v1"], file=sys.stdout)
    print(place["region"]["startLine"], file=sys.stderr)' 2>"$1"
	}
	mv tests/test_hidden.py "tests/test_ä b.py"
	before=$(read_sarif lines_before)
	[[ $before == "tests/test_%C3%A4%20b.py "* ]]
	sed -i '1i# a line more' "tests/test_ä b.py"
	[ "$(read_sarif lines_after)" = "$before" ]
	[ "$(cat lines_before)" = $'6\n19' ]
	[ "$(cat lines_after)" = $'7\n20' ]
}
