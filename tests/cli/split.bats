#!/usr/bin/env bats
# `split`: lines in, lines out.

load helper

@test "it deals lines to shards" {
	run bash -c 'printf "3\ta\n2\tb\n1\tc\n" | "$1" split --shards 2' _ "$LANEWRIGHT"
	code 0
	[ "${#lines[@]}" -eq 3 ]
	[ "$(printf '%s\n' "${lines[@]}" | cut -f2 | sort | tr -d '\n')" = abc ]
	a=$(printf '%s\n' "${lines[@]}" | awk -F'\t' '$2 == "a" {print $1}')
	b=$(printf '%s\n' "${lines[@]}" | awk -F'\t' '$2 == "b" {print $1}')
	c=$(printf '%s\n' "${lines[@]}" | awk -F'\t' '$2 == "c" {print $1}')
	[ "$b" = "$c" ] && [ "$a" != "$b" ]
}

@test "it writes its figures as JSON" {
	run bash -c 'printf "3\ta\n2\tb\n1\tc\n" | "$1" split --shards 2 --stats stats.json && python3 -c "import json; s = json.load(open(\"stats.json\")); print(s[\"makespan\"], s[\"bound\"], s[\"gap\"], s[\"optimal\"])"' _ "$LANEWRIGHT"
	code 0
	[ "${lines[-1]}" = "3 3 0 True" ] || [ "${lines[-1]}" = "3.0 3.0 0.0 True" ] || [ "${lines[-1]}" = "3.0 3.0 0 True" ]
}

@test "it keeps to the lanes that have what a unit needs" {
	printf '0\tpg\tpostgres\n0\tes\telasticsearch\n' >lanes
	run bash -c 'printf "3\ta\tpostgres\n2\tb\telasticsearch\n" | "$1" split --shards 2 --lanes lanes' _ "$LANEWRIGHT"
	code 0
	says "$(printf 'pg\ta')"
	says "$(printf 'es\tb')"
}

@test "it lets an either-or need run where either is" {
	printf '0\tpg\tpostgres\n0\tmy\tmysql\n' >lanes
	run bash -c 'printf "3\ta\tpostgres|mysql\n3\tb\tmysql\n" | "$1" split --shards 2 --lanes lanes' _ "$LANEWRIGHT"
	code 0
	says "$(printf 'pg\ta')"
	says "$(printf 'my\tb')"
}

# refuses LINES WORDS: exit 2 with these words, nothing on stdout.
refuses() {
	run bash -c 'printf "$2" | "$1" split --shards 2 2>&1 >dealt' _ "$LANEWRIGHT" "$1"
	code 2
	says "$2"
	[ ! -s dealt ]
}

@test "it names the line that is wrong" {
	refuses '3\ta\nmany\tb\n' "<stdin>:2"
	refuses '3\ta\n-1\tb\n' "<stdin>:2"
	refuses '3\ta\nnan\tb\n' "<stdin>:2"
	refuses '3\ta\n1e30\tb\n' "<stdin>:2"
	refuses '3\ta\n9223372036854775.808\tb\n' "<stdin>:2"
	refuses '3\ta\n4\n' "<stdin>:2"
}

@test "it refuses an id that comes twice" {
	refuses '3\ta\n2\tb\n1\ta\n' "<stdin>:3"
}

@test "it refuses sums that cannot be counted" {
	refuses '30000000000000\ta\n30000000000000\tb\n' "more than"
}

@test "it refuses to place nothing" {
	refuses '' "no units"
}

@test "it names the line of a need that no lane covers" {
	printf '0\tpg\tpostgres\n' >lanes
	run bash -c 'printf "3\ta\tpostgres\n3\tb\tmysql\n" | "$1" split --shards 2 --lanes lanes' _ "$LANEWRIGHT"
	code 2
	says "<stdin>:2"
	says "mysql"
}

@test "it uses no more shards than there are units" {
	run bash -c 'printf "3\ta\n2\tb\n" | "$1" split --shards 7' _ "$LANEWRIGHT"
	code 0
	[ "$(cut -f1 <<<"$output" | sort -u | wc -l)" -eq 2 ]
}

@test "it wants to know how many" {
	run bash -c '"$1" split </dev/null' _ "$LANEWRIGHT"
	code 2
	says "--shards N"
}

@test "it says that the stats cannot be written" {
	run bash -c 'printf "3\ta\n" | "$1" split --shards 1 --stats /proc/nowhere/stats' _ "$LANEWRIGHT"
	code 3
	says "/proc/nowhere"
}
