/* lanewright as a library: reads a pytest suite without running it, says which services each test needs, and
 * deals the tests out to CI lanes.
 *
 *	lanewright *lw;
 *	struct lanewright_options options = {.root = "."};
 *	if (lanewright_open(&lw, &options) == LANEWRIGHT_OK && lanewright_collect(lw) == LANEWRIGHT_OK) {
 *		size_t n;
 *		const struct lanewright_test *tests = lanewright_tests(lw, &n);
 *		for (size_t i = 0; i < n; i++)
 *			puts(tests[i].id);
 *	} else {
 *		fprintf(stderr, "%s\n", lanewright_error(lw));
 *	}
 *	lanewright_close(lw);
 *
 * Stages are called in any order: each first brings about what it rests on (a plan collects, resolves and
 * estimates) and does its own work once.  A handle belongs to one thread at a time; two handles share nothing.
 *
 * Status: every call that can fail returns LANEWRIGHT_OK, or one of the three codes with a sentence in
 * lanewright_error().  Nothing is printed and nothing ends the process; running out of memory is TROUBLE, and
 * the handle can then only be closed.
 *
 * Ownership: every string and array handed out is borrowed until lanewright_close().  Strings end with NUL and
 * are UTF-8 as far as the project's own files are; they are never NULL unless a comment says so.  Strings and
 * structs handed in are only read during the call, those of lanewright_options for as long as the handle lives.
 *
 * Units: durations are integer milliseconds, lines count from 1 (0: no line), paths are relative to the root
 * with `/` between their parts. */
#ifndef LANEWRIGHT_H
#define LANEWRIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LANEWRIGHT_VERSION "0.1.0"

typedef struct lanewright lanewright;

enum lanewright_status {
	LANEWRIGHT_OK = 0,
	LANEWRIGHT_FINDINGS = 1, /* something is wrong in the project: stale, not covered, no tests */
	LANEWRIGHT_USAGE = 2,    /* a wrong argument or config: the text begins with its place */
	LANEWRIGHT_TROUBLE = 3   /* I/O, a damaged file, out of memory */
};

struct lanewright_options {
	const char *root;   /* NULL: the folder of the config found by walking up, else pytest's rootdir */
	const char *config; /* NULL: lanewright.toml, else [tool.lanewright] in pyproject.toml */
	unsigned jobs;      /* threads; 0: as many as there are processors */
	/* Called now and then during long work, from the thread that made the call; `total` is 0 when unknown.
	 * May be NULL. */
	void (*progress)(void *context, const char *stage, size_t done, size_t total);
	void *progress_context;
};

const char *lanewright_version(void);

/* Makes a handle and reads nothing yet.  On failure *lw holds the reason, or is NULL when there was no memory
 * even for that; close it either way. */
int lanewright_open(lanewright **lw, const struct lanewright_options *options);
void lanewright_close(lanewright *lw); /* NULL is fine */
/* Of the last call that failed; "" before one did. */
const char *lanewright_error(const lanewright *lw);
/* The absolute root, found if it was not given. */
int lanewright_root(lanewright *lw, const char **root);

/* ---- init: a first config ---- */

struct lanewright_init_options {
	const char *workflow; /* path relative to the root; NULL: any of the project's */
	const char *job;      /* its key there; NULL: the job that runs pytest with the most services */
	bool force;           /* replace a config that is there */
};

struct lanewright_init_lane {
	const char *name;
	const char *services;    /* joined by ", " */
	size_t n_tests, n_files; /* for which it is the smallest */
};

struct lanewright_initiated {
	const char *path;           /* of the config that was written */
	const char *workflow, *job; /* taken over; "" for none */
	const char *source;         /* where the services come from, in a few words */
	const struct lanewright_init_lane *lanes;
	size_t n_lanes;
	const char *const *others; /* "file: job" of other jobs that run pytest with services */
	size_t n_others;
	const char *const *notes; /* what could not be taken over and why, each with its place */
	size_t n_notes;
	const char *text; /* of the config */
};

/* Writes lanewright.toml.  USAGE when there is a config already (without force), or no such workflow or job.  Open
 * another handle to go on: this one has found the needs with less than was written. */
int lanewright_init(lanewright *lw, const struct lanewright_init_options *options,
                    struct lanewright_initiated *initiated);

/* ---- scan: which files there are and what they state ---- */

