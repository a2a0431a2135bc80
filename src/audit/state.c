/* What a file does to the process, or to the machine, when it is imported. */
#include "audit/rules.h"

/* ---- variables ---- */

static bool is_address(struct str variable)
{
	static const char *const words[] = {"URL",  "URI",    "HOST",   "PORT",    "DSN",
	                                    "ADDR", "SERVER", "BROKER", "ENDPOINT"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_has(variable, str_of(words[i])))
			return true;
	return false;
}

/* Whether a variable says where one of the services is: "PGHOST", "REDIS_URL". */
static service_set services_of_variable(const struct audit *a, struct str variable)
{
	service_set set = 0;
	for (unsigned k = 0; is_address(variable) && k < a->it->config->catalogue.services.n; k++) {
		const strs *patterns = &audit_service(a, k)->variables;
		for (size_t i = 0; i < patterns->n; i++)
			if (str_fnmatch(patterns->at[i], variable))
				set |= (service_set)1 << k;
	}
	return set;
}

/* os.environ["X"] = ..., os.environ.update(X=...), os.putenv("X", ...); setdefault leaves what is set alone. */
static uint32_t variable_set(const struct audit *a, const struct facts *facts, const struct stmt *stmt)
{
	const struct expr *target = audit_expr(facts, stmt->expr);
	if (stmt->kind == STMT_ASSIGN && target->kind == EXPR_INDEX) {
		struct str object = audit_imported(a, facts, target->first);
		uint32_t key = audit_expr(facts, target->first)->next;
		return str_eq(object, STR("os.environ")) && audit_expr(facts, key)->kind == EXPR_STRING ? key : 0;
	}
	if (stmt->kind != STMT_EXPR || target->kind != EXPR_CALL)
		return 0;
	uint32_t key = audit_expr(facts, target->first)->next;
	return str_eq(audit_imported(a, facts, target->first), STR("os.putenv")) &&
	                       audit_expr(facts, key)->kind == EXPR_STRING
	               ? key
	               : 0;
}

static void judge_write(struct audit *a, uint32_t file, uint32_t key)
{
	const struct facts *facts = audit_facts(a, file);
	const struct expr *e = audit_expr(facts, key);
	service_set set = services_of_variable(a, audit_text(a, e->text));
	struct str dir = path_dir(audit_path(a, file));
	uint32_t n = 0, n_without = 0;
	for (size_t t = 0; set && t < a->it->suite->tests.n; t++) {
		struct str path = audit_path(a, a->it->suite->tests.at[t].file);
		if (dir.n && !(str_starts(path, dir) && path.at[dir.n] == '/'))
			continue;
		n++;
		n_without += !(a->shown[t] & set);
	}
	if (n_without)
		audit_report(a, file, e->line, e->at, "sets %.*s for all %u tests below; %u of them do not need %.*s",
		             STR_ARG(audit_text(a, e->text)), n, n_without, STR_ARG(audit_names(a, set)));
}

void rule_conftest_state(struct audit *a)
{
	for (uint32_t f = 0; f < a->it->repo->files.n; f++) {
		const struct facts *facts = audit_facts(a, f);
		for (size_t s = 1; a->it->repo->files.at[f].is_conftest && s < facts->stmts.n; s++) {
			uint32_t key = variable_set(a, facts, &facts->stmts.at[s]);
			if (key && audit_is_at_import(facts, &facts->stmts.at[s]))
				judge_write(a, f, key);
		}
	}
}

/* ---- clients ---- */

static bool is_module_of(const strs *modules, struct str dotted)
{
	for (size_t i = 0; i < modules->n; i++)
		if (str_starts(dotted, modules->at[i]) && dotted.n > modules->at[i].n &&
		    dotted.at[modules->at[i].n] == '.')
			return true;
	return false;
}

/* The service whose client a dotted name makes, or -1. */
static int client_of(const struct audit *a, struct str dotted)
{
	for (unsigned k = 0; dotted.n && k < a->it->config->catalogue.services.n; k++) {
		const struct service *service = audit_service(a, k);
		for (size_t i = 0; is_module_of(&service->modules, dotted) && i < service->constructors.n; i++) {
			struct str name = service->constructors.at[i];
			if (str_ends(dotted, name) && (dotted.n == name.n || dotted.at[dotted.n - name.n - 1] == '.'))
				return (int)k;
		}
	}
	return -1;
}

void rule_module_client(struct audit *a)
{
	for (uint32_t f = 0; f < a->it->repo->files.n; f++) {
		const struct source_file *file = &a->it->repo->files.at[f];
		if (!file->is_test && !file->is_conftest)
			continue;
		const struct facts *facts = repo_facts(a->it->repo, f);
		for (size_t s = 1; s < facts->stmts.n; s++) {
			const struct stmt *stmt = &facts->stmts.at[s];
			if (stmt->kind != STMT_ASSIGN || !audit_is_at_import(facts, stmt))
				continue;
			uint32_t value = stmt->expr;
			while (audit_expr(facts, value)->next)
				value = audit_expr(facts, value)->next;
			const struct expr *call = audit_expr(facts, value);
			int k = call->kind == EXPR_CALL ? client_of(a, audit_imported(a, facts, call->first)) : -1;
			if (k >= 0)
				audit_report(
				        a, f, call->line, call->at,
				        "makes a client of %.*s when the file is imported, for every run that collects it",
				        STR_ARG(audit_service(a, (unsigned)k)->name));
		}
	}
}
