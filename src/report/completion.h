/* The record a shard leaves behind a pytest that succeeded, as emit/parts.h has it written: which list ran, by which
 * plan, and which report came of it. */
#ifndef REPORT_COMPLETION_H
#define REPORT_COMPLETION_H

#include "report/input.h"

enum { COMPLETION_VERSION = 1 };

struct completion {
	struct str lane, shard, list_sha256, plan_sha256, report_sha256;
	struct str commit; /* "" where the run did not know it */
};

bool completion_read(struct arena *out, struct report_input *in, struct completion *completion, struct err *err);

#endif
