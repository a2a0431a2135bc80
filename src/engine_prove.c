/* After the run: reads the reports and the records that the shards left, says which test of the suite each case is,
 * and hands all of it to prove().  Whose a file is, its name tells: junit-<shard>.xml, lanewright-<shard>.json. */
#include "engine.h"

#include <stdlib.h>

#include "base/hash.h"
#include "emit/plan_file.h"
#include "proof/show.h"
#include "report/completion.h"
#include "report/formats.h"
#include "report/match.h"

/* A test's id with its place in the suite, to be sorted by id as the matcher wants it. */
struct known_test {
	struct str id;
	uint32_t test;
};

struct proving {
	lanewright *lw;
	const struct lanewright_prove_options *options;
	const char *const *files;
	size_t n;
	struct lanewright_proof *proof;
	struct plan plan;
	struct prove_case it;
	struct known_test *known;
	struct matcher *matcher;
	uint32_t only;               /* the one shard that was asked for, or PROVE_NONE */
	struct prove_report *report; /* being read */
};

/* ---- what was asked for ---- */

static bool no_such(struct proving *p, const char *what, const char *name, const strs *known)
{
	size_t best = str_nearest(str_of(name), known->at, known->n);
	if (best != SIZE_MAX)
		return fail_usage(&p->lw->err, "the plan has no %s '%s'; did you mean '%.*s'?", what, name,
		                  STR_ARG(known->at[best]));
	struct str all = str_join(&p->lw->tmp, known->at, known->n, STR(", "));
	return fail_usage(&p->lw->err, "the plan has no %s '%s'; it has %.*s", what, name, STR_ARG(all));
}

static uint32_t find_shard(const struct plan *plan, struct str name)
{
	for (uint32_t i = 0; i < plan->shards.n; i++)
		if (str_eq(plan->shards.at[i].name, name))
			return i;
	return PROVE_NONE;
}

/* A lane without work has no shard, and nothing to prove. */
static bool ask_lane(struct proving *p, bool *is_asked)
{
	strs known = {0};
	size_t n = 0;
	for (uint32_t i = 0; i < p->plan.shards.n; i++) {
		const struct plan_shard *shard = &p->plan.shards.at[i];
		struct str lane = p->plan.lanes.at[shard->lane].name;
		is_asked[i] = str_eq(lane, str_of(p->options->lane));
		n += is_asked[i];
		p->only = is_asked[i] ? i : p->only;
		if (shard->number == 1)
			vec_push(&p->lw->tmp, &known, lane);
	}
	if (n > 1)
		p->only = PROVE_NONE;
	return n > 0 || no_such(p, "lane with work called", p->options->lane, &known);
}

static bool ask_shard(struct proving *p, bool *is_asked)
{
	strs known = {0};
	p->only = find_shard(&p->plan, str_of(p->options->shard));
	if (p->only != PROVE_NONE) {
		is_asked[p->only] = true;
		return true;
	}
	for (size_t i = 0; i < p->plan.shards.n; i++)
		vec_push(&p->lw->tmp, &known, p->plan.shards.at[i].name);
	return no_such(p, "shard", p->options->shard, &known);
}

static bool ask(struct proving *p)
{
	p->only = PROVE_NONE;
	if (!p->options->lane && !p->options->shard)
		return true;
	if (p->options->lane && p->options->shard)
		return fail_usage(&p->lw->err, "a lane and a shard exclude each other");
	bool *is_asked = arena_array(&p->lw->out, bool, p->plan.shards.n);
	p->it.is_asked = is_asked;
	return p->options->lane ? ask_lane(p, is_asked) : ask_shard(p, is_asked);
}

/* ---- whose a file is ---- */

/* What stands between the first dash and the last dot: nothing in a name that has neither. */
static struct str shard_in(struct str path)
{
	struct str name = path_base(path);
	size_t dash = str_find(name, STR("-"), 0), dot = str_rfind_char(name, '.');
	return dash == SIZE_MAX ? STR_NONE : str_slice(name, dash + 1, dot == SIZE_MAX ? name.n : dot);
}

