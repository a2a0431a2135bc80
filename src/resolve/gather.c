/* Gathering for one test.  Module level first (what runs on import can only gate), then marks, fixtures,
 * setup methods, the body. */
#include "resolve/gather.h"

#include <string.h>

#include "resolve/calls.h"
#include "resolve/django.h"

static name name_of(struct gatherer *g, const char *text)
{
	return intern(g->names->repo->names, str_of(text));
}

static struct frame *module_frame(struct gatherer *g, uint32_t file)
{
	struct frame *frame = arena_new(g->arena, struct frame);
	*frame = (struct frame){.file = file};
	return frame;
}

/* ---- import time ---- */

/* What stops unittest's loader in a package, or in the module itself. */
static void loader_of(struct gatherer *g, struct run *run, uint32_t file)
{
	size_t n;
	name hook = intern_find(g->names->repo->names, STR("load_tests"));
	const struct binding *b = hook ? names_bindings(g->names, file, 0, hook, &n) : NULL;
	if (!b || !n || b[n - 1].kind != BIND_DEF || !rule_holds(g->names, RULE_LOADERS))
		return;
	struct run inner = {.e = &g->eval, .frame = module_frame(g, file), .returned = &value_none};
	struct value v = {.kind = VALUE_FUNCTION, .def = {file, b[n - 1].index}};
	eval_apply(&inner, value_make(&g->eval, v), &(struct arguments){.has_star = true}, 1);
	struct hop hop = {.verb = HOP_RUNS, .line = 1, .callee = {REF_NOWHERE, 0}, .what = hook};
	for (const struct contact *c = inner.contacts; c; c = c->next) {
		struct contact one = *c;
		one.next = NULL;
		if (c->is_gate)
			contacts_through(run, &one, hop);
	}
}

/* The module's own, and those of the packages around it; `load_tests` hooks too. */
static void import_time(struct gatherer *g, struct run *run)
{
	struct hop hop = {.verb = HOP_RUNS, .line = 1, .callee = {REF_NOWHERE, 0}, .what = name_of(g, "import")};
	uint32_t file = g->test->file;
	contacts_through(run, eval_import(&g->eval, file), hop);
	loader_of(g, run, file);
	for (struct str d = path_dir(g->names->repo->files.at[file].path);; d = path_dir(d)) {
		const struct source_file *init = repo_file(g->names->repo, path_join(g->arena, d, STR("__init__.py")));
		if (init) {
			uint32_t at = (uint32_t)(init - g->names->repo->files.at);
			if (at != file) {
				contacts_through(run, eval_import(&g->eval, at), hop);
				loader_of(g, run, at);
			}
		}
		if (!init || d.n == 0)
			break;
	}
}

/* ---- marks and decorators ---- */

static void gate_condition(struct gatherer *g, struct run *run, uint32_t file, uint32_t owner, uint32_t expr,
                           uint32_t line, const char *what)
{
	struct frame frame = {.file = file, .def = owner};
	struct run inner = {.e = &g->eval, .frame = &frame, .returned = &value_none};
	const struct value *v = eval_expr(&inner, expr);
	contacts_gate(&inner, NULL, v, line, what);
	for (const struct contact *c = inner.contacts; c; c = c->next)
		if (c->is_gate || c->is_dynamic)
			contact_add(run, *c);
}

/* `requires_redis`, `redis_required`, `needs_redis`, `redis`: the word of a service in a mark nobody mapped. */
static bool is_service_word(const struct service *s, struct str mark)
{
	static const char *const before[] = {"requires_", "require_", "needs_", "need_",
	                                     "uses_",     "use_",     "with_",  "integration_"};
	static const char *const after[] = {"_required", "_integration", "_tests",   "_test",
	                                    "_db",       "_server",      "_service", "_live"};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (str_starts(mark, str_of(before[i])))
			mark = str_slice(mark, strlen(before[i]), mark.n);
	for (size_t i = 0; i < sizeof after / sizeof *after; i++)
		if (str_ends(mark, str_of(after[i])))
			mark.n -= strlen(after[i]);
	bool hit = str_eq(mark, s->name);
	for (size_t k = 0; k < s->words.n && !hit; k++)
		hit = mark.n > 2 && str_eq(mark, s->words.at[k]);
	return hit;
}

