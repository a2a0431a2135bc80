/* The scan in its order: walk while the index is opened, compare, read what changed, write the index. */
#include "scan/scan.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "scan/read.h"
#include "scan/sources.h"
#include "scan/walk.h"

/* So many files that changed too late to be trusted are read again before the index is written just for them. */
enum { RACY_MOST = 32 };

/* A new survey for an index that is changed, not built: it waits, since the readers ask it meanwhile. */
struct late {
	struct found *file;
	struct str survey;
};

/* Everything of one run; it lies in `out`, so that it is whole after a trap. */
struct scan {
	struct arena *out;
	const struct scan_request *request;
	struct repo *repo;
	struct scan_report *report;
	struct err *err;
	unsigned jobs;
	int64_t began_ns;
	enum index_wants wants;
	bool is_distrusted; /* a survey from the index made no sense */
	struct below below;
	struct bounds bounds;
	struct walk walk;
	struct index index;
	struct arena index_arena; /* what the index holds is not needed after the scan */
	const char *db;           /* its path, for notes */
	struct reader reader;
	struct found_list files;
	VEC(struct late) late;
	size_t n_gone, n_changed, n_racy;
};

/* ---- looking around ---- */

static unsigned count_cores(void)
{
	cpu_set_t set;
	return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool look_around(struct scan *scan)
{
	const struct scan_request *request = scan->request;
	struct stat st;
	if (!below_open_root(&scan->below, scan->out, request->root, scan->err))
		return false;
	scan->repo->root = scan->below.root;
	bounds_make(&scan->bounds, scan->out, scan->below.root, request->config, request->pytest);
	/* The clock that files are stamped with; the finer one runs ahead of it. */
	scan->began_ns = now_ns(CLOCK_REALTIME_COARSE);
	const char *folder = str_fmt(scan->out, "%s/.lanewright", scan->below.root.at).at;
	scan->db = str_fmt(scan->out, "%s/index.db", folder).at;
	scan->walk.below = &scan->below;
	scan->walk.bounds = &scan->bounds;
	scan->walk.wants_stat = scan->wants != INDEX_NONE && stat(scan->db, &st) == 0;
	walk_start(&scan->walk, scan->out, scan->jobs);
	return index_open(&scan->index, &scan->index_arena, folder, SURVEY_VERSION, scan->wants, scan->err) &&
	       walk_finish(&scan->walk, scan->out, &scan->files, &scan->report->findings, scan->err);
}

/* ---- what is new ---- */

/* Takes over what the index knows of the file. */
static bool take_over(struct scan *scan, struct found *file, const struct index_entry *then)
{
	struct str survey;
	if (then->row == 0)
		return false;
	if (!scan->request->no_surveys && !index_facts(&scan->index, then->row, then->hash, &survey))
		return false;
	file->now.row = then->row;
	file->now.hash = then->hash;
	return true;
}

/* `then` is NULL for a file that was not there. */
static void compare_file(struct scan *scan, struct found *file, const struct index_entry *then)
{
	struct reading *reading = &scan->reader.at[scan->reader.n];
	if (then && index_trusts(&scan->index, then, &file->now, scan->began_ns) && take_over(scan, file, then))
		return;
	*reading = (struct reading){.file = file, .was_there = then != NULL};
	if (then) {
		reading->looks_same = index_same_look(then, &file->now);
		reading->content = then->hash;
	}
	scan->reader.n++;
}

/* Both lists are sorted by path. */
static void compare(struct scan *scan)
{
	struct stat_cursor cursor;
	struct index_entry then;
	index_first(&scan->index, &cursor);
	bool has_then = stat_next(&cursor, &then);
	scan->reader.at = arena_raw(&scan->index_arena, arena_size(scan->out, scan->files.n, sizeof *scan->reader.at));
	for (size_t i = 0; i < scan->files.n; i++) {
		struct found *file = scan->files.at[i];
		int order = -1;
		while (has_then && (order = str_cmp(then.path, file->now.path)) < 0) {
			scan->n_gone++;
			has_then = stat_next(&cursor, &then);
		}
		bool was_there = has_then && order == 0;
		compare_file(scan, file, was_there ? &then : NULL);
		if (was_there)
			has_then = stat_next(&cursor, &then);
	}
	for (; has_then; has_then = stat_next(&cursor, &then))
		scan->n_gone++;
}

/* ---- taking what the readers bring ---- */

static void find(struct scan *scan, struct str path, uint32_t line, const char *text)
{
	struct scan_finding finding = {.path = path, .line = line, .text = str_of(text)};
	vec_push(scan->out, &scan->report->findings, finding);
}

static void count_change(struct scan *scan, const struct reading *reading)
{
	const struct found *file = reading->file;
	if (file->trouble)
		scan->n_changed += reading->was_there;
	else if (!reading->looks_same || !hash128_eq(reading->content, file->now.hash))
		scan->n_changed++;
	else
		scan->n_racy += index_settled(&file->now, scan->began_ns);
}

static bool keep(struct scan *scan, const struct reading *reading)
{
	struct found *file = reading->file;
	struct late late = {.file = file};
	if (scan->index.is_cold)
		return index_put(&scan->index, file->now.hash, reading->survey, &file->now.row, scan->err);
	if (scan->index.is_frozen)
		return true;
	late.survey = str_copy(&scan->index_arena, reading->survey);
	vec_push(&scan->index_arena, &scan->late, late);
	return true;
}

/* The survey of a file that was read; none when it could not be. */
static bool take_reading(struct scan *scan, const struct reading *reading, struct str *survey)
{
	struct scan_report *report = scan->report;
	const struct found *file = reading->file;
	count_change(scan, reading);
	if (file->trouble) {
		report->unreadable++;
		find(scan, file->now.path, 0, str_fmt(scan->out, "cannot be read: %s", file->trouble).at);
		return true;
	}
	report->read++;
	report->bytes_read += file->now.size;
	if (reading->is_known) {
		report->reused++;
		return scan->request->no_surveys || index_facts(&scan->index, file->now.row, file->now.hash, survey);
	}
	report->parsed++;
	*survey = reading->survey;
	return keep(scan, reading);
}

static bool add_file(struct scan *scan, const struct found *file, struct str survey)
{
	struct scan_report *report = scan->report;
	struct source_file source = {
	        .path = file->now.path,
	        .size = file->now.size,
	        .hash_high = file->now.hash.high,
	        .hash_low = file->now.hash.low,
	        .is_test = file->is_test,
	        .is_conftest = file->is_conftest,
	        .is_unreadable = file->trouble != NULL,
	        .survey = STR_NONE,
	};
	if (!file->trouble && !scan->request->no_surveys) {
		if (!survey_is_sound(survey))
			return false;
		source.survey = str_copy(scan->out, survey);
	}
	vec_push(scan->out, &scan->repo->files, source);
	report->files++;
	report->tests += file->is_test;
	report->conftests += file->is_conftest;
	report->bytes += file->now.size;
	return true;
}

static void tell(const struct scan *scan, size_t done)
{
	enum { OFTEN = 256 };
	const struct scan_request *request = scan->request;
	if (request->progress && (done % OFTEN == 0 || done == scan->files.n))
		request->progress(request->progress_context, done, scan->files.n);
}

/* A survey from the index that makes no sense is its fault, and not the end: see scan_run. */
static bool distrust(struct scan *scan)
{
	scan->is_distrusted = true;
	return false;
}

static bool take_all(struct scan *scan)
{
	struct reader *reader = &scan->reader;
	scan->repo->files.cap = scan->files.n;
	scan->repo->files.at = arena_raw(scan->out, arena_size(scan->out, scan->files.n, sizeof *scan->repo->files.at));
	for (size_t i = 0, next = 0; i < scan->files.n; i++) {
		struct found *file = scan->files.at[i];
		struct str survey = STR_NONE;
		if (next < reader->n && reader->at[next].file == file) {
			const struct reading *reading = read_take(reader, next++);
			if (!reading)
				return false;
			if (reading->has_vanished) {
				scan->n_changed += reading->was_there;
				continue;
			}
			if (!take_reading(scan, reading, &survey))
				return false;
		} else {
			scan->report->reused++;
			index_facts(&scan->index, file->now.row, file->now.hash, &survey);
		}
		if (!add_file(scan, file, survey))
			return distrust(scan);
		tell(scan, i + 1);
	}
	return true;
}

/* ---- leaving the index up to date ---- */

static bool update_index(struct scan *scan)
{
	struct index *index = &scan->index;
	if (!index->is_cold && !scan->n_gone && !scan->n_changed && scan->n_racy < RACY_MOST)
		return true;
	for (size_t i = 0; i < scan->late.n; i++) {
		struct index_entry *now = &scan->late.at[i].file->now;
		if (!index_put(index, now->hash, scan->late.at[i].survey, &now->row, scan->err))
			return false;
	}
	for (size_t i = 0; i < scan->files.n; i++)
		if (scan->files.at[i]->now.row)
			index_add(index, &scan->files.at[i]->now);
	return index_commit(index, scan->began_ns, scan->err);
}

static int by_place(const void *left, const void *right)
{
	const struct scan_finding *a = left, *b = right;
	int order = str_cmp(a->path, b->path);
	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	return order ? order : str_cmp(a->text, b->text);
}

static bool run(struct scan *scan)
{
	struct scan_report *report = scan->report;
	if (!look_around(scan))
		return false;
	compare(scan);
	if (scan->reader.n)
		index_know_rows(&scan->index);
	scan->reader.below = &scan->below;
	scan->reader.index = scan->index.is_cold ? NULL : &scan->index;
	read_start(&scan->reader, scan->out, scan->jobs);
	bool ok = take_all(scan);
	if (!read_close(&scan->reader, scan->err) || !ok)
		return false;
	if (!update_index(scan))
		return false;
	report->note = str_copy(scan->out, scan->index.note);
	report->is_written = scan->index.is_written;
	if (report->findings.n)
		qsort(report->findings.at, report->findings.n, sizeof *report->findings.at, by_place);
	return true;
}

/* One try, with everything given back at the end, however that comes. */
static bool try_run(struct scan *scan)
{
	jmp_buf trap, *outer = scan->out->trap;
	bool ok;
	scan->out->trap = &trap;
	arena_init(&scan->index_arena, &trap);
	if (setjmp(trap) == 0)
		ok = run(scan);
	else
		ok = fail(scan->err, "out of memory");
	walk_abandon(&scan->walk, scan->out);
	read_abandon(&scan->reader);
	if (scan->is_distrusted) {
		*scan->err = (struct err){0};
		index_drop(&scan->index, scan->err);
	}
	index_close(&scan->index);
	arena_free(&scan->index_arena);
	below_close_root(&scan->below);
	scan->out->trap = outer;
	return ok;
}

static struct scan *begin(struct arena *out, const struct scan_request *request, struct repo *repo,
                          struct scan_report *report, struct err *err)
{
	struct scan *scan = arena_new(out, struct scan);
	*scan = (struct scan){.out = out, .request = request, .repo = repo, .report = report, .err = err};
	scan->below.fd = -1;
	scan->jobs = request->jobs ? request->jobs : count_cores();
	if (scan->jobs > CREW_MOST)
		scan->jobs = CREW_MOST;
	scan->wants = request->no_surveys ? INDEX_STATS : INDEX_FACTS;
	if (request->read_only)
		scan->wants |= INDEX_READ_ONLY;
	if (request->no_index)
		scan->wants = INDEX_NONE;
	*repo = (struct repo){.root = STR_NONE, .names = arena_new(out, struct intern)};
	intern_init(repo->names, out);
	*report = (struct scan_report){.note = STR_NONE};
	return scan;
}

bool scan_run(struct arena *out, const struct scan_request *request, struct repo *repo, struct scan_report *report,
              struct err *err)
{
	int64_t began = now_ns(CLOCK_MONOTONIC);
	struct scan *scan = begin(out, request, repo, report, err);
	bool ok = try_run(scan);
	if (!ok && scan->is_distrusted && err->code == ERR_NONE) {
		struct str note = str_fmt(out, "%s held what makes no sense and is left out", scan->db);
		scan = begin(out, request, repo, report, err);
		scan->wants = INDEX_NONE;
		ok = try_run(scan);
		report->note = note;
	}
	if (ok)
		sources_open(out, repo);
	report->microseconds = (now_ns(CLOCK_MONOTONIC) - began) / 1000;
	return ok;
}
