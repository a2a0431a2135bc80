/* Test ids are read component by component: what stands before the first `::` is the file, before the next the class
 * or function. */
#include "partition/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "partition/together.h"

struct demand demand_join(struct arena *out, struct demand a, struct demand b)
{
	struct demand joined = {.all = a.all | b.all};
	const struct demand *sides[] = {&a, &b};
	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < sides[s]->any_of.n; i++) {
			service_set set = sides[s]->any_of.at[i];
			size_t j = 0;
			while (j < joined.any_of.n && joined.any_of.at[j] != set)
				j++;
			if (j == joined.any_of.n && !(set & joined.all))
				vec_push(out, &joined.any_of, set);
		}
	return joined;
}

/* Sums up the tests of a unit. */
static void add_up(struct arena *out, const struct plan_request *request, struct unit *unit)
{
	int64_t by_source[3] = {0};
	for (uint32_t i = 0; i < unit->n_tests; i++) {
		const struct estimate *estimate = &request->estimates[unit->tests[i]];
		struct demand demand =
		        needs_demand(out, &request->needs->tests[unit->tests[i]], request->config->grade);
		if ((demand.all & ~unit->demand.all) || demand.any_of.n)
			unit->demand = demand_join(out, unit->demand, demand);
		unit->ms += estimate->ms;
		unit->variance += estimate->variance;
		by_source[estimate->source] += estimate->ms;
	}
	for (int s = 1; s < 3; s++)
		if (by_source[s] > by_source[unit->source])
			unit->source = (enum estimate_source)s;
}

/* Where the file's part of a node id ends: at the first "::" after ".py" (a folder may hold colons). */
static size_t end_of_file_part(struct str id)
{
	size_t at = str_find(id, STR(".py::"), 0);
	if (at != SIZE_MAX)
		return at + 3;
	at = str_find(id, STR("::"), 0);
	return at == SIZE_MAX ? id.n : at;
}

struct unit part_file(struct arena *out, const struct plan_request *request, uint32_t file)
{
	const struct suite *suite = request->suite;
	uint32_t first = suite->first_test[file];
	struct unit unit = {
	        .path = request->repo->files.at[file].path,
	        .file = file,
	        .is_whole = true,
	        .n_tests = suite->first_test[file + 1] - first,
	};
	unit.id = str_slice(suite->tests.at[first].id, 0, end_of_file_part(suite->tests.at[first].id));
	unit.tests = arena_array(out, uint32_t, unit.n_tests);
	for (uint32_t i = 0; i < unit.n_tests; i++)
		unit.tests[i] = first + i;
	add_up(out, request, &unit);
	return unit;
}

struct unit part_hiding(struct arena *out, const struct plan_request *request, size_t at)
{
	const struct hiding *hiding = &request->suite->hiding.at[at];
	const struct source_file *files = request->repo->files.at;
	const struct estimate *estimate = &request->estimates[request->suite->tests.n + at];
	return (struct unit){
	        .id = files[hiding->file].path,
	        .path = files[hiding->file].path,
	        .file = hiding->file,
	        .is_whole = true,
	        .hides = true,
	        .why_whole = str_fmt(out, "only running it tells which tests it has: %s at %.*s:%u",
	                             unknown_name(hiding->why.kind), STR_ARG(files[hiding->why.file].path),
	                             hiding->why.line),
	        .demand = needs_demand(out, &request->needs->files[hiding->file], request->config->grade),
	        .ms = estimate->ms,
	        .variance = estimate->variance,
	        .source = estimate->source,
	};
}

/* The id cut after the component that follows `parent`. */
static struct str child_id(struct str id, struct str parent)
{
	size_t end = str_find(id, STR("::"), parent.n + 2);
	return str_slice(id, 0, end == SIZE_MAX ? id.n : end);
}

void part_split(struct arena *out, struct arena *tmp, const struct plan_request *request, const struct unit *whole,
                units *parts)
{
	const struct suite *suite = request->suite;
	size_t before = parts->n;
	struct map known;
	map_init(&known, tmp);
	for (uint32_t i = 0; i < whole->n_tests; i++)
		if (suite->tests.at[whole->tests[i]].id.n <= whole->id.n + 2)
			return; /* a function has no parts */
	if (!whole->is_whole && together_class(request, whole->tests, whole->n_tests))
		return;
	for (uint32_t i = 0; i < whole->n_tests; i++) {
		struct str id = child_id(suite->tests.at[whole->tests[i]].id, whole->id);
		uint32_t at = map_get(&known, hash64(id));
		if (at != MAP_NONE && !str_eq(parts->at[at].id, id)) /* two ids with one hash: look through */
			for (at = (uint32_t)before; at < parts->n && !str_eq(parts->at[at].id, id);)
				at++;
		if (at == MAP_NONE || at == parts->n) {
			at = (uint32_t)parts->n;
			map_put(&known, hash64(id), at);
			vec_push(out, parts,
			         ((struct unit){.id = id,
			                        .path = whole->path,
			                        .file = whole->file,
			                        .tests = arena_array(out, uint32_t, whole->n_tests - i)}));
		}
		struct unit *part = &parts->at[at];
		part->tests[part->n_tests++] = whole->tests[i];
	}
	for (size_t p = before; p < parts->n; p++)
		add_up(out, request, &parts->at[p]);
}

static bool is_covered(const struct unit *unit, const service_set *offered, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (demand_met(&unit->demand, offered[i]))
			return true;
	return false;
}

/* Splits `whole` until each part is covered or cannot be split: that one is left to a derived lane, so that a single
 * test of two engines does not take its whole file along.  Gives whether any part is covered. */
static bool split_until_covered(struct arena *out, struct arena *tmp, const struct plan_request *request,
                                const struct unit *whole, const service_set *offered, size_t n, units *parts)
{
	units children = {0};
	bool any = false;
	part_split(out, tmp, request, whole, &children);
	for (size_t i = 0; i < children.n; i++) {
		size_t before = parts->n;
		bool covered = is_covered(&children.at[i], offered, n) ||
		               split_until_covered(out, tmp, request, &children.at[i], offered, n, parts);
		if (parts->n == before)
			vec_push(out, parts, children.at[i]);
		any |= covered;
	}
	return any;
}

/* Gives the parts bundle numbers: the lane that covers most time takes all it covers, and so on.  The module's
 * fixtures are then paid for once a bundle. */
static void bundle(struct arena *tmp, units *parts, const service_set *offered, size_t n)
{
	bool *is_done = arena_array(tmp, bool, parts->n);
	for (uint32_t number = 1;; number++) {
		int64_t best = 0;
		size_t lane = 0;
		for (size_t k = 0; k < n; k++) {
			int64_t ms = 0;
			for (size_t i = 0; i < parts->n; i++)
				if (!is_done[i] && demand_met(&parts->at[i].demand, offered[k]))
					ms += parts->at[i].ms;
			if (ms > best) {
				best = ms;
				lane = k;
			}
		}
		if (!best)
			return;
		for (size_t i = 0; i < parts->n; i++)
			if (!is_done[i] && demand_met(&parts->at[i].demand, offered[lane])) {
				parts->at[i].bundle = number;
				is_done[i] = true;
			}
	}
}

bool part_by_need(struct arena *out, struct arena *tmp, const struct plan_request *request, const struct unit *whole,
                  const service_set *offered, size_t n_offered, units *parts)
{
	units found = {0};
	if (!split_until_covered(out, tmp, request, whole, offered, n_offered, &found))
		return false;
	bundle(tmp, &found, offered, n_offered);
	for (size_t i = 0; i < found.n; i++)
		vec_push(out, parts, found.at[i]);
	return true;
}
