/* What happens on import.  A client merely made there counts where it is used; what skips, fails or raises stops
 * all that import the module, over any number of modules.  Modules that import each other are one knot: what stops
 * one of them stops them all, whichever was asked for first (Tarjan's strongly connected components). */
#include "resolve/eval.h"

static uint32_t visit(struct eval *e, uint32_t file);

static struct run run_of(struct eval *e, uint32_t file)
{
	struct frame *frame = arena_new(e->arena, struct frame);
	*frame = (struct frame){.file = file};
	return (struct run){.e = e, .frame = frame, .returned = &value_none};
}

/* What the module's own statements do that its import depends on. */
static struct run own(struct eval *e, uint32_t file)
{
	struct run run = run_of(e, file), kept = run;
	/* Whatever it is, it is not "__main__": what stands under that is not run by an import. */
	frame_set(e, run.frame, intern(e->names->repo->names, STR("__name__")), value_string(e, STR("imported")));
	uint64_t left = budget_begin(e, file);
	const struct value *(*fixture)(void *, struct run *, name, uint32_t) = e->fixture;
	e->fixture = NULL; /* no test is at hand: a fixture that decorators name is asked for by the tests */
	run_block(&run, names_facts(e->names, file)->defs.at[0].body);
	e->fixture = fixture;
	budget_end(e, left);
	for (const struct contact *c = run.contacts; c; c = c->next)
		if (c->is_gate || (c->is_eager && !c->is_guarded) || c->is_dynamic)
			contact_add(&kept, *c);
	run_patterns(&kept);
	return kept;
}

/* Gates and failures alone: what a pattern matches there, or what is loaded there, is no matter of the importer. */
static void import_from(struct run *run, const struct contact *list, uint32_t line)
{
	struct hop hop = {.verb = HOP_RUNS, .line = line, .callee = {REF_NOWHERE, 0}};
	struct run stops = {.e = run->e, .frame = run->frame, .returned = &value_none};
	for (; list; list = list->next)
		if (list->is_gate || (list->is_eager && !list->is_guarded) || is_exceeded(list))
			contact_add(&stops, *list);
	hop.what = intern(run->e->names->repo->names, STR("import"));
	contacts_through(run, stops.contacts, hop);
}

/* Gives how far back the module's knot is known to reach. */
static uint32_t import_one(struct run *run, struct target t, uint32_t line, uint32_t low)
{
	if (t.kind != TARGET_MODULE || t.file == run->frame->file)
		return low;
	uint32_t at = visit(run->e, t.file);
	const struct module_import *m = &run->e->module_list.at[at];
	if (m->is_done)
		import_from(run, m->contacts, line);
	return !m->is_done && m->low < low ? m->low : low;
}

/* The modules that are imported at once and without condition. */
static uint32_t import_each(struct run *run, uint32_t low)
{
	struct names *names = run->e->names;
	uint32_t file = run->frame->file;
	const struct facts *facts = names_facts(names, file);
	for (size_t i = 0; i < facts->imports.n; i++) {
		const struct import *import = &facts->imports.at[i];
		const struct stmt *s = &facts->stmts.at[import->stmt];
		if (s->owner || s->parent || !rule_holds(names, RULE_IMPORTS))
			continue;
		struct target t = names_module(names, file, names_str(names, import->module), import->level);
		low = import_one(run, t, s->line, low);
		if (import->name && t.kind == TARGET_MODULE)
			low = import_one(run, names_attribute(names, t, import->name), s->line, low);
	}
	return low;
}

/* All above `at` on the stack belong to its knot. */
static void tie(struct eval *e, size_t bottom)
{
	for (size_t i = bottom; i < e->module_stack.n; i++) {
		struct module_import *m = &e->module_list.at[e->module_stack.at[i]];
		struct run all = run_of(e, m->file);
		all.contacts = m->contacts;
		for (size_t k = bottom; k < e->module_stack.n; k++)
			if (k != i)
				import_from(&all, e->module_list.at[e->module_stack.at[k]].own, 1);
		m->contacts = all.contacts;
	}
	for (size_t i = bottom; i < e->module_stack.n; i++)
		e->module_list.at[e->module_stack.at[i]].is_done = true;
	e->module_stack.n = bottom;
}

static uint32_t visit(struct eval *e, uint32_t file)
{
	uint32_t at = map_get(&e->modules, file);
	if (at != MAP_NONE)
		return at;
	at = (uint32_t)e->module_list.n;
	size_t bottom = e->module_stack.n;
	map_put(&e->modules, file, at);
	vec_push(e->arena, &e->module_list, ((struct module_import){.file = file, .low = at}));
	vec_push(e->arena, &e->module_stack, at);
	struct run run = own(e, file);
	uint32_t low = import_each(&run, at);
	e->module_list.at[at].own = e->module_list.at[at].contacts = run.contacts;
	e->module_list.at[at].low = low;
	if (low == at)
		tie(e, bottom);
	return at;
}

const struct contact *eval_import(struct eval *e, uint32_t file)
{
	uint32_t at = visit(e, file); /* the list may move meanwhile */
	return e->module_list.at[at].contacts;
}
