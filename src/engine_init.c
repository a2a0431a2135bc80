/* A first config: which job is taken over, what its tests need, and the file that says so.
 *
 * The needs are found with the services already read from the job, so that its ports and host names count.  What is
 * written is read back before it is put in place. */
#include "engine_init.h"

#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "config/config.h"
#include "config/pytest_ini.h"
#include "config/services.h"
#include "project/known.h"
#include "project/propose_lanes.h"

#define CONFIG_PATH "lanewright.toml"

static bool refuse_existing(lanewright *lw, bool force)
{
	struct err ignored = {0};
	struct str text;
	const char *pyproject = engine_path(lw, "pyproject.toml");
	if (force)
		return true;
	if (file_exists(engine_path(lw, CONFIG_PATH)))
		return fail_usage(&lw->err, "there is a " CONFIG_PATH " already; --force replaces it");
	if (file_exists(pyproject) && file_read(&lw->tmp, pyproject, &text, &ignored) &&
	    str_has(text, STR("[tool.lanewright")))
		return fail_usage(&lw->err,
		                  "pyproject.toml has [tool.lanewright] already; --force writes a " CONFIG_PATH
		                  ", which goes before it");
	return true;
}

/* ---- needs ---- */

/* From here on the handle works with this config, as if it had been read. */
static bool use_config(lanewright *lw, struct str text)
{
	if (!config_parse(&lw->out, &lw->tmp, text, STR(CONFIG_PATH), &lw->config, &lw->err) ||
	    !pytest_config_read(&lw->out, &lw->tmp, lw->root.at, &lw->config.paths, &lw->pytest, &lw->err))
		return false;
	lw->has_config = true;
	return true;
}

/* Of an any-of need the first service that is there already, else the first. */
static service_set set_of(lanewright *lw, const need_list *needs)
{
	struct demand demand = needs_demand(&lw->tmp, needs, lw->config.grade);
	service_set set = demand.all;
	for (size_t i = 0; i < demand.any_of.n; i++)
		if (!(set & demand.any_of.at[i]))
			set |= demand.any_of.at[i] & (~demand.any_of.at[i] + 1);
	return set;
}

static void add_wish(lanewright *lw, lane_wishes *wishes, service_set set, bool begins_file)
{
	size_t k = 0;
	while (k < wishes->n && wishes->at[k].set != set)
		k++;
	if (k == wishes->n)
		vec_push(&lw->out, wishes, ((struct lane_wish){.set = set}));
	wishes->at[k].tests++;
	wishes->at[k].files += begins_file;
}

static lane_wishes find_wishes(lanewright *lw)
{
	lane_wishes wishes = {0};
	uint32_t last = UINT32_MAX;
	service_set last_set = 0;
	for (size_t i = 0; i < lw->suite.tests.n; i++) {
		const struct test *test = &lw->suite.tests.at[i];
		service_set set = set_of(lw, &lw->needs.tests[i]);
		add_wish(lw, &wishes, set, test->file != last || set != last_set);
		last = test->file;
		last_set = set;
	}
	return wishes;
}

/* Services that some test needs, when no job says which there are. */
static void find_needed(lanewright *lw, const lane_wishes *wishes, struct proposal *p)
{
	service_set all = 0;
	for (size_t i = 0; i < wishes->n; i++)
		all |= wishes->at[i].set;
	for (size_t i = 0; i < lw->config.catalogue.services.n && p->taken->services.n == 0; i++)
		if (all >> i & 1)
			vec_push(&lw->out, &p->needed, lw->config.catalogue.services.at[i].name);
}

static size_t tests_with(const lane_wishes *wishes, int service)
{
	size_t n = 0;
	for (size_t i = 0; i < wishes->n && service >= 0; i++)
		n += wishes->at[i].set >> service & 1 ? wishes->at[i].tests : 0;
	return n;
}

static bool is_taken(const struct taken *taken, struct str name)
{
	for (size_t i = 0; i < taken->services.n; i++)
		if (str_eq(taken->services.at[i].name, name))
			return true;
	return false;
}

