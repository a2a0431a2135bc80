/* Counting what ran against what was planned: first the reports, then the tests of the suite. */
#include "proof/prove.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "proof/place.h"

/* What is known of a test when all reports are read. */
struct fate {
	uint32_t shard;   /* where it is planned, or PROVE_NONE */
	uint32_t cases;   /* that ran or were skipped */
	uint32_t skipped; /* of them */
	struct str reason;
	bool is_reported; /* a finding of its own speaks of it already */
};

/* A case that was met, to know it again. */
struct met {
	struct str id;
	const struct prove_report *report;
	enum outcome outcome;
};

struct prover {
	struct arena *out;
	const struct prove_case *it;
	struct proof proof;
	struct fate *fates;    /* by test */
	struct str *file_skip; /* by file: the reason of its module's skip */
	bool *file_ran;        /* by file */
	struct map met_by;     /* hash of id -> index into met */
	VEC(struct met) met;
};

static bool is_asked(const struct prover *p, uint32_t shard)
{
	return !p->it->is_asked || p->it->is_asked[shard];
}

static void report(struct prover *p, enum prove_kind kind, struct str path, uint32_t line, struct str text)
{
	vec_push(p->out, &p->proof.findings, (struct prove_finding){kind, path, line, text});
}

static struct str shard_name(const struct prover *p, uint32_t shard)
{
	return shard == PROVE_NONE ? STR("no shard") : p->it->plan->shards.at[shard].name;
}

static struct str path_of_test(const struct prover *p, size_t test)
{
	return p->it->repo->files.at[p->it->suite->tests.at[test].file].path;
}

/* ---- which shards are spoken of ---- */

static void find_fates(struct prover *p)
{
	const struct plan *plan = p->it->plan;
	for (size_t i = 0; i < p->it->suite->tests.n; i++) {
		struct places places = places_of(plan, path_of_test(p, i), p->it->suite->tests.at[i].id);
		p->fates[i].shard = places.n ? places.at[0]->shard : PROVE_NONE;
	}
	for (uint32_t i = 0; i < plan->shards.n; i++)
		p->proof.shards[i].is_asked = is_asked(p, i);
	for (size_t i = 0; i < plan->units.n; i++) {
		p->proof.shards[plan->units.at[i].shard].units++;
		p->proof.shards[plan->units.at[i].shard].tests += plan->units.at[i].n_tests;
	}
}

static void check_reports(struct prover *p)
{
	const struct prove_report **first = arena_array(p->out, const struct prove_report *, p->it->plan->shards.n + 1);
	for (size_t i = 0; i < p->it->reports.n; i++) {
		const struct prove_report *one = &p->it->reports.at[i];
		if (one->shard == PROVE_NONE)
			report(p, PROVE_STRANGER, one->path, 0, STR("is of no shard of the plan"));
		else if (first[one->shard])
			report(p, PROVE_STRANGER, one->path, 0,
			       str_fmt(p->out, "is a second report of shard %.*s, beside %.*s",
			               STR_ARG(shard_name(p, one->shard)), STR_ARG(first[one->shard]->path)));
		else
			first[one->shard] = one;
		if (one->trouble.n)
			report(p, PROVE_UNREADABLE, one->path, 0, one->trouble);
	}
	for (uint32_t i = 0; i < p->it->plan->shards.n; i++)
		if (is_asked(p, i) && !first[i])
			report(p, PROVE_MISSING, STR_NONE, 0,
			       str_fmt(p->out, "shard %.*s left no report: what it ran, and whether, nobody knows",
			               STR_ARG(shard_name(p, i))));
}

/* The first report of a shard: a second one is a finding of its own. */
static struct str report_sha256(const struct prover *p, uint32_t shard)
{
	for (size_t i = 0; i < p->it->reports.n; i++)
		if (p->it->reports.at[i].shard == shard)
			return p->it->reports.at[i].sha256;
	return STR_NONE;
}

/* All shards of a run have checked out the same commit, as far as they know theirs. */
static const struct prove_record *of_another_commit(const struct prover *p, const struct prove_record *one)
{
	for (size_t i = 0; i < p->it->records.n && one->commit.n; i++)
		if (p->it->records.at[i].commit.n && !str_eq(p->it->records.at[i].commit, one->commit))
			return &p->it->records.at[i];
	return NULL;
}

