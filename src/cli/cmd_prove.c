/* `prove`: after the run, whether every test ran once, where it was planned, and was not skipped for want of what its
 * lane has. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_prove_options[] = {
        {"lane", "LANE", NULL, "only the shards of this lane"},
        {"shard", "SHARD", NULL, "only this shard, whatever the names of the files"},
        {"format", "FORMAT", "text markdown json github",
         "how to print (default: text); markdown is for a step summary, github annotates"},
        {0},
};

static void print_shard(struct output *out, const struct lanewright_shard_run *shard)
{
	put_break(out);
	put_open(out, '{');
	put_key(out, "shard");
	put_text(out, shard->name);
	put_key(out, "tests");
	put_number(out, shard->n_tests);
	put_key(out, "cases");
	put_number(out, shard->cases);
	put_key(out, "failed");
	put_number(out, shard->failed);
	put_key(out, "skipped");
	put_number(out, shard->skipped);
	put_key(out, "seconds");
	put_seconds(out, shard->ms);
	put_close(out, '}');
}

static void print_finding(struct output *out, const struct lanewright_unproven *finding)
{
	put_break(out);
	put_open(out, '{');
	put_key(out, "kind");
	put_text(out, finding->kind);
	put_key(out, "path");
	put_text(out, finding->path);
	put_key(out, "line");
	put_number(out, finding->line);
	put_key(out, "message");
	put_text(out, finding->text);
	put_close(out, '}');
}

static void print_json(struct output *out, const struct lanewright_proof *proof)
{
	put_open(out, '{');
	put_key(out, "version");
	put_number(out, 1);
	put_key(out, "proven");
	put_bool(out, proof->n_findings == 0);
	put_key(out, "shards");
	put_open(out, '[');
	for (size_t i = 0; i < proof->n_shards; i++)
		print_shard(out, &proof->shards[i]);
	put_close(out, ']');
	put_key(out, "findings");
	put_open(out, '[');
	for (size_t i = 0; i < proof->n_findings; i++)
		print_finding(out, &proof->findings[i]);
	put_close(out, ']');
	put_close(out, '}');
}

/* Line by line, so that none of them can speak to the terminal or to a CI runner. */
static void print_text(const struct call *call, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		output_text(call->out, STYLE_PLAIN, str_c(call->arena, (struct str){text, n}));
		output_line(call->out);
		text += n + (text[n] == '\n');
	}
}

int cmd_prove(struct call *call)
{
	struct lanewright_prove_options options = {
	        .lane = call_value(call, "lane"),
	        .shard = call_value(call, "shard"),
	};
	if (options.lane && options.shard)
		return call_usage(call, "--lane and --shard exclude each other");
	const char **files = arena_array(call->arena, const char *, call->n_args);
	for (size_t i = 0; i < call->n_args; i++)
		files[i] = call_input(call, call->args[i]);
	struct lanewright_proof proof;
	int status = lanewright_prove(call->lw, files, call->n_args, &options, &proof);
	if (status != LANEWRIGHT_OK && proof.n_findings == 0)
		return call_failed(call, status);
	const char *format = call_value(call, "format");
	if (format && strcmp(format, "json") == 0) {
		print_json(call->out, &proof);
	} else if (format && strcmp(format, "markdown") == 0) {
		output_bytes(call->out, str_of(proof.markdown));
	} else {
		if (format && strcmp(format, "github") == 0)
			output_bytes(call->out, str_of(proof.annotations));
		if (proof.n_findings || !call->is_quiet)
			print_text(call, proof.text);
	}
	return status;
}
