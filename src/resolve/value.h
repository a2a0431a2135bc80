/* What an expression may evaluate to, as far as services are concerned: an abstract value. */
#ifndef RESOLVE_VALUE_H
#define RESOLVE_VALUE_H

#include "resolve/names.h"

enum value_kind {
	VALUE_UNKNOWN,
	VALUE_NONE,
	VALUE_BOOL,
	VALUE_NUMBER,   /* text as written */
	VALUE_STRING,   /* text; a part nobody knows is one VALUE_HOLE byte */
	VALUE_LIST,     /* items: lists, tuples, sets */
	VALUE_DICT,     /* items: key, value, key, value */
	VALUE_FUNCTION, /* def, frame it closes over, self when bound */
	VALUE_CLASS,    /* def */
	VALUE_MODULE,   /* def.file */
	VALUE_EXTERNAL, /* text: dotted name of something outside the tree; self: the foreign object it hangs on */
	VALUE_INSTANCE, /* of a class of the tree: def; items: name/value pairs given to its constructor */
	VALUE_FOREIGN,  /* what an external call returned; text: the dotted name called; items: its arguments */
	VALUE_DOUBLE,   /* a mock, stub or fake: nothing it does reaches anything */
	VALUE_EITHER,   /* items: alternatives */
};

enum { VALUE_HOLE = 1 }; /* a byte no source text has in a string we care about */

struct frame;
struct contact;

/* A function of the tree that gave an object: patched, it would have given another. */
struct maker {
	const struct maker *next;
	struct def_ref def;
	uint32_t ref_file; /* as in struct hop */
	name ref_name;
};

struct value {
	uint8_t kind;
	uint64_t hash; /* of all that a callee could notice; set by value_make */
	struct def_ref def;
	struct str text;
	const struct value *const *items;
	uint32_t n_items;
	const struct frame *frame;
	const struct value *self;
	bool is_bare;                   /* a function as it is under its decorators */
	const struct contact *contacts; /* services reached while it was made: what using it means */
	const struct maker *makers;     /* of an instance: whom it went through; NULL if made on the spot */
	name variable;                  /* environment variable it comes from, 0 if none */
	name ref_name;                  /* module-level name it was read through, with the file of that module */
	uint32_t ref_file;
};

enum hop_verb {
	HOP_CALLS,   /* what: function of the tree */
	HOP_ASKS,    /* what: fixture */
	HOP_USES,    /* what: variable made elsewhere */
	HOP_REACHES, /* the cause: calls `what`, an external name, with `detail` for an address */
	HOP_MARKED,  /* the cause: carries the mark `what` */
	HOP_GATED,   /* what: what the gate is, "skipif", "skip", "assert" */
	HOP_READS,   /* the cause: an environment variable */
	HOP_SAYS,    /* the cause: a skip message, detail */
	HOP_LOADS,   /* the cause: dynamic code, detail */
	HOP_DOUBLES, /* the cause: a double stands for `what` */
	HOP_SETS,    /* the cause: the settings' variable `detail` */
	HOP_MATCHES, /* the cause: a pattern of the config matches `detail` */
	HOP_RUNS,    /* what: setup method */
	HOP_EITHER,  /* detail: the services of which one is enough */
	HOP_EXCEEDS, /* the cause: the definition `what` is not followed to its end */
};

/* One step on the way from a test to the cause. */
struct hop {
	const struct hop *next; /* nearer to the cause; NULL at the cause */
	uint8_t verb;           /* enum hop_verb */
	uint32_t file, line;
	name what;
	struct str detail;
	struct def_ref callee; /* REF_NOWHERE unless verb is HOP_CALLS */
	uint32_t ref_file;     /* the callee was read as `ref_name` of this module: the seam a mock patches */
	name ref_name;
	name external;              /* dotted name of an external callee, 0 if none */
	const struct maker *makers; /* of the object whose method is called */
};

/* One way in which code reaches, or would reach, a service. */
struct contact {
	const struct contact *next;
	service_set services; /* several bits: one of them */
	enum grade grade;
	bool is_eager;          /* it connects at once, and a failure is raised */
	bool is_guarded;        /* a failure is swallowed where it happens: what the value says decides */
	bool is_gate;           /* a test skips or fails on it: it requires the service */
	bool is_assert;         /* that gate is an assert: who swallows the failure to connect swallows it too */
	bool is_idle;           /* a client was made that connects when used, and nobody was seen using it */
	bool is_own;            /* that client is of a library of the tree, own_client.h */
	bool is_early;          /* made on import, by a gate, a fixture or setup: before the test's own body */
	bool is_dynamic;        /* grade unknown: any service of the suite */
	bool is_maybe;          /* made in a branch that may not run */
	struct target error;    /* what a failure is raised as, errors.h */
	name variable;          /* chosen by it */
	const struct hop *hops; /* from here to the cause */
};

/* Local names of a running function. */
struct slot {
	name name;
	const struct value *value;
};

struct frame {
	const struct frame *outer; /* the frame it closes over */
	uint32_t file, def;        /* whose body runs; def 0: a module */
	VEC(struct slot) slots;
	const struct value *self;
	bool is_still; /* nothing runs in it: one of its names is being worked out */
};

#endif