struct lanewright_scan_stats {
	size_t files, test_files; /* Python files; those pytest would collect */
	size_t read, unchanged;   /* files opened in this run, files the index vouched for */
	size_t lines, bytes;      /* of all files; lines are 0 until lanewright_collect() */
	size_t faults;            /* places the reader did not understand */
	size_t unreadable;        /* files */
	int64_t ms;               /* wall clock of this scan */
	const char *note;         /* that the index was made anew or not written, and why; "" as a rule */
};

/* A file or a place in it that could not be read. */
struct lanewright_fault {
	const char *path;
	uint32_t line; /* 0: the whole file */
	const char *text;
	bool is_test; /* pytest would collect the file, or it is a conftest */
};

/* Brings the index up to date. */
int lanewright_scan(lanewright *lw);
/* Reads every file whole, for its faults. */
int lanewright_read(lanewright *lw);
const struct lanewright_scan_stats *lanewright_stats(const lanewright *lw);
/* After lanewright_scan() files that cannot be read; after lanewright_collect() also what was not understood in tests and
 * conftests, after lanewright_read() in all files. */
const struct lanewright_fault *lanewright_faults(const lanewright *lw, size_t *n);

/* A service that the project's own workflows or compose files start. */
struct lanewright_ci_service {
	const char *name;  /* its key there */
	const char *image; /* as written, "" when it is built */
	const char *path;  /* of the file */
};

/* By file, then as written there; a name stands once a file. */
int lanewright_ci_services(lanewright *lw, const struct lanewright_ci_service **services, size_t *n);

/* What one Python file states, as docs/facts.md describes it: for people, and for tests of the reader.  `path` is one
 * as open() takes it; the file need not belong to the project. */
int lanewright_dump(lanewright *lw, const char *path, const char **text);

/* ---- tests: what pytest would collect ---- */

/* A construct that cannot be decided without running it. */
struct lanewright_unknown {
	const char *path;
	uint32_t line;
	const char *kind; /* "hook", "parametrize", ...: a short stable word */
	const char *text; /* the construct */
	bool adds_tests;  /* it could add, remove or rename tests, not only change ids in brackets */
};

struct lanewright_mark {
	const char *name;
	const char *path;
	uint32_t line;
};

struct lanewright_fixture {
	const char *name, *scope;
	const char *path; /* "" for one of a plugin, or one found nowhere */
	uint32_t line;
	bool is_autouse;
};

/* A test function (all its parameters together). */
struct lanewright_test {
	const char *id;        /* path::Class::func */
	const char *path;      /* of the file it is collected in */
	uint32_t line;         /* of its `def`, in the file where that is written */
	bool is_exact;         /* pytest collects exactly this id */
	bool are_params_exact; /* and exactly `params` in its brackets, or none */
	bool is_unittest;
	bool is_dead;     /* skipped without a condition */
	uint32_t n_cases; /* 1 without parametrize; a lower bound when not exact */
	/* What stands between the brackets, in pytest's order; n_params is 0 when not known or not parametrized. */
	const char *const *params;
	size_t n_params;
	const struct lanewright_mark *marks; /* own first, then class, then module */
	size_t n_marks;
	const struct lanewright_fixture *const *fixtures; /* the closure, autouse first */
	size_t n_fixtures;
	const struct lanewright_unknown *unknowns;
	size_t n_unknowns;
};

/* FINDINGS when there is no test at all; the text says where they were looked for. */
int lanewright_collect(lanewright *lw);
const struct lanewright_test *lanewright_tests(const lanewright *lw, size_t *n);
/* Of whole files and folders; those of a single test are with it. */
const struct lanewright_unknown *lanewright_unknowns(const lanewright *lw, size_t *n);

/* ---- needs: which services, how sure, and why ---- */

/* One link of the chain from the test to the cause. */
struct lanewright_step {
	const char *path;
	uint32_t line;
	const char *text;   /* "asks for the fixture es_client" */
	const char *source; /* the line itself without its indent; "" outside lanewright_explain() */
};

struct lanewright_need {
	const char *services;      /* a name, or for an any-of need the sorted names joined by `|` */
	const char *grade;         /* requires probable unknown mocked mention */
	bool counts;               /* for placement: at least [plan] grade, or unknown */
	bool is_dead;              /* of a test that is skipped without a condition */
	bool is_override;          /* a person's word in the config */
	const char *variable;      /* the environment variable that chooses, "" if none */
	const char *const *values; /* of it, as far as the code and the CI name them; sorted, passwords left out */
	size_t n_values;
	const struct lanewright_step *steps;
	size_t n_steps;
	const char *against;  /* what spoke for a lower grade, "" if nothing */
	const char *edit;     /* the single edit that would change the verdict, "" when none is known */
	const char *override; /* or these lines of lanewright.toml; "" unless asked by lanewright_explain */
};

