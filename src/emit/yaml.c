/* One place for quoting, one for indenting, and the comparison at the end. */
#include "emit/yaml.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "emit/quote.h"

static bool is_reserved(struct str s)
{
	static const char *const words[] = {"y",    "n",     "yes",  "no",   "on",   "off",
	                                    "true", "false", "null", ".inf", ".nan", NULL};
	for (size_t i = 0; words[i]; i++)
		if (strlen(words[i]) == s.n && strncasecmp(s.at, words[i], s.n) == 0)
			return true;
	return false;
}

static bool is_word_char(char c)
{
	return isascii((unsigned char)c) && (isalnum((unsigned char)c) || c == '_' || c == '.' || c == '/' || c == '-');
}

/* ^[A-Za-z_./][A-Za-z0-9_./-]*$ and no reserved word; `.5` is a number and `...` an end. */
bool yaml_is_plain(struct str s)
{
	if (s.n == 0 || !is_word_char(s.at[0]) || isdigit((unsigned char)s.at[0]) || s.at[0] == '-')
		return false;
	if (s.at[0] == '.' && s.n > 1 && !isalpha((unsigned char)s.at[1]) && s.at[1] != '/')
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_word_char(s.at[i]))
			return false;
	return !is_reserved(s);
}

static void refuse(struct yaml *y, struct str s)
{
	y->is_refused = true;
	fail_finding(y->err, "\"%.*s\" is not valid UTF-8: it cannot stand in YAML", STR_ARG(quote_shown(y->out, s)));
}

/* The printable characters of YAML 1.1, which is the stricter one, without its line ends beyond LF. */
static bool is_printable(uint32_t c)
{
	return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c <= 0xd7ff && c != 0x2028 && c != 0x2029) ||
	       (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || c >= 0x10000;
}

static void escape(struct buf *buf, uint32_t c)
{
	if (c == '\n')
		buf_lit(buf, "\\n");
	else if (c == '\t')
		buf_lit(buf, "\\t");
	else if (c == '\r')
		buf_lit(buf, "\\r");
	else
		buf_fmt(buf, c <= 0xff ? "\\x%02X" : "\\u%04X", c);
}

static void quoted(struct yaml *y, struct str s)
{
	uint32_t c;
	buf_char(&y->buf, '"');
	for (size_t i = 0, n; i < s.n; i += n) {
		n = utf8_decode(s, i, &c);
		if (n == 0) {
			refuse(y, s);
			break;
		}
		if (c == '"' || c == '\\')
			buf_fmt(&y->buf, "\\%c", (char)c);
		else if (is_printable(c))
			buf_add(&y->buf, str_slice(s, i, i + n));
		else
			escape(&y->buf, c);
	}
	buf_char(&y->buf, '"');
}

static void scalar(struct yaml *y, struct str s)
{
	if (yaml_is_plain(s))
		buf_add(&y->buf, s);
	else
		quoted(y, s);
}

static void mean(struct yaml *y, enum yaml_kind kind, struct str value)
{
	vec_push(y->out, &y->meant, (struct yaml_event){.kind = kind, .value = value});
}

static void mean_plain(struct yaml *y, struct str value)
{
	vec_push(y->out, &y->meant, (struct yaml_event){.kind = YAML_SCALAR, .value = value, .is_plain = true});
}

static void line(struct yaml *y)
{
	buf_spaces(&y->buf, y->indent - (y->has_dash ? 2 : 0));
	if (y->has_dash)
		buf_lit(&y->buf, "- ");
	y->has_dash = false;
}

static void key(struct yaml *y, struct str s)
{
	line(y);
	scalar(y, s);
	buf_char(&y->buf, ':');
	mean(y, YAML_SCALAR, s);
}

static void open(struct yaml *y, enum yaml_kind kind)
{
	mean(y, kind, STR_NONE);
	vec_push(y->out, &y->open, kind);
	y->indent += 2;
}

