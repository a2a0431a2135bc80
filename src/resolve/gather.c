/* Gathering for one test.  Module level first (what runs on import can only gate), then marks, fixtures,
 * setup methods, the body. */
#include "resolve/calls.h"
#include "resolve/django.h"
#include "resolve/seams_http.h"
#include "resolve/gather_own.h"

static name name_of(struct gatherer *g, const char *text)
{
	return intern(g->names->repo->names, str_of(text));
}

struct frame *gather_frame(struct gatherer *g, uint32_t file)
{
	struct frame *frame = arena_new(g->arena, struct frame);
	*frame = (struct frame){.file = file};
	return frame;
}

/* What stops unittest's loader in a package, or in the module itself. */
static void loader_of(struct gatherer *g, struct run *run, uint32_t file)
{
	size_t n;
	name hook = name_of(g, "load_tests");
	const struct binding *b = names_bindings(g->names, file, 0, hook, &n);
	if (!n || b[n - 1].kind != BIND_DEF || !rule_holds(g->names, RULE_LOADERS))
		return;
	struct run inner = {.e = &g->eval, .frame = gather_frame(g, file), .returned = &value_none};
	struct value v = {.kind = VALUE_FUNCTION, .def = {file, b[n - 1].index}};
	eval_apply(&inner, value_make(&g->eval, v), &(struct arguments){.has_star = true}, 1);
	struct hop hop = {.verb = HOP_RUNS, .line = 1, .callee = {REF_NOWHERE, 0}, .what = hook};
	for (const struct contact *c = inner.contacts; c; c = c->next) {
		struct contact one = *c;
		one.next = NULL;
		if (c->is_gate)
			contacts_through(run, &one, hop);
	}
}

void gather_import(struct gatherer *g, struct run *run)
{
	struct hop hop = {.verb = HOP_RUNS, .line = 1, .callee = {REF_NOWHERE, 0}, .what = name_of(g, "import")};
	uint32_t file = g->test->file;
	contacts_through(run, eval_import(&g->eval, file), hop);
	loader_of(g, run, file);
	for (struct str d = path_dir(g->names->repo->files.at[file].path);; d = path_dir(d)) {
		const struct source_file *init = repo_file(g->names->repo, path_join(g->arena, d, STR("__init__.py")));
		if (init) {
			uint32_t at = (uint32_t)(init - g->names->repo->files.at);
			if (at != file) {
				contacts_through(run, eval_import(&g->eval, at), hop);
				loader_of(g, run, at);
			}
		}
		if (!init || d.n == 0)
			break;
	}
}

const seam_list *gather_seams(struct gatherer *g, struct def_ref function)
{
	static const seam_list none = {0};
	if (function.file == REF_NOWHERE || names_def(g->names, function)->kind != DEF_FUNCTION)
		return &none;
	uint64_t key = (uint64_t)function.file << 32 | function.def;
	uint32_t at = map_get(&g->function_seams, key);
	if (at == MAP_NONE) {
		seam_list list = {0};
		seams_of_function(g->names, g->arena, function, &list);
		at = (uint32_t)g->seam_lists.n;
		vec_push(g->arena, &g->seam_lists, list);
		map_put(&g->function_seams, key, at);
	}
	return &g->seam_lists.at[at];
}

static void add_seams(struct gatherer *g, struct def_ref function, seam_list *seams)
{
	const seam_list *list = gather_seams(g, function);
	for (size_t i = 0; i < list->n; i++)
		vec_push(g->arena, seams, list->at[i]);
}

static void use_mark(struct gatherer *g, struct run *run, const struct mark *mark, seam_list *seams)
{
	gather_mark(g, run, mark);
	if (mark->name)
		seams_of_http(g->names, g->arena, mark->file, mark->line,
		              http_doubled_by_mark(names_str(g->names, mark->name)), seams);
}

static void use_fixtures(struct gatherer *g, struct run *run, seam_list *seams)
{
	for (size_t i = 0; i < g->test->fixtures.n && rule_holds(g->names, RULE_FIXTURES); i++) {
		uint32_t index = g->test->fixtures.at[i];
		const struct fixture *fixture = &g->suite->fixtures.at[index];
		add_seams(g, fixture->def, seams);
		if (fixture->is_external)
			seams_of_http(g->names, g->arena, g->test->file, g->test->line,
			              http_doubled_by_fixture(names_str(g->names, fixture->name)), seams);
		if (gather_is_dynamic(g, index))
			continue; /* where it is asked for, if that is run */
		struct hop hop = {
		        .verb = HOP_ASKS, .line = g->test->line, .what = fixture->name, .callee = fixture->def};
		contacts_through(run, gather_fixture(g, index)->contacts, hop);
	}
}

/* Django's tests share one database, that of the settings. */
static void use_django(struct gatherer *g, struct run *run)
{
	struct str what;
	if (!g->django || !django_opens(g->names, g->suite, g->test, &what))
		return;
	struct hop *cause = arena_new(g->arena, struct hop), *asks = arena_new(g->arena, struct hop);
	*cause = (struct hop){
	        .verb = HOP_SETS, .file = g->django_file, .line = g->django_line, .callee = {REF_NOWHERE, 0}};
	cause->detail = STR("DATABASES");
	*asks = (struct hop){.next = cause, .verb = HOP_ASKS, .file = g->test->file, .line = g->test->line};
	asks->callee.file = REF_NOWHERE;
	asks->what = intern(g->names->repo->names, what);
	contact_add(run, (struct contact){.services = g->django, .grade = GRADE_PROBABLE, .hops = asks});
}

