/* A reader in front of the reader.  A file that an earlier reading noted is noted once. */
#include "model/reading.h"

#include <string.h>

static bool has(const struct reading *reading, uint32_t file)
{
	for (size_t i = 0; i < reading->files.n; i++)
		if (reading->files.at[i] == file)
			return true;
	return false;
}

static const struct facts *read_and_note(struct repo_reader *reader, uint32_t file)
{
	struct reading *reading = (struct reading *)reader;
	if (!has(reading, file))
		vec_push(reading->out, &reading->files, file);
	return repo_facts(reading->below, file);
}

bool file_lists_eq(const file_list *a, const file_list *b)
{
	return a->n == b->n && (!a->n || memcmp(a->at, b->at, a->n * sizeof *a->at) == 0);
}

struct repo reading_ground(struct arena *out, const struct repo *below)
{
	struct repo ground = *below;
	ground.files.at = arena_array(out, struct source_file, below->files.n + 1);
	if (below->files.n)
		memcpy(ground.files.at, below->files.at, below->files.n * sizeof *ground.files.at);
	for (size_t i = 0; i < below->files.n; i++)
		ground.files.at[i].survey = STR_NONE;
	return ground;
}

void reading_begin(struct reading *reading, struct arena *out, struct arena *tmp, const struct repo *ground,
                   file_list files)
{
	*reading = (struct reading){.reader = {.read = read_and_note}, .repo = *ground, .below = ground, .out = out};
	reading->files = files;
	reading->repo.reader = &reading->reader;
	reading->repo.facts = arena_array(tmp, const struct facts *, ground->files.n + 1);
}
