/* Tables of the layout. */
#include "python/wire.h"

#define TEXT     WIRE_HAS_TEXT
#define CHILDREN WIRE_HAS_CHILDREN

const uint8_t wire_has[WIRE_EXPR_KINDS] = {
        [EXPR_OTHER] = CHILDREN,
        [EXPR_NUMBER] = TEXT,
        [EXPR_STRING] = TEXT,
        [EXPR_FSTRING] = CHILDREN,
        [EXPR_NAME] = TEXT,
        [EXPR_ATTRIBUTE] = TEXT | CHILDREN,
        [EXPR_CALL] = CHILDREN,
        [EXPR_INDEX] = CHILDREN,
        [EXPR_TUPLE] = CHILDREN,
        [EXPR_LIST] = CHILDREN,
        [EXPR_SET] = CHILDREN,
        [EXPR_DICT] = CHILDREN,
        [EXPR_STAR] = CHILDREN,
        [EXPR_DOUBLE_STAR] = CHILDREN,
        [EXPR_KEYWORD] = TEXT | CHILDREN,
        [EXPR_NOT] = CHILDREN,
        [EXPR_AND] = CHILDREN,
        [EXPR_OR] = CHILDREN,
        [EXPR_COMPARE] = CHILDREN,
        [EXPR_BINARY] = CHILDREN,
        [EXPR_UNARY] = CHILDREN,
        [EXPR_IF] = CHILDREN,
        [EXPR_LAMBDA] = CHILDREN,
        [EXPR_AWAIT] = CHILDREN,
        [EXPR_YIELD] = CHILDREN,
        [EXPR_COMPREHENSION] = CHILDREN,
        [EXPR_FOR_IN] = CHILDREN,
        [EXPR_ASSIGN] = CHILDREN,
        [EXPR_AS] = CHILDREN,
};

#define OP_KINDS(X)                                                                                                    \
	X(0, EXPR_STRING)                                                                                              \
	X(1, EXPR_TUPLE)                                                                                               \
	X(2, EXPR_LIST)                                                                                                \
	X(3, EXPR_SET)                                                                                                 \
	X(4, EXPR_DICT)                                                                                                \
	X(5, EXPR_COMPARE)                                                                                             \
	X(6, EXPR_BINARY)                                                                                              \
	X(7, EXPR_UNARY)                                                                                               \
	X(8, EXPR_YIELD)                                                                                               \
	X(9, EXPR_COMPREHENSION)

#define EMPTY_KINDS(X)                                                                                                 \
	X(0, EXPR_OTHER)                                                                                               \
	X(1, EXPR_FSTRING)                                                                                             \
	X(2, EXPR_TUPLE)                                                                                               \
	X(3, EXPR_LIST)                                                                                                \
	X(4, EXPR_DICT)                                                                                                \
	X(5, EXPR_YIELD)                                                                                               \
	X(6, EXPR_SET)

#define KIND(i, kind)       [i] = kind,
#define OP_CODE(i, kind)    [kind] = WIRE_OP + i,
#define EMPTY_CODE(i, kind) [kind] = WIRE_EMPTY + i,

const uint8_t wire_op_kinds[WIRE_OP_KINDS] = {OP_KINDS(KIND)};
const uint8_t wire_empty_kinds[WIRE_EMPTY_KINDS] = {EMPTY_KINDS(KIND)};
const uint8_t wire_op_code[WIRE_EXPR_KINDS] = {OP_KINDS(OP_CODE)};
const uint8_t wire_empty_code[WIRE_EXPR_KINDS] = {EMPTY_KINDS(EMPTY_CODE)};

bool wire_has_exprs(uint8_t stmt_kind)
{
	switch (stmt_kind) {
	case STMT_EXPR:
	case STMT_ASSIGN:
	case STMT_AUGMENT:
	case STMT_ANNOTATE:
	case STMT_RETURN:
	case STMT_RAISE:
	case STMT_ASSERT:
	case STMT_DELETE:
	case STMT_GLOBAL:
	case STMT_TYPE:
	case STMT_IF:
	case STMT_ELIF:
	case STMT_FOR:
	case STMT_WHILE:
	case STMT_WITH:
	case STMT_EXCEPT:
	case STMT_MATCH:
	case STMT_CASE: return true;
	default: return false;
	}
}

bool wire_is_def(uint8_t stmt_kind)
{
	return stmt_kind == STMT_FUNCTION || stmt_kind == STMT_CLASS;
}

bool wire_is_import(uint8_t stmt_kind)
{
	return stmt_kind == STMT_IMPORT || stmt_kind == STMT_FROM;
}
