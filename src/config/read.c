/* The readers of single values. */
#include "config/read.h"

#include <math.h>
#include <string.h>

enum { SHARDS_MOST = 256, LONGEST_NAME = 64 };

bool read_wrong(const struct reader *r, const struct toml_value *value, const char *expected)
{
	const char *kind = toml_kind_name(value->kind);
	if (value->key.n)
		return fail_usage(r->err, "%s:%u:%u: %.*s must be %s, not %s", r->path, value->line, value->column,
		                  STR_ARG(value->key), expected, kind);
	return fail_usage(r->err, "%s:%u:%u: expected %s, not %s", r->path, value->line, value->column, expected, kind);
}

static bool refuse(const struct reader *r, const struct toml_value *value, const char *why)
{
	struct str name = value->key.n ? value->key : STR("this");
	return fail_usage(r->err, "%s:%u:%u: %.*s %s", r->path, value->line, value->column, STR_ARG(name), why);
}

bool read_unknown(const struct reader *r, uint32_t line, uint32_t column, const char *what, struct str name,
                  const struct str *known, size_t n)
{
	size_t near = str_nearest(name, known, n);
	if (near != SIZE_MAX)
		return fail_usage(r->err, "%s:%u:%u: there is no %s '%.*s'; did you mean '%.*s'?", r->path, line,
		                  column, what, STR_ARG(name), STR_ARG(known[near]));
	struct str all = str_join(r->tmp, known, n, STR(", "));
	return fail_usage(r->err, "%s:%u:%u: there is no %s '%.*s'; known: %.*s", r->path, line, column, what,
	                  STR_ARG(name), STR_ARG(all));
}

struct str read_place(const struct reader *r, const struct toml_value *value)
{
	return str_fmt(r->out, "%s:%u:%u", r->path, value->key_line, value->key_column);
}

bool read_text(const struct reader *r, const struct toml_value *value, void *to)
{
	if (value->kind != TOML_STRING)
		return read_wrong(r, value, "a string");
	if (value->text.n && memchr(value->text.at, '\0', value->text.n))
		return refuse(r, value, "holds a NUL character");
	*(struct str *)to = value->text;
	return true;
}

bool read_missing(const struct reader *r, const struct toml_value *table, const char *what)
{
	return fail_usage(r->err, "%s:%u:%u: %s", r->path, table->line, table->column, what);
}

bool read_choice(const struct reader *r, const struct toml_value *value, const struct str *words, size_t n,
                 size_t *choice)
{
	struct str word;
	if (!read_text(r, value, &word))
		return false;
	for (*choice = 0; *choice < n; ++*choice)
		if (str_eq(words[*choice], word))
			return true;
	return read_unknown(r, value->line, value->column, str_c(r->tmp, value->key), word, words, n);
}

static bool read_word(const struct reader *r, const struct toml_value *value, struct str *word)
{
	if (!read_text(r, value, word))
		return false;
	return word->n ? true : refuse(r, value, "must not be empty");
}

static bool holds(const strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], s))
			return true;
	return false;
}

bool read_more_texts(const struct reader *r, const struct toml_value *value, void *to)
{
	strs *list = to;
	bool is_list = value->kind == TOML_ARRAY;
	if (!is_list && value->kind != TOML_STRING)
		return read_wrong(r, value, "a list of strings");
	for (size_t i = 0; i < (is_list ? value->n : 1); i++) {
		struct str word;
		if (!read_word(r, is_list ? &value->at[i] : value, &word))
			return false;
		if (!holds(list, word))
			vec_push(r->out, list, word);
	}
	return true;
}

bool read_texts(const struct reader *r, const struct toml_value *value, void *to)
{
	if (value->kind != TOML_ARRAY)
		return read_wrong(r, value, "a list of strings");
	*(strs *)to = (strs){0};
	return read_more_texts(r, value, to);
}

bool read_path(const struct reader *r, const struct toml_value *value, void *to)
{
	struct str word;
	if (!read_word(r, value, &word))
		return false;
	if (word.at[0] == '/')
		return refuse(r, value, "must be relative to the root");
	return path_normal(r->out, word, to) ? true : refuse(r, value, "leads out of the root");
}

bool read_paths(const struct reader *r, const struct toml_value *value, void *to)
{
	strs paths = {0};
	if (value->kind != TOML_ARRAY)
		return read_wrong(r, value, "a list of paths");
	for (size_t i = 0; i < value->n; i++) {
		struct str path;
		if (!read_path(r, &value->at[i], &path))
			return false;
		if (!holds(&paths, path))
			vec_push(r->out, &paths, path);
	}
	*(strs *)to = paths;
	return true;
}

bool read_bool(const struct reader *r, const struct toml_value *value, void *to)
{
	if (value->kind != TOML_BOOL)
		return read_wrong(r, value, "true or false");
	*(bool *)to = value->truth;
	return true;
}

bool read_seconds(const struct reader *r, const struct toml_value *value, void *to)
{
	double seconds = value->kind == TOML_INTEGER ? (double)value->integer : value->real;
	if (value->kind != TOML_INTEGER && value->kind != TOML_FLOAT)
		return read_wrong(r, value, "a number of seconds");
	if (!(seconds >= 0 && seconds <= 86400))
		return refuse(r, value, "must be 0 to 86400 seconds");
	*(int64_t *)to = (int64_t)llround(seconds * 1000);
	return true;
}

bool read_count(const struct reader *r, const struct toml_value *value, void *to)
{
	if (value->kind != TOML_INTEGER)
		return read_wrong(r, value, "a whole number");
	if (value->integer < 1 || value->integer > SHARDS_MOST)
		return refuse(r, value, "must be 1 to 256");
	*(uint32_t *)to = (uint32_t)value->integer;
	return true;
}

bool read_shards(const struct reader *r, const struct toml_value *value, void *to)
{
	if (value->kind == TOML_STRING && str_eq(value->text, STR("auto"))) {
		*(uint32_t *)to = 0;
		return true;
	}
	if (value->kind != TOML_INTEGER)
		return read_wrong(r, value, "\"auto\" or a whole number");
	return read_count(r, value, to);
}

bool read_is_plain_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.at[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
		bool is_later = (c >= '0' && c <= '9') || c == '-';
		if (!is_letter && !(i && is_later))
			return false;
	}
	return name.n > 0 && name.n <= LONGEST_NAME;
}

bool read_table(const struct reader *r, const struct toml_value *table, const struct field *fields, size_t n, void *to)
{
	if (table->kind != TOML_TABLE)
		return read_wrong(r, table, "a table");
	for (size_t i = 0; i < table->n; i++) {
		const struct toml_value *value = &table->at[i];
		size_t row = 0;
		while (row < n && !str_eq(str_of(fields[row].key), value->key))
			row++;
		if (row == n) {
			strs known = {0};
			for (row = 0; row < n; row++)
				vec_push(r->tmp, &known, str_of(fields[row].key));
			return read_unknown(r, value->key_line, value->key_column, "key", value->key, known.at, n);
		}
		if (!fields[row].read(r, value, (char *)to + fields[row].offset))
			return false;
	}
	return true;
}
