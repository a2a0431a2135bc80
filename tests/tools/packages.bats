#!/usr/bin/env bats
# What the tools do about packages that are missing, as somebody who may not install any.

setup() {
	command -v dpkg-query >/dev/null || skip "no Debian system"
	AS=()
	if [ "$(id -u)" -eq 0 ]; then
		AS=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	elif sudo -n true 2>/dev/null; then
		skip "this user may install"
	fi
}

# The script comes as an open file: nobody may not enter every folder.
ensure() {
	cd /
	run "${AS[@]}" bash -euo pipefail -c 'source /dev/stdin; ensure_packages "$@"; echo went on' - "$@" \
		<"$SOURCE_DIR/tools/common.sh"
	echo "$output"
}

@test "it goes on when nothing is missing" {
	ensure bash coreutils
	[ "$status" -eq 0 ]
	[ "$output" = "went on" ]
}

@test "it hands over one line and exits with 3 when something is" {
	ensure bash no-such-package coreutils another-missing-one
	[ "$status" -eq 3 ]
	[[ $output != *"went on"* ]]
	[ "$(grep -c 'apt-get install' <<<"$output")" -eq 1 ]
	grep -qx ' *apt-get install another-missing-one no-such-package' <<<"$output"
}
