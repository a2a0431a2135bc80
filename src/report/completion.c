/* One small JSON object; what is missing in it is "", and whoever compares it will not find it equal to anything. */
#include "report/completion.h"

#include "report/json.h"

static struct str take(struct arena *out, const json_t *record, const char *key)
{
	return str_copy(out, json_str(record, key));
}

bool completion_read(struct arena *out, struct report_input *in, struct completion *completion, struct err *err)
{
	struct report report = {0};
	struct report_reading reading = {.out = out, .in = in, .report = &report};
	json_t *record;
	if (!json_read(&reading, &record, err))
		return false;
	bool is_known = json_integer_value(json_object_get(record, "version")) == COMPLETION_VERSION;
	*completion = (struct completion){
	        .lane = take(out, record, "lane"),
	        .shard = take(out, record, "shard"),
	        .list_sha256 = take(out, record, "list_sha256"),
	        .plan_sha256 = take(out, record, "plan_sha256"),
	        .report_sha256 = take(out, record, "report_sha256"),
	        .commit = take(out, record, "commit"),
	};
	json_decref(record);
	return is_known || fail(err, "is no completion record of version %d", COMPLETION_VERSION);
}
