/* The whole history at once: uniting, thinning, renaming, and writing it all anew in one transaction.  A
 * history is a few megabytes, so these take it to memory whole. */
#include <stdlib.h>
#include <string.h>

#include "store/history_db.h"

/* Samples of all parts on their way into one history. */
struct unite {
	struct arena *out;
	run_rows runs; /* sorted by run_order, no two equal */
	struct history *result;
	size_t cap;
};

/* A part and how far it has been read. */
struct part {
	const struct history *history;
	uint32_t *run; /* by its run: row in unite.runs */
	size_t at;
};

static int by_run(const void *a, const void *b)
{
	return run_order(&((const struct run_row *)a)->run, &((const struct run_row *)b)->run);
}

static void collect_runs(struct unite *unite, const struct history *const *parts, size_t n)
{
	run_rows *runs = &unite->runs;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < parts[i]->runs.n; k++)
			vec_push(unite->out, runs, ((struct run_row){.run = parts[i]->runs.at[k]}));
	if (runs->n)
		qsort(runs->at, runs->n, sizeof *runs->at, by_run);
	size_t kept = 0;
	for (size_t i = 0; i < runs->n; i++)
		if (i == 0 || by_run(&runs->at[kept - 1], &runs->at[i]) != 0)
			runs->at[kept++] = runs->at[i];
	runs->n = kept;
}

static struct part open_part(const struct unite *unite, const struct history *history)
{
	struct part part = {.history = history, .run = arena_array(unite->out, uint32_t, history->runs.n)};
	for (size_t i = 0; i < history->runs.n; i++) {
		struct run_row key = {.run = history->runs.at[i]};
		const struct run_row *row = bsearch(&key, unite->runs.at, unite->runs.n, sizeof key, by_run);
		part.run[i] = (uint32_t)(row - unite->runs.at);
	}
	return part;
}

static struct unit_sample take_sample(struct part *part)
{
	const struct history_sample *from = &part->history->samples.at[part->at++];
	return (struct unit_sample){.run = part->run[from->run],
	                            .outcome = (uint8_t)from->outcome,
	                            .us = from->us,
	                            .setup_us = from->setup_us,
	                            .call_us = from->call_us,
	                            .teardown_us = from->teardown_us};
}

/* The first unit, in order, of those the parts stand at; false at the end of all. */
static bool next_unit(const struct part *parts, size_t n, struct str *unit)
{
	bool has = false;
	for (size_t i = 0; i < n; i++) {
		if (parts[i].at == parts[i].history->samples.n)
			continue;
		struct str mine = parts[i].history->samples.at[parts[i].at].unit;
		if (!has || str_cmp(mine, *unit) < 0)
			*unit = mine;
		has = true;
	}
	return has;
}

static void give_unit(struct unite *unite, struct str unit, const unit_samples *samples)
{
	for (size_t i = samples->n; i-- > 0;) { /* they are newest first */
		const struct unit_sample *one = &samples->at[i];
		vec_push(unite->out, &unite->result->samples,
		         ((struct history_sample){.unit = unit,
		                                  .run = one->run,
		                                  .outcome = one->outcome,
		                                  .us = one->us,
		                                  .setup_us = one->setup_us,
		                                  .call_us = one->call_us,
		                                  .teardown_us = one->teardown_us}));
	}
}

static void unite_samples(struct unite *unite, struct part *parts, size_t n)
{
	struct arena tmp;
	arena_init(&tmp, unite->out->trap);
	struct str unit;
	while (next_unit(parts, n, &unit)) {
		unit_samples samples = {0};
		for (size_t i = 0; i < n; i++)
			while (parts[i].at < parts[i].history->samples.n &&
			       str_eq(parts[i].history->samples.at[parts[i].at].unit, unit))
				sample_put(&tmp, &unite->runs, &samples, take_sample(&parts[i]));
		while (samples.n > unite->cap)
			unite->runs.at[samples.at[--samples.n].run].units--;
		give_unit(unite, unit, &samples);
		arena_reset(&tmp);
	}
	arena_free(&tmp);
}

/* Only runs that a sample names are kept; samples get their places. */
static void give_runs(struct unite *unite)
{
	uint32_t *place = arena_array(unite->out, uint32_t, unite->runs.n);
	struct history *result = unite->result;
	for (size_t i = 0; i < unite->runs.n; i++) {
		place[i] = (uint32_t)result->runs.n;
		if (unite->runs.at[i].units)
			vec_push(unite->out, &result->runs, unite->runs.at[i].run);
	}
	for (size_t i = 0; i < result->samples.n; i++)
		result->samples.at[i].run = place[result->samples.at[i].run];
}

/* The greater of two contents is as good as the other: no order of the parts may matter, and the next record
 * writes the true one. */
