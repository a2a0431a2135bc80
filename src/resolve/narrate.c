/* One sentence a hop. */
#include "resolve/narrate.h"

static struct str shown(struct arena *out, struct str text)
{
	struct str copy = str_copy(out, str_slice(text, 0, 80));
	for (size_t i = 0; i < copy.n; i++)
		if ((unsigned char)copy.at[i] < ' ')
			((char *)copy.at)[i] = '*'; /* a part nobody knows */
	return copy;
}

static struct str sentence(const struct names *names, struct arena *out, const struct hop *hop)
{
	struct str what = names_str(names, hop->what), detail = shown(out, hop->detail);
	switch ((enum hop_verb)hop->verb) {
	case HOP_CALLS: return str_fmt(out, "calls %.*s", STR_ARG(what));
	case HOP_ASKS: return str_fmt(out, "asks for the fixture %.*s", STR_ARG(what));
	case HOP_USES: return what.n ? str_fmt(out, "uses %.*s", STR_ARG(what)) : STR("uses it");
	case HOP_REACHES:
		if (detail.n)
			return str_fmt(out, "%.*s reaches %.*s", STR_ARG(what), STR_ARG(detail));
		return str_fmt(out, "makes a client: %.*s", STR_ARG(what));
	case HOP_MARKED: return str_fmt(out, "is marked %.*s", STR_ARG(what));
	case HOP_GATED: return str_fmt(out, "is gated (%.*s)", STR_ARG(what));
	case HOP_READS: return str_fmt(out, "is gated by the variable %.*s", STR_ARG(what));
	case HOP_SAYS: return str_fmt(out, "skips saying \"%.*s\"", STR_ARG(detail));
	case HOP_LOADS:
		return detail.n ? str_fmt(out, "loads a computed name: %.*s", STR_ARG(detail))
		                : STR("runs computed code");
	case HOP_DOUBLES: return str_fmt(out, "a double: %.*s", STR_ARG(detail));
	case HOP_SETS: return str_fmt(out, "the settings name it in %.*s", STR_ARG(detail));
	case HOP_MATCHES: return str_fmt(out, "matches a pattern of the config: %.*s", STR_ARG(detail));
	case HOP_RUNS: return str_fmt(out, "runs %.*s", STR_ARG(what));
	}
	return STR_NONE;
}

void narrate(const struct names *names, struct arena *out, const struct test *test, const struct contact *contact,
             struct evidence *evidence)
{
	struct step first = {.file = test->file, .line = test->line, .text = STR("the test")};
	vec_push(out, &evidence->steps, first);
	for (const struct hop *hop = contact->hops; hop; hop = hop->next) {
		struct step step = {.file = hop->file, .line = hop->line, .text = sentence(names, out, hop)};
		vec_push(out, &evidence->steps, step);
	}
}
