/* Two kinds of services: common ones, which a good part of the tests needs, and special ones.  Each special service gets
 * a lane, with the common ones that tests need beside it; of the sets of common services the maximal ones and those
 * that many tests need get one.  So a test that needs a database alone does not wait for a search engine, and what few
 * tests need in an odd combination is left to `plan`, which derives a lane for it. */
#include "project/propose_lanes.h"

#include <stdlib.h>

enum { LANES_MOST = 16, TESTS_LEAST = 5, SHARE = 10, COMMON_SHARE = 5, NAME_LONGEST = 60 };

struct wanted_lane {
	service_set set;
	size_t tests, files;
};

typedef VEC(struct wanted_lane) wanted_lanes;

struct proposing {
	struct arena *out;
	lane_wishes wishes; /* no two of one set; each with the base services */
	const struct catalogue *catalogue;
	service_set common;
	size_t total; /* tests */
	wanted_lanes lanes;
};

static void merge(struct proposing *p, const lane_wishes *wishes, service_set base)
{
	for (size_t i = 0; i < wishes->n; i++) {
		struct lane_wish wish = wishes->at[i];
		size_t k = 0;
		wish.set |= base;
		while (k < p->wishes.n && p->wishes.at[k].set != wish.set)
			k++;
		if (k == p->wishes.n)
			vec_push(p->out, &p->wishes, ((struct lane_wish){.set = wish.set}));
		p->wishes.at[k].tests += wish.tests;
		p->wishes.at[k].files += wish.files;
		p->total += wish.tests;
	}
}

/* Services that at least a fifth of the tests with needs has among them. */
static service_set find_common(const struct proposing *p)
{
	service_set common = 0;
	size_t needing = 0;
	for (size_t i = 0; i < p->wishes.n; i++)
		needing += p->wishes.at[i].set ? p->wishes.at[i].tests : 0;
	for (size_t k = 0; k < p->catalogue->services.n; k++) {
		size_t tests = 0;
		for (size_t i = 0; i < p->wishes.n; i++)
			tests += p->wishes.at[i].set >> k & 1 ? p->wishes.at[i].tests : 0;
		if (tests && tests * COMMON_SHARE >= needing)
			common |= (service_set)1 << k;
	}
	return common;
}

static bool is_enough(const struct proposing *p, size_t tests)
{
	return tests >= TESTS_LEAST && tests * SHARE >= p->total;
}

static void add_lane(struct proposing *p, service_set set)
{
	for (size_t i = 0; i < p->lanes.n; i++)
		if (p->lanes.at[i].set == set)
			return;
	if (p->lanes.n < LANES_MOST)
		vec_push(p->out, &p->lanes, ((struct wanted_lane){.set = set}));
}

static bool is_within(service_set set, service_set in)
{
	return (set & ~in) == 0;
}

static bool is_maximal(const struct proposing *p, service_set set)
{
	for (size_t i = 0; i < p->wishes.n; i++) {
		service_set other = p->wishes.at[i].set;
		if (other != set && is_within(other, p->common) && is_within(set, other))
			return false;
	}
	return true;
}

static void add_common_lanes(struct proposing *p)
{
	for (size_t i = 0; i < p->wishes.n; i++) {
		const struct lane_wish *wish = &p->wishes.at[i];
		bool is_common = wish->set && is_within(wish->set, p->common);
		if (is_common && (is_maximal(p, wish->set) || is_enough(p, wish->tests)))
			add_lane(p, wish->set);
	}
}

/* The special service with the common ones of those sets in which no other special one is. */
static void add_special_lane(struct proposing *p, service_set special)
{
	service_set set = 0;
	for (size_t i = 0; i < p->wishes.n; i++)
		if ((p->wishes.at[i].set & ~p->common) == special)
			set |= p->wishes.at[i].set;
	if (set)
		add_lane(p, set);
}