/* The needs of a file or of a test. */
struct lanewright_needs {
	const char *subject;                /* path or test id */
	size_t n_tests;                     /* of a file; 1 for a test */
	const char *demand;                 /* what a lane must offer: names joined by ", ", "" for nothing */
	const struct lanewright_need *list; /* single services by name, then any-of sets */
	size_t n;
};

int lanewright_resolve(lanewright *lw);
const struct lanewright_needs *lanewright_file_needs(const lanewright *lw, size_t *n); /* by path; with tests only */
const struct lanewright_needs *lanewright_test_needs(const lanewright *lw, size_t *n); /* as lanewright_tests */

/* What the project's own CI says of a service and the config does not: a host, a port of localhost, or a variable
 * that holds its address.  It was used as if the config had it. */
struct lanewright_ci_word {
	const char *word;
	const char *kind;    /* "host", "variable" */
	const char *service; /* its name */
	const char *place;   /* "docker-compose.yml:12" */
};

/* After lanewright_resolve or lanewright_explain; by word. */
const struct lanewright_ci_word *lanewright_ci_words(const lanewright *lw, size_t *n);

struct lanewright_explanation {
	struct lanewright_needs needs;      /* steps with their source lines; one service's if asked so */
	const struct lanewright_test *test; /* NULL when a file was asked for */
};

/* Why `subject` (a path or a test id) needs its services, or only `service` (NULL: all). */
int lanewright_explain(lanewright *lw, const char *subject, const char *service,
                       struct lanewright_explanation *explanation);

/* ---- record: timings into the history ---- */

struct lanewright_record_options {
	const char *run;     /* what to call the run; NULL: each file is a run of its own, named by its content */
	const char *at;      /* ISO 8601 or seconds since 1970; NULL: what the report says, else now */
	const char *lane;    /* NULL: not said */
	const char *machine; /* NULL: not said */
	const char *format;  /* "junit", "durations", ...; NULL: by the content */
	const char *prefix;  /* of the reports' paths that ours lack, NULL for none */
};

/* A case of a report that is no test of this suite. */
struct lanewright_miss {
	const char *what; /* as the report names it */
	const char *why;
	const char *report;
	uint32_t line; /* in the report, 0 when not known */
};

struct lanewright_recorded {
	const char *format;
	size_t cases, matched, missed;
	size_t skipped, untimed;              /* of the matched: without a duration to keep */
	size_t added, changed, same;          /* samples in the history */
	size_t rejected;                      /* values refused, such as a negative time */
	const struct lanewright_miss *misses; /* at most some thousand are listed */
	size_t n_misses;
	const char *const *complaints; /* one sentence for each refused value listed */
	size_t n_complaints;
};

/* `files` are paths as open() takes them, "-" for standard input. */
int lanewright_record(lanewright *lw, const char *const *files, size_t n,
                      const struct lanewright_record_options *options, struct lanewright_recorded *recorded);

/* ---- history: what past runs took, as a whole ---- */

/* Counts are of samples: what one test took in one run.  Every change is one transaction: all of it or nothing. */
struct lanewright_history_change {
	size_t added, same;   /* merge, import: not there before, there before */
	size_t before, after; /* prune */
};

/* The union with other history files; order, grouping and repetition do not matter. */
int lanewright_history_merge(lanewright *lw, const char *const *files, size_t n,
                             struct lanewright_history_change *change);
/* The union with what lanewright_history_export() gave as "json"; `file` as for lanewright_record(). */
int lanewright_history_import(lanewright *lw, const char *file, struct lanewright_history_change *change);

/* The past of one test, oldest run first, drawn for a terminal with bars of at most `width` columns. */
int lanewright_history_show(lanewright *lw, const char *test, size_t width, const char **text);

struct lanewright_prune_options {
	const char *before; /* a time as in lanewright_record_options: drop older runs; NULL: none */
	uint32_t keep;      /* samples of a test, the newest; 0: as many as there are */
};

