/* The inside of a handle, shared by the engine's files only.
 *
 * Each engine_*.c is one stage of lanewright.h: it brings about what the stage rests on, calls the room that
 * does the work, and lays the result out as the flat structs that clients read.  Those are made once and live
 * in `out` until the handle is closed. */
#ifndef ENGINE_H
#define ENGINE_H

#include "base/err.h"
#include "base/file.h"
#include "lanewright.h"
#include "model/config.h"
#include "model/history.h"
#include "model/job.h"
#include "model/needs.h"
#include "model/plan.h"
#include "scan/scan.h"
#include "store/verdicts.h"

struct history_db;
struct check_case;
struct estimate_ask;
struct tree_known;
struct whole;

#define ENGINE_HISTORY ".lanewright/history.db" /* below the root */

struct lanewright {
	struct arena out, tmp; /* tmp is emptied after each call */
	jmp_buf trap;
	bool is_spent; /* memory ran out inside a stage: what it left is not looked at again */
	struct err err;
	struct lanewright_options options;

	/* engine.c */
	bool has_config;
	struct str root; /* absolute, NUL-ended */
	struct config config;
	struct pytest_config pytest;

	/* engine_scan.c */
	bool has_files, has_repo; /* repo without, with surveys */
	struct repo repo;
	const char **paths; /* by repo file */
	struct lanewright_scan_stats stats;
	scan_findings unread;                  /* files that could not be opened, and such */
	const struct lanewright_fault *faults; /* stats.faults */
	verdict_faults test_faults;            /* what was not understood in tests and conftests */

	/* engine_project.c */
	bool has_jobs;
	job_list jobs;
	strs unread_jobs;                          /* why which of their files were not read */
	struct lanewright_ci_service *ci_services; /* NULL until read */
	size_t n_ci_services;

	/* engine_tests.c */
	bool has_suite;
	struct whole *whole; /* what the suite and its needs are put together from */
	struct suite suite;
	const struct lanewright_test *tests;       /* suite.tests.n, NULL until shown */
	const struct lanewright_unknown *unknowns; /* suite.unknowns.n */

	/* engine_verdicts.c */
	struct hash128 verdicts_key;
	bool has_kept; /* by a run before this one; what of it is no longer true is known */
	struct verdicts kept;
	bool has_changes;
	struct tree_known *known; /* as `whole` wants it */
	bool *changed;            /* by file: it holds something else than when that was kept; NULL without has_kept */
	struct str *bodies;       /* by cluster of `whole`: what was kept and is true still, else none */

	/* engine_needs.c */
	bool has_ci_words;
	ci_words ci_words; /* added to the catalogue of config once needs are there, by word */
	const struct lanewright_ci_word *shown_ci_words;
	bool has_needs;
	struct needs needs;
	const struct lanewright_needs *file_needs;
	size_t n_file_needs;
	const struct lanewright_needs *test_needs; /* suite.tests.n, NULL until shown */

	/* engine_history.c */
	struct history_db *history; /* while it is open */
	bool has_past;
	struct history past;
	const struct estimate *estimates; /* suite.tests.n and suite.hiding.n, NULL until made */
	const struct lanewright_estimate *shown_estimates;

	/* engine_check.c */
	const struct lanewright_finding *findings;
	size_t n_findings;
};

/* Paths of the workflows of the root, sorted, in `tmp`. */
strs engine_workflows(lanewright *lw);

/* The jobs of the root's workflows and compose files, of GitLab, CircleCI and tox. */
const job_list *engine_jobs(lanewright *lw);
/* Why a file of the root was not read, as its path in the root and not on this machine; in `out`. */
struct str engine_why(lanewright *lw, struct str path, const struct err *err);
/* Gathers the values that variables of the environment are given, into the config. */
void engine_given(lanewright *lw);
/* Paths that differ from a revision, and new ones, relative to the root; asked of git, in `tmp`. */
bool engine_changed(lanewright *lw, const char *since, strs *names);

typedef bool stage_fn(lanewright *lw, void *args);

/* Runs `stage` with memory trapped and `tmp` emptied after it; returns the status for the client. */
int engine_run(lanewright *lw, stage_fn *stage, void *args);

/* What later stages rest on; each does its work once.  They empty `tmp`: call them before you put something there. */
bool engine_settings(lanewright *lw); /* all of the config but a built-in catalogue: enough to find files */
bool engine_config(lanewright *lw);
bool engine_repo(lanewright *lw);
/* Gathers what was not understood: in tests and conftests, or in all files, which are read for it. */
bool engine_faults(lanewright *lw, bool of_all_files);
bool engine_suite(lanewright *lw); /* fails with a finding when there is no test */
bool engine_shown_tests(lanewright *lw);
void engine_ci_words(lanewright *lw);
bool engine_needs(lanewright *lw);
/* Begins `whole`, with what a run before this one has left of it and is true still.  The repo must be there. */
void engine_recall(lanewright *lw);
/* Leaves tests, needs and faults of tests for the next run, if it is not all there. */
void engine_keep(lanewright *lw);
bool engine_history(lanewright *lw);
bool engine_estimates(lanewright *lw);
/* The plan that was written last; the failure for none has the code `missing`. */
bool engine_written_plan(lanewright *lw, struct plan *plan, enum err_code missing);

/* An absolute path, NUL-ended, of one relative to the root. */
const char *engine_path(lanewright *lw, const char *path);
/* The path of a repo file; "" when there is no such file. */
const char *engine_file(const lanewright *lw, uint32_t file);
/* The path in a test or unit id. */
struct str engine_path_of(struct str id);
void engine_progress(lanewright *lw, const char *stage, size_t done, size_t total);
/* Seconds since 1970 of a time the user wrote. */
bool engine_time(lanewright *lw, const char *text, int64_t *at);
/* The history of the root, to `lw->history`; the config must be there. */
bool engine_open_history(lanewright *lw, bool writes);
void engine_close_history(lanewright *lw);
void engine_forget_history(lanewright *lw); /* it was written: what was read and estimated before is old */
/* Files that were moved since have their new path; the suite must be there. */
struct history engine_follow_moves(lanewright *lw, struct arena *out, const struct history *history);
struct estimate_ask *engine_asks(lanewright *lw); /* of each test of the suite, then of each that hides some; `tmp` */

/* Needs for clients; `only`: the services one of which a need must have to be shown, 0: any. */
struct lanewright_needs engine_show_needs(lanewright *lw, const char *subject, size_t n_tests, const need_list *needs,
                                          service_set only);

/* The sums that tie a plan to its tree: of the config's text, of the files read, of what the CI says of services. */
enum { TREE_INPUTS = 3 }; /* config, tree, ci */
void engine_tree_inputs(lanewright *lw, struct plan_input inputs[TREE_INPUTS]);
/* Removes lists of shards that the plan does not have: their pytest would still find them. */
bool engine_remove_strays(lanewright *lw, const struct plan *plan);
/* Adds the files that the config says are emitted to what check_plan() compares. */
bool engine_compare_emitted(lanewright *lw, const struct plan *plan, struct check_case *check);

#endif
