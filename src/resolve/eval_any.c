/* One of several probes is enough: `up(a) or up(b)`, `not up(a) and not up(b)`, any(up(x) for x in ...). */
#include "resolve/eval.h"

/* What an operand asks: one set of services, or more than can be joined. */
struct asked {
	const struct contact *contact;
	service_set services;
	bool is_odd;
};

static void ask(struct asked *asked, const struct contact *list, const struct contact *end)
{
	for (; list && list != end; list = list->next) {
		bool is_live = list->grade > GRADE_MOCKED && !list->is_idle;
		asked->is_odd |= list->is_dynamic || list->is_gate ||
		                 (is_live && asked->contact && asked->services != list->services);
		if (is_live && !asked->contact) {
			asked->contact = list;
			asked->services = list->services;
		}
	}
}

/* In place of what the operands reached since `before`: that one of them is reached. */
static const struct value *settle(struct run *run, const struct contact *before, const struct contact *first,
                                  service_set services, const struct value *value, uint32_t line)
{
	struct eval *e = run->e;
	struct hop *hop = arena_new(e->arena, struct hop);
	*hop = (struct hop){.verb = HOP_EITHER, .file = run->frame->file, .line = line, .callee = {REF_NOWHERE, 0}};
	hop->detail = service_set_names(e->arena, e->names->catalogue, services, STR(" or "));
	hop->next = first->hops;
	struct contact *one = arena_new(e->arena, struct contact);
	*one = *first;
	one->services = services;
	one->hops = hop;
	one->next = NULL;
	run->contacts = before;
	contact_add(run, *one);
	struct value copy = *value;
	copy.contacts = one;
	return value_make(e, copy);
}

static bool is_answer(const struct value *v)
{
	return v->kind == VALUE_BOOL || v->kind == VALUE_UNKNOWN || v->kind == VALUE_EITHER || v->kind == VALUE_NONE;
}

const struct value *any_of_operands(struct run *run, const struct contact *before, const struct operand *operands,
                                    uint32_t n, const struct value *value, uint32_t line)
{
	struct asked first = {0};
	service_set services = 0;
	const struct contact *end = before;
	for (uint32_t i = 0; i < n; i++) {
		struct asked asked = {0};
		ask(&asked, operands[i].contacts, end);
		ask(&asked, operands[i].value->contacts, NULL);
		if (!asked.contact || asked.is_odd || !is_answer(operands[i].value))
			return value;
		services |= asked.services;
		first = i ? first : asked;
		end = operands[i].contacts;
	}
	if (n < 2 || services == first.services || !rule_holds(run->e->names, RULE_ANY_OF))
		return value;
	return settle(run, before, first.contact, services, value, line);
}

void any_of_contacts(struct run *run, const struct contact *before, uint32_t line)
{
	const struct contact *first = NULL;
	service_set services = 0;
	for (const struct contact *c = run->contacts; c && c != before; c = c->next) {
		if (c->is_dynamic || c->is_gate)
			return;
		if (c->grade <= GRADE_MOCKED || c->is_idle)
			continue;
		first = c;
		services |= c->services;
	}
	if (first && services != first->services && rule_holds(run->e->names, RULE_ANY_OF))
		settle(run, before, first, services, &value_bool, line);
}
