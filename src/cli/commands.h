/* The commands, in the order of the help: a row is the prototype, the table entry and the help.  Each lives in
 * src/cli/cmd_<name>.c with the table of its options. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

/* X(name, least arguments, most, their names, help) */
/* clang-format off */
#define COMMANDS(X) \
	X(init,     0, 0,            "",                       "a first config from the project's own workflow or compose files") \
	X(scan,     0, 0,            "",                       "bring the index up to date; print counts, time and unknowns") \
	X(tests,    0, 0,            "",                       "list the tests as `pytest --collect-only -q` would, running nothing") \
	X(needs,    0, COMMAND_MANY, "[PATH...]",              "the services each file or test needs, with grade") \
	X(explain,  1, 2,            "PATH[::TEST] [SERVICE]", "why: the chain from the test to the cause, and what spoke against it") \
	X(audit,    0, 0,            "",                       "what is wrong with markers, gates, fixtures, lanes and files") \
	X(record,   1, COMMAND_MANY, "FILE...",                "timings of past runs into the history; - is standard input") \
	X(history,  1, COMMAND_MANY, "merge DB...|show TEST|prune|export|import FILE|recover", "the past runs: unite, look at, thin out, hand on, mend") \
	X(estimate, 0, 0,            "",                       "the seconds each test will take, and where that number comes from") \
	X(forecast, 0, 0,            "",                       "the past runs replayed: how far plans would have been from the best possible") \
	X(plan,     0, 0,            "",                       "deal the tests out to shards; write the plan and its lists") \
	X(emit,     1, 1,            "github|gitlab|make|compose|matrix|lists", "outputs from the plan: workflows, make targets, services, lists") \
	X(check,    0, 0,            "",                       "whether the plan is still true of this tree") \
	X(prove,    1, COMMAND_MANY, "REPORT...",              "after the run: every test ran once, where it was planned, not skipped in vain") \
	X(run,      1, COMMAND_MANY, "LANE|SHARD [-- PYTEST ARGS]", "pytest on the list of a shard or all of a lane's; pytest's exit code, 64 and 70 for its own failures") \
	X(query,    1, 1,            "SQL",                    "read-only SQL over files, tests, marks, fixtures, imports, needs, timings, plan") \
	X(split,    0, 0,            "",                       "plumbing: seconds TAB id [TAB service,...] in, shard TAB id out")
/* clang-format on */

#define X(name, least, most, args, help)                                                                               \
	int cmd_##name(struct call *call);                                                                             \
	extern const struct option cmd_##name##_options[];
COMMANDS(X)
#undef X

/* `run` returns pytest's codes, so its own failures have others: 64 for usage and findings, 70 for trouble. */
int run_exit_code(int status);

#endif
