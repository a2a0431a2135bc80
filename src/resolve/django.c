/* The project-wide need of a Django suite.  Settings are read as text: strings and variable names inside the value of
 * DATABASES; a settings module for tests that names a database of its own is believed before the others. */
#include "resolve/django.h"

/* env.db("DATABASE_URL"): what the variable holds. */
static service_set services_given(const struct names *names, struct str variable)
{
	size_t n;
	service_set set = 0;
	const struct given_value *given = given_find(names->given, variable, &n);
	for (size_t i = 0; i < n && rule_holds(names, RULE_GIVEN_ENV); i++)
		if (str_has(given[i].value, STR("://")))
			set |= words_services(names, given[i].value);
	return set;
}

static service_set services_in(struct names *names, uint32_t file, uint32_t expr)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *x = &facts->exprs.at[expr];
	service_set set = 0;
	if (x->kind == EXPR_STRING)
		set = words_services(names, names_str(names, x->text)) |
		      services_given(names, names_str(names, x->text));
	for (uint32_t c = x->first; c; c = facts->exprs.at[c].next)
		set |= services_in(names, file, c);
	return set;
}

/* `DATABASES = {...}`, `DATABASE_URL = env(...)` beside a `DATABASES` that is a call; `CACHES = {...}`. */
static service_set services_of_settings(struct names *names, uint32_t file, bool is_caches, uint32_t *line)
{
	static const char *const variables[] = {"CACHES", "DATABASES", "DATABASE_URL",
	                                        "DATABASE_CONNECTION_DEFAULT_NAME"};
	service_set set = 0;
	for (size_t v = is_caches ? 0 : 1; v < (is_caches ? 1 : sizeof variables / sizeof *variables); v++) {
		size_t n;
		name key = intern(names->repo->names, str_of(variables[v])); /* the file may not have been read yet */
		const struct binding *b = names_bindings(names, file, 0, key, &n);
		for (size_t i = 0; b && i < n; i++) {
			service_set here = b[i].value ? services_in(names, file, b[i].value) : 0;
			if (here && !set)
				*line = names_facts(names, file)->stmts.at[b[i].stmt].line;
			set |= here;
		}
	}
	return set;
}

service_set django_services(struct names *names, bool is_caches, uint32_t *file, uint32_t *line)
{
	service_set set = 0;
	for (uint32_t f = 0; f < names->repo->files.n; f++) {
		struct str path = names->repo->files.at[f].path;
		bool is_settings =
		        str_has(path_base(path), STR("settings")) || str_has(path_dir(path), STR("settings"));
		uint32_t at = 0;
		service_set here = is_settings ? services_of_settings(names, f, is_caches, &at) : 0;
		bool is_for_tests = str_has(path, STR("test"));
		if (!here || (set && !is_for_tests))
			continue;
		set = here;
		*file = f;
		*line = at;
		if (is_for_tests)
			break;
	}
	return set;
}

static bool class_opens(struct names *names, struct def_ref class_)
{
	static const char *const classes[] = {
	        "django.test.TestCase",
	        "django.test.TransactionTestCase",
	        "django.test.LiveServerTestCase",
	        "django.test.testcases.TestCase",
	        "rest_framework.test.APITestCase",
	        "rest_framework.test.APITransactionTestCase",
	        "django.contrib.staticfiles.testing.StaticLiveServerTestCase",
	};
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (names_inherits(names, class_, str_of(classes[i])))
			return true;
	return false;
}

bool django_opens(struct names *names, const struct suite *suite, const struct test *test, struct str *what)
{
	static const char *const fixtures[] = {"db",
	                                       "transactional_db",
	                                       "django_db_reset_sequences",
	                                       "django_db_serialized_rollback",
	                                       "admin_client",
	                                       "admin_user",
	                                       "live_server"};
	for (size_t i = 0; i < test->marks.n; i++)
		if (test->marks.at[i].name && str_eq(names_str(names, test->marks.at[i].name), STR("django_db"))) {
			*what = STR("django_db");
			return true;
		}
	for (size_t i = 0; i < test->fixtures.n; i++) {
		const struct fixture *f = &suite->fixtures.at[test->fixtures.at[i]];
		for (size_t k = 0; f->is_external && k < sizeof fixtures / sizeof *fixtures; k++)
			if (str_eq(names_str(names, f->name), str_of(fixtures[k]))) {
				*what = str_of(fixtures[k]);
				return true;
			}
	}
	*what = STR("django.test");
	return test->is_unittest && test->class_.file != REF_NOWHERE && class_opens(names, test->class_);
}
