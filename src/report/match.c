/* Two sorted views of the known files as dotted names: forward, and read from their ends (so that files with a
 * common ending are neighbours).  A report lists its cases file by file, so the last answer is kept and most
 * cases cost one lookup of a test. */
#include "report/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct dotted {
	struct str name; /* "tests.test_a" for tests/test_a.py */
	uint32_t file;
};

/* Neighbours in one of the views that fit as well. */
struct fits {
	const struct dotted *at;
	size_t n;
};

struct matcher {
	struct match_known known;
	struct str root;         /* dotted */
	struct dotted *forward;  /* sorted by name */
	struct dotted *backward; /* sorted by the name's bytes from its end */
	struct buf id;           /* the test id being looked up */
	struct buf path;         /* of a node id, dotted */
	/* The last name looked up, with a dot before it. */
	struct buf asked, hint;
	enum match_answer answer;
	uint32_t file;
	size_t used; /* bytes of the name that are the file */
};

static int backward_str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	for (size_t i = 1; i <= n; i++) {
		unsigned char x = (unsigned char)a.at[a.n - i], y = (unsigned char)b.at[b.n - i];
		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.n > b.n) - (a.n < b.n);
}

static int by_file(const struct dotted *x, const struct dotted *y)
{
	return (x->file > y->file) - (x->file < y->file);
}

static int forward_cmp(const void *a, const void *b)
{
	const struct dotted *x = a, *y = b;
	int order = str_cmp(x->name, y->name);
	return order ? order : by_file(x, y);
}

static int backward_cmp(const void *a, const void *b)
{
	const struct dotted *x = a, *y = b;
	int order = backward_str_cmp(x->name, y->name);
	return order ? order : by_file(x, y);
}

/* As pytest makes a classname of a path; appended to `to`. */
static void add_dotted(struct buf *to, struct str path)
{
	if (str_ends(path, STR(".py")))
		path = str_slice(path, 0, path.n - 3);
	for (size_t i = 0; i < path.n; i++)
		buf_char(to, path.at[i] == '/' ? '.' : path.at[i]);
}

