/* How pytest is told what to run: the command of a config (`uv run pytest -ra`) with lists of tests handed to it.
 *
 * `pytest @list` needs pytest 8.2; before, it is an unknown file.  So unless `[suite] pytest` says 8.2 or later, the
 * word pytest becomes `python -c`, with one line of Python that reads the lists and calls pytest.main: it works with
 * every pytest and refuses an empty list and blank lines by itself, which with `@list` a line of shell must do.
 * With [emit.github] plugin, pytest loads that file, which reads the list itself.
 * In a folder of its own, pytest is given the lists' paths as they are from there.
 * Never xargs and never $(cat list): the one splits a long list into two runs, the other splits names. */
#ifndef EMIT_COMMAND_H
#define EMIT_COMMAND_H

#include "base/err.h"
#include "model/config.h"

struct test_command {
	struct str before; /* up to the list: `uv run pytest`, or `uv run python -c '...'` */
	struct str after;  /* the arguments of the config, after the list */
	struct str python; /* how to run Python in the same place: `uv run python` */
	struct str option; /* before each list: "--lanewright-list " of the plugin, else "" */
	struct str dir;    /* [emit.github] directory: pytest runs there, "" for the root */
	struct str up;     /* the way back from there: "../" a folder */
	struct str env;    /* assignments of the shell before the command, with a blank behind each: the caller's */
	bool takes_lists;  /* @list: a guard is needed, see test_command_guard */
	bool has_coverage; /* it is `coverage run -m pytest`: flags of pytest-cov make no sense */
};

/* Takes [emit.github] pytest and [suite] pytest apart.  ERR_USAGE when no pytest is found in it, or when it holds
 * `${{`, which in a script is an injection. */
bool test_command_read(struct arena *out, const struct config *config, struct test_command *command, struct err *err);

/* The command as shell text.  `lists` are shell words, quoted already, `more` further arguments. */
struct str test_command_text(struct arena *out, const struct test_command *command, const strs *lists, struct str more);

/* Shell text that fails when one of the lists is missing, empty or has a blank line; "" when the command itself does
 * so. */
struct str test_command_guard(struct arena *out, const struct test_command *command, const strs *lists);

/* Does this version text ("8.4", ">=8.2,<9", "8.4.1") promise at least major.minor?  false for "". */
bool version_at_least(struct str version, unsigned major, unsigned minor);

#endif
