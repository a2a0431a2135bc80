#!/usr/bin/env bats
# tools/layers finds an include that goes upward or across.

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p src/base src/model src/store src/emit src/cli
	echo '#include "base/str.h"' >src/model/plan.h
	echo '#include "model/plan.h"' >src/emit/make.c
}

layers() {
	"$SOURCE_DIR/tools/layers" "$BATS_TEST_TMPDIR"
}

refused() {
	run layers
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"$1"* ]]
}

@test "it is content with includes that go down" {
	run layers
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "it finds a floor that looks up" {
	printf '\n#include "model/plan.h"\n' >src/base/str.c
	refused 'src/base/str.c:2: base may not include "model/plan.h"'
}

@test "it finds two stages that know each other" {
	echo '#include "store/index.h"' >src/emit/lists.c
	refused 'src/emit/lists.c:1: emit may not include "store/index.h"'
}

@test "it finds a command that reaches past the public header" {
	echo '#include "model/plan.h"' >src/cli/cmd_plan.c
	refused 'cli may not include "model/plan.h"'
}

@test "it finds SQL outside the store" {
	echo '#include <sqlite3.h>' >src/emit/sql.c
	refused '<sqlite3.h> belongs to store'
}

@test "it finds a detour over .." {
	echo '#include "../store/index.h"' >src/emit/detour.c
	refused 'includes are written from src/'
}

@test "it finds a room nobody knows" {
	mkdir src/attic
	echo '#include "base/str.h"' >src/attic/old.c
	refused 'attic is no room'
}

@test "it does not take an empty tree for a clean one" {
	rm -r src
	run layers
	[ "$status" -ne 0 ]
}
