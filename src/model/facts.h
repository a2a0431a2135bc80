/* What one Python file states: its statements and small expressions, as arrays that point into each other by
 * index.  Nothing here is inferred, and nothing here knows pytest.  `python/outline` makes it,
 * everyone else reads it.
 *
 * Index 0 of exprs, stmts and defs is "none", except that defs[0] is the module itself.  Chains are linked by
 * `next`, in source order. */
#ifndef MODEL_FACTS_H
#define MODEL_FACTS_H

#include "base/intern.h"
#include "base/vec.h"

enum expr_kind {
	EXPR_OTHER, /* not modelled; children: the calls, strings and names found inside, in order */
	EXPR_NONE,
	EXPR_TRUE,
	EXPR_FALSE,
	EXPR_ELLIPSIS,
	EXPR_NUMBER,    /* text: as written */
	EXPR_STRING,    /* text: the value, escapes decoded, adjacent literals joined; op: STRING_* */
	EXPR_FSTRING,   /* children: EXPR_STRING for literal chunks, any expression for a field; f- and t-strings */
	EXPR_NAME,      /* text */
	EXPR_ATTRIBUTE, /* text: the attribute; child: the object */
	EXPR_CALL,      /* children: callee, then arguments (EXPR_KEYWORD, EXPR_STAR, EXPR_DOUBLE_STAR among them) */
	EXPR_INDEX,     /* children: object, index (slices are EXPR_OTHER) */
	EXPR_TUPLE,
	EXPR_LIST,
	EXPR_SET,
	EXPR_DICT,          /* children: key, value, key, value; `**x` is one EXPR_DOUBLE_STAR without a value */
	EXPR_STAR,          /* child */
	EXPR_DOUBLE_STAR,   /* child */
	EXPR_KEYWORD,       /* text: the name; child: the value */
	EXPR_NOT,           /* child */
	EXPR_AND,           /* children: two or more */
	EXPR_OR,            /* children: two or more */
	EXPR_COMPARE,       /* op: OP_* of the first comparison; children: the operands */
	EXPR_BINARY,        /* op: OP_*; children: left, right */
	EXPR_UNARY,         /* op: OP_SUBTRACT, OP_ADD or OP_INVERT; child */
	EXPR_IF,            /* children: value, condition, otherwise */
	EXPR_LAMBDA,        /* child: the body; its parameters' defaults follow */
	EXPR_AWAIT,         /* child */
	EXPR_YIELD,         /* child, if any; op 1: `yield from` */
	EXPR_COMPREHENSION, /* op: the EXPR_ kind it builds (EXPR_LIST, _SET, _DICT, or EXPR_OTHER for a generator);
	                     * children: element (for a dict key, value), then for each clause EXPR_FOR_IN or a condition */
	EXPR_FOR_IN,        /* children: target, iterable */
	EXPR_ASSIGN,        /* `:=`; children: name, value */
	EXPR_AS,            /* in with, except, case: children: value, target */
};

enum { STRING_BYTES = 1, STRING_CUT = 2 }; /* flags in op: b"...", longer than TEXT_LONGEST and cut there */
enum { TEXT_LONGEST = 1024 };              /* bytes */

enum op {
	OP_NONE,
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_GT,
	OP_LE,
	OP_GE,
	OP_IN,
	OP_NOT_IN,
	OP_IS,
	OP_IS_NOT,
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_MATMUL,
	OP_DIVIDE,
	OP_FLOOR_DIVIDE,
	OP_MODULO,
	OP_POWER,
	OP_LSHIFT,
	OP_RSHIFT,
	OP_BIT_AND,
	OP_BIT_OR,
	OP_BIT_XOR,
	OP_INVERT,
};

struct expr {
	uint8_t kind; /* enum expr_kind */
	uint8_t op;
	uint32_t at;   /* byte offset of its first character; for an attribute or call, of the whole */
	uint32_t line; /* from 1 */
	name text;
	uint32_t first; /* first child */
	uint32_t next;  /* next sibling in whatever chain it stands in */
};

