/* The Python files of a tree: the input of everything that infers.  What the index keeps of a file is there; its facts
 * are read when somebody asks for them, once. */
#ifndef MODEL_REPO_H
#define MODEL_REPO_H

#include "base/err.h"
#include "model/facts.h"
#include "model/survey.h"

struct source_file {
	struct str path;              /* relative to the root, with /; a NUL follows it */
	uint64_t size;                /* bytes */
	uint64_t hash_high, hash_low; /* of its content, XXH3-128 */
	bool is_test;                 /* matches python_files and lies under the test paths: pytest would collect it */
	bool is_conftest;
	bool is_unreadable; /* facts are empty; a finding says why */
	struct str survey;  /* model/survey.h; "" of an unreadable file, and where nobody asked for surveys */
};

/* A place in code that a pattern of the config matches. */
struct pattern_hit {
	uint32_t file, line;
	uint32_t service; /* of the catalogue */
	struct str text;  /* what matched */
};

/* Who reads facts; whoever makes a repo knows how. */
struct repo_reader {
	/* Names are of repo.names.  Never fails: it notes in `err` what it could not read, and gives empty facts. */
	const struct facts *(*read)(struct repo_reader *reader, uint32_t file);
	struct err err; /* the first trouble */
};

struct repo {
	struct str root;               /* absolute, for reading files again to quote them */
	struct intern *names;          /* every name in every facts */
	VEC(struct source_file) files; /* sorted by path bytes */
	const struct facts **facts;    /* by file; NULL until asked for */
	struct repo_reader *reader;
	VEC(struct pattern_hit) hits; /* by file, then line; none without patterns in the config */
};

/* The file at that path, or NULL. */
const struct source_file *repo_file(const struct repo *repo, struct str path);
const struct facts *repo_facts(const struct repo *repo, uint32_t file);
/* Fails when facts could not be read: whatever was inferred from them is worth nothing. */
bool repo_is_whole(const struct repo *repo, struct err *err);

#endif
