/* Written by hand, because the order and the lines matter; read by jansson, because anything may come. */
#include "report/history_json.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "report/seconds.h"

static const char *const outcomes[] = {"passed", "failed", "error", "skipped"};

static void add_string(struct buf *to, struct str s)
{
	buf_char(to, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == '"' || c == '\\')
			buf_char(to, '\\');
		if (c < 0x20 || c == 0x7f)
			buf_fmt(to, "\\u%04x", c);
		else
			buf_char(to, (char)c);
	}
	buf_char(to, '"');
}

static void add_member(struct buf *to, const char *key, struct str value)
{
	buf_fmt(to, "\"%s\": ", key);
	add_string(to, utf8_valid(value) ? value : STR("?"));
}

static void add_run(struct buf *to, const struct history_run *run)
{
	buf_lit(to, "{");
	add_member(to, "id", run->id);
	buf_lit(to, ", ");
	add_member(to, "lane", run->lane);
	buf_lit(to, ", ");
	add_member(to, "machine", run->machine);
	buf_lit(to, ", ");
	add_member(to, "source", run->source);
	buf_fmt(to, ", \"time\": %lld}", (long long)run->time);
}

static void add_sample(struct buf *to, const struct history_sample *sample)
{
	buf_fmt(to, "[%u, \"%s\", %lld", sample->run, outcomes[sample->outcome], (long long)sample->us);
	const int64_t phases[] = {sample->setup_us, sample->call_us, sample->teardown_us};
	bool has_phases = phases[0] != MS_UNKNOWN || phases[1] != MS_UNKNOWN || phases[2] != MS_UNKNOWN;
	for (size_t i = 0; has_phases && i < 3; i++) {
		if (phases[i] == MS_UNKNOWN)
			buf_lit(to, ", null");
		else
			buf_fmt(to, ", %lld", (long long)phases[i]);
	}
	buf_lit(to, "]");
}

static void add_units(struct buf *to, const struct history *history, size_t *left_out)
{
	bool is_first = true, is_out = false;
	for (size_t i = 0; i < history->samples.n; i++) {
		const struct history_sample *sample = &history->samples.at[i];
		bool is_new = i == 0 || !str_eq(sample->unit, history->samples.at[i - 1].unit);
		if (is_new) {
			if (!is_first && !is_out)
				buf_lit(to, "]");
			is_out = !utf8_valid(sample->unit);
			*left_out += is_out;
		}
		if (is_out)
			continue;
		if (is_new) {
			buf_fmt(to, "%s\n    ", is_first ? "" : ",");
			add_string(to, sample->unit);
		}
		is_first = false;
		buf_fmt(to, "%s", is_new ? ": [" : ", ");
		add_sample(to, sample);
	}
	if (!is_first && !is_out)
		buf_lit(to, "]");
}

void history_to_json(struct buf *to, const struct history *history, size_t *left_out)
{
	*left_out = 0;
	buf_fmt(to, "{\n  \"lanewright_history\": %d,\n  \"runs\": [", HISTORY_JSON_VERSION);
	for (size_t i = 0; i < history->runs.n; i++) {
		buf_fmt(to, "%s\n    ", i ? "," : "");
		add_run(to, &history->runs.at[i]);
	}
	buf_lit(to, "\n  ],\n  \"units\": {");
	add_units(to, history, left_out);
	buf_lit(to, "\n  },\n  \"files\": {");
	bool is_first = true;
	for (size_t i = 0; i < history->files.n; i++) {
		const struct history_file *file = &history->files.at[i];
		if (!utf8_valid(file->path))
			continue;
		buf_fmt(to, "%s\n    ", is_first ? "" : ",");
		is_first = false;
		add_string(to, file->path);
		buf_fmt(to, ": \"%016llx%016llx\"", (unsigned long long)file->high, (unsigned long long)file->low);
	}
	buf_lit(to, "\n  }\n}\n");
}

void durations_to_json(struct buf *to, const struct durations_line *lines, size_t n)
{
	bool is_first = true;
	buf_lit(to, "{");
	for (size_t i = 0; i < n; i++) {
		if (!utf8_valid(lines[i].node))
			continue;
		buf_fmt(to, "%s\n    ", is_first ? "" : ",");
		is_first = false;
		add_string(to, lines[i].node);
		buf_fmt(to, ": %lld.%06lld", (long long)(lines[i].us / 1000000), (long long)(lines[i].us % 1000000));
	}
	buf_lit(to, "\n}\n");
}

/* ---- reading ---- */

struct reading {
	struct arena *out;
	struct history *history;
	struct err *err;
};

static bool take_text(struct reading *r, const json_t *object, const char *key, struct str *text)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_string(value))
		return fail(r->err, "a run has no text \"%s\"", key);
	*text = str_copy(r->out, (struct str){json_string_value(value), json_string_length(value)});
	return true;
}

