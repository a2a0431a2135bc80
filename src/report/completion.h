/* The record a shard leaves behind a pytest that succeeded, as emit/parts.h has it written: which list ran. */
#ifndef REPORT_COMPLETION_H
#define REPORT_COMPLETION_H

#include "report/input.h"

enum { COMPLETION_VERSION = 1 };

struct completion {
	struct str lane, shard, list_sha256;
};

bool completion_read(struct arena *out, struct report_input *in, struct completion *completion, struct err *err);

#endif
