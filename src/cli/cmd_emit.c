/* `emit`: workflow, make targets, matrix or lists from the plan. */
#include "cli/commands.h"

const struct option cmd_emit_options[] = {
        {"into", "FILE", NULL, "put it between the markers of FILE (default: where the config says)"},
        {"out", "FILE", NULL, "write a FILE of its own"},
        {"check", NULL, NULL, "write nothing; show what would change and exit 1 if anything would"},
        {"force", NULL, NULL, "overwrite what was edited by hand"},
        {0},
};

int cmd_emit(struct call *call)
{
	struct lanewright_emit_options options = {
	        .into = call_value(call, "into"),
	        .out = call_value(call, "out"),
	        .only_check = call_has(call, "check"),
	        .force = call_has(call, "force"),
	};
	if (options.into && options.out)
		return call_usage(call, "--into and --out exclude each other");
	struct lanewright_emitted emitted = {0};
	int status = lanewright_emit(call->lw, call->args[0], &options, &emitted);
	if (status > LANEWRIGHT_FINDINGS || (status && !*emitted.diff))
		return call_failed(call, status);
	output_bytes(call->out, str_of(emitted.text));
	output_bytes(call->out, str_of(emitted.diff));
	for (size_t i = 0; i < emitted.n_written; i++)
		call_note(call, options.only_check ? "%s is not what the plan says" : "wrote %s", emitted.written[i]);
	for (size_t i = 0; i < emitted.n_notes; i++)
		call_note(call, "%s", emitted.notes[i]);
	if (status)
		call_note(call, "%s", lanewright_error(call->lw));
	return status;
}
