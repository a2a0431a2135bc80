/* pytest-reportlog: a JSON object on each line, one for each phase of each test.
 *
 * Under xdist the phases of several tests alternate, so tests that are not complete wait in slots, as many as
 * there are workers.  A rerun replaces what its test did before. */
#include "base/buf.h"
#include "report/json.h"
#include "report/phases.h"

enum { SLOTS = 1024, LINE_MOST = 1 << 24, PIECE = 1 << 15 };

struct slot {
	struct buf node, message;
	struct report_case one;
	bool is_open;
};

struct log {
	struct report_reading *reading;
	struct err *err;
	struct slot *slots;
	size_t n_slots; /* used so far */
	struct buf line;
	uint32_t number; /* of that line */
	bool is_finished;
};

static struct slot *find_slot(struct log *log, struct str node)
{
	struct slot *open = NULL;
	for (size_t i = 0; i < log->n_slots; i++) {
		struct slot *slot = &log->slots[i];
		if (slot->is_open && str_eq(buf_str(&slot->node), node))
			return slot;
		if (!slot->is_open)
			open = slot;
	}
	if (!open && log->n_slots < SLOTS)
		open = &log->slots[log->n_slots++];
	if (!open)
		return NULL;
	open->is_open = true;
	open->node.n = open->message.n = 0;
	buf_add(&open->node, node);
	open->one = report_blank_case();
	return open;
}

static void give(struct log *log, struct slot *slot)
{
	struct report_case *one = &slot->one;
	phases_end(one);
	one->node = buf_str(&slot->node);
	one->message = buf_str(&slot->message);
	one->line = log->number;
	log->reading->sink.take(log->reading->sink.me, one);
	slot->is_open = false;
}

/* A skip's longrepr is [path, line, reason], a failure's an object with the crash in it, or a text. */
static struct str message_of(const json_t *report)
{
	struct str xfail = json_str(report, "wasxfail");
	if (xfail.n)
		return xfail;
	const json_t *why = json_object_get(report, "longrepr");
	if (json_is_object(why))
		return json_str(json_object_get(why, "reprcrash"), "message");
	if (json_is_array(why))
		why = json_array_get(why, 2);
	if (!json_is_string(why))
		return STR_NONE;
	struct str text = {json_string_value(why), json_string_length(why)};
	return str_starts(text, STR("Skipped: ")) ? str_slice(text, 9, text.n) : text;
}

static void take_phase(struct log *log, const json_t *report)
{
	struct str node = json_str(report, "nodeid");
	struct phase_report phase = {.phase = phase_of(json_str(report, "when")),
	                             .outcome = json_str(report, "outcome"),
	                             .is_xfail = json_object_get(report, "wasxfail") != NULL,
	                             .us = MS_UNKNOWN,
	                             .message = message_of(report)};
	enum seconds_answer answer = json_seconds(json_object_get(report, "duration"), 1, &phase.us);
	if (answer != SECONDS_OK && answer != SECONDS_NONE)
		report_reject(log->reading, log->number, "a duration of %.*s is refused: it %s",
		              (int)(node.n < 200 ? node.n : 200), node.at, seconds_complaint(answer));
	struct slot *slot = find_slot(log, node);
	if (!slot) {
		report_reject(log->reading, log->number, "more than %d tests are open at once", SLOTS);
		return;
	}
	if (str_eq(phase.outcome, STR("rerun"))) {
		slot->is_open = false;
		return;
	}
	enum outcome before = slot->one.outcome;
	phases_add(&slot->one, &phase);
	if (slot->one.outcome != before) {
		slot->message.n = 0;
		buf_add(&slot->message, slot->one.message);
	}
	if (phase.phase == PHASE_TEARDOWN)
		give(log, slot);
}

/* A file that could not be collected, or skipped itself. */
static void take_collection(struct log *log, const json_t *report)
{
	struct str outcome = json_str(report, "outcome");
	if (str_eq(outcome, STR("passed")))
		return;
	struct report_case one = report_blank_case();
	one.outcome = str_eq(outcome, STR("skipped")) ? OUTCOME_SKIPPED : OUTCOME_ERROR;
	one.node = json_str(report, "nodeid");
	one.message = str_slice(message_of(report), 0, MESSAGE_MOST);
	one.line = log->number;
	log->reading->sink.take(log->reading->sink.me, &one);
}

static void take_start(struct log *log, const json_t *report)
{
	const json_t *start = json_object_get(report, "start");
	if (log->reading->report->timestamp.n || !json_is_number(start))
		return;
	double seconds = json_number_value(start);
	if (seconds > 0 && seconds < 1e11)
		log->reading->report->timestamp = seconds_to_iso(log->reading->out, (int64_t)seconds);
}

static bool take_line(struct log *log)
{
	json_t *report;
	log->number++;
	struct str text = str_trim(buf_str(&log->line));
	if (text.n == 0)
		return true;
	if (!json_read_line(log->reading, text, log->number, &report, log->err))
		return false;
	struct str type = json_str(report, "$report_type");
	if (str_eq(type, STR("TestReport"))) {
		take_start(log, report);
		take_phase(log, report);
	} else if (str_eq(type, STR("CollectReport"))) {
		take_collection(log, report);
	} else if (str_eq(type, STR("SessionFinish"))) {
		log->is_finished = true;
	}
	json_decref(report);
	return true;
}

/* Adds a piece to the line, and takes each line that is complete. */
static bool take_piece(struct log *log, struct str piece)
{
	for (;;) {
		size_t newline = str_find(piece, STR("\n"), 0);
		buf_add(&log->line, str_slice(piece, 0, newline));
		if (log->line.n > LINE_MOST)
			return fail(log->err, "%.*s: line %u is longer than 16 MiB", STR_ARG(log->reading->in->name),
			            log->number + 1);
		if (newline == SIZE_MAX)
			return true;
		if (!take_line(log))
			return false;
		log->line.n = 0;
		piece = str_slice(piece, newline + 1, piece.n);
	}
}

static void close_slots(struct log *log)
{
	for (size_t i = 0; i < log->n_slots; i++)
		if (log->slots[i].is_open)
			report_reject(log->reading, 0, "%.*s did not end, so its time is not known",
			              (int)(log->slots[i].node.n < 200 ? log->slots[i].node.n : 200),
			              log->slots[i].node.at);
	if (!log->is_finished)
		report_reject(log->reading, 0, "the log ends without the end of the session: the run was cut short");
}

bool reportlog_read(struct report_reading *reading, struct err *err)
{
	struct log log = {.reading = reading, .err = err, .slots = arena_array(reading->out, struct slot, SLOTS)};
	buf_init(&log.line, reading->out);
	for (size_t i = 0; i < SLOTS; i++) {
		buf_init(&log.slots[i].node, reading->out);
		buf_init(&log.slots[i].message, reading->out);
	}
	char piece[PIECE];
	size_t n;
	do {
		if (!input_take(reading->in, piece, sizeof piece, &n, err) || !take_piece(&log, (struct str){piece, n}))
			return false;
	} while (n);
	if (log.line.n && !take_line(&log))
		return false;
	close_slots(&log);
	return true;
}

bool reportlog_sniff(struct str head)
{
	return json_head_is(head, '{') && json_head_has(head, STR("$report_type"));
}
