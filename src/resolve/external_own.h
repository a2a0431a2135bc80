/* What the files of calls that leave the tree share: roles, and one call at work. */
#ifndef RESOLVE_EXTERNAL_OWN_H
#define RESOLVE_EXTERNAL_OWN_H

#include "resolve/eval.h"

enum external_role {
	ROLE_PLAIN,
	ROLE_DIAL,        /* connects to (host, port) or host, port */
	ROLE_TRY,         /* the same, but a failure is what it answers */
	ROLE_URL,         /* opens a URL given first */
	ROLE_LAZY_HOST,   /* holds host, port; connects later */
	ROLE_ENVIRONMENT, /* reads a variable, default second */
	ROLE_DOUBLE,      /* makes a mock */
	ROLE_RUN,         /* runs a program */
	ROLE_IMPORT,      /* imports by name */
	ROLE_EXEC,        /* runs text */
	ROLE_SAME,        /* gives back its first argument */
	ROLE_THIRD,       /* gives back its third argument, more or less */
	ROLE_EACH,        /* the same, gone through */
	ROLE_NEXT,        /* one item of its first argument */
	ROLE_ZIP,
	ROLE_ENUMERATE,
	ROLE_MAP,   /* calls its first argument with the items of the others */
	ROLE_ENTER, /* enters its first argument, as `with` does */
	ROLE_ASKS,  /* any(), all(): an answer made of its arguments */
	ROLE_TRUTH, /* bool(), len(): an answer that its argument gives */
	ROLE_GETATTR,
	ROLE_DICT,    /* dict(other, key=value) */
	ROLE_LOOKS,   /* looks at its arguments and calls none */
	ROLE_PARTIAL, /* functools.partial: holds a callable with arguments */
	ROLE_HOLDS,   /* keeps what it is given, and calls nothing of it: a field of a dataclass */
	ROLE_PATCH,   /* mock.patch and friends: their arguments are seams, not uses */
};

struct outcall {
	struct run *run;
	struct eval *e;
	const struct value *callee;
	const struct arguments *a;
	uint32_t line;
	struct str dotted;
	const struct external *x;
};

struct str external_root(struct str dotted);
struct str external_last(struct str dotted);
bool external_in_list(const strs *list, struct str s);
bool external_in_modules(const strs *modules, struct str dotted);
/* Methods of clients that make an object and send nothing. */
bool external_sends_nothing(struct str method);
bool external_is_verb(struct str last);
bool external_is_eager(struct str last);
struct hop *external_cause(struct outcall *o, uint8_t verb, struct str detail);
void external_reach(struct outcall *o, service_set services, enum grade grade, bool is_eager, struct str detail,
                    name variable);
bool external_dial(struct outcall *o, const struct value *host, const struct value *port, enum grade grade, bool eager);
void external_dial_each(struct outcall *o, const struct value *address, const struct value *second);
/* An address as text: URL, DSN or host:port.  Returns whether it named a service. */
bool external_open_text(struct outcall *o, struct str text, name variable, enum grade grade, bool eager);
bool external_open_value(struct outcall *o, const struct value *v, enum grade grade, bool eager);
void external_construct(struct outcall *o);
bool external_http(struct outcall *o);
void external_run_program(struct outcall *o);
const struct value *external_environment(struct outcall *o);
/* "env.str('X', default)" and such: a call whose first argument is an UPPER_CASE name. */
bool external_reads_variable(struct outcall *o);
const struct value *external_double(struct outcall *o);
/* Dynamic code in the suite itself could reach any service.  In what is tested it loads plugins, drivers, task
 * modules: if every import_module of an application made its tests unknown, nothing would be known. */
void external_load(struct outcall *o, struct str text);
const struct value *external_import(struct outcall *o);
/* item.get_closest_marker("x") and such; NULL for other methods. */
const struct value *external_item(struct outcall *o);
const struct value *external_getattr(struct outcall *o);
const struct value *external_dict(struct outcall *o);
const struct value *external_each(struct outcall *o);
const struct value *external_next(struct outcall *o);
const struct value *external_zip(struct outcall *o);
const struct value *external_enumerate(struct outcall *o);
/* Calls a function on each item of what it is given with it. */
const struct value *external_map(struct outcall *o);
const struct value *external_string_method(struct outcall *o);
const struct value *external_dict_method(struct outcall *o);
/* The callable, then its arguments each with its keyword; "" for a positional one. */
const struct value *external_hold(struct outcall *o);
const struct value *external_call_held(struct run *run, const struct value *partial, const struct arguments *a,
                                       uint32_t line);

#endif