static bool take_run(struct reading *r, const json_t *object)
{
	struct history_run run = {0};
	const json_t *time = json_object_get(object, "time");
	if (!take_text(r, object, "id", &run.id) || !take_text(r, object, "lane", &run.lane) ||
	    !take_text(r, object, "machine", &run.machine) || !take_text(r, object, "source", &run.source))
		return false;
	if (!json_is_integer(time))
		return fail(r->err, "the run %.*s has no whole number \"time\"", STR_ARG(run.id));
	run.time = json_integer_value(time);
	vec_push(r->out, &r->history->runs, run);
	return true;
}

static bool take_us(const json_t *value, int64_t *us)
{
	enum { PHASES_MOST = 1 << 24 }; /* sums of parameters may be longer than a day, not endless */
	*us = MS_UNKNOWN;
	if (!value || json_is_null(value))
		return true;
	*us = json_integer_value(value);
	return json_is_integer(value) && *us >= 0 && *us <= (int64_t)PHASES_MOST * SECONDS_MOST * 1000;
}

static bool take_outcome(const json_t *value, enum outcome *outcome)
{
	for (size_t i = 0; json_is_string(value) && i < sizeof outcomes / sizeof *outcomes; i++)
		if (str_eq(str_of(json_string_value(value)), str_of(outcomes[i]))) {
			*outcome = (enum outcome)i;
			return true;
		}
	return false;
}

static bool take_sample(struct reading *r, struct str unit, const json_t *list)
{
	struct history_sample sample = {.unit = unit};
	const json_t *run = json_array_get(list, 0);
	size_t n = json_array_size(list);
	json_int_t number = json_is_integer(run) ? json_integer_value(run) : -1;
	if ((n != 3 && n != 6) || number < 0 || (size_t)number >= r->history->runs.n ||
	    !take_outcome(json_array_get(list, 1), &sample.outcome) || !take_us(json_array_get(list, 2), &sample.us) ||
	    sample.us == MS_UNKNOWN || !take_us(json_array_get(list, 3), &sample.setup_us) ||
	    !take_us(json_array_get(list, 4), &sample.call_us) ||
	    !take_us(json_array_get(list, 5), &sample.teardown_us))
		return fail(r->err, "a sample of %.*s is not [run, outcome, microseconds], or with three phases more",
		            STR_ARG(unit));
	sample.run = (uint32_t)number;
	vec_push(r->out, &r->history->samples, sample);
	return true;
}

static bool take_file(struct reading *r, const char *path, const json_t *hash)
{
	const char *digits = json_string_value(hash);
	struct history_file file = {.path = str_copy(r->out, str_of(path))};
	if (!digits || json_string_length(hash) != 32)
		return fail(r->err, "the hash of %s is not of 32 digits", path);
	for (int i = 0; i < 32; i++) {
		char c = digits[i];
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
		                 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
		                                        : 16;
		if (digit > 15)
			return fail(r->err, "the hash of %s is not of 32 digits", path);
		uint64_t *half = i < 16 ? &file.high : &file.low;
		*half = *half << 4 | digit;
	}
	vec_push(r->out, &r->history->files, file);
	return true;
}

static int by_unit(const void *a, const void *b)
{
	const struct history_sample *x = a, *y = b;
	int order = str_cmp(x->unit, y->unit);
	return order ? order : (x->run > y->run) - (x->run < y->run);
}

static bool take_unit(struct reading *r, struct str unit, const json_t *samples)
{
	unit = str_copy(r->out, unit);
	for (size_t i = 0; i < json_array_size(samples); i++)
		if (!take_sample(r, unit, json_array_get(samples, i)))
			return false;
	return true;
}

static bool take_all(struct reading *r, json_t *root)
{
	const json_t *runs = json_object_get(root, "runs");
	json_t *units = json_object_get(root, "units"), *files = json_object_get(root, "files");
	for (size_t i = 0; i < json_array_size(runs); i++)
		if (!take_run(r, json_array_get(runs, i)))
			return false;
	for (void *it = json_object_iter(units); it; it = json_object_iter_next(units, it))
		if (!take_unit(r, str_of(json_object_iter_key(it)), json_object_iter_value(it)))
			return false;
	for (void *it = json_object_iter(files); it; it = json_object_iter_next(files, it))
		if (!take_file(r, json_object_iter_key(it), json_object_iter_value(it)))
			return false;
	if (r->history->samples.n)
		qsort(r->history->samples.at, r->history->samples.n, sizeof *r->history->samples.at, by_unit);
	return true;
}

static bool is_export(const json_t *root, struct err *err)
{
	const json_t *version = json_object_get(root, "lanewright_history");
	if (!json_is_integer(version))
		return fail(err, "this is no exported history: it has no \"lanewright_history\"");
	return json_integer_value(version) == HISTORY_JSON_VERSION ||
	       fail(err, "the history was exported by another version (%lld; this one knows %d)",
	            (long long)json_integer_value(version), HISTORY_JSON_VERSION);
}

bool history_from_json(struct arena *out, struct str text, struct history *history, struct err *err)
{
	*history = (struct history){0};
	json_error_t error;
	json_t *root = json_loadb(text.at, text.n, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		return fail(err, "line %d: %s", error.line, error.text);
	struct reading reading = {out, history, err};
	bool ok = is_export(root, err) && take_all(&reading, root);
	json_decref(root);
	return ok;
}
