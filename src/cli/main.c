/* The command line: global options, the command, its options, one call of it, one exit code. */
#include <errno.h>
#include <fcntl.h>
#include <popt.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/generate.h"
#include "cli/help.h"

#define X(name, least, most, args, help) {#name, least, most, args, help, cmd_##name##_options, cmd_##name},
static const struct command commands[] = {COMMANDS(X)};
#undef X

enum { COMMAND_COUNT = sizeof commands / sizeof *commands, JOBS_MOST = 1024 };

/* What the global options said. */
struct globals {
	const char *dir, *config, *color;
	uint64_t jobs;
	bool is_quiet, wants_help, wants_version;
	const char *generate;
};

enum { OPT_DIR = 1, OPT_CONFIG, OPT_JOBS, OPT_COLOR, OPT_QUIET, OPT_HELP, OPT_VERSION, OPT_GENERATE, OPT_OWN };

static const struct poptOption global_options[] = {
        {NULL, 'C', POPT_ARG_STRING, NULL, OPT_DIR, NULL, NULL},
        {"config", '\0', POPT_ARG_STRING, NULL, OPT_CONFIG, NULL, NULL},
        {"jobs", '\0', POPT_ARG_STRING, NULL, OPT_JOBS, NULL, NULL},
        {"color", '\0', POPT_ARG_STRING, NULL, OPT_COLOR, NULL, NULL},
        {"quiet", 'q', POPT_ARG_NONE, NULL, OPT_QUIET, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, NULL, OPT_HELP, NULL, NULL},
        {"version", '\0', POPT_ARG_NONE, NULL, OPT_VERSION, NULL, NULL},
        {"generate", '\0', POPT_ARG_STRING, NULL, OPT_GENERATE, NULL, NULL},
};

enum { GLOBAL_COUNT = sizeof global_options / sizeof *global_options };

static int complain(const char *command, const char *text)
{
	fprintf(stderr, "lanewright%s%s: %s\n", command ? " " : "", command ? command : "", text);
	return LANEWRIGHT_USAGE;
}

/* True when `word` is one of those in `choices`, which are separated by blanks. */
static bool is_choice(const char *choices, const char *word)
{
	size_t n = strlen(word);
	for (const char *at = choices; *at && n;) {
		size_t length = strcspn(at, " ");
		if (length == n && memcmp(at, word, n) == 0)
			return true;
		at += length + (at[length] == ' ');
	}
	return false;
}

static const char *const colors = "auto always never";

/* Takes one global option.  Returns 0, or the exit code of a mistake. */
static int take_global(struct globals *globals, int option, const char *value, const char *command)
{
	switch (option) {
	case OPT_DIR: globals->dir = value; break;
	case OPT_CONFIG: globals->config = value; break;
	case OPT_GENERATE: globals->generate = value; break;
	case OPT_QUIET: globals->is_quiet = true; break;
	case OPT_HELP: globals->wants_help = true; break;
	case OPT_VERSION: globals->wants_version = true; break;
	case OPT_COLOR:
		globals->color = value;
		if (!is_choice(colors, value))
			return complain(command, "--color takes auto, always or never");
		break;
	case OPT_JOBS:
		if (!str_number(str_of(value), JOBS_MOST, &globals->jobs) || globals->jobs == 0)
			return complain(command, "--jobs takes a whole number from 1 to 1024");
		break;
	default: break;
	}
	return 0;
}

/* The name nearest to a mistyped option, of the command's and the global ones. */
static const char *nearest_option(struct arena *arena, const char *word, const struct option *options)
{
	strs known = {0};
	for (size_t i = 0; options && options[i].name; i++)
		vec_push(arena, &known, str_of(options[i].name));
	for (size_t i = 0; i < GLOBAL_COUNT; i++)
		if (global_options[i].longName && global_options[i].val != OPT_GENERATE)
			vec_push(arena, &known, str_of(global_options[i].longName));
	while (*word == '-')
		word++;
	size_t best = str_nearest(str_slice(str_of(word), 0, strcspn(word, "=")), known.at, known.n);
	return best == SIZE_MAX ? NULL : known.at[best].at;
}

static int bad_option(struct arena *arena, poptContext context, int code, const struct command *command)
{
	const char *name = command ? command->name : NULL;
	const char *option = poptBadOption(context, POPT_BADOPTION_NOALIAS);
	const char *nearest = NULL;
	if (code == POPT_ERROR_BADOPT)
		nearest = nearest_option(arena, option, command ? command->options : NULL);
	if (nearest)
		return complain(name, str_fmt(arena, "unknown option %s; did you mean --%s?", option, nearest).at);
	if (code == POPT_ERROR_BADOPT)
		return complain(name, str_fmt(arena, "unknown option %s", option).at);
	if (code == POPT_ERROR_NOARG)
		return complain(name, str_fmt(arena, "%s needs a value", option).at);
	return complain(name, str_fmt(arena, "%s: %s", option, poptStrerror(code)).at);
}

