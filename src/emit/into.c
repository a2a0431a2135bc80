/* Finding the block, and putting a new one in its place. */
#include "emit/into.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/yaml_read.h"

#define BEGIN STR("# >>> lanewright:begin lanes")
#define END   STR("# <<< lanewright:end lanes")

/* A place in the file: whole lines from `from` to `to`. */
struct span {
	size_t from, to;
};

struct splice {
	struct arena *out;
	const struct into *into;
	struct str file;
	yaml_events events;     /* INTO_JOBS */
	struct span begin, end; /* the marker lines, or both empty at the place to add */
	bool has_markers;
	size_t indent;
	bool is_crlf;
	struct err *err;
};

static struct span line_at(struct str file, size_t from)
{
	size_t end = str_find(file, STR("\n"), from);
	return (struct span){from, end == SIZE_MAX ? file.n : end + 1};
}

static struct str line_text(struct str file, struct span line)
{
	return str_trim(str_slice(file, line.from, line.to));
}

static size_t indent_of(struct str file, struct span line)
{
	size_t n = 0;
	while (line.from + n < line.to && file.at[line.from + n] == ' ')
		n++;
	return n;
}

/* Does this byte belong to a scalar, as a line of a script does? */
static bool is_in_scalar(const struct splice *s, size_t at)
{
	for (size_t i = 0; i < s->events.n; i++) {
		const struct yaml_event *event = &s->events.at[i];
		if (event->kind == YAML_SCALAR && event->from <= at && at < event->to)
			return true;
	}
	return false;
}

static bool is_marker(const struct splice *s, struct span line, struct str marker)
{
	struct str text = line_text(s->file, line);
	bool is_whole = str_eq(text, marker) || (str_starts(text, marker) && text.at[marker.n] == ' ');
	return is_whole && !is_in_scalar(s, line.from + indent_of(s->file, line));
}

static bool find_markers(struct splice *s)
{
	size_t begins = 0, ends = 0;
	for (size_t at = 0; at < s->file.n;) {
		struct span line = line_at(s->file, at);
		if (is_marker(s, line, BEGIN)) {
			begins++;
			s->begin = line;
		} else if (is_marker(s, line, END)) {
			ends++;
			s->end = line;
		}
		at = line.to;
	}
	s->has_markers = begins || ends;
	if (!s->has_markers || (begins == 1 && ends == 1 && s->begin.from < s->end.from))
		return true;
	return fail_finding(
	        s->err,
	        "%s: %zu begin and %zu end markers of lanewright, where one pair in this order is expected: "
	        "take out what is not needed",
	        s->into->path, begins, ends);
}

/* The checksum of a block, whatever line ends git gave it. */
static struct str checksum(struct arena *out, struct str block)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t i = 0; i < block.n; i++)
		if (!(block.at[i] == '\r' && i + 1 < block.n && block.at[i + 1] == '\n'))
			buf_char(&buf, block.at[i]);
	return sha256_hex(out, buf_str(&buf));
}

static bool check_unedited(const struct splice *s)
{
	if (!s->has_markers || s->into->force)
		return true;
	struct str marker = line_text(s->file, s->begin), block = str_slice(s->file, s->begin.to, s->end.from);
	size_t at = str_find(marker, STR(" sha256="), 0);
	struct str found = at == SIZE_MAX ? STR_NONE : str_trim(str_slice(marker, at + 8, marker.n));
	if (str_trim(block).n == 0 || str_eq(found, checksum(s->out, block)))
		return true; /* a pair with nothing between is a place that a person has chosen */
	return fail_finding(s->err,
	                    "%s: the block between the lanewright markers was edited by hand: move the change to "
	                    "lanewright.toml, then overwrite the block with --force",
	                    s->into->path);
}

static bool read_jobs(struct splice *s, size_t *jobs)
{
	if (!yaml_read(s->out, s->file, s->into->path, &s->events, s->err)) {
		s->err->code = ERR_FINDING;
		return false;
	}
	*jobs = yaml_find(&s->events, 0, STR("jobs"));
	if (s->events.n && s->events.at[s->events.n - 1].documents > 1)
		return fail_finding(s->err, "%s: more than one YAML document; a workflow is one", s->into->path);
	if (*jobs == 0)
		return fail_finding(s->err, "%s: no `jobs:`, where the lanes would go", s->into->path);
	const struct yaml_event *value = &s->events.at[*jobs];
	bool is_empty = value->kind == YAML_SCALAR && value->value.n == 0;
	if (!is_empty && (value->kind != YAML_MAP || value->is_flow))
		return fail_finding(s->err, "%s:%u: `jobs:` is expected to be a block of jobs, a line each",
		                    s->into->path, value->line);
	return true;
}

/* The end of the last job: behind its last line, and behind comments below it that are indented as jobs are. */
static void place_behind_jobs(struct splice *s, size_t jobs)
{
	size_t at = 0, end = yaml_skip(&s->events, jobs);
	for (size_t i = jobs; i < end; i++) {
		const struct yaml_event *event = &s->events.at[i];
		if ((event->to > event->from || event->kind == YAML_SCALAR) && event->kind != YAML_MAP &&
		    event->to > at)
			at = event->to;
	}
	if (at == 0 || s->file.at[at - 1] != '\n')
		at = line_at(s->file, at).to;
	s->indent = s->events.at[jobs].kind == YAML_MAP ? s->events.at[jobs].column : 2;
	for (size_t next = at; next < s->file.n;) {
		struct span line = line_at(s->file, next);
		struct str text = line_text(s->file, line);
		bool is_comment = str_starts(text, STR("#"));
		if (text.n && !(is_comment && indent_of(s->file, line) >= s->indent && s->indent))
			break;
		next = line.to;
		if (is_comment)
			at = next;
	}
	s->begin = s->end = (struct span){at, at};
}

