/* Hooks of collection.  pytest_collection_modifyitems is looked into: one that only goes through the items and adds
 * marks takes no test away. */
#include "resolve/hooks.h"

#include "resolve/branches.h"
#include "resolve/generated.h"
#include "resolve/items.h"
#include "resolve/literal.h"

struct hooking {
	struct fixtures *f;
	struct arena *out;
	struct file_exactness *x;
	uint32_t module;
	struct str path;
};

static const struct facts *facts_of(const struct hooking *h)
{
	return names_facts(h->f->names, h->module);
}

enum effect { GENERATES, NAMES_IDS, ADDS, REPLACES, REMOVES, MODIFIES, MARKS };

static void read_hook(const struct hooking *h, enum effect effect, struct target t, uint32_t line, struct str text)
{
	struct fixtures *f = h->f;
	struct file_exactness *x = h->x;
	switch (effect) {
	case GENERATES:
		if (t.kind == TARGET_DEF)
			vec_push(h->out, &x->generators, ((struct def_ref){t.file, t.index}));
		else
			x->ids_are_pytests = false;
		break;
	case NAMES_IDS: x->ids_are_pytests = false; break;
	case MARKS: x->marks_may_grow = true; break;
	case ADDS: exactness_note(f, h->out, x, UNKNOWN_HOOK, true, h->module, line, text); break;
	case REPLACES: exactness_replace(f, h->out, x, UNKNOWN_HOOK, h->module, line, text); break;
	case REMOVES: exactness_vanish(f, h->out, x, UNKNOWN_HOOK, h->module, line, text); break;
	case MODIFIES:
		if (items_change(f->names, t, &x->marks_may_grow))
			exactness_vanish(f, h->out, x, UNKNOWN_HOOK, h->module, line, text);
		else
			exactness_note(f, h->out, x, UNKNOWN_HOOK, false, h->module, line, text);
		break;
	}
}

static uint32_t line_of(const struct hooking *h, name hook)
{
	size_t n;
	const struct binding *b = names_bindings(h->f->names, h->module, 0, hook, &n);
	return n ? facts_of(h)->stmts.at[b[0].stmt].line : 0;
}

static void read_hooks(const struct hooking *h)
{
	static const struct {
		const char *name;
		enum effect effect;
	} hooks[] = {
	        {"pytest_generate_tests", GENERATES},
	        {"pytest_make_parametrize_id", NAMES_IDS},
	        {"pytest_collect_file", ADDS},
	        {"pytest_collect_directory", REPLACES},
	        {"pytest_pycollect_makeitem", REPLACES},
	        {"pytest_pycollect_makemodule", REPLACES},
	        {"pytest_collection_modifyitems", MODIFIES},
	        {"pytest_ignore_collect", REMOVES},
	        {"pytest_itemcollected", MARKS},
	        {"pytest_collection", REPLACES},
	};
	for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
		name key = intern(h->f->names->repo->names, str_of(hooks[i].name));
		struct target t = {.kind = TARGET_NONE};
		if (key)
			t = names_member(h->f->names, h->module, key);
		if (t.kind != TARGET_NONE)
			read_hook(h, hooks[i].effect, t, line_of(h, key), str_of(hooks[i].name));
	}
}

/* exec() in a conftest, or a star import from elsewhere, may bring any hook. */
static void read_obscure(const struct hooking *h)
{
	struct file_exactness x = {0};
	generated_read(h->f, h->out, h->module, &x);
	for (size_t i = 0; i < x.unknowns.n; i++) {
		const struct unknown *u = &x.unknowns.at[i];
		struct str text = names_str(h->f->names, u->text);
		if (u->kind == UNKNOWN_GENERATED)
			h->x->ids_are_pytests = false;
		exactness_replace(h->f, h->out, h->x, u->kind, h->module, u->line, text);
	}
}

/* ---- collect_ignore ---- */

static bool entry_hits(const struct hooking *h, struct str entry, bool is_glob)
{
	struct str whole = path_join(h->f->arena, path_dir(h->f->names->repo->files.at[h->module].path), entry), normal;
	if (!path_normal(h->f->arena, whole, &normal))
		return false;
	if (is_glob)
		return str_fnmatch(normal, h->path);
	return str_starts(h->path, normal) && (h->path.n == normal.n || h->path.at[normal.n] == '/');
}

static void read_ignored(const struct hooking *h, uint32_t list, enum verdict runs, uint32_t line, bool is_glob)
{
	struct place where = {h->module, 0, list, STR_NONE};
	places items = {0};
	struct str entry;
	bool is_list = literal_items(h->f->names, h->out, where, &items);
	if (!is_list && literal_string(h->f->names, where, &entry)) { /* .append("x") */
		vec_push(h->out, &items, where);
		is_list = true;
	}
	bool hits = false, may_hit = !is_list;
	for (size_t i = 0; i < items.n; i++) {
		bool is_text = literal_string(h->f->names, items.at[i], &entry);
		may_hit |= !is_text;
		hits |= is_text && entry_hits(h, entry, is_glob);
	}
	if (hits && runs == VERDICT_ALWAYS)
		h->x->is_ignored = true;
	else if ((hits || may_hit) && runs != VERDICT_NEVER)
		exactness_vanish(h->f, h->out, h->x, UNKNOWN_IGNORE, h->module, line, STR("collect_ignore"));
}

/* `collect_ignore = [...]`, `collect_ignore += ...`, `collect_ignore.append(...)`. */
static void read_ignores(const struct hooking *h, const char *variable, bool is_glob)
{
	const struct facts *facts = facts_of(h);
	name key = intern(h->f->names->repo->names, str_of(variable));
	size_t n = 0;
	const struct binding *b = key ? names_bindings(h->f->names, h->module, 0, key, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		if (b[i].value)
			read_ignored(h, b[i].value, branch_statement(h->f->names, h->module, b[i].stmt),
			             facts->stmts.at[b[i].stmt].line, is_glob);
	for (uint32_t i = 1; n && i < facts->stmts.n; i++) {
		const struct stmt *s = &facts->stmts.at[i];
		const struct expr *call = &facts->exprs.at[s->expr];
		if (s->kind != STMT_EXPR || call->kind != EXPR_CALL)
			continue;
		const struct expr *callee = &facts->exprs.at[call->first];
		if (callee->kind != EXPR_ATTRIBUTE || facts->exprs.at[callee->first].text != key || !callee->next)
			continue;
		enum verdict runs = s->owner ? VERDICT_MAYBE : branch_statement(h->f->names, h->module, i);
		read_ignored(h, callee->next, runs, s->line, is_glob);
	}
}

void hooks_read(struct fixtures *f, struct arena *out, uint32_t module, struct str path, struct file_exactness *x)
{
	struct hooking h = {f, out, x, module, path};
	read_hooks(&h);
	read_obscure(&h);
	read_ignores(&h, "collect_ignore", false);
	read_ignores(&h, "collect_ignore_glob", true);
}

void hooks_read_own(struct fixtures *f, struct arena *out, uint32_t file, struct file_exactness *x)
{
	struct hooking h = {f, out, x, file, STR_NONE};
	name key = intern(f->names->repo->names, STR("pytest_generate_tests"));
	struct target t = {.kind = TARGET_NONE};
	if (key)
		t = names_member(f->names, file, key);
	if (t.kind != TARGET_NONE)
		read_hook(&h, GENERATES, t, 0, STR_NONE);
}