/* popt hands out values it has allocated: they move into the arena. */
static const char *take_value(struct arena *arena, poptContext context)
{
	char *given = poptGetOptArg(context);
	if (!given)
		return "";
	const char *kept = str_c(arena, str_of(given));
	free(given);
	return kept;
}

/* Reads global options up to the first other word.  Returns 0 or an exit code; the words that are left are put
 * into `rest`. */
static int read_globals(struct arena *arena, int argc, const char **argv, struct globals *globals, const char ***rest)
{
	struct poptOption table[GLOBAL_COUNT + 1] = {0};
	memcpy(table, global_options, sizeof global_options);
	poptContext context = poptGetContext("lanewright", argc, argv, table, POPT_CONTEXT_POSIXMEHARDER);
	if (!context)
		arena_no_memory(arena);
	int code, status = 0;
	while (status == 0 && (code = poptGetNextOpt(context)) > 0)
		status = take_global(globals, code, take_value(arena, context), NULL);
	if (status == 0 && code < -1)
		status = bad_option(arena, context, code, NULL);
	VEC(const char *) words = {0};
	while (status == 0 && poptPeekArg(context))
		vec_push(arena, &words, str_c(arena, str_of(poptGetArg(context))));
	vec_push(arena, &words, NULL);
	*rest = words.at;
	poptFreeContext(context);
	return status;
}

static int take_own(struct arena *arena, poptContext context, int code, struct call *call)
{
	const struct option *option = &call->command->options[code - OPT_OWN];
	const char *value = option->value ? take_value(arena, context) : "";
	call->values[code - OPT_OWN] = value;
	if (option->choices && !is_choice(option->choices, value))
		return complain(
		        call->command->name,
		        str_fmt(arena, "--%s takes one of: %s; not '%s'", option->name, option->choices, value).at);
	return 0;
}

/* Options and arguments of a command; words[0] is its name.  Global options may stand here too. */
static int read_own(struct arena *arena, const char **words, struct globals *globals, struct call *call)
{
	const struct option *options = call->command->options;
	VEC(struct poptOption) table = {0};
	for (size_t i = 0; i < GLOBAL_COUNT; i++)
		vec_push(arena, &table, global_options[i]);
	size_t n_own = 0;
	for (; options[n_own].name; n_own++)
		vec_push(arena, &table,
		         ((struct poptOption){options[n_own].name, '\0',
		                              options[n_own].value ? POPT_ARG_STRING : POPT_ARG_NONE, NULL,
		                              OPT_OWN + (int)n_own, NULL, NULL}));
	vec_push(arena, &table, ((struct poptOption){0}));
	call->values = arena_array(arena, const char *, n_own + 1);
	int argc = 0;
	while (words[argc])
		argc++;
	poptContext context = poptGetContext("lanewright", argc, words, table.at, 0);
	if (!context)
		arena_no_memory(arena);
	int code, status = 0;
	while (status == 0 && (code = poptGetNextOpt(context)) > 0)
		status = code >= OPT_OWN ? take_own(arena, context, code, call)
		                         : take_global(globals, code, take_value(arena, context), call->command->name);
	if (status == 0 && code < -1)
		status = bad_option(arena, context, code, call->command);
	VEC(const char *) args = {0};
	while (status == 0 && poptPeekArg(context))
		vec_push(arena, &args, str_c(arena, str_of(poptGetArg(context))));
	call->args = args.at;
	call->n_args = args.n;
	poptFreeContext(context);
	return status;
}

