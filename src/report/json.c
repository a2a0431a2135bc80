/* jansson behind our input: a callback that counts brackets as the bytes pass. */
#include "report/json.h"

/* Depth of brackets outside strings. */
struct depth {
	int now, most;
	bool in_string, is_escaped;
};

static void count(struct depth *depth, const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = at[i];
		if (depth->in_string) {
			if (depth->is_escaped)
				depth->is_escaped = false;
			else if (c == '\\')
				depth->is_escaped = true;
			else if (c == '"')
				depth->in_string = false;
		} else if (c == '"') {
			depth->in_string = true;
		} else if (c == '[' || c == '{') {
			depth->now++;
			depth->most = depth->now > depth->most ? depth->now : depth->most;
		} else if (c == ']' || c == '}') {
			depth->now--;
		}
	}
}

struct pull {
	struct report_input *in;
	struct err *err;
	struct depth depth;
	bool is_started;
};

static size_t pull_piece(void *to, size_t most, void *me)
{
	struct pull *pull = me;
	size_t n;
	if (!pull->is_started) {
		struct str head;
		if (!input_peek(pull->in, &head, pull->err))
			return (size_t)-1;
		char mark[3];
		if (str_starts(head, STR("\xef\xbb\xbf")) && !input_take(pull->in, mark, 3, &n, pull->err))
			return (size_t)-1;
		pull->is_started = true;
	}
	if (!input_take(pull->in, to, most, &n, pull->err))
		return (size_t)-1;
	count(&pull->depth, to, n);
	if (pull->depth.most <= JSON_DEPTH_MOST)
		return n;
	struct str name = pull->in->name;
	fail(pull->err, "%.*s%sthe JSON is nested deeper than %d", STR_ARG(name), name.n ? ": " : "", JSON_DEPTH_MOST);
	return (size_t)-1;
}

static bool say(const struct report_reading *reading, uint32_t line, const json_error_t *error, struct err *err)
{
	struct str name = reading->in->name;
	return fail(err, "%.*s%s%u: %s", STR_ARG(name), name.n ? ":" : "line ", line, error->text);
}

bool json_read(struct report_reading *reading, json_t **value, struct err *err)
{
	struct pull pull = {.in = reading->in, .err = err};
	json_error_t error;
	*value = json_load_callback(pull_piece, &pull, JSON_REJECT_DUPLICATES, &error);
	if (err->code != ERR_NONE)
		return json_decref(*value), false;
	return *value || say(reading, (uint32_t)error.line, &error, err);
}

bool json_read_line(struct report_reading *reading, struct str text, uint32_t line, json_t **value, struct err *err)
{
	json_error_t error;
	struct depth depth = {0};
	count(&depth, text.at, text.n);
	struct str name = reading->in->name;
	if (depth.most > JSON_DEPTH_MOST)
		return fail(err, "%.*s%s%u: the JSON is nested deeper than %d", STR_ARG(name), name.n ? ":" : "line ",
		            line, JSON_DEPTH_MOST);
	*value = json_loadb(text.at, text.n, JSON_REJECT_DUPLICATES, &error);
	return *value || say(reading, line, &error, err);
}

struct str json_str(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)} : STR_NONE;
}

enum seconds_answer json_seconds(const json_t *value, double scale, int64_t *us)
{
	if (!value || json_is_null(value))
		return SECONDS_NONE;
	if (json_is_string(value))
		return seconds_parse((struct str){json_string_value(value), json_string_length(value)}, us);
	if (!json_is_number(value))
		return SECONDS_NO_NUMBER;
	return seconds_from_double(json_number_value(value) * scale, us);
}

bool json_head_is(struct str head, char open)
{
	if (str_starts(head, STR("\xef\xbb\xbf")))
		head = str_slice(head, 3, head.n);
	head = str_trim(head);
	return head.n && head.at[0] == open;
}

bool json_head_has(struct str head, struct str key)
{
	struct depth depth = {0};
	size_t start = 0;
	for (size_t i = 0; i < head.n; i++) {
		bool was_in = depth.in_string;
		count(&depth, head.at + i, 1);
		if (!was_in && depth.in_string)
			start = i + 1;
		if (!was_in || depth.in_string || depth.now != 1 || !str_eq(str_slice(head, start, i), key))
			continue;
		struct str rest = str_trim(str_slice(head, i + 1, head.n));
		if (rest.n && rest.at[0] == ':')
			return true;
	}
	return false;
}
