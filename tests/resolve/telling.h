/* Stories: a small tree, and what each of its tests is told to need. */
#ifndef TESTS_TELLING_H
#define TESTS_TELLING_H

#include "resolving.h"

static const char services[] =
        "[services.postgres]\n[services.redis]\n[services.elasticsearch]\n[services.opensearch]\n";

static inline void tells_given(const char *const *given, const struct source *files, const char *story)
{
	struct resolved *r = resolving_given(services, files, given);
	struct str got = resolving_story(r);
	if (!str_eq(got, str_of(story)))
		fail_msg("%.*s\nis expected to be\n%s", STR_ARG(got), story);
	resolving_end(r);
}

static inline void tells_of(const struct source *files, const char *story)
{
	static const char *const nothing[] = {NULL};
	tells_given(nothing, files, story);
}

static inline void tells(const char *text, const char *story)
{
	tells_of((struct source[]){{"tests/test_x.py", text}, {NULL, NULL}}, story);
}

static inline void tells_with(const char *path, const char *helper, const char *text, const char *story)
{
	tells_of((struct source[]){{path, helper}, {"tests/test_x.py", text}, {NULL, NULL}}, story);
}

#endif
