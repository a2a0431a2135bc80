/* The test as request.node and hooks see it, and the hooks that run before it.  A hook of a conftest speaks for many
 * tests: of what it does only that counts which it does for certain. */
#include "resolve/calls.h"
#include "resolve/gather_own.h"

/* ---- the item ---- */

/* FOREIGN "pytest.item.mark": its positional arguments, then a dict of the others. */
static const struct value *mark_value(struct gatherer *g, const struct mark *mark)
{
	const struct facts *facts = names_facts(g->names, mark->file);
	struct frame frame = {.file = mark->file, .def = mark->owner};
	struct run run = {.e = &g->eval, .frame = &frame, .returned = &value_none};
	const struct value **items = arena_array(g->arena, const struct value *, 3);
	VEC(const struct value *) args = {0}, kwargs = {0};
	for (uint32_t a = mark_arguments(g->names, mark); a; a = facts->exprs.at[a].next) {
		const struct expr *x = &facts->exprs.at[a];
		if (x->kind == EXPR_KEYWORD) {
			vec_push(g->arena, &kwargs, value_string(&g->eval, names_str(g->names, x->text)));
			vec_push(g->arena, &kwargs, eval_expr(&run, x->first));
		} else if (x->kind != EXPR_STAR && x->kind != EXPR_DOUBLE_STAR) {
			vec_push(g->arena, &args, eval_expr(&run, a));
		}
	}
	struct value list = {.kind = VALUE_LIST, .items = args.at, .n_items = (uint32_t)args.n};
	struct value dict = {.kind = VALUE_DICT, .items = kwargs.at, .n_items = (uint32_t)kwargs.n};
	items[0] = value_string(&g->eval, names_str(g->names, mark->name));
	items[1] = value_make(&g->eval, list);
	items[2] = value_make(&g->eval, dict);
	return value_make(
	        &g->eval,
	        (struct value){.kind = VALUE_FOREIGN, .text = STR("pytest.item.mark"), .items = items, .n_items = 3});
}

/* Those of the suite's own.  The others are no matter of hooks, and many tests have some of their very own: the item
 * would be another for each. */
static bool is_plain(const struct gatherer *g, const struct mark *mark)
{
	return mark->name && !item_is_common(names_str(g->names, mark->name));
}

uint64_t gather_marks_hash(const struct gatherer *g, const struct test *test)
{
	uint64_t h = 0;
	for (size_t i = 0; i < test->marks.n; i++)
		if (is_plain(g, &test->marks.at[i]))
			h = map_mix(h + 1, map_mix(test->marks.at[i].file, test->marks.at[i].expr));
	return h;
}

/* Whether the module adds marks while pytest runs. */
static bool adds_marks(struct gatherer *g, uint32_t file)
{
	uint32_t known = map_get(&g->markers, file);
	if (known != MAP_NONE)
		return known;
	const struct facts *facts = names_facts(g->names, file);
	bool adds = false;
	for (uint32_t i = 1; i < facts->exprs.n && !adds; i++)
		adds = facts->exprs.at[i].kind == EXPR_ATTRIBUTE &&
		       (str_eq(names_str(g->names, facts->exprs.at[i].text), STR("add_marker")) ||
		        str_eq(names_str(g->names, facts->exprs.at[i].text), STR("applymarker")));
	map_put(&g->markers, file, adds);
	return adds;
}

/* Whether the test may have marks that nobody wrote on it. */
static bool marks_may_grow(struct gatherer *g)
{
	const index_list *chain = chain_of(&g->chains, g->test->file);
	bool may = adds_marks(g, g->test->file);
	for (size_t i = 0; i < chain->n; i++)
		may |= adds_marks(g, chain->at[i]);
	for (size_t i = 0; i < g->test->marks.n; i++) {
		const struct mark *mark = &g->test->marks.at[i];
		may |= !mark->name || (str_eq(names_str(g->names, mark->name), STR("parametrize")) &&
		                       call_keyword(g->names, mark->file, mark->expr, "marks"));
	}
	return may;
}

/* item.keywords: the names of the marks with the marks, and what the nodes above the test are called. */
static const struct value *keywords_of(struct gatherer *g, const struct value *marks, bool may_grow)
{
	VEC(const struct value *) items = {0};
	for (uint32_t i = 0; i < marks->n_items; i++) {
		vec_push(g->arena, &items, marks->items[i]->items[0]);
		vec_push(g->arena, &items, marks->items[i]);
	}
	if (may_grow) { /* any other */
		vec_push(g->arena, &items, &value_unknown);
		vec_push(g->arena, &items, &value_unknown);
	}
	struct str path = g->names->repo->files.at[g->test->file].path;
	for (size_t from = 0, end; from < path.n; from = end + 1) {
		end = str_find(path, STR("/"), from);
		end = end == SIZE_MAX ? path.n : end;
		vec_push(g->arena, &items, value_string(&g->eval, str_slice(path, from, end)));
		vec_push(g->arena, &items, &value_unknown);
	}
	return value_make(&g->eval,
	                  (struct value){.kind = VALUE_DICT, .items = items.at, .n_items = (uint32_t)items.n});
}

