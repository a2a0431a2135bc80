/* The Python files of a tree with their facts: the input of everything that infers. */
#ifndef MODEL_REPO_H
#define MODEL_REPO_H

#include "model/facts.h"

struct source_file {
	struct str path;              /* relative to the root, with / */
	uint64_t size;                /* bytes */
	uint64_t hash_high, hash_low; /* of its content, XXH3-128 */
	bool is_test;                 /* matches python_files and lies under the test paths: pytest would collect it */
	bool is_conftest;
	bool is_unreadable; /* facts are empty; a finding says why */
	struct facts facts; /* names are of repo.names */
};

/* A place in code that a pattern of the config matches. */
struct pattern_hit {
	uint32_t file, line;
	uint32_t service; /* of the catalogue */
	struct str text;  /* what matched */
};

struct repo {
	struct str root;               /* absolute, for reading files again to quote them */
	struct intern *names;          /* every name in every facts */
	VEC(struct source_file) files; /* sorted by path bytes */
	VEC(struct pattern_hit) hits;  /* by file, then line; none without patterns in the config */
};

/* The file at that path, or NULL. */
const struct source_file *repo_file(const struct repo *repo, struct str path);

#endif
