#!/usr/bin/env bash
# What tools/demo and tools/test share: finding what is missing, installing it, building.  Sourced by bash.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export LC_ALL=C.UTF-8

# shellcheck disable=SC2034 # for those who source this
BUILD_PACKAGES=(build-essential cmake ninja-build pkg-config libsqlite3-dev libpcre2-dev libpopt-dev libjansson-dev
	libexpat1-dev libyaml-dev libinih-dev libtomlplusplus-dev libxxhash-dev libmd-dev)
# shellcheck disable=SC2034
TEST_PACKAGES=(libcmocka-dev bats bmake git jq kati make man-db python3 python3-coverage python3-pip python3-pytest python3-yaml
	rsync util-linux)

say() {
	printf '\n== %s\n' "$*"
}

# Any Node of version 18 or later will do, with its npm; else Debian's.
node_packages() {
	if ! node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null || ! command -v npm >/dev/null; then
		echo nodejs npm
	fi
}

# Those of the packages named that are not installed.
missing_packages() {
	local installed
	installed=$({ dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true; } | # fails for an unknown one
		sed -n 's/ installed$//p')
	comm -23 <(printf '%s\n' "$@" | sort) <(sort <<<"$installed")
}

apt_install() { # [sudo]
	say "installing ${missing[*]}"
	local apt=("$@" apt-get -o DPkg::Lock::Timeout=300 -y)
	"${apt[@]}" -qq update || echo "apt-get update failed; trying with the lists there are" >&2
	DEBIAN_FRONTEND=noninteractive "${apt[@]}" -qq install --no-install-recommends "${missing[@]}"
}

# Installs what is missing of the packages named.  An ordinary user without sudo is told what to ask for: exit 3.
ensure_packages() {
	local missing words
	if ! command -v dpkg-query >/dev/null; then
		echo "not a Debian system: taking it that these are there, under whatever name: $*" >&2
		return 0
	fi
	words=$(missing_packages "$@")
	[ -n "$words" ] || return 0
	mapfile -t missing <<<"$words"
	if [ "$(id -u)" -eq 0 ]; then
		apt_install
	elif sudo -n true 2>/dev/null; then
		apt_install sudo
	else
		printf '%s\n' "These Debian packages are missing, and installing them needs root.  Hand this line to an administrator:" \
			"" "    apt-get install ${missing[*]}" "" >&2
		exit 3
	fi
}

# The programs our tests judge the output with: npm and pip packages, in build/clients only.
ensure_clients() {
	say "the test clients, in build/clients"
	"$ROOT/tests/validators/install.sh" "$ROOT/build/clients"
}

# build_preset PRESET [CMAKE ARGUMENTS]: configures when needed and builds, quietly unless it fails.
build_preset() {
	local preset=$1 log=$ROOT/build/$1.log
	shift
	mkdir -p "$ROOT/build"
	say "building the preset $preset (log: build/$preset.log)"
	if ! { cmake -S "$ROOT" --preset "$preset" "$@" && cmake --build "$ROOT/build/$preset"; } >"$log" 2>&1; then
		grep -E 'error|warning|FAILED|CMake Error|apt-get' -A 5 "$log" >&2 || tail -50 "$log" >&2
		echo "the build failed; the whole log is $log" >&2
		exit 1
	fi
}
