/* Any bytes as a report of each format: refused with a sentence or read, never a crash; and what is read keeps
 * its promises. */
#include <stdlib.h>

#include "report/formats.h"

static void check(const struct report *report)
{
	for (size_t i = 0; i < report->cases.n; i++) {
		const struct report_case *one = &report->cases.at[i];
		if (one->microseconds < MS_UNKNOWN || one->microseconds > 3 * (int64_t)86400 * 1000000 ||
		    one->message.n > 512 || (one->outcome == OUTCOME_SKIPPED && one->microseconds != MS_UNKNOWN))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	const struct report_format *format = NULL;
	for (size_t i = 0; i == 0 || (format = report_format(i - 1)); i++) {
		struct arena out;
		struct report report;
		struct err err = {0};
		arena_init(&out, NULL);
		bool ok = report_read(&out, text, format ? format->name : NULL, &report, &err);
		if (ok == (err.code != ERR_NONE))
			abort();
		if (ok)
			check(&report);
		arena_free(&out);
	}
	return 0;
}
