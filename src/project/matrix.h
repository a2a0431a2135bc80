/* The matrix of a job, as far as its first combination: what the job looks like when it is one job. */
#ifndef PROJECT_MATRIX_H
#define PROJECT_MATRIX_H

#include "project/parts.h"

/* Fills job->matrix and n_combinations from `strategy:` of the job at `map`. */
void matrix_read(const struct part_source *s, size_t map, struct job *job);

/* The text with matrix.NAME replaced by its value: `${{ matrix.x }}` by the value itself, inside a longer expression by
 * 'value'.  What the matrix lacks is empty, as it is for GitHub.  `is_expression`: the text is one without ${{ }}, as in
 * `if:`.  *changed is set when anything was replaced. */
struct str matrix_fill(struct arena *out, const struct job *job, struct str text, bool is_expression, bool *changed);

#endif
