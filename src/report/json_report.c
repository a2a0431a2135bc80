/* pytest-json-report: one object with the tests and their phases. */
#include "report/json.h"
#include "report/phases.h"

static bool take_phase(struct report_reading *reading, struct report_case *one, const json_t *test, const char *name)
{
	const json_t *report = json_object_get(test, name);
	if (!json_is_object(report))
		return true;
	struct phase_report phase = {.phase = phase_of(str_of(name)),
	                             .outcome = json_str(report, "outcome"),
	                             .is_xfail = str_eq(json_str(test, "outcome"), STR("xfailed")),
	                             .us = MS_UNKNOWN,
	                             .message = json_str(report, "longrepr")};
	struct str crash = json_str(json_object_get(report, "crash"), "message");
	if (crash.n)
		phase.message = crash;
	enum seconds_answer answer = json_seconds(json_object_get(report, "duration"), 1, &phase.us);
	phases_add(one, &phase);
	if (answer == SECONDS_OK || answer == SECONDS_NONE)
		return true;
	report_reject(reading, 0, "a duration of %.*s is refused: it %s", (int)(one->node.n < 200 ? one->node.n : 200),
	              one->node.at, seconds_complaint(answer));
	return false;
}

static void take_test(struct report_reading *reading, const json_t *test)
{
	struct report_case one = report_blank_case();
	one.node = json_str(test, "nodeid");
	if (one.node.n == 0) {
		report_reject(reading, 0, "a test without a node id is refused");
		return;
	}
	if (take_phase(reading, &one, test, "setup") && take_phase(reading, &one, test, "call") &&
	    take_phase(reading, &one, test, "teardown")) {
		phases_end(&one);
		reading->sink.take(reading->sink.me, &one);
	}
}

static void take_collector(struct report_reading *reading, const json_t *collector)
{
	struct str outcome = json_str(collector, "outcome");
	if (!json_is_object(collector) || str_eq(outcome, STR("passed")))
		return;
	struct report_case one = report_blank_case();
	one.node = json_str(collector, "nodeid");
	one.outcome = str_eq(outcome, STR("skipped")) ? OUTCOME_SKIPPED : OUTCOME_ERROR;
	one.message = str_slice(json_str(collector, "longrepr"), 0, MESSAGE_MOST);
	reading->sink.take(reading->sink.me, &one);
}

bool json_report_read(struct report_reading *reading, struct err *err)
{
	json_t *root;
	if (!json_read(reading, &root, err))
		return false;
	const json_t *created = json_object_get(root, "created"), *tests = json_object_get(root, "tests");
	if (json_is_number(created) && json_number_value(created) > 0 && json_number_value(created) < 1e11)
		reading->report->timestamp = seconds_to_iso(reading->out, (int64_t)json_number_value(created));
	else if (json_is_string(created))
		reading->report->timestamp = str_copy(reading->out, str_slice(json_str(root, "created"), 0, 64));
	struct str name = reading->in->name;
	bool ok = json_is_array(tests) || fail(err, "%.*s%sthe report has no list of tests: it was made without them",
	                                       STR_ARG(name), name.n ? ": " : "");
	const json_t *collectors = json_object_get(root, "collectors");
	for (size_t i = 0; i < json_array_size(collectors); i++)
		take_collector(reading, json_array_get(collectors, i));
	for (size_t i = 0; i < json_array_size(tests); i++)
		take_test(reading, json_array_get(tests, i));
	json_decref(root);
	return ok;
}

bool json_report_sniff(struct str head)
{
	return json_head_is(head, '{') && json_head_has(head, STR("created")) &&
	       (json_head_has(head, STR("exitcode")) || json_head_has(head, STR("pytest")));
}
