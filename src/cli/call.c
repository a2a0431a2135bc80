/* What a command asks of its call: the values of its options, and the way to complain. */
#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *call_value(const struct call *call, const char *option)
{
	for (size_t i = 0; call->command->options[i].name; i++)
		if (strcmp(call->command->options[i].name, option) == 0)
			return call->values[i];
	return NULL;
}

bool call_has(const struct call *call, const char *option)
{
	return call_value(call, option) != NULL;
}

bool call_number(const struct call *call, const char *option, uint64_t least, uint64_t most, uint64_t *value)
{
	const char *text = call_value(call, option);
	uint64_t number;
	if (!text)
		return true;
	if (!str_number(str_of(text), most, &number) || number < least) {
		call_usage(call, "--%s takes a whole number from %llu to %llu, not '%s'", option,
		           (unsigned long long)least, (unsigned long long)most, text);
		return false;
	}
	*value = number;
	return true;
}

/* The part of a test id that is a path: up to the first `::` behind a `.py`, or all of it. */
static struct str path_part(struct str id)
{
	size_t at = str_find(id, STR(".py::"), 0);
	return at == SIZE_MAX ? id : str_slice(id, 0, at + 3);
}

static bool exists_below(struct arena *arena, struct str root, struct str path)
{
	return access(path_join(arena, root, path).at, F_OK) == 0;
}

/* `path` below the root, where the user stands in `here`; false when it is outside. */
static bool below_root(struct arena *arena, struct str root, struct str here, struct str path, struct str *below)
{
	struct str whole = path;
	if (path.n == 0 || path.at[0] != '/')
		whole = path_join(arena, here, path);
	if (!path_normal(arena, whole, &whole))
		return false;
	if (str_eq(whole, root)) {
		*below = STR_NONE;
		return true;
	}
	bool has_slash = str_eq(root, STR("/"));
	if (!str_starts(whole, root) || (!has_slash && whole.at[root.n] != '/'))
		return false;
	*below = str_slice(whole, root.n + !has_slash, whole.n);
	return true;
}

const char *call_path(const struct call *call, const char *given)
{
	const char *root_text;
	char here[4096];
	int status = lanewright_root(call->lw, &root_text);
	if (status != LANEWRIGHT_OK) {
		call_failed(call, status);
		return NULL;
	}
	struct str root = str_of(root_text), id = str_of(given), path = path_part(id), below;
	struct str rest = str_slice(id, path.n, id.n);
	bool is_inside = getcwd(here, sizeof here) && below_root(call->arena, root, str_of(here), path, &below);
	if (!is_inside || !exists_below(call->arena, root, below)) {
		struct str plain;
		bool is_relative = path_normal(call->arena, path, &plain) && plain.n && plain.at[0] != '/';
		if (is_relative && exists_below(call->arena, root, plain)) {
			below = plain;
		} else if (!is_inside) {
			call_usage(call, "%s is outside the root, %s", given, root_text);
			return NULL;
		}
	}
	return str_fmt(call->arena, "%.*s%.*s", STR_ARG(below), STR_ARG(rest)).at;
}

const char *call_input(const struct call *call, const char *given)
{
	if (given[0] == '/' || strcmp(given, "-") == 0 || access(given, F_OK) == 0)
		return given;
	const char *from_start = path_join(call->arena, str_of(call->started_in), str_of(given)).at;
	return access(from_start, F_OK) == 0 ? from_start : given;
}

/* One line on stderr; what the text quotes may hold anything. */
static void tell(const struct call *call, const char *command, const char *text)
{
	fprintf(stderr, "lanewright%s%s: %s\n", *command ? " " : "", command, text_shown(call->arena, text));
}

int call_failed(const struct call *call, int status)
{
	tell(call, "", lanewright_error(call->lw));
	return status;
}

int call_usage(const struct call *call, const char *format, ...)
{
	char text[2048];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	tell(call, call->command->name, text);
	return LANEWRIGHT_USAGE;
}

void call_note(const struct call *call, const char *format, ...)
{
	char text[2048];
	if (call->is_quiet)
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	tell(call, "", text);
}

void call_warn_of_faults(const struct call *call)
{
	size_t n;
	const struct lanewright_fault *faults = lanewright_faults(call->lw, &n);
	for (size_t i = 0; i < n; i++)
		if (faults[i].is_test)
			call_note(call, "%s:%u: %s; its tests may be missing from the plan", faults[i].path,
			          faults[i].line, faults[i].text);
}
