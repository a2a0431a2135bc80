/* What a variable of the environment holds: the default of the code, or what the project gives to it.
 *
 * `variable` of a value names the variable that it comes from; where a project gives it one of several values, each of
 * them is a value of its own whose variable is NAME=VALUE: a choice. */
#ifndef RESOLVE_ENVIRONMENT_H
#define RESOLVE_ENVIRONMENT_H

#include "resolve/eval.h"

/* `initial`: what the code takes without it, NULL when it has nothing. */
const struct value *environment_value(struct eval *e, name variable, const struct value *initial);
/* A field of a class of pydantic's settings; `v` is what the class gives it.  NULL for any other class. */
const struct value *environment_field(struct eval *e, struct def_ref class_, name field, const struct value *v);

/* NAME of a choice or a plain variable, and VALUE, "" for the latter. */
struct str variable_name(struct str variable);
struct str variable_choice(struct str variable);
/* "postgres://user:secret@host" without the secret: the file it stands in may not be anybody's. */
struct str variable_shown(struct arena *out, struct str value);
/* The value, chosen by VARIABLE=TEXT. */
const struct value *value_chosen(struct eval *e, const struct value *value, name variable, struct str text);
/* Whether the project gives values to it that were used for it. */
bool environment_is_given(const struct eval *e, name variable);

#endif
