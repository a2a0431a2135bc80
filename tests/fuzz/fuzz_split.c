/* Any bytes as lanes and units: refused with a sentence and a line, or dealt out, and the checker agrees. */
#include <stdlib.h>
#include <string.h>

#include "partition/check.h"
#include "partition/solve.h"
#include "partition/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says how many shards; lanes, an empty line, units: or units alone. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena out;
	struct err err = {0};
	struct split split;
	struct solution solution;
	if (size < 1 || size > 4096)
		return 0;
	arena_init(&out, NULL);
	struct str text = {(const char *)data + 1, size - 1}, lanes;
	size_t cut = str_find(text, STR("\n\n"), 0);
	bool has_lanes = cut != SIZE_MAX;
	lanes = str_slice(text, 0, has_lanes ? cut + 1 : 0);
	text = str_slice(text, has_lanes ? cut + 2 : 0, text.n);
	bool ok = split_read(&out, &out, text, "units", has_lanes ? &lanes : NULL, "lanes", data[0], &split, &err);
	if (ok) {
		split.problem.ticks = 300000;
		ok = partition_solve(&out, &out, &split.problem, &solution, &err) &&
		     partition_check(&out, &split.problem, &solution, &err);
	}
	if (ok == (err.code != ERR_NONE) || (!ok && err.code != ERR_USAGE))
		abort();
	if (ok) {
		struct str lines = split_lines(&out, &out, &split, &solution),
		           stats = split_stats(&out, &split, &solution);
		size_t n = 0;
		for (size_t i = 0; i < lines.n; i++)
			n += lines.at[i] == '\n';
		if (n != split.problem.items.n || !stats.n)
			abort();
	}
	arena_free(&out);
	return 0;
}
