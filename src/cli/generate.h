/* The man page and the shell completions, written from the rows that drive the program; the build calls the
 * hidden option --generate for them. */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include "cli/command.h"

/* `what` is man, bash, zsh or fish; false for anything else. */
bool generate(struct output *out, const char *what, const struct command *commands, size_t n);

#endif
