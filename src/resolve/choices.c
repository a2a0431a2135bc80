/* One value, one service: then the test needs one of them.  Where a value wants several at once, all stay needed. */
#include "resolve/choices.h"

#include <stdlib.h>

#include "resolve/environment.h"

struct way {
	struct str variable, value;
	service_set services;
};

typedef VEC(struct way) way_list;

static bool is_live(const struct contact *c)
{
	return c->grade >= GRADE_PROBABLE && !c->is_idle && !c->is_dynamic;
}

static struct way *way_of(struct arena *tmp, way_list *ways, struct str variable, struct str value)
{
	for (size_t i = 0; i < ways->n; i++)
		if (str_eq(ways->at[i].variable, variable) && str_eq(ways->at[i].value, value))
			return &ways->at[i];
	vec_push(tmp, ways, ((struct way){variable, value, 0}));
	return &ways->at[ways->n - 1];
}

static bool is_known(const choice_list *choices, struct str variable)
{
	for (size_t i = 0; i < choices->n; i++)
		if (str_eq(choices->at[i].variable, variable))
			return true;
	return false;
}

/* `always` is needed whatever the variable says. */
static void judge(struct arena *tmp, const way_list *ways, struct str variable, service_set always,
                  choice_list *choices)
{
	struct choice choice = {.variable = variable};
	bool is_single = true;
	for (size_t i = 0; i < ways->n; i++) {
		service_set own = ways->at[i].services & ~always;
		if (!str_eq(ways->at[i].variable, variable))
			continue;
		is_single &= (own & (own - 1)) == 0;
		choice.services |= own;
	}
	if (is_single && (choice.services & (choice.services - 1)))
		vec_push(tmp, choices, choice);
}

choice_list choices_of(const struct names *names, struct arena *tmp, const struct contact *contacts)
{
	way_list ways = {0};
	choice_list choices = {0};
	service_set always = 0;
	for (const struct contact *c = contacts; c && rule_holds(names, RULE_CHOICES); c = c->next) {
		struct str variable = c->variable ? names_str(names, c->variable) : STR_NONE;
		struct str value = variable_choice(variable);
		if (is_live(c) && value.n)
			way_of(tmp, &ways, variable_name(variable), value)->services |= c->services;
		else if (is_live(c))
			always |= c->services;
	}
	for (size_t i = 0; i < ways.n; i++)
		if (!is_known(&choices, ways.at[i].variable))
			judge(tmp, &ways, ways.at[i].variable, always, &choices);
	return choices;
}

service_set choices_services(const struct names *names, const choice_list *choices, const struct contact *contact)
{
	struct str variable = contact->variable ? names_str(names, contact->variable) : STR_NONE;
	for (size_t i = 0; i < choices->n && variable_choice(variable).n; i++)
		if (str_eq(choices->at[i].variable, variable_name(variable)) &&
		    contact->services & choices->at[i].services)
			return choices->at[i].services;
	return contact->services;
}

static void add(struct arena *out, strs *values, struct str value)
{
	for (size_t i = 0; i < values->n; i++)
		if (str_eq(values->at[i], value))
			return;
	vec_push(out, values, str_copy(out, value));
}

strs choices_values(const struct names *names, struct arena *out, const struct contact *contacts, struct str variable)
{
	strs values = {0};
	size_t n;
	const struct given_value *given = given_find(names->given, variable, &n);
	for (size_t i = 0; i < n; i++)
		add(out, &values, variable_shown(out, given[i].value));
	for (const struct contact *c = contacts; c; c = c->next) {
		struct str whole = c->variable ? names_str(names, c->variable) : STR_NONE;
		if (variable_choice(whole).n && str_eq(variable_name(whole), variable))
			add(out, &values, variable_shown(out, variable_choice(whole)));
	}
	if (values.n)
		qsort(values.at, values.n, sizeof *values.at, str_cmp_qsort);
	return values;
}
