/* Writing the plan.  Reading it back is plan_read.c. */
#include "emit/plan_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/json.h"
#include "emit/plan_words.h"

struct writer {
	struct buf buf;
	struct err *err;
	bool is_well; /* false once something could not be written */
};

/* What is no UTF-8 has no form in JSON, and NUL none in a path: reported under the name of its key. */
static void value(struct writer *w, const char *key, struct str s)
{
	json_quote(&w->buf, s);
	if (!utf8_valid(s) || (s.n && memchr(s.at, 0, s.n)))
		w->is_well = fail_finding(w->err, "\"%.*s\" is not valid UTF-8: it cannot stand in a plan (%s)",
		                          STR_ARG(s), key);
}

static void text(struct writer *w, const char *key, struct str s)
{
	buf_fmt(&w->buf, "\"%s\": ", key);
	value(w, key, s);
}

static void texts(struct writer *w, const char *key, const strs *list)
{
	buf_fmt(&w->buf, "\"%s\": [", key);
	for (size_t i = 0; i < list->n; i++) {
		buf_add(&w->buf, i ? STR(", ") : STR_NONE);
		value(w, key, list->at[i]);
	}
	buf_char(&w->buf, ']');
}

static void number(struct writer *w, const char *key, int64_t value)
{
	buf_fmt(&w->buf, "\"%s\": %" PRId64, key, value);
}

static void truth(struct writer *w, const char *key, bool value)
{
	buf_fmt(&w->buf, "\"%s\": %s", key, value ? "true" : "false");
}

static void comma(struct writer *w)
{
	buf_lit(&w->buf, ", ");
}

/* Each element of the top-level arrays has its line: a change of one unit is a change of one line. */
static void line(struct writer *w, size_t i)
{
	buf_add(&w->buf, i ? STR(",\n  {") : STR("\n  {"));
}

static strs names_of(struct arena *out, const strs *services, service_set set)
{
	strs names = {0};
	for (size_t i = 0; i < services->n; i++)
		if (set >> i & 1)
			vec_push(out, &names, services->at[i]);
	if (names.n)
		qsort(names.at, names.n, sizeof *names.at, str_cmp_qsort);
	return names;
}

static service_set services_used(const struct plan *plan)
{
	service_set used = 0;
	for (size_t i = 0; i < plan->lanes.n; i++)
		used |= plan->lanes.at[i].services;
	for (size_t i = 0; i < plan->units.n; i++)
		used |= plan->units.at[i].needs;
	return used;
}

/* A lane's services in the order of its boots: as the plan has them, then those the order forgot. */
static strs boot_order(struct arena *out, const strs *services, const struct plan_lane *lane)
{
	strs order = {0}, all = names_of(out, services, lane->services);
	for (size_t i = 0; i < lane->service_order.n; i++)
		if (str_among(&all, lane->service_order.at[i]) && !str_among(&order, lane->service_order.at[i]))
			vec_push(out, &order, lane->service_order.at[i]);
	for (size_t i = 0; i < all.n; i++)
		if (!str_among(&order, all.at[i]))
			vec_push(out, &order, all.at[i]);
	return order;
}

static int by_input_name(const void *a, const void *b)
{
	return str_cmp(((const struct plan_input *)a)->name, ((const struct plan_input *)b)->name);
}

static void write_inputs(struct writer *w, struct arena *out, const struct plan *plan)
{
	VEC(struct plan_input) sorted = {0};
	for (size_t i = 0; i < plan->inputs.n; i++)
		vec_push(out, &sorted, plan->inputs.at[i]);
	if (sorted.n)
		qsort(sorted.at, sorted.n, sizeof *sorted.at, by_input_name);
	buf_lit(&w->buf, " \"inputs\": [");
	for (size_t i = 0; i < sorted.n; i++) {
		line(w, i);
		text(w, "name", sorted.at[i].name);
		comma(w);
		text(w, "sha256", sorted.at[i].sha256);
		buf_lit(&w->buf, "}");
	}
	buf_lit(&w->buf, "\n ],\n");
}

static void write_totals(struct writer *w, const struct plan *plan)
{
	buf_lit(&w->buf, " \"totals\": {");
	number(w, "makespan_ms", plan->makespan_ms);
	comma(w);
	number(w, "bound_ms", plan->bound_ms);
	comma(w);
	number(w, "billed_ms", plan->billed_ms);
	comma(w);
	number(w, "billing_ms", plan->billing_ms);
	comma(w);
	number(w, "history_ms", plan->history_ms);
	comma(w);
	number(w, "regression_ms", plan->regression_ms);
	comma(w);
	number(w, "default_ms", plan->default_ms);
	comma(w);
	number(w, "moved", plan->moved);
	comma(w);
	number(w, "kept", plan->kept);
	buf_lit(&w->buf, "},\n");
}

static strs lane_names(struct arena *out, const struct plan *plan, uint64_t set)
{
	strs lanes = {0};
	for (size_t i = 0; i < plan->lanes.n && i < 64; i++)
		if (set >> i & 1)
			vec_push(out, &lanes, plan->lanes.at[i].name);
	return lanes;
}

