/* Programs that are run, modules and text that are loaded by name. */
#include "resolve/external_own.h"

/* `python -m package.module` of the tree: what its module level does, main guard included. */
static void run_module(struct outcall *o, struct str dotted)
{
	struct target t = names_module(o->e->names, o->run->frame->file, dotted, 0);
	struct target main = t.kind == TARGET_MODULE ? names_member(o->e->names, t.file,
	                                                            intern(o->e->names->repo->names, STR("__main__")))
	                                             : t;
	if (main.kind == TARGET_MODULE)
		t = main;
	if (!rule_holds(o->e->names, RULE_PROGRAMS) || t.kind != TARGET_MODULE || o->e->depth > 30)
		return;
	struct frame frame = {.file = t.file};
	struct run inner = {.e = o->e, .frame = &frame, .returned = &value_none};
	o->e->depth++;
	run_block(&inner, names_facts(o->e->names, t.file)->defs.at[0].body);
	o->e->depth--;
	struct hop hop = {.verb = HOP_RUNS, .line = o->line, .callee = {REF_NOWHERE, 0}};
	hop.what = intern(o->e->names->repo->names, dotted);
	contacts_through(o->run, inner.contacts, hop);
}

void external_run_program(struct outcall *o)
{
	const struct value *command = o->a->n ? o->a->at[0].value : &value_unknown;
	const struct catalogue *catalogue = o->e->names->catalogue;
	struct str whole = value_text(o->e, command);
	VEC(struct str) words = {0};
	for (uint32_t i = 0; command->kind == VALUE_LIST && i < command->n_items; i++)
		vec_push(o->e->arena, &words, value_text(o->e, command->items[i]));
	if (command->kind == VALUE_LIST)
		whole = str_join(o->e->arena, words.at, words.n, STR(" "));
	struct str program = path_base(str_slice(whole, 0, str_find(whole, STR(" "), 0)));
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (external_in_list(&catalogue->services.at[i].commands, program))
			external_reach(o, (service_set)1 << i, GRADE_REQUIRES, true, whole, 0);
	for (size_t i = 0; i < words.n; i++) {
		if (str_has(words.at[i], STR("://")))
			external_open_text(o, words.at[i], 0, GRADE_PROBABLE, false);
		if (str_eq(words.at[i], STR("-m")) && i + 1 < words.n)
			run_module(o, words.at[i + 1]);
	}
}

void external_load(struct outcall *o, struct str text)
{
	const struct source_file *file = &o->e->names->repo->files.at[o->run->frame->file];
	bool in_suite = file->is_test || file->is_conftest;
	if (in_suite && rule_holds(o->e->names, RULE_UNKNOWN))
		contact_add(o->run, (struct contact){.grade = GRADE_UNKNOWN,
		                                     .is_dynamic = true,
		                                     .hops = external_cause(o, HOP_LOADS, text)});
}

const struct value *external_import(struct outcall *o)
{
	const struct value *what = argument_at(o->a, 0);
	struct str text = what ? value_text(o->e, what) : STR_NONE;
	if (what && value_is_text(what) && text.n) {
		struct target t = names_module(o->e->names, o->run->frame->file, text, 0);
		struct hop hop = {.verb = HOP_RUNS, .line = o->line, .callee = {REF_NOWHERE, 0}};
		hop.what = intern(o->e->names->repo->names, STR("import"));
		if (t.kind == TARGET_MODULE)
			contacts_through(o->run, eval_import(o->e, t.file), hop);
		return value_of_target(o->e, t);
	}
	external_load(o, text);
	return &value_unknown;
}
