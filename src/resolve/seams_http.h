/* Libraries that answer HTTP requests in place of servers: responses, requests_mock, respx, aioresponses, httpretty,
 * vcr.  Where one is switched on, what the HTTP libraries it knows are asked reaches nobody. */
#ifndef RESOLVE_SEAMS_HTTP_H
#define RESOLVE_SEAMS_HTTP_H

#include <stdint.h>

#include "base/str.h"

/* The HTTP libraries that the call, with statement, decorator, fixture or mark of that name answers for, as bits; 0 if
 * it is no such thing. */
uint8_t http_doubled_by_name(struct str dotted);
/* Whether that name does so without being called. */
bool http_doubles_bare(struct str dotted);
uint8_t http_doubled_by_fixture(struct str fixture);
uint8_t http_doubled_by_mark(struct str mark);
/* The bit of the HTTP library that a dotted name is of. */
uint8_t http_library(struct str dotted);

#endif
