/* The start-up of a lane, as a table to be checked by hand. */
#include "partition/lanes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct boot {
	const char *name;
	int64_t pull, startup; /* s */
};

static struct catalogue catalogue_of(struct arena *out, const struct boot *boots, size_t n)
{
	struct catalogue catalogue = {0};
	for (size_t i = 0; i < n; i++)
		vec_push(out, &catalogue.services,
		         ((struct service){.name = str_of(boots[i].name),
		                           .pull_ms = boots[i].pull * 1000,
		                           .startup_ms = boots[i].startup * 1000}));
	return catalogue;
}

static void counts_pulls_and_polls(void **state)
{
	(void)state;
	static const struct {
		struct boot boots[3];
		int64_t overhead, fixed; /* s */
	} rows[] = {
	        /* services in list order               overhead  fixed */
	        {{{0}}, 45, 45},         /* nothing but the job itself */
	        {{{"a", 0, 0}}, 45, 45}, /* no health command: ready at once */
	        {{{"a", 10, 0}}, 0, 10},
	        {{{"a", 10, 1}}, 0, 12}, /* polled at 10, 12 */
	        {{{"a", 10, 2}}, 0, 12},
	        {{{"a", 10, 3}}, 0, 16}, /* at 10, 12, 16 */
	        {{{"a", 0, 30}}, 0, 30}, /* at 0, 2, 6, 14, 30 */
	        {{{"a", 0, 31}}, 0, 62}, /* and 62 */
	        {{{"a", 0, 63}}, 0, 94}, /* then every 32 s */
	        {{{"a", 0, 126}}, 0, 126},
	        {{{"a", 0, 127}}, 0, 158},
	        {{{"slow", 30, 30}, {"b", 30, 0}}, 0, 60},        /* warm when the second pull is done */
	        {{{"b", 30, 0}, {"slow", 30, 30}}, 0, 90},        /* the worst order: at 60, 62, 66, 74, 90 */
	        {{{"a", 0, 14}, {"b", 0, 14}}, 0, 14},            /* they warm up together */
	        {{{"a", 0, 5}, {"b", 0, 15}}, 45, 65},            /* a at 6; b at 6, 8, 12, 20 */
	        {{{"b", 0, 15}, {"a", 0, 5}}, 45, 75},            /* b at 30, a then */
	        {{{"a", 5, 5}, {"b", 5, 5}, {"c", 5, 5}}, 0, 21}, /* a 10, b 15, c 20: seen at 15, 15, 15 17 21 */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena out;
		arena_init(&out, NULL);
		size_t n = 0;
		while (n < 3 && rows[i].boots[n].name)
			n++;
		struct catalogue catalogue = catalogue_of(&out, rows[i].boots, n);
		strs order = {0};
		for (size_t j = 0; j < n; j++)
			vec_push(&out, &order, catalogue.services.at[j].name);
		int64_t fixed = lane_fixed_ms(&catalogue, &order, rows[i].overhead * 1000);
		if (fixed != rows[i].fixed * 1000)
			fail_msg("row %zu: %lld ms", i, (long long)fixed);
		arena_free(&out);
	}
}

static void lists_the_longest_warm_up_first(void **state)
{
	(void)state;
	struct arena out;
	arena_init(&out, NULL);
	const struct boot boots[] = {{"a", 1, 5}, {"b", 1, 25}, {"c", 90, 5}, {"d", 1, 1}};
	struct catalogue catalogue = catalogue_of(&out, boots, 4);
	strs order = lane_service_order(&out, &catalogue, 0xb | 4);
	struct str joined = str_join(&out, order.at, order.n, STR(" "));
	assert_true(str_eq(joined, STR("b a c d")));
	assert_int_equal(lane_service_order(&out, &catalogue, 0).n, 0);
	arena_free(&out);
}

static void names_a_derived_lane_after_its_services(void **state)
{
	(void)state;
	struct arena out;
	arena_init(&out, NULL);
	const struct boot boots[] = {{"elastic", 20, 25}, {"postgres", 5, 5}, {"redis", 1, 1}};
	struct config config = {.catalogue = catalogue_of(&out, boots, 3), .overhead_ms = 1000};
	assert_true(str_eq(lane_derived(&out, &config, 0, STR("")).name, STR("none")));
	assert_true(str_eq(lane_derived(&out, &config, 5, STR("")).name, STR("elastic-redis")));
	config.catalogue.services.at[1].is_base = true;
	struct plan_lane lane = lane_derived(&out, &config, 1, STR("why"));
	assert_true(str_eq(lane.name, STR("elastic")));
	assert_int_equal(lane.services, 3);
	assert_true(lane.is_derived);
	assert_true(str_eq(lane_derived(&out, &config, 0, STR("")).name, STR("postgres")));
	arena_free(&out);
}

static void keeps_the_order_a_config_writes(void **state)
{
	(void)state;
	struct arena out;
	arena_init(&out, NULL);
	const struct boot boots[] = {{"elastic", 20, 25}, {"postgres", 5, 5}, {"redis", 1, 1}};
	struct config config = {.catalogue = catalogue_of(&out, boots, 3)};
	struct lane_config written = {.name = STR("x"), .services = 7};
	vec_push(&out, &written.service_order, STR("redis"));
	struct plan_lane lane = lane_from_config(&out, &config, &written);
	assert_true(str_eq(str_join(&out, lane.service_order.at, lane.service_order.n, STR(" ")),
	                   STR("redis elastic postgres")));
	assert_int_equal(lane.workers, 1);
	arena_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(counts_pulls_and_polls),
	        cmocka_unit_test(lists_the_longest_warm_up_first),
	        cmocka_unit_test(names_a_derived_lane_after_its_services),
	        cmocka_unit_test(keeps_the_order_a_config_writes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
