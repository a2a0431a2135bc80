/* Building the lists of a plan. */
#include "emit/list.h"

#include <ctype.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "emit/quote.h"

/* pytest reads an @list by argparse, which splits it by str.splitlines: at more characters than LF. */
static bool splits_lines(uint32_t c)
{
	return (c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool has_line_end(struct str s)
{
	uint32_t c;
	for (size_t i = 0; i < s.n; i += utf8_decode(s, i, &c))
		if (utf8_decode(s, i, &c) && splits_lines(c))
			return true;
	return false;
}

const char *list_refuses(struct str id, struct str path)
{
	struct str names = str_slice(id, path.n, id.n);
	if (path.n == 0)
		return "the path is empty";
	if (!utf8_valid(id))
		return "the path is not valid UTF-8";
	if (str_has(id, (struct str){"", 1}))
		return "the path has a NUL byte";
	if (has_line_end(id))
		return "the path has a line end";
	if (str_has(id, STR("[")))
		return "the path has a \"[\", where pytest begins parameters";
	if (str_has(path, STR("::")) || (names.n && str_ends(path, STR(":"))))
		return "the path has a \"::\", where pytest begins a test's name";
	if (!str_starts(id, path) || (names.n && !str_starts(names, STR("::"))))
		return "the id is not its path and names";
	if (str_trim(path).n == 0)
		return "the path is blank";
	return NULL;
}

bool list_name_is_plain(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!isascii(name.at[i]) ||
		    (!isalnum((unsigned char)name.at[i]) && name.at[i] != '_' && name.at[i] != '-'))
			return false;
	return name.n > 0;
}

static bool check_names(struct arena *out, const struct plan *plan, struct err *err)
{
	for (size_t i = 0; i < plan->shards.n; i++) {
		struct str name = plan->shards.at[i].name;
		if (!list_name_is_plain(name))
			return fail_finding(err,
			                    "a shard called \"%.*s\" can have no list: rename its lane in [lanes] with "
			                    "letters, digits, _ and - only",
			                    STR_ARG(quote_shown(out, name)));
		for (size_t k = 0; k < i; k++)
			if (str_eq(plan->shards.at[k].name, name))
				return fail_finding(
				        err, "two shards are called \"%.*s\": rename one of their lanes in [lanes]",
				        STR_ARG(name));
	}
	return true;
}

static bool add_unit(struct arena *out, struct buf *list, const struct plan_unit *unit, struct err *err)
{
	const char *why = list_refuses(unit->id, unit->path);
	if (why)
		return fail_finding(err, "%.*s cannot be passed to pytest: %s; rename the file",
		                    STR_ARG(quote_shown(out, unit->id)), why);
	if (unit->id.at[0] == '-' || unit->id.at[0] == '@')
		buf_lit(list, "./");
	buf_add(list, unit->id);
	buf_char(list, '\n');
	return true;
}

struct str list_path(struct arena *out, struct str shard)
{
	return str_fmt(out, LIST_DIR "/%.*s.txt", STR_ARG(shard));
}

strs list_stale(struct arena *out, const struct plan *plan, const strs *present)
{
	strs stale = {0};
	for (size_t i = 0; i < present->n; i++) {
		struct str file = present->at[i], list = file;
		if (str_ends(list, STR(FILE_UNFINISHED)))
			list.n -= sizeof FILE_UNFINISHED - 1;
		bool is_stale = str_ends(list, STR(".txt"));
		for (size_t k = 0; k < plan->shards.n && is_stale; k++)
			if (str_eq(str_slice(list, 0, list.n - 4), plan->shards.at[k].name))
				is_stale = false;
		if (is_stale)
			vec_push(out, &stale, str_fmt(out, LIST_DIR "/%.*s", STR_ARG(file)));
	}
	return stale;
}

bool list_build(struct arena *out, const struct plan *plan, list_files *lists, struct err *err)
{
	*lists = (list_files){0};
	if (!check_names(out, plan, err))
		return false;
	struct buf *texts = arena_array(out, struct buf, plan->shards.n + 1);
	for (size_t i = 0; i < plan->shards.n; i++)
		buf_init(&texts[i], out);
	for (size_t i = 0; i < plan->units.n; i++)
		if (!add_unit(out, &texts[plan->units.at[i].shard], &plan->units.at[i], err))
			return false;
	for (size_t i = 0; i < plan->shards.n; i++) {
		struct str text = buf_str(&texts[i]);
		if (text.n == 0)
			return fail_finding(err, "shard %.*s has no test: an empty list would run the whole suite",
			                    STR_ARG(plan->shards.at[i].name));
		vec_push(out, lists,
		         (struct list_file){list_path(out, plan->shards.at[i].name), text, sha256_hex(out, text)});
	}
	return true;
}
