/* A history as text, for people, other programs and other machines: everything as JSON, or the newest seconds as
 * pytest-split's `.test_durations`. */
#ifndef REPORT_HISTORY_JSON_H
#define REPORT_HISTORY_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "model/history.h"

enum { HISTORY_JSON_VERSION = 1 };

/* {"lanewright_history": 1, "runs": [...], "units": {id: [[run, outcome, us, setup, call, teardown]...]},
 * "files": {path: hash}}, one run, unit or file on a line, sorted.  Ids that are no UTF-8 are left out and counted
 * in *left_out: JSON cannot say them. */
void history_to_json(struct buf *to, const struct history *history, size_t *left_out);
bool history_from_json(struct arena *out, struct str text, struct history *history, struct err *err);

/* A test as pytest names it: with its parameters. */
struct durations_line {
	struct str node;
	int64_t us;
};

void durations_to_json(struct buf *to, const struct durations_line *lines, size_t n);

#endif
