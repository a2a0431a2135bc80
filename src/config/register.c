/* A line of its own for each marker: behind the last one that is there, else right below the header of pytest's section,
 * where nothing can come between.  Whoever calls reads the result again with pytest_config_read()'s eyes. */
#include "config/register.h"

#include <string.h>

#include "base/buf.h"
#include "config/toml.h"

static bool is_newline(char c)
{
	return c == '\n' || c == '\r';
}

static size_t line_end(struct str text, size_t at)
{
	while (at < text.n && !is_newline(text.at[at]))
		at++;
	return at;
}

static size_t next_line(struct str text, size_t at)
{
	at = line_end(text, at);
	if (at == text.n)
		return at;
	return at + 1 + (text.at[at] == '\r' && at + 1 < text.n && text.at[at + 1] == '\n');
}

static struct str newline_of(struct str text)
{
	size_t end = line_end(text, 0);
	return end < text.n ? str_slice(text, end, next_line(text, 0)) : STR("\n");
}

static struct str indent_of(struct str line)
{
	size_t n = 0;
	while (n < line.n && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	return str_slice(line, 0, n);
}

static struct str inserted(struct arena *out, struct str text, size_t at, struct str piece)
{
	struct buf buf;
	buf_init(&buf, out);
	buf_add(&buf, str_slice(text, 0, at));
	buf_add(&buf, piece);
	buf_add(&buf, str_slice(text, at, text.n));
	return buf_str(&buf);
}

static void put_line(struct buf *buf, struct str indent, struct str before, struct str line, struct str behind,
                     struct str newline)
{
	buf_add(buf, indent);
	buf_add(buf, before);
	buf_add(buf, line);
	buf_add(buf, behind);
	buf_add(buf, newline);
}

/* ---- ini ---- */

/* Where the line below the header `[section]` begins; SIZE_MAX without it. */
static size_t behind_header(struct str text, struct str header)
{
	size_t at = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
	for (; at < text.n; at = next_line(text, at))
		if (str_starts(str_slice(text, at, line_end(text, at)), header))
			return next_line(text, at);
	return SIZE_MAX;
}

static bool is_key(struct str line, struct str key)
{
	if (!str_starts(line, key))
		return false;
	struct str rest = str_trim(str_slice(line, key.n, line.n));
	return rest.n && (rest.at[0] == '=' || rest.at[0] == ':');
}

/* The end of the value that begins in the line at `at`: behind its last line with text. */
static size_t value_end(struct str text, size_t at, struct str *indent)
{
	size_t end = next_line(text, at);
	*indent = STR_NONE;
	for (at = end; at < text.n; at = next_line(text, at)) {
		struct str line = str_slice(text, at, line_end(text, at)), blank = indent_of(line);
		bool is_text = blank.n < line.n && line.at[blank.n] != '#' && line.at[blank.n] != ';';
		if (blank.n == 0 && line.n && is_text)
			break;
		if (is_text) {
			end = next_line(text, at);
			*indent = indent->n ? *indent : blank;
		}
	}
	return end;
}

static struct str ini_piece(struct arena *out, struct str text, size_t at, const strs *lines, struct str indent,
                            struct str key)
{
	struct buf buf;
	struct str newline = newline_of(text);
	bool is_cut = at == text.n && text.n && !is_newline(text.at[text.n - 1]);
	buf_init(&buf, out);
	buf_add(&buf, is_cut ? newline : STR_NONE);
	if (key.n)
		put_line(&buf, STR_NONE, STR_NONE, key, STR_NONE, newline);
	for (size_t i = 0; i < lines->n; i++)
		put_line(&buf, indent.n ? indent : STR("    "), STR_NONE, lines->at[i], STR_NONE, newline);
	return str_slice(buf_str(&buf), 0, buf.n - (is_cut ? newline.n : 0));
}

static bool register_ini(struct arena *out, struct str text, struct str header, const strs *lines, struct str *to)
{
	struct str indent;
	size_t at = behind_header(text, header);
	if (at == SIZE_MAX) { /* below all that is there, which stays in its own sections */
		bool is_cut = text.n && !is_newline(text.at[text.n - 1]);
		struct str opened = str_fmt(out, "%.*s%.*s%.*s", STR_ARG(is_cut ? newline_of(text) : STR_NONE),
		                            STR_ARG(header), STR_ARG(newline_of(text)));
		*to = inserted(out, text, text.n, opened);
		return register_ini(out, *to, header, lines, to);
	}
	for (size_t line = at; line < text.n && text.at[line] != '['; line = next_line(text, line))
		if (is_key(str_slice(text, line, line_end(text, line)), STR("markers"))) {
			size_t end = value_end(text, line, &indent);
			*to = inserted(out, text, end, ini_piece(out, text, end, lines, indent, STR_NONE));
			return true;
		}
	*to = inserted(out, text, at, ini_piece(out, text, at, lines, STR_NONE, STR("markers =")));
	return true;
}

/* ---- TOML ---- */

/* Behind the string, comment or byte at `at`. */
static size_t toml_step(struct str text, size_t at)
{
	char quote = text.at[at];
	if (quote == '#')
		return line_end(text, at);
	if (quote != '"' && quote != '\'')
		return at + 1;
	struct str three = {(const char[]){quote, quote, quote}, 3};
	bool is_long = str_starts(str_slice(text, at, text.n), three);
	for (size_t i = at + (is_long ? 3 : 1); i < text.n; i++) {
		if (text.at[i] == '\\' && quote == '"')
			i++;
		else if (is_long ? str_starts(str_slice(text, i, text.n), three) : text.at[i] == quote)
			return i + (is_long ? 3 : 1);
	}
	return text.n;
}

static size_t place_of(struct str text, uint32_t line, uint32_t column)
{
	size_t at = 0;
	while (--line)
		at = next_line(text, at);
	while (--column && at < text.n) {
		at++;
		while (at < text.n && (text.at[at] & 0xc0) == 0x80)
			at++;
	}
	return at;
}

static struct str quoted(struct arena *out, struct str line)
{
	return str_has(line, STR("\"")) || str_has(line, STR("\\")) ? str_fmt(out, "'%.*s'", STR_ARG(line))
	                                                            : str_fmt(out, "\"%.*s\"", STR_ARG(line));
}

struct array {
	size_t close;
	size_t item,
	        end; /* where the last item begins, and its end, a comma behind it included; both behind `[` if none */
	bool is_empty, has_comma;
};

static bool read_array(struct str text, size_t open, struct array *array)
{
	*array = (struct array){.close = open + 1, .item = open + 1, .end = open + 1, .is_empty = true};
	for (; array->close < text.n && text.at[array->close] != ']'; array->close = toml_step(text, array->close)) {
		char c = text.at[array->close];
		if (c == '"' || c == '\'') {
			array->item = array->close;
			array->end = toml_step(text, array->close);
			array->is_empty = array->has_comma = false;
		} else if (c == ',') {
			array->end = array->close + 1;
			array->has_comma = true;
		}
	}
	return array->close < text.n;
}

/* Lines of their own where the last item has one, else behind it. */
static bool extend_array(struct arena *out, struct str text, size_t open, const strs *lines, struct str *to)
{
	struct array array;
	struct buf buf;
	if (!read_array(text, open, &array))
		return false;
	size_t line = array.item;
	while (line > 0 && !is_newline(text.at[line - 1]))
		line--;
	struct str indent = indent_of(str_slice(text, line, array.item));
	bool is_column = !array.is_empty && indent.n == array.item - line && line_end(text, array.end) < array.close;
	size_t at = is_column ? line_end(text, array.end) : array.end;
	buf_init(&buf, out);
	buf_add(&buf, str_slice(text, 0, array.end));
	if (!array.is_empty && !array.has_comma)
		buf_char(&buf, ',');
	buf_add(&buf, str_slice(text, array.end, at));
	for (size_t i = 0; i < lines->n; i++) {
		if (is_column)
			buf_add(&buf, newline_of(text));
		buf_add(&buf, is_column ? indent : i || !array.is_empty ? STR(" ") : STR_NONE);
		buf_add(&buf, quoted(out, lines->at[i]));
		if (i + 1 < lines->n || array.has_comma)
			buf_char(&buf, ',');
	}
	buf_add(&buf, str_slice(text, at, text.n));
	*to = buf_str(&buf);
	return true;
}

/* A list of markers may also be one string of several lines. */
static bool extend_string(struct arena *out, struct str text, size_t open, const strs *lines, struct str *to)
{
	size_t end = toml_step(text, open);
	struct buf buf;
	if (!str_starts(str_slice(text, open, text.n), STR("\"\"\"")) &&
	    !str_starts(str_slice(text, open, text.n), STR("'''")))
		return false;
	struct str inside = str_slice(text, open + 3, end - 3), newline = newline_of(text);
	size_t tail = inside.n;
	while (tail > 0 && (is_newline(inside.at[tail - 1]) || strchr(" \t", inside.at[tail - 1])))
		tail--;
	size_t line = tail;
	while (line > 0 && !is_newline(inside.at[line - 1]))
		line--;
	buf_init(&buf, out);
	for (size_t i = 0; i < lines->n; i++) {
		buf_add(&buf, newline);
		buf_add(&buf, indent_of(str_slice(inside, line, tail)));
		buf_add(&buf, lines->at[i]);
	}
	*to = inserted(out, text, open + 3 + tail, buf_str(&buf));
	return true;
}

static struct str new_array(struct arena *out, struct str text, size_t at, const strs *lines)
{
	struct buf buf;
	struct str newline = newline_of(text);
	buf_init(&buf, out);
	if (at == text.n && text.n && !is_newline(text.at[text.n - 1]))
		buf_add(&buf, newline);
	put_line(&buf, STR_NONE, STR_NONE, STR("markers = ["), STR_NONE, newline);
	for (size_t i = 0; i < lines->n; i++)
		put_line(&buf, STR("    "), STR_NONE, quoted(out, lines->at[i]), STR(","), newline);
	put_line(&buf, STR_NONE, STR_NONE, STR("]"), STR_NONE, newline);
	return buf_str(&buf);
}

static bool register_toml(struct arena *out, const char *path, struct str text, bool is_own, const strs *lines,
                          struct str *to, struct err *err)
{
	struct toml_value top;
	if (!toml_parse(out, text, path, &top, err))
		return false;
	const struct toml_value *pytest =
	        is_own ? toml_get(&top, "pytest") : toml_get(toml_get(&top, "tool"), "pytest");
	const struct toml_value *old = is_own ? NULL : toml_get(pytest, "ini_options");
	const struct toml_value *markers = toml_get(old ? old : pytest, "markers");
	if (markers) {
		size_t at = place_of(text, markers->line, markers->column);
		bool is_array = markers->kind == TOML_ARRAY && at < text.n && text.at[at] == '[';
		if ((is_array ? extend_array : extend_string)(out, text, at, lines, to))
			return true;
		return fail_usage(err, "%s:%u:%u: markers has a form that is not extended", path, markers->line,
		                  markers->column);
	}
	struct str header = is_own ? STR("[pytest]") : old ? STR("[tool.pytest.ini_options]") : STR("[tool.pytest]");
	size_t at = behind_header(text, header);
	if (at == SIZE_MAX && is_own && !pytest) {
		struct str opened = str_fmt(out, "[pytest]%.*s", STR_ARG(newline_of(text)));
		text = inserted(out, text, text.n, opened);
		at = text.n;
	}
	if (at == SIZE_MAX)
		return fail_usage(err, "%s: it has no line %.*s below which markers could stand", path,
		                  STR_ARG(header));
	*to = inserted(out, text, at, new_array(out, text, at, lines));
	return true;
}

bool register_markers(struct arena *out, const char *path, struct str text, const strs *lines, struct str *to,
                      struct err *err)
{
	struct str name = path_base(str_of(path));
	if (str_ends(name, STR(".toml")))
		return register_toml(out, path, text, !str_eq(name, STR("pyproject.toml")), lines, to, err);
	struct str header = str_eq(name, STR("setup.cfg")) ? STR("[tool:pytest]") : STR("[pytest]");
	return register_ini(out, text, header, lines, to);
}