/* All the neighbours from the first for which `order` is not below 0, as long as it is 0. */
static struct fits range(const struct dotted *all, size_t n, struct str name, int (*order)(struct str, struct str))
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (order(all[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	struct fits fits = {all + low, 0};
	while (low + fits.n < n && order(fits.at[fits.n].name, name) == 0)
		fits.n++;
	return fits;
}

/* 0 when `longer` ends with `ending`. */
static int ending_cmp(struct str longer, struct str ending)
{
	return str_ends(longer, ending) ? 0 : backward_str_cmp(longer, ending);
}

static struct fits find_whole(const struct matcher *m, struct str name)
{
	return range(m->forward, m->known.n_files, name, str_cmp);
}

/* `name` begins with a dot, so that only whole components fit. */
static struct fits find_ending(const struct matcher *m, struct str name)
{
	return range(m->backward, m->known.n_files, name, ending_cmp);
}

/* What fits the longest prefix of `name`; *used is that prefix' length. */
static struct fits longest(const struct matcher *m, struct str name, size_t *used,
                           struct fits (*find)(const struct matcher *, struct str))
{
	for (size_t n = name.n; n > 0 && n != SIZE_MAX; n = str_rfind_char(str_slice(name, 0, n), '.')) {
		struct fits fits = find(m, str_slice(name, 0, n));
		*used = n;
		if (fits.n)
			return fits;
	}
	*used = 0;
	return (struct fits){0};
}

/* `asked` begins with a dot.  In this order: without the root the user named; as it is; our paths are longer;
 * theirs are longer. */
static struct fits find_file(const struct matcher *m, struct str asked, size_t *used)
{
	struct str name = str_slice(asked, 1, asked.n);
	struct fits fits = {0};
	size_t skip = m->root.n + 1;
	if (m->root.n && str_starts(name, m->root) && skip < name.n && name.at[m->root.n] == '.') {
		fits = longest(m, str_slice(name, skip, name.n), used, find_whole);
		*used += skip;
	}
	if (!fits.n)
		fits = longest(m, name, used, find_whole);
	if (!fits.n) {
		fits = longest(m, asked, used, find_ending);
		*used -= *used > 0;
	}
	for (size_t dot = str_find(name, STR("."), 0); !fits.n && dot != SIZE_MAX;
	     dot = str_find(name, STR("."), dot + 1)) {
		fits = longest(m, str_slice(name, dot + 1, name.n), used, find_whole);
		*used += dot + 1;
	}
	return fits;
}

static bool same_or_ends(struct str longer, struct str shorter)
{
	return str_ends(longer, shorter) &&
	       (longer.n == shorter.n || (shorter.n && longer.at[longer.n - shorter.n - 1] == '/'));
}

/* xunit1's file is where the function was written, another file for an inherited test: it only decides between
 * files that fit as well. */
static struct fits heed_hint(const struct matcher *m, struct fits fits, struct str hint)
{
	struct fits agreed = {0};
	for (size_t i = 0; fits.n > 1 && hint.n && i < fits.n; i++) {
		struct str path = m->known.files[fits.at[i].file];
		if (same_or_ends(path, hint) || same_or_ends(hint, path))
			agreed = (struct fits){&fits.at[i], agreed.n + 1};
	}
	return agreed.n == 1 ? agreed : fits;
}

static void look_up_file(struct matcher *m, struct str name, struct str hint)
{
	if (m->asked.n && str_eq(str_slice(buf_str(&m->asked), 1, m->asked.n), name) && str_eq(buf_str(&m->hint), hint))
		return;
	m->asked.n = m->hint.n = 0;
	buf_char(&m->asked, '.');
	buf_add(&m->asked, name);
	buf_add(&m->hint, hint);
	struct fits fits = heed_hint(m, find_file(m, buf_str(&m->asked), &m->used), hint);
	m->answer = fits.n == 1 ? MATCH_OK : fits.n ? MATCH_AMBIGUOUS_FILE : MATCH_UNKNOWN_FILE;
	m->file = fits.n ? fits.at->file : 0;
}

static size_t find_sorted(const struct str *all, size_t n, struct str s)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = str_cmp(all[mid], s);
		if (order == 0)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return SIZE_MAX;
}

static enum match_answer find_test(const struct matcher *m, size_t *test)
{
	*test = find_sorted(m->known.tests, m->known.n_tests, buf_str(&m->id));
	return *test == SIZE_MAX ? MATCH_UNKNOWN_TEST : MATCH_OK;
}

static struct str without_params(struct str name)
{
	return str_slice(name, 0, str_find(name, STR("["), 0));
}

static enum match_answer match_node(struct matcher *m, struct str node, struct str hint, size_t *test)
{
	size_t colons = str_find(node, STR("::"), 0);
	struct str path = str_slice(node, 0, colons), rest = str_slice(node, colons, node.n);
	if (rest.n == 0)
		return MATCH_NO_CLASSNAME;
	size_t file = find_sorted(m->known.files, m->known.n_files, path);
	if (file == SIZE_MAX) {
		m->path.n = 0;
		add_dotted(&m->path, path);
		look_up_file(m, buf_str(&m->path), hint);
		if (m->answer != MATCH_OK || m->used != m->path.n)
			return m->answer == MATCH_AMBIGUOUS_FILE ? m->answer : MATCH_UNKNOWN_FILE;
		file = m->file;
	}
	m->id.n = 0;
	buf_add(&m->id, m->known.files[file]);
	buf_add(&m->id, without_params(rest));
	return find_test(m, test);
}

static enum match_answer match_classname(struct matcher *m, const struct report_case *one, size_t *test)
{
	look_up_file(m, one->classname, one->file);
	if (m->answer != MATCH_OK)
		return m->answer;
	m->id.n = 0;
	buf_add(&m->id, m->known.files[m->file]);
	struct str classes = str_slice(one->classname, m->used, one->classname.n); /* ".TestA.TestB" */
	for (size_t i = 0; i < classes.n; i++)
		buf_add(&m->id, classes.at[i] == '.' ? STR("::") : str_slice(classes, i, i + 1));
	buf_lit(&m->id, "::");
	buf_add(&m->id, without_params(one->name));
	return find_test(m, test);
}

static struct dotted *view(struct arena *out, const struct dotted *from, size_t n,
                           int (*order)(const void *, const void *))
{
	struct dotted *to = arena_array(out, struct dotted, n);
	if (n) {
		memcpy(to, from, n * sizeof *to);
		qsort(to, n, sizeof *to, order);
	}
	return to;
}

struct matcher *match_begin(struct arena *out, const struct match_known *known)
{
	struct matcher *m = arena_new(out, struct matcher);
	m->known = *known;
	buf_init(&m->id, out);
	buf_init(&m->path, out);
	buf_init(&m->asked, out);
	buf_init(&m->hint, out);
	struct dotted *all = arena_array(out, struct dotted, known->n_files);
	for (size_t i = 0; i < known->n_files; i++) {
		m->path.n = 0;
		add_dotted(&m->path, known->files[i]);
		all[i] = (struct dotted){str_copy(out, buf_str(&m->path)), (uint32_t)i};
	}
	m->forward = view(out, all, known->n_files, forward_cmp);
	m->backward = view(out, all, known->n_files, backward_cmp);
	m->path.n = 0;
	struct str root = known->root;
	while (str_starts(root, STR("./")))
		root = str_slice(root, 2, root.n);
	while (str_ends(root, STR("/")))
		root.n--;
	add_dotted(&m->path, root);
	m->root = str_copy(out, buf_str(&m->path));
	return m;
}

enum match_answer match_case(struct matcher *matcher, const struct report_case *one, size_t *test)
{
	if (one->node.n)
		return match_node(matcher, one->node, one->file, test);
	if (one->classname.n == 0)
		return MATCH_NO_CLASSNAME;
	return match_classname(matcher, one, test);
}

const char *match_reason(enum match_answer answer)
{
	static const char *const reasons[] = {
	        [MATCH_OK] = "matched",
	        [MATCH_NO_CLASSNAME] = "a collection error or a module's skip, no test",
	        [MATCH_UNKNOWN_FILE] = "unknown file",
	        [MATCH_AMBIGUOUS_FILE] = "several files fit",
	        [MATCH_UNKNOWN_TEST] = "unknown test in a known file",
	};
	return reasons[answer];
}