/* Drops what is of files that are gone (moved ones are not), and what the options say. */
int lanewright_history_prune(lanewright *lw, const struct lanewright_prune_options *options,
                             struct lanewright_history_change *change);

struct lanewright_exported {
	const char *text;
	size_t left_out; /* tests: their ids are no UTF-8, or as durations: their parameters are not known */
};

/* `format`: "json" for all of it, "durations" for the newest seconds of this suite's tests as pytest-split reads
 * them; NULL: json. */
int lanewright_history_export(lanewright *lw, const char *format, struct lanewright_exported *exported);

struct lanewright_recovered {
	size_t samples, runs;
	size_t lost_rows;    /* seen, but not as they were written; more may be unreadable */
	const char *damaged; /* where the damaged file is now; "" when it was sound and is left as it was */
};

/* Puts what can still be read of a damaged history in its place. */
int lanewright_history_recover(lanewright *lw, struct lanewright_recovered *recovered);

/* ---- estimate: how long a test will take ---- */

struct lanewright_estimate {
	const char *test;
	int64_t ms, low_ms, high_ms; /* mean, and a band of about 90 % */
	const char *source;          /* history regression default */
};

int lanewright_estimate(lanewright *lw);
const struct lanewright_estimate *lanewright_estimates(const lanewright *lw, size_t *n); /* as lanewright_tests */

/* ---- forecast: what plans would have come to ---- */

enum { LANEWRIGHT_WAYS = 4 }; /* of guessing seconds: three of other tools and, last, ours */

struct lanewright_forecast_options {
	uint32_t shards; /* 0: 8 */
};

struct lanewright_way {
	const char *name;
	int64_t mean_ppm, p95_ppm; /* parts per million by which the slowest shard was over the bound, of all runs */
};

/* A past run, planned on what was known before it and executed with the times it had. */
struct lanewright_forecast_run {
	const char *run;
	int64_t time; /* seconds since 1970 */
	size_t files, tests, new_tests;
	int64_t predicted_ms, total_ms; /* the sum of our estimates, and what it came to */
	int64_t bound_ms;               /* no plan could be faster */
	int64_t makespan_ms[LANEWRIGHT_WAYS];
};

struct lanewright_forecast {
	uint32_t shards;
	struct lanewright_way ways[LANEWRIGHT_WAYS];
	const struct lanewright_forecast_run *runs; /* oldest first */
	size_t n_runs;
};

/* All ways deal with the same packing onto equal shards, so that only their guesses differ.  FINDINGS when fewer than
 * two runs are recorded. */
int lanewright_forecast(lanewright *lw, const struct lanewright_forecast_options *options,
                        struct lanewright_forecast *result);

/* ---- plan: which test runs in which shard of which lane ---- */

struct lanewright_plan_options {
	uint32_t shards;       /* total over all lanes; 0: as the config says */
	int64_t target_ms;     /* the fewest shards that end by then; 0: none */
	int64_t max_billed_ms; /* the earliest end that costs no more; 0: none */
	/* Path of a plan to stay close to; NULL: the one that was written last, unless it was made from the same inputs. */
	const char *previous;
};

struct lanewright_lane {
	const char *name;
	const char *services; /* in the order of their boot, joined by ", "; "" for none */
	bool is_derived;      /* made for tests that no configured lane covers */
	const char *why;      /* of a derived lane: the tests it is for */
	bool is_serial;
	uint32_t workers;
	int64_t fixed_ms; /* overhead and start-up of each of its shards */
	uint32_t n_shards;
};

struct lanewright_shard {
	const char *name;
	uint32_t lane; /* index into lanes */
	int64_t fixed_ms, load_ms;
	uint32_t n_units, n_tests;
};

struct lanewright_unit {
	const char *id; /* path, path::Class or path::func */
	const char *path;
	uint32_t shard; /* index into shards */
	int64_t ms;
	const char *source;    /* history regression default */
	const char *services;  /* what its tests demand, joined by ", " */
	const char *why_whole; /* why a file that wanted splitting stayed whole, "" otherwise */
	uint32_t n_tests;
};

