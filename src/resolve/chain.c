/* Conftests by folder; plugins by module, from -p, pytest_plugins and entry points.  Those in pyproject.toml and setup.cfg
 * come with pytest's config; setup.py is code of the tree, and read here. */
#include "resolve/chain.h"

void chain_add(struct arena *out, index_list *list, uint32_t index)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i] == index)
			return;
	if (index != MAP_NONE)
		vec_push(out, list, index);
}

/* ---- setup.py ---- */

static void add_reference(struct chains *c, struct str text)
{
	size_t equals = str_find(text, STR("="), 0);
	if (equals == SIZE_MAX)
		return;
	vec_push(c->arena, &c->plugins, entry_point_module(str_slice(text, equals + 1, text.n)));
}

/* {"pytest11": ["name = package.module"]}, wherever in the file it stands. */
static void read_dict(struct chains *c, const struct facts *facts, const struct expr *dict)
{
	for (uint32_t key = dict->first, value; key; key = value ? facts->exprs.at[value].next : 0) {
		const struct expr *k = &facts->exprs.at[key];
		value = k->kind == EXPR_DOUBLE_STAR ? key : k->next;
		if (k->kind != EXPR_STRING || !value || !str_eq(names_str(c->names, k->text), STR("pytest11")))
			continue;
		const struct expr *list = &facts->exprs.at[value];
		if (list->kind == EXPR_STRING)
			add_reference(c, names_str(c->names, list->text));
		for (uint32_t e = list->kind == EXPR_LIST || list->kind == EXPR_TUPLE ? list->first : 0; e;
		     e = facts->exprs.at[e].next)
			if (facts->exprs.at[e].kind == EXPR_STRING)
				add_reference(c, names_str(c->names, facts->exprs.at[e].text));
	}
}

static uint32_t file_at(const struct chains *c, struct str folder, const char *base)
{
	const struct source_file *file = repo_file(c->names->repo, path_join(c->arena, folder, str_of(base)));
	return file ? (uint32_t)(file - c->names->repo->files.at) : MAP_NONE;
}

static void read_setup_py(struct chains *c, struct str folder)
{
	uint32_t file = file_at(c, folder, "setup.py");
	if (file == MAP_NONE)
		return;
	const struct facts *facts = names_facts(c->names, file);
	for (uint32_t i = 1; i < facts->exprs.n; i++)
		if (facts->exprs.at[i].kind == EXPR_DICT)
			read_dict(c, facts, &facts->exprs.at[i]);
}

/* ---- plugins and conftests ---- */

static void add_plugin(struct chains *c, uint32_t from, struct str dotted, index_list *list)
{
	struct target t = names_module(c->names, from, dotted, 0);
	if (t.kind != TARGET_MODULE)
		return;
	size_t before = list->n;
	chain_add(c->arena, list, t.file);
	if (list->n > before)
		chain_add_plugins(c, t.file, list);
}

void chain_add_plugins(struct chains *c, uint32_t file, index_list *list)
{
	size_t n;
	name key = intern(c->names->repo->names, STR("pytest_plugins"));
	const struct binding *b = key ? names_bindings(c->names, file, 0, key, &n) : NULL;
	for (size_t i = 0; b && i < n; i++) {
		const struct facts *facts = names_facts(c->names, file);
		if (!b[i].value)
			continue;
		const struct expr *e = &facts->exprs.at[b[i].value];
		if (e->kind == EXPR_STRING)
			add_plugin(c, file, names_str(c->names, e->text), list);
		for (uint32_t k = e->kind == EXPR_LIST || e->kind == EXPR_TUPLE ? e->first : 0; k;
		     k = facts->exprs.at[k].next)
			if (facts->exprs.at[k].kind == EXPR_STRING)
				add_plugin(c, file, names_str(c->names, facts->exprs.at[k].text), list);
	}
}

static void fill(struct chains *c, uint32_t from, struct str folder, index_list *list)
{
	for (struct str d = folder;; d = path_dir(d)) {
		chain_add(c->arena, list, file_at(c, d, "conftest.py"));
		if (d.n == 0 || (c->top.n && d.n <= c->top.n))
			break;
	}
	size_t n_conftests = list->n;
	for (size_t i = 0; i < n_conftests; i++)
		chain_add_plugins(c, list->at[i], list);
	for (size_t i = 0; i < c->plugins.n; i++)
		add_plugin(c, from, c->plugins.at[i], list);
}

const index_list *chain_of(struct chains *c, uint32_t file)
{
	struct str folder = path_dir(c->names->repo->files.at[file].path);
	name key = intern(c->names->repo->names, folder);
	uint32_t at = map_get(&c->known, key);
	if (at == MAP_NONE) {
		index_list list = {0};
		fill(c, file, folder, &list);
		at = (uint32_t)c->lists.n;
		vec_push(c->arena, &c->lists, list);
		map_put(&c->known, key, at);
	}
	return &c->lists.at[at];
}

void chains_init(struct chains *chains, struct names *names, struct arena *out, const struct pytest_config *pytest)
{
	*chains = (struct chains){.names = names, .arena = out, .top = pytest->rootdir};
	map_init(&chains->known, out);
	for (size_t i = 0; i < pytest->plugins.n; i++)
		vec_push(out, &chains->plugins, pytest->plugins.at[i]);
	for (struct str d = pytest->rootdir;; d = path_dir(d)) {
		read_setup_py(chains, d);
		if (d.n == 0)
			break;
	}
}