static int by_file(const void *a, const void *b)
{
	const struct history_file *x = a, *y = b;
	int order = str_cmp(x->path, y->path);
	order = order ? order : (x->high > y->high) - (x->high < y->high);
	return order ? order : (x->low > y->low) - (x->low < y->low);
}

static void give_files(struct unite *unite, const struct history *const *parts, size_t n)
{
	struct history *result = unite->result;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < parts[i]->files.n; k++)
			vec_push(unite->out, &result->files, parts[i]->files.at[k]);
	if (result->files.n)
		qsort(result->files.at, result->files.n, sizeof *result->files.at, by_file);
	size_t kept = 0;
	for (size_t i = 0; i < result->files.n; i++) {
		kept -= kept && str_eq(result->files.at[kept - 1].path, result->files.at[i].path);
		result->files.at[kept++] = result->files.at[i];
	}
	result->files.n = kept;
}

static struct history unite_parts(struct arena *out, const struct history *const *parts, size_t n, size_t cap)
{
	struct history result = {0};
	struct unite unite = {.out = out, .result = &result, .cap = cap};
	collect_runs(&unite, parts, n);
	struct part *open = arena_array(out, struct part, n);
	for (size_t i = 0; i < n; i++)
		open[i] = open_part(&unite, parts[i]);
	unite_samples(&unite, open, n);
	give_runs(&unite);
	give_files(&unite, parts, n);
	return result;
}

struct history history_union(struct arena *out, const struct history *const *parts, size_t n)
{
	return unite_parts(out, parts, n, HISTORY_CAP);
}

static struct str file_of(struct str unit)
{
	return str_slice(unit, 0, str_find(unit, STR("::"), 0));
}

static bool is_kept_file(const struct history_keep *keep, struct str path)
{
	return !keep->files || bsearch(&path, keep->files, keep->n_files, sizeof path, str_cmp_qsort);
}

struct history history_kept(struct arena *out, const struct history *history, const struct history_keep *keep)
{
	struct history some = {.runs.at = history->runs.at, .runs.n = history->runs.n};
	for (size_t i = 0; i < history->samples.n; i++) {
		const struct history_sample *sample = &history->samples.at[i];
		if (history->runs.at[sample->run].time >= keep->since && is_kept_file(keep, file_of(sample->unit)))
			vec_push(out, &some.samples, *sample);
	}
	for (size_t i = 0; i < history->files.n; i++)
		if (is_kept_file(keep, history->files.at[i].path))
			vec_push(out, &some.files, history->files.at[i]);
	const struct history *parts[] = {&some};
	size_t cap = keep->newest && keep->newest < HISTORY_CAP ? keep->newest : HISTORY_CAP;
	return unite_parts(out, parts, 1, cap);
}

static const struct history_move *find_move(const struct history_move *moves, size_t n, struct str path)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(moves[i].from, path))
			return &moves[i];
	return NULL;
}

static int by_unit(const void *a, const void *b)
{
	const struct history_sample *x = a, *y = b;
	int order = str_cmp(x->unit, y->unit);
	return order ? order : (x->run > y->run) - (x->run < y->run);
}

struct history history_moved(struct arena *out, const struct history *history, const struct history_move *moves,
                             size_t n)
{
	/* Two parts, so that a move onto a path that has samples is a union like any other. */
	struct history stay = {.runs.at = history->runs.at, .runs.n = history->runs.n}, go = stay;
	for (size_t i = 0; i < history->samples.n; i++) {
		struct history_sample sample = history->samples.at[i];
		struct str path = file_of(sample.unit);
		const struct history_move *move = find_move(moves, n, path);
		if (!move) {
			vec_push(out, &stay.samples, sample);
			continue;
		}
		struct str rest = str_slice(sample.unit, path.n, sample.unit.n);
		sample.unit = str_fmt(out, "%.*s%.*s", STR_ARG(move->to), STR_ARG(rest));
		vec_push(out, &go.samples, sample);
	}
	if (go.samples.n)
		qsort(go.samples.at, go.samples.n, sizeof *go.samples.at, by_unit);
	for (size_t i = 0; i < history->files.n; i++) {
		struct history_file file = history->files.at[i];
		const struct history_move *move = find_move(moves, n, file.path);
		file.path = move ? move->to : file.path;
		vec_push(out, &stay.files, file);
	}
	const struct history *parts[] = {&stay, &go};
	return history_union(out, parts, 2);
}

/* How many units have a sample of each run: in one part every run stands once in a unit. */
static run_rows rows_of(struct arena *out, const struct history *history)
{
	run_rows rows = {0};
	for (size_t i = 0; i < history->runs.n; i++)
		vec_push(out, &rows,
		         ((struct run_row){.number = (int64_t)i + 1, .run = history->runs.at[i], .is_changed = true}));
	for (size_t i = 0; i < history->samples.n; i++)
		rows.at[history->samples.at[i].run].units++;
	return rows;
}

