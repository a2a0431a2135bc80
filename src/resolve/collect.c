/* Collection.  Functions and classes of each test module in pytest's order: a module's dict by first binding,
 * base classes before subclasses.  What could add or remove tests is an unknown and makes the file inexact. */
#include "resolve/collect.h"

#include <stdlib.h>
#include <string.h>

#include "resolve/closure.h"
#include "resolve/exactness.h"
#include "resolve/fixtures.h"

struct collector {
	struct names *names;
	struct arena *out, *tmp;
	const struct config *config;
	const struct pytest_config *pytest;
	struct suite *suite;
	struct fixtures fixtures;
	uint32_t file;
	mark_list module_marks;
	bool file_is_dead;
};

static bool matches(const strs *patterns, struct str what)
{
	for (size_t i = 0; i < patterns->n; i++) {
		struct str p = patterns->at[i];
		if (str_starts(what, p))
			return true;
		bool is_glob = str_has(p, STR("*")) || str_has(p, STR("?")) || str_has(p, STR("["));
		if (is_glob && str_fnmatch(p, what))
			return true;
	}
	return false;
}

/* A boolean class or function attribute `__test__ = False` anywhere in the MRO. */
static bool is_switched_off(struct collector *c, struct def_ref class_)
{
	name key = intern_find(c->names->repo->names, STR("__test__"));
	if (!key)
		return false;
	struct target t = names_class_member(c->names, class_, key);
	if (t.kind != TARGET_VARIABLE)
		return false;
	uint32_t value = names_variable(c->names, t)->value;
	uint8_t kind = names_facts(c->names, t.file)->exprs.at[value].kind;
	return kind == EXPR_FALSE || kind == EXPR_NONE;
}

static bool has_method(struct collector *c, const def_refs *mro, const char *method)
{
	name key = intern_find(c->names->repo->names, str_of(method));
	size_t n = 0;
	for (size_t i = 0; key && i < mro->n && n == 0; i++) {
		const struct binding *b = names_bindings(c->names, mro->at[i].file, mro->at[i].def, key, &n);
		if (n && b[0].kind != BIND_DEF)
			n = 0;
	}
	return n > 0;
}

/* `f.__test__ = False` after a function is not read: nobody in the suites we know writes it. */

struct frame {
	struct def_ref class_; /* REF_NOWHERE at module level */
	struct str prefix;     /* "path" or "path::Class" */
	mark_list marks;       /* of the classes around, innermost first, then the module's */
	bool is_unittest, is_conditional, base_is_unknown;
	uint32_t depth;
};

static void add_unknown(struct collector *c, struct test *test, enum unknown_kind kind, bool adds, uint32_t line,
                        struct str text)
{
	struct unknown u = {.kind = (uint8_t)kind, .adds_tests = adds, .file = c->file, .line = line};
	u.text = intern(c->names->repo->names, text);
	vec_push(c->out, &test->unknowns, u);
	if (adds)
		test->is_exact = false;
}

/* Number of literal values of the first list of a parametrize call; 0 when it is not literal. */
static uint32_t parametrize_cases(struct collector *c, const struct mark *mark)
{
	const struct facts *facts = names_facts(c->names, mark->file);
	uint32_t first = mark_arguments(c->names, mark), second = first ? facts->exprs.at[first].next : 0;
	for (uint32_t e = first; e; e = facts->exprs.at[e].next)
		if (facts->exprs.at[e].kind == EXPR_KEYWORD &&
		    str_eq(names_str(c->names, facts->exprs.at[e].text), STR("argvalues")))
			second = facts->exprs.at[e].first;
	if (!second || (facts->exprs.at[second].kind != EXPR_LIST && facts->exprs.at[second].kind != EXPR_TUPLE))
		return 0;
	uint32_t n = 0;
	for (uint32_t e = facts->exprs.at[second].first; e; e = facts->exprs.at[e].next, n++)
		if (facts->exprs.at[e].kind == EXPR_STAR)
			return 0;
	return n ? n : 1;
}

static void read_marks(struct collector *c, struct test *test)
{
	test->n_params = 1;
	for (size_t i = 0; i < test->marks.n; i++) {
		const struct mark *mark = &test->marks.at[i];
		struct str what = mark->name ? names_str(c->names, mark->name) : STR_NONE;
		if (str_eq(what, STR("skip")))
			test->is_dead = true;
		if (!str_eq(what, STR("parametrize")))
			continue;
		uint32_t cases = parametrize_cases(c, mark);
		if (!cases)
			add_unknown(c, test, UNKNOWN_PARAMETRIZE, false, mark->line, STR("values are not literal"));
		else if (test->n_params < 1000000)
			test->n_params *= cases;
	}
}

