/* The -m expression over a test's marks, three-valued: a mark that may be there makes its name a maybe.  -k looks at
 * names of folders and plugins too and is never decided. */
#include "resolve/select.h"

#include <string.h>

struct scanner {
	struct str text;
	size_t at;
	const struct names *names;
	const struct test *test;
	bool marks_may_grow, is_broken;
};

static void blanks(struct scanner *s)
{
	while (s->at < s->text.n && strchr(" \t", s->text.at[s->at]))
		s->at++;
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) ||
	       strchr("_:+-.[]\\/", c);
}

static struct str word(struct scanner *s)
{
	size_t from = s->at;
	while (s->at < s->text.n && s->text.at[s->at] && is_word_char(s->text.at[s->at]))
		s->at++;
	return str_slice(s->text, from, s->at);
}

static bool take_word(struct scanner *s, struct str wanted)
{
	blanks(s);
	size_t before = s->at;
	if (str_eq(word(s), wanted))
		return true;
	s->at = before;
	return false;
}

static enum verdict has_mark(const struct scanner *s, struct str name)
{
	bool is_opaque = s->marks_may_grow;
	for (size_t i = 0; i < s->test->marks.n; i++) {
		const struct mark *mark = &s->test->marks.at[i];
		if (!mark->name)
			is_opaque |= mark->is_opaque;
		else if (str_eq(names_str(s->names, mark->name), name))
			return VERDICT_ALWAYS;
	}
	for (size_t i = 0; i < s->test->unknowns.n; i++)
		is_opaque |= s->test->unknowns.at[i].kind == UNKNOWN_DECORATOR;
	return is_opaque ? VERDICT_MAYBE : VERDICT_NEVER;
}

static enum verdict expression(struct scanner *s);

static enum verdict negated(enum verdict v)
{
	return v == VERDICT_MAYBE ? v : v == VERDICT_NEVER ? VERDICT_ALWAYS : VERDICT_NEVER;
}

static enum verdict term(struct scanner *s)
{
	if (take_word(s, STR("not")))
		return negated(term(s));
	blanks(s);
	if (s->at < s->text.n && s->text.at[s->at] == '(') {
		s->at++;
		enum verdict v = expression(s);
		blanks(s);
		if (s->at < s->text.n && s->text.at[s->at] == ')')
			s->at++;
		else
			s->is_broken = true;
		return v;
	}
	struct str name = word(s);
	blanks(s);
	if (!name.n || (s->at < s->text.n && s->text.at[s->at] == '(')) { /* name(kw=...) is not read */
		s->is_broken = true;
		s->at = s->text.n;
		return VERDICT_MAYBE;
	}
	return has_mark(s, name);
}

static enum verdict conjunction(struct scanner *s)
{
	enum verdict all = term(s);
	while (take_word(s, STR("and"))) {
		enum verdict v = term(s);
		all = v < all ? v : all;
	}
	return all;
}

static enum verdict expression(struct scanner *s)
{
	enum verdict any = conjunction(s);
	while (take_word(s, STR("or"))) {
		enum verdict v = conjunction(s);
		any = v > any ? v : any;
	}
	return any;
}

enum verdict select_test(const struct pytest_config *pytest, const struct names *names, const struct test *test,
                         bool marks_may_grow, struct str *reason)
{
	enum verdict all = VERDICT_ALWAYS;
	for (size_t i = 0; i < pytest->deselect.n; i++) { /* relative to rootdir */
		struct str id = test->id, dir = pytest->rootdir;
		if (dir.n && str_starts(id, dir))
			id = str_slice(id, dir.n + 1, id.n);
		if (str_starts(id, pytest->deselect.at[i]))
			return VERDICT_NEVER;
	}
	if (pytest->mark_expression.n) {
		struct scanner s = {pytest->mark_expression, 0, names, test, marks_may_grow, false};
		all = expression(&s);
		if (s.is_broken || s.at < s.text.n)
			all = VERDICT_MAYBE;
		*reason = STR("-m in addopts");
	}
	if (all != VERDICT_NEVER && pytest->keyword_expression.n) {
		all = VERDICT_MAYBE;
		*reason = STR("-k in addopts");
	}
	return all;
}