void yaml_begin(struct yaml *y, struct arena *out, struct err *err)
{
	*y = (struct yaml){.out = out, .err = err};
	buf_init(&y->buf, out);
	mean(y, YAML_MAP, STR_NONE);
}

void yaml_blank(struct yaml *y)
{
	buf_char(&y->buf, '\n');
}

void yaml_comment(struct yaml *y, struct str text)
{
	buf_spaces(&y->buf, y->indent);
	buf_fmt(&y->buf, "# %.*s\n", STR_ARG(quote_shown(y->out, text)));
}

void yaml_text(struct yaml *y, struct str name, struct str value)
{
	key(y, name);
	buf_char(&y->buf, ' ');
	scalar(y, value);
	buf_char(&y->buf, '\n');
	mean(y, YAML_SCALAR, value);
}

void yaml_pair(struct yaml *y, const char *name, struct str value)
{
	yaml_text(y, str_of(name), value);
}

void yaml_pair_noted(struct yaml *y, const char *name, struct str value, struct str comment)
{
	yaml_pair(y, name, value);
	if (comment.n == 0)
		return;
	y->buf.n--; /* the line end */
	buf_fmt(&y->buf, " # %.*s\n", STR_ARG(quote_shown(y->out, comment)));
}

void yaml_bare(struct yaml *y, const char *name, struct str value)
{
	key(y, str_of(name));
	buf_fmt(&y->buf, " %.*s\n", STR_ARG(value));
	mean_plain(y, value);
}

void yaml_number(struct yaml *y, const char *name, int64_t value)
{
	yaml_bare(y, name, str_fmt(y->out, "%" PRId64, value));
}

void yaml_truth(struct yaml *y, const char *name, bool value)
{
	yaml_bare(y, name, value ? STR("true") : STR("false"));
}

/* A literal block keeps every byte, but has no escapes, and of blanks in its last lines not all readers think alike. */
static bool fits_literal(struct str s)
{
	uint32_t c;
	size_t end = s.n;
	while (end > 0 && s.at[end - 1] == '\n')
		end--;
	if (str_trim(s).n == 0 || s.at[end - 1] == ' ' || s.at[end - 1] == '\t')
		return false;
	for (size_t i = 0, n; i < s.n; i += n) {
		n = utf8_decode(s, i, &c);
		if (n == 0 || (!is_printable(c) && c != '\n' && c != '\t'))
			return false;
	}
	return true;
}

/* Behind a key or a dash, and fit for a literal: the `|`, and the lines two columns further in. */
static void literal(struct yaml *y, struct str text)
{
	bool ends = str_ends(text, STR("\n")), ends_blank = str_ends(text, STR("\n\n"));
	bool is_indented = text.at[0] == ' ' || text.at[0] == '\t' || text.at[0] == '\n';
	buf_fmt(&y->buf, "|%s%s\n", is_indented ? "2" : "", ends_blank ? "+" : ends ? "" : "-");
	for (size_t from = 0; from < text.n;) {
		size_t end = str_find(text, STR("\n"), from);
		struct str one = str_slice(text, from, end);
		buf_spaces(&y->buf, one.n ? y->indent + 2 : 0);
		buf_add(&y->buf, one);
		buf_char(&y->buf, '\n');
		from = end == SIZE_MAX ? text.n : end + 1;
	}
	mean(y, YAML_SCALAR, text);
}

void yaml_script(struct yaml *y, const char *name, struct str text)
{
	if (!fits_literal(text)) {
		yaml_pair(y, name, text);
		return;
	}
	key(y, str_of(name));
	buf_char(&y->buf, ' ');
	literal(y, text);
}

void yaml_script_item(struct yaml *y, struct str text)
{
	if (!fits_literal(text)) {
		yaml_item(y, text);
		return;
	}
	buf_spaces(&y->buf, y->indent);
	buf_lit(&y->buf, "- ");
	literal(y, text);
}

void yaml_map(struct yaml *y, struct str name)
{
	key(y, name);
	buf_char(&y->buf, '\n');
	open(y, YAML_MAP);
}

