/* Gates: do they ask where the service is, and for all that the test uses? */
#include "audit/rules.h"

#include <string.h>

/* ---- where CI has a service ---- */

struct address {
	struct str host;
	uint64_t port;
};

/* "http://user@localhost:9200/_cat" or "localhost:9200"; false unless host and port are both known. */
static bool parse_address(struct str text, struct address *address)
{
	size_t scheme = str_find(text, STR("://"), 0);
	if (scheme != SIZE_MAX)
		text = str_slice(text, scheme + 3, text.n);
	size_t end = 0;
	while (end < text.n && !strchr("/?, ", text.at[end]))
		end++;
	text = str_slice(text, 0, end);
	size_t user = str_rfind_char(text, '@');
	if (user != SIZE_MAX)
		text = str_slice(text, user + 1, text.n);
	size_t colon = str_rfind_char(text, ':');
	if (colon == SIZE_MAX || colon == 0)
		return false;
	address->host = str_slice(text, 0, colon);
	for (size_t i = 0; i < address->host.n; i++)
		if ((unsigned char)address->host.at[i] <= ' ' || strchr("*{}$%", address->host.at[i]))
			return false;
	return str_number(str_slice(text, colon + 1, text.n), 65535, &address->port) && address->port;
}

static bool is_local(struct str host)
{
	return str_eq(host, STR("localhost")) || str_eq(host, STR("127.0.0.1")) || str_eq(host, STR("0.0.0.0")) ||
	       str_eq(host, STR("::1")) || str_eq(host, STR("[::1]"));
}

enum reach { REACH_NO_SERVICE, REACH_NO, REACH_MAYBE, REACH_YES };

/* Whether a process of the job finds the service there. */
static enum reach reach_in(const struct job *job, const struct job_service *service, const struct address *address)
{
	bool is_inside = job_is_in_container(job);
	for (size_t i = 0; i < service->ports.n; i++) {
		const struct job_port *port = &service->ports.at[i];
		if (is_local(address->host) && !is_inside && (port->host == 0 || port->host == address->port))
			return port->host ? REACH_YES : REACH_MAYBE;
	}
	for (size_t i = 0; !is_local(address->host) && i < service->names.n; i++)
		if (str_eq(service->names.at[i], address->host))
			return is_inside ? REACH_YES : REACH_NO;
	return is_local(address->host) ? REACH_NO : REACH_MAYBE;
}

struct verdict {
	enum reach best;
	struct str place; /* of a service that is elsewhere */
	bool is_inside;
	uint32_t port; /* that it is mapped to, 0 if none */
};

static void judge_job(const struct audit *a, const struct job *job, unsigned k, const struct address *address,
                      struct verdict *verdict)
{
	struct str digits = str_fmt(a->tmp, "%u", (unsigned)address->port);
	for (size_t s = 0; s < job->services.n; s++) {
		const struct job_service *service = &job->services.at[s];
		if (!audit_is_service(audit_service(a, k), service))
			continue;
		enum reach reach = reach_in(job, service, address);
		if (reach == REACH_NO && is_local(address->host) && audit_job_says(a, job, digits))
			reach = REACH_MAYBE; /* something of its own may listen there */
		if (reach > verdict->best)
			verdict->best = reach;
		verdict->place = service->place;
		verdict->is_inside = job_is_in_container(job);
		verdict->port = service->ports.n ? service->ports.at[0].host : 0;
	}
}

static bool any_job_says(const struct audit *a, struct str word)
{
	for (size_t j = 0; j < a->it->jobs->n; j++)
		if (a->it->jobs->at[j].kind == JOB_GITHUB && audit_job_says(a, &a->it->jobs->at[j], word))
			return true;
	return false;
}

/* Of the jobs that run pytest and start the service; when one is hidden nothing is said. */
static struct verdict judge_address(const struct audit *a, unsigned k, const struct address *address)
{
	struct verdict verdict = {0};
	for (size_t j = 0; j < a->it->jobs->n; j++) {
		const struct job *job = &a->it->jobs->at[j];
		if (job->kind != JOB_GITHUB || !audit_runs_tests(job))
			continue;
		if (job->has_hidden_services)
			verdict.best = REACH_MAYBE;
		judge_job(a, job, k, address, &verdict);
	}
	return verdict;
}

static struct str why_not(const struct audit *a, const struct verdict *verdict, const struct address *address)
{
	if (!is_local(address->host))
		return str_fmt(a->tmp, "the service of %.*s has that name only for jobs in a container",
		               STR_ARG(verdict->place));
	if (verdict->is_inside)
		return str_fmt(a->tmp, "the job of %.*s runs in a container, where the service has a name of its own",
		               STR_ARG(verdict->place));
	if (verdict->port)
		return str_fmt(a->tmp, "%.*s maps it to port %u", STR_ARG(verdict->place), verdict->port);
	return str_fmt(a->tmp, "%.*s maps no port", STR_ARG(verdict->place));
}

static void judge_dead(struct audit *a, const struct gate *gate)
{
	struct address address;
	bool is_single = (gate->services & (gate->services - 1)) == 0;
	if (!is_single || !gate->address.n || !parse_address(gate->address, &address))
		return;
	if (gate->variable.n && any_job_says(a, gate->variable))
		return;
	unsigned k = (unsigned)__builtin_ctzll(gate->services);
	struct verdict verdict = judge_address(a, k, &address);
	if (verdict.best != REACH_NO)
		return;
	audit_report(a, gate->file, gate->line, FINDING_NOWHERE,
	             "always skipped in CI: the gate dials %.*s:%u for %.*s, but %.*s", STR_ARG(address.host),
	             (unsigned)address.port, STR_ARG(audit_service(a, k)->name),
	             STR_ARG(why_not(a, &verdict, &address)));
}

