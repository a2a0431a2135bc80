/* The form of packed verdicts, for those who write and read them.
 *
 *	magic, key, sum (of the key and all that follows)
 *	of each file: a hash of its content, then of each one of its imports; both as they lie in memory
 *	answers: parts that were looked into for skips: files, files read, skips, imports; where modules start; faults
 *	clusters: files, files read, the length of the body, the body
 *
 *	a body: texts: their number, then the length and bytes of each
 *	tests, fixtures, unknowns, which files are exact, which hide tests; needs and gates of each test, words of each file,
 *	what hiding files could need, what is left open, what was seen
 *
 * Numbers are varints, texts and names numbers of texts; what may be nowhere is one more than it is.  Lists begin with
 * their length. */
#ifndef STORE_VERDICTS_FORM_H
#define STORE_VERDICTS_FORM_H

#include "store/verdicts.h"

#define VERDICTS_MAGIC "LWV4"

enum { VERDICTS_KEY = 4, VERDICTS_SUM = 20, VERDICTS_HEAD = 36 };

enum { TEST_EXACT = 1, TEST_PARAMS_EXACT = 2, TEST_UNITTEST = 4, TEST_DEAD = 8 };
enum { FIXTURE_AUTOUSE = 1, FIXTURE_EXTERNAL = 2, FIXTURE_PARAMETRIZED = 4 };
enum { NEED_MARKED = 1, NEED_DEAD = 2, NEED_OVERRIDE = 4, NEED_SHOWN_AS_IT_IS = 8 };

/* Who adds a field to one of these must pack and unpack it too: it would be lost without a word. */
#define VERDICTS_SIZE(type, bytes)                                                                                     \
	_Static_assert(sizeof(void *) != 8 || sizeof(type) == (bytes), "pack and unpack the new field of " #type)
VERDICTS_SIZE(struct test, 176);
VERDICTS_SIZE(struct mark, 24);
VERDICTS_SIZE(struct fixture, 24);
VERDICTS_SIZE(struct unknown, 16);
VERDICTS_SIZE(struct suite, 112);
VERDICTS_SIZE(struct hiding, 48);
VERDICTS_SIZE(struct step, 24);
VERDICTS_SIZE(struct evidence, 64);
VERDICTS_SIZE(struct need, 184);
VERDICTS_SIZE(struct gate, 56);
VERDICTS_SIZE(struct cluster, 248);
VERDICTS_SIZE(struct open_need, 192);
VERDICTS_SIZE(struct module_skip, 32);
VERDICTS_SIZE(struct tree_answers, 64);
VERDICTS_SIZE(struct skip_part, 88);
VERDICTS_SIZE(struct fault, 12);

struct hash128 verdicts_sum(struct hash128 key, struct str rest);

#endif
