/* Files that have another path than when they were recorded: known again by their content, else by the names of
 * their tests.  Only a clear match counts; what is doubtful starts a history of its own. */
#ifndef ESTIMATE_MOVES_H
#define ESTIMATE_MOVES_H

#include "model/history.h"

struct moves_now {
	const struct history_file *files; /* the files with tests as they are now, sorted by path */
	size_t n_files;
	const struct str *tests; /* their ids, sorted */
	size_t n_tests;
};

typedef VEC(struct history_move) history_moves; /* sorted by `from` */

/* Paths lie in `history` and `now`. */
history_moves moves_find(struct arena *out, const struct history *history, const struct moves_now *now);

#endif
