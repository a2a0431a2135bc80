/* Reading a plan, which may be damaged, merged by hand or written by another version: every value is checked
 * before anything believes it.  jansson parses; the place of a wrong value is its path in the JSON. */
#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "emit/plan_file.h"
#include "emit/plan_words.h"

const char *const bound_words[] = {
        [BOUND_NONE] = "none",     [BOUND_FLOW] = "flow",   [BOUND_ITEM] = "item",   [BOUND_PIGEONHOLE] = "pigeonhole",
        [BOUND_PRUNED] = "pruned", [BOUND_REACH] = "reach", [BOUND_EXACT] = "exact", [BOUND_DEALING] = "dealing",
        [BOUND_COUNT] = "count",
};

enum { LANES_MOST = 64, SHARDS_MOST = 1 << 14, COUNT_MOST = INT32_MAX };
#define MS_MOST (INT64_MAX / 4) /* sums of a few of them do not overflow */

struct reader {
	struct arena *out;
	const char *path;
	const char *array; /* "units" while its elements are read, else NULL */
	size_t index;
	struct err *err;
};

static bool wrong(struct reader *r, const char *key, const char *expected)
{
	const char *advice = "run `lanewright plan` to write it anew";
	if (r->array)
		return fail(r->err, "%s: %s[%zu]%s%s: expected %s; %s", r->path, r->array, r->index, *key ? "." : "",
		            key, expected, advice);
	return fail(r->err, "%s: %s: expected %s; %s", r->path, key, expected, advice);
}

static bool text(struct reader *r, const json_t *object, const char *key, struct str *value)
{
	const json_t *at = json_object_get(object, key);
	if (!json_is_string(at))
		return wrong(r, key, "a text");
	*value = str_copy(r->out, (struct str){json_string_value(at), json_string_length(at)});
	return true;
}

static bool full_text(struct reader *r, const json_t *object, const char *key, struct str *value)
{
	return text(r, object, key, value) && (value->n || wrong(r, key, "a text that is not empty"));
}

static bool number(struct reader *r, const json_t *object, const char *key, int64_t most, int64_t *value)
{
	const json_t *at = json_object_get(object, key);
	if (!json_is_integer(at) || json_integer_value(at) < 0 || json_integer_value(at) > most)
		return wrong(r, key, "a whole number in its range");
	*value = json_integer_value(at);
	return true;
}

static bool count(struct reader *r, const json_t *object, const char *key, uint32_t *value)
{
	int64_t wide = 0;
	if (!number(r, object, key, COUNT_MOST, &wide))
		return false;
	*value = (uint32_t)wide;
	return true;
}

static bool truth(struct reader *r, const json_t *object, const char *key, bool *value)
{
	const json_t *at = json_object_get(object, key);
	if (!json_is_boolean(at))
		return wrong(r, key, "true or false");
	*value = json_is_true(at);
	return true;
}

static bool texts(struct reader *r, const json_t *object, const char *key, strs *list)
{
	const json_t *at = json_object_get(object, key), *element;
	size_t i;
	if (!json_is_array(at))
		return wrong(r, key, "a list of texts");
	*list = (strs){0};
	json_array_foreach(at, i, element)
	{
		if (!json_is_string(element))
			return wrong(r, key, "a list of texts");
		struct str s = {json_string_value(element), json_string_length(element)};
		if (str_among(list, s))
			return wrong(r, key, "each name once");
		vec_push(r->out, list, str_copy(r->out, s));
	}
	return true;
}

static bool sha256(struct reader *r, const json_t *object, const char *key, struct str *value)
{
	if (!text(r, object, key, value))
		return false;
	for (size_t i = 0; i < value->n; i++)
		if (!strchr("0123456789abcdef", value->at[i]))
			return wrong(r, key, "64 hexadecimal digits");
	return value->n == 64 || wrong(r, key, "64 hexadecimal digits");
}

/* The object has these keys and no others.  `keys` ends with NULL. */
static bool only(struct reader *r, const json_t *object, const char *what, const char *const *keys)
{
	const char *key;
	json_t *value;
	if (!json_is_object(object))
		return wrong(r, what, "an object");
	json_object_foreach((json_t *)object, key, value)
	{
		const char *const *known = keys;
		while (*known && strcmp(*known, key) != 0)
			known++;
		if (!*known)
			return wrong(r, key, "no key of that name");
	}
	return true;
}

static size_t place_of(const strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], s))
			return i;
	return SIZE_MAX;
}

bool str_among(const strs *list, struct str s)
{
	return place_of(list, s) != SIZE_MAX;
}

