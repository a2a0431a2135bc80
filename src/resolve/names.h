/* What a name means: bindings in scopes, imports across files, members of classes.  Everything is by name and
 * by text, the way Python looks names up, without running anything; what the tree does not hold is
 * TARGET_EXTERNAL with its dotted name. */
#ifndef RESOLVE_NAMES_H
#define RESOLVE_NAMES_H

#include "base/map.h"
#include "model/config.h"
#include "model/suite.h"
#include "resolve/rules.h"
#include "resolve/words.h"

enum binding_kind { BIND_DEF, BIND_IMPORT, BIND_ASSIGN, BIND_SELF, BIND_LOOP, BIND_WITH, BIND_OTHER };

struct binding {
	name name;
	uint32_t owner;      /* def whose scope it is in; for BIND_SELF the class */
	uint8_t kind;        /* enum binding_kind */
	bool is_conditional; /* under if, try, for, while, match */
	uint32_t stmt;
	uint32_t index; /* BIND_DEF: def; BIND_IMPORT: import */
	uint32_t value; /* expr assigned, looped over or entered; 0 when there is none */
	uint32_t item;  /* position in a tuple target, from 1; 0 when the whole is bound */
};

enum target_kind {
	TARGET_NONE,
	TARGET_MODULE,   /* file */
	TARGET_PACKAGE,  /* a folder without __init__.py; text: dotted name */
	TARGET_DEF,      /* file, index: def */
	TARGET_VARIABLE, /* file, index: position in the file's bindings */
	TARGET_EXTERNAL, /* text: dotted name */
};

struct target {
	uint8_t kind;
	uint32_t file, index;
	name text;
};

struct mro;
struct scope_table; /* bindings of one file, sorted by owner, name, source order */

/* What a name of a module is; see names_member. */
struct member {
	struct target target;
	uint32_t question; /* in which it was last looked up */
	bool is_final;
};

struct names {
	const struct repo *repo;
	const struct pytest_config *pytest;
	struct arena *arena;
	strs roots;                  /* where modules may start, relative to the root, in order of preference */
	name *folders;               /* by file */
	struct scope_table **tables; /* by file, made when asked for */
	struct map imports;          /* (folder, leading dots, dotted name) -> position in found */
	VEC(struct target) found;
	struct map starts;     /* first component -> position in start_lists */
	VEC(strs) start_lists; /* folders in which it is a module or package */
	uint64_t starts_hash;  /* of all of them */
	struct map packages;   /* folder -> whether it has an __init__.py */
	struct map members;    /* (file, name) -> position in member_list */
	VEC(struct member) member_list;
	uint32_t question, asking; /* whose members are looked up; how deep */
	uint64_t cuts;             /* times a lookup came back to where it is */
	struct map joined;         /* (name, name) -> name.name */
	name all, getattr;         /* __all__, __getattr__ */
	struct map mros;           /* (file, class) -> position in made_mros */
	VEC(struct mro *) made_mros;
	unsigned mro_depth; /* while one is made */
	const struct catalogue *catalogue;
	struct words words; /* of the catalogue */
	const given_values *given;
	enum rule without; /* the rule that is left out: RULE_NONE but in a test */
};

static inline bool rule_holds(const struct names *names, enum rule rule)
{
	return names->without != rule;
}

void names_init(struct names *names, struct arena *out, const struct repo *repo, const struct config *config,
                const struct pytest_config *pytest);
/* Names that have looked nothing up, of a repo with the same paths: of `ground` they share what it knows of paths alone. */
void names_begin(struct names *names, struct arena *out, const struct names *ground, const struct repo *repo);

/* Bindings of a name in one scope, in source order; n is 0 when there are none. */
const struct binding *names_bindings(struct names *names, uint32_t file, uint32_t owner, name what, size_t *n);
/* All bindings of one scope, sorted by name. */
const struct binding *names_scope(struct names *names, uint32_t file, uint32_t owner, size_t *n);
/* What functions bind to names of the module, by `global`: targets are {TARGET_VARIABLE, file, one of these}. */
const uint32_t *names_globals(struct names *names, uint32_t file, size_t *n);
/* Whether a function binds the name of the module. */
bool names_is_global(struct names *names, uint32_t file, uint32_t owner, name what);
const struct binding *names_variable(struct names *names, struct target variable);

/* The module `dotted` (with `level` leading dots) as imported by a file. */
struct target names_module(struct names *names, uint32_t file, struct str dotted, unsigned level);
/* A member of a module: its own bindings (the last that is not a fallback), star imports, submodules. */
struct target names_member(struct names *names, uint32_t file, name what);
/* Names that star imports bring into a module, each once, in the order they come; names the module binds itself are
 * left out. */
typedef VEC(name) names_list;
void names_stars(struct names *names, struct arena *out, uint32_t file, names_list *list);
/* A name as seen from inside `owner`: enclosing functions, module, builtins ("builtins.x"). */
struct target names_find(struct names *names, uint32_t file, uint32_t owner, name what);
/* The target of `a`, `a.b`, `a.b.c`; TARGET_NONE for other expressions and for members of variables. */
struct target names_expr(struct names *names, uint32_t file, uint32_t owner, uint32_t expr);
struct target names_attribute(struct names *names, struct target object, name attribute);

/* The dotted text of a chain of names and attributes, "" for other expressions. */
struct str names_dotted(struct arena *out, const struct repo *repo, uint32_t file, uint32_t expr);

/* The classes of the method resolution order, itself first, merged as Python does (C3).  `unknown` is set when a base is not in the tree and not harmless. */
typedef VEC(struct def_ref) def_refs;
void names_mro(struct names *names, struct arena *out, struct def_ref class_, def_refs *order, bool *unknown);
/* What one of a class's bases means: an expression of its list. */
struct target names_base(struct names *names, struct def_ref class_, uint32_t base);
/* Whether an external class of that dotted name stands in the MRO. */
bool names_inherits(struct names *names, struct def_ref class_, struct str dotted);
/* A member by the MRO: TARGET_DEF, TARGET_VARIABLE or TARGET_NONE. */
struct target names_class_member(struct names *names, struct def_ref class_, name what);

/* Short hands. */
const struct facts *names_facts(const struct names *names, uint32_t file);
const struct def *names_def(const struct names *names, struct def_ref ref);
struct str names_str(const struct names *names, name n);
bool target_is(const struct names *names, struct target target, const char *dotted); /* external of that name */

#endif
