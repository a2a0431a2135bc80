/* Plans from hand-made suites: what is split, what stays together, which lanes come of it. */
#include "partition/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { PG = 1, ES = 2, OS = 4, MYSQL = 8 };

struct world {
	struct arena arena;
	struct intern names;
	struct repo repo;
	struct suite suite;
	struct needs needs;
	struct config config;
	struct plan plan;
	struct err err;
	VEC(struct estimate) estimates;
	VEC(need_list) test_needs;
	need_list file_needs[8];
	VEC(bool) exact;
	VEC(uint32_t) first;
	VEC(struct facts *) facts; /* by file */
};

static struct world *new_world(void)
{
	static const char *const names[] = {"postgres", "elastic", "opensearch", "mysql"};
	struct world *w = calloc(1, sizeof *w);
	arena_init(&w->arena, NULL);
	intern_init(&w->names, &w->arena);
	w->repo.names = &w->names;
	for (int i = 0; i < 4; i++)
		vec_push(&w->arena, &w->config.catalogue.services,
		         ((struct service){.name = str_of(names[i]), .startup_ms = 6000 * (i + 1), .pull_ms = 4000}));
	w->config.grade = GRADE_PROBABLE;
	w->config.max_shards = 8;
	w->config.overhead_ms = 45000;
	w->config.billing_ms = 60000;
	w->config.derive_lanes = true;
	w->config.spill = true;
	return w;
}

static void end(struct world *w)
{
	arena_free(&w->arena);
	free(w);
}

static void add_lane(struct world *w, const char *name, service_set services, uint32_t shards)
{
	vec_push(&w->arena, &w->config.lanes,
	         ((struct lane_config){.name = str_of(name), .services = services, .shards = shards, .serial = true}));
}

/* Files come in order; tests belong to the last one. */
static void add_file(struct world *w, const char *path)
{
	struct source_file file = {.path = str_of(path), .is_test = true};
	struct facts *facts = arena_new(&w->arena, struct facts);
	vec_push(&w->arena, &facts->exprs, ((struct expr){0}));
	vec_push(&w->arena, &facts->stmts, ((struct stmt){0}));
	vec_push(&w->arena, &facts->defs, ((struct def){0}));
	vec_push(&w->arena, &w->facts, facts);
	vec_push(&w->arena, &w->repo.files, file);
	vec_push(&w->arena, &w->exact, true);
	vec_push(&w->arena, &w->first, (uint32_t)w->suite.tests.n);
}

static struct facts *facts(struct world *w)
{
	return w->facts.at[w->facts.n - 1];
}

static uint32_t add_def(struct world *w, const char *of, uint8_t kind, uint32_t parent)
{
	for (uint32_t d = 1; d < facts(w)->defs.n; d++)
		if (facts(w)->defs.at[d].name == intern(&w->names, str_of(of)) && facts(w)->defs.at[d].parent == parent)
			return d;
	vec_push(&w->arena, &facts(w)->defs,
	         ((struct def){.kind = kind, .name = intern(&w->names, str_of(of)), .parent = parent}));
	return (uint32_t)facts(w)->defs.n - 1;
}

/* `class` may be NULL; `any` is an any-of need. */
static struct test *add_test(struct world *w, const char *class, const char *func, service_set all, service_set any,
                             int64_t ms)
{
	uint32_t file = (uint32_t)w->repo.files.n - 1;
	struct str path = w->repo.files.at[file].path;
	struct test test = {.file = file, .class_ = {REF_NOWHERE, 0}, .is_exact = true, .n_params = 1};
	test.id = class ? str_fmt(&w->arena, "%.*s::%s::%s", STR_ARG(path), class, func)
	                : str_fmt(&w->arena, "%.*s::%s", STR_ARG(path), func);
	if (class)
		test.class_ = (struct def_ref){file, add_def(w, class, DEF_CLASS, 0)};
	need_list needs = {0};
	for (service_set s = all; s; s &= s - 1)
		vec_push(&w->arena, &needs, ((struct need){.services = s & -s, .grade = GRADE_REQUIRES}));
	if (any)
		vec_push(&w->arena, &needs, ((struct need){.services = any, .grade = GRADE_REQUIRES}));
	vec_push(&w->arena, &w->test_needs, needs);
	vec_push(&w->arena, &w->estimates, ((struct estimate){.ms = ms, .source = ESTIMATE_HISTORY}));
	vec_push(&w->arena, &w->suite.tests, test);
	return &w->suite.tests.at[w->suite.tests.n - 1];
}