void yaml_list(struct yaml *y, const char *name)
{
	key(y, str_of(name));
	buf_char(&y->buf, '\n');
	open(y, YAML_LIST);
}

void yaml_empty_list(struct yaml *y, const char *name)
{
	key(y, str_of(name));
	buf_lit(&y->buf, " []\n");
	mean(y, YAML_LIST, STR_NONE);
	mean(y, YAML_LIST_END, STR_NONE);
}

void yaml_item_map(struct yaml *y)
{
	open(y, YAML_MAP);
	y->has_dash = true;
}

void yaml_item(struct yaml *y, struct str value)
{
	buf_spaces(&y->buf, y->indent);
	buf_lit(&y->buf, "- ");
	scalar(y, value);
	buf_char(&y->buf, '\n');
	mean(y, YAML_SCALAR, value);
}

void yaml_end(struct yaml *y)
{
	y->indent -= 2;
	mean(y, y->open.at[--y->open.n] == YAML_MAP ? YAML_MAP_END : YAML_LIST_END, STR_NONE);
}

static size_t leading_spaces(struct str s)
{
	size_t n = 0;
	while (n < s.n && s.at[n] == ' ')
		n++;
	return n;
}

/* The items' own column goes, ours comes: the same for every line, so that blocks inside keep their shape. */
static void add_moved(struct yaml *y, struct str items, size_t column)
{
	for (size_t from = 0; from < items.n;) {
		size_t end = str_find(items, STR("\n"), from);
		struct str one = str_slice(items, from, end);
		if (str_ends(one, STR("\r")))
			one.n--;
		size_t spaces = leading_spaces(one);
		one = str_slice(one, spaces < column ? spaces : column, one.n);
		buf_spaces(&y->buf, one.n ? y->indent : 0);
		buf_add(&y->buf, one);
		buf_char(&y->buf, '\n');
		from = end == SIZE_MAX ? items.n : end + 1;
	}
}

void yaml_raw_items(struct yaml *y, struct str items, const char *place)
{
	yaml_events events;
	if (y->is_refused || str_trim(items).n == 0)
		return;
	if (!yaml_read(y->out, items, place, &events, y->err)) {
		y->err->code = ERR_USAGE; /* it is the config that is wrong */
		y->is_refused = true;
	} else if (events.n == 0 || events.at[0].kind != YAML_LIST || events.at[0].is_flow ||
	           events.at[events.n - 1].documents != 1) {
		y->is_refused = true;
		fail_usage(y->err, "%s: expected steps, each beginning with \"- \"", place);
	}
	if (y->is_refused)
		return;
	add_moved(y, items, events.at[0].column);
	for (size_t i = 1; i + 1 < events.n; i++)
		vec_push(y->out, &y->meant, events.at[i]);
}

static bool is_same(const struct yaml_event *meant, const struct yaml_event *read)
{
	return meant->kind == read->kind && str_eq(meant->value, read->value) &&
	       (!read->is_plain || meant->is_plain || yaml_is_plain(read->value));
}

bool yaml_done(struct yaml *y, struct str *text)
{
	yaml_events read;
	*text = buf_str(&y->buf);
	mean(y, YAML_MAP_END, STR_NONE);
	if (y->is_refused || !yaml_read(y->out, *text, "what was emitted", &read, y->err))
		return false;
	if (read.n != y->meant.n)
		return fail(y->err, "what was emitted reads back with %zu parts instead of %zu", read.n, y->meant.n);
	for (size_t i = 0; i < read.n; i++)
		if (!is_same(&y->meant.at[i], &read.at[i]))
			return fail(y->err, "line %u of what was emitted reads back as \"%.*s\" instead of \"%.*s\"",
			            read.at[i].line, STR_ARG(quote_shown(y->out, read.at[i].value)),
			            STR_ARG(quote_shown(y->out, y->meant.at[i].value)));
	return true;
}
