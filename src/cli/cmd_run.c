/* `run`: pytest on the list of a shard, or on all lists of a lane.  What it starts takes its place, so that signals and
 * exit codes are pytest's; failures of its own are 64 and 70, which pytest never returns. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"

enum { EXIT_OWN_USAGE = 64, EXIT_OWN_TROUBLE = 70 };

const struct option cmd_run_options[] = {
        {"parts", "DIR", NULL, "leave report, completion record and coverage of the shard in DIR, as CI does"},
        {0},
};

int run_exit_code(int status)
{
	if (status == LANEWRIGHT_OK)
		return status;
	return status == LANEWRIGHT_TROUBLE ? EXIT_OWN_TROUBLE : EXIT_OWN_USAGE;
}

static bool enter(const struct lanewright_run *run)
{
	for (size_t i = 0; i < run->n_env; i++)
		if (putenv((char *)(uintptr_t)run->env[i]) != 0)
			return false;
	return chdir(run->root) == 0;
}

int cmd_run(struct call *call)
{
	struct lanewright_run_options options = {
	        .target = call->args[0],
	        .parts = call_value(call, "parts"),
	        .args = call->args + 1,
	        .n_args = call->n_args - 1,
	};
	struct lanewright_run run;
	int status = lanewright_prepare_run(call->lw, &options, &run);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	if (*run.services)
		call_note(call, "%s expects %s to be up", options.target, run.services);
	if (enter(&run)) {
		signal(SIGPIPE, SIG_DFL); /* ignored here, and that would be inherited */
		execl("/bin/sh", "sh", "-c", run.script, (char *)NULL);
	}
	call_note(call, "cannot start pytest: %s", strerror(errno));
	return LANEWRIGHT_TROUBLE;
}
