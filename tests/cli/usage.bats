#!/usr/bin/env bats
# The command line itself: help, version, and every way to say it wrong.

load helper

@test "it says its version" {
	run lanewright --version
	code 0
	[[ $output =~ ^lanewright\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "it lists its commands" {
	run lanewright --help
	code 0
	says "scan"
	says "explain"
	says "--color"
}

@test "it explains one command" {
	run lanewright needs --help
	code 0
	says "usage: lanewright needs"
	says "--format"
}

@test "it says that a command is missing" {
	run lanewright
	code 2
	says "lanewright --help"
}

@test "it names the command nearest to an unknown one" {
	run lanewright tets
	code 2
	says "unknown command 'tets'; did you mean 'tests'?"
	[ "${#lines[@]}" -eq 1 ]
}

@test "it does not guess at a word that is near to nothing" {
	run lanewright frobnicate
	code 2
	says "unknown command 'frobnicate'"
	never_says "did you mean"
}

@test "it names the option nearest to an unknown one" {
	run lanewright needs --fromat csv
	code 2
	says "unknown option --fromat; did you mean --format?"
	[ "${#lines[@]}" -eq 1 ]
}

@test "it refuses an unknown global option" {
	run lanewright --verbose scan
	code 2
	says "unknown option --verbose"
}

@test "it says that an option needs a value" {
	run lanewright needs --format
	code 2
	says "--format needs a value"
}

@test "it refuses a value that is none of the choices" {
	run lanewright needs --format yaml
	code 2
	says "--format takes one of: text csv json; not 'yaml'"
}

@test "it says that an argument is missing" {
	run lanewright explain
	code 2
	says "PATH[::TEST] [SERVICE]"
}

@test "it refuses an argument too many" {
	run lanewright scan here
	code 2
	says "does not know what to do with 'here'"
}

@test "it refuses jobs that are no number" {
	run lanewright --jobs many scan
	code 2
	says "--jobs takes a whole number"
	run lanewright scan --jobs 0
	code 2
}

@test "it refuses a color that is none" {
	run lanewright --color purple scan
	code 2
	says "--color takes auto, always or never"
}

@test "it says that a folder cannot be entered" {
	run lanewright -C nowhere scan
	code 2
	says "cannot enter nowhere: No such file or directory"
}

@test "it takes global options before and after the command" {
	run lanewright --color never tests
	code 0
	before=$output
	run lanewright tests --color never
	code 0
	[ "$output" = "$before" ]
}

@test "it notices that stdout is closed" {
	run bash -c '"$1" --version >&-' _ "$LANEWRIGHT"
	code 3
	says "cannot write the output"
}

@test "it notices that stdout is full" {
	[ -e /dev/full ] || skip "there is no /dev/full"
	run bash -c '"$1" --help >/dev/full' _ "$LANEWRIGHT"
	code 3
	says "cannot write the output: No space left on device"
}

@test "it ends with trouble but quietly when its reader goes away" {
	run bash -c '{ sleep 0.2; "$1" --help; echo "code $?" >&2; } | true' _ "$LANEWRIGHT"
	[ "$output" = "code 3" ]
}

@test "it writes a man page without complaints" {
	run bash -c '"$1" --generate man | man -l --warnings - 2>&1 >/dev/null' _ "$LANEWRIGHT"
	command -v man >/dev/null || skip "there is no man"
	[ -z "$output" ]
}

@test "it writes completions that bash can read" {
	run bash -c 'source <("$1" --generate bash) && COMP_WORDS=(lanewright ex) COMP_CWORD=1 && _lanewright && echo "${COMPREPLY[*]}"' _ "$LANEWRIGHT"
	code 0
	[ "$output" = explain ]
}

@test "it completes the values of an option" {
	run bash -c 'source <("$1" --generate bash) && COMP_WORDS=(lanewright needs --format j) COMP_CWORD=3 && _lanewright && echo "${COMPREPLY[*]}"' _ "$LANEWRIGHT"
	code 0
	[ "$output" = json ]
}

@test "it writes completions for zsh and fish that name each command and the words of an option" {
	for shell in zsh fish; do
		"$LANEWRIGHT" --generate "$shell" >"$shell"
		for command in init scan tests needs explain audit record history estimate forecast plan emit check prove run query split; do
			grep -qE "('|-a )$command(:| |$)" "$shell"
		done
		grep -q "auto always never" "$shell"
		grep -q "sarif" "$shell"
	done
	if command -v zsh >/dev/null; then zsh -n zsh; fi
	if command -v fish >/dev/null; then fish -n fish; fi
}