static void add_line(struct buf *buf, const struct splice *s, struct str text)
{
	buf_spaces(buf, text.n ? s->indent : 0);
	buf_add(buf, text);
	buf_add(buf, s->is_crlf ? STR("\r\n") : STR("\n"));
}

static struct str indented(const struct splice *s, struct str block)
{
	struct buf buf;
	buf_init(&buf, s->out);
	for (size_t at = 0; at < block.n;) {
		struct span line = line_at(block, at);
		struct str text = str_slice(block, line.from, line.to);
		text.n -= str_ends(text, STR("\n"));
		add_line(&buf, s, text);
		at = line.to;
	}
	return buf_str(&buf);
}

static struct str spliced(const struct splice *s, struct str block)
{
	struct buf buf;
	struct str body = indented(s, block);
	struct str marker = str_fmt(s->out, "%.*s sha256=%.*s", STR_ARG(BEGIN), STR_ARG(checksum(s->out, body)));
	bool lacks_end = !s->has_markers && s->begin.from > 0 && s->file.at[s->begin.from - 1] != '\n';
	buf_init(&buf, s->out);
	buf_add(&buf, str_slice(s->file, 0, s->begin.from));
	if (lacks_end)
		buf_add(&buf, s->is_crlf ? STR("\r\n") : STR("\n"));
	add_line(&buf, s, marker);
	buf_add(&buf, body);
	if (s->has_markers) {
		buf_add(&buf, str_slice(s->file, s->end.from, s->file.n));
		return buf_str(&buf);
	}
	add_line(&buf, s, END);
	if (lacks_end)
		buf.n -= s->is_crlf ? 2 : 1;
	buf_add(&buf, str_slice(s->file, s->end.to, s->file.n));
	return buf_str(&buf);
}

/* How often a job of this name stands below `jobs:`. */
static size_t count_job(const yaml_events *events, size_t jobs, struct str name, size_t *found)
{
	size_t n = 0;
	for (size_t at = jobs + 1; events->at[at].kind != YAML_MAP_END; at = yaml_skip(events, yaml_skip(events, at)))
		if (str_eq(events->at[at].value, name)) {
			*found = at;
			n++;
		}
	return n;
}

/* Our jobs, read out of the whole file, are what we meant, and no job of the user's has the name of one. */
static bool check_jobs(struct splice *s, struct str result, struct str block)
{
	yaml_events ours, all;
	if (!yaml_read(s->out, block, "the block", &ours, s->err))
		return false;
	if (!yaml_read(s->out, result, s->into->path, &all, s->err)) {
		s->err->code = ERR_FINDING;
		return false;
	}
	size_t jobs = yaml_find(&all, 0, STR("jobs")), found = 0;
	for (size_t at = 1; ours.at[at].kind != YAML_MAP_END;) {
		size_t next = yaml_skip(&ours, yaml_skip(&ours, at));
		size_t n = jobs && all.at[jobs].kind == YAML_MAP ? count_job(&all, jobs, ours.at[at].value, &found) : 0;
		if (n > 1)
			return fail_finding(s->err,
			                    "%s: there is a job %.*s already, outside the block: rename it, or set "
			                    "another [emit.github] name",
			                    s->into->path, STR_ARG(ours.at[at].value));
		for (size_t i = 0; i < next - at && n; i++)
			if (found + i >= all.n || all.at[found + i].kind != ours.at[at + i].kind ||
			    !str_eq(all.at[found + i].value, ours.at[at + i].value))
				n = 0;
		if (n == 0)
			return fail_finding(
			        s->err, "%s: the jobs of the block do not stand below `jobs:`; move the markers there",
			        s->into->path);
		at = next;
	}
	return true;
}

bool into_splice(struct arena *out, const struct into *into, struct str file, struct str block, struct str *result,
                 struct err *err)
{
	struct splice s = {.out = out, .into = into, .file = file, .err = err};
	size_t jobs = 0, line_end = str_find(file, STR("\n"), 0);
	s.is_crlf = str_ends(str_slice(file, 0, line_end), STR("\r"));
	s.begin = s.end = (struct span){file.n, file.n};
	if (into->kind == INTO_JOBS && !read_jobs(&s, &jobs))
		return false;
	if (!find_markers(&s) || !check_unedited(&s))
		return false;
	if (s.has_markers)
		s.indent = indent_of(file, s.begin);
	else if (into->kind == INTO_JOBS)
		place_behind_jobs(&s, jobs);
	*result = spliced(&s, block);
	return into->kind != INTO_JOBS || check_jobs(&s, *result, block);
}

bool into_holds(struct arena *out, struct str file, enum into_kind kind, size_t at)
{
	struct err ignored = {0};
	const struct into into = {.kind = kind, .path = ""};
	struct splice s = {.out = out, .into = &into, .file = file, .err = &ignored};
	size_t jobs;
	if (!str_has(file, BEGIN) || (kind == INTO_JOBS && !read_jobs(&s, &jobs)))
		return false;
	return find_markers(&s) && s.has_markers && s.begin.to <= at && at < s.end.from;
}
