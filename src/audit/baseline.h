/* Findings that a team has accepted for now: known by fingerprints that outlive shifted lines. */
#ifndef AUDIT_BASELINE_H
#define AUDIT_BASELINE_H

#include "base/err.h"
#include "base/map.h"
#include "model/finding.h"

/* One of `n` findings whose code, path and source line are the same: 32 hexadecimal digits.  What stands on the line
 * counts, not its number. */
struct str baseline_fingerprint(struct arena *out, struct str code, struct str path, struct str source, uint32_t n);

/* Reads what baseline_write made: the fingerprints in it, as keys of `known`.  `name` begins messages. */
bool baseline_read(struct arena *out, struct str text, const char *name, struct map *known, struct err *err);
uint64_t baseline_key(struct str fingerprint);

struct baseline_entry {
	struct str fingerprint, code, path, message;
};

struct str baseline_write(struct arena *out, const struct baseline_entry *entries, size_t n);

#endif
