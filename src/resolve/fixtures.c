/* Finding fixtures.  What a module offers is its "layer"; what a test sees is a list of layers from its class
 * outward: class, module, each conftest.py towards the root, plugin modules named in pytest_plugins.  The
 * nearest definition wins; a fixture that asks for its own name gets the next one outward. */
#include "resolve/fixtures.h"

#include <stdlib.h>
#include <string.h>

#include "resolve/well_known.h"

bool fixtures_is_well_known(struct str name)
{
	size_t low = 0, high = well_known_fixtures_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(str_of(well_known_fixtures[middle]), name);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* ---- recognising definitions ---- */

static bool is_fixture_maker(struct names *names, struct target t)
{
	if (t.kind == TARGET_VARIABLE) { /* an alias, or functools.partial(pytest.fixture, ...) */
		const struct binding *b = names_variable(names, t);
		if (!b->value || b->item)
			return false;
		const struct facts *facts = names_facts(names, t.file);
		const struct expr *e = &facts->exprs.at[b->value];
		uint32_t what = b->value;
		if (e->kind == EXPR_CALL)
			what = facts->exprs.at[e->first].next;
		return what && target_is(names, names_expr(names, t.file, b->owner, what), "pytest.fixture");
	}
	return target_is(names, t, "pytest.fixture") || target_is(names, t, "pytest_asyncio.fixture") ||
	       target_is(names, t, "pytest.yield_fixture") || target_is(names, t, "_pytest.fixtures.fixture");
}

uint32_t fixtures_decorator(struct names *names, struct def_ref ref)
{
	const struct facts *facts = names_facts(names, ref.file);
	const struct def *def = names_def(names, ref);
	if (def->kind != DEF_FUNCTION)
		return 0;
	for (uint32_t e = def->decorators; e; e = facts->exprs.at[e].next) {
		uint32_t callee = facts->exprs.at[e].kind == EXPR_CALL ? facts->exprs.at[e].first : e;
		if (is_fixture_maker(names, names_expr(names, ref.file, def->parent, callee)))
			return e;
	}
	return 0;
}

bool fixtures_is_fixture(struct fixtures *fixtures, struct def_ref function)
{
	return fixtures_decorator(fixtures->names, function) != 0;
}

/* Reads name=, scope=, autouse=, params= of a `fixture(...)` call. */
static void read_options(struct names *names, uint32_t file, uint32_t call, struct fixture *fixture)
{
	const struct facts *facts = names_facts(names, file);
	if (facts->exprs.at[call].kind != EXPR_CALL)
		return;
	uint32_t argument = facts->exprs.at[facts->exprs.at[call].first].next;
	for (; argument; argument = facts->exprs.at[argument].next) {
		const struct expr *e = &facts->exprs.at[argument];
		if (e->kind != EXPR_KEYWORD)
			continue;
		const struct expr *value = &facts->exprs.at[e->first];
		struct str key = names_str(names, e->text);
		if (str_eq(key, STR("name")) && value->kind == EXPR_STRING)
			fixture->name = value->text;
		else if (str_eq(key, STR("scope")))
			fixture->scope = value->kind == EXPR_STRING ? value->text : 0;
		else if (str_eq(key, STR("autouse")))
			fixture->is_autouse = value->kind != EXPR_FALSE;
		else if (str_eq(key, STR("params")))
			fixture->is_parametrized = value->kind != EXPR_NONE;
	}
}

static uint32_t add_fixture(struct fixtures *f, struct fixture fixture)
{
	uint64_t key = map_mix((uint64_t)fixture.def.file << 32 | fixture.def.def, fixture.name);
	uint32_t index = map_get(&f->known, key);
	if (index == MAP_NONE) {
		index = (uint32_t)f->suite->fixtures.n;
		vec_push(f->arena, &f->suite->fixtures, fixture);
		map_put(&f->known, key, index);
	}
	return index;
}

/* The fixture a definition is when bound under `bound`; MAP_NONE when it is none. */
static uint32_t fixture_of(struct fixtures *f, struct def_ref ref, name bound)
{
	uint32_t decorator = fixtures_decorator(f->names, ref);
	if (!decorator)
		return MAP_NONE;
	const struct def *def = names_def(f->names, ref);
	struct fixture fixture = {.def = ref, .name = bound};
	fixture.scope = intern(f->names->repo->names, STR("function"));
	fixture.line = names_facts(f->names, ref.file)->stmts.at[def->stmt].line;
	read_options(f->names, ref.file, decorator, &fixture);
	return add_fixture(f, fixture);
}

/* `x = pytest.fixture(f)` and `x = pytest.fixture(scope="module")(f)`. */
static uint32_t fixture_by_call(struct fixtures *f, uint32_t file, const struct binding *b)
{
	const struct facts *facts = names_facts(f->names, file);
	if (b->kind != BIND_ASSIGN || !b->value || b->item || facts->exprs.at[b->value].kind != EXPR_CALL)
		return MAP_NONE;
	uint32_t call = b->value, maker = facts->exprs.at[call].first, function = facts->exprs.at[maker].next;
	uint32_t options = call;
	if (facts->exprs.at[maker].kind == EXPR_CALL) {
		options = maker;
		maker = facts->exprs.at[maker].first;
	}
	if (!function || !is_fixture_maker(f->names, names_expr(f->names, file, b->owner, maker)))
		return MAP_NONE;
	struct target t = names_expr(f->names, file, b->owner, function);
	if (t.kind != TARGET_DEF)
		return MAP_NONE;
	struct fixture fixture = {.def = {t.file, t.index}, .name = b->name, .line = facts->stmts.at[b->stmt].line};
	fixture.scope = intern(f->names->repo->names, STR("function"));
	read_options(f->names, file, options, &fixture);
	return add_fixture(f, fixture);
}

/* ---- layers ---- */

static const struct layer *layer_of(struct fixtures *f, struct def_ref scope);

static void add_stars(struct fixtures *f, uint32_t file, index_list *list)
{
	const struct facts *facts = names_facts(f->names, file);
	for (size_t i = 0; i < facts->imports.n; i++) {
		const struct import *import = &facts->imports.at[i];
		if (!import->name || !str_eq(names_str(f->names, import->name), STR("*")))
			continue;
		if (facts->stmts.at[import->stmt].owner)
			continue;
		struct str module = names_str(f->names, import->module);
		struct target t = names_module(f->names, file, module, import->level);
		if (t.kind != TARGET_MODULE || t.file == file)
			continue;
		const struct layer *from = layer_of(f, (struct def_ref){t.file, 0});
		for (size_t k = 0; from && k < from->fixtures.n; k++)
			chain_add(f->arena, list, from->fixtures.at[k]);
	}
}

static int by_stmt(const void *left, const void *right)
{
	const struct binding *a = left, *b = right;
	return a->stmt != b->stmt ? (a->stmt < b->stmt ? -1 : 1) : (a->index > b->index) - (a->index < b->index);
}

static void fill_layer(struct fixtures *f, struct def_ref scope, index_list *list)
{
	size_t n;
	const struct binding *sorted = names_scope(f->names, scope.file, scope.def, &n);
	struct binding *b = arena_array(f->arena, struct binding, n + 1);
	if (n)
		memcpy(b, sorted, n * sizeof *b);
	qsort(b, n, sizeof *b, by_stmt);
	for (size_t i = 0; i < n; i++) {
		uint32_t index = MAP_NONE;
		if (b[i].kind == BIND_DEF) {
			index = fixture_of(f, (struct def_ref){scope.file, b[i].index}, b[i].name);
		} else if (b[i].kind == BIND_IMPORT) {
			struct target t = names_find(f->names, scope.file, scope.def, b[i].name);
			if (t.kind == TARGET_DEF)
				index = fixture_of(f, (struct def_ref){t.file, t.index}, b[i].name);
			else if (t.kind == TARGET_VARIABLE)
				index = fixture_by_call(f, t.file, names_variable(f->names, t));
		} else {
			index = fixture_by_call(f, scope.file, &b[i]);
		}
		chain_add(f->arena, list, index);
	}
	if (scope.def == 0)
		add_stars(f, scope.file, list);
}

/* NULL while it is being made (modules that star-import each other). */
static const struct layer *layer_of(struct fixtures *f, struct def_ref scope)
{
	uint64_t key = (uint64_t)scope.file << 32 | scope.def;
	uint32_t at = map_get(&f->layers, key);
	if (at != MAP_NONE)
		return &f->made.at[at];
	if (map_get(&f->in_progress, key) != MAP_NONE)
		return NULL;
	map_put(&f->in_progress, key, 1);
	struct layer layer = {0};
	fill_layer(f, scope, &layer.fixtures);
	map_put(&f->layers, key, (uint32_t)f->made.n);
	vec_push(f->arena, &f->made, layer);
	return &f->made.at[f->made.n - 1];
}

/* ---- look-ups ---- */

/* A fixture of a base class is one of the class only while nothing nearer has its name: pytest asks the class. */
static bool is_replaced(struct fixtures *f, struct def_ref leaf, struct def_ref base, uint32_t index)
{
	struct def_ref ref = f->suite->fixtures.at[index].def;
	const struct def *def = ref.file == base.file ? names_def(f->names, ref) : NULL;
	if (!def || def->parent != base.def)
		return false;
	struct target t = names_class_member(f->names, leaf, def->name);
	return t.kind != TARGET_DEF || t.file != ref.file || t.index != ref.def;
}

static struct layer left_of(struct fixtures *f, const struct layer *layer, struct def_ref leaf, struct def_ref base)
{
	struct layer left = {0};
	if (leaf.file == base.file && leaf.def == base.def)
		return *layer;
	for (size_t k = 0; k < layer->fixtures.n; k++)
		if (!is_replaced(f, leaf, base, layer->fixtures.at[k]))
			vec_push(f->arena, &left.fixtures, layer->fixtures.at[k]);
	return left;
}

/* Calls `visit` for each layer from the test outward until it says stop. */
static void each_layer(struct fixtures *f, struct fixture_scope scope, bool (*visit)(void *, const struct layer *),
                       void *data)
{
	def_refs classes = {0};
	bool unknown;
	struct def_ref class_ = scope.class_;
	def_refs leaves = {0};                             /* for each of them, the class that inherits it */
	while (class_.file != REF_NOWHERE && class_.def) { /* nested classes see their outer class's fixtures too */
		names_mro(f->names, f->arena, class_, &classes, &unknown);
		while (leaves.n < classes.n)
			vec_push(f->arena, &leaves, class_);
		class_.def = names_def(f->names, class_)->parent;
		if (names_def(f->names, class_)->kind != DEF_CLASS)
			break;
	}
	for (size_t i = 0; i < classes.n; i++) {
		const struct layer *layer = layer_of(f, classes.at[i]);
		struct layer left = layer ? left_of(f, layer, leaves.at[i], classes.at[i]) : (struct layer){0};
		if (layer && !visit(data, &left))
			return;
	}
	const struct layer *own = layer_of(f, (struct def_ref){scope.file, 0});
	if (own && !visit(data, own))
		return;
	index_list plugins = {0};
	chain_add_plugins(&f->chains, scope.file, &plugins);
	const index_list *chain = chain_of(&f->chains, scope.file);
	for (size_t i = 0; i < chain->n + plugins.n; i++) {
		uint32_t file = i < chain->n ? chain->at[i] : plugins.at[i - chain->n];
		const struct layer *layer = file == scope.file ? NULL : layer_of(f, (struct def_ref){file, 0});
		if (layer && !visit(data, layer))
			return;
	}
}

struct finder {
	struct fixtures *f;
	name what;
	unsigned skip, passed;
	uint32_t found, wanted;
};

static bool find_in(void *data, const struct layer *layer)
{
	struct finder *finder = data;
	for (size_t i = layer->fixtures.n; i-- > 0;) {
		uint32_t index = layer->fixtures.at[i];
		if (finder->f->suite->fixtures.at[index].name != finder->what)
			continue;
		if (index == finder->wanted)
			return false;
		if (finder->passed++ == finder->skip) {
			finder->found = index;
			return false;
		}
	}
	return true;
}

static uint32_t external(struct fixtures *f, name what)
{
	uint32_t index = map_get(&f->externals, what);
	if (index != MAP_NONE)
		return index;
	index = (uint32_t)f->suite->fixtures.n;
	struct fixture fixture = {.def = {REF_NOWHERE, 0}, .name = what, .is_external = true};
	vec_push(f->arena, &f->suite->fixtures, fixture);
	map_put(&f->externals, what, index);
	return index;
}

uint32_t fixtures_find(struct fixtures *f, struct fixture_scope scope, name what, unsigned skip)
{
	uint64_t class_key = scope.class_.file == REF_NOWHERE ? 0 : map_mix(scope.class_.file + 1, scope.class_.def);
	uint64_t key = map_mix(map_mix(scope.file, class_key), (uint64_t)what << 8 | (skip & 255));
	uint32_t known = map_get(&f->answers, key);
	if (known != MAP_NONE)
		return known;
	struct finder finder = {.f = f, .what = what, .skip = skip, .found = MAP_NONE, .wanted = MAP_NONE};
	each_layer(f, scope, find_in, &finder);
	if (finder.found == MAP_NONE)
		finder.found = external(f, what);
	map_put(&f->answers, key, finder.found);
	return finder.found;
}

unsigned fixtures_depth(struct fixtures *f, struct fixture_scope scope, name what, uint32_t index)
{
	struct finder finder = {.f = f, .what = what, .skip = UINT32_MAX, .found = MAP_NONE, .wanted = index};
	each_layer(f, scope, find_in, &finder);
	return finder.passed;
}

struct autouse {
	struct fixtures *f;
	index_list found; /* innermost first */
};

/* pytest goes through the names of a module in alphabetical order. */
static bool gather_autouse(void *data, const struct layer *layer)
{
	struct autouse *autouse = data;
	const struct suite *suite = autouse->f->suite;
	size_t from = autouse->found.n;
	for (size_t i = 0; i < layer->fixtures.n; i++)
		if (suite->fixtures.at[layer->fixtures.at[i]].is_autouse)
			chain_add(autouse->f->arena, &autouse->found, layer->fixtures.at[i]);
	for (size_t i = from + 1; i < autouse->found.n; i++) { /* the last name first: the whole is turned around */
		uint32_t moved = autouse->found.at[i];
		struct str name = names_str(autouse->f->names, suite->fixtures.at[moved].name);
		size_t k = i;
		for (;
		     k > from &&
		     str_cmp(names_str(autouse->f->names, suite->fixtures.at[autouse->found.at[k - 1]].name), name) < 0;
		     k--)
			autouse->found.at[k] = autouse->found.at[k - 1];
		autouse->found.at[k] = moved;
	}
	return true;
}

void fixtures_autouse(struct fixtures *f, struct fixture_scope scope, index_list *list)
{
	struct autouse autouse = {.f = f};
	each_layer(f, scope, gather_autouse, &autouse);
	for (size_t i = autouse.found.n; i-- > 0;)
		vec_push(f->arena, list, autouse.found.at[i]);
}

void fixtures_init(struct fixtures *f, struct names *names, struct arena *out, struct suite *suite,
                   const struct pytest_config *pytest)
{
	*f = (struct fixtures){.names = names, .arena = out, .suite = suite, .pytest = pytest};
	map_init(&f->known, out);
	map_init(&f->externals, out);
	map_init(&f->layers, out);
	chains_init(&f->chains, names, out, pytest);
	map_init(&f->in_progress, out);
	map_init(&f->answers, out);
}
