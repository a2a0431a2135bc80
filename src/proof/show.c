/* File names and skip reasons are somebody's text: nothing of them may become Markdown, a table or a workflow command. */
#include "proof/show.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"

/* One line for a terminal: control characters are seen, not obeyed. */
static void add_plain(struct buf *buf, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c < 0x20 || c == 0x7f)
			buf_fmt(buf, "\\x%02x", c);
		else
			buf_char(buf, s.at[i]);
	}
}

/* In Markdown every ASCII punctuation may be escaped; HTML and line ends need more. */
static void add_markdown(struct buf *buf, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == '<')
			buf_lit(buf, "&lt;");
		else if (c == '&')
			buf_lit(buf, "&amp;");
		else if (c < 0x20 || c == 0x7f)
			buf_char(buf, ' ');
		else if (c == '@')
			buf_lit(buf, "&#64;"); /* no mention of a person */
		else if (strchr("\\`*_{}[]()#+-.!|>~:$\"'", c))
			buf_fmt(buf, "\\%c", c);
		else
			buf_char(buf, s.at[i]);
	}
}

/* Of a workflow command; a property ends at : and , as well. */
static void add_command(struct buf *buf, struct str s, bool is_property)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.at[i];
		if (c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ',')))
			buf_fmt(buf, "%%%02X", (unsigned char)c);
		else
			buf_char(buf, c);
	}
}

typedef void add_fn(struct buf *buf, struct str s);

static void add_place(struct buf *buf, const struct prove_finding *finding, add_fn *add)
{
	if (finding->path.n == 0)
		return;
	add(buf, finding->path);
	if (finding->line)
		buf_fmt(buf, "%s%" PRIu32, add == add_markdown ? "\\:" : ":", finding->line);
	buf_lit(buf, ": ");
}

static size_t count_kind(const struct proof *proof, enum prove_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < proof->findings.n; i++)
		n += proof->findings.at[i].kind == kind;
	return n;
}

/* The shards of the plan that were asked for, summed up. */
static struct prove_count sum(const struct plan *plan, const struct proof *proof, size_t *shards)
{
	struct prove_count all = {0};
	*shards = 0;
	for (size_t i = 0; i < plan->shards.n; i++) {
		const struct prove_count *one = &proof->shards[i];
		if (!one->is_asked)
			continue;
		++*shards;
		all.units += one->units;
		all.tests += one->tests;
		all.cases += one->cases;
		all.failed += one->failed;
		all.skipped += one->skipped;
		all.ms += one->ms;
	}
	return all;
}

static void add_verdict(struct buf *buf, const struct plan *plan, const struct proof *proof)
{
	size_t shards;
	struct prove_count all = sum(plan, proof, &shards);
	if (proof->findings.n)
		buf_fmt(buf, "not proven: %zu finding%s\n", proof->findings.n, proof->findings.n == 1 ? "" : "s");
	else
		buf_fmt(buf,
		        "proven: %" PRIu32 " test functions of %zu shard%s ran as planned, in %" PRIu32
		        " cases (%" PRIu32 " failed, %" PRIu32 " skipped)\n",
		        all.tests, shards, shards == 1 ? "" : "s", all.cases, all.failed, all.skipped);
}

struct str prove_text(struct arena *out, const struct plan *plan, const struct proof *proof)
{
	struct buf buf;
	buf_init(&buf, out);
	buf_fmt(&buf, "%-28s %6s %6s %6s %6s %8s\n", "shard", "tests", "cases", "failed", "skip", "seconds");
	for (size_t i = 0; i < plan->shards.n; i++) {
		const struct prove_count *one = &proof->shards[i];
		if (one->is_asked)
			buf_fmt(&buf, "%-28.*s %6" PRIu32 " %6" PRIu32 " %6" PRIu32 " %6" PRIu32 " %8.1f\n",
			        STR_ARG(plan->shards.at[i].name), one->tests, one->cases, one->failed, one->skipped,
			        (double)one->ms / 1000);
	}
	for (size_t i = 0; i < proof->findings.n; i++) {
		const struct prove_finding *finding = &proof->findings.at[i];
		if (i == 0 || finding[-1].kind != finding->kind)
			buf_fmt(&buf, "\n%zu %s\n", count_kind(proof, finding->kind), prove_heading(finding->kind));
		buf_lit(&buf, "  - "); /* GitHub looks for :: behind blanks, too */
		add_place(&buf, finding, add_plain);
		add_plain(&buf, finding->text);
		buf_char(&buf, '\n');
	}
	buf_char(&buf, '\n');
	add_verdict(&buf, plan, proof);
	return buf_str(&buf);
}

struct str prove_markdown(struct arena *out, const struct plan *plan, const struct proof *proof)
{
	struct buf buf;
	buf_init(&buf, out);
	buf_lit(&buf, "### Tests by shard\n\n");
	add_verdict(&buf, plan, proof);
	buf_lit(&buf, "\n| shard | tests | cases | failed | skipped | seconds |\n|---|---:|---:|---:|---:|---:|\n");
	for (size_t i = 0; i < plan->shards.n; i++) {
		const struct prove_count *one = &proof->shards[i];
		if (!one->is_asked)
			continue;
		buf_lit(&buf, "| ");
		add_markdown(&buf, plan->shards.at[i].name);
		buf_fmt(&buf, " | %" PRIu32 " | %" PRIu32 " | %" PRIu32 " | %" PRIu32 " | %.1f |\n", one->tests,
		        one->cases, one->failed, one->skipped, (double)one->ms / 1000);
	}
	for (size_t i = 0; i < proof->findings.n; i++) {
		const struct prove_finding *finding = &proof->findings.at[i];
		size_t before = buf.n;
		if (i == 0 || finding[-1].kind != finding->kind)
			buf_fmt(&buf, "\n#### %zu %s\n\n", count_kind(proof, finding->kind),
			        prove_heading(finding->kind));
		buf_lit(&buf, "- ");
		add_place(&buf, finding, add_markdown);
		add_markdown(&buf, finding->text);
		buf_char(&buf, '\n');
		if (buf.n > SUMMARY_MOST - 100) {
			buf.n = before;
			buf_fmt(&buf, "\n%zu more are left out here.\n", proof->findings.n - i);
			break;
		}
	}
	return buf_str(&buf);
}

struct str prove_annotations(struct arena *out, const struct proof *proof)
{
	struct buf buf;
	buf_init(&buf, out);
	size_t most = proof->findings.n > ANNOTATIONS_MOST ? ANNOTATIONS_MOST - 1 : proof->findings.n;
	for (size_t i = 0; i < most; i++) {
		const struct prove_finding *finding = &proof->findings.at[i];
		buf_lit(&buf, "::error ");
		if (finding->path.n) {
			buf_lit(&buf, "file=");
			add_command(&buf, finding->path, true);
			buf_fmt(&buf, ",line=%" PRIu32 ",", finding->line ? finding->line : 1);
		}
		buf_fmt(&buf, "title=lanewright prove%%3A %s::", prove_word(finding->kind));
		add_command(&buf, str_slice(finding->text, 0, 4000), false);
		buf_char(&buf, '\n');
	}
	if (most < proof->findings.n)
		buf_fmt(&buf, "::error title=lanewright prove::%zu more findings are in the log\n",
		        proof->findings.n - most);
	return buf_str(&buf);
}