static int count_args(struct arena *arena, const struct call *call)
{
	const struct command *command = call->command;
	if (call->n_args < command->least)
		return complain(
		        command->name,
		        str_fmt(arena, "something is missing: lanewright %s %s", command->name, command->args).at);
	if (call->n_args > command->most)
		return complain(command->name,
		                str_fmt(arena, "does not know what to do with '%s'", call->args[command->most]).at);
	return 0;
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int unknown_command(struct arena *arena, const char *name)
{
	struct str known[COMMAND_COUNT];
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		known[i] = str_of(commands[i].name);
	size_t best = str_nearest(str_of(name), known, COMMAND_COUNT);
	if (best != SIZE_MAX)
		return complain(NULL,
		                str_fmt(arena, "unknown command '%s'; did you mean '%s'?", name, known[best].at).at);
	return complain(NULL, str_fmt(arena, "unknown command '%s'; lanewright --help lists them", name).at);
}

static bool use_color(const struct globals *globals)
{
	if (globals->color && strcmp(globals->color, "auto") != 0)
		return strcmp(globals->color, "always") == 0;
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

/* Redraws one line on the terminal, at most once a call of the engine. */
static void show_progress(void *context, const char *stage, size_t done, size_t total)
{
	(void)context;
	if (done == total)
		fprintf(stderr, "\r\x1b[K");
	else if (total)
		fprintf(stderr, "\r\x1b[K%s %zu/%zu", stage, done, total);
	else
		fprintf(stderr, "\r\x1b[K%s", stage);
	(void)fflush(stderr);
}

static int enter_dir(struct arena *arena, const struct globals *globals, struct call *call)
{
	char here[4096];
	call->started_in = getcwd(here, sizeof here) ? str_c(arena, str_of(here)) : "";
	if (globals->dir && chdir(globals->dir) != 0)
		return complain(NULL, str_fmt(arena, "cannot enter %s: %s", globals->dir, strerror(errno)).at);
	return 0;
}

static int run_command(struct arena *arena, const struct globals *globals, struct call *call)
{
	int status = enter_dir(arena, globals, call);
	if (status)
		return status;
	struct lanewright_options options = {
	        .root = globals->dir ? "." : NULL,
	        .config = globals->config ? call_input(call, globals->config) : NULL,
	        .jobs = (unsigned)globals->jobs,
	};
	if (isatty(STDERR_FILENO) && !globals->is_quiet)
		options.progress = show_progress;
	status = lanewright_open(&call->lw, &options);
	if (status != LANEWRIGHT_OK)
		call_failed(call, status);
	else
		status = call->command->run(call);
	lanewright_close(call->lw);
	return status;
}

static int run_call(struct arena *arena, const char **words, struct globals *globals, struct call *call)
{
	int status = read_own(arena, words, globals, call);
	if (status)
		return status;
	if (globals->wants_help) {
		help_command(call->out, call->command);
		return LANEWRIGHT_OK;
	}
	status = count_args(arena, call);
	if (status)
		return status;
	call->is_quiet = globals->is_quiet;
	call->out->has_color = use_color(globals);
	return run_command(arena, globals, call);
}

static int run_words(struct arena *arena, const char **words, struct globals *globals, struct output *out)
{
	struct call call = {.arena = arena, .out = out};
	call.command = find_command(words[0]);
	if (!call.command)
		return unknown_command(arena, words[0]);
	int status = run_call(arena, words, globals, &call);
	return call.command->run == cmd_run ? run_exit_code(status) : status;
}

static int run(struct arena *arena, int argc, const char **argv, struct output *out)
{
	struct globals globals = {0};
	const char **words = NULL;
	int status = read_globals(arena, argc, argv, &globals, &words);
	if (status)
		return status;
	if (globals.wants_version) {
		output_bytes(out, STR("lanewright " LANEWRIGHT_VERSION "\n"));
		return LANEWRIGHT_OK;
	}
	if (globals.generate) {
		if (!generate(out, globals.generate, commands, COMMAND_COUNT))
			return complain(NULL, "--generate takes man, bash, zsh or fish");
		return LANEWRIGHT_OK;
	}
	if (globals.wants_help && !words[0]) {
		help_all(out, commands, COMMAND_COUNT);
		return LANEWRIGHT_OK;
	}
	if (!words[0])
		return complain(NULL, "say what to do: lanewright --help lists the commands");
	return run_words(arena, words, &globals, out);
}

/* A standard stream that is closed would be the next file we open.  The stand-in for stdout refuses writes, so
 * that output which goes nowhere is noticed. */
static void keep_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);
}

int main(int argc, char **argv)
{
	keep_standard_streams();
	signal(SIGPIPE, SIG_IGN);
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, 256 * 1024); /* keeps glibc from hoarding the large blocks that arenas give back */
#endif
	jmp_buf trap;
	struct arena arena;
	arena_init(&arena, &trap);
	if (setjmp(trap)) {
		fputs("lanewright: out of memory\n", stderr);
		return LANEWRIGHT_TROUBLE;
	}
	struct output out;
	output_open(&out, &arena, false);
	int status = run(&arena, argc, (const char **)argv, &out);
	int error = output_close(&out);
	if (error && error != EPIPE) /* a reader that has seen enough is told by the exit code alone */
		fprintf(stderr, "lanewright: cannot write the output: %s\n", strerror(error));
	arena_free(&arena);
	return error ? LANEWRIGHT_TROUBLE : status;
}
