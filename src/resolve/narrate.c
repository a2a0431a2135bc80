/* One sentence a hop. */
#include "resolve/narrate.h"

#include "resolve/environment.h"

static struct str shown(struct arena *out, struct str text)
{
	struct str copy = str_copy(out, str_slice(text, 0, 80));
	for (size_t i = 0; i < copy.n; i++)
		if ((unsigned char)copy.at[i] < ' ')
			((char *)copy.at)[i] = '*'; /* a part nobody knows */
	return copy;
}

/* What a value of the project's own says, and where that stands. */
static struct str given_sentence(const struct names *names, struct arena *out, const struct hop *hop, name variable)
{
	size_t n;
	struct str what = variable_name(names_str(names, variable));
	const struct given_value *given = given_find(names->given, what, &n);
	for (size_t i = 0; i < n; i++)
		if (hop->detail.n && str_has(given[i].value, hop->detail))
			return str_fmt(out, "%.*s reaches %.*s, which %.*s gives to %.*s",
			               STR_ARG(names_str(names, hop->what)),
			               STR_ARG(shown(out, variable_shown(out, hop->detail))), STR_ARG(given[i].place),
			               STR_ARG(what));
	return STR_NONE;
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
	case HOP_EITHER: return str_fmt(out, "%.*s is enough", STR_ARG(detail));
	case HOP_EXCEEDS:
		return what.n ? str_fmt(out, "%.*s repeats too much to be followed", STR_ARG(what))
		              : STR("the module repeats too much to be followed");
	}
	return STR_NONE;
}

static struct str place(const struct names *names, struct arena *out, const struct hop *hop)
{
	return str_fmt(out, "%.*s:%u", STR_ARG(names->repo->files.at[hop->file].path), hop->line);
}

static struct str module_of(const struct names *names, struct arena *out, uint32_t file)
{
	struct str path = names->repo->files.at[file].path;
	struct str dotted = str_copy(out, str_slice(path, 0, path.n - 3));
	for (size_t i = 0; i < dotted.n; i++)
		if (dotted.at[i] == '/')
			((char *)dotted.at)[i] = '.';
	return dotted;
}

/* What ends the way at its cause. */
static struct str edit_of_cause(const struct names *names, struct arena *out, const struct hop *hop)
{
	struct str what = names_str(names, hop->what), at = place(names, out, hop);
	switch ((enum hop_verb)hop->verb) {
	case HOP_REACHES:
		if (hop->ref_name && hop->ref_file < names->repo->files.n &&
		    str_ends(what,
		             names_str(names, hop->ref_name))) /* imported by its own name, not through its module */
			return str_fmt(out, "mock %.*s.%.*s, called at %.*s",
			               STR_ARG(module_of(names, out, hop->ref_file)),
			               STR_ARG(names_str(names, hop->ref_name)), STR_ARG(at));
		return str_fmt(out, "mock %.*s, called at %.*s", STR_ARG(what), STR_ARG(at));
	case HOP_MARKED: return str_fmt(out, "remove the mark %.*s at %.*s", STR_ARG(what), STR_ARG(at));
	case HOP_READS: return str_fmt(out, "remove the gate on %.*s at %.*s", STR_ARG(what), STR_ARG(at));
	case HOP_SAYS: return str_fmt(out, "remove the skip at %.*s", STR_ARG(at));
	case HOP_LOADS: return str_fmt(out, "write the name out at %.*s", STR_ARG(at));
	case HOP_DOUBLES: return str_fmt(out, "use the real client at %.*s", STR_ARG(at));
	case HOP_SETS: return str_fmt(out, "set another database in %.*s at %.*s", STR_ARG(hop->detail), STR_ARG(at));
	case HOP_MATCHES: return str_fmt(out, "change the line at %.*s or the pattern", STR_ARG(at));
	default: return STR_NONE;
	}
}

/* The first fixture that leads there, where a test can let go of it, then the cause. */
static struct str edit_of(const struct names *names, struct arena *out, const struct contact *contact)
{
	const struct hop *asks = NULL, *cause = contact->hops;
	for (const struct hop *hop = contact->hops; hop; hop = hop->next) {
		if (!asks && hop->verb == HOP_ASKS)
			asks = hop;
		cause = hop;
	}
	struct str end = edit_of_cause(names, out, cause);
	if (!asks)
		return end;
	struct str first = str_fmt(out, "remove the fixture %.*s at %.*s", STR_ARG(names_str(names, asks->what)),
	                           STR_ARG(place(names, out, asks)));
	return end.n ? str_fmt(out, "%.*s, or %.*s", STR_ARG(first), STR_ARG(end)) : first;
}

void narrate(const struct names *names, struct arena *out, const struct test *test, const struct contact *contact,
             struct evidence *evidence)
{
	struct step first = {.file = test->file, .line = test->line, .text = STR("the test")};
	vec_push(out, &evidence->steps, first);
	evidence->edit = edit_of(names, out, contact);
	for (const struct hop *hop = contact->hops; hop; hop = hop->next) {
		struct step step = {.file = hop->file, .line = hop->line, .text = STR_NONE};
		if (hop->verb == HOP_REACHES && contact->variable)
			step.text = given_sentence(names, out, hop, contact->variable);
		if (!step.text.n)
			step.text = sentence(names, out, hop);
		vec_push(out, &evidence->steps, step);
	}
}
