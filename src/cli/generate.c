/* Man page and completions. */
#include "cli/generate.h"

#include <string.h>

#include "cli/help.h"

struct rows {
	const struct command *at;
	size_t n;
};

static const char *dashes(const struct option *option)
{
	return option->name[1] ? "--" : "-";
}

/* roff: a backslash is \e, a dash \-, and no line may begin with a dot or a quote. */
static void roff(struct buf *buf, const char *text)
{
	for (const char *at = text; *at; at++) {
		if (*at == '\\')
			buf_lit(buf, "\\e");
		else if (*at == '-')
			buf_lit(buf, "\\-");
		else if ((*at == '.' || *at == '\'') && (at == text || at[-1] == '\n'))
			buf_fmt(buf, "\\&%c", *at);
		else
			buf_char(buf, *at);
	}
}

static void man_options(struct buf *buf, const struct option *options)
{
	for (; options->name; options++) {
		buf_lit(buf, ".TP\n\\fB");
		roff(buf, dashes(options));
		roff(buf, options->name);
		buf_lit(buf, "\\fR");
		if (options->value)
			buf_fmt(buf, " \\fI%s\\fR", options->value);
		buf_char(buf, '\n');
		roff(buf, options->help);
		if (options->choices)
			buf_fmt(buf, " (%s)", options->choices);
		buf_char(buf, '\n');
	}
}

static void man_command(struct buf *buf, const struct command *command)
{
	buf_fmt(buf, ".SS lanewright %s", command->name);
	if (*command->args) {
		buf_char(buf, ' ');
		roff(buf, command->args);
	}
	buf_char(buf, '\n');
	roff(buf, command->help);
	buf_lit(buf, ".\n");
	man_options(buf, command->options);
}

static void man(struct buf *buf, struct rows rows)
{
	buf_lit(buf, ".TH LANEWRIGHT 1 \"\" \"lanewright " LANEWRIGHT_VERSION "\"\n"
	             ".SH NAME\nlanewright \\- deals a pytest suite out to CI lanes by the services its tests need\n"
	             ".SH SYNOPSIS\n\\fBlanewright\\fR [\\fIOPTION\\fR...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n"
	             ".SH DESCRIPTION\n"
	             "Reads a pytest suite without running it, works out which services each test needs, and deals\n"
	             "the tests out to lanes: CI jobs that boot just those services.\n"
	             ".SH OPTIONS\nThese are taken by every command, before or after its name.\n");
	man_options(buf, help_globals);
	buf_lit(buf, ".SH COMMANDS\n");
	for (size_t i = 0; i < rows.n; i++)
		man_command(buf, &rows.at[i]);
	buf_lit(buf, ".SH EXIT STATUS\n0 fine; 1 findings, stale or not proven; 2 wrong usage or config; 3 trouble:\n"
	             "input and output, a damaged file, out of memory.\n"
	             ".SH FILES\n\\fIlanewright.toml\\fR or \\fI[tool.lanewright]\\fR in \\fIpyproject.toml\\fR: the "
	             "configuration.\n"
	             "\\fI.lanewright/\\fR: the index (a cache), the history (data), the plan and its lists.\n");
}

static void bash_words(struct buf *buf, const struct option *options)
{
	for (; options->name; options++)
		buf_fmt(buf, " %s%s", dashes(options), options->name);
}

/* Cases of `$prev` that have a fixed set of values. */
static void bash_choices(struct buf *buf, const struct option *options, const char *indent)
{
	for (; options->name; options++)
		if (options->choices)
			buf_fmt(buf, "%s%s%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", indent,
			        dashes(options), options->name, options->choices);
}

static void bash(struct buf *buf, struct rows rows)
{
	buf_lit(buf, "# bash completion for lanewright, generated\n"
	             "_lanewright() {\n"
	             "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= i\n"
	             "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	             "\t\tcase ${COMP_WORDS[i]} in\n"
	             "\t\t-C | --config | --jobs | --color) ((i++)) ;;\n"
	             "\t\t-*) ;;\n"
	             "\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
	             "\t\tesac\n\tdone\n"
	             "\tcase $command:$prev in\n");
	for (const struct option *o = help_globals; o->name; o++)
		if (o->choices)
			buf_fmt(buf, "\t*:%s%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", dashes(o),
			        o->name, o->choices);
	for (size_t i = 0; i < rows.n; i++)
		bash_choices(buf, rows.at[i].options, str_fmt(buf->arena, "\t%s:", rows.at[i].name).at);
	buf_lit(buf, "\t*:-C) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n\tesac\n\tcase $command in\n");
	buf_lit(buf, "\t'') words='");
	for (size_t i = 0; i < rows.n; i++)
		buf_fmt(buf, "%s ", rows.at[i].name);
	buf_lit(buf, "' ;;\n");
	for (size_t i = 0; i < rows.n; i++) {
		buf_fmt(buf, "\t%s) words='", rows.at[i].name);
		bash_words(buf, rows.at[i].options);
		buf_lit(buf, "' ;;\n");
	}
	buf_lit(buf, "\tesac\n\tif [[ $cur == -* || -z $command ]]; then\n\t\twords+='");
	bash_words(buf, help_globals);
	buf_lit(buf, "'\n\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n\tfi\n}\n"
	             "complete -o default -F _lanewright lanewright\n");
}

