/* A proof for people: on a terminal, as Markdown for a step summary, as annotations of GitHub. */
#ifndef PROOF_SHOW_H
#define PROOF_SHOW_H

#include "proof/prove.h"

enum { SUMMARY_MOST = 1000 * 1000 /* bytes; GitHub drops a step summary beyond 1 MiB whole */, ANNOTATIONS_MOST = 10 };

/* A table of the shards that were asked for, then the findings under their headings, then the verdict. */
struct str prove_text(struct arena *out, const struct plan *plan, const struct proof *proof);

/* The same as Markdown, cut before SUMMARY_MOST with a line that says how much is left out. */
struct str prove_markdown(struct arena *out, const struct plan *plan, const struct proof *proof);

/* `::error file=...,line=...,title=...::...`, one a line; the tenth says how many more there are, for GitHub keeps
 * ten of a kind. */
struct str prove_annotations(struct arena *out, const struct proof *proof);

#endif