/* A list of service names as a set of the plan's services. */
static bool services(struct reader *r, const json_t *object, const char *key, const struct plan *plan, strs *names,
                     service_set *set)
{
	if (!texts(r, object, key, names))
		return false;
	*set = 0;
	for (size_t i = 0; i < names->n; i++) {
		size_t at = place_of(&plan->services, names->at[i]);
		if (at == SIZE_MAX)
			return wrong(r, key, "names of the plan's services");
		*set |= (service_set)1 << at;
	}
	return true;
}

static uint32_t lane_of(const struct plan *plan, struct str name)
{
	for (uint32_t i = 0; i < plan->lanes.n; i++)
		if (str_eq(plan->lanes.at[i].name, name))
			return i;
	return UINT32_MAX;
}

/* A list of lane names as a set of the plan's lanes. */
static bool lanes(struct reader *r, const json_t *object, const char *key, const struct plan *plan, uint64_t *set)
{
	strs names = {0};
	if (!texts(r, object, key, &names))
		return false;
	*set = 0;
	for (size_t i = 0; i < names.n; i++) {
		uint32_t lane = lane_of(plan, names.at[i]);
		if (lane == UINT32_MAX)
			return wrong(r, key, "lanes of the plan");
		*set |= (uint64_t)1 << lane;
	}
	return true;
}

static uint32_t shard_of(const struct plan *plan, struct str name)
{
	assert(plan->shards.at || (plan->shards.n == 0 && plan->shards.cap == 0));
	for (uint32_t i = 0; i < plan->shards.n; i++)
		if (str_eq(plan->shards.at[i].name, name))
			return i;
	return UINT32_MAX;
}

static bool read_input(struct reader *r, const json_t *object, struct plan *plan)
{
	static const char *const keys[] = {"name", "sha256", NULL};
	struct plan_input input = {0};
	if (!only(r, object, "", keys) || !full_text(r, object, "name", &input.name) ||
	    !sha256(r, object, "sha256", &input.sha256))
		return false;
	if (plan->inputs.n && str_cmp(plan->inputs.at[plan->inputs.n - 1].name, input.name) >= 0)
		return wrong(r, "name", "inputs sorted by name, each once");
	vec_push(r->out, &plan->inputs, input);
	return true;
}

static bool read_lane(struct reader *r, const json_t *object, struct plan *plan)
{
	static const char *const keys[] = {"name",    "services",    "shards",  "given", "fixed_ms", "serial",
	                                   "workers", "pytest_args", "derived", "why",   NULL};
	struct plan_lane lane = {0};
	if (!only(r, object, "", keys) || !full_text(r, object, "name", &lane.name) ||
	    !services(r, object, "services", plan, &lane.service_order, &lane.services) ||
	    !count(r, object, "shards", &lane.n_shards) || !count(r, object, "given", &lane.given) ||
	    !number(r, object, "fixed_ms", MS_MOST, &lane.fixed_ms) || !truth(r, object, "serial", &lane.serial) ||
	    !count(r, object, "workers", &lane.workers) || !text(r, object, "pytest_args", &lane.pytest_args) ||
	    !truth(r, object, "derived", &lane.is_derived) || !text(r, object, "why", &lane.why))
		return false;
	if (lane_of(plan, lane.name) != UINT32_MAX)
		return wrong(r, "name", "each lane once");
	if (plan->lanes.n == LANES_MOST)
		return wrong(r, "name", "at most 64 lanes");
	vec_push(r->out, &plan->lanes, lane);
	return true;
}

/* Shards stand by lane and are numbered from 1 in it, as every stage after this one relies on. */
static bool read_shard(struct reader *r, const json_t *object, struct plan *plan)
{
	static const char *const keys[] = {"name", "lane", "number", "fixed_ms", "load_ms", "list_sha256", NULL};
	struct plan_shard shard = {0};
	struct str lane = STR_NONE;
	if (!only(r, object, "", keys) || !full_text(r, object, "name", &shard.name) ||
	    !full_text(r, object, "lane", &lane) || !count(r, object, "number", &shard.number) ||
	    !number(r, object, "fixed_ms", MS_MOST, &shard.fixed_ms) ||
	    !number(r, object, "load_ms", MS_MOST, &shard.load_ms) ||
	    !sha256(r, object, "list_sha256", &shard.list_sha256))
		return false;
	shard.lane = lane_of(plan, lane);
	if (shard.lane == UINT32_MAX)
		return wrong(r, "lane", "a lane of the plan");
	const struct plan_shard *before = plan->shards.n ? &plan->shards.at[plan->shards.n - 1] : NULL;
	if (before && before->lane > shard.lane)
		return wrong(r, "lane", "shards in the order of their lanes");
	if (shard.number != (before && before->lane == shard.lane ? before->number + 1 : 1))
		return wrong(r, "number", "numbers from 1 inside a lane");
	if (shard_of(plan, shard.name) != UINT32_MAX)
		return wrong(r, "name", "each shard once");
	if (plan->shards.n == SHARDS_MOST)
		return wrong(r, "name", "at most 16384 shards");
	assert(plan->shards.at || plan->shards.n == plan->shards.cap);
	vec_push(r->out, &plan->shards, shard);
	return true;
}