static void check_promise(struct prover *p, uint32_t shard, const struct prove_record *found)
{
	struct str name = shard_name(p, shard), sha256 = report_sha256(p, shard), text = STR_NONE;
	const struct prove_record *other = of_another_commit(p, found);
	if (!str_eq(found->list_sha256, p->it->plan->shards.at[shard].list_sha256))
		text = str_fmt(p->out, "shard %.*s ran another list than the plan's", STR_ARG(name));
	else if (!str_eq(found->plan_sha256, p->it->plan_sha256))
		text = str_fmt(p->out, "shard %.*s ran by another plan than the one that is here", STR_ARG(name));
	else if (sha256.n && !str_eq(found->report_sha256, sha256))
		text = str_fmt(p->out, "shard %.*s has another report than the one its run left", STR_ARG(name));
	else if (other)
		text = str_fmt(p->out, "shard %.*s ran commit %.*s, and shard %.*s commit %.*s", STR_ARG(name),
		               STR_ARG(found->commit), STR_ARG(shard_name(p, other->shard)), STR_ARG(other->commit));
	if (text.n)
		report(p, PROVE_RECORD, found->path, 0, text);
}

static const struct prove_record *record_of(const struct prover *p, uint32_t shard)
{
	const struct prove_record *found = NULL;
	for (size_t i = 0; i < p->it->records.n; i++)
		if (p->it->records.at[i].shard == shard)
			found = &p->it->records.at[i];
	return found;
}

static void check_record(struct prover *p, uint32_t shard)
{
	const struct prove_record *found = record_of(p, shard);
	if (!found)
		report(p, PROVE_RECORD, STR_NONE, 0,
		       str_fmt(p->out, "shard %.*s left no record: its pytest did not come to a good end",
		               STR_ARG(shard_name(p, shard))));
	else
		check_promise(p, shard, found);
}

/* ---- cases ---- */

/* The longest file whose dotted path begins `dotted`; a package's conftest or a class may follow. */
static uint32_t file_of_dotted(const struct repo *repo, struct str dotted)
{
	uint32_t best = PROVE_NONE;
	for (uint32_t i = 0; i < repo->files.n; i++) {
		struct str path = repo->files.at[i].path;
		size_t n = str_ends(path, STR(".py")) ? path.n - 3 : path.n, k = 0;
		while (k < n && k < dotted.n && (path.at[k] == '/' ? '.' : path.at[k]) == dotted.at[k])
			k++;
		bool is_prefix = n && k == n && (dotted.n == n || dotted.at[n] == '.');
		if (is_prefix && (best == PROVE_NONE || repo->files.at[best].path.n < path.n))
			best = i;
	}
	return best;
}

uint32_t prove_file(const struct repo *repo, const struct report_case *one)
{
	struct str path = one->node.n ? str_slice(one->node, 0, str_find(one->node, STR("::"), 0)) : one->file;
	const struct source_file *file = path.n ? repo_file(repo, path) : NULL;
	if (file)
		return (uint32_t)(file - repo->files.at);
	if (one->classname.n)
		return file_of_dotted(repo, one->classname);
	return one->name.n ? file_of_dotted(repo, one->name) : PROVE_NONE;
}

static struct str id_of(struct prover *p, const struct prove_seen *seen)
{
	const struct report_case *one = &seen->one;
	if (one->node.n)
		return one->node;
	if (seen->test == PROVE_NONE)
		return str_fmt(p->out, "%.*s%s%.*s", STR_ARG(one->classname), one->classname.n ? "." : "",
		               STR_ARG(one->name));
	size_t bracket = str_find(one->name, STR("["), 0);
	struct str params = bracket == SIZE_MAX ? STR_NONE : str_slice(one->name, bracket, one->name.n);
	return str_fmt(p->out, "%.*s%.*s", STR_ARG(p->it->suite->tests.at[seen->test].id), STR_ARG(params));
}

/* pytest writes a second case for a test that fails both in its body and in its teardown. */
static bool is_teardown(const struct met *before, const struct prove_report *now, enum outcome outcome)
{
	return before->report == now && before->outcome != OUTCOME_SKIPPED && before->outcome != OUTCOME_PASSED &&
	       outcome == OUTCOME_ERROR;
}

static void meet(struct prover *p, const struct prove_report *from, const struct prove_seen *seen, struct str path)
{
	struct str id = id_of(p, seen);
	uint64_t key = hash64(id);
	uint32_t at = map_get(&p->met_by, key);
	if (at != MAP_NONE && str_eq(p->met.at[at].id, id)) {
		if (!is_teardown(&p->met.at[at], from, seen->one.outcome))
			report(p, PROVE_TWICE, path, 0,
			       str_fmt(p->out, "%.*s ran twice: %.*s and %.*s", STR_ARG(id),
			               STR_ARG(p->met.at[at].report->path), STR_ARG(from->path)));
		return;
	}
	map_put(&p->met_by, key, (uint32_t)p->met.n);
	vec_push(p->out, &p->met, (struct met){id, from, seen->one.outcome});
}

