#!/usr/bin/env bats
# What the tools do about packages that are missing, as somebody who may not install any.

setup() {
	command -v dpkg-query >/dev/null || skip "no Debian system"
	AS=()
	if [ "$(id -u)" -eq 0 ]; then
		cp "$SOURCE_DIR/tools/common.sh" "$BATS_TEST_TMPDIR/"
		chmod -R a+rX "$BATS_TEST_TMPDIR"
		AS=(setpriv --reuid 65534 --regid 65534 --clear-groups)
		"${AS[@]}" test -r "$BATS_TEST_TMPDIR/common.sh" || skip "nobody may not read $BATS_TEST_TMPDIR"
	elif sudo -n true 2>/dev/null; then
		skip "this user may install"
	else
		cp "$SOURCE_DIR/tools/common.sh" "$BATS_TEST_TMPDIR/"
	fi
}

ensure() {
	run "${AS[@]}" bash -euo pipefail -c 'source "$1/common.sh"; shift; ensure_packages "$@"; echo went on' \
		- "$BATS_TEST_TMPDIR" "$@"
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