static bool source_of(struct str word, enum estimate_source *source)
{
	for (int i = ESTIMATE_HISTORY; i <= ESTIMATE_DEFAULT; i++)
		if (str_eq(word, str_of(estimate_source_name(i)))) {
			*source = i;
			return true;
		}
	return false;
}

static bool begins_with_path(const struct plan_unit *unit)
{
	return str_starts(unit->id, unit->path) &&
	       (unit->id.n == unit->path.n || str_starts(str_slice(unit->id, unit->path.n, unit->id.n), STR("::")));
}

static bool read_unit(struct reader *r, const json_t *object, struct plan *plan)
{
	static const char *const keys[] = {"id",    "path",  "shard", "ms",        "source", "needs",
	                                   "lanes", "group", "tests", "why_whole", NULL};
	struct plan_unit unit = {0};
	struct str shard = STR_NONE, source = STR_NONE;
	strs needs = {0};
	if (!only(r, object, "", keys) || !full_text(r, object, "id", &unit.id) ||
	    !full_text(r, object, "path", &unit.path) || !full_text(r, object, "shard", &shard) ||
	    !number(r, object, "ms", MS_MOST, &unit.ms) || !text(r, object, "source", &source) ||
	    !services(r, object, "needs", plan, &needs, &unit.needs) || !lanes(r, object, "lanes", plan, &unit.lanes) ||
	    !count(r, object, "group", &unit.group) || !count(r, object, "tests", &unit.n_tests) ||
	    !text(r, object, "why_whole", &unit.why_whole))
		return false;
	unit.shard = shard_of(plan, shard);
	if (unit.shard == UINT32_MAX)
		return wrong(r, "shard", "a shard of the plan");
	if (!source_of(source, &unit.source))
		return wrong(r, "source", "history, regression or default");
	if (!begins_with_path(&unit))
		return wrong(r, "id", "the path, or the path, :: and names");
	if (plan->units.n && str_cmp(plan->units.at[plan->units.n - 1].id, unit.id) >= 0)
		return wrong(r, "id", "units sorted by id, each once");
	vec_push(r->out, &plan->units, unit);
	return true;
}

static bool read_services(struct reader *r, const json_t *root, struct plan *plan)
{
	if (!texts(r, root, "services", &plan->services))
		return false;
	return plan->services.n <= SERVICES_MOST || wrong(r, "services", "at most 64 services");
}

static bool read_totals(struct reader *r, const json_t *root, struct plan *plan)
{
	static const char *const keys[] = {"makespan_ms",   "bound_ms",   "billed_ms", "billing_ms", "history_ms",
	                                   "regression_ms", "default_ms", "moved",     "kept",       NULL};
	const json_t *totals = json_object_get(root, "totals");
	return only(r, totals, "totals", keys) && number(r, totals, "makespan_ms", MS_MOST, &plan->makespan_ms) &&
	       number(r, totals, "bound_ms", MS_MOST, &plan->bound_ms) &&
	       number(r, totals, "billed_ms", MS_MOST, &plan->billed_ms) &&
	       number(r, totals, "billing_ms", MS_MOST, &plan->billing_ms) &&
	       number(r, totals, "history_ms", MS_MOST, &plan->history_ms) &&
	       number(r, totals, "regression_ms", MS_MOST, &plan->regression_ms) &&
	       number(r, totals, "default_ms", MS_MOST, &plan->default_ms) && count(r, totals, "moved", &plan->moved) &&
	       count(r, totals, "kept", &plan->kept);
}

static bool bound_of(struct str word, enum bound_kind *kind)
{
	for (int i = 0; i < BOUND_WORDS; i++)
		if (str_eq(word, str_of(bound_words[i]))) {
			*kind = i;
			return true;
		}
	return false;
}