static bool lists_file(const struct plan *plan, uint32_t shard, struct str path)
{
	for (size_t i = 0; i < plan->units.n; i++)
		if (plan->units.at[i].shard == shard && str_eq(plan->units.at[i].path, path))
			return true;
	return false;
}

/* A case that is no test we know: a file that could not be collected, a module's skip, a test made while running. */
static void take_unknown(struct prover *p, const struct prove_report *from, const struct prove_seen *seen)
{
	const struct report_case *one = &seen->one;
	uint32_t file = prove_file(p->it->repo, one);
	struct str id = id_of(p, seen);
	if (file == PROVE_NONE) {
		report(p, PROVE_UNKNOWN, from->path, one->line,
		       str_fmt(p->out, "%.*s is of no file of this tree", STR_ARG(id)));
		return;
	}
	struct str path = p->it->repo->files.at[file].path;
	bool is_module = one->classname.n == 0 && one->node.n == 0;
	if (!lists_file(p->it->plan, from->shard, path)) {
		report(p, PROVE_STRAY, path, 0,
		       str_fmt(p->out, "%.*s ran in %.*s, which does not have it on its list", STR_ARG(id),
		               STR_ARG(shard_name(p, from->shard))));
	} else if (is_module && one->outcome == OUTCOME_SKIPPED) {
		p->file_skip[file] = one->message.n ? one->message : STR("skipped as a module");
	} else if (is_module) {
		report(p, PROVE_COLLECT, path, 0,
		       str_fmt(p->out, "could not be collected: %.*s", STR_ARG(one->message)));
	} else {
		p->file_ran[file] = true;
		meet(p, from, seen, path);
		if (p->it->suite->file_is_exact[file])
			report(p, PROVE_UNKNOWN, path, 0,
			       str_fmt(p->out, "%.*s ran, but this tree has no such test: another commit's report?",
			               STR_ARG(id)));
	}
}

static void take_test(struct prover *p, const struct prove_report *from, const struct prove_seen *seen)
{
	struct fate *fate = &p->fates[seen->test];
	struct str path = path_of_test(p, seen->test);
	meet(p, from, seen, path);
	p->file_ran[p->it->suite->tests.at[seen->test].file] = true;
	if (fate->shard != from->shard && !fate->is_reported) {
		fate->is_reported = true;
		report(p, PROVE_STRAY, path, p->it->suite->tests.at[seen->test].line,
		       str_fmt(p->out, "%.*s ran in %.*s, planned is %.*s",
		               STR_ARG(p->it->suite->tests.at[seen->test].id), STR_ARG(shard_name(p, from->shard)),
		               STR_ARG(shard_name(p, fate->shard))));
	}
	fate->cases++;
	if (seen->one.outcome == OUTCOME_SKIPPED) {
		fate->skipped++;
		fate->reason = seen->one.message;
	}
}

/* A skip that speaks of a service its lane starts is the service that did not come up, or a gate that is wrong. */
static void check_reason(struct prover *p, const struct prove_report *from, const struct prove_seen *seen)
{
	const struct plan *plan = p->it->plan;
	struct fate *fate = &p->fates[seen->test];
	const struct test *test = &p->it->suite->tests.at[seen->test];
	const struct plan_lane *lane = &plan->lanes.at[plan->shards.at[from->shard].lane];
	service_set set = place_services(plan, lane, &p->it->config->catalogue);
	struct str service;
	if (seen->one.outcome != OUTCOME_SKIPPED || test->is_dead || fate->is_reported ||
	    !prove_speaks_of(&p->it->config->catalogue, set, seen->one.message, &service))
		return;
	fate->is_reported = true;
	report(p, PROVE_SERVICE, path_of_test(p, seen->test), test->line,
	       str_fmt(p->out, "%.*s was skipped for %.*s, which lane %.*s starts: %.*s", STR_ARG(test->id),
	               STR_ARG(service), STR_ARG(lane->name), STR_ARG(seen->one.message)));
}

static void take_report(struct prover *p, const struct prove_report *one)
{
	struct prove_count *count = &p->proof.shards[one->shard];
	for (size_t i = 0; i < one->seen.n; i++) {
		const struct prove_seen *seen = &one->seen.at[i];
		count->cases++;
		count->failed += seen->one.outcome == OUTCOME_FAILED || seen->one.outcome == OUTCOME_ERROR;
		count->skipped += seen->one.outcome == OUTCOME_SKIPPED;
		count->ms += seen->one.microseconds > 0 ? seen->one.microseconds / 1000 : 0;
		if (seen->test == PROVE_NONE) {
			take_unknown(p, one, seen);
			continue;
		}
		take_test(p, one, seen);
		check_reason(p, one, seen);
	}
}

