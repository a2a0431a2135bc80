/* An abstract interpreter: runs test code on values it half knows and notes each service the code would reach.
 *
 * A function of the tree is run once for each shape of its arguments; the result is a summary: what it returns
 * and whom it contacts.  A contact carries the steps from the caller to the cause.  Values remember the contacts
 * made while they were created, so that using a client made at module level counts where it is used, and asking
 * a probe's answer in a gate counts as requiring.  Branches are all taken, loops run once. */
#ifndef RESOLVE_EVAL_H
#define RESOLVE_EVAL_H

#include "resolve/endpoint.h"
#include "resolve/errors.h"
#include "resolve/fixtures.h"

enum { ARGUMENTS_MOST = 24, ALTERNATIVES_MOST = 6 /* of a value */ };

struct argument {
	name key; /* 0: positional */
	const struct value *value;
};

struct arguments {
	struct argument at[ARGUMENTS_MOST];
	uint32_t n;
	bool has_star; /* *args or **kwargs of unknown content */
};

struct run;

struct summary {
	const struct value *returned;
	const struct contact *contacts;
	bool is_running;
	bool is_rough;  /* of arguments nobody knows: it stands for all calls that are not told apart any more */
	bool asks_item; /* it asked for the marks of the test at hand */
};

/* What the settings of the project name, looked for when the first test asks; no services when they name none. */
struct setting {
	bool is_known;
	service_set services;
	uint32_t file, line;
};

/* A module of the tree that was imported. */
struct module_import {
	uint32_t file;
	uint32_t low;                         /* the first on the stack that it is in one knot with, as far as seen */
	bool is_done;                         /* its knot is whole */
	const struct contact *own, *contacts; /* of its own; with those of what it imports */
};

/* What an external dotted name means to us; worked out once a name. */
struct external {
	service_set services; /* it is a constructor of a client of these */
	bool is_eager;        /* it connects at once */
	service_set doubles;  /* it is a fake of these */
	bool is_container;    /* testcontainers and the like */
	uint8_t role;         /* enum external_role, see external_own.h */
};

/* What a file is imported as, and the services whose client library that is. */
struct library {
	service_set services;
	struct str module;
};

/* What decorators of the tree made of a function. */
struct wrapped {
	const struct value *value;      /* what is called instead, unbound */
	bool is_wrapped;                /* the function itself otherwise */
	const struct contact *contacts; /* made each time, before it is called */
};

struct eval {
	struct names *names;
	struct arena *arena;
	const struct config *config;
	struct map shapes;    /* (file, def) -> how many shapes of arguments it was run for */
	struct map summaries; /* hash of callee and arguments -> position */
	VEC(struct summary) summary_list;
	struct map variables;                     /* (file, binding) -> position */
	VEC(const struct value *) variable_list;  /* NULL while being evaluated */
	struct map attributes;                    /* (object, binding of self.x) -> position */
	VEC(const struct value *) attribute_list; /* NULL while being evaluated */
	struct map known;                         /* what was asked, by kind and operands -> position */
	VEC(const struct value *) known_list;
	struct map wraps; /* decorated function -> position */
	VEC(struct wrapped *) wrapped_list;
	struct map modules; /* file -> position */
	VEC(struct module_import) module_list;
	VEC(uint32_t) module_stack; /* being imported: positions */
	struct map libraries;       /* file -> position */
	VEC(struct library) library_list;
	struct map externals;
	VEC(struct external) external_list;
	/* The value of a fixture of the test at hand, for request.getfixturevalue; NULL outside of one. */
	const struct value *(*fixture)(void *data, struct run *run, name what, uint32_t line);
	void *fixture_data;
	uint64_t item;         /* hash of the marks of the test at hand */
	bool asks_item;        /* what is being run has asked for them */
	struct setting caches; /* CACHES of Django's settings */
	struct setting flask;  /* SQLALCHEMY_DATABASE_URI */
	uint32_t depth;
	uint64_t steps_left; /* of the definition at hand, see eval_budget.c */
};

/* A block whose failures someone looks at: a try with handlers, or a with of contextlib.suppress. */
struct guard {
	const struct guard *outer;
	uint32_t try_, suppress; /* the statement, or the call; the other is 0 */
};