/* A shard given by name is the user's word.  A lane leaves it to the files' names, and takes the others for its only
 * shard. */
static uint32_t shard_of(const struct proving *p, struct str path)
{
	if (p->options->shard)
		return p->only;
	uint32_t named = find_shard(&p->plan, shard_in(path));
	return named != PROVE_NONE ? named : p->only;
}

static bool is_record(struct str path)
{
	struct str name = path_base(path);
	return str_starts(name, STR("lanewright-")) && str_ends(name, STR(".json"));
}

/* ---- reading ---- */

static int by_id(const void *a, const void *b)
{
	const struct known_test *x = a, *y = b;
	int order = str_cmp(x->id, y->id);
	return order ? order : (x->test > y->test) - (x->test < y->test);
}

static void know_tests(struct proving *p)
{
	lanewright *lw = p->lw;
	size_t n = lw->suite.tests.n;
	struct str *ids = arena_array(&lw->out, struct str, n);
	strs files = {0};
	p->known = arena_array(&lw->out, struct known_test, n);
	for (uint32_t i = 0; i < n; i++)
		p->known[i] = (struct known_test){lw->suite.tests.at[i].id, i};
	qsort(p->known, n, sizeof *p->known, by_id);
	for (size_t i = 0; i < n; i++)
		ids[i] = p->known[i].id;
	for (size_t i = 0; i < lw->repo.files.n; i++)
		if (lw->suite.first_test[i + 1] > lw->suite.first_test[i])
			vec_push(&lw->out, &files, lw->repo.files.at[i].path);
	struct match_known known = {ids, n, files.at, files.n, STR_NONE};
	p->matcher = match_begin(&lw->out, &known);
}

/* The reader's strings are gone after the call. */
static void take_case(void *me, const struct report_case *one)
{
	struct proving *p = me;
	struct arena *out = &p->lw->out;
	struct prove_seen seen = {.one = *one, .test = PROVE_NONE};
	size_t at;
	if (match_case(p->matcher, one, &at) == MATCH_OK)
		seen.test = p->known[at].test;
	seen.one.node = str_copy(out, one->node);
	seen.one.classname = str_copy(out, one->classname);
	seen.one.name = str_copy(out, one->name);
	seen.one.file = str_copy(out, one->file);
	seen.one.message = str_copy(out, one->message);
	vec_push(out, &p->report->seen, seen);
}

/* A list of durations does not say what became of the tests. */
static bool read_cases(struct proving *p, struct report_input *in, struct err *why)
{
	struct report report = {0};
	struct report_sink sink = {take_case, p};
	if (!report_stream(&p->lw->tmp, in, NULL, sink, &report, why))
		return false;
	return !str_eq(report.format, STR("durations")) || fail(why, "holds durations, not what became of the tests");
}

/* "" for what cannot be read: the reader says why. */
static struct str file_sha256(struct proving *p, struct str path)
{
	struct err ignored = {0};
	struct str text;
	if (!file_read(&p->lw->tmp, path.at, &text, &ignored))
		return STR_NONE;
	return sha256_hex(&p->lw->out, text);
}

static void read_report(struct proving *p, struct str path)
{
	lanewright *lw = p->lw;
	struct prove_report report = {.path = path, .shard = shard_of(p, path)};
	struct report_input in;
	struct err why = {0};
	p->report = &report;
	bool is_open = input_open(&lw->tmp, &in, path.at, &why);
	if (!is_open || !read_cases(p, &in, &why))
		report.trouble = str_copy(&lw->out, str_of(why.text));
	if (is_open)
		input_close(&in);
	report.sha256 = file_sha256(p, path);
	vec_push(&lw->out, &p->it.reports, report);
}

