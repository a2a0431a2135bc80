/* Names, type parameters, parameters, bases. */
#include "python/def.h"

#include "python/expr.h"
#include "python/primary.h"

static uint32_t add_def(struct reader *r, enum def_kind kind, uint32_t owner)
{
	struct def def = {.kind = (uint8_t)kind, .parent = owner, .params = (uint32_t)r->facts.params.n};
	def.name = reader_expect_name(r);
	vec_push(r->tmp, &r->facts.defs, def);
	return (uint32_t)r->facts.defs.n - 1;
}

static struct param read_param(struct reader *r, enum param_kind kind)
{
	struct param param = {.kind = (uint8_t)kind, .name = reader_expect_name(r)};
	if (reader_take(r, TOKEN_COLON))
		param.annotation = expr_read_element(r);
	if (reader_take(r, TOKEN_EQUAL))
		param.initial = expr_read(r);
	return param;
}

/* `/`: those before it are positional only. */
static void mark_positional(struct reader *r, struct def *def)
{
	for (size_t i = def->params; i < r->facts.params.n; i++)
		r->facts.params.at[i].kind = PARAM_POSITIONAL_ONLY;
}

static void read_params(struct reader *r, struct def *def)
{
	enum param_kind kind = PARAM_NORMAL;
	while (reader_kind(r) != TOKEN_CLOSE_PAREN && !r->is_broken) {
		enum param_kind this = kind;
		bool is_name = true;
		if (reader_take(r, TOKEN_SLASH)) {
			mark_positional(r, def);
			is_name = false;
		} else if (reader_take(r, TOKEN_TIMES)) {
			this = PARAM_REST;
			kind = PARAM_KEYWORD_ONLY;
			is_name = reader_kind(r) != TOKEN_COMMA;
		} else if (reader_take(r, TOKEN_POWER)) {
			this = PARAM_KEYWORDS;
		}
		if (is_name) {
			struct param param = read_param(r, this);
			vec_push(r->tmp, &r->facts.params, param);
		}
		if (!reader_take(r, TOKEN_COMMA))
			break;
	}
	reader_expect(r, TOKEN_CLOSE_PAREN);
	def->n_params = (uint32_t)(r->facts.params.n - def->params);
}

uint32_t def_read_function(struct reader *r, uint32_t owner)
{
	uint32_t i = add_def(r, DEF_FUNCTION, owner);
	struct def def = r->facts.defs.at[i];
	reader_skip_square(r);
	reader_expect(r, TOKEN_OPEN_PAREN);
	read_params(r, &def);
	if (reader_take(r, TOKEN_ARROW)) { /* what it returns is checked, not kept */
		size_t mark = r->facts.exprs.n;
		expr_read_list(r);
		r->facts.exprs.n = mark;
	}
	r->facts.defs.at[i] = def;
	return i;
}

uint32_t def_read_class(struct reader *r, uint32_t owner)
{
	uint32_t i = add_def(r, DEF_CLASS, owner);
	reader_skip_square(r);
	if (reader_take(r, TOKEN_OPEN_PAREN)) {
		struct chain bases = primary_arguments(r, (struct chain){0});
		r->facts.defs.at[i].bases = bases.first;
	}
	return i;
}