static void run_setup(struct gatherer *g, struct run *run, struct def_ref ref, const struct value *self,
                      seam_list *seams)
{
	struct run inner;
	gather_run(g, &inner, ref, self, MAP_NONE);
	seams_of_function(g->names, g->arena, ref, seams);
	struct hop hop = {
	        .verb = HOP_RUNS, .line = g->test->line, .callee = ref, .what = names_def(g->names, ref)->name};
	contacts_through(run, inner.contacts, hop);
}

static void use_setup(struct gatherer *g, struct run *run, const struct value *self, seam_list *seams)
{
	static const char *const in_class[] = {"setUpClass",    "setup_class",     "setUp",         "asyncSetUp",
	                                       "setup_method",  "setup",           "setUpTestData", "tearDown",
	                                       "asyncTearDown", "teardown_method", "teardown"};
	/* What is torn down for many tests is reported with the last of them, and is no need of the others. */
	static const char *const in_module[] = {"setup_module", "setUpModule", "setup_function", "teardown_function"};
	for (size_t i = 0; self && i < sizeof in_class / sizeof *in_class; i++) {
		name what = intern(g->names->repo->names, str_of(in_class[i]));
		struct target t = what ? names_class_member(g->names, self->def, what) : (struct target){0};
		if (t.kind == TARGET_DEF)
			run_setup(g, run, (struct def_ref){t.file, t.index}, self, seams);
	}
	for (size_t i = 0; i < sizeof in_module / sizeof *in_module; i++) {
		size_t n;
		name what = intern(g->names->repo->names, str_of(in_module[i]));
		const struct binding *b = what ? names_bindings(g->names, g->test->file, 0, what, &n) : NULL;
		bool applies = !self || i < 2; /* the others are of functions outside of classes */
		if (applies && b && n && b[n - 1].kind == BIND_DEF)
			run_setup(g, run, (struct def_ref){g->test->file, b[n - 1].index}, NULL, seams);
	}
}

static bool is_indirect(struct gatherer *g, const struct mark *mark)
{
	return mark->expr && str_eq(names_str(g->names, mark->name), STR("parametrize")) &&
	       call_keyword(g->names, mark->file, mark->expr, "indirect");
}

uint64_t gather_closure(struct gatherer *g, const struct test *test)
{
	uint64_t h = test->class_.file == REF_NOWHERE ? 3 : map_mix(test->class_.file, test->class_.def);
	h = map_mix(h, test->file);
	for (size_t i = 0; i < test->fixtures.n; i++)
		h = map_mix(h, test->fixtures.at[i]);
	for (size_t i = 0; i < test->marks.n; i++)
		if (is_indirect(g, &test->marks.at[i]))
			h = map_mix(h, map_mix(test->marks.at[i].file, test->marks.at[i].expr));
	return h;
}

const struct contact *gather_test(struct gatherer *g, const struct test *test, seam_list *seams)
{
	g->test = test;
	g->closure = gather_closure(g, test);
	g->eval.item = gather_marks_hash(g, test);
	g->eval.fixture = gather_get_fixture;
	g->eval.fixture_data = g;
	struct frame frame = {.file = test->file};
	struct run all = {.e = &g->eval, .frame = &frame, .returned = &value_none, .is_early = true};
	if (rule_holds(g->names, RULE_MODULE))
		gather_import(g, &all);
	if (rule_holds(g->names, RULE_HOOKS))
		gather_hooks(g, &all);
	budget_begin(&g->eval, test->file);
	for (size_t i = 0; i < test->marks.n; i++)
		use_mark(g, &all, &test->marks.at[i], seams);
	gather_decorators(g, &all, test->def);
	for (struct def_ref c = test->class_; c.file != REF_NOWHERE && c.def;) {
		gather_decorators(g, &all, c);
		size_t first = seams->n;
		seams_of_decorators(g->names, g->arena, c, seams);
		for (size_t i = first; i < seams->n; i++)
			seams->at[i].is_late = true; /* patch on a class wraps its tests */
		c.def = names_def(g->names, c)->parent;
	}
	use_fixtures(g, &all, seams);
	use_django(g, &all);
	const struct value *self = gather_self(g, test->def, test->class_);
	if (rule_holds(g->names, RULE_SETUP))
		use_setup(g, &all, self, seams);
	size_t own = seams->n;
	add_seams(g, test->def, seams);
	for (; own < seams->n; own++)
		seams->at[own].is_late = true;
	all.is_early = false;
	struct run body;
	gather_run(g, &body, test->def, self, MAP_NONE);
	for (const struct contact *c = body.contacts; c; c = c->next)
		contact_add(&all, *c);
	g->eval.fixture = NULL;
	return all.contacts;
}

void gather_init(struct gatherer *g, struct names *names, struct arena *arena, const struct suite *suite,
                 const struct config *config)
{
	*g = (struct gatherer){.names = names, .suite = suite, .config = config, .arena = arena};
	eval_init(&g->eval, names, arena, config);
	g->django = django_services(names, false, &g->django_file, &g->django_line);
	chains_init(&g->chains, names, arena, names->pytest);
	map_init(&g->hooks, arena);
	map_init(&g->item_numbers, arena);
	map_init(&g->markers, arena);
	map_init(&g->fixtures, arena);
	map_init(&g->function_seams, arena);
}