/* One body being run. */
struct run {
	struct eval *e;
	struct frame *frame;
	const struct contact *contacts;
	const struct value *returned;
	bool is_early;             /* its contacts come before the body of the test */
	uint32_t guards;           /* enclosing blocks that swallow a refusal to connect */
	const struct guard *guard; /* all that enclose, the innermost first */
	uint32_t branches;         /* enclosing blocks that may or may not run */
	name choice;               /* VARIABLE=VALUE: the branch is taken for that value; see environment.h */
	uint32_t maybes;           /* of those, branches of an if whose condition nobody knows */
	bool is_done;              /* a return or raise ended it for sure */
	bool skips;                /* a mark that skips was added to the test at hand */
	uint32_t raises;           /* enclosing pytest.raises blocks */
	uint32_t dials;            /* enclosing try blocks that expect a failure to connect */
	uint32_t refused;          /* of those, blocks that expect a failure to connect */
};

void eval_init(struct eval *eval, struct names *names, struct arena *arena, const struct config *config);

/* ---- values (eval_value.c, eval_member.c) ---- */
extern const struct value value_unknown, value_none, value_bool, value_true, value_false, value_double;
enum truth { TRUTH_UNKNOWN, TRUTH_NO, TRUTH_YES };
enum truth value_truth(const struct value *value);
/* Whether it is a string of which every part is known. */
bool value_is_text(const struct value *value);
/* Whether two values are equal, as far as both are known constants. */
enum truth value_equal(const struct value *a, const struct value *b);
/* A double that stands for `original`: what it is asked to do, the original would have done. */
const struct value *value_double_of(struct eval *e, const struct value *original);
/* Values that are the same whoever asks: literals, module-level names, members of the outside. */
const struct value *value_known(const struct eval *e, uint64_t key); /* NULL when nobody asked before */
const struct value *value_remember(struct eval *e, uint64_t key, const struct value *value);
const struct value *value_make(struct eval *e, struct value value);
const struct value *value_string(struct eval *e, struct str text);
const struct value *value_join(struct eval *e, const struct value *a, const struct value *b);
const struct value *value_with_contacts(struct eval *e, const struct value *value, const struct contact *contacts);
const struct value *value_with_variable(struct eval *e, const struct value *value, name variable);
bool is_settled(struct eval *e, struct target target);
const struct value *value_of_target(struct eval *e, struct target target);
uint64_t value_hash(const struct value *value);
/* The text with unknown parts as VALUE_HOLE; a lone hole when it is no string or number at all. */
struct str value_text(struct eval *e, const struct value *value);
const struct value *value_attribute(struct run *run, const struct value *object, name attribute, uint32_t line);
/* The object after `object.attribute = value`. */
const struct value *value_with_attribute(struct eval *e, const struct value *object, name attribute,
                                         const struct value *value);
const struct value *value_index(struct run *run, const struct value *object, const struct value *index);
const struct value *value_element(struct eval *e, const struct value *list); /* any of its items */

/* ---- contacts (eval_contact.c) ---- */
void contact_add(struct run *run, struct contact contact);
/* Adds those of a list that a call made, or a value carries, with one more hop before each. */
void contacts_through(struct run *run, const struct contact *list, struct hop hop);
/* Copies of a list with one more hop before each. */
const struct contact *contacts_after(struct eval *e, const struct contact *list, struct hop hop);
/* Makes gates of the contacts that came after `before`, and of those the value carries. */
void contacts_gate(struct run *run, const struct contact *before, const struct value *value, uint32_t line,
                   const char *what);
/* Makes a gate of one contact of the run. */
void contacts_gate_one(struct run *run, const struct contact *contact, uint32_t line, const char *what);
/* Whether both come down to the same services at the same place. */
bool contact_same_cause(const struct contact *a, const struct contact *b);
const struct contact *contacts_joined(struct eval *e, const struct contact *a, const struct contact *b);

/* ---- running (eval_expr.c, eval_call.c, eval_function.c, eval_stmt.c, eval_bind.c, eval_gate.c) ---- */
const struct value *eval_expr(struct run *run, uint32_t expr);
const struct value *eval_call(struct run *run, uint32_t call);
/* Calls a value; line is the call's, for the hop. */
const struct value *eval_apply(struct run *run, const struct value *callee, const struct arguments *arguments,
                               uint32_t line);
const struct summary *eval_function(struct eval *e, const struct value *function, const struct arguments *arguments);
/* The same, not looked up and not remembered. */
struct summary eval_body(struct eval *e, const struct value *function, const struct arguments *arguments);
const struct value *eval_variable(struct eval *e, struct target variable, struct frame *frame);
/* A variable of a module: what the module and its functions give it. */
const struct value *eval_global(struct eval *e, struct target variable);
void run_block(struct run *run, uint32_t stmt);
/* Runs a block that may be left out. */
void run_maybe(struct run *run, uint32_t body);
/* Runs an if with its clauses; gives the last of them.  A condition that is known takes one branch only. */
uint32_t run_if(struct run *run, uint32_t index);
const struct facts *run_facts(const struct run *run);
/* Notes the places in the body about to run that a pattern of the config matches. */
void run_patterns(struct run *run);
void run_bind(struct run *run, uint32_t target, const struct value *value);
/* The slot of what this body put into a table: under the literal `key`, else under any (also for key 0); 0 when the
 * table has no name. */
