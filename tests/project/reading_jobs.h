/* What a text of a CI file tells: its jobs. */
#ifndef TESTS_READING_JOBS_H
#define TESTS_READING_JOBS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "model/job.h"

#include <cmocka.h>

static struct arena arena;

typedef bool reader(struct arena *, struct str, struct str, job_list *, struct err *);

static inline job_list read_with(reader *read, const char *text)
{
	job_list jobs = {0};
	struct err err = {0};
	if (!read(&arena, str_of(text), STR("ci.yml"), &jobs, &err))
		fail_msg("%s", err.text);
	return jobs;
}

static inline void is(struct str found, const char *expected)
{
	if (!str_eq(found, str_of(expected)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(found), expected);
}

#endif