static void write_certificate(struct writer *w, struct arena *out, const struct plan *plan)
{
	const struct certificate *c = &plan->certificate;
	strs lanes = lane_names(out, plan, c->lanes);
	bool counts = c->kind == BOUND_COUNT || c->kind == BOUND_PIGEONHOLE;
	buf_lit(&w->buf, " \"certificate\": {");
	text(w, "kind", str_of(bound_words[c->kind]));
	comma(w);
	texts(w, "lanes", &lanes);
	comma(w);
	number(w, "shards", c->shards);
	comma(w);
	number(w, "load_ms", c->load_ms);
	comma(w);
	number(w, "fixed_ms", c->fixed_ms);
	comma(w);
	number(w, "count", counts ? c->item : 0);
	comma(w);
	number(w, "proven_ms", c->proven_ms);
	comma(w);
	text(w, "unit", c->kind == BOUND_ITEM && c->item < plan->units.n ? plan->units.at[c->item].id : STR_NONE);
	buf_lit(&w->buf, "},\n");
}

static void write_lane(struct writer *w, struct arena *out, const struct plan *plan, const struct plan_lane *lane)
{
	strs services = boot_order(out, &plan->services, lane);
	text(w, "name", lane->name);
	comma(w);
	texts(w, "services", &services);
	comma(w);
	number(w, "shards", lane->n_shards);
	comma(w);
	number(w, "given", lane->given);
	comma(w);
	number(w, "fixed_ms", lane->fixed_ms);
	comma(w);
	truth(w, "serial", lane->serial);
	comma(w);
	number(w, "workers", lane->workers);
	comma(w);
	text(w, "pytest_args", lane->pytest_args);
	comma(w);
	truth(w, "derived", lane->is_derived);
	comma(w);
	text(w, "why", lane->why);
	buf_lit(&w->buf, "}");
}

static void write_shard(struct writer *w, const struct plan *plan, const struct plan_shard *shard)
{
	text(w, "name", shard->name);
	comma(w);
	text(w, "lane", plan->lanes.at[shard->lane].name);
	comma(w);
	number(w, "number", shard->number);
	comma(w);
	number(w, "fixed_ms", shard->fixed_ms);
	comma(w);
	number(w, "load_ms", shard->load_ms);
	comma(w);
	text(w, "list_sha256", shard->list_sha256);
	buf_lit(&w->buf, "}");
}

static void write_unit(struct writer *w, struct arena *out, const struct plan *plan, const struct plan_unit *unit)
{
	strs needs = names_of(out, &plan->services, unit->needs), lanes = lane_names(out, plan, unit->lanes);
	text(w, "id", unit->id);
	comma(w);
	text(w, "path", unit->path);
	comma(w);
	text(w, "shard", plan->shards.at[unit->shard].name);
	comma(w);
	number(w, "ms", unit->ms);
	comma(w);
	text(w, "source", str_of(estimate_source_name(unit->source)));
	comma(w);
	texts(w, "needs", &needs);
	comma(w);
	texts(w, "lanes", &lanes);
	comma(w);
	number(w, "group", unit->group);
	comma(w);
	number(w, "tests", unit->n_tests);
	comma(w);
	text(w, "why_whole", unit->why_whole);
	buf_lit(&w->buf, "}");
}

bool plan_file_write(struct arena *out, const struct plan *plan, struct str *result, struct err *err)
{
	struct writer w = {.err = err, .is_well = true};
	buf_init(&w.buf, out);
	strs services = names_of(out, &plan->services, services_used(plan));
	buf_fmt(&w.buf, "{\n \"version\": %d,\n", PLAN_VERSION);
	write_inputs(&w, out, plan);
	buf_lit(&w.buf, " ");
	texts(&w, "services", &services);
	buf_lit(&w.buf, ",\n");
	write_totals(&w, plan);
	write_certificate(&w, out, plan);
	buf_lit(&w.buf, " \"lanes\": [");
	for (size_t i = 0; i < plan->lanes.n; i++) {
		line(&w, i);
		write_lane(&w, out, plan, &plan->lanes.at[i]);
	}
	buf_lit(&w.buf, "\n ],\n \"shards\": [");
	for (size_t i = 0; i < plan->shards.n; i++) {
		line(&w, i);
		write_shard(&w, plan, &plan->shards.at[i]);
	}
	buf_lit(&w.buf, "\n ],\n \"units\": [");
	for (size_t i = 0; i < plan->units.n; i++) {
		line(&w, i);
		write_unit(&w, out, plan, &plan->units.at[i]);
	}
	buf_lit(&w.buf, "\n ]\n}\n");
	*result = buf_str(&w.buf);
	return w.is_well;
}

service_set plan_file_services(const strs *from, service_set set, const struct catalogue *catalogue)
{
	service_set to = 0;
	for (size_t i = 0; i < from->n; i++) {
		int at = set >> i & 1 ? catalogue_find(catalogue, from->at[i]) : -1;
		if (at >= 0)
			to |= (service_set)1 << at;
	}
	return to;
}