/* @pytest.mark.env("redis"): a mark of the suite's own whose only argument is the service. */
static bool is_argument(const struct gatherer *g, const struct mark *mark, const struct service *s)
{
	static const char *const others[] = {"parametrize", "skip",    "skipif",         "xfail",
	                                     "usefixtures", "depends", "filterwarnings", "dependency",
	                                     "xdist_group", "group"};
	struct str what = names_str(g->names, mark->name);
	uint32_t argument = mark_arguments(g->names, mark);
	const struct facts *facts = names_facts(g->names, mark->file);
	if (!argument || facts->exprs.at[argument].kind != EXPR_STRING || facts->exprs.at[argument].next)
		return false;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (str_eq(what, str_of(others[i])))
			return false;
	struct str text = names_str(g->names, facts->exprs.at[argument].text);
	struct str tail = str_slice(text, str_starts(text, STR("py-")) ? 3 : 0, text.n); /* "py-amqp" */
	bool hit = str_eq(tail, s->name);
	for (size_t i = 0; i < s->words.n && !hit; i++)
		hit = str_eq(tail, s->words.at[i]);
	for (size_t i = 0; i < s->schemes.n && !hit; i++)
		hit = str_eq(tail, s->schemes.at[i]);
	return hit;
}

static void declare(struct gatherer *g, struct run *run, const struct mark *mark)
{
	struct str what = names_str(g->names, mark->name);
	for (size_t i = 0; i < g->config->catalogue.services.n; i++) {
		const struct service *s = &g->config->catalogue.services.at[i];
		enum grade grade = GRADE_NONE;
		for (size_t k = 0; k < s->markers.n; k++)
			if (str_eq(s->markers.at[k], what))
				grade = GRADE_REQUIRES;
		if (grade == GRADE_NONE && !s->markers.n && (is_service_word(s, what) || is_argument(g, mark, s)))
			grade = GRADE_PROBABLE;
		if (grade == GRADE_NONE)
			continue;
		struct hop *hop = arena_new(g->arena, struct hop);
		*hop = (struct hop){.verb = HOP_MARKED, .file = mark->file, .line = mark->line, .what = mark->name};
		hop->callee.file = REF_NOWHERE;
		bool is_gate = grade == GRADE_REQUIRES;
		contact_add(run,
		            (struct contact){
		                    .services = (service_set)1 << i, .grade = grade, .is_gate = is_gate, .hops = hop});
	}
}

/* A decorator that is a value of the tree: a function that wraps, or what a call of one gave. */
static void opaque_decorator(struct gatherer *g, struct run *run, const struct mark *mark)
{
	struct frame *frame = module_frame(g, mark->file);
	struct run inner = {.e = &g->eval, .frame = frame, .returned = &value_none};
	const struct value *v = eval_expr(&inner, mark->expr);
	struct arguments a = {.has_star = true};
	if (v->kind == VALUE_FUNCTION || v->kind == VALUE_CLASS)
		v = eval_apply(&inner, v, &a, mark->line);
	if (v->kind == VALUE_FUNCTION)
		eval_apply(&inner, v, &a, mark->line);
	if (v->kind == VALUE_FOREIGN && str_eq(v->text, STR("pytest.mark.skipif")) && v->n_items &&
	    rule_holds(g->names, RULE_MADE))
		contacts_gate(&inner, NULL, v->items[0], mark->line, "skipif"); /* the function made the mark */
	for (const struct contact *c = inner.contacts; c; c = c->next)
		contact_add(run, *c);
}

static void read_mark(struct gatherer *g, struct run *run, const struct mark *mark)
{
	if (!mark->name) {
		opaque_decorator(g, run, mark);
		return;
	}
	if (rule_holds(g->names, RULE_MARKERS))
		declare(g, run, mark);
	uint32_t argument = mark_arguments(g->names, mark);
	if (!str_eq(names_str(g->names, mark->name), STR("skipif")) || !argument || !rule_holds(g->names, RULE_SKIPIF))
		return;
	const struct facts *facts = names_facts(g->names, mark->file);
	const struct expr *x = &facts->exprs.at[argument];
	uint32_t condition = x->kind == EXPR_KEYWORD ? x->first : argument;
	if (facts->exprs.at[condition].kind != EXPR_STRING)
		gate_condition(g, run, mark->file, 0, condition, mark->line, "skipif");
}

static bool is_unittest_gate(const struct names *names, struct target t)
{
	return target_is(names, t, "unittest.skipIf") || target_is(names, t, "unittest.skipUnless") ||
	       target_is(names, t, "unittest.case.skipIf") || target_is(names, t, "unittest.case.skipUnless");
}