static bool make(struct world *w, const struct plan *previous, uint32_t shards)
{
	vec_push(&w->arena, &w->first, (uint32_t)w->suite.tests.n);
	w->suite.first_test = w->first.at;
	w->suite.file_is_exact = w->exact.at;
	w->needs.tests = w->test_needs.at;
	w->needs.files = w->file_needs;
	w->repo.facts = (const struct facts **)w->facts.at;
	struct plan_request request = {.repo = &w->repo,
	                               .suite = &w->suite,
	                               .needs = &w->needs,
	                               .config = &w->config,
	                               .estimates = w->estimates.at,
	                               .previous = previous,
	                               .shards = shards};
	w->err = (struct err){0};
	bool is_made = plan_make(&w->arena, &w->arena, &request, &w->plan, &w->err);
	w->first.n--;
	return is_made;
}

/* "unit shard, unit shard": the plan as text. */
static const char *text(struct world *w)
{
	strs rows = {0};
	for (size_t i = 0; i < w->plan.units.n; i++) {
		const struct plan_unit *unit = &w->plan.units.at[i];
		vec_push(&w->arena, &rows,
		         str_fmt(&w->arena, "%.*s %.*s", STR_ARG(unit->id),
		                 STR_ARG(w->plan.shards.at[unit->shard].name)));
	}
	return str_c(&w->arena, str_join(&w->arena, rows.at, rows.n, STR(", ")));
}

static void says_when_there_are_no_tests(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_file(w, "test_a.py");
	assert_false(make(w, NULL, 0));
	assert_int_equal(w->err.code, ERR_USAGE);
	assert_string_equal(w->err.text, "no tests found");
	end(w);
}

static void keeps_a_covered_file_whole(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "search", PG | ES, 1);
	add_file(w, "test_a.py");
	add_test(w, NULL, "test_x", PG, 0, 1000);
	add_test(w, NULL, "test_y", ES, 0, 2000);
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py search");
	assert_int_equal(w->plan.units.at[0].ms, 3000);
	assert_int_equal(w->plan.units.at[0].needs, PG | ES);
	assert_int_equal(w->plan.units.at[0].n_tests, 2);
	assert_int_equal(w->plan.history_ms, 3000);
	end(w);
}

static void splits_a_file_by_need(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "elastic", PG | ES, 1);
	add_lane(w, "opensearch", PG | OS, 1);
	add_file(w, "test_a.py");
	add_test(w, NULL, "test_es", ES, 0, 3000);
	add_test(w, NULL, "test_os", OS, 0, 2000);
	add_test(w, NULL, "test_pg", PG, 0, 1000);
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py::test_es elastic, test_a.py::test_os opensearch, "
	                             "test_a.py::test_pg elastic");
	end(w);
}

static void splits_classes_only_as_far_as_needed(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "elastic", ES, 1);
	add_lane(w, "opensearch", OS, 1);
	add_file(w, "test_a.py");
	add_test(w, "TestElastic", "test_1", ES, 0, 1000);
	add_test(w, "TestElastic", "test_2", ES, 0, 1000);
	add_test(w, "TestBoth", "test_es", ES, 0, 1000);
	add_test(w, "TestBoth", "test_os", OS, 0, 1000);
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py::TestBoth::test_es elastic, test_a.py::TestBoth::test_os opensearch, "
	                             "test_a.py::TestElastic elastic");
	end(w);
}

static void keeps_a_class_with_shared_state_together(void **state)
{
	(void)state;
	static const char *const hooks[] = {"setup_class", "setUpClass", "tearDownClass"};
	for (size_t i = 0; i < 3; i++) {
		struct world *w = new_world();
		add_lane(w, "elastic", ES, 1);
		add_lane(w, "opensearch", OS, 1);
		add_file(w, "test_a.py");
		add_test(w, "TestBoth", "test_es", ES, 0, 1000);
		add_test(w, "TestBoth", "test_os", OS, 0, 1000);
		add_def(w, hooks[i], DEF_FUNCTION, 1);
		assert_true(make(w, NULL, 0));
		assert_string_equal(text(w), "test_a.py elastic-opensearch");
		assert_true(w->plan.units.at[0].why_whole.n > 0);
		assert_true(w->plan.lanes.at[2].is_derived);
		w->config.derive_lanes = false;
		assert_false(make(w, NULL, 0));
		assert_int_equal(w->err.code, ERR_USAGE);
		end(w);
	}
}

