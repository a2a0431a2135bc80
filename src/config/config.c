/* The rows of every section, and the order in which they are read: services before the lanes and overrides that
 * name them. */
#include "config/config.h"

#include <string.h>

#include "base/file.h"
#include "config/github.h"
#include "config/services.h"

enum { LANES_MOST = 60 /* a plan may have 64; the rest is for derived lanes */ };

typedef VEC(const struct toml_value *) value_list;

static const struct config defaults = {
        .grade = GRADE_PROBABLE,
        .derive_lanes = true,
        .spill = true,
        .max_shards = 8,
        .overhead_ms = 45000,
        .billing_ms = 60000,
        .stick_ppm = 10000,
        .half_life_days = 14,
        .github = {.shape = {"lanes", 5},
                   .lists = {"committed", 9},
                   .name = {"tests", 5},
                   .runs_on = {"ubuntu-latest", 13},
                   .pytest = {"pytest", 6}},
};

/* ---- values of a few words ---- */

static bool read_grade(const struct reader *r, const struct toml_value *value, void *to)
{
	static const struct str words[] = {{"mention", 7}, {"mocked", 6}, {"probable", 8}, {"requires", 8}};
	static const enum grade grades[] = {GRADE_MENTION, GRADE_MOCKED, GRADE_PROBABLE, GRADE_REQUIRES};
	size_t choice;
	if (!read_choice(r, value, words, 4, &choice))
		return false;
	*(enum grade *)to = grades[choice];
	return true;
}

static bool read_unit(const struct reader *r, const struct toml_value *value, void *to)
{
	static const struct str words[] = {{"auto", 4}, {"file", 4}};
	size_t choice;
	if (!read_choice(r, value, words, 2, &choice))
		return false;
	*(bool *)to = choice == 1;
	return true;
}

static bool read_severity(const struct reader *r, const struct toml_value *value, struct str *to)
{
	static const struct str words[] = {{"error", 5}, {"warning", 7}, {"off", 3}};
	size_t choice;
	if (!read_choice(r, value, words, 3, &choice))
		return false;
	*to = words[choice];
	return true;
}

static bool read_share(const struct reader *r, const struct toml_value *value, void *to)
{
	double share = value->kind == TOML_INTEGER ? (double)value->integer : value->real;
	if (value->kind != TOML_INTEGER && value->kind != TOML_FLOAT)
		return read_wrong(r, value, "a number between 0 and 1");
	if (!(share >= 0 && share <= 1))
		return fail_usage(r->err, "%s:%u:%u: %.*s must be between 0 and 1", r->path, value->line, value->column,
		                  STR_ARG(value->key));
	*(uint32_t *)to = (uint32_t)(share * 1000000 + 0.5);
	return true;
}

/* "14d", "2w" */
static bool read_days(const struct reader *r, const struct toml_value *value, void *to)
{
	struct str text;
	uint64_t number;
	if (!read_text(r, value, &text))
		return false;
	char unit = text.n ? text.at[text.n - 1] : ' ';
	bool is_right = (unit == 'd' || unit == 'w') && str_number(str_slice(text, 0, text.n - 1), 36500, &number);
	if (!is_right || number == 0)
		return fail_usage(r->err, "%s:%u:%u: %.*s must be days or weeks, as \"14d\" or \"2w\"", r->path,
		                  value->line, value->column, STR_ARG(value->key));
	*(int64_t *)to = (int64_t)number * (unit == 'w' ? 7 : 1);
	return true;
}

/* Read elsewhere, once the services are known. */
static bool read_later(const struct reader *r, const struct toml_value *value, void *to)
{
	strs names = {0};
	(void)to;
	return read_texts(r, value, &names);
}

/* ---- sections ---- */

static bool read_suite(const struct reader *r, const struct toml_value *table, void *to)
{
	static const struct field fields[] = {
	        {"paths", read_paths, offsetof(struct config, paths)},
	        {"first_party", read_paths, offsetof(struct config, first_party)},
	        {"pytest", read_text, offsetof(struct config, pytest_version)},
	};
	return READ_TABLE(r, table, fields, to);
}

static bool read_plan(const struct reader *r, const struct toml_value *table, void *to)
{
	static const struct field fields[] = {
	        {"grade", read_grade, offsetof(struct config, grade)},
	        {"derive_lanes", read_bool, offsetof(struct config, derive_lanes)},
	        {"spill", read_bool, offsetof(struct config, spill)},
	        {"unit", read_unit, offsetof(struct config, unit_file_only)},
	        {"keep_whole", read_paths, offsetof(struct config, keep_whole)},
	        {"max_shards", read_count, offsetof(struct config, max_shards)},
	        {"overhead", read_seconds, offsetof(struct config, overhead_ms)},
	        {"billing", read_seconds, offsetof(struct config, billing_ms)},
	        {"stick", read_share, offsetof(struct config, stick_ppm)},
	};
	return READ_TABLE(r, table, fields, to);
}

