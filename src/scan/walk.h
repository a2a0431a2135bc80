/* The Python files of a tree, found by several threads, in the order of their paths. */
#ifndef SCAN_WALK_H
#define SCAN_WALK_H

#include "scan/below.h"
#include "scan/bounds.h"
#include "scan/crew.h"
#include "scan/scan.h"
#include "store/index_stat.h"

struct found {
	struct index_entry now; /* its path; the rest as far as is known */
	bool has_stat;
	bool is_link;
	bool is_test, is_conftest;
	const char *trouble; /* why it cannot be read, or NULL */
};

struct found_list {
	struct found **at;
	size_t n;
};

enum {
	WALK_KEPT = 128,         /* open folders kept for what is below them */
	WALK_PATH_LONGEST = 4000 /* bytes; the kernel takes 4,095, and pytest would not get there either */
};

struct dir;

/* One thread's own. */
struct walk_part {
	char *buffer; /* of directory entries */
	scan_findings findings;
};

struct walk {
	const struct below *below;
	const struct bounds *bounds;
	bool wants_stat; /* look at each file: only where there is an index to compare with */
	struct crew crew;
	struct dir *top;
	struct dir *waiting; /* not yet entered; last in, first out */
	unsigned busy;       /* threads that may add to it */
	struct dir *kept[WALK_KEPT];
	size_t n_files;
	struct walk_part *parts; /* by worker */
	struct arena tmp;        /* of the caller's thread */
};

/* Starts all threads but the caller's own, who joins in walk_finish. */
void walk_start(struct walk *walk, struct arena *out, unsigned jobs);
bool walk_finish(struct walk *walk, struct arena *out, struct found_list *files, scan_findings *findings,
                 struct err *err);
/* After a trap, or when the result is not wanted any more; may be called at any time. */
void walk_abandon(struct walk *walk, struct arena *out);

void found_set_stat(struct found *file, const struct stat *st);
/* The errno of a failed look, as trouble of the one file; NULL when it is trouble of the whole scan. */
const char *walk_trouble(int why);

#endif