static void keeps_a_class_with_class_fixtures_together(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "elastic", ES, 1);
	add_lane(w, "opensearch", OS, 1);
	add_file(w, "test_a.py");
	vec_push(&w->arena, &w->suite.fixtures, ((struct fixture){.scope = intern(&w->names, STR("class"))}));
	add_test(w, "TestBoth", "test_es", ES, 0, 1000);
	struct test *test = add_test(w, "TestBoth", "test_os", OS, 0, 1000);
	vec_push(&w->arena, &test->fixtures, 0u);
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py elastic-opensearch");
	end(w);
}

static void says_why_a_file_stays_whole(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "elastic", ES, 1);
	add_lane(w, "opensearch", OS, 1);
	add_file(w, "test_a.py");
	add_test(w, NULL, "test_es", ES, 0, 1000);
	add_test(w, NULL, "test_os", OS, 0, 1000);
	w->exact.at[0] = false;
	vec_push(&w->arena, &w->suite.unknowns,
	         ((struct unknown){.kind = UNKNOWN_HOOK, .adds_tests = true, .file = 0, .line = 7}));
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py elastic-opensearch");
	assert_string_equal(str_c(&w->arena, w->plan.units.at[0].why_whole),
	                    "which tests it collects is not certain: hook at test_a.py:7");
	w->exact.at[0] = true;
	vec_push(&w->arena, &w->config.keep_whole, STR("test_*.py"));
	assert_true(make(w, NULL, 0));
	assert_string_equal(str_c(&w->arena, w->plan.units.at[0].why_whole), "keep_whole names test_*.py");
	end(w);
}

static void places_a_file_whose_tests_have_no_names_yet(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "pg", PG, 1);
	add_lane(w, "elastic", ES, 1);
	add_file(w, "test_a.py");
	add_test(w, NULL, "test_x", PG, 0, 1000);
	add_file(w, "test_made.py");
	vec_push(&w->arena, &w->suite.hiding,
	         ((struct hiding){.file = 1, .why = {.kind = UNKNOWN_GENERATED, .file = 1, .line = 9}}));
	vec_push(&w->arena, &w->file_needs[1], ((struct need){.services = ES, .grade = GRADE_UNKNOWN}));
	vec_push(&w->arena, &w->estimates, ((struct estimate){.ms = 70, .source = ESTIMATE_DEFAULT}));
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py pg, test_made.py elastic");
	assert_int_equal(w->plan.units.at[1].ms, 70);
	assert_int_equal(w->plan.units.at[1].n_tests, 0);
	assert_int_equal(w->plan.units.at[1].needs, ES);
	assert_int_equal(w->plan.default_ms, 70);
	assert_string_equal(str_c(&w->arena, w->plan.units.at[1].why_whole),
	                    "only running it tells which tests it has: generated at test_made.py:9");
	end(w);
}

static void places_an_any_of_need_where_one_is(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "mysql", MYSQL, 1);
	add_lane(w, "elastic", ES, 1);
	add_file(w, "test_a.py");
	add_test(w, NULL, "test_x", 0, PG | MYSQL, 1000);
	add_file(w, "test_b.py");
	add_test(w, NULL, "test_x", ES, 0, 1000);
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py mysql, test_b.py elastic");
	assert_int_equal(w->plan.units.at[0].needs, MYSQL);
	end(w);
}

static void derives_lanes_when_none_are_configured(void **state)
{
	(void)state;
	struct world *w = new_world();
	w->config.catalogue.services.at[0].is_base = true;
	add_file(w, "test_a.py");
	add_test(w, NULL, "test_x", PG | ES, 0, 300000);
	add_file(w, "test_b.py");
	add_test(w, NULL, "test_x", PG | OS, 0, 300000);
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py elastic, test_b.py opensearch");
	assert_int_equal(w->plan.lanes.at[0].services, PG | ES);
	assert_true(w->plan.lanes.at[0].why.n > 0);
	end(w);
}