static bool read_history(const struct reader *r, const struct toml_value *table, void *to)
{
	static const struct field fields[] = {{"half_life", read_days, offsetof(struct config, half_life_days)}};
	return READ_TABLE(r, table, fields, to);
}

static bool read_lane(const struct reader *r, const struct toml_value *table, struct lane_config *lane)
{
	static const struct field fields[] = {
	        {"services", read_later, 0},
	        {"shards", read_shards, offsetof(struct lane_config, shards)},
	        {"serial", read_bool, offsetof(struct lane_config, serial)},
	        {"workers", read_count, offsetof(struct lane_config, workers)},
	        {"pytest_args", read_text, offsetof(struct lane_config, pytest_args)},
	};
	*lane = (struct lane_config){.name = table->key, .serial = true, .workers = 1, .place = read_place(r, table)};
	if (!read_is_plain_name(table->key))
		return fail_usage(r->err, "%.*s: a lane's name is made of letters, digits, - and _",
		                  STR_ARG(lane->place));
	if (!READ_TABLE(r, table, fields, lane))
		return false;
	const struct toml_value *serial = toml_get(table, "serial"), *workers = toml_get(table, "workers");
	if (serial && serial->truth && lane->workers > 1)
		return fail_usage(r->err, "%s:%u:%u: a serial lane has one worker", r->path, workers->line,
		                  workers->column);
	if (workers && !serial)
		lane->serial = lane->workers == 1;
	return true;
}

static bool read_lanes(const struct reader *r, const struct toml_value *table, void *to)
{
	struct config *config = to;
	if (table->kind != TOML_TABLE)
		return read_wrong(r, table, "a table of lanes");
	if (table->n > LANES_MOST)
		return fail_usage(r->err, "%s:%u:%u: more than %d lanes", r->path, table->key_line, table->key_column,
		                  LANES_MOST);
	for (size_t i = 0; i < table->n; i++) {
		struct lane_config lane;
		if (!read_lane(r, &table->at[i], &lane))
			return false;
		vec_push(r->out, &config->lanes, lane);
	}
	return true;
}

static bool read_override(const struct reader *r, const struct toml_value *table, struct override_config *override)
{
	static const struct field fields[] = {
	        {"test", read_text, offsetof(struct override_config, test)},
	        {"needs", read_later, 0},
	        {"reason", read_text, offsetof(struct override_config, reason)},
	};
	*override = (struct override_config){.place = str_fmt(r->out, "%s:%u:%u", r->path, table->line, table->column)};
	if (!READ_TABLE(r, table, fields, override))
		return false;
	if (!override->test.n)
		return read_missing(r, table, "an override names its test: test = \"path\" or \"path::Class::func\"");
	if (!toml_get(table, "needs"))
		return read_missing(r, table, "an override lists the services the test needs: needs = []");
	return override->reason.n ? true : read_missing(r, table, "an override tells its reason: reason = \"...\"");
}

static bool read_overrides(const struct reader *r, const struct toml_value *list, void *to)
{
	struct config *config = to;
	if (list->kind != TOML_ARRAY)
		return read_wrong(r, list, "[[override]] tables");
	for (size_t i = 0; i < list->n; i++) {
		struct override_config override;
		if (!read_override(r, &list->at[i], &override))
			return false;
		vec_push(r->out, &config->overrides, override);
	}
	return true;
}

static bool read_groups(const struct reader *r, const struct toml_value *list, void *to)
{
	static const struct field fields[] = {{"paths", read_paths, offsetof(struct group_config, paths)}};
	struct config *config = to;
	if (list->kind != TOML_ARRAY)
		return read_wrong(r, list, "[[group]] tables");
	for (size_t i = 0; i < list->n; i++) {
		struct group_config group = {0};
		if (!READ_TABLE(r, &list->at[i], fields, &group))
			return false;
		if (!group.paths.n)
			return read_missing(r, &list->at[i], "a group lists its files: paths = [\"...\"]");
		vec_push(r->out, &config->groups, group);
	}
	return true;
}

static bool is_rule_code(struct str s)
{
	uint64_t number;
	return s.n == 5 && str_starts(s, STR("LW")) && str_number(str_slice(s, 2, 5), 999, &number);
}

