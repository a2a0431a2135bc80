#!/usr/bin/env bats
# What `cmake --install` puts down is complete: the program runs, the library links, from C and from C++.

setup_file() {
	export PREFIX=$BATS_FILE_TMPDIR/prefix
	cmake --install "$BUILD_DIR" --prefix "$PREFIX" >/dev/null
	# A library built under sanitizers wants its users built so too.
	FLAGS=$(sed -n 's/^CMAKE_C_FLAGS:STRING=//p' "$BUILD_DIR/CMakeCache.txt")
	export FLAGS PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig:$PREFIX/lib/x86_64-linux-gnu/pkgconfig
	cat >"$BATS_FILE_TMPDIR/user.c" <<-'C'
		#include <lanewright.h>
		#include <stdio.h>
		#include <string.h>

		int main(int argc, char **argv)
		{
			struct lanewright_options options;
			lanewright *lw;
			int status;
			size_t n = 0;
			memset(&options, 0, sizeof options);
			options.root = argc > 1 ? argv[1] : ".";
			status = lanewright_open(&lw, &options);
			if (status == LANEWRIGHT_OK)
				status = lanewright_collect(lw);
			if (status == LANEWRIGHT_OK)
				lanewright_tests(lw, &n);
			printf("%s %lu %s\n", lanewright_version(), (unsigned long)n, lanewright_error(lw));
			lanewright_close(lw);
			return status;
		}
	C
	cp "$BATS_FILE_TMPDIR/user.c" "$BATS_FILE_TMPDIR/user.cc"
	mkdir "$BATS_FILE_TMPDIR/suite"
	echo 'def test_one(): pass' >"$BATS_FILE_TMPDIR/suite/test_one.py"
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

build_and_run() {
	# shellcheck disable=SC2046,SC2086 # flags are words
	"$@" $FLAGS -Wall -Wextra -pedantic -Werror -o user $(pkg-config --cflags lanewright) \
		"$SOURCE" $(pkg-config --libs lanewright)
	run ./user suite
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *" 1 "* ]]
}

@test "the program says the version of the header" {
	version=$(sed -n 's/^#define LANEWRIGHT_VERSION "\(.*\)"$/\1/p' "$PREFIX/include/lanewright.h")
	run "$PREFIX/bin/lanewright" --version
	[ "$output" = "lanewright $version" ]
}

@test "a C program uses the library" {
	SOURCE=user.c build_and_run cc -std=c99
}

@test "a C++ program uses the library" {
	SOURCE=user.cc build_and_run c++ -std=c++17
}

@test "the man page reads without a complaint and names every command" {
	run man --warnings -E UTF-8 -l "$PREFIX/share/man/man1/lanewright.1"
	[ "$status" -eq 0 ]
	[[ $output != *warning* ]]
	for command in scan tests needs explain record plan emit check; do
		[[ $output == *"lanewright $command"* ]]
	done
}

@test "bash completes commands and options" {
	# shellcheck disable=SC1091
	source "$PREFIX/share/bash-completion/completions/lanewright"
	COMP_WORDS=(lanewright ne) COMP_CWORD=1
	_lanewright
	[ "${COMPREPLY[*]}" = needs ]
	COMP_WORDS=(lanewright needs --for) COMP_CWORD=2
	_lanewright
	[ "${COMPREPLY[*]}" = --format ]
}

@test "the completions for zsh and fish are there and not empty" {
	grep -q '^#compdef lanewright' "$PREFIX/share/zsh/site-functions/_lanewright"
	grep -q 'complete -c lanewright .*-a plan' "$PREFIX/share/fish/vendor_completions.d/lanewright.fish"
}
