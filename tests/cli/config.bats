#!/usr/bin/env bats
# A config that is wrong: the place, what is wrong, the nearest right name, exit 2.

load helper

@test "it names the place of an unknown key and the nearest one" {
	printf '[plan]\noverhed = 3\n' >>lanewright.toml
	run lanewright needs
	code 2
	says "lanewright.toml:"
	says "overhead"
}

@test "it names the service nearest to one that does not exist" {
	sed -i 's/services = \["redis"\]/services = ["rediss"]/' lanewright.toml
	run lanewright scan
	code 2
	says "lanewright.toml:8:"
	says "redis"
}

@test "it names the place of a wrong type" {
	printf '[plan]\noverhead = "long"\n' >>lanewright.toml
	run lanewright scan
	code 2
	says "lanewright.toml:13:"
}

@test "it names the place where TOML ends to be TOML" {
	printf 'lanes = = 3\n' >>lanewright.toml
	run lanewright scan
	code 2
	says "lanewright.toml:12:"
}

@test "it says that the config named is not there" {
	run lanewright --config missing.toml scan
	[ "$status" -ge 2 ]
	says "missing.toml"
}

@test "it works without any config" {
	rm lanewright.toml
	run lanewright needs --format csv
	code 0
	says "postgres"
}
