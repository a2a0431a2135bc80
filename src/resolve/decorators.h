/* What decorators leave of a test. */
#ifndef RESOLVE_DECORATORS_H
#define RESOLVE_DECORATORS_H

#include "resolve/names.h"

enum decoration {
	DECORATION_PLAIN,  /* what it decorates is collected as it is written */
	DECORATION_HIDING, /* and its parameters or marks may differ */
	DECORATION_OPAQUE, /* of unknown origin; probably a wrapper */
	DECORATION_MAKER,  /* it may make tests or take this one away */
	DECORATION_NO_TEST /* a property, a dataclass, ...: pytest does not collect it */
};

struct decorated {
	enum decoration kind; /* the strongest of all decorators */
	uint32_t line;
	struct str text;
};

/* Whether a function of the tree speaks of marks or parameters: then it may give some to what it decorates. */
bool decorator_speaks_of_marks(struct names *names, struct target function);
struct decorated decorators_of_function(struct names *names, struct def_ref function);
struct decorated decorators_of_class(struct names *names, struct def_ref class_);

#endif
