/* Files and jobs against what the tests need. */
#include "audit/rules.h"

#include "base/buf.h"

/* ---- files ---- */

/* Tests of a file that were shown to need the same. */
struct party {
	service_set services;
	uint32_t n, first;
};

typedef VEC(struct party) parties;

static parties parties_of(const struct audit *a, uint32_t file)
{
	parties all = {0};
	service_set base = catalogue_base(&a->it->config->catalogue);
	for (uint32_t t = a->it->suite->first_test[file]; t < a->it->suite->first_test[file + 1]; t++) {
		service_set set = (a->sure[t] | a->declared[t]) & ~base;
		size_t i = 0;
		while (i < all.n && all.at[i].services != set)
			i++;
		if (i == all.n)
			vec_push(a->tmp, &all, ((struct party){set, 0, t}));
		all.at[i].n++;
	}
	return all;
}

/* The smallest lane of the config that offers all of it, or SIZE_MAX. */
static size_t lane_for(const struct audit *a, service_set set)
{
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < a->it->config->lanes.n; i++) {
		service_set offered = a->it->config->lanes.at[i].services;
		if ((offered & set) == set &&
		    (best == SIZE_MAX ||
		     __builtin_popcountll(offered) < __builtin_popcountll(a->it->config->lanes.at[best].services)))
			best = i;
	}
	return best;
}

/* What a split saves most: the service, times how long it takes to be there, that tests of the file do not need. */
static struct str saving_of(const struct audit *a, const parties *all, service_set together)
{
	const struct service *best = NULL;
	uint32_t n_without = 0;
	int64_t most = 0;
	for (unsigned k = 0; together >> k; k++) {
		const struct service *service = audit_service(a, k);
		uint32_t n = 0;
		for (size_t i = 0; i < all->n; i++)
			n += all->at[i].services >> k & 1 ? 0 : all->at[i].n;
		int64_t cost = service->pull_ms + service->startup_ms;
		if ((together >> k & 1) && n && cost > most) {
			best = service;
			n_without = n;
			most = cost;
		}
	}
	if (!best)
		return STR_NONE;
	return str_fmt(a->tmp, "; split, %u of them would not wait %lld s for %.*s", n_without,
	               (long long)((most + 500) / 1000), STR_ARG(best->name));
}

/* No lane takes the whole file, though each of its tests has one. */
static void judge_file(struct audit *a, uint32_t file)
{
	parties all = parties_of(a, file);
	struct buf text;
	service_set together = 0;
	for (size_t i = 0; i < all.n; i++) {
		together |= all.at[i].services;
		if (lane_for(a, all.at[i].services) == SIZE_MAX)
			return;
	}
	if (all.n < 2 || lane_for(a, together) != SIZE_MAX)
		return;
	buf_init(&text, a->tmp);
	for (size_t i = 0; i < all.n; i++) {
		struct str lane = a->it->config->lanes.at[lane_for(a, all.at[i].services)].name;
		buf_fmt(&text, "%s%u for %.*s", i ? ", " : "", all.at[i].n, STR_ARG(lane));
	}
	const struct test *second = &a->it->suite->tests.at[all.at[1].first];
	uint32_t line, at;
	audit_def_place(audit_facts(a, second->def.file), second->def.def, &line, &at);
	audit_report(a, second->def.file, line, at, "no lane takes the whole file: its tests are %.*s%.*s",
	             STR_ARG(buf_str(&text)), STR_ARG(saving_of(a, &all, together)));
}

void rule_mixed_file(struct audit *a)
{
	for (uint32_t f = 0; a->it->config->lanes.n && f < a->it->repo->files.n; f++)
		if (a->it->suite->first_test[f] < a->it->suite->first_test[f + 1])
			judge_file(a, f);
}

/* ---- services by guess ---- */

struct guess {
	const struct step *cause;
	uint32_t n_tests;
	service_set services;
};

void rule_unknown_need(struct audit *a)
{
	VEC(struct guess) guesses = {0};
	struct map known;
	map_init(&known, a->tmp);
	for (uint32_t t = 0; t < a->it->suite->tests.n; t++) {
		const need_list *needs = &a->it->needs->tests[t];
		uint32_t last = MAP_NONE;
		for (size_t i = 0; i < needs->n; i++) {
			const struct need *need = &needs->at[i];
			if (need->grade != GRADE_UNKNOWN || need->is_dead || need->why.steps.n == 0)
				continue;
			const struct step *cause = &need->why.steps.at[need->why.steps.n - 1];
			uint32_t at = map_get(&known, map_mix(cause->file, cause->line));
			if (at == MAP_NONE) {
				at = (uint32_t)guesses.n;
				vec_push(a->tmp, &guesses, ((struct guess){.cause = cause}));
				map_put(&known, map_mix(cause->file, cause->line), at);
			}
			guesses.at[at].services |= need->services;
			guesses.at[at].n_tests += at != last;
			last = at;
		}
	}
	for (size_t i = 0; i < guesses.n; i++) {
		const struct guess *guess = &guesses.at[i];
		audit_report(a, guess->cause->file, guess->cause->line, FINDING_NOWHERE,
		             "%.*s: it could be any, so %u test%s get%s %.*s", STR_ARG(guess->cause->text),
		             guess->n_tests, guess->n_tests == 1 ? "" : "s", guess->n_tests == 1 ? "s" : "",
		             STR_ARG(audit_names(a, guess->services)));
	}
}

/* ---- jobs ---- */

static service_set wanted_somewhere(const struct audit *a)
{
	service_set set = 0;
	for (size_t t = 0; t < a->it->suite->tests.n; t++) {
		const need_list *needs = &a->it->needs->tests[t];
		for (size_t i = 0; i < needs->n; i++)
			if (needs->at[i].grade >= GRADE_UNKNOWN)
				set |= needs->at[i].services;
		set |= a->declared[t];
	}
	return set;
}

