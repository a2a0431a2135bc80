/* The bounds of a suite: which folders are entered at all, and which files pytest would collect.  They differ,
 * since a module in `build/` is not collected but may be imported by a test. */
#ifndef SCAN_BOUNDS_H
#define SCAN_BOUNDS_H

#include "base/str.h"
#include "model/config.h"

/* A wildcard pattern; what it begins and ends with tells most names apart before it is asked itself. */
struct name_pattern {
	struct str text;
	struct str head, tail; /* before the first wildcard, behind the last */
	bool is_of_path;       /* it has a slash: it is for absolute paths, else for names */
	bool is_plain;         /* no wildcard: head is all of it */
	bool is_one_star;      /* a `*` between head and tail is all of it */
};

typedef VEC(struct name_pattern) name_patterns;

struct bounds {
	struct str root; /* absolute */
	strs starts;     /* where collection begins, relative to the root, wildcards allowed */
	strs wanted;     /* folders that are entered whatever they are called */
	name_patterns python_files, norecursedirs;
	strs ignore, ignore_glob; /* relative to the root */
};

void bounds_make(struct bounds *bounds, struct arena *out, struct str root, const struct config *config,
                 const struct pytest_config *pytest);
/* Whether the walk goes into that folder.  `holds_venv`: it is the top of a virtual environment. */
bool bounds_enter(const struct bounds *bounds, struct arena *tmp, struct str dir, bool holds_venv);
/* Whether pytest, given its arguments, looks for tests in a folder; `above`: in the one around it. */
bool bounds_collect_dir(const struct bounds *bounds, struct arena *tmp, struct str dir, bool above);
/* Whether it collects a file of a folder in which it looks or does not. */
bool bounds_collect_file(const struct bounds *bounds, struct arena *tmp, struct str path, bool looks);
/* Python's glob: `*` stays in one component, `**` is any number of them. */
bool bounds_glob(struct str pattern, struct str path);

#endif
