/* A baseline is JSON, one finding a line, so that it merges and reads well; only the fingerprints are read back. */
#include "audit/baseline.h"

#include <inttypes.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"

struct str baseline_fingerprint(struct arena *out, struct str code, struct str path, struct str source, uint32_t n)
{
	struct str parts[] = {code, path, str_trim(source), str_fmt(out, "%u", n)};
	struct hash128 hash = hash128(str_join(out, parts, sizeof parts / sizeof *parts, (struct str){"\0", 1}));
	return str_fmt(out, "%016" PRIx64 "%016" PRIx64, hash.high, hash.low);
}

uint64_t baseline_key(struct str fingerprint)
{
	return hash64(fingerprint);
}

static bool read_entries(json_t *top, const char *name, struct map *known, struct err *err)
{
	json_t *version = json_object_get(top, "version"), *entry;
	size_t i;
	if (json_integer_value(version) != 1)
		return fail_usage(err, "%s is no baseline of this version; write it anew with --write-baseline", name);
	json_array_foreach(json_object_get(top, "findings"), i, entry)
	{
		const char *fingerprint = json_string_value(json_object_get(entry, "fingerprint"));
		if (!fingerprint)
			return fail_usage(err, "%s: finding %zu has no fingerprint", name, i + 1);
		map_put(known, baseline_key(str_of(fingerprint)), 0);
	}
	return true;
}

bool baseline_read(struct arena *out, struct str text, const char *name, struct map *known, struct err *err)
{
	json_error_t why;
	json_t *top = json_loadb(text.at, text.n, 0, &why);
	map_init(known, out);
	if (!top)
		return fail_usage(err, "%s:%d:%d: no JSON: %s", name, why.line, why.column, why.text);
	bool is_fine = read_entries(top, name, known, err);
	json_decref(top);
	return is_fine;
}

struct str baseline_write(struct arena *out, const struct baseline_entry *entries, size_t n)
{
	struct buf to;
	buf_init(&to, out);
	buf_lit(&to, "{\"version\":1,\"findings\":[");
	for (size_t i = 0; i < n; i++) {
		buf_fmt(&to, "%s\n{\"fingerprint\":\"%.*s\",\"code\":\"%.*s\",\"path\":", i ? "," : "",
		        STR_ARG(entries[i].fingerprint), STR_ARG(entries[i].code));
		json_quote(&to, entries[i].path);
		buf_lit(&to, ",\"message\":");
		json_quote(&to, entries[i].message);
		buf_char(&to, '}');
	}
	buf_lit(&to, "\n]}\n");
	return buf_str(&to);
}
