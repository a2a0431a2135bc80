/* Where in a file markers are written and can be written: what its facts say, before anybody looks at its bytes. */
#ifndef FIX_SPOTS_H
#define FIX_SPOTS_H

#include "audit/room.h"

#define SPOTS_CONDITION STR("pytestmark is set under a condition")

/* The services whose configured marker has that name; 0 for none. */
service_set fix_services_of(const struct audit *a, struct str marker);

/* The assignment to `pytestmark` in a scope: a module (def 0) or class. */
struct pytestmark {
	uint32_t stmt;      /* 0: there is none */
	uint32_t value;     /* expr */
	bool is_list;       /* else a single mark */
	struct str why_not; /* why it cannot be extended, "" if it can */
	uint32_t why_line;
};

struct pytestmark spots_pytestmark(const struct audit *a, uint32_t file, uint32_t def);

/* The def that a mark decorates, or in whose pytestmark it stands; false with the reason when it cannot be taken out. */
bool spots_of_mark(const struct audit *a, const struct mark *mark, uint32_t *def, struct str *why);
/* How `pytest.mark` is written at that byte: "pytest.mark", "mark", "pt.mark"; "" when it must be imported first.  `end`:
 * where the import that serves ends. */
struct str spots_spelling(const struct audit *a, const struct facts *facts, uint32_t at, uint32_t *end);
/* Whether a marker can be added to the scope; false with the reason. */
bool spots_can_mark(const struct audit *a, uint32_t file, uint32_t def, struct str *why);

#endif