/* One that cannot be read, or speaks of another shard than its name, vouches for no list. */
static void read_record(struct proving *p, struct str path)
{
	lanewright *lw = p->lw;
	struct prove_record record = {.path = path, .shard = shard_of(p, path)};
	struct report_input in;
	struct completion ran;
	struct err why = {0};
	if (record.shard == PROVE_NONE) { /* a stranger like a report of no shard */
		vec_push(&lw->out, &p->it.reports, ((struct prove_report){.path = path, .shard = PROVE_NONE}));
		return;
	}
	if (input_open(&lw->tmp, &in, path.at, &why)) {
		if (completion_read(&lw->out, &in, &ran, &why) &&
		    str_eq(ran.shard, p->plan.shards.at[record.shard].name)) {
			record.list_sha256 = ran.list_sha256;
			record.plan_sha256 = ran.plan_sha256;
			record.report_sha256 = ran.report_sha256;
			record.commit = ran.commit;
		}
		input_close(&in);
	}
	vec_push(&lw->out, &p->it.records, record);
}

static void read_all(struct proving *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct str path = str_copy(&p->lw->out, str_of(p->files[i]));
		if (is_record(path))
			read_record(p, path);
		else
			read_report(p, path);
		p->it.wants_records |= is_record(path);
		arena_reset(&p->lw->tmp);
		engine_progress(p->lw, "reading reports", i + 1, p->n);
	}
}

/* ---- showing ---- */

static void show_shards(struct proving *p, const struct proof *proof)
{
	struct arena *out = &p->lw->out;
	struct lanewright_shard_run *shown = arena_array(out, struct lanewright_shard_run, p->plan.shards.n);
	for (size_t i = 0; i < p->plan.shards.n; i++) {
		const struct prove_count *count = &proof->shards[i];
		if (!count->is_asked)
			continue;
		shown[p->proof->n_shards++] = (struct lanewright_shard_run){
		        .name = str_c(out, p->plan.shards.at[i].name),
		        .n_tests = count->tests,
		        .cases = count->cases,
		        .failed = count->failed,
		        .skipped = count->skipped,
		        .ms = count->ms,
		};
	}
	p->proof->shards = shown;
}

static void show_findings(struct proving *p, const struct proof *proof)
{
	struct arena *out = &p->lw->out;
	size_t n = proof->findings.n;
	struct lanewright_unproven *shown = arena_array(out, struct lanewright_unproven, n);
	for (size_t i = 0; i < n; i++)
		shown[i] = (struct lanewright_unproven){
		        .kind = prove_word(proof->findings.at[i].kind),
		        .path = str_c(out, proof->findings.at[i].path),
		        .line = proof->findings.at[i].line,
		        .text = str_c(out, proof->findings.at[i].text),
		};
	p->proof->findings = shown;
	p->proof->n_findings = n;
}

static bool prove_run(lanewright *lw, void *args)
{
	struct proving *p = args;
	if (!engine_needs(lw) || !engine_written_plan(lw, &p->plan, ERR_USAGE) || !ask(p))
		return false;
	p->it.plan = &p->plan;
	p->it.plan_sha256 = file_sha256(p, str_of(engine_path(lw, PLAN_PATH)));
	p->it.repo = &lw->repo;
	p->it.suite = &lw->suite;
	p->it.needs = &lw->needs;
	p->it.config = &lw->config;
	know_tests(p);
	read_all(p);
	struct proof proof = prove(&lw->out, &p->it);
	show_shards(p, &proof);
	show_findings(p, &proof);
	p->proof->text = str_c(&lw->out, prove_text(&lw->out, &p->plan, &proof));
	p->proof->markdown = str_c(&lw->out, prove_markdown(&lw->out, &p->plan, &proof));
	p->proof->annotations = str_c(&lw->out, prove_annotations(&lw->out, &proof));
	return proof.findings.n == 0 || fail_finding(&lw->err, "the run is not proven");
}

int lanewright_prove(lanewright *lw, const char *const *files, size_t n, const struct lanewright_prove_options *options,
                     struct lanewright_proof *proof)
{
	static const struct lanewright_prove_options none;
	struct proving p = {
	        .lw = lw,
	        .options = options ? options : &none,
	        .files = files,
	        .n = n,
	        .proof = proof,
	};
	*proof = (struct lanewright_proof){.text = "", .markdown = "", .annotations = ""};
	return engine_run(lw, prove_run, &p);
}
