/* `emit matrix`: {"include": [...]}, one entry a shard, on one line, for $GITHUB_OUTPUT and fromJSON or any script.
 * An include-only matrix is the shape with the fewest surprises: one entry, one job. */
#include "emit/emitters.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/json.h"
#include "emit/parts.h"

static bool json_checked(struct buf *buf, struct str s, struct err *err)
{
	json_quote(buf, s);
	return utf8_valid(s) || fail_finding(err, "\"%.*s\" is not valid UTF-8: it cannot stand in JSON", STR_ARG(s));
}

static bool add_services(struct buf *buf, const struct plan *plan, service_set set, struct err *err)
{
	bool is_first = true;
	buf_char(buf, '[');
	for (size_t i = 0; i < plan->services.n; i++) {
		if (!(set >> i & 1))
			continue;
		if (!is_first)
			buf_char(buf, ',');
		if (!json_checked(buf, plan->services.at[i], err))
			return false;
		is_first = false;
	}
	buf_char(buf, ']');
	return true;
}

static bool add_entry(struct arena *out, struct buf *buf, const struct plan *plan, const struct plan_shard *shard,
                      struct err *err)
{
	const struct plan_lane *lane = &plan->lanes.at[shard->lane];
	int64_t seconds = (shard->fixed_ms + shard->load_ms + 999) / 1000;
	buf_lit(buf, "{\"lane\":");
	if (!json_checked(buf, lane->name, err))
		return false;
	buf_lit(buf, ",\"shard\":");
	if (!json_checked(buf, shard->name, err))
		return false;
	buf_lit(buf, ",\"list\":");
	json_quote(buf, list_path(out, shard->name));
	buf_lit(buf, ",\"services\":");
	if (!add_services(buf, plan, lane->services, err))
		return false;
	buf_fmt(buf, ",\"seconds\":%lld,\"coverage\":", (long long)seconds);
	json_quote(buf, parts_coverage_file(out, plan, shard));
	buf_char(buf, '}');
	return true;
}

bool emit_matrix(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	const struct plan *plan = source->plan;
	struct buf buf;
	buf_init(&buf, out);
	*emitted = (struct emitted){0};
	if (plan->shards.n == 0)
		return fail_finding(err,
		                    "the plan has no shard: a matrix without an entry is an error in every CI system");
	buf_lit(&buf, "{\"include\":[");
	for (size_t i = 0; i < plan->shards.n; i++) {
		if (i)
			buf_char(&buf, ',');
		if (!add_entry(out, &buf, plan, &plan->shards.at[i], err))
			return false;
	}
	buf_lit(&buf, "]}\n");
	emitted->text = buf_str(&buf);
	return true;
}
