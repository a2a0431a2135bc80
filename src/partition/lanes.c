/* The start-up of a job as the runner of GitHub Actions does it (PARTITION, Model): containers are pulled and
 * started one after the other, then the health of each is polled, in the same order, at once and then
 * after 2, 4, 8, 16, 32, 32, ... seconds.  All of them warm up meanwhile. */
#include "partition/lanes.h"

#include <stdlib.h>

enum { BACK_OFF_FIRST = 2000, BACK_OFF_LAST = 32000 }; /* ms */
enum { NAME_LONGEST = 80 };                            /* bytes: it becomes part of file and job names */

static int by_warm_up(const void *a, const void *b)
{
	const struct service *x = *(const struct service *const *)a, *y = *(const struct service *const *)b;
	if (x->startup_ms != y->startup_ms)
		return x->startup_ms > y->startup_ms ? -1 : 1;
	return str_cmp(x->name, y->name);
}

strs lane_service_order(struct arena *out, const struct catalogue *catalogue, service_set services)
{
	const struct service *sorted[SERVICES_MOST];
	size_t n = 0;
	strs order = {0};
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (services >> i & 1)
			sorted[n++] = &catalogue->services.at[i];
	qsort(sorted, n, sizeof *sorted, by_warm_up);
	for (size_t i = 0; i < n; i++)
		vec_push(out, &order, sorted[i]->name);
	return order;
}

/* When a service that is healthy at `healthy` is seen to be, by polls that begin at `now`. */
static int64_t poll(int64_t now, int64_t healthy)
{
	for (int64_t wait = BACK_OFF_FIRST; now < healthy; wait = wait < BACK_OFF_LAST ? wait * 2 : BACK_OFF_LAST) {
		if (wait == BACK_OFF_LAST) /* the rest in one step: a service may be said to take a year */
			return now + (healthy - now + wait - 1) / wait * wait;
		now += wait;
	}
	return now;
}

int64_t lane_fixed_ms(const struct catalogue *catalogue, const strs *order, int64_t overhead_ms)
{
	int64_t healthy[SERVICES_MOST], now = 0;
	size_t n = 0;
	for (size_t i = 0; i < order->n && n < SERVICES_MOST; i++) {
		int at = catalogue_find(catalogue, order->at[i]);
		if (at < 0)
			continue;
		now += catalogue->services.at[at].pull_ms;
		healthy[n++] = now + catalogue->services.at[at].startup_ms;
	}
	for (size_t i = 0; i < n; i++)
		now = poll(now, healthy[i]);
	return overhead_ms + now;
}

struct plan_lane lane_from_config(struct arena *out, const struct config *config, const struct lane_config *lane)
{
	struct plan_lane made = {
	        .name = lane->name,
	        .services = lane->services,
	        .serial = lane->serial,
	        .workers = lane->workers ? lane->workers : 1,
	        .pytest_args = lane->pytest_args,
	};
	service_set rest = lane->services;
	for (size_t i = 0; i < lane->service_order.n; i++) {
		int at = catalogue_find(&config->catalogue, lane->service_order.at[i]);
		if (at < 0 || !(rest >> at & 1))
			continue;
		vec_push(out, &made.service_order, lane->service_order.at[i]);
		rest &= ~(UINT64_C(1) << at);
	}
	strs others = lane_service_order(out, &config->catalogue, rest);
	for (size_t i = 0; i < others.n; i++)
		vec_push(out, &made.service_order, others.at[i]);
	made.fixed_ms = lane_fixed_ms(&config->catalogue, &made.service_order, config->overhead_ms);
	return made;
}

/* The names joined by "-", without base services unless there are no others; cut after a whole name. */
static struct str name_of(struct arena *out, const struct config *config, service_set services)
{
	service_set own = services & ~catalogue_base(&config->catalogue);
	strs names = {0};
	size_t length = 0, left = 0;
	own = own ? own : services;
	for (size_t i = 0; i < config->catalogue.services.n; i++) {
		struct str name = config->catalogue.services.at[i].name;
		if (!(own >> i & 1))
			continue;
		if (left || (names.n && length + name.n > NAME_LONGEST))
			left++;
		else
			vec_push(out, &names, name);
		length += name.n + 1;
	}
	if (!names.n)
		return STR("none");
	struct str name = str_join(out, names.at, names.n, STR("-"));
	return left ? str_fmt(out, "%.*s-and-%zu-more", STR_ARG(name), left) : name;
}

struct plan_lane lane_derived(struct arena *out, const struct config *config, service_set services, struct str why)
{
	services |= catalogue_base(&config->catalogue);
	struct plan_lane lane = {
	        .name = name_of(out, config, services),
	        .services = services,
	        .service_order = lane_service_order(out, &config->catalogue, services),
	        .is_derived = true,
	        .why = why,
	        .serial = true,
	        .workers = 1,
	};
	lane.fixed_ms = lane_fixed_ms(&config->catalogue, &lane.service_order, config->overhead_ms);
	return lane;
}
