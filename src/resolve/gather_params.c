/* Values that parametrization gives, and what `request` is. */
#include "resolve/calls.h"
#include "resolve/gather_own.h"

/* The i-th value of a parametrize row: `(a, b)`, `pytest.param(a, b)`, or the row itself for a single name. */
static uint32_t cell_of(struct gatherer *g, uint32_t file, uint32_t row, uint32_t i, bool is_single)
{
	const struct facts *facts = names_facts(g->names, file);
	const struct expr *x = &facts->exprs.at[row];
	if (x->kind == EXPR_CALL && str_eq(names_str(g->names, facts->exprs.at[x->first].text), STR("param")))
		return call_positional(facts, row, i);
	if (is_single)
		return row;
	uint32_t cell = x->kind == EXPR_TUPLE || x->kind == EXPR_LIST ? x->first : 0;
	while (cell && i--)
		cell = facts->exprs.at[cell].next;
	return cell;
}

/* Which name of "a, b" or ["a", "b"] it is, from 0; UINT32_MAX if none.  *n: how many names there are. */
static uint32_t column_of(struct gatherer *g, uint32_t file, uint32_t expr, name what, uint32_t *n)
{
	const struct facts *facts = names_facts(g->names, file);
	const struct expr *x = &facts->exprs.at[expr];
	uint32_t found = UINT32_MAX;
	*n = 0;
	if (x->kind == EXPR_STRING) {
		struct str all = names_str(g->names, x->text), wanted = names_str(g->names, what);
		for (size_t from = 0; from <= all.n; ++*n) {
			size_t to = str_find(all, STR(","), from);
			if (str_eq(str_trim(str_slice(all, from, to)), wanted))
				found = *n;
			from = to == SIZE_MAX ? all.n + 1 : to + 1;
		}
		return found;
	}
	for (uint32_t c = x->first; c; c = facts->exprs.at[c].next, ++*n)
		if (facts->exprs.at[c].kind == EXPR_STRING && facts->exprs.at[c].text == what)
			found = *n;
	return found;
}

enum { ROWS_MOST = 16 };

/* lazy_fixture("x") */
static void ask_for_lazy(struct run *test, const struct contact *contacts)
{
	for (const struct contact *c = contacts; c; c = c->next)
		if (c->hops->verb == HOP_ASKS)
			contact_add(test, *c);
}

/* A row that was made elsewhere: a tuple, pytest.param(...), or the value itself for a single name. */
static const struct value *cell_of_value(const struct value *row, uint32_t column, bool is_single)
{
	bool is_param = row->kind == VALUE_FOREIGN && str_eq(row->text, STR("pytest.param"));
	if (is_single && !is_param)
		return row;
	return (is_param || row->kind == VALUE_LIST) && column < row->n_items ? row->items[column] : &value_unknown;
}

static const struct value *column_of_value(struct gatherer *g, struct run *test, const struct value *rows,
                                           uint32_t column, bool is_single)
{
	const struct value *all = &value_none;
	bool is_short = rows->kind == VALUE_LIST &&
	                rows->n_items <= ALTERNATIVES_MOST; /* of a long one the rest would be lost */
	for (uint32_t i = 0; is_short && i < rows->n_items; i++)
		all = value_join(&g->eval, all, cell_of_value(rows->items[i], column, is_single));
	ask_for_lazy(test, rows->contacts);
	return all->kind == VALUE_NONE ? &value_unknown : all;
}