/* @unittest.skipUnless(probe(), "..."), also through an alias. */
static void unittest_gate(struct gatherer *g, struct run *run, uint32_t file, uint32_t owner, uint32_t expr, int depth)
{
	const struct facts *facts = names_facts(g->names, file);
	const struct expr *x = &facts->exprs.at[expr];
	if (!rule_holds(g->names, RULE_UNITTEST))
		return;
	if (x->kind == EXPR_CALL && is_unittest_gate(g->names, names_expr(g->names, file, owner, x->first))) {
		uint32_t condition = facts->exprs.at[x->first].next;
		if (condition)
			gate_condition(g, run, file, owner, condition, x->line, "skipUnless");
		return;
	}
	struct target t = x->kind == EXPR_CALL ? (struct target){0} : names_expr(g->names, file, owner, expr);
	if (t.kind != TARGET_VARIABLE || depth > 8)
		return;
	const struct binding *b = names_variable(g->names, t);
	if (b->value && !b->item)
		unittest_gate(g, run, t.file, b->owner, b->value, depth + 1);
}

static void decorators(struct gatherer *g, struct run *run, struct def_ref ref)
{
	const struct def *def = names_def(g->names, ref);
	for (uint32_t d = def->decorators; d; d = names_facts(g->names, ref.file)->exprs.at[d].next)
		unittest_gate(g, run, ref.file, def->parent, d, 0);
}

/* ---- fixtures ---- */

static const struct summary *fixture_summary(struct gatherer *g, uint32_t index);

/* The definition of that name nearest to the test by path, whether or not its closure holds it. */
static uint32_t loose_fixture(struct gatherer *g, name what)
{
	struct str from = g->names->repo->files.at[g->test->file].path;
	uint32_t best = MAP_NONE;
	size_t best_shared = 0;
	for (uint32_t i = 0; i < g->suite->fixtures.n; i++) {
		const struct fixture *f = &g->suite->fixtures.at[i];
		if (f->name != what || f->is_external)
			continue;
		struct str path = g->names->repo->files.at[f->def.file].path;
		size_t shared = 0;
		while (shared < path.n && shared < from.n && path.at[shared] == from.at[shared])
			shared++;
		if (best == MAP_NONE || shared > best_shared) {
			best = i;
			best_shared = shared;
		}
	}
	return best;
}

static uint32_t fixture_by_name(const struct gatherer *g, name what)
{
	for (size_t i = g->test->fixtures.n; i-- > 0;)
		if (g->suite->fixtures.at[g->test->fixtures.at[i]].name == what)
			return g->test->fixtures.at[i];
	return MAP_NONE;
}

/* The nearest definition stands first in the closure for its name; a self-request means the next one. */
static const struct value *requested(struct gatherer *g, name what, uint32_t by)
{
	if (!rule_holds(g->names, RULE_VALUES))
		return NULL;
	bool self = by != MAP_NONE && g->suite->fixtures.at[by].name == what, passed = !self;
	for (size_t i = 0; i < g->test->fixtures.n; i++) {
		uint32_t index = g->test->fixtures.at[i];
		if (g->suite->fixtures.at[index].name != what)
			continue;
		if (passed && index != by)
			return fixture_summary(g, index)->returned;
		passed |= index == by;
	}
	if (str_eq(names_str(g->names, what), STR("mocker")))
		return &value_double;
	uint32_t loose = g->is_loose ? loose_fixture(g, what) : MAP_NONE;
	return loose != MAP_NONE && loose != by ? fixture_summary(g, loose)->returned : NULL;
}

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

/* A parameter given by @pytest.mark.parametrize: any of its literal values; NULL when it is none. */
static const struct value *parametrized(struct gatherer *g, struct run *test, name what)
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
		struct run run = {.e = &g->eval, .frame = module_frame(g, mark->file), .returned = &value_none};
		uint32_t row = facts->exprs.at[rows].first;
		for (uint32_t k = 0; row && k < ROWS_MOST; row = facts->exprs.at[row].next, k++) {
			uint32_t cell = cell_of(g, mark->file, row, column, n == 1);
			if (cell)
				all = value_join(&g->eval, all, eval_expr(&run, cell));
		}
		for (const struct contact *c = run.contacts; c; c = c->next)
			if (c->hops->verb == HOP_ASKS) /* lazy_fixture("x") */
				contact_add(test, *c);
		return all->kind == VALUE_NONE ? &value_unknown : all;
	}
	return NULL;
}

/* Whether only a getfixturevalue asks for it. */
static bool is_dynamic(const struct gatherer *g, uint32_t index)
{
	for (size_t i = 0; i < g->test->dynamic.n && rule_holds(g->names, RULE_REQUESTED); i++)
		if (g->test->dynamic.at[i] == index)
			return true;
	return false;
}

