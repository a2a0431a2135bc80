/* What one test is run for: the values of its parametrize marks, and of the parameters of its fixtures. */
#include "audit/room.h"

static service_set named_by(const struct audit *a, struct str text)
{
	service_set set = 0;
	for (unsigned k = 0; k < a->it->config->catalogue.services.n; k++) {
		const struct service *service = audit_service(a, k);
		bool is_it = str_eq(service->name, text);
		for (size_t i = 0; i < service->words.n; i++)
			is_it |= str_eq(service->words.at[i], text);
		set |= is_it ? (service_set)1 << k : 0;
	}
	return set;
}

static service_set named_below(const struct audit *a, const struct facts *facts, uint32_t list)
{
	service_set set = 0;
	for (uint32_t e = audit_expr(facts, list)->first; e; e = audit_expr(facts, e)->next) {
		const struct expr *x = audit_expr(facts, e);
		if (x->kind == EXPR_CALL || x->kind == EXPR_TUPLE)
			set |= named_below(a, facts, e);
		if (x->kind == EXPR_STRING)
			set |= named_by(a, audit_text(a, x->text));
	}
	return set;
}

service_set audit_named_in(const struct audit *a, const struct facts *facts, uint32_t list)
{
	const struct expr *values = audit_expr(facts, list);
	return values->kind == EXPR_LIST || values->kind == EXPR_TUPLE ? named_below(a, facts, list) : 0;
}

static void add_marked(const struct audit *a, const struct test *test, parameter_list *lists)
{
	for (size_t m = 0; m < test->marks.n; m++) {
		const struct mark *mark = &test->marks.at[m];
		if (!str_eq(audit_text(a, mark->name), STR("parametrize")))
			continue;
		const struct facts *facts = audit_facts(a, mark->file);
		const struct expr *call = audit_expr(facts, mark->expr);
		uint32_t names = call->kind == EXPR_CALL ? audit_expr(facts, call->first)->next : 0;
		uint32_t values = names ? audit_expr(facts, names)->next : 0;
		if (values)
			vec_push(a->tmp, lists, ((struct parameter_values){mark->file, values}));
	}
}

static void add_of_fixture(const struct audit *a, const struct fixture *fixture, parameter_list *lists)
{
	const struct facts *facts = audit_facts(a, fixture->def.file);
	for (uint32_t d = facts->defs.at[fixture->def.def].decorators; d; d = audit_expr(facts, d)->next) {
		uint32_t values = audit_keyword(a, facts, d, "params");
		if (values)
			vec_push(a->tmp, lists, ((struct parameter_values){fixture->def.file, values}));
	}
}

parameter_list audit_parameters(const struct audit *a, uint32_t test)
{
	parameter_list lists = {0};
	const struct test *it = &a->it->suite->tests.at[test];
	add_marked(a, it, &lists);
	for (size_t i = 0; i < it->fixtures.n; i++) {
		const struct fixture *fixture = &a->it->suite->fixtures.at[it->fixtures.at[i]];
		if (fixture->def.file != REF_NOWHERE && fixture->is_parametrized)
			add_of_fixture(a, fixture, &lists);
	}
	return lists;
}
