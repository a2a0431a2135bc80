/* The tests of a repo as pytest would collect them, and what each asks for: the result of resolve/collect. */
#ifndef MODEL_SUITE_H
#define MODEL_SUITE_H

#include "model/repo.h"

/* A definition somewhere in the repo. */
struct def_ref {
	uint32_t file; /* index into repo.files */
	uint32_t def;  /* index into its facts.defs */
};

#define REF_NOWHERE UINT32_MAX /* .file of a def_ref that points nowhere */

enum unknown_kind {
	UNKNOWN_GENERATED,       /* globals()[...] =, exec, type(...) */
	UNKNOWN_HOOK,            /* a conftest or plugin hook that can add or remove tests */
	UNKNOWN_PARAMETRIZE,     /* arguments are not literal: ids are approximate, nothing else */
	UNKNOWN_BASE,            /* a base class is not in the tree */
	UNKNOWN_STAR_IMPORT,     /* from an unresolved module */
	UNKNOWN_DECORATOR,       /* of unknown origin around a test */
	UNKNOWN_CONDITION,       /* defined only under a condition */
	UNKNOWN_MODULE_SKIP,     /* module-level skip or importorskip: the file may collect nothing */
	UNKNOWN_FIXTURE,         /* requested, found nowhere: an external plugin's */
	UNKNOWN_DYNAMIC_FIXTURE, /* getfixturevalue(not a literal) */
	UNKNOWN_IGNORE,          /* collect_ignore that is not literal */
	UNKNOWN_PLUGIN,          /* pytest_plugins that is not literal */
	UNKNOWN_SYNTAX,          /* the file could not be read whole */
};

struct unknown {
	uint8_t kind;    /* enum unknown_kind */
	bool adds_tests; /* could add, remove or rename tests (not only their ids' brackets) */
	uint32_t file, line;
	name text; /* the construct, short */
};

struct mark {
	name name;           /* 0: a decorator of the tree */
	uint32_t file, expr; /* the mark expression: a call or an attribute */
	uint32_t owner;      /* the def in whose scope it is written */
	bool is_opaque;      /* name 0: a decorator of the tree that may give marks or parameters */
	uint32_t line;
};

struct fixture {
	struct def_ref def; /* the function; file REF_NOWHERE for a plugin's */
	name name;          /* as requested: `name=` wins */
	name scope;         /* "function" unless said; "" when not literal */
	bool is_autouse;
	bool is_external; /* of a known plugin or unresolved */
	bool is_parametrized;
	uint32_t line;
};

struct test {
	uint32_t file;         /* in which it is collected */
	struct def_ref def;    /* where the function is written: another file for inherited and imported tests */
	struct def_ref class_; /* collected under this class, REF_NOWHERE for a plain function */
	struct str id;         /* path::Class::func, without parameters */
	uint32_t line;
	bool is_exact;         /* pytest collects this id */
	bool are_params_exact; /* and in its brackets just `params`, or no brackets when there are none */
	bool is_unittest;
	bool is_dead;           /* skipped without a condition */
	uint32_t n_params;      /* cases; 1 without parametrize; a lower bound when not exact */
	strs params;            /* exact bracket contents in pytest's order when known, else empty */
	VEC(struct mark) marks; /* own first, then class, then module: pytest's iter_markers order */
	VEC(uint32_t) fixtures; /* indices into suite.fixtures: the closure, autouse first */
	VEC(uint32_t) dynamic;  /* those of them that are there for a getfixturevalue("x") only, which may not be run */
	VEC(struct unknown) unknowns;
};

/* A file without a test that we can name, which may collect some all the same: it is placed whole. */
struct hiding {
	uint32_t file;
	struct unknown why;     /* the first that could bring tests */
	VEC(uint32_t) fixtures; /* those that every test in it would get */
};

struct suite {
	VEC(struct test) tests;       /* by file, then in pytest's order within it */
	VEC(struct fixture) fixtures; /* every definition found */
	VEC(struct unknown) unknowns; /* of whole files and folders */
	/* For each repo file, the range of tests collected in it. */
	uint32_t *first_test;      /* repo.files.n + 1 entries */
	bool *file_is_exact;       /* repo.files.n: nothing in it or above it could add or remove a test */
	VEC(struct hiding) hiding; /* by file */
};

const char *unknown_name(enum unknown_kind kind);
/* Whether the file is one of suite.hiding. */
bool suite_hides(const struct suite *suite, uint32_t file);

#endif