/* request.fixturenames: all that the test asks for, through its fixtures too, and its parametrized arguments. */
static const struct value *fixture_names(struct gatherer *g)
{
	VEC(const struct value *) items = {0};
	const struct def *def = names_def(g->names, g->test->def);
	for (size_t i = 0; i < g->test->fixtures.n; i++) {
		name what = g->suite->fixtures.at[g->test->fixtures.at[i]].name;
		if (is_dynamic(g, g->test->fixtures.at[i]))
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

/* `request` in a fixture with literal params: its .param is any of them. */
static const struct value *request_value(struct gatherer *g, struct run *asker, uint32_t by)
{
	const struct value **items = arena_array(g->arena, const struct value *, 2);
	const struct value *given = by != MAP_NONE ? parametrized(g, asker, g->suite->fixtures.at[by].name) : NULL;
	items[0] = given ? given : &value_unknown; /* indirect: the mark's values are the params */
	items[1] = rule_holds(g->names, RULE_REQUESTED) ? fixture_names(g) : &value_unknown;
	if (!given && by != MAP_NONE && g->suite->fixtures.at[by].is_parametrized &&
	    rule_holds(g->names, RULE_PARAMS)) {
		struct def_ref ref = g->suite->fixtures.at[by].def;
		const struct facts *facts = names_facts(g->names, ref.file);
		struct run run = {.e = &g->eval, .frame = module_frame(g, ref.file), .returned = &value_none};
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
	        (struct value){.kind = VALUE_FOREIGN, .text = STR("pytest.request"), .items = items, .n_items = 2});
}

static void bind_requests(struct gatherer *g, struct run *asker, uint32_t by)
{
	struct frame *frame = asker->frame;
	const struct facts *facts = names_facts(g->names, frame->file);
	const struct def *def = &facts->defs.at[frame->def];
	for (uint32_t i = 0; i < def->n_params; i++) {
		const struct param *p = &facts->params.at[def->params + i];
		const struct value *v = requested(g, p->name, by);
		if (by == MAP_NONE && frame->def == g->test->def.def && frame->file == g->test->def.file && !v)
			v = parametrized(g, asker, p->name);
		if (!v && str_eq(names_str(g->names, p->name), STR("request")))
			v = request_value(g, asker, by);
		if (v && p->name) {
			struct value copy = *v;
			copy.ref_file = frame->file;
			copy.ref_name = p->name;
			v = value_make(&g->eval, copy);
		}
		if (!v && p->initial) {
			struct frame outer = {.file = frame->file, .def = def->parent};
			struct run run = {.e = &g->eval, .frame = &outer, .returned = &value_none};
			v = eval_expr(&run, p->initial);
		}
		frame_set(&g->eval, frame, p->name, v ? v : &value_unknown);
	}
}

static const struct value *self_of(struct gatherer *g, struct def_ref method, struct def_ref class_)
{
	const struct facts *facts = names_facts(g->names, method.file);
	uint32_t parent = facts->defs.at[method.def].parent;
	if (facts->defs.at[parent].kind != DEF_CLASS)
		return NULL;
	struct def_ref owner = class_.file != REF_NOWHERE ? class_ : (struct def_ref){method.file, parent};
	return value_make(&g->eval, (struct value){.kind = VALUE_INSTANCE, .def = owner});
}

static void run_function(struct gatherer *g, struct run *run, struct def_ref ref, const struct value *self, uint32_t by)
{
	struct frame *frame = arena_new(g->arena, struct frame);
	*frame = (struct frame){.file = ref.file, .def = ref.def, .self = self};
	*run = (struct run){.e = &g->eval, .frame = frame, .returned = &value_none};
	bind_requests(g, run, by);
	const struct def *def = names_def(g->names, ref);
	if (self && def->n_params)
		frame_set(&g->eval, frame, names_facts(g->names, ref.file)->params.at[def->params].name, self);
	uint64_t left = budget_begin(&g->eval, ref.file);
	run_patterns(run);
	run_block(run, def->body);
	budget_end(&g->eval, left);
}

/* A fixture the catalogue knows by name needs its service whatever its body looks like. */
static void known_fixture(struct gatherer *g, struct run *run, const struct fixture *fixture)
{
	struct str what = names_str(g->names, fixture->name);
	for (size_t i = 0; i < g->config->catalogue.services.n; i++) {
		const struct service *s = &g->config->catalogue.services.at[i];
		for (size_t k = 0; k < s->fixtures.n; k++) {
			if (!str_eq(s->fixtures.at[k], what))
				continue;
			struct hop *hop = arena_new(g->arena, struct hop);
			*hop = (struct hop){.verb = HOP_ASKS,
			                    .file = run->frame->file,
			                    .line = fixture->line,
			                    .what = fixture->name};
			hop->callee.file = REF_NOWHERE;
			contact_add(run, (struct contact){.services = (service_set)1 << i,
			                                  .grade = GRADE_REQUIRES,
			                                  .is_gate = true,
			                                  .hops = hop});
		}
	}
}

/* Celery's plugin makes its app of what this fixture of the suite gives. */
static void plugin_settings(struct gatherer *g, struct run *run, const struct fixture *fixture)
{
	if (str_eq(names_str(g->names, fixture->name), STR("celery_config")) && !fixture->is_external)
		external_open(run, run->returned, fixture->name, fixture->line);
}

static const struct summary *fixture_summary(struct gatherer *g, uint32_t index)
{
	static const struct summary running = {.returned = &value_unknown};
	const struct fixture *fixture = &g->suite->fixtures.at[index];
	uint64_t key = map_mix(index, fixture->is_external ? 0 : g->closure);
	uint32_t at = map_get(&g->fixtures, key);
	if (at != MAP_NONE)
		return g->fixture_summaries.at[at].is_running ? &running : &g->fixture_summaries.at[at];
	at = (uint32_t)g->fixture_summaries.n;
	vec_push(g->arena, &g->fixture_summaries, ((struct summary){.returned = &value_unknown, .is_running = true}));
	map_put(&g->fixtures, key, at);
	struct run run = {.e = &g->eval, .frame = module_frame(g, g->test->file), .returned = &value_unknown};
	if (!fixture->is_external)
		run_function(g, &run, fixture->def, self_of(g, fixture->def, g->test->class_), index);
	plugin_settings(g, &run, fixture);
	known_fixture(g, &run, fixture);
	g->fixture_summaries.at[at] = (struct summary){.returned = run.returned, .contacts = run.contacts};
	return &g->fixture_summaries.at[at];
}

/* A fixture that is asked for by name, with what it asks for in turn. */
static void ask_for(struct gatherer *g, struct run *run, uint32_t index, uint32_t line, int depth)
{
	const struct fixture *f = &g->suite->fixtures.at[index];
	struct hop hop = {.verb = HOP_ASKS, .line = line, .what = f->name, .callee = f->def};
	contacts_through(run, fixture_summary(g, index)->contacts, hop);
	if (f->is_external)
		return;
	const struct def *def = names_def(g->names, f->def);
	for (uint32_t i = 0; depth > 0 && i < def->n_params; i++) {
		name asked = names_facts(g->names, f->def.file)->params.at[def->params + i].name;
		uint32_t found = asked == f->name ? MAP_NONE : fixture_by_name(g, asked);
		if (found == MAP_NONE && asked != f->name && g->is_loose)
			found = loose_fixture(g, asked);
		if (found != MAP_NONE)
			ask_for(g, run, found, line, depth - 1);
	}
}

/* request.getfixturevalue("x"). */
static const struct value *get_fixture(void *data, struct run *run, name what, uint32_t line)
{
	struct gatherer *g = data;
	if (!rule_holds(g->names, RULE_DYNAMIC))
		return &value_unknown;
	uint32_t index = fixture_by_name(g, what);
	bool was_loose = g->is_loose;
	if (index == MAP_NONE) {
		index = loose_fixture(g, what);
		g->is_loose = true;
	}
	if (index != MAP_NONE)
		ask_for(g, run, index, line, 8);
	const struct value *v = index == MAP_NONE ? &value_unknown : fixture_summary(g, index)->returned;
	g->is_loose = was_loose;
	return v;
}

const seam_list *gather_seams(struct gatherer *g, struct def_ref function)
{
	static const seam_list none = {0};
	if (function.file == REF_NOWHERE || names_def(g->names, function)->kind != DEF_FUNCTION)
		return &none;
	uint64_t key = (uint64_t)function.file << 32 | function.def;
	uint32_t at = map_get(&g->function_seams, key);
	if (at == MAP_NONE) {
		seam_list list = {0};
		seams_of_function(g->names, g->arena, function, &list);
		at = (uint32_t)g->seam_lists.n;
		vec_push(g->arena, &g->seam_lists, list);
		map_put(&g->function_seams, key, at);
	}
	return &g->seam_lists.at[at];
}

static void add_seams(struct gatherer *g, struct def_ref function, seam_list *seams)
{
	const seam_list *list = gather_seams(g, function);
	for (size_t i = 0; i < list->n; i++)
		vec_push(g->arena, seams, list->at[i]);
}

static void use_fixtures(struct gatherer *g, struct run *run, seam_list *seams)
{
	for (size_t i = 0; i < g->test->fixtures.n && rule_holds(g->names, RULE_FIXTURES); i++) {
		uint32_t index = g->test->fixtures.at[i];
		const struct fixture *fixture = &g->suite->fixtures.at[index];
		add_seams(g, fixture->def, seams);
		if (is_dynamic(g, index))
			continue; /* where it is asked for, if that is run */
		struct hop hop = {
		        .verb = HOP_ASKS, .line = g->test->line, .what = fixture->name, .callee = fixture->def};
		contacts_through(run, fixture_summary(g, index)->contacts, hop);
	}
}

/* Django's tests share one database, that of the settings. */
static void use_django(struct gatherer *g, struct run *run)
{
	struct str what;
	if (!g->django || !django_opens(g->names, g->suite, g->test, &what))
		return;
	struct hop *cause = arena_new(g->arena, struct hop), *asks = arena_new(g->arena, struct hop);
	*cause = (struct hop){
	        .verb = HOP_SETS, .file = g->django_file, .line = g->django_line, .callee = {REF_NOWHERE, 0}};
	cause->detail = STR("DATABASES");
	*asks = (struct hop){.next = cause, .verb = HOP_ASKS, .file = g->test->file, .line = g->test->line};
	asks->callee.file = REF_NOWHERE;
	asks->what = intern(g->names->repo->names, what);
	contact_add(run, (struct contact){.services = g->django, .grade = GRADE_PROBABLE, .hops = asks});
}

/* ---- setup methods ---- */

static void run_setup(struct gatherer *g, struct run *run, struct def_ref ref, const struct value *self,
                      seam_list *seams)
{
	struct run inner;
	run_function(g, &inner, ref, self, MAP_NONE);
	seams_of_function(g->names, g->arena, ref, seams);
	struct hop hop = {
	        .verb = HOP_RUNS, .line = g->test->line, .callee = ref, .what = names_def(g->names, ref)->name};
	contacts_through(run, inner.contacts, hop);
}

static void use_setup(struct gatherer *g, struct run *run, const struct value *self, seam_list *seams)
{
	static const char *const in_class[] = {"setUpClass",   "setup_class", "setUp",        "asyncSetUp",
	                                       "setup_method", "setup",       "setUpTestData"};
	static const char *const in_module[] = {"setup_module", "setUpModule", "setup_function"};
	for (size_t i = 0; self && i < sizeof in_class / sizeof *in_class; i++) {
		name what = intern(g->names->repo->names, str_of(in_class[i]));
		struct target t = what ? names_class_member(g->names, self->def, what) : (struct target){0};
		if (t.kind == TARGET_DEF)
			run_setup(g, run, (struct def_ref){t.file, t.index}, self, seams);
	}
	for (size_t i = 0; i < sizeof in_module / sizeof *in_module; i++) {
		size_t n;
		name what = intern(g->names->repo->names, str_of(in_module[i]));
		const struct binding *b = what ? names_bindings(g->names, g->test->file, 0, what, &n) : NULL;
		if (b && n && b[n - 1].kind == BIND_DEF)
			run_setup(g, run, (struct def_ref){g->test->file, b[n - 1].index}, NULL, seams);
	}
}

static bool is_indirect(struct gatherer *g, const struct mark *mark)
{
	return mark->expr && str_eq(names_str(g->names, mark->name), STR("parametrize")) &&
	       call_keyword(g->names, mark->file, mark->expr, "indirect");
}

/* What a fixture does depends on these; where a mark gives it its params, on that mark too. */
static uint64_t closure_hash(struct gatherer *g, const struct test *test)
{
	uint64_t h = test->class_.file == REF_NOWHERE ? 3 : map_mix(test->class_.file, test->class_.def);
	h = map_mix(h, test->file);
	for (size_t i = 0; i < test->fixtures.n; i++)
		h = map_mix(h, test->fixtures.at[i]);
	for (size_t i = 0; i < test->marks.n; i++)
		if (is_indirect(g, &test->marks.at[i]))
			h = map_mix(h, map_mix(test->marks.at[i].file, test->marks.at[i].expr));
	return h;
}

const struct contact *gather_test(struct gatherer *g, const struct test *test, seam_list *seams)
{
	g->test = test;
	g->closure = closure_hash(g, test);
	g->eval.fixture = get_fixture;
	g->eval.fixture_data = g;
	struct frame frame = {.file = test->file};
	struct run all = {.e = &g->eval, .frame = &frame, .returned = &value_none, .is_early = true};
	if (rule_holds(g->names, RULE_MODULE))
		import_time(g, &all);
	budget_begin(&g->eval, test->file);
	for (size_t i = 0; i < test->marks.n; i++)
		read_mark(g, &all, &test->marks.at[i]);
	decorators(g, &all, test->def);
	for (struct def_ref c = test->class_; c.file != REF_NOWHERE && c.def;) {
		decorators(g, &all, c);
		size_t first = seams->n;
		seams_of_decorators(g->names, g->arena, c, seams);
		for (size_t i = first; i < seams->n; i++)
			seams->at[i].is_late = true; /* patch on a class wraps its tests */
		c.def = names_def(g->names, c)->parent;
	}
	use_fixtures(g, &all, seams);
	use_django(g, &all);
	const struct value *self = self_of(g, test->def, test->class_);
	if (rule_holds(g->names, RULE_SETUP))
		use_setup(g, &all, self, seams);
	size_t own = seams->n;
	add_seams(g, test->def, seams);
	for (; own < seams->n; own++)
		seams->at[own].is_late = true;
	all.is_early = false;
	struct run body;
	run_function(g, &body, test->def, self, MAP_NONE);
	for (const struct contact *c = body.contacts; c; c = c->next)
		contact_add(&all, *c);
	g->eval.fixture = NULL;
	return all.contacts;
}

/* ---- what a computed name could be ---- */

static service_set services_of(const struct contact *list)
{
	service_set set = 0;
	for (; list; list = list->next)
		if (list->grade >= GRADE_PROBABLE)
			set |= list->services;
	return set;
}

static bool is_within(const struct facts *facts, uint32_t def, uint32_t outer)
{
	while (def && def != outer)
		def = facts->defs.at[def].parent;
	return def == outer;
}

/* Every function in a module (`outer` 0), a class or a function, and that itself, called with nobody knows what. */
static service_set services_within(struct gatherer *g, uint32_t file, uint32_t outer)
{
	const struct facts *facts = names_facts(g->names, file);
	struct run run = {.e = &g->eval, .frame = module_frame(g, file), .returned = &value_none};
	for (uint32_t d = 1; d < facts->defs.n; d++) {
		struct value v = {.kind = VALUE_FUNCTION, .def = {file, d}};
		if (facts->defs.at[d].kind != DEF_FUNCTION || !is_within(facts, d, outer))
			continue;
		if (facts->defs.at[facts->defs.at[d].parent].kind == DEF_CLASS)
			v.self = value_make(&g->eval, (struct value){.kind = VALUE_INSTANCE,
			                                             .def = {file, facts->defs.at[d].parent}});
		eval_apply(&run, value_make(&g->eval, v), &(struct arguments){.has_star = true}, 1);
	}
	return services_of(run.contacts);
}

static struct str as_pattern(struct gatherer *g, struct str text)
{
	struct str pattern = str_copy(g->arena, text);
	for (size_t i = 0; i < pattern.n; i++)
		if (pattern.at[i] == VALUE_HOLE)
			((char *)pattern.at)[i] = '*';
	return pattern;
}

static struct str module_name(struct gatherer *g, struct str path)
{
	struct str dotted = str_copy(g->arena, str_slice(path, 0, path.n - 3));
	for (size_t i = 0; i < dotted.n; i++)
		if (dotted.at[i] == '/')
			((char *)dotted.at)[i] = '.';
	return dotted;
}

static service_set possible_modules(struct gatherer *g, struct str pattern)
{
	service_set set = 0;
	struct str anywhere = str_fmt(g->arena, "*.%.*s", STR_ARG(pattern));
	for (uint32_t i = 0; i < g->names->repo->files.n; i++) {
		struct str dotted = module_name(g, g->names->repo->files.at[i].path);
		if (str_fnmatch(pattern, dotted) || str_fnmatch(anywhere, dotted))
			set |= services_within(g, i, 0);
	}
	return set;
}

static service_set possible_fixtures(struct gatherer *g, struct str pattern, int depth);

/* A fixture with what it asks for in turn: none of them stands in the test's closure. */
static service_set possible_fixture(struct gatherer *g, uint32_t index, int depth)
{
	const struct fixture *f = &g->suite->fixtures.at[index];
	const struct facts *facts = names_facts(g->names, f->def.file);
	const struct def *def = names_def(g->names, f->def);
	service_set set = services_of(fixture_summary(g, index)->contacts);
	for (uint32_t i = 0; depth > 0 && i < def->n_params; i++) {
		name asked = facts->params.at[def->params + i].name;
		if (asked != f->name)
			set |= possible_fixtures(g, names_str(g->names, asked), depth - 1);
	}
	return set;
}

static service_set possible_fixtures(struct gatherer *g, struct str pattern, int depth)
{
	service_set set = 0;
	bool was_loose = g->is_loose;
	uint64_t closure = g->closure;
	g->is_loose = true;
	g->closure = was_loose ? closure : map_mix(closure, 1);
	for (uint32_t i = 0; i < g->suite->fixtures.n; i++) {
		const struct fixture *f = &g->suite->fixtures.at[i];
		if (!f->is_external && str_fnmatch(pattern, names_str(g->names, f->name)))
			set |= possible_fixture(g, i, depth);
	}
	g->is_loose = was_loose;
	g->closure = closure;
	return set;
}

service_set gather_possible(struct gatherer *g, const struct contact *contact)
{
	const struct hop *hop = contact->hops;
	while (hop->next)
		hop = hop->next;
	struct str pattern = as_pattern(g, hop->detail);
	bool has_literal = false;
	for (size_t i = 0; i < pattern.n; i++)
		has_literal |= pattern.at[i] != '*' && pattern.at[i] != '.';
	if (!has_literal)
		return ~(service_set)0;
	if (str_eq(names_str(g->names, hop->what), STR("getfixturevalue")))
		return possible_fixtures(g, pattern, 8);
	return possible_modules(g, pattern);
}

/* ---- what tests without a name could need ---- */

static service_set services_imported(struct gatherer *g, uint32_t file)
{
	size_t n;
	service_set set = 0;
	const struct binding *b = names_scope(g->names, file, 0, &n);
	for (size_t i = 0; i < n; i++) {
		struct target t = {.kind = TARGET_NONE};
		if (b[i].kind == BIND_IMPORT)
			t = names_member(g->names, file, b[i].name);
		if (t.kind == TARGET_DEF)
			set |= services_within(g, t.file, t.index);
	}
	return set;
}

/* Fixtures that are always there, and those that a parameter or a literal of the file names. */
static service_set services_asked(struct gatherer *g, const struct hiding *hiding)
{
	const struct facts *facts = names_facts(g->names, hiding->file);
	struct map asked;
	service_set set = 0;
	map_init(&asked, g->arena);
	for (uint32_t i = 0; i < facts->params.n; i++)
		map_put(&asked, facts->params.at[i].name, 1);
	for (uint32_t i = 1; i < facts->exprs.n; i++)
		if (facts->exprs.at[i].kind == EXPR_STRING && facts->exprs.at[i].text)
			map_put(&asked, facts->exprs.at[i].text, 1);
	for (uint32_t i = 0; i < g->suite->fixtures.n; i++) {
		const struct fixture *f = &g->suite->fixtures.at[i];
		if (!f->is_external && map_get(&asked, f->name) != MAP_NONE)
			set |= possible_fixture(g, i, 8);
	}
	for (size_t i = 0; i < hiding->fixtures.n; i++)
		if (!g->suite->fixtures.at[hiding->fixtures.at[i]].is_external)
			set |= possible_fixture(g, hiding->fixtures.at[i], 8);
	return set;
}

static service_set services_declared(struct gatherer *g, uint32_t file)
{
	struct frame frame = {.file = file};
	struct run run = {.e = &g->eval, .frame = &frame, .returned = &value_none};
	mark_list marks = {0};
	marks_of_scope(g->names, g->arena, (struct def_ref){file, 0}, &marks);
	import_time(g, &run);
	for (size_t i = 0; i < marks.n; i++)
		read_mark(g, &run, &marks.at[i]);
	return services_of(run.contacts);
}

service_set gather_hiding(struct gatherer *g, const struct hiding *hiding)
{
	uint32_t file = hiding->file;
	struct test none = {.file = file, .def = {file, 0}, .class_ = {REF_NOWHERE, 0}};
	g->test = &none;
	g->closure = closure_hash(g, &none);
	g->is_loose = true;
	budget_begin(&g->eval, file);
	service_set set = services_declared(g, file) | services_within(g, file, 0) | services_imported(g, file) |
	                  services_asked(g, hiding);
	g->is_loose = false;
	g->test = NULL;
	return set;
}

void gather_init(struct gatherer *g, struct names *names, struct arena *arena, const struct suite *suite,
                 const struct config *config)
{
	*g = (struct gatherer){.names = names, .suite = suite, .config = config, .arena = arena};
	eval_init(&g->eval, names, arena, config);
	g->django = django_services(names, false, &g->django_file, &g->django_line);
	map_init(&g->fixtures, arena);
	map_init(&g->function_seams, arena);
}
