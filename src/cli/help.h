/* `--help`: of the program, and of one command. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

void help_all(struct output *out, const struct command *commands, size_t n);
void help_command(struct output *out, const struct command *command);

/* The options every command takes, for help, man page and completions; ended by a row without a name.  A name
 * of one letter is a short option. */
extern const struct option help_globals[];

#endif
