/* Skips at import: pytest.skip(allow_module_level=True), importorskip, SkipTest, in the module itself, in a helper it
 * calls at once, or in a module of the tree that it imports. */
#include "resolve/skips.h"

#include "resolve/branches.h"
#include "resolve/calls.h"

static bool is_skip(const struct names *names, struct target t)
{
	return target_is(names, t, "pytest.skip") || target_is(names, t, "unittest.SkipTest") ||
	       target_is(names, t, "unittest.case.SkipTest") || target_is(names, t, "_pytest.outcomes.skip");
}

/* importorskip of a module of the tree itself always works. */
static bool may_be_missing(struct names *names, uint32_t file, uint32_t call)
{
	const struct facts *facts = names_facts(names, file);
	uint32_t argument = facts->exprs.at[facts->exprs.at[call].first].next;
	if (!argument || facts->exprs.at[argument].kind != EXPR_STRING)
		return true;
	struct target t = names_module(names, file, names_str(names, facts->exprs.at[argument].text), 0);
	return t.kind != TARGET_MODULE || facts->exprs.at[argument].next;
}

static bool is_caught(struct names *names, uint32_t file, uint32_t expr, uint32_t owner, bool *is_skip_call)
{
	struct target t = names_expr(names, file, owner, names_facts(names, file)->exprs.at[expr].first);
	*is_skip_call = is_skip(names, t);
	return *is_skip_call || (target_is(names, t, "pytest.importorskip") && may_be_missing(names, file, expr));
}

/* Whether a helper of the tree skips somewhere in its body. */
static bool helper_skips(struct names *names, struct target t)
{
	if (t.kind != TARGET_DEF)
		return false;
	struct def_ref ref = {t.file, t.index};
	const struct facts *facts = names_facts(names, t.file);
	uint32_t first, last;
	bool ignored;
	if (names_def(names, ref)->kind != DEF_FUNCTION || names_def(names, ref)->decorators)
		return false;
	calls_expr_range(facts, ref.def, &first, &last);
	for (uint32_t e = first; e < last; e++)
		if (facts->exprs.at[e].kind == EXPR_CALL && is_caught(names, t.file, e, ref.def, &ignored))
			return true;
	return false;
}

static void found(struct module_skip *skip, uint32_t file, uint32_t line, bool is_certain, struct str text)
{
	skip->is_certain |= is_certain;
	if (skip->may_skip)
		return;
	skip->may_skip = true;
	skip->file = file;
	skip->line = line;
	skip->text = text;
}

static void read_expr(struct names *names, uint32_t file, uint32_t stmt, uint32_t expr, struct module_skip *skip)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *e = &facts->exprs.at[expr];
	if (e->kind == EXPR_LAMBDA)
		return;
	if (e->kind == EXPR_CALL) {
		bool is_skip_call;
		uint32_t owner = facts->stmts.at[stmt].owner;
		if (is_caught(names, file, expr, owner, &is_skip_call)) {
			enum verdict runs = branch_statement(names, file, stmt);
			if (runs != VERDICT_NEVER)
				found(skip, file, e->line, is_skip_call && runs == VERDICT_ALWAYS,
				      is_skip_call ? STR("module-level skip") : STR("module-level importorskip"));
		} else if (helper_skips(names, names_expr(names, file, owner, e->first))) {
			found(skip, file, e->line, false, STR("a helper that skips"));
		}
	}
	for (uint32_t c = e->first; c; c = facts->exprs.at[c].next)
		read_expr(names, file, stmt, c, skip);
}

static bool runs_at_import(const struct facts *facts, const struct stmt *s)
{
	uint32_t owner = s->owner;
	while (owner && facts->defs.at[owner].kind == DEF_CLASS)
		owner = facts->defs.at[owner].parent;
	return owner == 0;
}

static void read_own(struct names *names, uint32_t file, struct module_skip *skip)
{
	const struct facts *facts = names_facts(names, file);
	for (uint32_t i = 1; i < facts->stmts.n; i++) {
		const struct stmt *s = &facts->stmts.at[i];
		if (s->kind == STMT_FUNCTION || s->kind == STMT_CLASS || !runs_at_import(facts, s))
			continue;
		if (s->kind == STMT_RAISE && s->expr) { /* raise SkipTest, without a call */
			struct target t = names_expr(names, file, s->owner, s->expr);
			enum verdict runs = is_skip(names, t) ? branch_statement(names, file, i) : VERDICT_NEVER;
			if (runs != VERDICT_NEVER)
				found(skip, file, s->line, runs == VERDICT_ALWAYS, STR("module-level SkipTest"));
		}
		for (uint32_t e = s->expr; e; e = facts->exprs.at[e].next)
			read_expr(names, file, i, e, skip);
	}
}

/* Only who imports pytest or unittest, or a helper that does, can skip at once. */
static bool may_hold_skips(const struct names *names, const struct facts *facts)
{
	for (size_t i = 0; i < facts->imports.n; i++) {
		struct str module = names_str(names, facts->imports.at[i].module);
		if (str_starts(module, STR("pytest")) || str_starts(module, STR("unittest")) ||
		    facts->imports.at[i].name)
			return true;
	}
	return false;
}

