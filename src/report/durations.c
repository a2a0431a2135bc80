/* pytest-split's `.test_durations`: {"node id": seconds}, or in old files a list of such pairs. */
#include "report/json.h"
static void take(struct report_reading *reading, struct str node, const json_t *seconds)
{
	struct report_case one = report_blank_case();
	one.node = node;
	enum seconds_answer answer = json_seconds(seconds, 1.0, &one.microseconds);
	if (answer == SECONDS_OK)
		reading->sink.take(reading->sink.me, &one);
	else
		report_reject(reading, 0, "the duration of %.*s is refused: it %s", (int)(node.n < 200 ? node.n : 200),
		              node.at, seconds_complaint(answer));
}

static void take_object(struct report_reading *reading, json_t *object)
{
	void *it = json_object_iter(object);
	for (; it; it = json_object_iter_next(object, it))
		take(reading, str_of(json_object_iter_key(it)), json_object_iter_value(it));
}

static bool is_pair(const json_t *pair)
{
	return json_array_size(pair) == 2 && json_is_string(json_array_get(pair, 0));
}

/* A pair whose id was there before: jansson sees no duplicate keys in a list. */
static bool is_repeated(json_t *seen, const json_t *id)
{
	const char *key = json_string_value(id);
	return json_object_get(seen, key) || json_object_set_new(seen, key, json_true()) != 0;
}

static bool take_pairs(struct report_reading *reading, const json_t *list, json_t *seen, struct err *err)
{
	struct str name = reading->in->name;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *pair = json_array_get(list, i), *id = json_array_get(pair, 0);
		if (!is_pair(pair))
			return fail(err, "%.*s%sentry %zu of the list is no pair of a node id and seconds",
			            STR_ARG(name), name.n ? ": " : "", i + 1);
		if (is_repeated(seen, id))
			return fail(err, "%.*s%sentry %zu of the list repeats the node id %.200s", STR_ARG(name),
			            name.n ? ": " : "", i + 1, json_string_value(id));
		take(reading, (struct str){json_string_value(id), json_string_length(id)}, json_array_get(pair, 1));
	}
	return true;
}

bool durations_read(struct report_reading *reading, struct err *err)
{
	json_t *root, *seen = json_object();
	if (!seen)
		return fail(err, "out of memory");
	if (!json_read(reading, &root, err))
		return json_decref(seen), false;
	bool ok = true;
	if (json_is_object(root))
		take_object(reading, root);
	else
		ok = take_pairs(reading, root, seen, err);
	json_decref(seen);
	json_decref(root);
	return ok;
}

bool durations_sniff(struct str head)
{
	return json_head_is(head, '{') || json_head_is(head, '[');
}
