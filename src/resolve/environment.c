/* Only what tells something is taken for a value: an address, or a word that may be a key or a scheme.  A host such as
 * localhost tells less than the name of the variable. */
#include "resolve/environment.h"

#include "resolve/calls.h"

struct str variable_name(struct str variable)
{
	return str_slice(variable, 0, str_find(variable, STR("="), 0));
}

struct str variable_choice(struct str variable)
{
	struct str name = variable_name(variable);
	return name.n == variable.n ? STR_NONE : str_slice(variable, name.n + 1, variable.n);
}

struct str variable_shown(struct arena *out, struct str url)
{
	size_t scheme = str_find(url, STR("://"), 0), at = str_find(url, STR("@"), scheme);
	size_t colon = scheme == SIZE_MAX ? SIZE_MAX : str_find(url, STR(":"), scheme + 3);
	if (at == SIZE_MAX || colon == SIZE_MAX || colon > at)
		return url;
	return str_fmt(out, "%.*s:***%.*s", (int)colon, url.at, (int)(url.n - at), url.at + at);
}

static bool is_word(struct str s)
{
	bool has_letter = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.at[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!is_letter && c != '_' && c != '-' && c != '+' && !(c >= '0' && c <= '9'))
			return false;
		has_letter |= is_letter;
	}
	return has_letter;
}

static bool tells_something(struct str value)
{
	return str_has(value, STR("://")) ||
	       (is_word(value) && !endpoint_is_data_host(value) && !str_eq(value, STR("localhost")));
}

const struct value *value_chosen(struct eval *e, const struct value *value, name variable, struct str text)
{
	struct str what = variable_name(names_str(e->names, variable));
	struct str choice = str_fmt(e->arena, "%.*s=%.*s", STR_ARG(what), STR_ARG(text));
	return value_with_variable(e, value, intern(e->names->repo->names, choice));
}

static const struct given_value *given_of(const struct eval *e, name variable, size_t *n)
{
	*n = 0;
	if (!rule_holds(e->names, RULE_GIVEN_ENV))
		return NULL;
	return given_find(e->names->given, variable_name(names_str(e->names, variable)), n);
}

bool environment_is_given(const struct eval *e, name variable)
{
	size_t n;
	const struct given_value *given = variable ? given_of(e, variable, &n) : NULL;
	for (size_t i = 0; given && i < n; i++)
		if (tells_something(given[i].value))
			return true;
	return false;
}

/* Any of the values; one that tells nothing is one more that is not known. */
static const struct value *any_of(struct eval *e, name variable, const struct given_value *given, size_t n)
{
	const struct value *all = &value_none;
	for (size_t i = 0; i < n; i++) {
		const struct value *one = value_string(e, given[i].value);
		if (!tells_something(given[i].value))
			continue;
		one = n == 1 ? value_with_variable(e, one, variable) : value_chosen(e, one, variable, given[i].value);
		all = value_join(e, all, one);
	}
	if (all->kind == VALUE_NONE)
		return value_with_variable(e, &value_unknown, variable);
	return all->kind == VALUE_EITHER ? value_with_variable(e, all, variable) : all;
}

const struct value *environment_value(struct eval *e, name variable, const struct value *initial)
{
	size_t n;
	const struct given_value *given = given_of(e, variable, &n);
	bool is_always = n && given->giver == GIVER_PYTEST;
	if (initial && !is_always)
		return value_with_variable(e, initial, variable);
	if (n == 0)
		return value_with_variable(e, &value_unknown, variable);
	return any_of(e, variable, given, n);
}

/* ---- pydantic's settings ---- */

static bool is_settings(struct names *names, struct def_ref class_)
{
	return names_inherits(names, class_, STR("pydantic_settings.BaseSettings")) ||
	       names_inherits(names, class_, STR("pydantic.BaseSettings")) ||
	       names_inherits(names, class_, STR("pydantic.env_settings.BaseSettings"));
}

static struct str text_of(const struct names *names, uint32_t file, uint32_t expr)
{
	const struct expr *x = &names_facts(names, file)->exprs.at[expr];
	return expr && x->kind == EXPR_STRING ? names_str(names, x->text) : STR_NONE;
}

/* model_config = SettingsConfigDict(env_prefix="APP_"), class Config: env_prefix = "APP_" */
static struct str prefix_of(struct eval *e, struct def_ref class_)
{
	struct intern *all = e->names->repo->names;
	struct target t = names_class_member(e->names, class_, intern(all, STR("model_config")));
	const struct binding *b = t.kind == TARGET_VARIABLE ? names_variable(e->names, t) : NULL;
	if (b && b->value && names_facts(e->names, t.file)->exprs.at[b->value].kind == EXPR_CALL)
		return text_of(e->names, t.file, call_keyword(e->names, t.file, b->value, "env_prefix"));
	t = names_class_member(e->names, class_, intern(all, STR("Config")));
	if (t.kind != TARGET_DEF)
		return STR_NONE;
	t = names_class_member(e->names, (struct def_ref){t.file, t.index}, intern(all, STR("env_prefix")));
	b = t.kind == TARGET_VARIABLE ? names_variable(e->names, t) : NULL;
	return b ? text_of(e->names, t.file, b->value) : STR_NONE;
}

/* Field(default, env="NAME") */
static struct str alias_of(struct eval *e, struct def_ref class_, name field)
{
	static const char *const keys[] = {"env", "validation_alias", "alias"};
	struct target t = names_class_member(e->names, class_, field);
	const struct binding *b = t.kind == TARGET_VARIABLE ? names_variable(e->names, t) : NULL;
	if (!b || !b->value || names_facts(e->names, t.file)->exprs.at[b->value].kind != EXPR_CALL)
		return STR_NONE;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct str text = text_of(e->names, t.file, call_keyword(e->names, t.file, b->value, keys[i]));
		if (text.n)
			return text;
	}
	return STR_NONE;
}

static struct str upper(struct arena *out, struct str s)
{
	struct str copy = str_copy(out, s);
	for (size_t i = 0; i < copy.n; i++)
		if (copy.at[i] >= 'a' && copy.at[i] <= 'z')
			((char *)copy.at)[i] -= 'a' - 'A';
	return copy;
}

/* What Field() was called with is no default by itself: its first argument is, if it is a text. */
static const struct value *default_of(const struct value *v)
{
	if (v->kind == VALUE_UNKNOWN || v->kind == VALUE_NONE)
		return NULL;
	if (v->kind != VALUE_FOREIGN || !str_ends(v->text, STR(".Field")))
		return v;
	return v->n_items && v->items[0]->kind == VALUE_STRING && str_has(v->items[0]->text, STR(":")) ? v->items[0]
	                                                                                               : NULL;
}

const struct value *environment_field(struct eval *e, struct def_ref class_, name field, const struct value *v)
{
	if (!is_settings(e->names, class_))
		return NULL;
	struct str variable = alias_of(e, class_, field);
	if (!variable.n)
		variable = str_fmt(e->arena, "%.*s%.*s", STR_ARG(prefix_of(e, class_)),
		                   STR_ARG(names_str(e->names, field)));
	variable = upper(e->arena, variable);
	return environment_value(e, intern(e->names->repo->names, variable), default_of(v));
}
