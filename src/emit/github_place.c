/* Where the steps of a job run: its container, and the environment of all of them. */
#include "emit/github.h"

static bool is_own(const struct github *g, struct str name)
{
	for (size_t i = 0; i < g->own->env.n; i++)
		if (str_eq(g->own->env.at[i].name, name))
			return true;
	return false;
}

void github_add_place(struct github *g, bool with_own_env)
{
	struct yaml *y = &g->yaml;
	const github_env *env = &g->own->job_env;
	bool has_env = env->n || (with_own_env && g->own->env.n);
	if (g->own->container.n) {
		yaml_map(y, STR("container"));
		yaml_pair(y, "image", g->own->container);
		yaml_end(y);
	}
	if (has_env)
		yaml_map(y, STR("env"));
	for (size_t i = 0; i < env->n; i++)
		if (!with_own_env || !is_own(g, env->at[i].name))
			yaml_text(y, env->at[i].name, env->at[i].value);
	if (with_own_env)
		github_add_own_env(g);
	if (has_env)
		yaml_end(y);
}
