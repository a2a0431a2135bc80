/* Any bytes as a workflow that our jobs go into: refused, or every byte outside the block is as it was, and a second
 * time changes nothing. */
#include <stdlib.h>

#include "emit/into.h"

#define BLOCK STR("lane:\n  runs-on: x\n  steps:\n    - run: |\n        a\n\n        b\n")

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `added` is `file` with something put in: the bytes before and behind are those of the file. */
static bool only_adds(struct str file, struct str added)
{
	size_t head = 0, tail = 0;
	while (head < file.n && head < added.n && file.at[head] == added.at[head])
		head++;
	while (tail < file.n - head && file.at[file.n - 1 - tail] == added.at[added.n - 1 - tail])
		tail++;
	return head + tail == file.n;
}

static void check(enum into_kind kind, struct str file)
{
	struct arena out;
	struct into into = {.kind = kind, .path = "pr.yml"};
	struct str once, twice;
	struct err err = {0};
	arena_init(&out, NULL);
	bool ok = into_splice(&out, &into, file, BLOCK, &once, &err);
	if (ok == (err.code != ERR_NONE))
		abort();
	if (ok && (!into_splice(&out, &into, once, BLOCK, &twice, &err) || !str_eq(once, twice)))
		abort();
	if (ok && !str_has(file, STR("lanewright:")) && !only_adds(file, once))
		abort();
	arena_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str file = {(const char *)data, size};
	check(INTO_JOBS, file);
	check(INTO_LINES, file);
	return 0;
}
