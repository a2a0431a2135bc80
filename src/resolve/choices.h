/* Needs that a variable of the environment chooses between. */
#ifndef RESOLVE_CHOICES_H
#define RESOLVE_CHOICES_H

#include "resolve/eval.h"

struct choice {
	struct str variable;
	service_set services; /* one of them is needed, whichever the variable names */
};

typedef VEC(struct choice) choice_list;

/* The variables whose values lead each to another service, of all that a test reaches. */
choice_list choices_of(const struct names *names, struct arena *tmp, const struct contact *contacts);
/* What a contact speaks for: its services, or all that its variable chooses between. */
service_set choices_services(const struct names *names, const choice_list *choices, const struct contact *contact);
/* The values of a variable: what the code compares it with, what the project gives to it.  Sorted. */
strs choices_values(const struct names *names, struct arena *out, const struct contact *contacts, struct str variable);

#endif
