/* The head of a module: where an import, and a pytestmark, can be put. */
#ifndef FIX_HEAD_H
#define FIX_HEAD_H

#include "fix/text.h"
#include "model/facts.h"

struct head {
	size_t import_at;  /* the beginning of the line before which `import pytest` goes */
	bool follows_text; /* what stands above it is no import: a blank line comes between */
	size_t mark_at;    /* where `pytestmark = ...` goes: below the imports at the top */
};

struct head head_of(const struct facts *facts, struct str text);

/* `line` as a paragraph of its own before the line at `at`, with blank lines around it where there are none. */
struct str head_paragraph(struct arena *out, struct str text, size_t at, struct str line, bool above, bool below);

#endif