static void read_decorators(struct collector *c, struct test *test)
{
	struct unknown_decorator found;
	if (decorator_is_opaque(c->names, test->def, &found))
		add_unknown(c, test, UNKNOWN_DECORATOR, found.adds_tests, found.line, found.text);
}

static void add_test(struct collector *c, const struct frame *frame, struct def_ref def, name bound, bool conditional)
{
	struct test test = {.file = c->file, .def = def, .class_ = frame->class_, .is_exact = true};
	const struct def *d = names_def(c->names, def);
	test.id = str_fmt(c->out, "%.*s::%.*s", STR_ARG(frame->prefix), STR_ARG(names_str(c->names, bound)));
	test.line = names_facts(c->names, def.file)->stmts.at[d->stmt].line;
	test.is_unittest = frame->is_unittest;
	mark_list marks = {0};
	marks_of_decorators(c->names, c->out, def, &marks);
	for (size_t i = 0; i < frame->marks.n; i++)
		vec_push(c->out, &marks, frame->marks.at[i]);
	test.marks.at = marks.at;
	test.marks.n = marks.n;
	test.marks.cap = marks.cap;
	test.is_dead = c->file_is_dead;
	read_marks(c, &test);
	read_decorators(c, &test);
	if (conditional || frame->is_conditional)
		add_unknown(c, &test, UNKNOWN_CONDITION, true, test.line, STR("defined under a condition"));
	if (frame->base_is_unknown)
		add_unknown(c, &test, UNKNOWN_BASE, true, test.line, STR("a base class is not in the tree"));
	struct fixture_scope scope = {c->file, frame->class_};
	closure_of(&c->fixtures, c->out, scope, &test);
	vec_push(c->out, &c->suite->tests, test);
}

static void collect_scope(struct collector *c, const struct frame *frame, struct def_ref scope);

static void collect_class(struct collector *c, const struct frame *outer, struct def_ref class_, name bound,
                          bool conditional)
{
	def_refs mro = {0};
	bool base_is_unknown;
	names_mro(c->names, c->tmp, class_, &mro, &base_is_unknown);
	bool guessed = !class_is_unittest(c->names, class_) && class_looks_unittest(c->names, class_);
	bool is_unittest = guessed || class_is_unittest(c->names, class_);
	if (!is_unittest && !matches(&c->pytest->python_classes, names_str(c->names, bound)))
		return;
	if (is_switched_off(c, class_) || outer->depth > 16)
		return;
	if (!is_unittest && (has_method(c, &mro, "__init__") || has_method(c, &mro, "__new__")))
		return;
	struct frame frame = {.class_ = class_, .is_unittest = is_unittest, .depth = outer->depth + 1};
	frame.prefix = str_fmt(c->out, "%.*s::%.*s", STR_ARG(outer->prefix), STR_ARG(names_str(c->names, bound)));
	frame.is_conditional = outer->is_conditional || conditional;
	frame.base_is_unknown = (base_is_unknown && (!is_unittest || guessed)) || outer->base_is_unknown;
	for (size_t i = 0; i < mro.n; i++) {
		marks_of_decorators(c->names, c->tmp, mro.at[i], &frame.marks);
		marks_of_scope(c->names, c->tmp, mro.at[i], &frame.marks);
	}
	for (size_t i = 0; i < outer->marks.n; i++)
		vec_push(c->tmp, &frame.marks, outer->marks.at[i]);
	for (size_t i = mro.n; i-- > 0;) /* base classes first */
		collect_scope(c, &frame, mro.at[i]);
}

/* Whether a class nearer in the MRO has the name too: then it was, or will be, taken from there. */
static bool is_overridden(struct collector *c, const struct frame *frame, struct def_ref scope, name what)
{
	if (frame->class_.file == REF_NOWHERE)
		return false;
	def_refs mro = {0};
	bool unknown;
	size_t n;
	names_mro(c->names, c->tmp, frame->class_, &mro, &unknown);
	for (size_t i = 0; i < mro.n; i++) {
		if (mro.at[i].file == scope.file && mro.at[i].def == scope.def)
			return false;
		names_bindings(c->names, mro.at[i].file, mro.at[i].def, what, &n);
		if (n)
			return true;
	}
	return false;
}

struct entry {
	struct binding first, last;
	bool conditional;
};

static int by_first(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	if (a->first.stmt != b->first.stmt)
		return a->first.stmt < b->first.stmt ? -1 : 1;
	return (a->first.index > b->first.index) - (a->first.index < b->first.index);
}

static bool is_none_or_data(struct collector *c, uint32_t file, const struct binding *b)
{
	return b->value && names_facts(c->names, file)->exprs.at[b->value].kind != EXPR_NAME &&
	       names_facts(c->names, file)->exprs.at[b->value].kind != EXPR_ATTRIBUTE;
}

