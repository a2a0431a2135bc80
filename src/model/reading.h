/* A repo, and a note of whose facts were asked for while somebody worked with it.
 *
 * What was inferred from nothing but a reading's repo is good for as long as the files it notes are the same: facts come
 * through one door, and this is it.  So the repo has no surveys: what they say of every file is asked of the tree as a
 * whole, by those who are given it. */
#ifndef MODEL_READING_H
#define MODEL_READING_H

#include "model/repo.h"

typedef VEC(uint32_t) file_list;

bool file_lists_eq(const file_list *a, const file_list *b);

struct reading {
	struct repo_reader reader; /* first: a pointer to it is one to all */
	struct repo repo;          /* hand this on; it may not outlive the reading, which may not be moved */
	const struct repo *below;
	struct arena *out;
	file_list files; /* those read, each once; lives in `out` */
};

/* The files of `below` without their surveys, for any number of readings. */
struct repo reading_ground(struct arena *out, const struct repo *below);
/* `files` is what an earlier reading of the same work has noted, or none; `tmp` holds what the reading itself needs. */
void reading_begin(struct reading *reading, struct arena *out, struct arena *tmp, const struct repo *ground,
                   file_list files);

#endif
