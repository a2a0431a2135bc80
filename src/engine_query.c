/* What is known, as the tables of `query`: only those that the SQL names are made. */
#include "engine.h"

#include "base/buf.h"
#include "store/query.h"

struct asking {
	lanewright *lw;
	const struct lanewright_query_options *options;
	struct query query;
	struct plan plan;
	bool has_plan;
	struct lanewright_value *row; /* query.columns.n */
};

static struct query_value truth(bool is)
{
	return query_integer(is);
}

static struct query_value line_number(uint32_t line)
{
	return line ? query_integer(line) : query_null();
}

static struct query_value named(const lanewright *lw, name n)
{
	return query_some_text(intern_str(lw->repo.names, n));
}

/* NULL for what is in no file of the tree. */
static struct query_value file_path(const lanewright *lw, uint32_t file)
{
	return file < lw->repo.files.n ? query_text(lw->repo.files.at[file].path) : query_null();
}

#define ROW(a, ...)                                                                                                    \
	query_row(&(a)->query, (const struct query_value[]){__VA_ARGS__},                                              \
	          sizeof((const struct query_value[]){__VA_ARGS__}) / sizeof(struct query_value), &(a)->lw->err)

/* ---- one function a table ---- */

static bool fill_files(struct asking *a)
{
	for (size_t i = 0; i < a->lw->repo.files.n; i++) {
		const struct source_file *file = &a->lw->repo.files.at[i];
		struct survey_cursor imports;
		uint32_t lines = survey_begin(&imports, file->survey).lines;
		if (!ROW(a, query_text(file->path), query_integer((int64_t)file->size), query_integer(lines),
		         truth(file->is_test), truth(file->is_conftest), truth(file->is_unreadable)))
			return false;
	}
	return true;
}

static bool fill_tests(struct asking *a)
{
	for (size_t i = 0; i < a->lw->suite.tests.n; i++) {
		const struct test *test = &a->lw->suite.tests.at[i];
		if (!ROW(a, query_text(test->id), file_path(a->lw, test->file), line_number(test->line),
		         query_integer(test->n_params), truth(test->is_exact), truth(test->is_unittest),
		         truth(test->is_dead), query_integer((int64_t)test->unknowns.n)))
			return false;
	}
	return true;
}

static bool fill_marks(struct asking *a)
{
	for (size_t i = 0; i < a->lw->suite.tests.n; i++) {
		const struct test *test = &a->lw->suite.tests.at[i];
		for (size_t k = 0; k < test->marks.n; k++) {
			const struct mark *mark = &test->marks.at[k];
			if (!ROW(a, query_text(test->id), named(a->lw, mark->name), file_path(a->lw, mark->file),
			         line_number(mark->line)))
				return false;
		}
	}
	return true;
}

static bool fill_fixtures(struct asking *a)
{
	for (size_t i = 0; i < a->lw->suite.fixtures.n; i++) {
		const struct fixture *fixture = &a->lw->suite.fixtures.at[i];
		if (!ROW(a, named(a->lw, fixture->name), file_path(a->lw, fixture->def.file),
		         line_number(fixture->line), named(a->lw, fixture->scope), truth(fixture->is_autouse),
		         truth(fixture->is_parametrized), truth(fixture->is_external)))
			return false;
	}
	return true;
}

static bool fill_uses(struct asking *a)
{
	for (size_t i = 0; i < a->lw->suite.tests.n; i++) {
		const struct test *test = &a->lw->suite.tests.at[i];
		for (size_t k = 0; k < test->fixtures.n; k++) {
			const struct fixture *fixture = &a->lw->suite.fixtures.at[test->fixtures.at[k]];
			if (!ROW(a, query_text(test->id), named(a->lw, fixture->name),
			         file_path(a->lw, fixture->def.file), line_number(fixture->line)))
				return false;
		}
	}
	return true;
}

