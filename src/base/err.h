/* The one way a failure travels: a code that is also the exit code, and a sentence for a person.
 *
 *	if (!store_open(&store, path, err))
 *		return false;
 *
 * Whoever notices first says why; everyone above just returns false. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

enum err_code {
	ERR_NONE,
	ERR_FINDING, /* something is wrong in the user's project */
	ERR_USAGE,   /* wrong arguments or config */
	ERR_TROUBLE, /* I/O, a damaged file, out of memory */
};

struct err {
	enum err_code code;
	char text[2048];
};

/* Each returns false, so that `return fail(err, ...)` is a whole sentence.  The first failure wins. */
bool fail(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));         /* ERR_TROUBLE */
bool fail_usage(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));   /* ERR_USAGE */
bool fail_finding(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3))); /* ERR_FINDING */

#endif