static bool read_rules(const struct reader *r, const struct toml_value *table, void *to)
{
	struct config *config = to;
	if (table->kind != TOML_TABLE)
		return read_wrong(r, table, "a table of rule codes");
	for (size_t i = 0; i < table->n; i++) {
		const struct toml_value *value = &table->at[i];
		struct rule_config rule = {.code = value->key};
		if (!is_rule_code(rule.code))
			return fail_usage(r->err, "%s:%u:%u: '%.*s' is no rule code; they look like LW203", r->path,
			                  value->key_line, value->key_column, STR_ARG(rule.code));
		if (!read_severity(r, value, &rule.severity))
			return false;
		rule.place = read_place(r, value);
		vec_push(r->out, &config->rules, rule);
	}
	return true;
}

/* A path with wildcards = the codes of the rules that are silent there. */
static bool read_ignores(const struct reader *r, const struct toml_value *table, void *to)
{
	struct config *config = to;
	if (table->kind != TOML_TABLE)
		return read_wrong(r, table, "a table of paths");
	for (size_t i = 0; i < table->n; i++) {
		const struct toml_value *value = &table->at[i];
		struct ignore_config ignore = {.path = value->key, .place = read_place(r, value)};
		if (!read_texts(r, value, &ignore.codes))
			return false;
		for (size_t k = 0; k < ignore.codes.n; k++)
			if (!is_rule_code(ignore.codes.at[k]))
				return fail_usage(r->err, "%s:%u:%u: '%.*s' is no rule code; they look like LW203",
				                  r->path, value->line, value->column, STR_ARG(ignore.codes.at[k]));
		vec_push(r->out, &config->audit_ignores, ignore);
	}
	return true;
}

static bool read_audit(const struct reader *r, const struct toml_value *table, void *to)
{
	static const struct field fields[] = {{"rules", read_rules, 0}, {"ignore", read_ignores, 0}};
	return READ_TABLE(r, table, fields, to);
}

static bool read_emit(const struct reader *r, const struct toml_value *table, void *to)
{
	static const struct field fields[] = {{"github", read_github, offsetof(struct config, github)}};
	return READ_TABLE(r, table, fields, to);
}

/* ---- names of services ---- */

static void mention(struct arena *tmp, const struct toml_value *list, value_list *mentioned)
{
	for (size_t i = 0; list && i < list->n; i++)
		vec_push(tmp, mentioned, &list->at[i]);
}

/* [services], with every service that a lane or an override names.  Where nobody names any, the whole catalogue is left
 * to config_add_catalogue: it takes longer to read than a tree of a thousand files takes to be looked at. */
static bool read_services(const struct reader *r, const struct toml_value *top, struct config *config)
{
	const struct toml_value *lanes = toml_get(top, "lanes"), *overrides = toml_get(top, "override");
	value_list mentioned = {0};
	for (size_t i = 0; lanes && i < lanes->n; i++)
		mention(r->tmp, toml_get(&lanes->at[i], "services"), &mentioned);
	for (size_t i = 0; overrides && i < overrides->n; i++)
		mention(r->tmp, toml_get(&overrides->at[i], "needs"), &mentioned);
	const struct toml_value *table = toml_get(top, "services");
	config->lacks_catalogue = mentioned.n == 0 && (!table || (table->kind == TOML_TABLE && table->n == 0));
	return config->lacks_catalogue || services_read(r, table, mentioned.at, mentioned.n, &config->catalogue);
}

static service_set set_of(const struct config *config, const struct toml_value *names)
{
	service_set set = 0;
	for (size_t i = 0; names && i < names->n; i++)
		set |= (service_set)1 << catalogue_find(&config->catalogue, names->at[i].text);
	return set;
}

/* Base services are on every lane; those a lane does not write come last in its order. */
static void add_services(struct arena *out, const struct config *config, const struct toml_value *names,
                         struct lane_config *lane)
{
	lane->services = set_of(config, names);
	service_set written = 0;
	for (size_t i = 0; names && i < names->n; i++) {
		service_set bit = (service_set)1 << catalogue_find(&config->catalogue, names->at[i].text);
		if (!(written & bit))
			vec_push(out, &lane->service_order, names->at[i].text);
		written |= bit;
	}
	for (size_t i = 0; i < config->catalogue.services.n; i++) {
		const struct service *service = &config->catalogue.services.at[i];
		if (!service->is_base || written >> i & 1)
			continue;
		lane->services |= (service_set)1 << i;
		vec_push(out, &lane->service_order, service->name);
	}
}

