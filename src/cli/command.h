/* What a command is: a row of commands.h, a table of options and a function in its own cmd_*.c file. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/str.h"
#include "cli/output.h"
#include "lanewright.h"

struct option {
	const char *name;    /* without the dashes */
	const char *value;   /* what the help calls it, NULL for a flag */
	const char *choices; /* the values it takes, separated by blanks; NULL: any */
	const char *help;
};

struct call {
	const struct command *command;
	struct arena *arena;
	struct output *out; /* stdout */
	lanewright *lw;
	const char **values; /* by option of the command: NULL when not given, "" for a flag */
	const char **args;   /* what stood beside the options */
	size_t n_args;
	const char *started_in; /* the absolute folder before -C */
	bool is_quiet;
};

struct command {
	const char *name;
	size_t least, most; /* arguments */
	const char *args;   /* what the help calls them */
	const char *help;
	const struct option *options; /* ended by a row without a name */
	int (*run)(struct call *call);
};

#define COMMAND_MANY 0xffff /* as `most`: any number of arguments */

/* The value given for an option of this command, or NULL. */
const char *call_value(const struct call *call, const char *option);
bool call_has(const struct call *call, const char *option);
/* A whole number between `least` and `most`; *value is left alone when the option was not given.  False: the
 * mistake has been told. */
bool call_number(const struct call *call, const char *option, uint64_t least, uint64_t most, uint64_t *value);

/* A path from the command line, relative to the folder the user is in, as one relative to the root; what does
 * not exist there but does below the root is taken as relative to the root already, which is how this program
 * prints paths.  What follows the first `::` is kept.  NULL: the mistake has been told. */
const char *call_path(const struct call *call, const char *given);

/* A file to be read: of the folder the user stands in; one that exists only below the folder he called us from,
 * before -C, is taken from there.  "-" stays. */
const char *call_input(const struct call *call, const char *given);

/* Tells why the library's last call failed; returns its status, so that `return call_failed(call, status)`. */
int call_failed(const struct call *call, int status);
/* One line on stderr that begins with the command; returns the code for wrong usage. */
int call_usage(const struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A remark on stderr, silent under -q. */
void call_note(const struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Test files that could not be read or understood: what is printed lacks their tests, and pytest would trip over them too. */
void call_warn_of_faults(const struct call *call);

#endif
