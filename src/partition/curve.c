/* One plan a number of shards, quickly made; what another row beats in both is left out. */
#include "partition/curve.h"

#include <stdlib.h>

#include "base/buf.h"
#include "partition/bill.h"
#include "partition/decimal.h"
#include "partition/maker.h"
#include "partition/oversize.h"
#include "partition/record.h"
#include "partition/replicas.h"
#include "partition/solve.h"

enum { TICKS_ROW = 40 * 1000 * 1000, PLOT_WIDTH = 40 };

__extension__ typedef __int128 wide;

static bool try_row(const struct maker *maker, struct problem *problem, uint32_t n, struct curve_row *row,
                    struct certificate *proof, struct err *err)
{
	struct arena room;
	struct solution solution;
	arena_init(&room, maker->tmp->trap);
	problem->shards = 0;
	problem->max_shards = n;
	problem->ticks = TICKS_ROW;
	*err = (struct err){0};
	bool is_solved = partition_solve(&room, &room, problem, &solution, err);
	if (is_solved) {
		bill_reduce(&room, &room, problem, solution.makespan_ms, &solution);
		*row = (struct curve_row){(uint32_t)solution.shards.n, solution.makespan_ms, solution.bound_ms,
		                          solution.billed_ms, false};
		*proof = solution.certificate;
	}
	arena_free(&room);
	return is_solved;
}

static int by_makespan(const void *a, const void *b)
{
	const struct curve_row *x = a, *y = b;
	if (x->makespan_ms != y->makespan_ms)
		return x->makespan_ms > y->makespan_ms ? -1 : 1;
	if (x->billed_ms != y->billed_ms)
		return x->billed_ms > y->billed_ms ? -1 : 1;
	return (x->shards < y->shards) - (x->shards > y->shards);
}

/* From the soonest backwards, each row that costs less than all sooner ones. */
static void keep_front(struct curve *curve)
{
	size_t to = curve->rows.n;
	int64_t cheapest = INT64_MAX;
	qsort(curve->rows.at, curve->rows.n, sizeof *curve->rows.at, by_makespan);
	for (size_t i = curve->rows.n; i-- > 0;)
		if (curve->rows.at[i].billed_ms < cheapest) {
			cheapest = curve->rows.at[i].billed_ms;
			curve->rows.at[--to] = curve->rows.at[i];
		}
	curve->rows.at += to;
	curve->rows.n -= to;
	curve->rows.cap -= to;
}

/* The row farthest from the straight line between the ends: the same row whatever the units of the axes. */
static void mark_knee(struct curve *curve)
{
	if (curve->rows.n < 3)
		return;
	const struct curve_row *first = curve->rows.at, *last = &curve->rows.at[curve->rows.n - 1];
	struct curve_row *knee = NULL;
	wide farthest = 0;
	for (size_t i = 1; i + 1 < curve->rows.n; i++) {
		struct curve_row *row = &curve->rows.at[i];
		wide across = (wide)(first->makespan_ms - row->makespan_ms) * (last->billed_ms - first->billed_ms) -
		              (wide)(first->makespan_ms - last->makespan_ms) * (row->billed_ms - first->billed_ms);
		if (across > farthest) {
			farthest = across;
			knee = row;
		}
	}
	if (knee)
		knee->is_knee = true;
}

/* "one file binds: tests/x.py 83 s; more than 6 shards do not help" */
static struct str say_nothing_more(struct arena *out, const struct maker *maker, const struct certificate *proof,
                                   uint32_t shards)
{
	if (proof->kind != BOUND_ITEM)
		return str_fmt(out, "more than %u shard%s not help", shards, shards == 1 ? " does" : "s do");
	const struct unit *unit = &maker->units.at[proof->item];
	return record_nothing_more(out, unit->id, unit->is_whole, proof->load_ms, shards);
}

