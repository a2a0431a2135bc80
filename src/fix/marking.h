/* Which markers come and go, where, for `-m` to select what the plan places: the plan of `audit --fix`. */
#ifndef FIX_MARKING_H
#define FIX_MARKING_H

#include "audit/audit.h"

/* What changes in one scope: a module (def 0), a class or a function. */
struct scope_change {
	uint32_t file, def;
	strs add;              /* names of markers, sorted */
	VEC(uint32_t) removed; /* exprs of marks: decorators of the def, or in the scope's pytestmark */
};

typedef VEC(struct scope_change) change_list; /* sorted by file, then def */

/* What a person must do, since it cannot be done safely. */
struct refusal {
	struct str path;
	uint32_t line;
	struct str text;
	uint32_t n_more; /* places of the file of which it is true too */
};

typedef VEC(struct refusal) refusal_list; /* sorted by path, line, text */

struct marking {
	change_list changes;
	refusal_list refusals;
	service_set judged; /* services whose markers this is about */
	service_set *after; /* by test: those of them that its markers declare in the end */
	strs unregistered; /* markers that stand on tests then, and that nobody registers: "requires_redis: needs redis" */
};

/* `changed`: paths that may be written, NULL for all.  Lives in `out`. */
struct marking fix_marking(struct arena *out, struct arena *tmp, const struct audit_case *it, const strs *changed);
/* Whether the tests read from the changed files carry what the marking says; false with the first that does not.  Tests
 * that touch a file of `left_out` are not asked. */
bool fix_check(const struct audit_case *before, const struct repo *repo, const struct suite *after,
               const struct marking *marking, const bool *left_out, uint32_t *test);
/* Adds a refusal, or counts it with the one that says the same of the same file. */
void fix_refuse(struct arena *out, refusal_list *list, struct refusal refusal);

#endif
