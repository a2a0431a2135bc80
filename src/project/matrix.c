/* GitHub forms the combinations of the axes in their order, the last axis fastest; the first combination has the first
 * value of each.  Entries of `include` that agree with it add their keys. */
#include "project/matrix.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

enum { DEPTH_MOST = 8, AXES_MOST = 1000 };

static const struct str *find(const struct job *job, struct str name)
{
	for (size_t i = 0; i < job->matrix.n; i++)
		if (str_eq(job->matrix.at[i].name, name))
			return &job->matrix.at[i].value;
	return NULL;
}

/* A scalar under its name, a map as name.key for each of its keys. */
static void add(const struct part_source *s, struct job *job, struct str name, size_t value, int depth)
{
	const struct yaml_event *event = &s->events.at[value];
	size_t at = 0, inner;
	struct str key;
	if (event->kind == YAML_SCALAR && !find(job, name))
		vec_push(s->out, &job->matrix, (struct env_pair){name, event->value});
	if (event->kind == YAML_MAP && depth < DEPTH_MOST)
		while (part_next(s, value, &at, &key, &inner))
			add(s, job, str_fmt(s->out, "%.*s.%.*s", STR_ARG(name), STR_ARG(key)), inner, depth + 1);
}

/* The same of every value. */
static void add_axis(const struct part_source *s, struct job *job, struct str name, size_t value, int depth)
{
	const struct yaml_event *event = &s->events.at[value];
	size_t at = 0, inner;
	struct str key;
	if (event->kind == YAML_SCALAR && job->axes.n < AXES_MOST)
		vec_push(s->out, &job->axes, (struct env_pair){name, event->value});
	if (event->kind == YAML_MAP && depth < DEPTH_MOST)
		while (part_next(s, value, &at, &key, &inner))
			add_axis(s, job, str_fmt(s->out, "%.*s.%.*s", STR_ARG(name), STR_ARG(key)), inner, depth + 1);
}

static bool is_axis(struct str key)
{
	return key.n && !str_eq(key, STR("include")) && !str_eq(key, STR("exclude"));
}

static void read_axes(const struct part_source *s, size_t matrix, struct job *job)
{
	size_t at = 0, value;
	struct str key;
	job->n_combinations = 1;
	while (part_next(s, matrix, &at, &key, &value)) {
		size_t item = 0, first = 0, n = 0, one;
		if (!is_axis(key))
			continue;
		while (part_next_item(s, value, &item, &one)) {
			add_axis(s, job, key, one, 0);
			if (n++ == 0)
				first = one;
		}
		if (first)
			add(s, job, key, first, 0);
		job->n_combinations = n && job->n_combinations < 1000 ? job->n_combinations * n : 0;
	}
}

/* Does an entry of `include` belong to the first combination?  Each axis it names has the same value there. */
static bool agrees(const struct part_source *s, const struct job *job, size_t matrix, size_t entry)
{
	size_t at = 0, value;
	struct str key;
	while (part_next(s, entry, &at, &key, &value)) {
		const struct str *known = find(job, key);
		bool names_axis = yaml_find(&s->events, matrix, key) > 0;
		if (names_axis && (!known || !str_eq(*known, s->events.at[value].value)))
			return false;
	}
	return true;
}

static void read_include(const struct part_source *s, size_t matrix, struct job *job)
{
	size_t list = part_list(s, matrix, "include"), item = 0, entry, n = 0;
	bool has_axes = job->matrix.n > 0;
	while (list && part_next_item(s, list, &item, &entry)) {
		size_t at = 0, value;
		struct str key;
		while (part_next(s, entry, &at, &key, &value))
			add_axis(s, job, key, value, 0);
		at = 0;
		if (n++ == 0 || has_axes)
			while (agrees(s, job, matrix, entry) && part_next(s, entry, &at, &key, &value))
				add(s, job, key, value, 0);
	}
	if (!has_axes)
		job->n_combinations = n;
}

void matrix_read(const struct part_source *s, size_t map, struct job *job)
{
	size_t strategy = part_map(s, map, "strategy"), matrix = strategy ? part_map(s, strategy, "matrix") : 0;
	if (!matrix)
		return;
	read_axes(s, matrix, job);
	read_include(s, matrix, job);
}

/* ---- filling in ---- */

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* The end of the `matrix.NAME` that begins at `at`, or `at` when none does. */
static size_t end_of_reference(struct str text, size_t at)
{
	bool is_inside = at > 0 && is_name(text.at[at - 1]);
	size_t end = at + 7;
	if (is_inside || !str_starts(str_slice(text, at, text.n), STR("matrix.")))
		return at;
	while (end < text.n && is_name(text.at[end]))
		end++;
	return end;
}