bool plan_curve(struct arena *out, struct arena *tmp, const struct plan_request *request, uint32_t most,
                struct curve *curve, struct err *err)
{
	struct plan_request fresh = *request;
	fresh.previous = NULL;
	struct maker maker = {.out = out, .tmp = tmp, .request = &fresh, .err = err};
	struct certificate proof = {0};
	struct err why = {0};
	*curve = (struct curve){.nothing_more = STR_NONE};
	if (!maker_gather(&maker))
		return false;
	oversize_split(&maker);
	struct problem problem = maker_problem(&maker);
	bool is_limited = most > 0;
	most = is_limited ? most : SHARDS_AUTO_MOST;
	int64_t soonest = INT64_MAX;
	uint32_t shards = 0, idle = 0;
	for (uint32_t n = 1; n <= most && idle < 4; n++) {
		struct curve_row row;
		if (!try_row(&maker, &problem, n, &row, &proof, &why))
			continue;
		vec_push(out, &curve->rows, row);
		idle = row.makespan_ms < soonest ? 0 : idle + 1;
		shards = row.makespan_ms < soonest ? row.shards : shards;
		soonest = row.makespan_ms < soonest ? row.makespan_ms : soonest;
	}
	if (!curve->rows.n)
		return fail_usage(err, "%s", why.text);
	if (idle)
		curve->nothing_more = say_nothing_more(out, &maker, &proof, shards);
	keep_front(curve);
	mark_knee(curve);
	return true;
}

/* ---- formats ---- */

static struct str tenths(struct arena *out, int64_t ms)
{
	return str_fmt(out, "%lld.%lld", (long long)((ms + 50) / 1000), (long long)((ms + 50) / 100 % 10));
}

static struct str minutes(struct arena *out, int64_t ms)
{
	return decimal_write(out, (ms * 1000 / 60 + 5000) / 10000, 2); /* hundredths of a minute */
}

struct str curve_text(struct arena *out, const struct curve *curve)
{
	struct buf text;
	int64_t longest = curve->rows.n ? curve->rows.at[0].makespan_ms : 1;
	buf_init(&text, out);
	buf_lit(&text, "shards   seconds   minutes\n");
	for (size_t i = 0; i < curve->rows.n; i++) {
		const struct curve_row *row = &curve->rows.at[i];
		struct str seconds = tenths(out, row->makespan_ms), billed = minutes(out, row->billed_ms);
		int64_t width = row->makespan_ms * PLOT_WIDTH / longest;
		buf_fmt(&text, "%6u %9.*s %9.*s  ", row->shards, STR_ARG(seconds), STR_ARG(billed));
		for (int64_t x = 0; x < width; x++)
			buf_char(&text, '#');
		buf_add(&text, row->is_knee ? STR(" knee\n") : STR("\n"));
	}
	if (curve->nothing_more.n)
		buf_fmt(&text, "%.*s\n", STR_ARG(curve->nothing_more));
	return buf_str(&text);
}

struct str curve_csv(struct arena *out, const struct curve *curve)
{
	struct buf text;
	buf_init(&text, out);
	buf_lit(&text, "shards,makespan,bound,billed_minutes,knee\n");
	for (size_t i = 0; i < curve->rows.n; i++) {
		const struct curve_row *row = &curve->rows.at[i];
		struct str makespan = decimal_write(out, row->makespan_ms, 3),
		           bound = decimal_write(out, row->bound_ms, 3);
		struct str billed = minutes(out, row->billed_ms);
		buf_fmt(&text, "%u,%.*s,%.*s,%.*s,%s\n", row->shards, STR_ARG(makespan), STR_ARG(bound),
		        STR_ARG(billed), row->is_knee ? "yes" : "");
	}
	return buf_str(&text);
}

struct str curve_json(struct arena *out, const struct curve *curve)
{
	struct buf text;
	buf_init(&text, out);
	buf_lit(&text, "{\"version\":1,\"rows\":[");
	for (size_t i = 0; i < curve->rows.n; i++) {
		const struct curve_row *row = &curve->rows.at[i];
		buf_fmt(&text,
		        "%s{\"shards\":%u,\"makespan_ms\":%lld,\"bound_ms\":%lld,\"billed_ms\":%lld,\"knee\":%s}",
		        i ? "," : "", row->shards, (long long)row->makespan_ms, (long long)row->bound_ms,
		        (long long)row->billed_ms, row->is_knee ? "true" : "false");
	}
	buf_lit(&text, "]}\n");
	return buf_str(&text);
}
