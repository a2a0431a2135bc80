/* A small plan, as the partitioner would make it, and the config it was made for: two lanes with services, one of
 * them with two shards, and one lane without.  Tests change it to make their point. */
#ifndef TESTS_EMIT_SAMPLE_H
#define TESTS_EMIT_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h" /* before cmocka, which has a macro called fail */
#include "base/buf.h"
#include "base/hash.h"
#include "emit/list.h"
#include "model/config.h"
#include "model/plan.h"

#include <cmocka.h>

enum { SAMPLE_ELASTIC = 1, SAMPLE_POSTGRES = 2, SAMPLE_REDIS = 4 }; /* bits, sorted by name */

static inline void sample_unit(struct arena *out, struct plan *plan, const char *id, service_set needs, uint32_t shard)
{
	struct str whole = str_of(id);
	size_t colons = str_find(whole, STR("::"), 0);
	vec_push(out, &plan->units,
	         (struct plan_unit){.id = whole,
	                            .path = str_slice(whole, 0, colons == SIZE_MAX ? whole.n : colons),
	                            .ms = 1500,
	                            .source = ESTIMATE_HISTORY,
	                            .needs = needs,
	                            .shard = shard,
	                            .n_tests = 3});
}

static inline void sample_lane(struct arena *out, struct plan *plan, const char *name, service_set services,
                               const char *const *order, uint32_t n_shards)
{
	struct plan_lane lane = {.name = str_of(name),
	                         .services = services,
	                         .serial = true,
	                         .workers = 1,
	                         .fixed_ms = 60000,
	                         .n_shards = n_shards};
	for (; *order; order++)
		vec_push(out, &lane.service_order, str_of(*order));
	for (uint32_t i = 1; i <= n_shards; i++)
		vec_push(out, &plan->shards,
		         (struct plan_shard){.name = n_shards > 1 ? str_fmt(out, "%s-%u", name, i) : lane.name,
		                             .lane = (uint32_t)plan->lanes.n,
		                             .number = i,
		                             .fixed_ms = 60000,
		                             .load_ms = 3000});
	vec_push(out, &plan->lanes, lane);
}

static inline void sample_hash(struct arena *out, struct plan *plan)
{
	list_files lists;
	struct err err = {0};
	assert_true(list_build(out, plan, &lists, &err));
	for (size_t i = 0; i < plan->shards.n; i++)
		plan->shards.at[i].list_sha256 = lists.at[i].sha256;
}

static inline struct plan sample_plan(struct arena *out)
{
	static const char *const elastic[] = {"elasticsearch", "postgres", NULL};
	static const char *const postgres[] = {"postgres", "redis", NULL};
	static const char *const none[] = {NULL};
	struct plan plan = {.makespan_ms = 63000, .bound_ms = 62000, .billed_ms = 240000, .history_ms = 9000};
	vec_push(out, &plan.services, STR("elasticsearch"));
	vec_push(out, &plan.services, STR("postgres"));
	vec_push(out, &plan.services, STR("redis"));
	sample_lane(out, &plan, "elastic", SAMPLE_ELASTIC | SAMPLE_POSTGRES, elastic, 2);
	sample_lane(out, &plan, "postgres", SAMPLE_POSTGRES | SAMPLE_REDIS, postgres, 1);
	sample_lane(out, &plan, "unit", 0, none, 1);
	sample_unit(out, &plan, "tests/integration/test_cart.py", SAMPLE_POSTGRES, 2);
	sample_unit(out, &plan, "tests/integration/test_search.py::TestIndex", SAMPLE_ELASTIC, 0);
	sample_unit(out, &plan, "tests/integration/test_search.py::TestQuery::test_facets", SAMPLE_ELASTIC, 1);
	sample_unit(out, &plan, "tests/integration/test_session.py", SAMPLE_REDIS, 2);
	sample_unit(out, &plan, "tests/unit/test_prices.py", 0, 3);
	vec_push(out, &plan.inputs, (struct plan_input){STR("tree"), sha256_hex(out, STR("tree"))});
	vec_push(out, &plan.inputs, (struct plan_input){STR("config"), sha256_hex(out, STR("config"))});
	plan.certificate =
	        (struct certificate){.kind = BOUND_ITEM, .lanes = 1, .shards = 2, .load_ms = 3000, .item = 1};
	sample_hash(out, &plan);
	return plan;
}

static inline struct service sample_service(struct arena *out, const char *name, const char *image, const char *port,
                                            const char *options, int64_t startup_ms)
{
	struct service service = {.name = str_of(name),
	                          .image = str_of(image),
	                          .options = str_of(options),
	                          .startup_ms = startup_ms,
	                          .pull_ms = 5000};
	vec_push(out, &service.ports_map, str_of(port));
	return service;
}

static inline struct config sample_config(struct arena *out)
{
	struct config config = {.path = STR("lanewright.toml")};
	struct service elastic = sample_service(
	        out, "elasticsearch", "elasticsearch:9.4.1", "9200:9200",
	        "--health-cmd \"curl -fs http://localhost:9200/_cluster/health\" --health-interval 10s", 25000);
	vec_push(out, &elastic.env, (struct env_pair){STR("discovery.type"), STR("single-node")});
	vec_push(out, &elastic.env, (struct env_pair){STR("xpack.security.enabled"), STR("false")});
	struct service postgres = sample_service(out, "postgres", "postgres:16", "5432:5432",
	                                         "--health-cmd pg_isready --health-interval 5s", 5000);
	vec_push(out, &postgres.env, (struct env_pair){STR("POSTGRES_PASSWORD"), STR("it's $1 #secret")});
	vec_push(out, &config.catalogue.services, elastic);
	vec_push(out, &config.catalogue.services, postgres);
	vec_push(out, &config.catalogue.services,
	         sample_service(out, "redis", "redis:7", "6379:6379", "--health-cmd \"redis-cli ping\"", 2000));
	config.github = (struct github_config){
	        .shape = STR("lanes"),
	        .lists = STR("committed"),
	        .install = STR("- run: pip install lanewright\n"),
	        .name = STR("backend-heavy"),
	        .runs_on = STR("ubuntu-latest"),
	        .pytest = STR("pytest -ra"),
	        .before = STR("- uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2\n"
	                      "- uses: actions/setup-python@v5\n"
	                      "  with:\n"
	                      "    python-version: \"3.12\"\n"
	                      "- run: |\n"
	                      "    pip install uv\n"
	                      "    uv sync --frozen\n"),
	        .if_ = STR("vars.HEAVY != 'off'"),
	        .coverage_source = STR("backend"),
	        .timeout_minutes = 20,
	};
	vec_push(out, &config.github.env,
	         (struct env_pair){STR("DATABASE_URL"), STR("postgresql://localhost:5432/shop")});
	return config;
}

#endif
