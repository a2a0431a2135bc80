/* Our block in a file that is the user's: `# >>> lanewright:begin lanes sha256=...` to `# <<< lanewright:end lanes`.
 *
 * Every byte outside the block stays as it is: indent, CRLF, a missing last line end.  A marker counts only where it
 * is a comment: in a workflow the same line may stand in a script, and libyaml's positions tell which it is.  The
 * checksum tells a block that is old from one that a person has edited, which is not overwritten unasked. */
#ifndef EMIT_INTO_H
#define EMIT_INTO_H

#include "base/err.h"
#include "base/str.h"

enum into_kind {
	INTO_NOTHING, /* its text is a file of its own, always written whole */
	INTO_JOBS,    /* below `jobs:` of a workflow */
	INTO_LINES,   /* anywhere in a file whose comments begin with # */
};

struct into {
	enum into_kind kind;
	const char *path; /* begins messages */
	bool force;       /* overwrite what was edited by hand */
};

/* `file` with `block` (at column 0, LF) between its markers, or added at the end of its jobs or lines when it has
 * none.  ERR_FINDING when the file is not fit for it: it says why and what to do. */
bool into_splice(struct arena *out, const struct into *into, struct str file, struct str block, struct str *result,
                 struct err *err);

/* Does the byte `at` of the file lie in our block?  `kind` says what the file is. */
bool into_holds(struct arena *out, struct str file, enum into_kind kind, size_t at);

#endif
