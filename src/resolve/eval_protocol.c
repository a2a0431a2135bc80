/* Methods that Python calls without anyone naming them: what entering, leaving, iterating over, indexing, or asking for
 * the truth of an object of the tree does. */
#include "resolve/eval.h"

const struct value *protocol_call(struct run *run, const struct value *object, const char *method,
                                  const struct value *argument, uint32_t line)
{
	struct names *names = run->e->names;
	name what = object->kind == VALUE_INSTANCE ? intern_find(names->repo->names, str_of(method)) : 0;
	if (!what || names_class_member(names, object->def, what).kind != TARGET_DEF)
		return NULL;
	struct arguments a = {0};
	if (argument)
		a.at[a.n++] = (struct argument){0, argument};
	return eval_apply(run, value_attribute(run, object, what, line), &a, line);
}

/* A method, or the same of asynchronous code. */
static const struct value *call_either(struct run *run, const struct value *object, const char *plain,
                                       const char *async, uint32_t line)
{
	const struct value *v = protocol_call(run, object, plain, NULL, line);
	return v ? v : protocol_call(run, object, async, NULL, line);
}

const struct value *protocol_iterate(struct run *run, const struct value *object, uint32_t line)
{
	const struct value *iterator = call_either(run, object, "__iter__", "__aiter__", line);
	if (!iterator) {
		const struct value *item = protocol_call(run, object, "__getitem__", &value_unknown, line);
		return item ? item : object;
	}
	const struct value *item = call_either(run, iterator, "__next__", "__anext__", line);
	return item ? item : iterator;
}

const struct value *protocol_truth(struct run *run, const struct value *object, uint32_t line)
{
	const struct value *v = call_either(run, object, "__bool__", "__len__", line);
	return v ? v : object;
}

const struct value *protocol_enter(struct run *run, const struct value *v, uint32_t line)
{
	const struct value *entered = NULL;
	if (rule_holds(run->e->names, RULE_ENTERED))
		entered = call_either(run, v, "__enter__", "__aenter__", line);
	if (entered)
		return entered->kind == VALUE_UNKNOWN && !entered->contacts ? v : entered;
	struct hop hop = {.verb = HOP_USES,
	                  .line = line,
	                  .callee = {REF_NOWHERE, 0},
	                  .ref_file = v->ref_file,
	                  .ref_name = v->ref_name,
	                  .what = v->ref_name};
	if (v->kind == VALUE_FOREIGN && v->ref_name)
		contacts_through(run, v->contacts, hop);
	return v;
}

void protocol_leave(struct run *run, const struct value *v, uint32_t line)
{
	if (rule_holds(run->e->names, RULE_ENTERED))
		call_either(run, v, "__exit__", "__aexit__", line);
}