static void resolve_services(struct arena *out, const struct toml_value *top, struct config *config)
{
	const struct toml_value *lanes = toml_get(top, "lanes"), *overrides = toml_get(top, "override");
	for (size_t i = 0; i < config->lanes.n; i++)
		add_services(out, config, toml_get(&lanes->at[i], "services"), &config->lanes.at[i]);
	for (size_t i = 0; i < config->overrides.n; i++)
		config->overrides.at[i].needs = set_of(config, toml_get(&overrides->at[i], "needs"));
}

/* ---- the file ---- */

static bool skip(const struct reader *r, const struct toml_value *value, void *to)
{
	(void)r, (void)value, (void)to;
	return true;
}

static bool read_top(const struct reader *r, const struct toml_value *top, struct config *config)
{
	static const struct field
	        fields[] =
	                {
	                        {"suite", read_suite, 0},
	                        {"services", skip, 0}, /* after the lanes and overrides that name some */
	                        {"lanes", read_lanes, 0},
	                        {"plan", read_plan, 0},
	                        {"history", read_history, 0},
	                        {"override", read_overrides, 0},
	                        {"group", read_groups, 0},
	                        {"audit", read_audit, 0},
	                        {"emit", read_emit, 0},
	                };
	if (!READ_TABLE(r, top, fields, config) || !read_services(r, top, config))
		return false;
	resolve_services(r->out, top, config);
	return true;
}

/* Where the config is: *path stays NULL when there is none. */
static bool find_config(struct arena *tmp, struct str root, const char **path, struct err *err)
{
	const char *own = str_c(tmp, path_join(tmp, root, STR("lanewright.toml")));
	const char *pyproject = str_c(tmp, path_join(tmp, root, STR("pyproject.toml")));
	struct str text;
	*path = NULL;
	if (file_exists(own)) {
		*path = own;
	} else if (file_exists(pyproject)) {
		if (!file_read(tmp, pyproject, &text, err))
			return false;
		/* Most pyproject files have nothing of ours and need not be parsed. */
		if (str_has(text, STR("lanewright")))
			*path = pyproject;
	}
	return true;
}

static struct str below(struct str root, struct str path)
{
	bool is_below = str_starts(path, root) && path.n > root.n && path.at[root.n] == '/';
	return is_below ? str_slice(path, root.n + 1, path.n) : path;
}

bool config_add_catalogue(struct arena *out, struct arena *tmp, struct config *config, struct err *err)
{
	if (!config->lacks_catalogue)
		return true;
	config->lacks_catalogue = false;
	return services_builtin(out, tmp, &config->catalogue, err);
}

bool config_parse(struct arena *out, struct arena *tmp, struct str text, struct str path, struct config *config,
                  struct err *err)
{
	struct toml_value top = {.kind = TOML_TABLE};
	struct reader r = {out, tmp, str_c(out, path), err};
	*config = defaults;
	config->path = path;
	config->text = text;
	return toml_parse(out, text, r.path, &top, err) && read_top(&r, &top, config) &&
	       config_add_catalogue(out, tmp, config, err);
}

bool config_read_file(struct arena *out, struct arena *tmp, const char *root, const char *path, struct config *config,
                      struct err *err)
{
	struct toml_value top = {.kind = TOML_TABLE};
	const struct toml_value *ours = &top;
	bool was_named = path != NULL;
	*config = defaults;
	if (path && !file_exists(path))
		return fail_usage(err, "there is no config file %s", path);
	if (!path && !find_config(tmp, str_of(root), &path, err))
		return false;
	struct str place = path ? str_copy(out, below(str_of(root), str_of(path))) : STR("lanewright.toml");
	if (path) {
		if (!file_read(out, path, &config->text, err) || !toml_parse(out, config->text, place.at, &top, err))
			return false;
		if (str_eq(path_base(place), STR("pyproject.toml")))
			ours = toml_get(toml_get(&top, "tool"), "lanewright");
		if (!ours && was_named)
			return fail_usage(err, "%s has no [tool.lanewright] table", place.at);
		if (ours)
			config->path = place;
		else
			config->text = STR_NONE;
	}
	struct reader r = {out, tmp, place.at, err};
	return read_top(&r, ours ? ours : &(struct toml_value){.kind = TOML_TABLE}, config);
}

bool config_read(struct arena *out, struct arena *tmp, const char *root, const char *path, struct config *config,
                 struct err *err)
{
	return config_read_file(out, tmp, root, path, config, err) && config_add_catalogue(out, tmp, config, err);
}
