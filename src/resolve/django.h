/* Django's database: which service the project's settings name, and which tests open it. */
#ifndef RESOLVE_DJANGO_H
#define RESOLVE_DJANGO_H

#include "resolve/eval.h"

/* The services behind `DATABASES`, or `CACHES`, in the settings modules of the tree; 0 when there is none.  *file,
 * *line: where. */
service_set django_services(struct names *names, bool is_caches, uint32_t *file, uint32_t *line);
/* Whether pytest-django or Django's own test classes give the test the database; *what: the mark, fixture or class. */
bool django_opens(struct names *names, const struct suite *suite, const struct test *test, struct str *what);

#endif
