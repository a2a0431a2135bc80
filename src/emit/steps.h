/* What the steps that a user wrote tell: where the code is checked out, and at which commits actions are pinned. */
#ifndef EMIT_STEPS_H
#define EMIT_STEPS_H

#include "emit/emitters.h"

struct pin {
	struct str uses;    /* actions/upload-artifact@<commit> */
	struct str comment; /* "v4.4.3", as it stands behind; "" when nothing does */
};

/* The pin of `action` ("actions/upload-artifact"), of major version `least` or later as far as that can be seen: from
 * [emit.github] pins, before, after and install, then from the user's workflows.  We never choose a version for a
 * user: ERR_USAGE with the line to write when there is none. */
bool steps_pin(struct arena *out, const struct emit_source *source, const char *action, unsigned least, struct pin *pin,
               struct err *err);

/* The text of those of the steps that use `action`, byte for byte; all of them when none does. */
struct str steps_using(struct arena *out, struct str steps, const char *action);

#endif