static void merges_lanes_whose_start_up_outweighs_their_work(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_file(w, "test_a.py");
	add_test(w, NULL, "test_x", ES, 0, 300000);
	add_file(w, "test_b.py");
	add_test(w, NULL, "test_x", PG, 0, 1000);
	add_file(w, "test_c.py");
	add_test(w, NULL, "test_x", MYSQL, 0, 1000);
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py elastic, test_b.py postgres-mysql, test_c.py postgres-mysql");
	end(w);
}

static void keeps_groups_together(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "pg", PG, 2);
	static const char *const paths[] = {"test_a.py", "test_b.py", "test_m1.py", "test_m2.py"};
	for (int i = 0; i < 4; i++) {
		add_file(w, paths[i]);
		add_test(w, NULL, "test_x", PG, 0, i < 2 ? 5000 : 10000);
	}
	struct group_config group = {0};
	vec_push(&w->arena, &group.paths, STR("test_m*.py"));
	vec_push(&w->arena, &w->config.groups, group);
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py pg-1, test_b.py pg-1, test_m1.py pg-2, test_m2.py pg-2");
	end(w);
}

static void keeps_xdist_groups_together(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "pg", PG, 2);
	static const char *const paths[] = {"test_a.py", "test_b.py", "test_c.py", "test_d.py"};
	for (int i = 0; i < 4; i++) {
		add_file(w, paths[i]);
		struct test *test = add_test(w, NULL, "test_x", PG, 0, i % 2 ? 5000 : 10000);
		if (i % 2 == 0)
			continue;
		/* xdist_group("db") in one, xdist_group(name="db") in the other */
		struct facts *f = facts(w);
		bool is_keyword = i == 1;
		vec_push(&w->arena, &f->exprs, ((struct expr){.kind = EXPR_CALL, .first = 2}));
		vec_push(&w->arena, &f->exprs, ((struct expr){.kind = EXPR_ATTRIBUTE, .next = 3}));
		vec_push(&w->arena, &f->exprs,
		         ((struct expr){.kind = is_keyword ? EXPR_KEYWORD : EXPR_STRING,
		                        .text = intern(&w->names, is_keyword ? STR("name") : STR("db")),
		                        .first = is_keyword ? 4 : 0}));
		vec_push(&w->arena, &f->exprs,
		         ((struct expr){.kind = EXPR_STRING, .text = intern(&w->names, STR("db"))}));
		vec_push(
		        &w->arena, &test->marks,
		        ((struct mark){.name = intern(&w->names, STR("xdist_group")), .file = (uint32_t)i, .expr = 1}));
	}
	assert_true(make(w, NULL, 3));
	assert_int_equal(w->plan.units.at[1].shard, w->plan.units.at[3].shard);
	end(w);
}

static void without_spill_uses_the_narrowest_lane(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "wide", PG | ES, 1);
	add_lane(w, "pg", PG, 1);
	add_file(w, "test_a.py");
	add_test(w, NULL, "test_x", PG, 0, 50000);
	add_file(w, "test_b.py");
	add_test(w, NULL, "test_x", PG, 0, 50000);
	assert_true(make(w, NULL, 0));
	assert_int_not_equal(w->plan.units.at[0].shard, w->plan.units.at[1].shard);
	w->config.spill = false;
	assert_true(make(w, NULL, 0));
	assert_string_equal(text(w), "test_a.py pg, test_b.py pg");
	assert_int_equal(w->plan.lanes.at[0].n_shards, 0);
	end(w);
}

static void keeps_the_previous_plan(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "pg", PG, 3);
	w->config.stick_ppm = 50000;
	char path[32];
	for (int i = 0; i < 30; i++) {
		snprintf(path, sizeof path, "test_%02d.py", i);
		add_file(w, str_c(&w->arena, str_of(path)));
		add_test(w, NULL, "test_x", PG, 0, 10000 + i * 317);
	}
	assert_true(make(w, NULL, 0));
	struct plan first = w->plan;
	assert_int_equal(first.moved + first.kept, 0);
	w->estimates.at[4].ms += 900;
	add_file(w, "test_zz.py");
	add_test(w, NULL, "test_x", PG, 0, 500);
	assert_true(make(w, &first, 0));
	assert_int_equal(w->plan.moved, 0);
	assert_int_equal(w->plan.kept, 30);
	for (size_t i = 0; i < 30; i++)
		assert_true(str_eq(first.shards.at[first.units.at[i].shard].name,
		                   w->plan.shards.at[w->plan.units.at[i].shard].name));
	end(w);
}

