/* The layout of packed facts, shared by the two sides.
 *
 *	"LWF", FACTS_VERSION
 *	counts: names exprs stmts defs params imports faults remarks lines, last line of the module
 *	names: length and bytes each, in the order of their first use
 *	statements, each with the expressions, def and imports that belong to it
 *	faults, remarks
 *	XXH3-64 of all that, 8 bytes, little endian
 *
 * Numbers are LEB128; differences are zigzag coded.  What follows from the order of things (indices, parents, owners,
 * siblings) is not stored: statements come in source order, trees in preorder, and the last of siblings says so. */
#ifndef PYTHON_WIRE_H
#define PYTHON_WIRE_H

#include "model/facts.h"

enum {
	WIRE_MAGIC_SIZE = 4,
	WIRE_HASH_SIZE = 8,
	WIRE_DEEPEST = 4096, /* levels of a tree that are accepted */
	WIRE_EXPR_KINDS = EXPR_AS + 1,
};

/* First byte of an expression: a code for its kind, and two flags.  Then: its op if the code says so, the difference of
 * its offset to the one before, its name. */
enum {
	WIRE_CODE = 0x3f,
	WIRE_AT = 0x40,   /* its offset differs from that of the expression before */
	WIRE_LAST = 0x80, /* no sibling follows */
	/* Codes below WIRE_EXPR_KINDS are the kind, with op 0, and with children if the kind may have some. */
	WIRE_OP = 36,    /* + an index into wire_op_kinds: the same, with an op */
	WIRE_EMPTY = 48, /* + an index into wire_empty_kinds: without children, op 0 */
	WIRE_LINE = 62,  /* no expression: the line changes by the difference that follows */
	WIRE_ODD = 63,   /* kind, op, are there children (0 or 1): what the other codes cannot say */
};

/* What a kind of expression has; for the codes above, those of its kind. */
enum { WIRE_HAS_TEXT = 1, WIRE_HAS_CHILDREN = 2 };
extern const uint8_t wire_has[WIRE_EXPR_KINDS];
enum { WIRE_OP_KINDS = 10, WIRE_EMPTY_KINDS = 7 };
extern const uint8_t wire_op_kinds[WIRE_OP_KINDS];
extern const uint8_t wire_empty_kinds[WIRE_EMPTY_KINDS];
/* The way back: the code of a kind with an op, or without children; 0 if it has none. */
extern const uint8_t wire_op_code[WIRE_EXPR_KINDS], wire_empty_code[WIRE_EXPR_KINDS];

/* First byte of a statement: its kind and three flags.  Then: nesting, odd flags, line, start, end. */
enum {
	WIRE_STMT_KIND = 0x1f,
	WIRE_STMT_NEST =
	        0x20, /* 1 follows: it is in the body of the one before; n + 1: it stands n levels further out */
	WIRE_STMT_NEXT = 0x40, /* it is on the next line; else the difference follows */
	WIRE_STMT_ODD = 0x80,  /* a byte with the flags below follows */
};
enum {
	WIRE_ODD_OP = 1,    /* its op follows */
	WIRE_ODD_FLAGS = 2, /* its flags follow */
	WIRE_ODD_EXPRS = 4, /* against the use of its kind, it has expressions or has none */
};
bool wire_has_exprs(uint8_t stmt_kind);
bool wire_is_def(uint8_t stmt_kind);
bool wire_is_import(uint8_t stmt_kind);

/* First byte of a def and of a parameter. */
enum {
	WIRE_DEF_KIND = 3,
	WIRE_DEF_ASYNC = 4,
	WIRE_DEF_GENERATOR = 8,
	WIRE_DEF_DECORATORS = 16,
	WIRE_DEF_BASES = 32,
};
enum { WIRE_PARAM_KIND = 7, WIRE_PARAM_INITIAL = 8, WIRE_PARAM_ANNOTATION = 16 };

#endif
