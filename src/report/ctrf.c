/* CTRF, the Common Test Report Format: milliseconds, and names as each tool pleases.  pytest's own writer puts
 * the node id into the name; of others the file's path and the suite are tried. */
#include "base/buf.h"
#include "report/json.h"
#include "report/phases.h"

static enum outcome outcome_of(const json_t *test, struct str message)
{
	struct str status = json_str(test, "status");
	if (str_eq(status, STR("failed")))
		return str_eq(json_str(test, "rawStatus"), STR("call_failed")) || !json_str(test, "rawStatus").n
		               ? OUTCOME_FAILED
		               : OUTCOME_ERROR;
	bool is_xfail = str_eq(json_str(test, "rawStatus"), STR("xfailed")) && !str_has(message, STR("[NOTRUN]"));
	return str_eq(status, STR("passed")) || is_xfail ? OUTCOME_PASSED : OUTCOME_SKIPPED;
}

/* file::Class::name, when the name alone is no node id. */
static struct str node_of(struct buf *room, const json_t *test)
{
	struct str name = json_str(test, "name"), file = json_str(test, "filePath");
	if (str_has(name, STR("::")) || file.n == 0)
		return name;
	room->n = 0;
	buf_add(room, file);
	const json_t *suite = json_object_get(test, "suite");
	for (size_t i = 0; i < json_array_size(suite); i++) {
		const json_t *part = json_array_get(suite, i);
		struct str text = {json_string_value(part), json_string_length(part)};
		if (!json_is_string(part) || str_eq(text, file))
			continue;
		buf_lit(room, "::");
		buf_add(room, text);
	}
	buf_lit(room, "::");
	buf_add(room, name);
	return buf_str(room);
}

static void take_test(struct report_reading *reading, struct buf *room, const json_t *test)
{
	struct report_case one = report_blank_case();
	one.node = node_of(room, test);
	one.file = json_str(test, "filePath");
	one.message = str_slice(json_str(test, "message"), 0, MESSAGE_MOST);
	one.outcome = outcome_of(test, one.message);
	if (json_str(test, "name").n == 0) {
		report_reject(reading, 0, "a test without a name is refused");
		return;
	}
	enum seconds_answer answer = json_seconds(json_object_get(test, "duration"), 0.001, &one.microseconds);
	if (answer != SECONDS_OK && answer != SECONDS_NONE) {
		report_reject(reading, 0, "the duration of %.*s is refused: it %s",
		              (int)(one.node.n < 200 ? one.node.n : 200), one.node.at, seconds_complaint(answer));
		return;
	}
	if (one.outcome == OUTCOME_SKIPPED)
		one.microseconds = MS_UNKNOWN;
	reading->sink.take(reading->sink.me, &one);
}

static void take_time(struct report_reading *reading, const json_t *results)
{
	const json_t *start = json_object_get(json_object_get(results, "summary"), "start");
	double ms = json_is_number(start) ? json_number_value(start) : 0;
	/* Some tools write seconds where the format says milliseconds; 1e11 s is the year 5138. */
	if (ms > 0 && ms < 1e14)
		reading->report->timestamp = seconds_to_iso(reading->out, (int64_t)(ms < 1e11 ? ms : ms / 1000));
}

bool ctrf_read(struct report_reading *reading, struct err *err)
{
	json_t *root;
	if (!json_read(reading, &root, err))
		return false;
	const json_t *results = json_object_get(root, "results"), *tests = json_object_get(results, "tests");
	struct str name = reading->in->name;
	bool ok = json_is_array(tests) ||
	          fail(err, "%.*s%sthe report has no list results.tests", STR_ARG(name), name.n ? ": " : "");
	struct buf room;
	buf_init(&room, reading->out);
	take_time(reading, results);
	for (size_t i = 0; i < json_array_size(tests); i++)
		take_test(reading, &room, json_array_get(tests, i));
	json_decref(root);
	return ok;
}

bool ctrf_sniff(struct str head)
{
	return json_head_is(head, '{') && json_head_has(head, STR("results"));
}
