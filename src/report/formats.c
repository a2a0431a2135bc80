/* Choosing a reader and collecting what it gives. */
#include "report/formats.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

static const struct report_format formats[] = {
#define FORMAT_ROW(id, name, help) {name, help, id##_sniff, id##_read},
        REPORT_FORMATS(FORMAT_ROW)
#undef FORMAT_ROW
};

enum { FORMATS = sizeof formats / sizeof *formats };

const struct report_format *report_format(size_t i)
{
	return i < FORMATS ? &formats[i] : NULL;
}

void report_reject(struct report_reading *reading, uint32_t line, const char *format, ...)
{
	if (++reading->n_rejected > REJECTED_MOST)
		return;
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	struct str name = reading->in->name;
	struct str place = line == 0 ? str_fmt(reading->out, "%.*s%s", STR_ARG(name), name.n ? ": " : "")
	                             : str_fmt(reading->out, "%.*s%s%u: ", STR_ARG(name), name.n ? ":" : "line ", line);
	struct str sentence = str_fmt(reading->out, "%.*s%s", STR_ARG(place), text);
	vec_push(reading->out, &reading->report->rejected, sentence);
}

struct report_case report_blank_case(void)
{
	return (struct report_case){.node = STR_NONE,
	                            .classname = STR_NONE,
	                            .name = STR_NONE,
	                            .file = STR_NONE,
	                            .message = STR_NONE,
	                            .outcome = OUTCOME_PASSED,
	                            .microseconds = MS_UNKNOWN,
	                            .setup_us = MS_UNKNOWN,
	                            .call_us = MS_UNKNOWN,
	                            .teardown_us = MS_UNKNOWN};
}

static bool is_compressed(struct str head)
{
	const struct str magics[] = {STR("\x1f\x8b"), STR("PK\x03\x04"), STR("BZh"),
	                             STR("\xfd"
	                                 "7zXZ"),
	                             STR("\x28\xb5\x2f\xfd")};
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (str_starts(head, magics[i]))
			return true;
	return false;
}

static bool names_known(struct arena *out, const char *as, struct err *err)
{
	strs names = {0};
	for (size_t i = 0; i < FORMATS; i++)
		vec_push(out, &names, str_of(formats[i].name));
	struct str all = str_join(out, names.at, names.n, STR(", "));
	return fail_usage(err, "there is no report format '%s'; known are %s", as, all.at);
}

static bool choose(struct arena *out, struct report_input *in, const char *as, const struct report_format **format,
                   struct err *err)
{
	for (size_t i = 0; as && i < FORMATS; i++)
		if (strcmp(formats[i].name, as) == 0) {
			*format = &formats[i];
			return true;
		}
	if (as)
		return names_known(out, as, err);
	struct str head;
	if (!input_peek(in, &head, err))
		return false;
	const char *name = in->name.n ? in->name.at : "the report";
	if (str_trim(head).n == 0)
		return fail(err, "%s is empty: the run wrote no report", name);
	if (is_compressed(head))
		return fail(err, "%s is compressed: unpack it first", name);
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i].sniff(head)) {
			*format = &formats[i];
			return true;
		}
	return fail(err, "%s is in no known report format; --as FORMAT forces one", name);
}

/* The rest of the input is read too: its hash is that of the whole report. */
static bool drain(struct report_input *in, struct err *err)
{
	char piece[4096];
	size_t n;
	do
		if (!input_take(in, piece, sizeof piece, &n, err))
			return false;
	while (n);
	return true;
}

bool report_stream(struct arena *out, struct report_input *in, const char *as, struct report_sink sink,
                   struct report *report, struct err *err)
{
	*report = (struct report){.format = STR_NONE, .timestamp = STR_NONE};
	const struct report_format *format = NULL;
	if (!choose(out, in, as, &format, err))
		return false;
	report->format = str_of(format->name);
	struct report_reading reading = {.out = out, .in = in, .sink = sink, .report = report};
	if (!format->read(&reading, err) || !drain(in, err))
		return false;
	if (reading.n_rejected > REJECTED_MOST) {
		struct str more = str_fmt(out, "and %zu more like these", reading.n_rejected - REJECTED_MOST);
		vec_push(out, &report->rejected, more);
	}
	return true;
}

struct collect {
	struct arena *out;
	struct report *report;
};

static void collect_case(void *me, const struct report_case *one)
{
	struct collect *collect = me;
	struct report_case kept = *one;
	kept.node = str_copy(collect->out, one->node);
	kept.classname = str_copy(collect->out, one->classname);
	kept.name = str_copy(collect->out, one->name);
	kept.file = str_copy(collect->out, one->file);
	kept.message = str_copy(collect->out, one->message);
	vec_push(collect->out, &collect->report->cases, kept);
}

bool report_read(struct arena *out, struct str text, const char *as, struct report *report, struct err *err)
{
	struct report_input in;
	input_memory(out, &in, text);
	/* The cases are collected aside: report_stream begins by emptying its report. */
	struct report cases = {0};
	struct collect collect = {out, &cases};
	if (!report_stream(out, &in, as, (struct report_sink){collect_case, &collect}, report, err))
		return false;
	report->cases.at = cases.cases.at;
	report->cases.n = cases.cases.n;
	report->cases.cap = cases.cases.cap;
	return true;
}
