/* Steps are YAML, and are read as such: a script may well contain the word `uses`. */
#include "emit/steps.h"

#include <string.h>

#include "base/buf.h"
#include "base/yaml_read.h"

static bool is_of(struct str uses, const char *action)
{
	struct str name = str_of(action);
	return str_starts(uses, name) && uses.n > name.n + 1 && uses.at[name.n] == '@';
}

/* The comment behind a value, without its #. */
static struct str comment_behind(struct str text, size_t at)
{
	struct str rest = str_trim(str_slice(text, at, str_find(text, STR("\n"), at)));
	return str_starts(rest, STR("#")) ? str_trim(str_slice(rest, 1, rest.n)) : STR_NONE;
}

/* The number in "v4", "4.4.3" or "v4.4.3 (2024)"; 0 when there is none, as in a bare commit. */
static unsigned major_of(struct str version)
{
	unsigned major = 0;
	size_t i = str_starts(version, STR("v")) ? 1 : 0, from = i;
	while (i < version.n && i < from + 4 && version.at[i] >= '0' && version.at[i] <= '9')
		major = major * 10 + (unsigned)(version.at[i++] - '0');
	bool is_number = i > from && (i == version.n || version.at[i] == '.' || version.at[i] == ' ');
	return is_number ? major : 0;
}

static bool is_too_old(const struct pin *pin, unsigned least)
{
	struct str ref = str_slice(pin->uses, str_find(pin->uses, STR("@"), 0) + 1, pin->uses.n);
	unsigned of_ref = ref.n == 40 ? 0 : major_of(ref), of_comment = major_of(pin->comment);
	return (of_ref && of_ref < least) || (!of_ref && of_comment && of_comment < least);
}

/* Text that is no YAML has no pins: it is somebody else's to complain about. */
static bool find_in(struct arena *out, struct str text, const char *action, unsigned least, struct pin *pin)
{
	yaml_events events;
	struct err ignored = {0};
	if (!yaml_read(out, text, "", &events, &ignored))
		return false;
	for (size_t i = 0; i + 1 < events.n; i++) {
		const struct yaml_event *value = &events.at[i + 1];
		if (events.at[i].kind != YAML_SCALAR || !str_eq(events.at[i].value, STR("uses")) ||
		    value->kind != YAML_SCALAR || !is_of(value->value, action))
			continue;
		struct pin found = {value->value, comment_behind(text, value->to)};
		if (is_too_old(&found, least))
			continue;
		*pin = found;
		return true;
	}
	return false;
}

/* "actions/upload-artifact@0123 # v4" */
static struct pin pin_of(struct str s)
{
	size_t hash = str_find(s, STR("#"), 0);
	return (struct pin){str_trim(str_slice(s, 0, hash)),
	                    hash == SIZE_MAX ? STR_NONE : str_trim(str_slice(s, hash + 1, s.n))};
}

bool steps_pin(struct arena *out, const struct emit_source *source, const char *action, unsigned least, struct pin *pin,
               struct err *err)
{
	const struct github_config *github = &source->config->github;
	for (size_t i = 0; i < github->pins.n; i++) {
		*pin = pin_of(github->pins.at[i]);
		if (is_of(pin->uses, action))
			return true;
	}
	if (find_in(out, github->before, action, least, pin) || find_in(out, github->after, action, least, pin) ||
	    find_in(out, github->install, action, least, pin))
		return true;
	for (size_t i = 0; i < source->workflows.n; i++)
		if (find_in(out, source->workflows.at[i], action, least, pin))
			return true;
	return fail_usage(err,
	                  "[emit.github]: no workflow of yours uses %s (v%u or later), and a version is not ours to "
	                  "choose: add it as pins = [\"%s@<commit> # v%u...\"]",
	                  action, least, action, least);
}

static size_t line_start(struct str text, size_t at)
{
	while (at > 0 && text.at[at - 1] != '\n')
		at--;
	return at;
}

struct str steps_using(struct arena *out, struct str steps, const char *action)
{
	yaml_events events;
	struct err ignored = {0};
	struct buf found;
	buf_init(&found, out);
	if (!yaml_read(out, steps, "", &events, &ignored) || events.n == 0 || events.at[0].kind != YAML_LIST)
		return steps;
	for (size_t at = 1; at < events.n && events.at[at].kind != YAML_LIST_END;) {
		size_t next = yaml_skip(&events, at), uses = yaml_find(&events, at, STR("uses"));
		bool is_last = events.at[next].kind == YAML_LIST_END;
		size_t to = is_last ? steps.n : line_start(steps, events.at[next].from);
		if (uses && is_of(events.at[uses].value, action))
			buf_add(&found, str_slice(steps, line_start(steps, events.at[at].from), to));
		at = next;
	}
	return found.n ? buf_str(&found) : steps;
}
