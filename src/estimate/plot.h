/* The past of one unit drawn for a terminal: a line for each sample, oldest first, with a bar. */
#ifndef ESTIMATE_PLOT_H
#define ESTIMATE_PLOT_H

#include "base/buf.h"
#include "model/history.h"

/* False when the history has no such unit.  Bars are at most `width` columns; plain ASCII. */
bool plot_unit(struct buf *to, const struct history *history, struct str unit, size_t width);

#endif