typedef void judge_fn(struct audit *a, const struct gate *gate);

/* Each gate once, however many tests stand behind it. */
static void each_gate(struct audit *a, judge_fn *judge)
{
	struct map seen;
	map_init(&seen, a->tmp);
	for (size_t t = 0; t < a->it->suite->tests.n; t++) {
		const gate_list *gates = &a->it->needs->gates[t];
		for (size_t i = 0; i < gates->n; i++) {
			const struct gate *gate = &gates->at[i];
			uint64_t key = map_mix(map_mix(gate->file, gate->line), gate->services);
			if (map_get(&seen, key) != MAP_NONE)
				continue;
			map_put(&seen, key, 0);
			judge(a, gate);
		}
	}
}

void rule_dead_gate(struct audit *a)
{
	each_gate(a, judge_dead);
}

/* ---- variables ---- */

static bool names_variable(const struct audit *a, const struct facts *facts, const struct stmt *stmt, name variable)
{
	const struct expr *target = audit_expr(facts, stmt->expr);
	if (stmt->kind == STMT_ASSIGN && target->kind == EXPR_INDEX) {
		const struct expr *key = audit_expr(facts, audit_expr(facts, target->first)->next);
		return key->kind == EXPR_STRING && key->text == variable;
	}
	if (stmt->kind != STMT_EXPR || target->kind != EXPR_CALL)
		return false;
	struct str callee = audit_dotted(a, facts, target->first);
	const struct expr *first = audit_expr(facts, audit_expr(facts, target->first)->next);
	bool sets = str_ends(callee, STR("environ.setdefault")) || str_ends(callee, STR("setenv")) ||
	            str_ends(callee, STR("putenv"));
	return sets && first->kind == EXPR_STRING && first->text == variable;
}

/* os.environ[...] = , setdefault, setenv anywhere in the tree. */
static bool tree_sets(const struct audit *a, struct str variable)
{
	name what = intern_find(a->it->repo->names, variable);
	for (uint32_t f = 0; f < a->it->repo->files.n; f++) {
		const struct facts *facts = audit_facts(a, f);
		for (size_t s = 1; s < facts->stmts.n; s++)
			if (names_variable(a, facts, &facts->stmts.at[s], what))
				return true;
	}
	return false;
}

static void judge_variable(struct audit *a, const struct gate *gate)
{
	bool has_runner = false;
	if (!gate->variable.n || gate->address.n)
		return;
	for (size_t j = 0; j < a->it->jobs->n; j++) {
		const struct job *job = &a->it->jobs->at[j];
		if (job->kind != JOB_GITHUB)
			continue;
		if (audit_job_says(a, job, gate->variable) || audit_is_opaque(job))
			return;
		has_runner |= audit_runs_tests(job);
	}
	for (size_t i = 0; i < a->it->config->github.env.n; i++)
		if (str_eq(a->it->config->github.env.at[i].name, gate->variable))
			return;
	if (!has_runner || tree_sets(a, gate->variable))
		return;
	audit_report(a, gate->file, gate->line, FINDING_NOWHERE,
	             "always skipped in CI: the gate looks at %.*s, which no job of CI sets", STR_ARG(gate->variable));
}

void rule_dead_variable(struct audit *a)
{
	each_gate(a, judge_variable);
}

/* ---- strength ---- */

static service_set gated_by(const gate_list *gates)
{
	service_set set = 0;
	for (size_t i = 0; i < gates->n; i++)
		set |= gates->at[i].services;
	return set;
}

/* Uses a service that other tests of the suite are gated on: there the gate was forgotten. */
void rule_weak_gate(struct audit *a)
{
	service_set custom = 0;
	for (size_t t = 0; t < a->it->suite->tests.n; t++)
		custom |= gated_by(&a->it->needs->gates[t]);
	for (size_t t = 0; t < a->it->suite->tests.n; t++) {
		const struct test *test = &a->it->suite->tests.at[t];
		service_set gated = gated_by(&a->it->needs->gates[t]);
		service_set bare = a->sure[t] & custom & ~gated & ~a->declared[t];
		const need_list *needs = &a->it->needs->tests[t];
		for (size_t i = 0; gated && !audit_is_self_started(a, (uint32_t)t) && i < needs->n; i++) {
			unsigned k = (unsigned)__builtin_ctzll(needs->at[i].services);
			uint32_t line, at;
			if (!(needs->at[i].services & bare) || audit_service(a, k)->is_base)
				continue;
			audit_def_place(audit_facts(a, test->def.file), test->def.def, &line, &at);
			audit_report(a, test->def.file, line, at, "gated on %.*s, and uses %.*s without a gate (%.*s)",
			             STR_ARG(audit_names(a, gated)), STR_ARG(audit_service(a, k)->name),
			             STR_ARG(audit_because(a, &needs->at[i].shown)));
		}
	}
}

static void judge_import(struct audit *a, const struct gate *gate)
{
	if (!gate->is_import || !gate->address.n)
		return;
	audit_report(a, gate->file, gate->line, FINDING_NOWHERE,
	             "dials %.*s whenever the file is imported, in every run that collects it",
	             STR_ARG(audit_names(a, gate->services)));
}

void rule_import_probe(struct audit *a)
{
	each_gate(a, judge_import);
}
