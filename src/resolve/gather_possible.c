/* What could be meant where only a run would tell: computed names of fixtures and modules, tests that a file makes
 * while it runs. */
#include "resolve/gather_own.h"

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
	struct run run = {.e = &g->eval, .frame = gather_frame(g, file), .returned = &value_none};
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
	service_set set = services_of(gather_fixture(g, index)->contacts);
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
	gather_import(g, &run);
	for (size_t i = 0; i < marks.n; i++)
		gather_mark(g, &run, &marks.at[i]);
	return services_of(run.contacts);
}

service_set gather_hiding(struct gatherer *g, const struct hiding *hiding)
{
	uint32_t file = hiding->file;
	struct test none = {.file = file, .def = {file, 0}, .class_ = {REF_NOWHERE, 0}};
	g->test = &none;
	g->closure = gather_closure(g, &none);
	g->eval.item = 0;
	g->is_loose = true;
	budget_begin(&g->eval, file);
	service_set set = services_declared(g, file) | services_within(g, file, 0) | services_imported(g, file) |
	                  services_asked(g, hiding);
	g->is_loose = false;
	g->test = NULL;
	return set;
}
