#!/usr/bin/env bats
# No verdict depends on the order of files in their folder, on the number of threads or on the locale.

load helper

# The files of the example suite, laid out in the order of `sort "$@"`; folders are as the file system likes.
copied() {
	(cd "$SOURCE_DIR/corpus/shop" && find . -type f -not -path './.lanewright/*' | LC_ALL=C sort "$@") |
		while IFS= read -r file; do
			install -D "$SOURCE_DIR/corpus/shop/$file" "./$file"
		done
}

verdicts() {
	rm -rf .lanewright
	lanewright needs --tests --format json "$@"
}

@test "it gives the same verdicts in any order of files, on any number of threads, in any locale" {
	mkdir "$BATS_TEST_TMPDIR/up" "$BATS_TEST_TMPDIR/down" "$BATS_TEST_TMPDIR/mixed"
	cd "$BATS_TEST_TMPDIR/up" && copied
	verdicts --jobs 1 >../first
	[ "$(grep -c requires ../first)" -gt 0 ]
	cd ../down && copied -r
	verdicts --jobs 1 | cmp - ../first
	cd ../mixed && copied -R
	verdicts --jobs 1 | cmp - ../first
	for jobs in 2 4 7; do
		verdicts --jobs "$jobs" | cmp - ../first
	done
	for locale in C C.UTF-8 tr_TR.UTF-8 de_DE.UTF-8 POSIX; do
		LC_ALL=$locale verdicts | cmp - ../first
		LANG=$locale LC_COLLATE=$locale verdicts | cmp - ../first
	done
}
