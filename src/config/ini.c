/* inih told to read as iniconfig does.  It is fed line by line, because the handler must know the line, and
 * whether it goes on the one before.
 *
 * Debian builds inih with its limits as variables: without them it would cut lines at 200 bytes and take ` ;` in
 * a value for a comment, and pytest does neither.  They are set to the same values each time. */
#include "config/ini.h"

#include <ini.h>
#include <limits.h>
#include <string.h>

enum {
	LONGEST_NAME = 49, /* inih cuts names there, so longer ones cannot be told apart */
	LARGEST = 1 << 24, /* bytes; inih counts them in an int */
};

struct ini_feed {
	struct str text;
	size_t at;
	uint32_t line;     /* from 1; of the last line given */
	bool is_continued; /* it begins with a blank */
	bool in_section;
	struct str section;
	struct arena *out;
	ini_entries *entries;
	const char *what; /* wrong, when not the line as such */
	bool no_memory;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Line ends are \n, \r\n or \r, as Python's text files have them. */
static size_t line_end(struct str text, size_t at)
{
	while (at < text.n && text.at[at] != '\n' && text.at[at] != '\r')
		at++;
	return at;
}

/* Whether the line is `[section]`, a comment after it allowed. */
static bool is_header(struct str line, struct str section)
{
	size_t close = section.n + 1;
	return line.n > close && line.at[0] == '[' && line.at[close] == ']' &&
	       str_eq(str_slice(line, 1, close), section);
}

/* fgets for ini_parse_stream; `size` is INT_MAX or what inih has at the moment. */
static char *feed(char *to, int size, void *stream)
{
	struct ini_feed *f = stream;
	if (f->at >= f->text.n || size < 2)
		return NULL;
	bool is_start = f->at == 0 || f->text.at[f->at - 1] == '\n' || f->text.at[f->at - 1] == '\r';
	size_t end = line_end(f->text, f->at), n = end - f->at;
	if (is_start) {
		struct str line = str_slice(f->text, f->at, end);
		f->line++;
		f->is_continued = line.n && is_blank(line.at[0]);
		if (line.n && line.at[0] == '[')
			f->in_section = is_header(line, f->section);
	}
	if (n > (size_t)size - 2) { /* inih asks again for the rest */
		n = (size_t)size - 1;
		memcpy(to, f->text.at + f->at, n);
		to[n] = '\0';
		f->at += n;
		return to;
	}
	memcpy(to, f->text.at + f->at, n);
	to[n] = '\n';
	to[n + 1] = '\0';
	bool is_crlf = end + 1 < f->text.n && f->text.at[end] == '\r' && f->text.at[end + 1] == '\n';
	f->at = end + 1 + is_crlf;
	return to;
}

static struct str continued(struct arena *out, struct str value, struct str more)
{
	if (value.n == 0)
		return str_copy(out, more);
	return str_fmt(out, "%.*s\n%.*s", STR_ARG(value), STR_ARG(more));
}

static bool take(struct ini_feed *f, struct str name, struct str value)
{
	struct ini_entry *last = f->entries->n ? &f->entries->at[f->entries->n - 1] : NULL;
	if (f->is_continued && !last) {
		f->what = "a value goes on that never began";
		return false;
	}
	if (f->is_continued) {
		last->value = continued(f->out, last->value, value);
		return true;
	}
	for (size_t i = 0; i < f->entries->n && name.n < LONGEST_NAME; i++)
		if (str_eq(f->entries->at[i].name, name)) {
			f->what = "this name is given twice";
			return false;
		}
	vec_push(f->out, f->entries, ((struct ini_entry){str_copy(f->out, name), str_copy(f->out, value), f->line}));
	return true;
}

/* 1: taken; 0: this line is an error.  The arena's jump must not skip inih, which holds a buffer. */
static int handle(void *user, const char *section, const char *name, const char *value)
{
	struct ini_feed *f = user;
	jmp_buf here, *outer = f->out->trap;
	int taken = 0;
	(void)section;
	if (!f->in_section)
		return 1;
	f->out->trap = &here;
	if (setjmp(here) == 0)
		taken = take(f, str_of(name), str_trim(str_of(value)));
	else
		f->no_memory = true;
	f->out->trap = outer;
	return f->no_memory ? 0 : taken;
}

static int parse(struct ini_feed *f)
{
	ini_allow_inline_comments = false;
	ini_use_stack = false;
	ini_allow_realloc = true;
	ini_max_line = INT_MAX;
	ini_stop_on_first_error = true;
	return ini_parse_stream(feed, f, handle, f);
}

static bool has_section(struct str text, struct str section)
{
	for (size_t at = 0; at < text.n;) {
		size_t end = line_end(text, at);
		if (is_header(str_slice(text, at, end), section))
			return true;
		at = end + 1;
	}
	return false;
}

bool ini_read(struct arena *out, struct str text, const char *path, const char *section, ini_entries *entries,
              bool *found, struct err *err)
{
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_slice(text, 3, text.n);
	struct ini_feed f = {.text = text, .section = str_of(section), .out = out, .entries = entries};
	*entries = (ini_entries){0};
	*found = has_section(text, f.section);
	if (!*found)
		return true;
	if (memchr(text.at, '\0', text.n))
		return fail_usage(err, "%s:1:1: a NUL byte: this is no text", path);
	if (text.n > LARGEST)
		return fail_usage(err, "%s:1:1: larger than 16 MiB: this is no config", path);
	int line = parse(&f);
	if (line < 0 || f.no_memory)
		arena_no_memory(out);
	if (line > 0)
		return fail_usage(err, "%s:%u:1: %s", path, f.line,
		                  f.what ? f.what : "expected [section], name = value or an indented line");
	return true;
}