const struct value *gather_item(struct gatherer *g)
{
	if (!rule_holds(g->names, RULE_ITEM))
		return &value_unknown;
	uint64_t key = map_mix(g->closure, g->eval.item);
	uint32_t known = map_get(&g->item_numbers, key);
	if (known != MAP_NONE)
		return g->items.at[known];
	const struct value **items = arena_array(g->arena, const struct value *, 4);
	VEC(const struct value *) marks = {0};
	bool may_grow = marks_may_grow(g);
	for (size_t i = 0; i < g->test->marks.n; i++)
		if (is_plain(g, &g->test->marks.at[i]))
			vec_push(g->arena, &marks, mark_value(g, &g->test->marks.at[i]));
	struct value list = {.kind = VALUE_LIST, .items = marks.at, .n_items = (uint32_t)marks.n};
	items[0] = value_make(&g->eval, list);
	items[1] = keywords_of(g, items[0], may_grow);
	items[2] = rule_holds(g->names, RULE_REQUESTED) ? gather_fixture_names(g) : &value_unknown;
	items[3] = may_grow ? &value_true : &value_false;
	struct value item = {.kind = VALUE_FOREIGN, .text = STR("pytest.item"), .items = items, .n_items = 4};
	map_put(&g->item_numbers, key, (uint32_t)g->items.n);
	vec_push(g->arena, &g->items, value_make(&g->eval, item));
	return g->items.at[g->items.n - 1];
}

/* ---- hooks ---- */

static bool is_of_items(struct str param)
{
	return str_eq(param, STR("item")) || str_eq(param, STR("items"));
}

/* What a hook's parameter of that name is given. */
static const struct value *given(struct gatherer *g, struct str param)
{
	if (!is_of_items(param))
		return &value_unknown;
	const struct value *item = gather_item(g);
	if (str_eq(param, STR("item")))
		return item;
	const struct value **items = arena_array(g->arena, const struct value *, 1);
	items[0] = item;
	return value_make(&g->eval, (struct value){.kind = VALUE_LIST, .items = items, .n_items = 1});
}

static struct summary call_hook(struct gatherer *g, struct def_ref ref)
{
	const struct def *def = names_def(g->names, ref);
	const struct param *params = names_facts(g->names, ref.file)->params.at + def->params;
	struct value v = {.kind = VALUE_FUNCTION, .def = ref};
	struct arguments a = {.n = 0};
	for (uint32_t i = 0; i < def->n_params && a.n < ARGUMENTS_MOST; i++)
		a.at[a.n++] = (struct argument){params[i].name, given(g, names_str(g->names, params[i].name))};
	return eval_body(&g->eval, value_make(&g->eval, v), &a);
}

/* Called once; one that is given the item, once for each that differs. */
static const struct contact *hook_contacts(struct gatherer *g, struct def_ref ref)
{
	const struct def *def = names_def(g->names, ref);
	uint64_t key = (uint64_t)ref.file << 32 | ref.def;
	for (uint32_t i = 0; i < def->n_params; i++) {
		name param = names_facts(g->names, ref.file)->params.at[def->params + i].name;
		if (is_of_items(names_str(g->names, param)))
			key = map_mix(key, map_mix(g->closure, g->eval.item));
	}
	uint32_t at = map_get(&g->hooks, key);
	if (at == MAP_NONE) {
		struct summary made = call_hook(g, ref);
		at = (uint32_t)g->fixture_summaries.n;
		vec_push(g->arena, &g->fixture_summaries, made);
		map_put(&g->hooks, key, at);
	}
	return g->fixture_summaries.at[at].contacts;
}

static void run_hook(struct gatherer *g, struct run *run, uint32_t file, name what, bool gates_only)
{
	struct target t = names_member(g->names, file, what);
	struct def_ref ref = {t.file, t.index};
	if (t.kind != TARGET_DEF || names_def(g->names, ref)->kind != DEF_FUNCTION)
		return;
	struct hop hop = {.verb = HOP_RUNS, .line = g->test->line, .callee = ref, .what = what};
	for (const struct contact *c = hook_contacts(g, ref); c; c = c->next) {
		struct contact one = *c;
		one.next = NULL;
		if (!c->is_maybe && !c->is_dynamic && (c->is_gate || !gates_only))
			contacts_through(run, &one, hop);
	}
}

void gather_hooks(struct gatherer *g, struct run *run)
{
	static const struct {
		const char *name;
		bool gates_only; /* it decides what becomes of tests, and what it asks for that is its own business */
	} hooks[] = {{"pytest_configure", false},
	             {"pytest_sessionstart", false},
	             {"pytest_collection_modifyitems", true},
	             {"pytest_runtest_setup", false}};
	const index_list *chain = chain_of(&g->chains, g->test->file);
	for (size_t h = 0; h < sizeof hooks / sizeof *hooks; h++) {
		name what = intern(g->names->repo->names, str_of(hooks[h].name));
		for (size_t i = 0; i < chain->n; i++)
			run_hook(g, run, chain->at[i], what, hooks[h].gates_only);
	}
}
