/* Help as text, made from the same rows that drive the program. */
#include "cli/help.h"

#include <string.h>

const struct option help_globals[] = {
        {"C", "DIR", NULL, "work in DIR, which is then the root"},
        {"config", "FILE", NULL, "read FILE instead of lanewright.toml or pyproject.toml"},
        {"jobs", "N", NULL, "use N threads (default: as many as there are processors)"},
        {"color", "WHEN", "auto always never", "color the output (default: auto)"},
        {"quiet", NULL, NULL, "say only what was asked for (also -q)"},
        {"help", NULL, NULL, "this help, or that of a command (also -h)"},
        {"version", NULL, NULL, "print the version"},
        {0},
};

static const char *option_text(struct arena *arena, const struct option *option)
{
	const char *dashes = option->name[1] ? "--" : "-";
	if (!option->value)
		return str_fmt(arena, "  %s%s", dashes, option->name).at;
	return str_fmt(arena, "  %s%s %s", dashes, option->name, option->value).at;
}

static void add_options(struct output *out, const struct option *options)
{
	struct arena *arena = out->text.arena;
	VEC(const char *) cells = {0};
	for (size_t i = 0; options[i].name; i++) {
		const struct option *option = &options[i];
		vec_push(arena, &cells, option_text(arena, option));
		vec_push(arena, &cells,
		         option->choices ? str_fmt(arena, "%s: %s", option->help, option->choices).at : option->help);
	}
	output_table(out, NULL, cells.at, cells.n / 2, 2, 0);
}

void help_all(struct output *out, const struct command *commands, size_t n)
{
	struct arena *arena = out->text.arena;
	output_bytes(out, STR("usage: lanewright [OPTION...] COMMAND [ARGUMENT...]\n\n"
	                      "Reads a pytest suite without running it, works out which services each test needs,\n"
	                      "and deals the tests out to CI lanes that boot just those.\n\n"
	                      "Commands:\n"));
	VEC(const char *) cells = {0};
	for (size_t i = 0; i < n; i++) {
		vec_push(arena, &cells, str_fmt(arena, "  %s", commands[i].name).at);
		vec_push(arena, &cells, commands[i].help);
	}
	output_table(out, NULL, cells.at, n, 2, 0);
	output_bytes(out, STR("\nOptions of every command:\n"));
	add_options(out, help_globals);
	output_bytes(out, STR("\nExit: 0 fine, 1 findings, 2 wrong usage or config, 3 trouble (I/O, memory, damage).\n"
	                      "lanewright COMMAND --help tells the rest.\n"));
}

void help_command(struct output *out, const struct command *command)
{
	struct arena *arena = out->text.arena;
	struct str usage = str_fmt(arena, "usage: lanewright %s%s%s%s\n\n%s\n", command->name,
	                           command->options[0].name ? " [OPTION...]" : "", *command->args ? " " : "",
	                           command->args, command->help);
	output_bytes(out, usage);
	if (command->options[0].name) {
		output_bytes(out, STR("\nOptions:\n"));
		add_options(out, command->options);
	}
	output_bytes(out, STR("\nOptions of every command:\n"));
	add_options(out, help_globals);
}
