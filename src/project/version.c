/* Line by line: `name = "pytest"` with its version below, `pytest==8.3.4`, `"pytest>=8.2"`, `pytest = "^8.3"`. */
#include "project/version.h"

#include <ctype.h>
#include <string.h>

/* From an operator or digit up to the quote, comment or marker that ends it. */
static struct str spec_at(struct str s)
{
	size_t end = 0;
	while (end < s.n && (isdigit((unsigned char)s.at[end]) || strchr("=<>~!^., *", s.at[end])))
		end++;
	struct str spec = str_trim(str_slice(s, 0, end));
	for (size_t i = 0; i < spec.n; i++)
		if (isdigit((unsigned char)spec.at[i]))
			return str_starts(spec, STR("==")) ? str_trim(str_slice(spec, 2, spec.n)) : spec;
	return STR_NONE;
}

static struct str after_name(struct str line)
{
	line = str_trim(line);
	if (str_starts(line, STR("-")))
		line = str_trim(str_slice(line, 1, line.n));
	if (str_starts(line, STR("\"")) || str_starts(line, STR("'")))
		line = str_slice(line, 1, line.n);
	if (!str_starts(line, STR("pytest")))
		return STR_NONE;
	return str_trim(str_slice(line, 6, line.n));
}

/* A requirement of a line of its own, or a table's key. */
static struct str of_line(struct str line)
{
	struct str rest = after_name(line);
	if (str_starts(rest, STR("= \"")))
		return spec_at(str_slice(rest, 3, rest.n));
	return rest.n && strchr("=<>~!", rest.at[0]) ? spec_at(rest) : STR_NONE;
}

static struct str of_lock(struct str next)
{
	next = str_trim(next);
	return str_starts(next, STR("version = \"")) ? spec_at(str_slice(next, 11, next.n)) : STR_NONE;
}

struct str version_of_pytest(struct str text, unsigned *line)
{
	bool was_name = false;
	*line = 0;
	for (size_t from = 0; from < text.n;) {
		size_t end = str_find(text, STR("\n"), from);
		struct str one = str_slice(text, from, end);
		struct str found = was_name ? of_lock(one) : of_line(one);
		++*line;
		if (found.n)
			return found;
		was_name = str_eq(str_trim(one), STR("name = \"pytest\""));
		from = end == SIZE_MAX ? text.n : end + 1;
	}
	return STR_NONE;
}
