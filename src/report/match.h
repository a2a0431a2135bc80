/* Which test of the suite a case of a report is.
 *
 * Node ids are looked up as they are.  JUnit's dotted classname is cut at the longest prefix that is a known
 * file; what follows are the classes.  When the report was made under another root, the file is the only one
 * whose path ends like the reported one, or the other way round.  A case that is no known test is never
 * guessed: it is a miss with a reason. */
#ifndef REPORT_MATCH_H
#define REPORT_MATCH_H

#include "model/report.h"

enum match_answer {
	MATCH_OK,
	MATCH_NO_CLASSNAME, /* a collection error or a module's skip: not a test */
	MATCH_UNKNOWN_FILE,
	MATCH_AMBIGUOUS_FILE, /* several known files end like the reported path */
	MATCH_UNKNOWN_TEST,   /* in a known file */
};

/* What is known: both sorted by bytes (str_cmp), borrowed. */
struct match_known {
	const struct str *tests; /* ids, path::Class::func */
	size_t n_tests;
	const struct str *files; /* paths of the files with tests */
	size_t n_files;
	struct str root; /* prefix of the report's paths that ours lack, "" for none: "backend" */
};

struct matcher;

struct matcher *match_begin(struct arena *out, const struct match_known *known);
/* Sets *test to an index into known.tests when the answer is MATCH_OK. */
enum match_answer match_case(struct matcher *matcher, const struct report_case *one, size_t *test);
const char *match_reason(enum match_answer answer); /* "unknown file" */

#endif