const struct value *gather_parametrized(struct gatherer *g, struct run *test, name what)
{
	for (size_t m = 0; m < g->test->marks.n && rule_holds(g->names, RULE_PARAMETRIZE); m++) {
		const struct mark *mark = &g->test->marks.at[m];
		uint32_t first = mark->name ? mark_arguments(g->names, mark) : 0;
		if (!first || !str_eq(names_str(g->names, mark->name), STR("parametrize")))
			continue;
		const struct facts *facts = names_facts(g->names, mark->file);
		uint32_t n, column = column_of(g, mark->file, first, what, &n), rows = facts->exprs.at[first].next;
		if (column == UINT32_MAX || !rows)
			continue;
		const struct value *all = &value_none;
		struct run run = {.e = &g->eval, .frame = gather_frame(g, mark->file), .returned = &value_none};
		if (facts->exprs.at[rows].kind != EXPR_LIST && facts->exprs.at[rows].kind != EXPR_TUPLE)
			return column_of_value(g, test, eval_expr(&run, rows), column, n == 1);
		uint32_t row = facts->exprs.at[rows].first;
		for (uint32_t k = 0; row && k < ROWS_MOST; row = facts->exprs.at[row].next, k++) {
			uint32_t cell = cell_of(g, mark->file, row, column, n == 1);
			if (cell)
				all = value_join(&g->eval, all, eval_expr(&run, cell));
		}
		ask_for_lazy(test, run.contacts);
		return all->kind == VALUE_NONE ? &value_unknown : all;
	}
	return NULL;
}

bool gather_is_dynamic(const struct gatherer *g, uint32_t index)
{
	for (size_t i = 0; i < g->test->dynamic.n && rule_holds(g->names, RULE_REQUESTED); i++)
		if (g->test->dynamic.at[i] == index)
			return true;
	return false;
}

/* All that the test asks for, through its fixtures too, and its parametrized arguments. */
const struct value *gather_fixture_names(struct gatherer *g)
{
	VEC(const struct value *) items = {0};
	const struct def *def = names_def(g->names, g->test->def);
	for (size_t i = 0; i < g->test->fixtures.n; i++) {
		name what = g->suite->fixtures.at[g->test->fixtures.at[i]].name;
		if (gather_is_dynamic(g, g->test->fixtures.at[i]))
			continue;
		vec_push(g->arena, &items, value_string(&g->eval, names_str(g->names, what)));
	}
	for (uint32_t i = 0; i < def->n_params; i++) {
		name what = names_facts(g->names, g->test->def.file)->params.at[def->params + i].name;
		vec_push(g->arena, &items, value_string(&g->eval, names_str(g->names, what)));
	}
	return value_make(&g->eval,
	                  (struct value){.kind = VALUE_LIST, .items = items.at, .n_items = (uint32_t)items.n});
}

const struct value *gather_request(struct gatherer *g, struct run *asker, uint32_t by)
{
	const struct value **items = arena_array(g->arena, const struct value *, 3);
	const struct value *given =
	        by != MAP_NONE ? gather_parametrized(g, asker, g->suite->fixtures.at[by].name) : NULL;
	items[0] = given ? given : &value_unknown; /* indirect: the mark's values are the params */
	items[1] = rule_holds(g->names, RULE_REQUESTED) ? gather_fixture_names(g) : &value_unknown;
	items[2] = gather_item(g);
	if (!given && by != MAP_NONE && g->suite->fixtures.at[by].is_parametrized &&
	    rule_holds(g->names, RULE_PARAMS)) {
		struct def_ref ref = g->suite->fixtures.at[by].def;
		const struct facts *facts = names_facts(g->names, ref.file);
		struct run run = {.e = &g->eval, .frame = gather_frame(g, ref.file), .returned = &value_none};
		for (uint32_t d = names_def(g->names, ref)->decorators; d; d = facts->exprs.at[d].next) {
			uint32_t params = call_keyword(g->names, ref.file, d, "params");
			const struct value *all = &value_none;
			for (uint32_t row = params ? facts->exprs.at[params].first : 0; row;
			     row = facts->exprs.at[row].next) {
				uint32_t cell = cell_of(g, ref.file, row, 0, true);
				if (cell)
					all = value_join(&g->eval, all, eval_expr(&run, cell));
			}
			if (all->kind != VALUE_NONE)
				items[0] = all;
		}
	}
	return value_make(
	        &g->eval,
	        (struct value){.kind = VALUE_FOREIGN, .text = STR("pytest.request"), .items = items, .n_items = 3});
}