static struct str value_of(const struct job *job, struct str reference)
{
	const struct str *value = find(job, str_slice(reference, 7, reference.n));
	return value ? *value : STR_NONE;
}

static void add_quoted(struct buf *buf, struct str value)
{
	buf_char(buf, '\'');
	for (size_t i = 0; i < value.n; i++) {
		if (value.at[i] == '\'')
			buf_char(buf, '\'');
		buf_char(buf, value.at[i]);
	}
	buf_char(buf, '\'');
}

static void fill_expression(struct buf *buf, const struct job *job, struct str text, bool *changed)
{
	for (size_t at = 0; at < text.n;) {
		size_t end = end_of_reference(text, at);
		if (end == at) {
			buf_char(buf, text.at[at++]);
			continue;
		}
		add_quoted(buf, value_of(job, str_slice(text, at, end)));
		*changed = true;
		at = end;
	}
}

/* Is the expression all that stands behind `key:` in its line?  Its value is a scalar of YAML then. */
static bool is_whole_value(struct str text, size_t open, size_t close)
{
	size_t end = str_find(text, STR("\n"), close), from = open;
	while (from > 0 && text.at[from - 1] != '\n')
		from--;
	struct str lead = str_trim(str_slice(text, from, open));
	if (open == 0 || text.at[open - 1] != ' ' || !str_ends(lead, STR(":")) ||
	    str_trim(str_slice(text, close, end)).n)
		return false;
	size_t i = str_starts(lead, STR("- ")) ? 2 : 0;
	while (i < lead.n - 1 && (is_name(lead.at[i]) || lead.at[i] == ' '))
		i++;
	return i == lead.n - 1;
}

/* Would YAML read another text in its place: 3.10 as 3.1, nothing as null, or a map, an alias, a comment? */
static bool wants_quotes(struct str value)
{
	static const char begins[] = "*&!|>%@`{}[]\"'#,?-:~";
	size_t n_digits = 0, n_points = 0, n_others = 0;
	for (size_t i = 0; i < value.n; i++) {
		n_digits += isdigit((unsigned char)value.at[i]) != 0;
		n_points += value.at[i] == '.';
		n_others += !isdigit((unsigned char)value.at[i]) && value.at[i] != '.' &&
		            !strchr("+-_:eExXoOabcdfABCDF", value.at[i]);
	}
	if (value.n == 0 || strchr(begins, value.at[0]) || str_has(value, STR(": ")) || str_has(value, STR(" #")))
		return true;
	bool is_integer = n_digits == value.n && (value.n == 1 || value.at[0] != '0');
	bool is_decimal = n_points == 1 && n_digits + 1 == value.n && isdigit((unsigned char)value.at[0]) &&
	                  isdigit((unsigned char)value.at[value.n - 1]) && value.at[value.n - 1] != '0';
	bool may_be_number = n_others == 0 && (isdigit((unsigned char)value.at[0]) || strchr("+.", value.at[0]));
	return may_be_number && !is_integer && !is_decimal;
}

static void add_value(struct buf *buf, struct str text, size_t open, size_t close, struct str value)
{
	if (is_whole_value(text, open, close) && wants_quotes(value))
		add_quoted(buf, value);
	else
		buf_add(buf, value);
}

struct str matrix_fill(struct arena *out, const struct job *job, struct str text, bool is_expression, bool *changed)
{
	struct buf buf;
	if (!str_has(text, STR("matrix.")))
		return text;
	buf_init(&buf, out);
	if (is_expression && !str_has(text, STR("${{"))) {
		fill_expression(&buf, job, text, changed);
		return buf_str(&buf);
	}
	for (size_t at = 0; at < text.n;) {
		size_t open = str_find(text, STR("${{"), at), close = str_find(text, STR("}}"), open);
		buf_add(&buf, str_slice(text, at, close == SIZE_MAX ? text.n : open));
		if (close == SIZE_MAX)
			break;
		struct str inner = str_slice(text, open + 3, close), trimmed = str_trim(inner);
		if (end_of_reference(trimmed, 0) == trimmed.n && trimmed.n) {
			add_value(&buf, text, open, close + 2, value_of(job, trimmed));
			*changed = true;
		} else {
			buf_lit(&buf, "${{");
			fill_expression(&buf, job, inner, changed);
			buf_lit(&buf, "}}");
		}
		at = close + 2;
	}
	return buf_str(&buf);
}
