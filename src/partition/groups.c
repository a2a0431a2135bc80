/* Union-find over units. */
#include "partition/groups.h"

#include "base/hash.h"
#include "base/map.h"

struct unions {
	uint32_t *root;
	struct map keys; /* what joins units -> the first unit that had it */
};

static uint32_t find(const struct unions *unions, uint32_t unit)
{
	while (unions->root[unit] != unit)
		unit = unions->root[unit] = unions->root[unions->root[unit]];
	return unit;
}

/* The lower unit becomes the root, so that groups are numbered by their first unit. */
static void join(struct unions *unions, uint32_t a, uint32_t b)
{
	a = find(unions, a);
	b = find(unions, b);
	unions->root[a > b ? a : b] = a > b ? b : a;
}

/* Units with the same key stay together. */
static void join_by_key(struct unions *unions, uint64_t key, uint32_t unit)
{
	uint32_t first = map_get(&unions->keys, key);
	if (first == MAP_NONE)
		map_put(&unions->keys, key, unit);
	else
		join(unions, first, unit);
}

/* The literal name in `xdist_group("name")` or `xdist_group(name="name")`; any other expression is the one group whose
 * name is not known. */
static struct str group_name(const struct plan_request *request, const struct mark *mark)
{
	const struct facts *facts = repo_facts(request->repo, mark->file);
	const struct expr *call = &facts->exprs.at[mark->expr];
	if (call->kind != EXPR_CALL)
		return STR_NONE;
	uint32_t argument = facts->exprs.at[call->first].next;
	const struct expr *value = &facts->exprs.at[argument];
	if (argument && value->kind == EXPR_KEYWORD)
		value = &facts->exprs.at[value->first];
	if (!argument || value->kind != EXPR_STRING)
		return STR_NONE;
	return intern_str(request->repo->names, value->text);
}

static void join_marked(struct unions *unions, const struct plan_request *request, const units *units)
{
	for (uint32_t u = 0; u < units->n; u++)
		for (uint32_t i = 0; i < units->at[u].n_tests; i++) {
			const struct test *test = &request->suite->tests.at[units->at[u].tests[i]];
			for (size_t m = 0; m < test->marks.n; m++)
				if (str_eq(intern_str(request->repo->names, test->marks.at[m].name),
				           STR("xdist_group")))
					join_by_key(unions, map_mix(1, hash64(group_name(request, &test->marks.at[m]))),
					            u);
		}
}

static void join_configured(struct unions *unions, const struct plan_request *request, const units *units)
{
	const struct config *config = request->config;
	for (size_t g = 0; g < config->groups.n; g++)
		for (uint32_t u = 0; u < units->n; u++) {
			const strs *paths = &config->groups.at[g].paths;
			for (size_t i = 0; i < paths->n; i++)
				if (str_fnmatch(paths->at[i], units->at[u].path))
					join_by_key(unions, map_mix(2, g), u);
		}
}

static struct groups collect(struct arena *out, struct arena *tmp, const struct unions *unions, const units *units)
{
	struct groups groups = {.of = arena_array(out, uint32_t, units->n)};
	uint32_t *sizes = arena_array(tmp, uint32_t, units->n);
	for (uint32_t u = 0; u < units->n; u++)
		sizes[find(unions, u)]++;
	groups.at = arena_array(out, struct group, units->n);
	for (uint32_t u = 0; u < units->n; u++) {
		uint32_t root = find(unions, u);
		if (root == u) {
			groups.of[u] = groups.n;
			groups.at[groups.n++].units = arena_array(out, uint32_t, sizes[u]);
		}
		struct group *group = &groups.at[groups.of[u] = groups.of[root]];
		group->units[group->n++] = u;
		group->ms += units->at[u].ms;
		group->demand =
		        group->n == 1 ? units->at[u].demand : demand_join(out, group->demand, units->at[u].demand);
	}
	return groups;
}

struct groups groups_find(struct arena *out, struct arena *tmp, const struct plan_request *request, const units *units)
{
	struct unions unions = {.root = arena_array(tmp, uint32_t, units->n)};
	map_init(&unions.keys, tmp);
	for (uint32_t u = 0; u < units->n; u++)
		unions.root[u] = u;
	for (uint32_t u = 0; u < units->n; u++)
		if (units->at[u].bundle)
			join_by_key(&unions, map_mix(3, map_mix(units->at[u].file, units->at[u].bundle)), u);
	join_configured(&unions, request, units);
	join_marked(&unions, request, units);
	return collect(out, tmp, &unions, units);
}
