/* Which services each test and each file needs, with how sure we are and why. */
#ifndef MODEL_NEEDS_H
#define MODEL_NEEDS_H

#include "model/config.h"
#include "model/suite.h"

/* One link of the chain from the test to the cause. */
struct step {
	uint32_t file, line;
	struct str text; /* "asks for the fixture es_client", "calls make_client", "dials localhost:9200" */
};

struct evidence {
	enum grade grade;
	VEC(struct step) steps; /* from the test to the cause */
	struct str against;     /* what spoke for a lower grade, "" if nothing */
	struct str edit;        /* what a person would change for another verdict, "" if nobody knows */
};

struct need {
	service_set services; /* one bit, or several for an any-of need */
	enum grade grade;
	bool is_marked; /* a mark of the test declares it */
	bool is_dead;   /* of a test that is skipped without condition */
	bool is_override;
	struct str variable;   /* the environment variable that chooses, "" if none */
	strs values;           /* of it, as far as the code and the project name them; sorted */
	struct evidence why;   /* the strongest */
	struct evidence shown; /* the strongest that is no mark; GRADE_NONE when marks alone speak for it */
};

typedef VEC(struct need) need_list; /* sorted: single services by index, then any-of sets */

/* A place where a test skips or fails unless a service is there. */
struct gate {
	service_set services; /* one of them */
	struct str address;   /* what it dials, "" when it dials nothing or that is not known */
	struct str
	        variable; /* of the environment, from which the address comes or which is all it looks at; "" if none */
	bool is_import;   /* asked while the file is imported: by every run that collects it */
	uint32_t file, line;
};

typedef VEC(struct gate) gate_list;

struct needs {
	need_list *tests; /* by test, suite.tests.n */
	need_list *files; /* by repo file; of one that hides its tests what is possible, of others without tests none */
	gate_list *gates; /* by test, in the order they are met */
};

/* What must be provided for a test to run: the masks that must each be met by one of their bits.  Grades at or
 * above `least`; unknown counts by its own rule (always).  */
struct demand {
	service_set all;         /* each of these */
	VEC(service_set) any_of; /* one of each of these */
};

struct demand needs_demand(struct arena *out, const need_list *needs, enum grade least);
bool demand_met(const struct demand *demand, service_set offered);

#endif