static void add_edge(import_edges *all, struct arena *out, struct target t, uint32_t by)
{
	if (t.kind == TARGET_MODULE && t.file != by)
		vec_push(out, all, ((struct import_edge){t.file, by}));
}

static void add_imports(struct names *names, struct arena *out, uint32_t file, import_edges *all)
{
	const struct facts *facts = names_facts(names, file);
	for (size_t i = 0; i < facts->imports.n; i++) {
		const struct import *import = &facts->imports.at[i];
		if (facts->stmts.at[import->stmt].owner || branch_statement(names, file, import->stmt) == VERDICT_NEVER)
			continue;
		struct target t = names_module(names, file, names_str(names, import->module), import->level);
		add_edge(all, out, t, file);
		if (import->name && t.kind != TARGET_EXTERNAL)
			add_edge(all, out, names_attribute(names, t, import->name), file);
	}
	struct str folder = path_dir(names->repo->files.at[file].path);
	const struct source_file *init = repo_file(names->repo, path_join(out, folder, STR("__init__.py")));
	if (init)
		add_edge(all, out,
		         (struct target){.kind = TARGET_MODULE, .file = (uint32_t)(init - names->repo->files.at)},
		         file);
}

/* ---- the whole tree ---- */

/* The edges of all parts by what is imported: those to file f are to[first[f]] .. to[first[f + 1] - 1]. */
struct importers {
	uint32_t *first, *by;
};

static struct importers sort_edges(struct arena *tmp, size_t n_files, const skip_parts *parts)
{
	struct importers all = {.first = arena_array(tmp, uint32_t, n_files + 2)};
	size_t n = 0;
	for (size_t p = 0; p < parts->n; p++) {
		const import_edges *edges = &parts->at[p].edges;
		n += edges->n;
		for (size_t i = 0; i < edges->n; i++)
			all.first[edges->at[i].imported + 2]++;
	}
	for (size_t f = 2; f < n_files + 2; f++)
		all.first[f] += all.first[f - 1];
	all.by = arena_array(tmp, uint32_t, n + 1);
	for (size_t p = 0; p < parts->n; p++) {
		const import_edges *edges = &parts->at[p].edges;
		for (size_t i = 0; i < edges->n; i++)
			all.by[all.first[edges->at[i].imported + 1]++] = edges->at[i].by;
	}
	return all;
}

/* Who lies in one folder looks into the same helpers; of a large folder not all need be looked into again for one. */
enum { PART_MOST = 32 };

skip_parts skips_parts(struct arena *out, const struct repo *repo, const bool *may)
{
	skip_parts parts = {0};
	struct skip_part *last = NULL;
	for (uint32_t file = 0; file < repo->files.n; file++) {
		struct str folder = path_dir(repo->files.at[file].path);
		if (!may[file])
			continue;
		if (!last || last->files.n == PART_MOST ||
		    !str_eq(folder, path_dir(repo->files.at[last->files.at[0]].path))) {
			vec_push(out, &parts, (struct skip_part){0});
			last = &parts.at[parts.n - 1];
		}
		vec_push(out, &last->files, file);
	}
	return parts;
}

void skips_read(struct arena *out, struct names *names, struct skip_part *part)
{
	part->own = arena_array(out, struct module_skip, part->files.n + 1);
	for (size_t i = 0; i < part->files.n; i++)
		if (may_hold_skips(names, names_facts(names, part->files.at[i])))
			read_own(names, part->files.at[i], &part->own[i]);
}

void skips_read_imports(struct arena *out, struct names *names, struct skip_part *part)
{
	for (size_t i = 0; i < part->files.n; i++)
		add_imports(names, out, part->files.at[i], &part->edges);
	part->has_edges = true;
}

bool skips_are_there(const skip_parts *parts)
{
	for (size_t p = 0; p < parts->n; p++)
		for (size_t i = 0; i < parts->at[p].files.n; i++)
			if (parts->at[p].own[i].may_skip)
				return true;
	return false;
}

/* From each module that skips to those that import it, and on. */
const struct module_skip *skips_spread(struct arena *out, struct arena *tmp, size_t n_files, const skip_parts *parts)
{
	struct module_skip *skips = arena_array(out, struct module_skip, n_files + 1);
	struct importers all = sort_edges(tmp, n_files, parts);
	VEC(uint32_t) queue = {0};
	for (size_t p = 0; p < parts->n; p++)
		for (size_t i = 0; i < parts->at[p].files.n; i++)
			skips[parts->at[p].files.at[i]] = parts->at[p].own[i];
	for (uint32_t file = 0; file < n_files; file++)
		if (skips[file].may_skip)
			vec_push(tmp, &queue, file);
	for (size_t q = 0; q < queue.n; q++) {
		const struct module_skip from = skips[queue.at[q]];
		for (uint32_t i = all.first[queue.at[q]]; i < all.first[queue.at[q] + 1]; i++) {
			uint32_t by = all.by[i];
			if (!skips[by].may_skip)
				vec_push(tmp, &queue, by);
			found(&skips[by], from.file, from.line, false, from.text);
		}
	}
	return skips;
}