/* ---- tests ---- */

/* A person has said that this test cannot run here, and why. */
static bool is_excused(const struct prover *p, size_t test)
{
	const struct test *one = &p->it->suite->tests.at[test];
	for (size_t i = 0; i < p->it->config->overrides.n; i++) {
		struct str pattern = p->it->config->overrides.at[i].test;
		if (str_fnmatch(pattern, one->id) || str_fnmatch(pattern, path_of_test(p, test)))
			return true;
	}
	return one->is_dead;
}

static void check_skip(struct prover *p, size_t test, struct str reason)
{
	const struct test *one = &p->it->suite->tests.at[test];
	if (!is_excused(p, test))
		report(p, PROVE_SKIPPED, path_of_test(p, test), one->line,
		       str_fmt(p->out, "%.*s was skipped in the only lane it has: %.*s", STR_ARG(one->id),
		               STR_ARG(reason)));
}

static void check_fate(struct prover *p, size_t test)
{
	const struct test *one = &p->it->suite->tests.at[test];
	const struct fate *fate = &p->fates[test];
	struct str skip = p->file_skip[one->file];
	if (fate->is_reported || (fate->shard == PROVE_NONE ? p->it->is_asked != NULL : !is_asked(p, fate->shard)))
		return;
	if (fate->cases && fate->cases == fate->skipped)
		check_skip(p, test, fate->reason);
	else if (!fate->cases && skip.n)
		check_skip(p, test, skip);
	else if (!fate->cases &&
	         (one->is_exact || !p->file_ran[one->file])) /* a name that was only likely may not exist */
		report(p, PROVE_LOST, path_of_test(p, test), one->line,
		       str_fmt(p->out, "%.*s did not run; planned is %.*s", STR_ARG(one->id),
		               STR_ARG(shard_name(p, fate->shard))));
}

/* A listed file whose tests nobody can name must have run something, or its shard must have a record: then pytest was
 * given the file and came to a good end, so it has none. */
static void check_unit(struct prover *p, const struct plan_unit *unit)
{
	const struct source_file *file = repo_file(p->it->repo, unit->path);
	size_t at = file ? (size_t)(file - p->it->repo->files.at) : 0;
	bool has_tests = file && p->it->suite->first_test[at] != p->it->suite->first_test[at + 1];
	bool is_vouched = file && suite_hides(p->it->suite, (uint32_t)at) && record_of(p, unit->shard);
	if (!is_vouched && is_asked(p, unit->shard) && !has_tests && !(file && (p->file_ran[at] || p->file_skip[at].n)))
		report(p, PROVE_LOST, unit->path, 0,
		       str_fmt(p->out, "nothing of %.*s ran; planned is %.*s", STR_ARG(unit->id),
		               STR_ARG(shard_name(p, unit->shard))));
}

static int by_kind(const void *a, const void *b)
{
	const struct prove_finding *x = a, *y = b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	int order = str_cmp(x->path, y->path);
	if (order == 0 && x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return order ? order : str_cmp(x->text, y->text);
}

static void begin(struct prover *p, struct arena *out, const struct prove_case *it)
{
	*p = (struct prover){.out = out, .it = it};
	p->proof.shards = arena_array(out, struct prove_count, it->plan->shards.n + 1);
	p->fates = arena_array(out, struct fate, it->suite->tests.n + 1);
	p->file_skip = arena_array(out, struct str, it->repo->files.n + 1);
	p->file_ran = arena_array(out, bool, it->repo->files.n + 1);
	map_init(&p->met_by, out);
	find_fates(p);
}

struct proof prove(struct arena *out, const struct prove_case *it)
{
	struct prover p;
	begin(&p, out, it);
	check_reports(&p);
	for (uint32_t i = 0; i < it->plan->shards.n && it->wants_records; i++)
		if (is_asked(&p, i))
			check_record(&p, i);
	for (size_t i = 0; i < it->reports.n; i++)
		if (it->reports.at[i].shard != PROVE_NONE)
			take_report(&p, &it->reports.at[i]);
	for (size_t i = 0; i < it->suite->tests.n; i++)
		check_fate(&p, i);
	for (size_t i = 0; i < it->plan->units.n; i++)
		check_unit(&p, &it->plan->units.at[i]);
	if (p.proof.findings.n)
		qsort(p.proof.findings.at, p.proof.findings.n, sizeof *p.proof.findings.at, by_kind);
	return p.proof;
}
