/* Seams: the places a test patches with a double.  A mock covers the seam it patches and no other. */
#ifndef RESOLVE_SEAMS_H
#define RESOLVE_SEAMS_H

#include "resolve/value.h"

struct seam {
	uint32_t file; /* module whose attribute is replaced; REF_NOWHERE if none */
	name attribute;
	struct def_ref def;            /* a method or class replaced wherever it is used; REF_NOWHERE if none */
	uint32_t made_file, made_line; /* `self.client = ...` when that attribute is replaced; REF_NOWHERE if none */
	name external;                 /* dotted name of something outside the tree; 0 if none */
	uint32_t at_file, at_line;     /* where the patch stands */
	uint32_t in_def;               /* in this function, it holds from line to line: `with patch(...)` */
	uint32_t from, to;             /* 0, 0: all of it */
	uint8_t http;                  /* HTTP libraries that are answered for, seams_http.h */
	bool is_late;                  /* of the test itself: its fixtures have been made before */
};

typedef VEC(struct seam) seam_list;

/* The seams a function patches: in its decorators, its body, and the functions defined inside it. */
void seams_of_function(struct names *names, struct arena *out, struct def_ref function, seam_list *seams);
void seams_of_decorators(struct names *names, struct arena *out, struct def_ref def, seam_list *seams);
/* The seam of a fixture or a mark of a library that answers HTTP requests, if it is one. */
void seams_of_http(struct names *names, struct arena *out, uint32_t file, uint32_t line, uint8_t http,
                   seam_list *seams);
/* The seam that stands on the way of a contact, NULL if the way is free. */
const struct seam *seam_on(const struct names *names, const seam_list *seams, const struct contact *contact);

#endif
