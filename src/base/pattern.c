/* PCRE2 with match, depth and heap limits; JIT is left to the day a measurement asks for it. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/pattern.h"

#include <pcre2.h>
#include <stdlib.h>

enum { MATCH_LIMIT = 1000000, DEPTH_LIMIT = 10000, HEAP_LIMIT_KIB = 16384 };

struct pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *match;
};

bool pattern_compile(struct pattern **pattern, struct str source, const char *place, struct err *err)
{
	int error = 0;
	PCRE2_SIZE offset = 0;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)source.at, source.n, PCRE2_MULTILINE, &error, &offset, NULL);
	if (!code) {
		PCRE2_UCHAR why[256];
		pcre2_get_error_message(error, why, sizeof why);
		return fail_usage(err, "%s: the pattern '%.*s' is wrong at character %zu: %s", place, STR_ARG(source),
		                  (size_t)offset + 1, (const char *)why);
	}
	struct pattern *made = calloc(1, sizeof *made);
	if (made) {
		made->code = code;
		made->limits = pcre2_match_context_create(NULL);
		made->match = pcre2_match_data_create(1, NULL);
	}
	if (!made || !made->limits || !made->match) {
		if (made)
			pattern_free(made);
		else
			pcre2_code_free(code);
		return fail(err, "out of memory");
	}
	pcre2_set_match_limit(made->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(made->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(made->limits, HEAP_LIMIT_KIB);
	*pattern = made;
	return true;
}

enum pattern_answer pattern_find(const struct pattern *pattern, struct str text, size_t *start, size_t *end)
{
	int n = pcre2_match(pattern->code, (PCRE2_SPTR)text.at, text.n, 0, 0, pattern->match, pattern->limits);
	if (n == PCRE2_ERROR_NOMATCH)
		return PATTERN_NO;
	if (n < 0)
		return PATTERN_LIMIT;
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(pattern->match);
	*start = at[0];
	*end = at[1];
	return PATTERN_YES;
}

void pattern_free(struct pattern *pattern)
{
	pcre2_match_data_free(pattern->match);
	pcre2_match_context_free(pattern->limits);
	pcre2_code_free(pattern->code);
	free(pattern);
}