static void says_what_binds(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "elastic", ES, 1);
	add_lane(w, "pg", PG, 2);
	add_file(w, "test_a.py");
	add_test(w, NULL, "test_x", ES, 0, 2310000);
	add_file(w, "test_b.py");
	add_test(w, NULL, "test_x", PG, 0, 1000);
	assert_true(make(w, NULL, 0));
	assert_string_equal(str_c(&w->arena, plan_binding(&w->arena, &w->plan)),
	                    "largest file test_a.py 2,310 s on elastic");
	w->estimates.at[1].ms = 9000000;
	add_file(w, "test_c.py");
	add_test(w, NULL, "test_x", PG, 0, 9000000);
	add_file(w, "test_d.py");
	add_test(w, NULL, "test_x", PG, 0, 50000);
	add_file(w, "test_e.py");
	add_test(w, NULL, "test_x", PG, 0, 50000);
	assert_true(make(w, NULL, 0));
	assert_string_equal(str_c(&w->arena, plan_binding(&w->arena, &w->plan)), "lane pg holds 18,100 s on 2 shards");
	end(w);
}

static void names_the_least_number_of_shards(void **state)
{
	(void)state;
	struct world *w = new_world();
	add_lane(w, "elastic", ES, 0);
	add_lane(w, "pg", PG, 0);
	add_lane(w, "mysql", MYSQL, 2);
	static const service_set needs[] = {ES, PG, MYSQL, MYSQL};
	for (int i = 0; i < 4; i++) {
		add_file(w, i == 0 ? "a.py" : i == 1 ? "b.py" : i == 2 ? "c.py" : "d.py");
		add_test(w, NULL, "test_x", needs[i], 0, 1000);
	}
	assert_false(make(w, NULL, 3));
	assert_int_equal(w->err.code, ERR_USAGE);
	assert_string_equal(w->err.text, "3 shards are too few: the lanes with work need at least 4");
	assert_true(make(w, NULL, 4));
	end(w);
}

/* Twelve functions of 10 s and a class of 40 s beside little else, on three shards. */
static struct world *world_with_a_long_file(void)
{
	struct world *w = new_world();
	add_lane(w, "pg", PG, 3);
	add_file(w, "test_long.py");
	for (int i = 0; i < 12; i++)
		add_test(w, NULL, str_c(&w->arena, str_fmt(&w->arena, "test_%02d", i)), PG, 0, 10000);
	for (int i = 0; i < 4; i++)
		add_test(w, "TestAll", str_c(&w->arena, str_fmt(&w->arena, "test_%02d", i)), PG, 0, 10000);
	add_file(w, "test_short.py");
	add_test(w, NULL, "test_x", PG, 0, 20000);
	return w;
}

static void splits_a_file_longer_than_the_makespan_could_be(void **state)
{
	(void)state;
	struct world *w = world_with_a_long_file();
	int64_t fixed = 45000 + 4000 + 6000;
	assert_true(make(w, NULL, 0));
	assert_int_equal(w->plan.makespan_ms, fixed + 60000);
	assert_int_equal(w->plan.units.n, 14); /* the functions, the class, the other file */
	uint32_t tests = 0;
	for (size_t i = 0; i < w->plan.units.n; i++)
		tests += w->plan.units.at[i].n_tests;
	assert_int_equal(tests, 17);
	assert_true(str_eq(w->plan.units.at[0].id, STR("test_long.py::TestAll")));
	w->config.unit_file_only = true;
	assert_true(make(w, NULL, 0));
	assert_int_equal(w->plan.units.n, 2);
	assert_int_equal(w->plan.makespan_ms, fixed + 160000);
	end(w);
}

