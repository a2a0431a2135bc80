/* Fixtures of a test: each is run once for a closure; what it gives and whom it reaches. */
#include "resolve/gather_own.h"

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
			return gather_fixture(g, index)->returned;
		passed |= index == by;
	}
	uint32_t loose = g->is_loose ? loose_fixture(g, what) : MAP_NONE;
	return loose != MAP_NONE && loose != by ? gather_fixture(g, loose)->returned : NULL;
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
			v = gather_parametrized(g, asker, p->name);
		if (!v && str_eq(names_str(g->names, p->name), STR("request")))
			v = gather_request(g, asker, by);
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

const struct value *gather_self(struct gatherer *g, struct def_ref method, struct def_ref class_)
{
	const struct facts *facts = names_facts(g->names, method.file);
	uint32_t parent = facts->defs.at[method.def].parent;
	if (facts->defs.at[parent].kind != DEF_CLASS)
		return NULL;
	struct def_ref owner = class_.file != REF_NOWHERE ? class_ : (struct def_ref){method.file, parent};
	return value_make(&g->eval, (struct value){.kind = VALUE_INSTANCE, .def = owner});
}

void gather_run(struct gatherer *g, struct run *run, struct def_ref ref, const struct value *self, uint32_t by)
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

/* What a fixture of pytest-mock gives makes doubles. */
static const struct value *plugin_value(const struct gatherer *g, const struct fixture *fixture)
{
	static const char *const mockers[] = {"mocker", "class_mocker", "module_mocker", "package_mocker",
	                                      "session_mocker"};
	for (size_t i = 0; i < sizeof mockers / sizeof *mockers; i++)
		if (str_eq(names_str(g->names, fixture->name), str_of(mockers[i])))
			return &value_double;
	return &value_unknown;
}

/* What decorators of the suite do around the fixture's body. */
static void wrapped_fixture(struct gatherer *g, struct run *run, const struct fixture *fixture)
{
	if (fixture->is_external || !names_def(g->names, fixture->def)->decorators)
		return;
	struct value f = {.kind = VALUE_FUNCTION, .def = fixture->def};
	const struct wrapped *w = eval_wrapped(&g->eval, value_make(&g->eval, f));
	if (w->is_wrapped)
		eval_apply(run, w->value, &(struct arguments){.has_star = true}, fixture->line);
}

const struct summary *gather_fixture(struct gatherer *g, uint32_t index)
{
	static const struct summary running = {.returned = &value_unknown};
	const struct fixture *fixture = &g->suite->fixtures.at[index];
	uint64_t key = map_mix(index, fixture->is_external ? 0 : g->closure), marked = map_mix(key, g->eval.item);
	uint32_t first = map_get(&g->fixtures, key), at = first;
	if (first != MAP_NONE && g->fixture_summaries.at[first].asks_item)
		at = map_get(&g->fixtures, marked);
	if (at != MAP_NONE) {
		g->eval.asks_item |= g->fixture_summaries.at[at].asks_item;
		return g->fixture_summaries.at[at].is_running ? &running : &g->fixture_summaries.at[at];
	}
	at = (uint32_t)g->fixture_summaries.n;
	vec_push(g->arena, &g->fixture_summaries, ((struct summary){.returned = &value_unknown, .is_running = true}));
	map_put(&g->fixtures, first == MAP_NONE ? key : marked, at);
	bool asked = g->eval.asks_item;
	g->eval.asks_item = false;
	struct run run = {.e = &g->eval, .frame = gather_frame(g, g->test->file), .returned = &value_unknown};
	if (fixture->is_external)
		run.returned = plugin_value(g, fixture);
	else
		gather_run(g, &run, fixture->def, gather_self(g, fixture->def, g->test->class_), index);
	wrapped_fixture(g, &run, fixture);
	plugin_settings(g, &run, fixture);
	known_fixture(g, &run, fixture);
	g->fixture_summaries.at[at] =
	        (struct summary){.returned = run.returned, .contacts = run.contacts, .asks_item = g->eval.asks_item};
	if (g->eval.asks_item) /* tests with other marks have one of their own */
		map_put(&g->fixtures, marked, at);
	g->eval.asks_item |= asked;
	return &g->fixture_summaries.at[at];
}

/* A fixture that is asked for by name, with what it asks for in turn. */
static void ask_for(struct gatherer *g, struct run *run, uint32_t index, uint32_t line, int depth)
{
	const struct fixture *f = &g->suite->fixtures.at[index];
	struct hop hop = {.verb = HOP_ASKS, .line = line, .what = f->name, .callee = f->def};
	contacts_through(run, gather_fixture(g, index)->contacts, hop);
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

const struct value *gather_get_fixture(void *data, struct run *run, name what, uint32_t line)
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
	const struct value *v = index == MAP_NONE ? &value_unknown : gather_fixture(g, index)->returned;
	g->is_loose = was_loose;
	return v;
}
