#!/usr/bin/env bats
# What was inferred is kept for the next command, and worth nothing once anything has changed that it was inferred from.

load helper

KEPT=.lanewright/verdicts.bin

# Whether a command infers anew: it then leaves a new file.
infers() {
	local before after
	before=$(stat -c %i-%y $KEPT)
	lanewright needs >/dev/null
	after=$(stat -c %i-%y $KEPT)
	[ "$before" != "$after" ]
}

# All that is inferred, here and in a copy that has nothing kept.
answers() {
	lanewright -C "$1" tests --format json && lanewright -C "$1" needs --tests --format csv && lanewright -C "$1" needs --format json
}

same_as_cold() {
	rm -rf ../cold && cp -r . ../cold && rm -rf ../cold/.lanewright
	diff <(answers .) <(answers ../cold)
	rm -rf ../cold
}

@test "it infers once" {
	lanewright needs
	[ -f $KEPT ]
	run infers
	code 1
	same_as_cold
	touch tests/db/*.py
	run infers
	code 1
}

@test "it infers anew after any change of what it was inferred from, and only then" {
	changes=(
		"echo 'def test_more(): pass' >>tests/unit/test_sums.py"
		"echo 'import pytest' >>tests/conftest.py"
		"echo 'def test_new(): pass' >tests/unit/test_new.py"
		"rm tests/unit/test_new.py"
		"mv tests/unit/test_sums.py tests/unit/test_sum.py"
		"mkdir -p src && echo 'x = 1' >src/unrelated.py"
		"printf '\n[services.mongodb]\n' >>lanewright.toml"
		"echo 'python_functions = test check' >>pytest.ini"
		"echo 'python_functions = test' >pytest.ini; printf '[pytest]\ntestpaths = tests\nmarkers = slow\n' >pytest.ini"
		"printf 'services:\n  store:\n    image: postgres:16\n    ports: [\"5499:5432\"]\n' >docker-compose.yml"
	)
	lanewright needs
	for change in "${changes[@]}"; do
		run infers
		code 1
		sleep 0.02
		eval "$change"
		run infers
		if [ "$status" -ne 0 ]; then
			echo "not after: $change"
			return 1
		fi
		same_as_cold
	done
}

@test "it does without what is kept when that is damaged, cut short or another's" {
	lanewright needs --tests --format csv >../whole
	for damage in "printf X | dd of=$KEPT bs=1 seek=100 conv=notrunc status=none" "truncate -s 50 $KEPT" ": >$KEPT" "rm $KEPT; ln -s /etc/passwd $KEPT" "rm $KEPT; mkdir $KEPT"; do
		eval "$damage"
		run lanewright needs --tests --format csv
		code 0
		diff <(echo "$output") ../whole
		[ ! -d $KEPT ] || rmdir $KEPT
	done
}

@test "it plans, checks and explains from what is kept as from the source" {
	lanewright plan --format json >../cold.json
	rm -r .lanewright/plan.json .lanewright/shards
	run infers
	code 1
	lanewright plan --format json | diff - ../cold.json
	lanewright check
	id=$(lanewright tests --format ids | head -1)
	lanewright explain "$id" >../warm
	rm $KEPT
	lanewright explain "$id" | diff - ../warm
}