/* Where the job and the needs that were found contradict each other, one of the two is wrong. */
static void note_odds(lanewright *lw, const lane_wishes *wishes, struct proposal *p)
{
	const struct catalogue *catalogue = &lw->config.catalogue;
	const struct taken *taken = p->taken;
	for (size_t i = 0; i < taken->services.n; i++) {
		const struct taken_service *service = &taken->services.at[i];
		if (!service->base_why.n && !tests_with(wishes, catalogue_find(catalogue, service->name)))
			vec_push(
			        &lw->out, &p->notes,
			        str_fmt(&lw->out,
			                "%.*s: no test was found to need %.*s, so no lane starts it: if some do, say by "
			                "`hosts`, `fixtures` or `patterns` of [services.%.*s] how they reach it, or `base "
			                "= true` to start it in all lanes",
			                STR_ARG(service->place), STR_ARG(service->name), STR_ARG(service->name)));
	}
	for (size_t i = 0; i < catalogue->services.n && taken->services.n; i++) {
		struct str name = catalogue->services.at[i].name;
		size_t n = tests_with(wishes, (int)i);
		if (n && !is_taken(taken, name))
			vec_push(
			        &lw->out, &p->notes,
			        str_fmt(&lw->out,
			                "%zu test%s need%s %.*s, which the job does not start: `lanewright explain` says "
			                "why; where it is not wanted, [[override]] says so",
			                n, n == 1 ? "" : "s", n == 1 ? "s" : "", STR_ARG(name)));
	}
}

static service_set base_of(lanewright *lw, const struct taken *taken)
{
	service_set base = 0;
	for (size_t i = 0; i < taken->services.n; i++)
		if (taken->services.at[i].base_why.n)
			base |= (service_set)1 << catalogue_find(&lw->config.catalogue, taken->services.at[i].name);
	return base;
}

static void find_lanes(lanewright *lw, const lane_wishes *wishes, struct proposal *p)
{
	strs order = {0};
	for (size_t i = 0; i < p->taken->services.n; i++)
		vec_push(&lw->out, &order, p->taken->services.at[i].name);
	propose_lanes(&lw->out, wishes, &lw->config.catalogue, base_of(lw, p->taken), &order, p);
}

/* ---- markers ---- */

static void add_marker(lanewright *lw, struct proposal *p, const struct service *service, const struct mark *mark)
{
	struct str name = intern_str(lw->repo.names, mark->name);
	bool is_known = false;
	for (size_t i = 0; i < p->markers.n; i++)
		is_known |= str_eq(p->markers.at[i].service, service->name) && str_eq(p->markers.at[i].mark, name);
	if (!is_known)
		vec_push(&lw->out, &p->markers,
		         ((struct proposed_marker){
		                 service->name, name,
		                 str_fmt(&lw->out, "%s:%u", engine_file(lw, mark->file), mark->line)}));
}

/* A mark one of whose words is the name of a service. */
static void find_markers(lanewright *lw, struct proposal *p)
{
	struct map seen;
	map_init(&seen, &lw->tmp);
	for (size_t i = 0; i < lw->suite.tests.n; i++)
		for (size_t m = 0; m < lw->suite.tests.at[i].marks.n; m++) {
			const struct mark *mark = &lw->suite.tests.at[i].marks.at[m];
			if (mark->name == 0 || map_get(&seen, mark->name) != MAP_NONE)
				continue;
			map_put(&seen, mark->name, 0);
			struct str name = intern_str(lw->repo.names, mark->name);
			for (size_t k = 0; k < lw->config.catalogue.services.n; k++) {
				const struct service *service = &lw->config.catalogue.services.at[k];
				if (known_word(name, &service->words))
					add_marker(lw, p, service, mark);
			}
		}
}

/* Test files that say less, or more, than could be read. */
static void note_faults(lanewright *lw, struct proposal *p)
{
	size_t n;
	const struct lanewright_fault *faults = lanewright_faults(lw, &n);
	for (size_t i = 0; i < n; i++)
		if (faults[i].is_test)
			vec_push(&lw->out, &p->notes,
			         str_fmt(&lw->out, "%s:%u: %s", faults[i].path, faults[i].line, faults[i].text));
}

