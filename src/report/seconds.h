/* Numbers of seconds as reports write them, read exactly and without the locale; and the times of runs. */
#ifndef REPORT_SECONDS_H
#define REPORT_SECONDS_H

#include "base/str.h"

enum seconds_answer { SECONDS_OK, SECONDS_NONE, SECONDS_NO_NUMBER, SECONDS_NAN, SECONDS_NEGATIVE, SECONDS_TOO_LONG };

enum { SECONDS_MOST = 86400 };

/* Decimal text, with exponent or with commas between groups of three ("1,234.5"), to whole microseconds,
 * halves rounded up.  Blank text is SECONDS_NONE. */
enum seconds_answer seconds_parse(struct str text, int64_t *us);
enum seconds_answer seconds_from_double(double seconds, int64_t *us);
/* The sentence about an answer that is not OK: "is negative". */
const char *seconds_complaint(enum seconds_answer answer);

/* ISO 8601 as JUnit writers have it, "2024-05-01T10:20:30[.123][Z|+02:00]", to seconds since 1970; a time
 * without zone is taken as UTC. */
bool seconds_of_iso(struct str iso, int64_t *seconds);
struct str seconds_to_iso(struct arena *out, int64_t seconds);

#endif
