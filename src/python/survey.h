/* What is read of every file, and how: only the lines on which `import` stands. */
#ifndef PYTHON_SURVEY_H
#define PYTHON_SURVEY_H

#include "model/survey.h"

/* Appends the survey of `text`, which is followed by FILE_PADDING zero bytes, to `bytes`.  Its imports are those of
 * outline_read, and in a text with faults perhaps a few more: where statements are not understood, lines are not
 * skipped here. */
void survey_read(struct buf *bytes, struct arena *tmp, struct str text);

#endif
