/* What the rules share: the case at hand, ways to look into it, and the list of what was found. */
#ifndef AUDIT_ROOM_H
#define AUDIT_ROOM_H

#include "audit/audit.h"
#include "base/map.h"

struct audit {
	struct arena *out, *tmp;
	const struct audit_case *it;
	uint32_t rule; /* the one that runs */
	finding_list *found;
	service_set *shown;    /* by test: single services shown to be needed, marks aside */
	service_set *sure;     /* of those, what is required, or stands in the code of the tests themselves */
	service_set *declared; /* by test: services whose configured marker it carries */
};

struct facts;

/* Looks at every test once; `rule` and `found` are the caller's. */
struct audit audit_begin(struct arena *out, struct arena *tmp, const struct audit_case *it);

const struct facts *audit_facts(const struct audit *a, uint32_t file);
struct str audit_text(const struct audit *a, name n);
struct str audit_path(const struct audit *a, uint32_t file);
const struct service *audit_service(const struct audit *a, unsigned index);
/* Whether its marker is judged: the config names one, and the service is not on every lane. */
bool audit_has_marker(const struct audit *a, unsigned service);
struct str audit_names(const struct audit *a, service_set set); /* "postgres, redis" */
static inline const struct expr *audit_expr(const struct facts *facts, uint32_t index)
{
	return &facts->exprs.at[index];
}

/* The dotted name of a chain of attributes, "" when it is none. */
struct str audit_dotted(const struct audit *a, const struct facts *facts, uint32_t expr);
/* `a.b.c` with `a` replaced by what this file imports under that name: "from redis import Redis as R", R.from_url ->
 * redis.Redis.from_url.  As written when it is not imported. */
struct str audit_imported(const struct audit *a, const struct facts *facts, uint32_t expr);
/* The value of a keyword of a call, 0 if it has none. */
uint32_t audit_keyword(const struct audit *a, const struct facts *facts, uint32_t call, const char *key);
/* Whether a statement runs when the file is imported: at module level or in a class body, in any block. */
bool audit_is_at_import(const struct facts *facts, const struct stmt *stmt);
/* The line of a def, and where it begins. */
void audit_def_place(const struct facts *facts, uint32_t def, uint32_t *line, uint32_t *at);

/* A need a person would act on: sure enough, not an override, of a test that runs. */
bool audit_counts(const struct audit *a, const struct need *need);
/* Whether a need is required, or its cause stands in a test, a conftest or a folder of tests: what product code might
 * do, some levels down and behind its own switches, is no ground for a reproach. */
bool audit_is_sure(const struct audit *a, const struct need *need);
/* Whether code that cannot be followed could add needs to a test. */
bool audit_has_doubt(const struct audit *a, uint32_t test);
/* The lists of values that a test is run for, by its own marks and by the parameters of its fixtures. */
struct parameter_values {
	uint32_t file, expr;
};

typedef VEC(struct parameter_values) parameter_list;

parameter_list audit_parameters(const struct audit *a, uint32_t test);
/* The services that strings among the values are the very names of. */
service_set audit_named_in(const struct audit *a, const struct facts *facts, uint32_t list);

/* The markers that the pytest config and hooks of the tree register; false when some are computed. */
bool audit_registered(const struct audit *a, strs *names);
/* Containers that the test starts itself bring their services along. */
bool audit_is_self_started(const struct audit *a, uint32_t test);
/* "psycopg.connect reaches postgresql://db, tests/conftest.py:9": the cause of a need. */
struct str audit_because(const struct audit *a, const struct evidence *why);

/* Whole words, in any case: 6379 is not in 16379, but redis is in REDIS_URL and in redis_db. */
bool audit_has_word(struct arena *tmp, struct str text, struct str word);

/* Jobs: does it run the tests, directly by naming pytest, and which services of the catalogue does one start? */
bool audit_runs_tests(const struct job *job);
/* Whether a word stands in its env, or in commands or inputs of its steps. */
bool audit_job_says(const struct audit *a, const struct job *job, struct str word);
bool audit_is_service(const struct service *known, const struct job_service *started);
/* Whether a job hides what it runs and starts behind scripts, tox, make or containers of its own. */
bool audit_is_opaque(const struct job *job);
/* Whether one word was meant to be the other: a letter left out, doubled, changed or swapped, in long ones two. */
bool audit_is_slip(struct str a, struct str b);
/* The first of `known` of which a word is a slip, or SIZE_MAX. */
size_t audit_meant(struct str word, const strs *known);

void audit_report(struct audit *a, uint32_t file, uint32_t line, uint32_t at, const char *format, ...)
        __attribute__((format(printf, 5, 6)));
/* `place` is "path:line". */
void audit_report_place(struct audit *a, struct str place, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

#endif