static bool certificate_unit(struct reader *r, const json_t *object, struct plan *plan)
{
	struct str id = STR_NONE;
	if (!text(r, object, "unit", &id))
		return false;
	if (plan->certificate.kind != BOUND_ITEM)
		return id.n == 0 || wrong(r, "certificate.unit", "no unit unless the kind is item");
	for (uint32_t i = 0; i < plan->units.n; i++)
		if (str_eq(plan->units.at[i].id, id)) {
			plan->certificate.item = i;
			return true;
		}
	return wrong(r, "certificate.unit", "a unit of the plan");
}

static bool read_certificate(struct reader *r, const json_t *root, struct plan *plan)
{
	static const char *const keys[] = {"kind",  "lanes",     "shards", "load_ms", "fixed_ms",
	                                   "count", "proven_ms", "unit",   NULL};
	const json_t *object = json_object_get(root, "certificate");
	struct str kind = STR_NONE;
	if (!only(r, object, "certificate", keys) || !text(r, object, "kind", &kind))
		return false;
	if (!bound_of(kind, &plan->certificate.kind))
		return wrong(r, "certificate.kind", "a kind of bound");
	return lanes(r, object, "lanes", plan, &plan->certificate.lanes) &&
	       count(r, object, "shards", &plan->certificate.shards) &&
	       count(r, object, "count", &plan->certificate.item) &&
	       number(r, object, "proven_ms", MS_MOST, &plan->certificate.proven_ms) &&
	       number(r, object, "load_ms", MS_MOST, &plan->certificate.load_ms) &&
	       number(r, object, "fixed_ms", MS_MOST, &plan->certificate.fixed_ms) && certificate_unit(r, object, plan);
}

static bool each(struct reader *r, const json_t *root, const char *key, struct plan *plan,
                 bool read(struct reader *, const json_t *, struct plan *))
{
	const json_t *array = json_object_get(root, key);
	if (!json_is_array(array))
		return wrong(r, key, "a list");
	r->array = key;
	for (r->index = 0; r->index < json_array_size(array); r->index++)
		if (!read(r, json_array_get(array, r->index), plan))
			return false;
	r->array = NULL;
	return true;
}

static bool shards_add_up(struct reader *r, const struct plan *plan)
{
	uint32_t n[LANES_MOST] = {0};
	for (size_t i = 0; i < plan->shards.n; i++)
		n[plan->shards.at[i].lane]++;
	for (size_t i = 0; i < plan->lanes.n; i++)
		if (n[i] != plan->lanes.at[i].n_shards)
			return wrong(r, "shards", "as many shards of each lane as the lane says");
	return true;
}

static bool read_version(struct reader *r, const json_t *root)
{
	const json_t *version = json_object_get(root, "version");
	if (!json_is_integer(version) || json_integer_value(version) < 1)
		return wrong(r, "version", "a version number");
	if (json_integer_value(version) > PLAN_VERSION)
		return fail(r->err,
		            "%s was written by a newer lanewright (plan version %" JSON_INTEGER_FORMAT
		            "; this one reads version %d): use that one, or run `lanewright plan` to write it anew",
		            r->path, json_integer_value(version), PLAN_VERSION);
	return true;
}

static bool read_root(struct reader *r, const json_t *root, struct plan *plan)
{
	static const char *const keys[] = {"version", "inputs", "services", "totals", "certificate",
	                                   "lanes",   "shards", "units",    NULL};
	/* The version first: a newer file may well have other keys. */
	if (!json_is_object(root))
		return wrong(r, "the whole", "an object");
	return read_version(r, root) && only(r, root, "the whole", keys) && each(r, root, "inputs", plan, read_input) &&
	       read_services(r, root, plan) && read_totals(r, root, plan) && each(r, root, "lanes", plan, read_lane) &&
	       each(r, root, "shards", plan, read_shard) && each(r, root, "units", plan, read_unit) &&
	       shards_add_up(r, plan) && read_certificate(r, root, plan);
}

bool plan_file_read(struct arena *out, struct str bytes, const char *path, struct plan *plan, struct err *err)
{
	struct reader r = {.out = out, .path = path, .err = err};
	json_error_t trouble;
	*plan = (struct plan){0};
	json_t *root = json_loadb(bytes.at, bytes.n, JSON_REJECT_DUPLICATES, &trouble);
	/* jansson fails without a word where an object or array found no memory: that says nothing of the file. */
	if (!root && (!*trouble.text || json_error_code(&trouble) == json_error_out_of_memory))
		arena_no_memory(out);
	if (!root)
		return fail(err, "%s:%d:%d: no plan: %s; run `lanewright plan` to write it anew", path,
		            trouble.line > 0 ? trouble.line : 1, trouble.column > 0 ? trouble.column : 1, trouble.text);
	bool is_well = read_root(&r, root, plan);
	json_decref(root);
	return is_well;
}
