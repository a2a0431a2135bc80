/* The list of contacts a body makes. */
#include <string.h>

#include "resolve/environment.h"

enum { ALIKE_MOST = 8 }; /* contacts of one set of services, as strong or stronger */

static const struct hop *cause_of(const struct contact *c)
{
	const struct hop *h = c->hops;
	while (h && h->next)
		h = h->next;
	return h;
}

bool contact_same_cause(const struct contact *a, const struct contact *b)
{
	const struct hop *x = cause_of(a), *y = cause_of(b);
	return a->services == b->services && a->is_dynamic == b->is_dynamic && x->file == y->file && x->line == y->line;
}

static int strength(const struct contact *c)
{
	return (int)c->grade * 8 + c->is_gate * 4 + !c->is_guarded * 2 + !c->is_idle;
}

/* The same cause reached by the same first step tells nothing new. */
static bool is_known(const struct run *run, const struct contact *c)
{
	uint32_t alike = 0;
	for (const struct contact *k = run->contacts; k; k = k->next) {
		if (k->services != c->services || k->is_dynamic != c->is_dynamic || strength(k) < strength(c))
			continue;
		if (contact_same_cause(k, c) && error_same(k->error, c->error) &&
		    k->hops->ref_name == c->hops->ref_name && k->hops->callee.def == c->hops->callee.def)
			return true;
		alike++;
	}
	return alike >= ALIKE_MOST;
}

static bool has_choice(const struct run *run, name variable)
{
	return variable && variable_choice(names_str(run->e->names, variable)).n;
}

void contact_add(struct run *run, struct contact contact)
{
	if (run->guards && contact.is_assert)
		contact.is_gate = contact.is_assert = false;
	contact.is_early |= run->is_early;
	contact.is_maybe |= run->maybes > 0;
	contact.is_guarded |= !contact.is_gate && is_swallowed(run, contact.error);
	if (run->choice && !contact.is_gate && !has_choice(run, contact.variable))
		contact.variable = run->choice;
	if (is_known(run, &contact))
		return;
	struct contact *made = arena_new(run->e->arena, struct contact);
	*made = contact;
	made->next = run->contacts;
	run->contacts = made;
}

void contacts_through(struct run *run, const struct contact *list, struct hop hop)
{
	hop.file = run->frame->file;
	for (; list; list = list->next) {
		struct contact c = *list;
		struct hop *made = arena_new(run->e->arena, struct hop);
		*made = hop;
		made->next = list->hops;
		c.hops = made;
		c.is_idle &= hop.verb != HOP_USES;
		if (run->refused && c.grade > GRADE_MOCKED && !c.is_gate)
			c.grade = GRADE_MENTION; /* the test wants nobody to answer */
		contact_add(run, c);
	}
}

const struct contact *contacts_after(struct eval *e, const struct contact *list, struct hop hop)
{
	const struct contact *all = NULL;
	for (; list; list = list->next) {
		struct contact *copy = arena_new(e->arena, struct contact);
		struct hop *made = arena_new(e->arena, struct hop);
		*made = hop;
		made->next = list->hops;
		*copy = *list;
		copy->hops = made;
		copy->next = all;
		all = copy;
	}
	return all;
}

static void gate(struct run *run, const struct contact *list, const struct contact *end, struct hop hop, bool is_assert)
{
	for (; list != end; list = list->next) {
		if (list->grade <= GRADE_MOCKED || (list->is_gate && !list->is_assert) || list->is_idle)
			continue;
		struct contact c = *list;
		struct hop *made = arena_new(run->e->arena, struct hop);
		*made = hop;
		made->next = list->hops;
		c.hops = made;
		c.is_gate = true;
		c.is_assert = is_assert;
		c.is_idle = false;
		c.is_guarded = false;
		c.grade = c.is_dynamic ? c.grade : GRADE_REQUIRES;
		contact_add(run, c);
	}
}

static struct hop gate_hop(struct run *run, uint32_t line, const char *what)
{
	struct hop hop = {.verb = HOP_GATED, .file = run->frame->file, .line = line, .callee = {REF_NOWHERE, 0}};
	hop.what = intern(run->e->names->repo->names, str_of(what));
	return hop;
}

void contacts_gate_one(struct run *run, const struct contact *contact, uint32_t line, const char *what)
{
	gate(run, contact, contact->next, gate_hop(run, line, what), false);
}

void contacts_gate(struct run *run, const struct contact *before, const struct value *value, uint32_t line,
                   const char *what)
{
	struct hop hop = gate_hop(run, line, what);
	bool is_assert = strcmp(what, "assert") == 0;
	gate(run, run->contacts, before, hop, is_assert);
	gate(run, value->contacts, NULL, hop, is_assert);
	if (!value->variable || !rule_holds(run->e->names, RULE_VARIABLES))
		return;
	service_set set = variable_services(run->e->names, names_str(run->e->names, value->variable));
	if (!set)
		return;
	struct hop *cause = arena_new(run->e->arena, struct hop);
	*cause = hop;
	cause->verb = HOP_READS;
	cause->what = intern(run->e->names->repo->names, variable_name(names_str(run->e->names, value->variable)));
	contact_add(run, (struct contact){.services = set,
	                                  .grade = GRADE_REQUIRES,
	                                  .is_gate = true,
	                                  .variable = value->variable,
	                                  .hops = cause});
}