static void add_lanes(struct proposing *p)
{
	add_common_lanes(p);
	for (size_t k = 0; k < p->catalogue->services.n; k++)
		if (!(p->common >> k & 1))
			add_special_lane(p, (service_set)1 << k);
	for (size_t i = 0; i < p->wishes.n; i++) {
		service_set special = p->wishes.at[i].set & ~p->common;
		if ((special & (special - 1)) && is_enough(p, p->wishes.at[i].tests))
			add_lane(p, p->wishes.at[i].set);
	}
	for (size_t i = 0; i < p->wishes.n; i++)
		if (p->wishes.at[i].set == 0)
			add_lane(p, 0);
}

static unsigned count_services(service_set set)
{
	unsigned n = 0;
	for (; set; set &= set - 1)
		n++;
	return n;
}

/* Each set counts for the smallest lane that covers it; returns the tests that none covers. */
static size_t count_tests(struct proposing *p)
{
	size_t left = 0;
	for (size_t i = 0; i < p->wishes.n; i++) {
		const struct lane_wish *wish = &p->wishes.at[i];
		struct wanted_lane *best = NULL;
		for (size_t k = 0; k < p->lanes.n; k++) {
			struct wanted_lane *lane = &p->lanes.at[k];
			bool is_smaller = !best || count_services(lane->set) < count_services(best->set);
			if (is_within(wish->set, lane->set) && is_smaller)
				best = lane;
		}
		if (best) {
			best->tests += wish->tests;
			best->files += wish->files;
		} else {
			left += wish->tests;
		}
	}
	return left;
}

/* Those with services first, by their number of tests; the lane without any last. */
static int by_weight(const void *a, const void *b)
{
	const struct wanted_lane *x = a, *y = b;
	if (!x->set != !y->set)
		return !x->set - !y->set;
	if (x->tests != y->tests)
		return x->tests < y->tests ? 1 : -1;
	return (x->set > y->set) - (x->set < y->set);
}

static strs names_of(const struct proposing *p, service_set set, const strs *order)
{
	strs names = {0};
	for (size_t i = 0; i < order->n; i++) {
		int k = catalogue_find(p->catalogue, order->at[i]);
		if (k >= 0 && set >> k & 1)
			vec_push(p->out, &names, order->at[i]);
		set &= k >= 0 ? ~((service_set)1 << k) : ~(service_set)0;
	}
	for (size_t k = 0; k < p->catalogue->services.n; k++)
		if (set >> k & 1)
			vec_push(p->out, &names, p->catalogue->services.at[k].name);
	return names;
}

/* After its special services; after all of them when it has none. */
static struct str lane_name(const struct proposing *p, service_set set, size_t number)
{
	service_set telling = set & ~p->common ? set & ~p->common : set;
	struct str name = service_set_names(p->out, p->catalogue, telling, STR("-"));
	if (set == 0)
		return STR("unit");
	return name.n <= NAME_LONGEST ? name : str_fmt(p->out, "lane-%zu", number);
}

void propose_lanes(struct arena *out, const lane_wishes *wishes, const struct catalogue *catalogue, service_set base,
                   const strs *order, struct proposal *proposal)
{
	struct proposing p = {.out = out, .catalogue = catalogue};
	merge(&p, wishes, base);
	p.common = find_common(&p);
	add_lanes(&p);
	size_t left = count_tests(&p);
	if (p.lanes.n)
		qsort(p.lanes.at, p.lanes.n, sizeof *p.lanes.at, by_weight);
	for (size_t i = 0; i < p.lanes.n; i++) {
		struct proposed_lane lane = {.name = lane_name(&p, p.lanes.at[i].set, i + 1),
		                             .services = names_of(&p, p.lanes.at[i].set, order),
		                             .tests = p.lanes.at[i].tests,
		                             .files = p.lanes.at[i].files};
		vec_push(out, &proposal->lanes, lane);
	}
	if (left)
		vec_push(out, &proposal->notes,
		         str_fmt(out, "%zu test%s odd combinations of services: `plan` derives lanes for those", left,
		                 left == 1 ? " needs" : "s need"));
}