static void splits_a_class_when_that_pays_too(void **state)
{
	(void)state;
	struct world *w = world_with_a_long_file();
	for (size_t t = 12; t < 16; t++)
		w->estimates.at[t].ms = 60000; /* 240 s of 380 s are in the class */
	assert_true(make(w, NULL, 0));
	assert_true(w->plan.makespan_ms < 55000 + 140000);
	assert_true(str_eq(w->plan.units.at[0].id, STR("test_long.py::TestAll::test_00")));
	/* unless its members share state: then it binds, and the rest need not be split further than into two */
	w->facts.at[0]->defs.n = 2;
	vec_push(&w->arena, &w->facts.at[0]->defs,
	         ((struct def){.kind = DEF_FUNCTION, .name = intern(&w->names, STR("setup_class")), .parent = 1}));
	assert_true(make(w, NULL, 0));
	assert_int_equal(w->plan.makespan_ms, 55000 + 240000);
	assert_true(str_eq(w->plan.units.at[0].id, STR("test_long.py::TestAll")));
	end(w);
}

static void says_why_a_long_file_stays_whole(void **state)
{
	(void)state;
	struct world *w = world_with_a_long_file();
	w->exact.at[0] = false;
	assert_true(make(w, NULL, 0));
	assert_int_equal(w->plan.units.n, 2);
	assert_string_equal(str_c(&w->arena, w->plan.units.at[0].why_whole), "which tests it collects is not certain");
	assert_int_equal(w->plan.units.at[1].why_whole.n, 0);
	end(w);
}

static void does_not_split_what_does_not_bind(void **state)
{
	(void)state;
	struct world *w = world_with_a_long_file();
	for (int i = 0; i < 8; i++) {
		add_file(w, str_c(&w->arena, str_fmt(&w->arena, "test_t%d.py", i)));
		add_test(w, NULL, "test_x", PG, 0, 45000);
	}
	assert_true(make(w, NULL, 0));
	assert_int_equal(w->plan.units.n, 10);
	end(w);
}

static void saves_minutes_at_the_same_wall_clock(void **state)
{
	(void)state;
	static const int64_t seconds[] = {100, 50, 50, 5, 4, 4, 3, 3};
	struct world *w = new_world();
	w->config.overhead_ms = 0;
	add_lane(w, "unit", 0, 3);
	for (size_t i = 0; i < 8; i++) {
		add_file(w, str_c(&w->arena, str_fmt(&w->arena, "test_%zu.py", i)));
		add_test(w, NULL, "test_x", 0, 0, seconds[i] * 1000);
	}
	assert_true(make(w, NULL, 0));
	assert_int_equal(w->plan.makespan_ms, 100000);
	assert_int_equal(w->plan.billed_ms, 4 * 60000); /* longest first alone would give shards of 61 and 58 s */
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(says_when_there_are_no_tests),
	        cmocka_unit_test(keeps_a_covered_file_whole),
	        cmocka_unit_test(splits_a_file_by_need),
	        cmocka_unit_test(splits_classes_only_as_far_as_needed),
	        cmocka_unit_test(keeps_a_class_with_shared_state_together),
	        cmocka_unit_test(keeps_a_class_with_class_fixtures_together),
	        cmocka_unit_test(says_why_a_file_stays_whole),
	        cmocka_unit_test(places_a_file_whose_tests_have_no_names_yet),
	        cmocka_unit_test(places_an_any_of_need_where_one_is),
	        cmocka_unit_test(derives_lanes_when_none_are_configured),
	        cmocka_unit_test(merges_lanes_whose_start_up_outweighs_their_work),
	        cmocka_unit_test(keeps_groups_together),
	        cmocka_unit_test(keeps_xdist_groups_together),
	        cmocka_unit_test(without_spill_uses_the_narrowest_lane),
	        cmocka_unit_test(keeps_the_previous_plan),
	        cmocka_unit_test(says_what_binds),
	        cmocka_unit_test(names_the_least_number_of_shards),
	        cmocka_unit_test(splits_a_file_longer_than_the_makespan_could_be),
	        cmocka_unit_test(splits_a_class_when_that_pays_too),
	        cmocka_unit_test(says_why_a_long_file_stays_whole),
	        cmocka_unit_test(does_not_split_what_does_not_bind),
	        cmocka_unit_test(saves_minutes_at_the_same_wall_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