struct lanewright_plan {
	int64_t makespan_ms, bound_ms, billed_ms;      /* the bound is proven; equal to the makespan: optimal */
	int64_t billing_ms;                            /* a job is billed rounded up to it */
	int64_t p50_ms, p95_ms;                        /* the last shard has ended by then with that chance */
	const char *binds;                             /* what the bound rests on, in a sentence */
	const char *nothing_more;                      /* why more shards would not help, "" when they might */
	int64_t history_ms, regression_ms, default_ms; /* the load by where its estimate comes from */
	bool has_previous;
	const char *note;           /* why the plan that lies there was not kept to; "" as a rule */
	uint32_t moved, kept;       /* units, against the previous plan */
	const char *moves_text;     /* what lies elsewhere than in the previous plan and why, a line a unit, */
	const char *moves_markdown; /* and as a comment on a pull request; "" without a previous plan */
	const struct lanewright_lane *lanes;
	size_t n_lanes;
	const struct lanewright_shard *shards;
	size_t n_shards;
	const struct lanewright_unit *units;
	size_t n_units;
	const char *json; /* the file's text */
};

/* Plans, checks the plan, and writes .lanewright/plan.json and the lists in .lanewright/shards/. */
int lanewright_make_plan(lanewright *lw, const struct lanewright_plan_options *options,
                         const struct lanewright_plan **plan);

/* Wall-clock against billed minutes: the plans that no other beats in both, the knee marked.  Up to options->shards, or
 * as far as it pays; nothing is written.  `format` is "text", "csv" or "json". */
int lanewright_curve(lanewright *lw, const struct lanewright_plan_options *options, const char *format,
                     const char **curve);

/* ---- emit: files from the plan ---- */

struct lanewright_emit_options {
	const char *into; /* a file that holds more than ours, NULL: as the config says */
	const char *out;  /* a file of its own, NULL: none */
	bool only_check;  /* compare, write nothing */
	bool force;       /* overwrite what was edited by hand */
};

struct lanewright_emitted {
	const char *text;           /* for stdout; "" when it went into files */
	const char *diff;           /* with only_check: what would change */
	const char *const *written; /* paths; with only_check, those that differ */
	size_t n_written;
	const char *const *notes; /* for a person */
	size_t n_notes;
};

/* FINDINGS, with only_check, when a file is not what it would be. */
int lanewright_emit(lanewright *lw, const char *emitter, const struct lanewright_emit_options *options,
                    struct lanewright_emitted *emitted);

/* ---- run: pytest on a list of the plan ---- */

struct lanewright_run_options {
	const char *target; /* the name of a shard, else of a lane */
	const char *parts;  /* folder for report, record and coverage, as CI leaves them; NULL: none.  For one shard */
	const char *const *args; /* of pytest */
	size_t n_args;
};

struct lanewright_run {
	const char *script; /* for a POSIX shell; its exit code is pytest's */
	const char *root;   /* the folder to run it in */
	const char **env;   /* "NAME=value", to be set for it */
	size_t n_env;
	const char *services; /* that the lane offers, joined by ", " */
};

/* Checks the lists and prepares what is to be run; starts nothing. */
int lanewright_prepare_run(lanewright *lw, const struct lanewright_run_options *options, struct lanewright_run *run);

/* ---- check: is the plan still valid for this tree ---- */

struct lanewright_finding {
	const char *path;
	uint32_t line;
	const char *text;
};

/* FINDINGS when something is wrong; they are then listed. */
int lanewright_check(lanewright *lw);
const struct lanewright_finding *lanewright_findings(const lanewright *lw, size_t *n);

/* ---- audit: mismarked tests, dead gates, and what else is wrong with the suite ---- */

struct lanewright_rule {
	const char *code, *name; /* "LW101", "missing-marker" */
	const char *title;       /* what is wrong, in a line */
	const char *mend;        /* what can be done */
	bool is_error;           /* else a warning; as the config says */
};

struct lanewright_audit_finding {
	const char *code, *rule;
	const char *path;
	uint32_t line, column; /* from 1, columns in characters; both 0: the whole file */
	bool is_error;
	const char *message;
	const char *source;      /* the line; "" when there is none */
	const char *fingerprint; /* stays the same when lines shift */
};

struct lanewright_audit_options {
	const char *baseline;       /* findings in this file are only counted; NULL: none */
	const char *write_baseline; /* write what is found to this file, and be content; NULL: no */
	const char *changed;        /* only files that differ from this revision of git; NULL: all */
};

struct lanewright_audited {
	const struct lanewright_audit_finding *findings; /* by path, line, code */
	size_t n_findings;
	size_t n_ignored;   /* by the source or the config */
	size_t n_known;     /* in the baseline */
	size_t n_elsewhere; /* in files that did not change */
	size_t n_tests;
	const struct lanewright_rule *rules; /* by code */
	size_t n_rules;
};

