/* Collection.  Functions and classes of each test module in pytest's order: a module's dict by first binding,
 * base classes before subclasses.  What could add or remove tests is an unknown and makes the file inexact. */
#include "resolve/collect.h"

#include <stdlib.h>
#include <string.h>

#include "resolve/branches.h"
#include "resolve/classes.h"
#include "resolve/closure.h"
#include "resolve/decorators.h"
#include "resolve/exactness.h"
#include "resolve/fixtures.h"
#include "resolve/params.h"
#include "resolve/select.h"

struct collector {
	struct names *names;
	struct arena *out, *tmp;
	struct arena scratch; /* of one test */
	const struct config *config;
	const struct pytest_config *pytest;
	struct suite *suite;
	struct fixtures fixtures;
	const struct module_skip *skips; /* by file */
	uint32_t file, position;         /* in the cluster */
	struct file_exactness exactness; /* of the file */
	bool has_deletes;
	uint32_t switches_of;   /* file; REF_NOWHERE at first */
	VEC(uint32_t) switches; /* statements that set a function's `__test__` */
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

/* A class attribute `__test__` anywhere in the MRO: -1 without one, else what it says. */
static int test_attribute(struct collector *c, struct def_ref class_)
{
	name key = intern(c->names->repo->names, STR("__test__"));
	if (!key)
		return -1;
	struct target t = names_class_member(c->names, class_, key);
	if (t.kind != TARGET_VARIABLE)
		return -1;
	uint32_t value = names_variable(c->names, t)->value;
	uint8_t kind = names_facts(c->names, t.file)->exprs.at[value].kind;
	if (kind == EXPR_TRUE)
		return 1;
	return kind == EXPR_FALSE || kind == EXPR_NONE ? 0 : -1;
}

static bool has_method(struct collector *c, const def_refs *mro, const char *method)
{
	name key = intern(c->names->repo->names, str_of(method));
	for (size_t i = 0; key && i < mro->n; i++) {
		size_t n;
		const struct binding *b = names_bindings(c->names, mro->at[i].file, mro->at[i].def, key, &n);
		for (size_t k = 0; k < n; k++)
			if (b[k].kind != BIND_SELF)
				return true;
	}
	return false;
}

struct frame {
	struct def_ref class_; /* REF_NOWHERE at module level */
	struct str prefix;     /* "path" or "path::Class" */
	mark_list marks;       /* of the classes around, innermost first, then the module's */
	def_refs mro;          /* of the class */
	bool is_unittest, is_conditional, base_is_unknown;
	struct decorated decorated; /* the class, when that makes its tests uncertain */
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

/* Something in the file that could be one more test: the others are not touched by it. */
static void may_add(struct collector *c, enum unknown_kind kind, uint32_t file, uint32_t line, struct str text)
{
	exactness_note(&c->fixtures, c->tmp, &c->exactness, kind, true, file, line, text);
}

static void read_marks(struct collector *c, struct test *test, const struct frame *frame)
{
	mark_list marks = {0};
	marks_of_decorators(c->names, c->out, test->def, &marks);
	for (size_t i = 0; i < frame->marks.n; i++)
		vec_push(c->out, &marks, frame->marks.at[i]);
	test->marks.at = marks.at;
	test->marks.n = marks.n;
	test->marks.cap = marks.cap;
	test->is_dead = c->exactness.is_dead;
	for (size_t i = 0; i < marks.n; i++)
		if (marks.at[i].name && str_eq(names_str(c->names, marks.at[i].name), STR("skip")))
			test->is_dead = true;
}

static void read_decorators(struct collector *c, struct test *test, const struct frame *frame, bool *hides)
{
	struct decorated d = decorators_of_function(c->names, test->def);
	*hides = d.kind >= DECORATION_HIDING;
	if (d.kind >= DECORATION_OPAQUE)
		add_unknown(c, test, UNKNOWN_DECORATOR, d.kind == DECORATION_MAKER, d.line, d.text);
	if (frame->decorated.kind == DECORATION_MAKER)
		add_unknown(c, test, UNKNOWN_DECORATOR, true, frame->decorated.line, frame->decorated.text);
}

/* What may take the test away, as unknowns. */
static void read_doubts(struct collector *c, struct test *test, const struct frame *frame, bool conditional)
{
	if (conditional || frame->is_conditional)
		add_unknown(c, test, UNKNOWN_CONDITION, true, test->line, STR("defined under a condition"));
	if (frame->base_is_unknown)
		add_unknown(c, test, UNKNOWN_BASE, true, test->line, STR("a base class is not in the tree"));
	if (c->exactness.may_vanish) {
		vec_push(c->out, &test->unknowns, c->exactness.why);
		test->is_exact = false;
	}
}

static void read_params(struct collector *c, struct test *test, const struct frame *frame, bool hides)
{
	def_refs hooks = {0};
	for (size_t i = 0; i < c->exactness.generators.n; i++)
		vec_push(c->tmp, &hooks, c->exactness.generators.at[i]);
	name key = intern(c->names->repo->names, STR("pytest_generate_tests"));
	if (key && frame->class_.file != REF_NOWHERE) {
		struct target t = names_class_member(c->names, frame->class_, key);
		if (t.kind == TARGET_DEF)
			vec_push(c->tmp, &hooks, ((struct def_ref){t.file, t.index}));
	}
	params_of(&c->fixtures, c->out, &c->scratch, &hooks,
	          c->exactness.ids_are_pytests && !hides && !frame->base_is_unknown, test);
	arena_reset(&c->scratch);
}

/* Functions of the file that set their own `__test__`, below themselves. */
static void read_switches(struct collector *c, uint32_t file)
{
	const struct facts *facts = names_facts(c->names, file);
	name key = intern(c->names->repo->names, STR("__test__"));
	c->switches.n = 0;
	c->switches_of = file;
	for (uint32_t i = 1; i < facts->stmts.n; i++) {
		const struct stmt *s = &facts->stmts.at[i];
		const struct expr *target = &facts->exprs.at[s->expr];
		if (s->kind == STMT_ASSIGN && target->kind == EXPR_ATTRIBUTE && target->text == key && target->next)
			vec_push(c->tmp, &c->switches, i);
	}
}

/* Whether the function's own `__test__` turns it off.  The statements are looked for once a file: a file of very many tests
 * took their square before. */
static bool is_turned_off(struct collector *c, struct def_ref def)
{
	const struct facts *facts = names_facts(c->names, def.file);
	if (c->switches_of != def.file)
		read_switches(c, def.file);
	for (size_t i = 0; i < c->switches.n; i++) {
		const struct expr *target = &facts->exprs.at[facts->stmts.at[c->switches.at[i]].expr];
		if (facts->exprs.at[target->first].text == names_def(c->names, def)->name)
			return facts->exprs.at[target->next].kind == EXPR_FALSE;
	}
	return false;
}

static void add_test(struct collector *c, const struct frame *frame, struct def_ref def, name bound, bool conditional)
{
	struct test test = {.file = c->file, .def = def, .class_ = frame->class_, .is_exact = true};
	const struct def *d = names_def(c->names, def);
	bool hides;
	test.id = str_fmt(c->out, "%.*s::%.*s", STR_ARG(frame->prefix), STR_ARG(names_str(c->names, bound)));
	test.line = names_facts(c->names, def.file)->stmts.at[d->stmt].line;
	test.is_unittest = frame->is_unittest;
	read_marks(c, &test, frame);
	read_decorators(c, &test, frame, &hides);
	struct str reason;
	enum verdict kept = select_test(c->pytest, c->names, &test, c->exactness.marks_may_grow, &reason);
	if (kept == VERDICT_NEVER || is_turned_off(c, def))
		return;
	read_doubts(c, &test, frame, conditional);
	if (kept == VERDICT_MAYBE)
		add_unknown(c, &test, UNKNOWN_HOOK, true, test.line, reason);
	struct fixture_scope scope = {c->file, frame->class_};
	closure_of(&c->fixtures, c->out, scope, &test);
	read_params(c, &test, frame, hides);
	vec_push(c->out, &c->suite->tests, test);
}

static void collect_scope(struct collector *c, const struct frame *frame, struct def_ref scope);
static void collect_unittest(struct collector *c, const struct frame *frame);

static void class_marks(struct collector *c, struct frame *frame, const struct frame *outer)
{
	for (size_t i = frame->mro.n; i-- > 0;) { /* bases first; of one class the body's before its decorators' */
		marks_of_scope(c->names, c->tmp, frame->mro.at[i], &frame->marks);
		marks_of_decorators(c->names, c->tmp, frame->mro.at[i], &frame->marks);
	}
	for (size_t i = 0; i < outer->marks.n; i++)
		vec_push(c->tmp, &frame->marks, outer->marks.at[i]);
}

static void collect_class(struct collector *c, const struct frame *outer, struct def_ref class_, name bound,
                          bool conditional)
{
	bool base_is_unknown;
	bool guessed = !class_is_unittest(c->names, class_) && class_looks_unittest(c->names, class_);
	bool is_unittest = guessed || class_is_unittest(c->names, class_);
	int says = test_attribute(c, class_);
	struct frame frame = {.class_ = class_, .is_unittest = is_unittest, .depth = outer->depth + 1};
	if (!is_unittest && says != 1 && !matches(&c->pytest->python_classes, names_str(c->names, bound)))
		return;
	if (says == 0 || outer->depth > 16 || (outer->is_unittest && outer->class_.file != REF_NOWHERE))
		return;
	names_mro(c->names, c->tmp, class_, &frame.mro, &base_is_unknown);
	frame.decorated = decorators_of_class(c->names, class_);
	if (!is_unittest && (has_method(c, &frame.mro, "__init__") || has_method(c, &frame.mro, "__new__") ||
	                     frame.decorated.kind == DECORATION_NO_TEST))
		return;
	if (class_is_abstract(c->names, class_))
		return;
	frame.prefix = str_fmt(c->out, "%.*s::%.*s", STR_ARG(outer->prefix), STR_ARG(names_str(c->names, bound)));
	frame.is_conditional = outer->is_conditional || conditional;
	frame.base_is_unknown = (base_is_unknown && (!is_unittest || guessed)) || outer->base_is_unknown ||
	                        class_has_metaclass(c->names, class_);
	uint32_t line = names_facts(c->names, class_.file)->stmts.at[names_def(c->names, class_)->stmt].line;
	if (frame.decorated.kind == DECORATION_MAKER)
		may_add(c, UNKNOWN_DECORATOR, class_.file, frame.decorated.line, frame.decorated.text);
	if (base_is_unknown || class_has_metaclass(c->names, class_))
		may_add(c, UNKNOWN_BASE, class_.file, line, names_str(c->names, bound));
	class_marks(c, &frame, outer);
	if (is_unittest) {
		collect_unittest(c, &frame);
		return;
	}
	for (size_t i = frame.mro.n; i-- > 0;) /* base classes first */
		collect_scope(c, &frame, frame.mro.at[i]);
}

/* Whether a class nearer in the MRO has the name too: then it was, or will be, taken from there. */
static bool is_overridden(struct collector *c, const struct frame *frame, struct def_ref scope, name what)
{
	if (frame->class_.file == REF_NOWHERE)
		return false;
	for (size_t i = 0; i < frame->mro.n; i++) {
		size_t n;
		if (frame->mro.at[i].file == scope.file && frame->mro.at[i].def == scope.def)
			return false;
		const struct binding *b =
		        names_bindings(c->names, frame->mro.at[i].file, frame->mro.at[i].def, what, &n);
		for (size_t k = 0; k < n; k++)
			if (b[k].kind != BIND_SELF)
				return true;
	}
	return false;
}

struct entry {
	struct binding first, last;
	struct def_ref scope;
	bool is_certain; /* no binding stands under a condition */
};

static int by_first(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	if (a->first.stmt != b->first.stmt)
		return a->first.stmt < b->first.stmt ? -1 : 1;
	return (a->first.index > b->first.index) - (a->first.index < b->first.index);
}

/* Values that are surely no function and no class. */
static bool is_data(const struct facts *facts, uint32_t value)
{
	switch (facts->exprs.at[value].kind) {
	case EXPR_NAME:
	case EXPR_ATTRIBUTE:
	case EXPR_CALL:
	case EXPR_LAMBDA:
	case EXPR_IF:
	case EXPR_INDEX:
	case EXPR_OR:
	case EXPR_AND:
	case EXPR_AWAIT:
	case EXPR_OTHER: return false;
	default: return true;
	}
}

static struct target target_of(struct collector *c, struct def_ref scope, const struct binding *b)
{
	if (b->kind == BIND_DEF)
		return (struct target){.kind = TARGET_DEF, .file = scope.file, .index = b->index};
	if (b->kind == BIND_IMPORT)
		return names_find(c->names, scope.file, scope.def, b->name);
	if (b->kind == BIND_ASSIGN && b->value && !b->item) /* `test_b = test_a` */
		return names_expr(c->names, scope.file, scope.def, b->value);
	return (struct target){.kind = TARGET_NONE};
}

/* Libraries whose own Test... and test... names are no tests. */
static bool has_no_tests(struct str dotted)
{
	static const char *const roots[] = {"pytest",   "unittest", "builtins",      "typing", "starlette", "fastapi",
	                                    "flask",    "aiohttp",  "django",        "httpx",  "werkzeug",  "click",
	                                    "typer",    "test",     "textwrap",      "mock",   "webtest",   "twisted",
	                                    "graphene", "numpy",    "rest_framework"};
	struct str root = str_slice(dotted, 0, str_find(dotted, STR("."), 0));
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (str_eq(root, str_of(roots[i])))
			return true;
	return false;
}

/* A name like a test's, or a class that a call makes, of which the source does not say what it is. */
static void doubt(struct collector *c, const struct frame *frame, const struct entry *e, struct target t)
{
	const struct facts *facts = names_facts(c->names, e->scope.file);
	struct str what = names_str(c->names, e->last.name);
	bool looks = matches(&c->pytest->python_functions, what) ||
	             (!frame->is_unittest && matches(&c->pytest->python_classes, what));
	if (!looks || (e->last.kind != BIND_IMPORT && e->last.kind != BIND_ASSIGN && e->last.kind != BIND_LOOP))
		return;
	if (t.kind == TARGET_EXTERNAL && has_no_tests(names_str(c->names, t.text)))
		return;
	if (t.kind == TARGET_MODULE || t.kind == TARGET_PACKAGE || (e->last.kind == BIND_ASSIGN && !e->last.value))
		return;
	if (e->last.kind == BIND_ASSIGN && !e->last.item && is_data(facts, e->last.value))
		return;
	if (t.kind == TARGET_VARIABLE) {
		const struct binding *b = names_variable(c->names, t);
		if (b->value && !b->item && is_data(names_facts(c->names, t.file), b->value))
			return;
	}
	may_add(c, UNKNOWN_GENERATED, e->scope.file, facts->stmts.at[e->last.stmt].line, what);
}

static void collect_target(struct collector *c, const struct frame *frame, const struct entry *e, struct target t,
                           bool conditional)
{
	struct def_ref def = {t.file, t.index};
	struct str what = names_str(c->names, e->last.name);
	if (t.kind != TARGET_DEF) {
		doubt(c, frame, e, t);
		return;
	}
	if (names_def(c->names, def)->kind == DEF_CLASS) {
		if (!frame->is_unittest && !is_overridden(c, frame, e->scope, e->last.name))
			collect_class(c, frame, def, e->last.name, conditional);
		return;
	}
	bool is_test = frame->is_unittest ? str_starts(what, STR("test")) : matches(&c->pytest->python_functions, what);
	if (is_test && !fixtures_is_fixture(&c->fixtures, def) &&
	    decorators_of_function(c->names, def).kind != DECORATION_NO_TEST &&
	    !is_overridden(c, frame, e->scope, e->last.name))
		add_test(c, frame, def, e->last.name, conditional);
}

/* Whether an outcome is something pytest would collect. */
static bool may_be_test(struct collector *c, struct def_ref scope, const struct binding *b, struct target *t)
{
	*t = target_of(c, scope, b);
	return t->kind == TARGET_DEF;
}

static void collect_entry(struct collector *c, const struct frame *frame, struct entry *e)
{
	if (e->is_certain) {
		collect_target(c, frame, e, target_of(c, e->scope, &e->last), false);
		return;
	}
	struct outcome outcome;
	branch_outcome(c->names, c->tmp, e->scope, e->last.name, &outcome);
	struct target t, last = {.kind = TARGET_NONE};
	bool conditional = outcome.may_be_absent;
	size_t n_defs = 0, before = c->suite->tests.n;
	for (size_t i = 0; i < outcome.last.n; i++) {
		bool is = may_be_test(c, e->scope, &outcome.last.at[i], &t);
		conditional |= !is;
		n_defs += is;
		if (is || last.kind != TARGET_DEF) {
			/* Two classes of one name may have different tests. */
			conditional |= is && last.kind == TARGET_DEF &&
			               names_def(c->names, (struct def_ref){t.file, t.index})->kind == DEF_CLASS;
			e->last = outcome.last.at[i];
			last = t;
		}
	}
	if (outcome.last.n)
		collect_target(c, frame, e, last, conditional);
	for (size_t i = before; n_defs > 1 && i < c->suite->tests.n; i++) { /* which of them, nobody knows */
		c->suite->tests.at[i].are_params_exact = false;
		c->suite->tests.at[i].params = (strs){0};
	}
}

typedef VEC(struct entry) entries;

static void add_entries(struct collector *c, struct def_ref scope, entries *all)
{
	size_t n, from = all->n;
	const struct binding *b = names_scope(c->names, scope.file, scope.def, &n);
	for (size_t i = 0; i < n; i++) {
		if (b[i].kind == BIND_SELF)
			continue;
		bool again = all->n > from && all->at[all->n - 1].first.name == b[i].name;
		if (!again)
			vec_push(c->tmp, all, ((struct entry){b[i], b[i], scope, true}));
		struct entry *e = &all->at[all->n - 1];
		const struct facts *facts = names_facts(c->names, scope.file);
		uint32_t parent = facts->stmts.at[b[i].stmt].parent;
		e->last = b[i];
		e->is_certain &= (!parent || facts->stmts.at[parent].kind == STMT_CLASS) && !c->has_deletes;
	}
}

static int by_name(const void *left, const void *right, void *data)
{
	const struct entry *a = left, *b = right;
	struct collector *c = data;
	return str_cmp(names_str(c->names, a->first.name), names_str(c->names, b->first.name));
}

static void collect_scope(struct collector *c, const struct frame *frame, struct def_ref scope)
{
	entries all = {0};
	add_entries(c, scope, &all);
	if (all.n)
		qsort(all.at, all.n, sizeof *all.at, by_first);
	for (size_t i = 0; i < all.n; i++)
		collect_entry(c, frame, &all.at[i]);
}

/* unittest's loader sorts the names of a class and its bases together. */
static void collect_unittest(struct collector *c, const struct frame *frame)
{
	entries all = {0};
	for (size_t i = 0; i < frame->mro.n; i++)
		add_entries(c, frame->mro.at[i], &all);
	if (all.n)
		qsort_r(all.at, all.n, sizeof *all.at, by_name, c);
	size_t before = c->suite->tests.n;
	for (size_t i = 0; i < all.n; i++)
		collect_entry(c, frame, &all.at[i]);
	name run = intern(c->names->repo->names, STR("runTest"));
	struct target t = {.kind = TARGET_NONE};
	if (run && c->suite->tests.n == before)
		t = names_class_member(c->names, frame->class_, run);
	if (t.kind == TARGET_DEF)
		add_test(c, frame, (struct def_ref){t.file, t.index}, run, false);
}

/* Names a star import brings: those of the other module that could be tests. */
static void collect_stars(struct collector *c, const struct frame *frame)
{
	names_list stars = {0};
	names_stars(c->names, c->tmp, c->file, &stars);
	for (size_t i = 0; i < stars.n; i++) {
		struct target t = names_member(c->names, c->file, stars.at[i]);
		struct entry e = {.last = {.name = stars.at[i], .kind = BIND_IMPORT}, .scope = {c->file, 0}};
		if (t.kind == TARGET_DEF)
			collect_target(c, frame, &e, t, false);
	}
}

static bool has_deletes(const struct facts *facts)
{
	for (uint32_t i = 1; i < facts->stmts.n; i++)
		if (facts->stmts.at[i].kind == STMT_DELETE &&
		    facts->defs.at[facts->stmts.at[i].owner].kind != DEF_FUNCTION)
			return true;
	return false;
}

static void note_hiding(struct collector *c)
{
	struct hiding hiding = {.file = c->file, .why = c->exactness.hides};
	index_list autouse = {0};
	fixtures_autouse(&c->fixtures, (struct fixture_scope){c->file, {REF_NOWHERE, 0}}, &autouse);
	for (size_t i = 0; i < autouse.n; i++)
		vec_push(c->out, &hiding.fixtures, autouse.at[i]);
	vec_push(c->out, &c->suite->hiding, hiding);
}

static void collect_file(struct collector *c)
{
	const struct source_file *file = &c->names->repo->files.at[c->file];
	struct frame frame = {.class_ = {REF_NOWHERE, 0}, .prefix = file->path};
	marks_of_scope(c->names, c->tmp, (struct def_ref){c->file, 0}, &frame.marks);
	file_exactness(&c->fixtures, c->tmp, c->skips, c->file, &c->exactness);
	if (!c->exactness.is_ignored) {
		size_t before = c->suite->tests.n;
		c->has_deletes = has_deletes(names_facts(c->names, c->file));
		collect_scope(c, &frame, (struct def_ref){c->file, 0});
		collect_stars(c, &frame);
		for (size_t i = before; i < c->suite->tests.n; i++)
			if (!c->suite->tests.at[i].is_exact)
				c->exactness.is_exact = false;
	}
	for (size_t i = 0; i < c->exactness.unknowns.n; i++)
		vec_push(c->out, &c->suite->unknowns, c->exactness.unknowns.at[i]);
	c->suite->file_is_exact[c->position] = c->exactness.is_exact || c->exactness.is_ignored;
	if (c->exactness.may_hide && !c->exactness.is_ignored && c->suite->first_test[c->position] == c->suite->tests.n)
		note_hiding(c);
}

void collect_cluster(struct arena *out, struct arena *tmp, struct names *names, const struct module_skip *skips,
                     const struct config *config, const struct pytest_config *pytest, struct cluster *cluster)
{
	struct suite *suite = &cluster->suite;
	struct collector c = {
	        .names = names, .out = out, .tmp = tmp, .config = config, .pytest = pytest, .suite = suite};
	c.switches_of = REF_NOWHERE;
	*suite = (struct suite){0};
	suite->first_test = arena_array(out, uint32_t, cluster->files.n + 1);
	suite->file_is_exact = arena_array(out, bool, cluster->files.n + 1);
	cluster->first_unknown = arena_array(out, uint32_t, cluster->files.n + 1);
	arena_init(&c.scratch, tmp->trap);
	fixtures_init(&c.fixtures, names, out, suite, pytest);
	c.skips = skips;
	for (; c.position < cluster->files.n; c.position++) {
		c.file = cluster->files.at[c.position];
		suite->first_test[c.position] = (uint32_t)suite->tests.n;
		cluster->first_unknown[c.position] = (uint32_t)suite->unknowns.n;
		collect_file(&c);
	}
	suite->first_test[c.position] = (uint32_t)suite->tests.n;
	cluster->first_unknown[c.position] = (uint32_t)suite->unknowns.n;
	cluster->has_suite = true;
	arena_free(&c.scratch);
}
