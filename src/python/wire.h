/* The layout of packed facts, shared by the two sides.
 *
 *	"LWF", FACTS_VERSION
 *	counts: names exprs stmts defs params imports faults remarks lines, last
 *line of the module names: length and bytes each, in the order of their first
 *use statements, each with the expressions, def and imports that belong to it
 *	faults, remarks
 *	XXH3-64 of all that, 8 bytes, little endian
 *
 * Numbers are LEB128; differences are zigzag coded.  What follows from the
 *order of things (indices, parents, owners, siblings) is not stored: statements
 *come in source order, trees in preorder. */
#ifndef PYTHON_WIRE_H
#define PYTHON_WIRE_H

#include "model/facts.h"

enum {
	WIRE_MAGIC_SIZE = 4,
	WIRE_HASH_SIZE = 8,
	WIRE_DEEPEST = 4096, /* levels of a tree that are accepted */
};

/* First byte of an expression: a code for kind and arity, and two flags. */
enum {
	WIRE_CODE = 0x3f,
	WIRE_AT = 0x40,   /* its offset differs from that of the one before: a
                       difference follows */
	WIRE_LINE = 0x80, /* its line does: a difference follows */
	/* Codes below EXPR_KINDS are the kind, with op 0 and the usual number of
     children.  */
	WIRE_OP = 40,  /* + an index into wire_op_kinds: that kind, then its op in a byte */
	WIRE_ODD = 63, /* kind, op, number of children: what the other codes cannot say */
	EXPR_KINDS = EXPR_AS + 1,
	WIRE_MANY = 255, /* arity: the number of children follows */
};

/* Kinds that often have an op. */
extern const uint8_t wire_op_kinds[];
extern const uint8_t wire_n_op_kinds;

uint8_t wire_arity(uint8_t kind); /* children, or WIRE_MANY */
bool wire_has_text(uint8_t kind);
bool wire_is_def(uint8_t stmt_kind);
bool wire_is_import(uint8_t stmt_kind);

/* First byte of a statement: its kind and three flags. */
enum { WIRE_STMT_KIND = 0x1f, WIRE_STMT_OP = 0x20, WIRE_STMT_FLAGS = 0x40, WIRE_STMT_NEST = 0x80 };
/* With WIRE_STMT_NEST: 1 it is in the body of the statement before, n + 1 it
 * stands n levels further out. */

/* First byte of a def and of a parameter. */
enum { WIRE_DEF_KIND = 3, WIRE_DEF_ASYNC = 4, WIRE_DEF_GENERATOR = 8 };
enum { WIRE_PARAM_KIND = 7, WIRE_PARAM_INITIAL = 8, WIRE_PARAM_ANNOTATION = 16 };

#endif
