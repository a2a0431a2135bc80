/* JUnit XML, by expat, in one pass and bounded memory.
 *
 * pytest writes <testsuites><testsuite><testcase classname name time>; other makers leave the outer element
 * out, nest suites, put the file on the suite or write "1,234.5".  What a hostile file could grow is capped: no
 * DOCTYPE at all (so no entities), depth, the length of a tag. */
#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "report/formats.h"
#include "report/phases.h"
#include "report/seconds.h"

enum {
	DEPTH_MOST = 256,
	TAG_MOST = 1 << 20,  /* bytes expat may hold back while a tag is not complete */
	NAME_MOST = 1 << 16, /* bytes of a name we look at */
	PIECE = 1 << 16,
};

struct junit {
	struct report_reading *reading;
	XML_Parser parser;
	struct err *err;
	int depth;
	int case_depth; /* of the open <testcase>, 0 outside */
	int suite_depth;
	/* The file each open suite names, by depth of suites. */
	struct buf suite_file[DEPTH_MOST + 1];
	/* The open case. */
	struct buf classname, name, file, message;
	struct report_case one;
	bool is_refused, is_xfail;
};

static void stop(struct junit *junit, const char *why)
{
	struct str name = junit->reading->in->name;
	fail(junit->err, "%.*s%s%lu: %s", STR_ARG(name), name.n ? ":" : "line ",
	     (unsigned long)XML_GetCurrentLineNumber(junit->parser), why);
	XML_StopParser(junit->parser, XML_FALSE);
}

static void on_doctype(void *me, const XML_Char *name, const XML_Char *system, const XML_Char *public, int subset)
{
	(void)name, (void)system, (void)public, (void)subset;
	stop(me, "the report has a DOCTYPE, which no test runner writes; it is refused because entities can "
	         "read files or fill the memory");
}

/* The name without its namespace prefix. */
static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon ? colon + 1 : name;
}

static const char *attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(local(*attributes), name) == 0)
			return attributes[1];
	return NULL;
}

static void keep(struct buf *buf, const char *text)
{
	buf->n = 0;
	if (text)
		buf_add(buf, str_of(text));
}

static uint32_t line_of(const struct junit *junit)
{
	return (uint32_t)XML_GetCurrentLineNumber(junit->parser);
}

static void read_time(struct junit *junit, const char *time)
{
	enum seconds_answer answer = time ? seconds_parse(str_of(time), &junit->one.microseconds) : SECONDS_NONE;
	if (answer == SECONDS_OK || answer == SECONDS_NONE)
		return;
	report_reject(junit->reading, junit->one.line, "the time of %.200s is refused: \"%.40s\" %s",
	              junit->name.n ? buf_str(&junit->name).at : "a case", time, seconds_complaint(answer));
	junit->is_refused = true;
}

static void begin_case(struct junit *junit, const char **attributes)
{
	const char *file = attribute(attributes, "file");
	junit->case_depth = junit->depth;
	junit->is_refused = junit->is_xfail = false;
	junit->one = report_blank_case();
	junit->one.line = line_of(junit);
	keep(&junit->classname, attribute(attributes, "classname"));
	keep(&junit->name, attribute(attributes, "name"));
	keep(&junit->file, file ? file : "");
	if (!file && junit->suite_depth > 0)
		buf_add(&junit->file, buf_str(&junit->suite_file[junit->suite_depth]));
	junit->message.n = 0;
	if (junit->classname.n > NAME_MOST || junit->name.n > NAME_MOST || junit->file.n > NAME_MOST) {
		report_reject(junit->reading, junit->one.line, "a case is refused: its name is longer than %d bytes",
		              NAME_MOST);
		junit->is_refused = true;
		return;
	}
	buf_char(&junit->name, '\0'); /* read_time quotes it */
	junit->name.n--;
	read_time(junit, attribute(attributes, "time"));
}

static void worsen(struct junit *junit, enum outcome outcome, const char **attributes)
{
	/* Rank: a skip says less than an error of its teardown. */
	static const int rank[] = {
	        [OUTCOME_PASSED] = 0, [OUTCOME_SKIPPED] = 1, [OUTCOME_FAILED] = 2, [OUTCOME_ERROR] = 3};
	if (rank[outcome] <= rank[junit->one.outcome])
		return;
	junit->one.outcome = outcome;
	const char *message = attribute(attributes, "message");
	keep(&junit->message, message);
	if (junit->message.n > MESSAGE_MOST)
		junit->message.n = MESSAGE_MOST;
	/* pytest writes an expected failure as a skip, but it ran: only "[NOTRUN]" did not. */
	const char *type = attribute(attributes, "type");
	junit->is_xfail = outcome == OUTCOME_SKIPPED && type && strcmp(type, "pytest.xfail") == 0 &&
	                  !str_has(buf_str(&junit->message), STR("[NOTRUN]"));
}

static void begin_in_case(struct junit *junit, const char *name, const char **attributes)
{
	if (strcmp(name, "failure") == 0)
		worsen(junit, OUTCOME_FAILED, attributes);
	else if (strcmp(name, "error") == 0)
		worsen(junit, OUTCOME_ERROR, attributes);
	else if (strcmp(name, "skipped") == 0)
		worsen(junit, OUTCOME_SKIPPED, attributes);
}

