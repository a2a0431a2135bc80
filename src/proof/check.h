/* Is the plan still valid for this tree?  Never a re-plan: a plan that would come out otherwise today is fine, a
 * plan that loses a test is not.  The engine reads the files and computes what they should be; this compares. */
#ifndef PROOF_CHECK_H
#define PROOF_CHECK_H

#include "model/needs.h"
#include "model/plan.h"

/* A file that was written from the plan: a list, a workflow, a make fragment. */
struct check_file {
	struct str path;
	struct str expected;
	struct str found; /* meaningless when missing */
	bool is_missing;
	struct str mend; /* the command that writes it: "lanewright emit lists" */
};

struct check_case {
	const struct plan *plan;
	VEC(struct plan_input) inputs; /* of this tree; those the plan does not know are not compared */
	VEC(struct check_file) lists;  /* by shard, in the plan's order */
	strs strays;                   /* lists of no shard, see list_stale */
	VEC(struct check_file) files;  /* emitted files */
	const struct repo *repo;       /* with suite and needs: */
	const struct suite *suite;     /* what pytest would collect */
	const struct needs *needs;     /* what it needs, in bits of the catalogue */
	const struct catalogue *catalogue;
	enum grade grade; /* [plan] grade */
};

struct check_finding {
	struct str path; /* the file it is about: a test's, a list's, plan.json */
	uint32_t line;   /* 0: the whole file */
	struct str text; /* a sentence, with what mends it */
};

typedef VEC(struct check_finding) check_findings;

/* Everything wrong, in the order inputs, lists, files, tests; empty when the plan is valid. */
check_findings check_plan(struct arena *out, const struct check_case *check);

#endif
