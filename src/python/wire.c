/* Tables of the layout. */
#include "python/wire.h"

const uint8_t wire_op_kinds[] = {
        EXPR_STRING,  EXPR_TUPLE,  EXPR_LIST,  EXPR_SET,   EXPR_DICT,
        EXPR_COMPARE, EXPR_BINARY, EXPR_UNARY, EXPR_YIELD, EXPR_COMPREHENSION,
};
const uint8_t wire_n_op_kinds = sizeof wire_op_kinds;

uint8_t wire_arity(uint8_t kind)
{
	switch (kind) {
	case EXPR_NONE:
	case EXPR_TRUE:
	case EXPR_FALSE:
	case EXPR_ELLIPSIS:
	case EXPR_NUMBER:
	case EXPR_STRING:
	case EXPR_NAME: return 0;
	case EXPR_ATTRIBUTE:
	case EXPR_STAR:
	case EXPR_DOUBLE_STAR:
	case EXPR_KEYWORD:
	case EXPR_NOT:
	case EXPR_UNARY:
	case EXPR_AWAIT: return 1;
	case EXPR_INDEX:
	case EXPR_BINARY:
	case EXPR_FOR_IN:
	case EXPR_ASSIGN:
	case EXPR_AS: return 2;
	case EXPR_IF: return 3;
	default: return WIRE_MANY;
	}
}

bool wire_has_text(uint8_t kind)
{
	switch (kind) {
	case EXPR_NUMBER:
	case EXPR_STRING:
	case EXPR_NAME:
	case EXPR_ATTRIBUTE:
	case EXPR_KEYWORD: return true;
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