static int known_as(const struct audit *a, const struct job_service *started)
{
	for (unsigned k = 0; k < a->it->config->catalogue.services.n; k++)
		if (audit_is_service(audit_service(a, k), started))
			return (int)k;
	return -1;
}

/* A job whose only work is pytest; other steps may use the service in ways nobody sees. */
static bool only_tests(const struct job *job)
{
	static const char *const harmless[] = {"pip", "uv ", "poetry", "apt", "python -m pip", "coverage", "echo"};
	bool runs = false;
	for (size_t s = 0; s < job->steps.n; s++) {
		struct str run = job->steps.at[s].run;
		bool is_harmless = run.n == 0 || str_has(run, STR("pytest"));
		runs |= str_has(run, STR("pytest"));
		for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
			is_harmless |= str_has(run, str_of(harmless[i]));
		if (!is_harmless)
			return false;
	}
	return runs;
}

/* A tree that imports its client, or only speaks of it in tests, may use it in ways that were not understood. */
static bool is_spoken_of(const struct audit *a, unsigned k)
{
	const strs *modules = &audit_service(a, k)->modules;
	for (uint32_t f = 0; f < a->it->repo->files.n; f++) {
		const need_list *needs = &a->it->needs->files[f];
		const struct facts *facts = audit_facts(a, f);
		for (size_t i = 0; i < needs->n; i++)
			if (needs->at[i].services >> k & 1)
				return true;
		for (size_t i = 0; i < facts->imports.n; i++)
			for (size_t m = 0; m < modules->n; m++)
				if (str_starts(audit_text(a, facts->imports.at[i].module), modules->at[m]))
					return true;
	}
	return false;
}

/* Where none of a job's services is seen to be used, it is the reading that failed. */
static bool is_understood(const struct audit *a, const struct job *job, service_set wanted)
{
	for (size_t s = 0; s < job->services.n; s++) {
		int k = known_as(a, &job->services.at[s]);
		if (k >= 0 && wanted >> k & 1)
			return true;
	}
	return false;
}

void rule_idle_service(struct audit *a)
{
	service_set wanted = wanted_somewhere(a);
	for (size_t j = 0; j < a->it->jobs->n; j++) {
		const struct job *job = &a->it->jobs->at[j];
		bool is_ours = job->kind == JOB_GITHUB && only_tests(job) && is_understood(a, job, wanted);
		for (size_t s = 0; is_ours && s < job->services.n; s++) {
			const struct job_service *started = &job->services.at[s];
			int k = known_as(a, started);
			if (k < 0 || wanted >> k & 1 || audit_service(a, (unsigned)k)->is_base ||
			    is_spoken_of(a, (unsigned)k))
				continue;
			const struct service *service = audit_service(a, (unsigned)k);
			int64_t ms = service->pull_ms + service->startup_ms;
			audit_report_place(a, started->place, "job %.*s starts %.*s%s, which no test needs",
			                   STR_ARG(job->name), STR_ARG(service->name),
			                   ms ? str_fmt(a->tmp, " (about %lld s)", (long long)(ms / 1000)).at : "");
		}
	}
}

static bool ci_speaks_of(const struct audit *a, const struct service *service)
{
	for (size_t j = 0; j < a->it->jobs->n; j++) {
		const struct job *job = &a->it->jobs->at[j];
		if (job->has_hidden_services || audit_is_opaque(job) || audit_job_says(a, job, service->name))
			return true;
		for (size_t s = 0; s < job->services.n; s++)
			if (audit_is_service(service, &job->services.at[s]))
				return true;
		for (size_t i = 0; i < service->words.n; i++)
			if (audit_job_says(a, job, service->words.at[i]))
				return true;
		for (size_t i = 0; i < service->ports.n; i++)
			if (audit_job_says(a, job, service->ports.at[i]))
				return true;
	}
	return false;
}

/* Where jobs run pytest in the open and start some services, those nobody starts or speaks of are missing. */
static bool starts_services(const struct audit *a)
{
	for (size_t j = 0; j < a->it->jobs->n; j++) {
		const struct job *job = &a->it->jobs->at[j];
		if (job->kind == JOB_GITHUB && audit_runs_tests(job) && job->services.n)
			return true;
	}
	return false;
}

static void judge_service(struct audit *a, unsigned k)
{
	const struct test *first = NULL;
	const struct need *need = NULL;
	uint32_t n = 0, line, at;
	for (size_t t = 0; t < a->it->suite->tests.n; t++) {
		const need_list *needs = &a->it->needs->tests[t];
		for (size_t i = 0; i < needs->n; i++) {
			if (audit_is_self_started(a, (uint32_t)t) || needs->at[i].services != (service_set)1 << k ||
			    needs->at[i].shown.grade < GRADE_REQUIRES || !audit_counts(a, &needs->at[i]))
				continue;
			if (n++ == 0) {
				first = &a->it->suite->tests.at[t];
				need = &needs->at[i];
			}
		}
	}
	if (!n || !audit_service(a, k)->image.n || ci_speaks_of(a, audit_service(a, k)))
		return;
	audit_def_place(audit_facts(a, first->def.file), first->def.def, &line, &at);
	audit_report(a, first->def.file, line, at, "%u test%s %.*s, which no job of CI starts; this one first (%.*s)",
	             n, n == 1 ? " needs" : "s need", STR_ARG(audit_service(a, k)->name),
	             STR_ARG(audit_because(a, &need->shown)));
}

void rule_missing_service(struct audit *a)
{
	for (unsigned k = 0; starts_services(a) && k < a->it->config->catalogue.services.n; k++)
		judge_service(a, k);
}
