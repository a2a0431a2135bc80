/* The last of the config's overrides that fits a test. */
#include "resolve/overrides.h"

const struct override_config *override_of(const struct config *config, const struct repo *repo, struct str id,
                                          uint32_t file)
{
	struct str path = repo->files.at[file].path;
	for (size_t i = config->overrides.n; i-- > 0;) {
		const struct override_config *o = &config->overrides.at[i];
		if (str_fnmatch(o->test, id) || str_fnmatch(o->test, path) ||
		    (str_starts(id, o->test) && str_starts(str_slice(id, o->test.n, id.n), STR("::"))))
			return o;
	}
	return NULL;
}

/* `need`, of each of the services. */
void needs_put_each(struct arena *out, need_list *list, const struct config *config, service_set services,
                    struct need need, struct step step)
{
	for (unsigned k = 0; k < config->catalogue.services.n; k++) {
		if (!(services >> k & 1))
			continue;
		struct need one = need;
		one.services = (service_set)1 << k;
		one.why.grade = one.grade;
		vec_push(out, &one.why.steps, step);
		vec_push(out, list, one);
	}
}

void override_apply(struct arena *out, need_list *list, const struct config *config, const struct override_config *o,
                    struct step step, bool is_dead)
{
	list->n = 0;
	step.text = str_fmt(out, "%.*s overrides: %.*s", STR_ARG(o->place), STR_ARG(o->reason));
	needs_put_each(out, list, config, o->needs,
	               (struct need){.grade = GRADE_REQUIRES, .is_override = true, .is_dead = is_dead}, step);
}
