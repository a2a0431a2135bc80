/* The text of a file with its markers changed. */
#ifndef FIX_REWRITE_H
#define FIX_REWRITE_H

#include "fix/marking.h"

/* `changes`: those of one file, `n` of them; `text`: what its facts were read from.  False with the reason when the
 * text is not as plain as its facts look.  Lives in `out`. */
bool fix_rewrite(struct arena *out, struct arena *tmp, const struct audit_case *it, const struct scope_change *changes,
                 size_t n, struct str text, struct str *rewritten, struct str *why);

#endif