name run_table_slot(struct run *run, uint32_t table, uint32_t key);
void frame_set(struct eval *e, struct frame *frame, name what, const struct value *value);
const struct value *frame_get(const struct frame *frame, name what);
/* Binds parameters of frame->def. */
void frame_arguments(struct eval *e, struct frame *frame, const struct arguments *arguments);
/* StubSearch, FakeRedis, _MockSocket. */
bool name_is_double(const struct names *names, struct str class_name);
/* Whether a block skips or fails the test. */
bool block_gates(struct names *names, uint32_t file, uint32_t owner, uint32_t stmt, struct str *message);

/* ---- new objects (eval_field.c) ---- */
/* Gives a new object what it holds; `init` is its class's __init__, if it has one. */
void eval_fields(struct run *run, struct value *instance, struct target init, const struct arguments *arguments);

/* ---- decorators (eval_wrapped.c) ---- */
const struct wrapped *eval_wrapped(struct eval *e, const struct value *function);
/* Whether a decorator of the scope at hand is a context manager: nothing is entered where it stands. */
bool wrapped_by_manager(struct run *run, uint32_t decorator);

/* ---- methods that nobody names (eval_protocol.c) ---- */
/* What the object's class makes of `method(argument)`; NULL when it is no object of the tree or has no such method.
 * `argument` may be NULL. */
const struct value *protocol_call(struct run *run, const struct value *object, const char *method,
                                  const struct value *argument, uint32_t line);
/* What is gone through when somebody iterates over it: itself, unless its class has a say. */
const struct value *protocol_iterate(struct run *run, const struct value *object, uint32_t line);
/* What its truth depends on: itself, unless its class has a say. */
const struct value *protocol_truth(struct run *run, const struct value *object, uint32_t line);
/* What `with` binds. */
const struct value *protocol_enter(struct run *run, const struct value *manager, uint32_t line);
void protocol_leave(struct run *run, const struct value *manager, uint32_t line);

/* ---- one of several (eval_any.c) ---- */
struct operand {
	const struct value *value;
	const struct contact *contacts; /* of the run, once it was worked out */
};
/* The value of operands of which one is enough, where each asks for a service: the run then reached one of them. */
const struct value *any_of_operands(struct run *run, const struct contact *before, const struct operand *operands,
                                    uint32_t n, const struct value *value, uint32_t line);
/* The same of all that was reached since `before`. */
void any_of_contacts(struct run *run, const struct contact *before, uint32_t line);

/* ---- bounds (eval_budget.c) ---- */
/* A definition of that file begins: gives what the one around it has left, for budget_end(). */
uint64_t budget_begin(struct eval *e, uint32_t file);
void budget_end(struct eval *e, uint64_t left);
/* Counts one more step; false when there are no more, which is an unknown of the run. */
bool run_step(struct run *run);
/* The definition is not followed to its end: it could reach anything. */
void budget_exceeded(struct run *run, struct def_ref def);
bool is_exceeded(const struct contact *contact);

bool is_connection_error(const struct run *run, uint32_t expr);

/* ---- who catches what (eval_try.c) ---- */
void run_try(struct run *run, const struct stmt *s);
/* A with of contextlib.suppress begins; run->guards and run->guard say so. */
void run_suppress(struct run *run, uint32_t call);
/* Whether a block around the statement at hand swallows `error`. */
bool is_swallowed(struct run *run, struct target error);

/* ---- importing (eval_import.c) ---- */
/* What stops or skips the import of a module, by itself or by what it imports. */
const struct contact *eval_import(struct eval *e, uint32_t file);

/* ---- the outside (external*.c) ---- */
const struct value *external_call(struct run *run, const struct value *callee, const struct arguments *arguments,
                                  uint32_t line);
/* A method of an object made with an address, called where a failure to connect is expected, asks that address. */
void external_probe(struct run *run, const struct value *object, uint32_t line);
/* What is set up with these settings connects to the addresses among them; `what` reads them. */
void external_open(struct run *run, const struct value *settings, name what, uint32_t line);
const struct external *external_of(struct eval *e, name dotted);

/* A mark of pytest's own or of a common plugin: what is asked of the item about it is not known. */
bool item_is_common(struct str mark);

const struct value *argument_at(const struct arguments *arguments, uint32_t position);
const struct value *argument_key(const struct eval *e, const struct arguments *arguments, const char *key);

#endif
