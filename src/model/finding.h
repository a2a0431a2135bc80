/* Something wrong in the user's project, with its place: what a rule of the audit says. */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "base/str.h"

enum severity { SEVERITY_OFF, SEVERITY_WARNING, SEVERITY_ERROR };

#define FINDING_NOWHERE UINT32_MAX /* .at of a finding that speaks of a whole line or file */

struct finding {
	uint32_t rule;   /* index into the table of rules */
	struct str path; /* relative to the root */
	uint32_t line;   /* from 1; 0: the whole file */
	uint32_t at;     /* byte offset in the file */
	struct str message;
};

typedef VEC(struct finding) finding_list;

#endif