static bool find_needs(lanewright *lw, struct proposal *p)
{
	if (!use_config(lw, propose_services(&lw->out, p)))
		return false;
	if (!engine_needs(lw)) {
		if (lw->err.code != ERR_FINDING)
			return false;
		vec_push(&lw->out, &p->notes, STR("no tests found, so there are no lanes: see [suite] paths"));
		lw->err = (struct err){0};
		return true;
	}
	note_faults(lw, p);
	lane_wishes wishes = find_wishes(lw);
	note_odds(lw, &wishes, p);
	find_needed(lw, &wishes, p);
	find_lanes(lw, &wishes, p);
	find_markers(lw, p);
	return true;
}

/* ---- writing ---- */

static bool write_config(lanewright *lw, struct proposal *p, struct lanewright_initiated *shown)
{
	struct str text = propose_config(&lw->out, p);
	if (!use_config(lw, text)) {
		lw->err.code = ERR_TROUBLE; /* ours, not the user's: nothing is written */
		return false;
	}
	shown->text = str_c(&lw->out, text);
	return file_write(engine_path(lw, CONFIG_PATH), text, &lw->err);
}

static void show_lanes(lanewright *lw, const struct proposal *p, struct lanewright_initiated *shown)
{
	struct lanewright_init_lane *lanes = arena_array(&lw->out, struct lanewright_init_lane, p->lanes.n);
	for (size_t i = 0; i < p->lanes.n; i++) {
		const struct proposed_lane *lane = &p->lanes.at[i];
		struct str services = str_join(&lw->out, lane->services.at, lane->services.n, STR(", "));
		lanes[i] = (struct lanewright_init_lane){
		        .name = str_c(&lw->out, lane->name),
		        .services = str_c(&lw->out, services),
		        .n_tests = lane->tests,
		        .n_files = lane->files,
		};
	}
	shown->lanes = lanes;
	shown->n_lanes = p->lanes.n;
}

static const char *const *show_texts(lanewright *lw, const strs *first, const strs *second, size_t *n)
{
	const char **texts = arena_array(&lw->out, const char *, first->n + second->n);
	for (size_t i = 0; i < first->n + second->n; i++)
		texts[i] = str_c(&lw->out, i < first->n ? first->at[i] : second->at[i - first->n]);
	*n = first->n + second->n;
	return texts;
}

struct request {
	const struct lanewright_init_options *options;
	struct lanewright_initiated *shown;
};

static bool init(lanewright *lw, void *args)
{
	const struct request *request = args;
	struct lanewright_initiated *shown = request->shown;
	struct init_found found = {0};
	struct catalogue catalogue;
	if (!config_root(&lw->out, &lw->tmp, lw->options.root, lw->options.config, &lw->root, &lw->err) ||
	    !refuse_existing(lw, request->options->force) ||
	    !services_builtin(&lw->out, &lw->tmp, &catalogue, &lw->err) ||
	    !init_find(lw, request->options, &catalogue, &found))
		return false;
	struct proposal p = {.taken = &found.taken, .catalogue = &catalogue, .notes = found.notes};
	init_look_around(lw, &found, &p);
	if (!find_needs(lw, &p) || !write_config(lw, &p, shown))
		return false;
	shown->path = CONFIG_PATH;
	shown->workflow = found.taken.job ? str_c(&lw->out, found.taken.job->file) : "";
	shown->job = found.taken.job ? str_c(&lw->out, found.taken.job->name) : "";
	shown->source = str_c(&lw->out, found.source);
	shown->others = show_texts(lw, &found.others, &(strs){0}, &shown->n_others);
	shown->notes = show_texts(lw, &found.taken.notes, &p.notes, &shown->n_notes);
	show_lanes(lw, &p, shown);
	return true;
}

int lanewright_init(lanewright *lw, const struct lanewright_init_options *options,
                    struct lanewright_initiated *initiated)
{
	static const struct lanewright_init_options none;
	struct request request = {options ? options : &none, initiated};
	*initiated = (struct lanewright_initiated){.path = "", .workflow = "", .job = "", .source = "", .text = ""};
	return engine_run(lw, init, &request);
}
