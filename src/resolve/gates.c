/* A gate stands where the chain of a contact says so; what it asks stands at the chain's end. */
#include "resolve/gates.h"

#include "resolve/environment.h"

static const struct hop *gate_hop(const struct contact *c)
{
	for (const struct hop *h = c->hops; h; h = h->next)
		if (h->verb == HOP_GATED || h->verb == HOP_READS)
			return h;
	return NULL;
}

/* Conditions of marks and decorators are worked out when their line runs, and so is the module level. */
static bool is_asked_on_import(const struct names *names, const struct contact *c, const struct hop *gate)
{
	struct str first = names_str(names, c->hops->what), what = names_str(names, gate->what);
	if (c->hops->verb == HOP_RUNS && str_eq(first, STR("import")))
		return true;
	return c->hops == gate && (str_eq(what, STR("skipif")) || str_eq(what, STR("skipUnless")));
}

static bool is_known(const gate_list *gates, const struct gate *gate)
{
	for (size_t i = 0; i < gates->n; i++) {
		const struct gate *known = &gates->at[i];
		if (known->services == gate->services && known->file == gate->file && known->line == gate->line &&
		    str_eq(known->address, gate->address))
			return true;
	}
	return false;
}

void gates_of(const struct names *names, struct arena *out, const struct contact *contacts, gate_list *gates)
{
	for (const struct contact *c = contacts; c; c = c->next) {
		const struct hop *hop = c->is_gate ? gate_hop(c) : NULL, *cause = hop;
		if (!hop || str_eq(names_str(names, hop->what), STR("assert")))
			continue; /* an assertion fails the test; whoever gates does not want that */
		while (cause->next)
			cause = cause->next;
		struct gate gate = {.services = c->services, .file = hop->file, .line = hop->line};
		if (cause->verb == HOP_REACHES)
			gate.address = cause->detail;
		if (c->variable && (gate.address.n || cause->verb == HOP_READS))
			gate.variable = variable_name(names_str(names, c->variable));
		gate.is_import = is_asked_on_import(names, c, hop);
		if (is_known(gates, &gate))
			continue;
		gate.address = str_copy(out, gate.address);
		gate.variable = str_copy(out, gate.variable);
		vec_push(out, gates, gate);
	}
}