static bool fill_imports(struct asking *a)
{
	for (uint32_t i = 0; i < a->lw->repo.files.n; i++) {
		struct survey_cursor at;
		struct surveyed_import import;
		survey_begin(&at, a->lw->repo.files.at[i].survey);
		while (survey_next(&at, &import))
			if (!ROW(a, file_path(a->lw, i), line_number(import.line), query_integer(import.level),
			         query_text(import.module), query_some_text(import.name),
			         query_some_text(import.bound)))
				return false;
	}
	return true;
}

static struct query_value cause(lanewright *lw, const struct evidence *why)
{
	if (why->steps.n == 0)
		return query_null();
	const struct step *last = &why->steps.at[why->steps.n - 1];
	return query_text(
	        str_fmt(&lw->tmp, "%s:%u: %.*s", engine_file(lw, last->file), last->line, STR_ARG(last->text)));
}

static bool fill_needs(struct asking *a)
{
	lanewright *lw = a->lw;
	for (size_t i = 0; i < lw->suite.tests.n; i++) {
		const struct test *test = &lw->suite.tests.at[i];
		for (size_t k = 0; k < lw->needs.tests[i].n; k++) {
			const struct need *need = &lw->needs.tests[i].at[k];
			struct str services =
			        service_set_names(&lw->tmp, &lw->config.catalogue, need->services, STR("|"));
			if (!ROW(a, query_text(test->id), file_path(lw, test->file), query_text(services),
			         query_text(str_of(grade_name(need->grade))), truth(need->is_dead),
			         truth(need->is_override), cause(lw, &need->why)))
				return false;
		}
	}
	return true;
}

static bool fill_timings(struct asking *a)
{
	for (size_t i = 0; i < a->lw->suite.tests.n; i++) {
		const struct test *test = &a->lw->suite.tests.at[i];
		const struct estimate *estimate = &a->lw->estimates[i];
		if (!ROW(a, query_text(test->id), file_path(a->lw, test->file), query_seconds(estimate->ms),
		         query_seconds(estimate->low), query_seconds(estimate->high),
		         query_text(str_of(estimate_source_name(estimate->source)))))
			return false;
	}
	return true;
}

/* The names of a set of the plan, joined by a blank. */
static struct query_value plan_names(struct asking *a, service_set set)
{
	const strs *services = &a->plan.services;
	strs names = {0};
	for (size_t i = 0; i < services->n; i++)
		if (set >> i & 1)
			vec_push(&a->lw->tmp, &names, services->at[i]);
	return query_text(str_join(&a->lw->tmp, names.at, names.n, STR(" ")));
}

static bool fill_units(struct asking *a)
{
	for (size_t i = 0; i < a->plan.units.n; i++) {
		const struct plan_unit *unit = &a->plan.units.at[i];
		const struct plan_shard *shard = &a->plan.shards.at[unit->shard];
		if (!ROW(a, query_text(unit->id), query_text(unit->path), query_seconds(unit->ms),
		         query_text(str_of(estimate_source_name(unit->source))), plan_names(a, unit->needs),
		         query_integer(unit->n_tests), query_text(a->plan.lanes.at[shard->lane].name),
		         query_text(shard->name)))
			return false;
	}
	return true;
}

static bool fill_plan(struct asking *a)
{
	int64_t *units = arena_array(&a->lw->tmp, int64_t, a->plan.shards.n + 1);
	for (size_t i = 0; i < a->plan.units.n; i++)
		units[a->plan.units.at[i].shard]++;
	for (size_t i = 0; i < a->plan.shards.n; i++) {
		const struct plan_shard *shard = &a->plan.shards.at[i];
		const struct plan_lane *lane = &a->plan.lanes.at[shard->lane];
		if (!ROW(a, query_text(shard->name), query_text(lane->name), plan_names(a, lane->services),
		         query_integer(units[i]), query_seconds(shard->fixed_ms), query_seconds(shard->load_ms),
		         query_seconds(shard->fixed_ms + shard->load_ms)))
			return false;
	}
	return true;
}

/* ---- what a table rests on ---- */

/* A tree without tests has tables all the same: they are empty. */
static bool allow_no_tests(lanewright *lw, bool is_fine)
{
	if (is_fine || !lw->has_suite || lw->suite.tests.n)
		return is_fine;
	lw->err = (struct err){0};
	return true;
}