static bool write_units(const struct history_db *db, struct arena *tmp, const struct history *history,
                        const run_rows *rows, sqlite3_stmt *insert, struct err *err)
{
	for (size_t i = 0, end; i < history->samples.n; i = end) {
		struct str unit = history->samples.at[i].unit;
		for (end = i; end < history->samples.n && str_eq(history->samples.at[end].unit, unit);)
			end++;
		unit_samples samples = {0};
		for (size_t k = end; k-- > i;) {
			const struct history_sample *from = &history->samples.at[k];
			vec_push(tmp, &samples,
			         ((struct unit_sample){.run = from->run,
			                               .outcome = (uint8_t)from->outcome,
			                               .us = from->us,
			                               .setup_us = from->setup_us,
			                               .call_us = from->call_us,
			                               .teardown_us = from->teardown_us}));
		}
		struct str blob = samples_pack(tmp, rows, &samples);
		history_bind(insert, 1, unit);
		(void)sqlite3_bind_blob64(insert, 2, blob.at, blob.n, SQLITE_STATIC);
		(void)sqlite3_bind_int64(insert, 3, unit_check(tmp, unit, blob));
		if (!history_put(db, insert, err))
			return false;
	}
	return true;
}

static bool write_all(struct history_db *db, struct arena *tmp, const struct history *history, struct err *err)
{
	sqlite3_stmt *insert;
	run_rows rows = rows_of(tmp, history);
	if (!history_exec(db, "DELETE FROM run; DELETE FROM unit; DELETE FROM file", err) ||
	    !history_save_runs(db, tmp, &rows, err) ||
	    !history_prepare(db, &insert, "INSERT INTO unit (id, samples, hash) VALUES (?, ?, ?)", err))
		return false;
	bool ok = write_units(db, tmp, history, &rows, insert, err);
	sqlite3_finalize(insert);
	return ok && history_save_files(db, tmp, history->files.at, history->files.n, err);
}

bool history_edit(struct history_db *db, struct history_edit *edit, struct err *err)
{
	struct arena tmp;
	struct history before;
	arena_init(&tmp, db->arena->trap);
	if (!history_begin(db, err))
		return false;
	bool ok = history_load(db, &tmp, &before, err);
	if (ok) {
		struct history after = edit->change(edit->me, &tmp, &before);
		edit->before = before.samples.n;
		edit->after = after.samples.n;
		ok = write_all(db, &tmp, &after, err);
	}
	arena_free(&tmp);
	ok = history_end(db, ok, err);
	/* Everything is committed: when a reader is in the way, the file only stays larger. */
	if (ok)
		(void)sqlite3_exec(db->sqlite, "VACUUM", NULL, NULL, NULL);
	return ok;
}

struct merge {
	const struct history *const *others;
	size_t n;
	struct history_change *change;
};

static bool same_run(const struct history *a, uint32_t i, const struct history *b, uint32_t k)
{
	return run_order(&a->runs.at[i], &b->runs.at[k]) == 0;
}

/* Both sorted by unit: what of `after` was not in `before`. */
static void count_change(const struct history *before, const struct history *after, struct history_change *change)
{
	size_t i = 0;
	for (size_t k = 0; k < after->samples.n; k++) {
		struct str unit = after->samples.at[k].unit;
		while (i < before->samples.n && str_cmp(before->samples.at[i].unit, unit) < 0)
			i++;
		bool is_same = false;
		for (size_t m = i; !is_same && m < before->samples.n && str_eq(before->samples.at[m].unit, unit); m++)
			is_same = same_run(before, before->samples.at[m].run, after, after->samples.at[k].run) &&
			          before->samples.at[m].us == after->samples.at[k].us;
		if (is_same)
			change->same++;
		else
			change->added++;
	}
}

static struct history unite_others(void *me, struct arena *out, const struct history *history)
{
	struct merge *merge = me;
	const struct history **parts = arena_array(out, const struct history *, merge->n + 1);
	parts[0] = history;
	if (merge->n)
		memcpy(&parts[1], merge->others, merge->n * sizeof *parts);
	struct history result = history_union(out, parts, merge->n + 1);
	count_change(history, &result, merge->change);
	return result;
}

bool history_merge(struct history_db *db, const struct history *const *others, size_t n, struct history_change *change,
                   struct err *err)
{
	*change = (struct history_change){0};
	struct merge merge = {.others = others, .n = n, .change = change};
	struct history_edit edit = {.change = unite_others, .me = &merge};
	return history_edit(db, &edit, err);
}