enum stmt_kind {
	STMT_NONE,
	STMT_EXPR,     /* expr */
	STMT_ASSIGN,   /* exprs: the targets, then the value */
	STMT_AUGMENT,  /* exprs: target, value; op */
	STMT_ANNOTATE, /* exprs: target, annotation, value if any */
	STMT_RETURN,   /* expr if any */
	STMT_RAISE,    /* exprs: exception, cause; both optional */
	STMT_ASSERT,   /* exprs: condition, message if any */
	STMT_DELETE,   /* exprs */
	STMT_GLOBAL,   /* exprs: EXPR_NAME; also nonlocal */
	STMT_IMPORT,   /* index: its first import, count */
	STMT_FROM,     /* index: its first import, count */
	STMT_PASS,
	STMT_BREAK,
	STMT_CONTINUE,
	STMT_TYPE, /* exprs: name, value */
	/* The rest have a body.  Clauses follow their head as siblings: if, elif, elif, else. */
	STMT_IF, /* expr: condition */
	STMT_ELIF,
	STMT_ELSE, /* of if, for, while or try: whatever it follows */
	STMT_FOR,  /* exprs: target, iterable */
	STMT_WHILE,
	STMT_WITH, /* exprs: the items, EXPR_AS where bound */
	STMT_TRY,
	STMT_EXCEPT, /* expr: type or EXPR_AS, if any; op 1: except*; `except A, B` is an EXPR_TUPLE */
	STMT_FINALLY,
	STMT_MATCH,    /* expr: subject */
	STMT_CASE,     /* exprs: pattern as far as it is an expression, guard if any */
	STMT_FUNCTION, /* def */
	STMT_CLASS,    /* def */
	STMT_BROKEN,   /* not understood; a fault tells why */
};

enum { STMT_ASYNC = 1, STMT_DOCSTRING = 2 }; /* flags; a docstring's text is not stored */

struct stmt {
	uint8_t kind; /* enum stmt_kind */
	uint8_t op;   /* enum op */
	uint8_t flags;
	uint32_t line;       /* of its first token, from 1; for a def the `def`, not the decorator */
	uint32_t start, end; /* byte offsets; end is that of its first logical line, not of its body */
	uint32_t parent;     /* statement whose body it is in; 0 at module level */
	uint32_t next;       /* in the same block */
	uint32_t body;       /* first statement inside */
	uint32_t expr;       /* first of its chain */
	uint32_t index;      /* into defs or imports */
	uint32_t count;      /* imports */
	uint32_t owner;      /* innermost def around it; 0: the module */
};

enum def_kind { DEF_MODULE, DEF_FUNCTION, DEF_CLASS };

struct def {
	uint8_t kind; /* enum def_kind */
	bool is_async;
	bool is_generator; /* a yield in its own body */
	name name;
	uint32_t stmt;       /* its statement; 0 for the module */
	uint32_t parent;     /* the def it is written in */
	uint32_t decorators; /* chain of exprs, top first, without the @ */
	uint32_t bases;      /* class: chain of arguments, EXPR_KEYWORD among them */
	uint32_t params;     /* function: index of the first, then n_params */
	uint32_t n_params;
	uint32_t body;     /* first statement */
	uint32_t end_line; /* last line of its body */
};

enum param_kind {
	PARAM_POSITIONAL_ONLY,
	PARAM_NORMAL,
	PARAM_REST /* *args */,
	PARAM_KEYWORD_ONLY,
	PARAM_KEYWORDS /* **kw */
};

struct param {
	uint8_t kind; /* enum param_kind */
	name name;
	uint32_t initial;    /* expr: its default, 0 if it has none */
	uint32_t annotation; /* expr, 0 if none */
};

struct import {
	uint32_t stmt;
	name module;    /* dotted as written, without leading dots */
	name name;      /* `from m import name`; "*" for a star; 0 for `import m` */
	name bound;     /* the name it gives in this file: alias, or first component for `import a.b` */
	uint8_t level;  /* leading dots */
	bool has_alias; /* `import a.b as c` binds a.b itself, `import a.b` binds a */
};

enum fault_kind {
	FAULT_SYNTAX,
	FAULT_INDENT,
	FAULT_UNTERMINATED,
	FAULT_NUL,
	FAULT_ENCODING,
	FAULT_DEPTH,
	FAULT_SIZE,
	FAULT_FOREIGN, /* never of a reader: a hook of a conftest that may make tests of files that are no Python */
};

struct fault {
	uint8_t kind; /* enum fault_kind */
	uint32_t at, line;
};

/* A comment `# lanewright: TEXT`. */
struct remark {
	uint32_t line;
	name text;
};

struct facts {
	VEC(struct expr) exprs;
	VEC(struct stmt) stmts;
	VEC(struct def) defs;
	VEC(struct param) params;
	VEC(struct import) imports;
	VEC(struct fault) faults;
	VEC(struct remark) remarks;
	uint32_t lines; /* in the file */
};

#endif