static bool bring_suite(struct asking *a)
{
	return allow_no_tests(a->lw, engine_suite(a->lw));
}

static bool bring_needs(struct asking *a)
{
	return allow_no_tests(a->lw, engine_needs(a->lw));
}

static bool bring_estimates(struct asking *a)
{
	return allow_no_tests(a->lw, engine_estimates(a->lw));
}

static bool bring_repo(struct asking *a)
{
	return engine_repo(a->lw);
}

static bool bring_plan(struct asking *a)
{
	if (!a->has_plan && !engine_written_plan(a->lw, &a->plan, ERR_USAGE))
		return false;
	a->has_plan = true;
	return true;
}

static const struct {
	bool (*bring)(struct asking *a);
	bool (*fill)(struct asking *a);
} tables[QUERY_N_TABLES] = {
        [QUERY_FILES] = {bring_repo, fill_files},  [QUERY_TESTS] = {bring_suite, fill_tests},
        [QUERY_MARKS] = {bring_suite, fill_marks}, [QUERY_FIXTURES] = {bring_suite, fill_fixtures},
        [QUERY_USES] = {bring_suite, fill_uses},   [QUERY_IMPORTS] = {bring_repo, fill_imports},
        [QUERY_NEEDS] = {bring_needs, fill_needs}, [QUERY_TIMINGS] = {bring_estimates, fill_timings},
        [QUERY_UNITS] = {bring_plan, fill_units},  [QUERY_PLAN] = {bring_plan, fill_plan},
};

/* ---- the answer ---- */

static struct lanewright_value show_value(struct arena *tmp, const struct query_value *value)
{
	struct lanewright_value shown = {.text = ""};
	switch (value->type) {
	case QUERY_NULL: shown.type = LANEWRIGHT_NULL; break;
	case QUERY_INTEGER:
		shown.type = LANEWRIGHT_INTEGER;
		shown.integer = value->integer;
		break;
	case QUERY_REAL:
		shown.type = LANEWRIGHT_REAL;
		shown.real = value->real;
		break;
	case QUERY_TEXT:
		shown.type = LANEWRIGHT_TEXT;
		shown.text = str_c(tmp, value->text);
		break;
	}
	return shown;
}

/* `tmp` is emptied after each row: there may be millions. */
static bool take_row(void *me, const struct query_value *values, size_t n, struct err *err)
{
	struct asking *a = me;
	(void)err;
	for (size_t i = 0; i < n; i++)
		a->row[i] = show_value(&a->lw->tmp, &values[i]);
	a->options->row(a->options->context, a->row, n);
	arena_reset(&a->lw->tmp);
	return true;
}

static bool answer(struct asking *a)
{
	const strs *columns = &a->query.columns;
	const char **names = arena_array(&a->lw->out, const char *, columns->n + 1);
	for (size_t i = 0; i < columns->n; i++)
		names[i] = str_c(&a->lw->out, columns->at[i]);
	a->row = arena_array(&a->lw->out, struct lanewright_value, columns->n + 1);
	a->options->columns(a->options->context, names, columns->n);
	arena_reset(&a->lw->tmp);
	return query_run(&a->query, take_row, a, &a->lw->err);
}

static bool fill_all(struct asking *a)
{
	for (int t = 0; t < QUERY_N_TABLES; t++) {
		if (!query_wants(&a->query, t))
			continue;
		if (!tables[t].bring(a) || !query_fill(&a->query, t, &a->lw->err) || !tables[t].fill(a))
			return false;
	}
	return true;
}

static bool ask(lanewright *lw, void *args)
{
	struct asking *a = args;
	bool is_fine = query_open(&a->query, &lw->out, str_of(a->options->sql), &lw->err) && fill_all(a) && answer(a);
	query_close(&a->query);
	return is_fine;
}

int lanewright_query(lanewright *lw, const struct lanewright_query_options *options)
{
	struct asking a = {.lw = lw, .options = options};
	int status = engine_run(lw, ask, &a);
	query_close(&a.query); /* also when memory ran out */
	return status;
}