static void collect_entry(struct collector *c, const struct frame *frame, struct def_ref scope, const struct entry *e)
{
	struct target t = {.kind = TARGET_DEF, .file = scope.file, .index = e->last.index};
	if (e->last.kind == BIND_IMPORT)
		t = names_find(c->names, scope.file, scope.def, e->last.name);
	else if (e->last.kind == BIND_ASSIGN && !is_none_or_data(c, scope.file, &e->last) && e->last.value &&
	         !e->last.item)
		t = names_expr(c->names, scope.file, scope.def, e->last.value); /* `test_b = test_a` */
	else if (e->last.kind != BIND_DEF)
		return;
	if (t.kind != TARGET_DEF)
		return;
	struct def_ref def = {t.file, t.index};
	struct str what = names_str(c->names, e->last.name);
	if (names_def(c->names, def)->kind == DEF_CLASS) {
		collect_class(c, frame, def, e->last.name, e->conditional);
		return;
	}
	bool is_test = frame->is_unittest ? str_starts(what, STR("test")) : matches(&c->pytest->python_functions, what);
	if (is_test && !fixtures_is_fixture(&c->fixtures, def) && !is_overridden(c, frame, scope, e->last.name))
		add_test(c, frame, def, e->last.name, e->conditional);
}

static int by_name(const void *left, const void *right, void *data)
{
	const struct entry *a = left, *b = right;
	struct collector *c = data;
	return str_cmp(names_str(c->names, a->first.name), names_str(c->names, b->first.name));
}

static void collect_scope(struct collector *c, const struct frame *frame, struct def_ref scope)
{
	size_t n;
	const struct binding *b = names_scope(c->names, scope.file, scope.def, &n);
	VEC(struct entry) entries = {0};
	for (size_t i = 0; i < n; i++) {
		if (b[i].kind == BIND_SELF)
			continue;
		bool again = entries.n && entries.at[entries.n - 1].first.name == b[i].name;
		if (!again)
			vec_push(c->tmp, &entries, ((struct entry){b[i], b[i], b[i].is_conditional}));
		struct entry *e = &entries.at[entries.n - 1];
		e->last = b[i];
		e->conditional &= b[i].is_conditional; /* under both branches of an if: it is there in any case */
	}
	if (entries.n && frame->is_unittest)
		qsort_r(entries.at, entries.n, sizeof *entries.at, by_name, c);
	else if (entries.n)
		qsort(entries.at, entries.n, sizeof *entries.at, by_first);
	for (size_t i = 0; i < entries.n; i++)
		collect_entry(c, frame, scope, &entries.at[i]);
}

static void collect_file(struct collector *c)
{
	const struct source_file *file = &c->names->repo->files.at[c->file];
	struct frame frame = {.class_ = {REF_NOWHERE, 0}, .prefix = file->path};
	marks_of_scope(c->names, c->tmp, (struct def_ref){c->file, 0}, &frame.marks);
	struct file_exactness exactness;
	file_exactness(&c->fixtures, c->tmp, c->file, &exactness);
	for (size_t i = 0; i < exactness.unknowns.n; i++)
		vec_push(c->out, &c->suite->unknowns, exactness.unknowns.at[i]);
	c->suite->file_is_exact[c->file] = exactness.is_exact;
	c->file_is_dead = exactness.is_dead;
	if (exactness.is_ignored)
		return;
	size_t before = c->suite->tests.n;
	collect_scope(c, &frame, (struct def_ref){c->file, 0});
	for (size_t i = before; i < c->suite->tests.n; i++)
		if (!c->suite->tests.at[i].is_exact)
			c->suite->file_is_exact[c->file] = false;
}

bool resolve_suite(struct arena *out, struct arena *tmp, const struct repo *repo, const struct config *config,
                   const struct pytest_config *pytest, struct suite *suite, struct err *err)
{
	(void)err; /* nothing here can fail yet that is not an unknown */
	struct names names;
	names_init(&names, tmp, repo, config, pytest);
	*suite = (struct suite){0};
	suite->first_test = arena_array(out, uint32_t, repo->files.n + 1);
	suite->file_is_exact = arena_array(out, bool, repo->files.n + 1);
	struct collector c = {
	        .names = &names, .out = out, .tmp = tmp, .config = config, .pytest = pytest, .suite = suite};
	fixtures_init(&c.fixtures, &names, out, suite, pytest);
	for (c.file = 0; c.file < repo->files.n; c.file++) {
		suite->first_test[c.file] = (uint32_t)suite->tests.n;
		if (repo->files.at[c.file].is_test)
			collect_file(&c);
	}
	suite->first_test[repo->files.n] = (uint32_t)suite->tests.n;
	return true;
}