static void begin_suite(struct junit *junit, const char **attributes)
{
	const char *timestamp = attribute(attributes, "timestamp"), *file = attribute(attributes, "file");
	struct report *report = junit->reading->report;
	if (timestamp && report->timestamp.n == 0)
		report->timestamp = str_copy(junit->reading->out, str_slice(str_of(timestamp), 0, 64));
	struct buf *inherited = &junit->suite_file[junit->suite_depth++];
	struct buf *own = &junit->suite_file[junit->suite_depth];
	own->n = 0;
	buf_add(own, file ? str_slice(str_of(file), 0, NAME_MOST) : buf_str(inherited));
}

static void on_begin(void *me, const XML_Char *element, const XML_Char **attributes)
{
	struct junit *junit = me;
	const char *name = local(element);
	if (++junit->depth > DEPTH_MOST) {
		stop(junit, "elements are nested deeper than 256");
		return;
	}
	bool is_suite = strcmp(name, "testsuite") == 0;
	if (junit->depth == 1 && !is_suite && strcmp(name, "testsuites") != 0) {
		stop(junit, "this is no JUnit report: its outermost element is neither <testsuites> nor <testsuite>");
		return;
	}
	if (junit->case_depth)
		begin_in_case(junit, name, attributes);
	else if (is_suite)
		begin_suite(junit, attributes);
	else if (strcmp(name, "testcase") == 0)
		begin_case(junit, attributes);
}

static void end_case(struct junit *junit)
{
	junit->case_depth = 0;
	if (junit->is_refused)
		return;
	struct report_case *one = &junit->one;
	if (junit->is_xfail)
		one->outcome = OUTCOME_PASSED;
	if (one->outcome == OUTCOME_SKIPPED || junit->classname.n == 0)
		one->microseconds = MS_UNKNOWN; /* skips and collection errors last no time of a test's */
	one->classname = buf_str(&junit->classname);
	one->name = buf_str(&junit->name);
	one->file = buf_str(&junit->file);
	one->message = buf_str(&junit->message);
	junit->reading->sink.take(junit->reading->sink.me, one);
}

static void on_end(void *me, const XML_Char *element)
{
	struct junit *junit = me;
	if (junit->case_depth == junit->depth)
		end_case(junit);
	else if (!junit->case_depth && strcmp(local(element), "testsuite") == 0)
		junit->suite_depth--;
	junit->depth--;
}

static bool say_error(struct junit *junit, struct err *err)
{
	enum XML_Error code = XML_GetErrorCode(junit->parser);
	struct str name = junit->reading->in->name;
	bool is_cut = code == XML_ERROR_UNCLOSED_TOKEN || code == XML_ERROR_NO_ELEMENTS ||
	              code == XML_ERROR_PARTIAL_CHAR || code == XML_ERROR_UNCLOSED_CDATA_SECTION;
	return fail(err, "%.*s%s%lu: %s%s", STR_ARG(name), name.n ? ":" : "line ",
	            (unsigned long)XML_GetCurrentLineNumber(junit->parser), XML_ErrorString(code),
	            is_cut ? ": the report is cut short" : "");
}

static bool parse_pieces(struct junit *junit, struct err *err)
{
	uint64_t given = 0;
	for (;;) {
		void *room = XML_GetBuffer(junit->parser, PIECE);
		size_t n;
		if (!room)
			return fail(err, "out of memory");
		if (!input_take(junit->reading->in, room, PIECE, &n, err))
			return false;
		given += n;
		if (XML_ParseBuffer(junit->parser, (int)n, n == 0) != XML_STATUS_OK)
			return say_error(junit, err);
		if (n == 0)
			return true;
		int64_t seen = XML_GetCurrentByteIndex(junit->parser);
		if (seen >= 0 && given - (uint64_t)seen > TAG_MOST) {
			stop(junit, "a tag is longer than 1 MiB");
			return false;
		}
	}
}

bool junit_read(struct report_reading *reading, struct err *err)
{
	struct junit *junit = arena_new(reading->out, struct junit);
	*junit = (struct junit){.reading = reading, .err = err, .parser = XML_ParserCreate(NULL)};
	if (!junit->parser)
		return fail(err, "out of memory");
	struct buf *bufs[] = {&junit->classname, &junit->name, &junit->file, &junit->message};
	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_init(bufs[i], reading->out);
	for (size_t i = 0; i <= DEPTH_MOST; i++)
		buf_init(&junit->suite_file[i], reading->out);
	XML_SetUserData(junit->parser, junit);
	XML_SetElementHandler(junit->parser, on_begin, on_end);
	XML_SetStartDoctypeDeclHandler(junit->parser, on_doctype);
	bool ok = parse_pieces(junit, err);
	XML_ParserFree(junit->parser);
	return ok;
}

bool junit_sniff(struct str head)
{
	if (str_starts(head, STR("\xff\xfe")) || str_starts(head, STR("\xfe\xff")))
		return true; /* UTF-16 */
	if (str_starts(head, STR("\xef\xbb\xbf")))
		head = str_slice(head, 3, head.n);
	return str_starts(str_trim(head), STR("<"));
}