/* Single quotes for zsh and fish; help texts hold none of their other specials but brackets and colons. */
static void quote_help(struct buf *buf, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			buf_lit(buf, "'\\''");
		else if (*text == '[' || *text == ']' || *text == ':')
			buf_fmt(buf, "\\%c", *text);
		else
			buf_char(buf, *text);
	}
}

static void zsh_options(struct buf *buf, const struct option *options)
{
	for (; options->name; options++) {
		buf_fmt(buf, " \\\n\t\t\t'%s%s[", dashes(options), options->name);
		quote_help(buf, options->help);
		buf_char(buf, ']');
		if (options->choices)
			buf_fmt(buf, ":%s:(%s)", options->value, options->choices);
		else if (options->value && strcmp(options->value, "FILE") == 0)
			buf_lit(buf, ":file:_files");
		else if (options->value && strcmp(options->value, "DIR") == 0)
			buf_lit(buf, ":folder:_files -/");
		else if (options->value)
			buf_fmt(buf, ":%s: ", options->value);
		buf_char(buf, '\'');
	}
}

static void zsh(struct buf *buf, struct rows rows)
{
	buf_lit(buf, "#compdef lanewright\n# generated\n_lanewright() {\n\tlocal state line\n\tlocal -a commands\n"
	             "\tcommands=(\n");
	for (size_t i = 0; i < rows.n; i++) {
		buf_fmt(buf, "\t\t'%s:", rows.at[i].name);
		quote_help(buf, rows.at[i].help);
		buf_lit(buf, "'\n");
	}
	buf_lit(buf, "\t)\n\t_arguments -C");
	zsh_options(buf, help_globals);
	buf_lit(buf, " \\\n\t\t'1:command:->command' '*::argument:->rest'\n"
	             "\tcase $state in\n\tcommand) _describe command commands ;;\n\trest)\n\t\tcase $line[1] in\n");
	for (size_t i = 0; i < rows.n; i++) {
		buf_fmt(buf, "\t\t%s) _arguments", rows.at[i].name);
		zsh_options(buf, rows.at[i].options);
		buf_lit(buf, " '*:file:_files' ;;\n");
	}
	buf_lit(buf, "\t\tesac ;;\n\tesac\n}\n_lanewright \"$@\"\n");
}

static void fish_options(struct buf *buf, const struct option *options, const char *condition)
{
	for (; options->name; options++) {
		buf_fmt(buf, "complete -c lanewright%s %s %s -d '", condition, options->name[1] ? "-l" : "-s",
		        options->name);
		for (const char *at = options->help; *at; at++)
			buf_fmt(buf, *at == '\'' || *at == '\\' ? "\\%c" : "%c", *at);
		buf_char(buf, '\'');
		if (options->choices)
			buf_fmt(buf, " -x -a '%s'", options->choices);
		else if (options->value)
			buf_lit(buf, " -r");
		buf_char(buf, '\n');
	}
}

static void fish(struct buf *buf, struct rows rows)
{
	buf_lit(buf, "# fish completion for lanewright, generated\n");
	fish_options(buf, help_globals, "");
	for (size_t i = 0; i < rows.n; i++) {
		const char *name = rows.at[i].name;
		buf_fmt(buf, "complete -c lanewright -n __fish_use_subcommand -f -a %s -d '%s'\n", name,
		        rows.at[i].help);
		fish_options(buf, rows.at[i].options,
		             str_fmt(buf->arena, " -n '__fish_seen_subcommand_from %s'", name).at);
	}
}

bool generate(struct output *out, const char *what, const struct command *commands, size_t n)
{
	static const struct {
		const char *name;
		void (*write)(struct buf *buf, struct rows rows);
	} writers[] = {{"man", man}, {"bash", bash}, {"zsh", zsh}, {"fish", fish}};
	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
		if (strcmp(writers[i].name, what) != 0)
			continue;
		writers[i].write(&out->text, (struct rows){commands, n});
		return true;
	}
	return false;
}
