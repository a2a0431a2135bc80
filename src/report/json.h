/* JSON of reports, by jansson: without duplicate keys, without deep nesting, with the place of an error. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <jansson.h>

#include "report/formats.h"
#include "report/seconds.h"

enum { JSON_DEPTH_MOST = 256 };

/* Reads the whole input as one value; json_decref gives it back. */
bool json_read(struct report_reading *reading, json_t **value, struct err *err);
/* One line of a file with a value on each. */
bool json_read_line(struct report_reading *reading, struct str text, uint32_t line, json_t **value, struct err *err);

/* Members, with something harmless when absent or of another type. */
struct str json_str(const json_t *object, const char *key);                       /* "" */
enum seconds_answer json_seconds(const json_t *value, double scale, int64_t *us); /* SECONDS_NONE when NULL or null */

/* Whether the object that begins `head` has that key; what the window cuts off is not seen. */
bool json_head_has(struct str head, struct str key);
bool json_head_is(struct str head, char open); /* first byte that is no blank or byte order mark */

#endif