/* FINDINGS when there are some; they are then listed. */
int lanewright_audit(lanewright *lw, const struct lanewright_audit_options *options,
                     struct lanewright_audited *audited);

/* What a person must do, since it cannot be done safely. */
struct lanewright_refusal {
	const char *path;
	uint32_t line; /* 0: the whole file */
	const char *reason;
	size_t n_more; /* places of the file of which the same is true */
};

struct lanewright_fix_options {
	bool only_diff;      /* write nothing */
	const char *changed; /* only files that differ from this revision of git; NULL: all */
};

struct lanewright_fixed {
	const char *diff;         /* as `diff -u`; only when asked for, else "" */
	const char *const *files; /* what was, or would be, written, sorted */
	size_t n_files;
	const struct lanewright_refusal *refusals; /* by path, line */
	size_t n_refusals;
};

/* Adds and removes the markers that the config names for services, and registers them with pytest, so that `-m` selects
 * the tests that the plan counts.  FINDINGS when something was refused, or with `only_diff` would be written.  What was
 * read before is forgotten when something was written: later calls see the new files. */
int lanewright_fix(lanewright *lw, const struct lanewright_fix_options *options, struct lanewright_fixed *fixed);

/* ---- prove: after the run, did it do what was planned ---- */

struct lanewright_prove_options {
	const char *lane;  /* only the shards of this lane; NULL: all, or `shard` */
	const char *shard; /* only this one, and every file is its; NULL: as the files' names say */
};

/* What ran in a shard that was asked for. */
struct lanewright_shard_run {
	const char *name;
	uint32_t n_tests;                /* planned test functions */
	uint32_t cases, failed, skipped; /* as its report says */
	int64_t ms;                      /* of the cases */
};

struct lanewright_unproven {
	const char *kind; /* "missing-report", "lost", "twice", "stray", ...: a short stable word */
	const char *path; /* a test's file, or a report; "" for what is not there */
	uint32_t line;
	const char *text;
};

struct lanewright_proof {
	const struct lanewright_shard_run *shards;
	size_t n_shards;
	const struct lanewright_unproven *findings;
	size_t n_findings;
	/* All of it for people: for a terminal, for a step summary, and the findings as annotations of GitHub. */
	const char *text, *markdown, *annotations;
};

/* Reports and completion records as open() takes them, "-" for standard input.  `<word>-<shard>.<ending>` is a report
 * of that shard, lanewright-<shard>.json its record; once there is one record, each shard must have one.  FINDINGS
 * when something is lost, doubled, stray or skipped; they are then listed. */
int lanewright_prove(lanewright *lw, const char *const *files, size_t n, const struct lanewright_prove_options *options,
                     struct lanewright_proof *proof);

/* ---- query: SQL over what is known ---- */

enum lanewright_type { LANEWRIGHT_NULL, LANEWRIGHT_INTEGER, LANEWRIGHT_REAL, LANEWRIGHT_TEXT };

struct lanewright_value {
	enum lanewright_type type;
	int64_t integer;
	double real;
	const char *text; /* "" for other types */
};

struct lanewright_query_options {
	const char *sql; /* one SELECT over the tables v1_*; docs/query.md lists them */
	/* Called once before the rows, then for each row; names and values are borrowed for the call. */
	void (*columns)(void *context, const char *const *names, size_t n);
	void (*row)(void *context, const struct lanewright_value *values, size_t n);
	void *context;
};

int lanewright_query(lanewright *lw, const struct lanewright_query_options *options);

/* ---- split: the partitioner alone ---- */

struct lanewright_split_options {
	const char *text; /* lines: seconds TAB id [TAB service,...] */
	size_t length;
	const char *name;  /* of the text, for messages */
	const char *lanes; /* path of a file of lanes, NULL for one lane that takes all */
	uint32_t shards;   /* total; 0 when every lane has its number */
};

struct lanewright_splitted {
	const char *lines; /* shard TAB id, in the order of the input */
	const char *stats; /* one line of JSON: makespan, bound, gap, optimal, shards */
};

/* Needs no project: only the memory of the handle is used. */
int lanewright_split(lanewright *lw, const struct lanewright_split_options *options,
                     struct lanewright_splitted *result);

#ifdef __cplusplus
}
#endif

#endif
