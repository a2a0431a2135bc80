/* Client libraries that are the tree's own: which file is of one, what is made of them, who uses it. */
#include "resolve/own_client.h"

#include "resolve/external_own.h"

/* Whether packages may start in that folder: opentelemetry/instrumentation/redis is not the client of that name. */
static bool is_root(const struct eval *e, struct str folder)
{
	bool is = folder.n == 0 || str_eq(path_base(folder), STR("src")) ||
	          repo_file(e->names->repo, path_join(e->arena, folder, STR("setup.py")));
	return is || external_in_list(&e->names->roots, folder);
}

/* The dotted name a file is imported by, its topmost package first; "" where that is no name of the outside. */
static struct str module_of(const struct eval *e, uint32_t file)
{
	const struct repo *repo = e->names->repo;
	struct str path = repo->files.at[file].path, dir = path_dir(path), base = path_base(path);
	struct str dotted =
	        str_eq(base, STR("__init__.py")) ? STR_NONE : str_slice(base, 0, str_find(base, STR("."), 0));
	for (; dir.n && repo_file(repo, path_join(e->arena, dir, STR("__init__.py"))); dir = path_dir(dir))
		dotted = str_fmt(e->arena, dotted.n ? "%.*s.%.*s" : "%.*s%.*s", STR_ARG(path_base(dir)),
		                 STR_ARG(dotted));
	return is_root(e, dir) ? dotted : STR_NONE;
}

static service_set services_of(const struct eval *e, struct str module)
{
	const struct catalogue *catalogue = e->names->catalogue;
	service_set set = 0;
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (external_in_modules(&catalogue->services.at[i].modules, module))
			set |= (service_set)1 << i;
	return set;
}

/* Of a file of a client library: its services and its dotted name. */
static const struct library *library_of(struct eval *e, uint32_t file)
{
	uint32_t at = map_get(&e->libraries, file);
	if (at == MAP_NONE) {
		struct library library = {.module = module_of(e, file)};
		library.services = services_of(e, library.module);
		at = (uint32_t)e->library_list.n;
		vec_push(e->arena, &e->library_list, library);
		map_put(&e->libraries, file, at);
	}
	return &e->library_list.at[at];
}

static bool helps_tests(const struct eval *e, uint32_t file)
{
	const struct source_file *f = &e->names->repo->files.at[file];
	const struct facts *facts = names_facts(e->names, file);
	bool helps = f->is_test || f->is_conftest;
	for (size_t i = 0; i < facts->imports.n && !helps; i++) {
		struct str module = names_str(e->names, facts->imports.at[i].module);
		helps = str_eq(module, STR("unittest")) || str_eq(module, STR("pytest"));
	}
	return helps;
}

bool own_client_is_inside(struct run *run)
{
	return library_of(run->e, run->frame->file)->services && !helps_tests(run->e, run->frame->file);
}

/* The services of a library that the code at hand is not part of. */
static service_set seen_from_outside(struct run *run, uint32_t file)
{
	service_set set = rule_holds(run->e->names, RULE_OWN_CLIENT) ? library_of(run->e, file)->services : 0;
	return set && own_client_is_inside(run) ? 0 : set;
}

/* "library.module.Class.method"; "" of what is defined in a function. */
static struct str dotted_of(struct eval *e, struct def_ref ref)
{
	const struct facts *facts = names_facts(e->names, ref.file);
	struct str path = STR_NONE;
	for (uint32_t d = ref.def; d; d = facts->defs.at[d].parent) {
		if (d != ref.def && facts->defs.at[d].kind != DEF_CLASS)
			return STR_NONE;
		path = str_fmt(e->arena, path.n ? "%.*s.%.*s" : "%.*s%.*s",
		               STR_ARG(names_str(e->names, facts->defs.at[d].name)), STR_ARG(path));
	}
	return str_fmt(e->arena, "%.*s.%.*s", STR_ARG(library_of(e, ref.file)->module), STR_ARG(path));
}

static bool is_fake_function(struct str what)
{
	static const char *const prefixes[] = {"fake_", "stub_", "mock_", "dummy_"};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (str_starts(what, str_of(prefixes[i])))
			return true;
	return false;
}

static bool is_double(const struct names *names, const struct value *v)
{
	bool is_class = v->kind == VALUE_CLASS || v->kind == VALUE_INSTANCE;
	if (!is_class && v->kind != VALUE_FUNCTION)
		return v->kind == VALUE_DOUBLE;
	struct str what = names_str(names, names_def(names, v->def)->name);
	return is_class ? name_is_double(names, what) : is_fake_function(what);
}

static bool is_given_a_double(const struct names *names, const struct arguments *a)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (is_double(names, a->at[i].value))
			return true;
	return false;
}

const struct contact *own_client_made(struct run *run, struct def_ref def, const struct arguments *a, uint32_t line)
{
	struct eval *e = run->e;
	service_set library = rule_holds(e->names, RULE_OWN_CLIENT) ? library_of(e, def.file)->services : 0;
	struct str dotted = library ? dotted_of(e, def) : STR_NONE;
	if (!dotted.n || !(external_of(e, intern(e->names->repo->names, dotted))->services & library))
		return NULL;
	struct run inner = {.e = e, .frame = run->frame, .returned = &value_none, .raises = run->raises};
	struct value callee = {.kind = VALUE_EXTERNAL, .text = dotted};
	external_call(&inner, &callee, a, line);
	const struct contact *made = NULL;
	for (const struct contact *c = inner.contacts; c; c = c->next) {
		struct contact *copy = arena_new(e->arena, struct contact);
		*copy = *c;
		copy->next = made;
		if (copy->grade > GRADE_PROBABLE)
			copy->grade = GRADE_PROBABLE; /* much of a client's own suite is about clients that fail */
		if (is_given_a_double(e->names, a) && copy->grade > GRADE_MOCKED)
			copy->grade = GRADE_MOCKED;
		copy->is_eager = false;
		copy->is_own = true;
		made = copy;
	}
	return made;
}

const struct contact *own_client_opened(struct run *run, const struct value *function, const struct arguments *a,
                                        uint32_t line)
{
	bool is_method = function->self && function->self->kind != VALUE_CLASS;
	if (is_method || !seen_from_outside(run, function->def.file))
		return NULL;
	return own_client_made(run, function->def, a, line);
}

/* Methods that every object has, and those that end a connection. */
static bool asks_nothing(struct str method)
{
	static const char *const quiet[] = {"close", "aclose", "disconnect", "shutdown", "stop"};
	bool asks = !str_starts(method, STR("__")) && !external_sends_nothing(method);
	for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
		asks &= !str_eq(method, str_of(quiet[i]));
	return !asks;
}

/* client.transport, whose body the library runs: reading it sends nothing by itself. */
static bool is_property(const struct names *names, struct def_ref ref)
{
	const struct facts *facts = names_facts(names, ref.file);
	for (uint32_t d = names_def(names, ref)->decorators; d; d = facts->exprs.at[d].next)
		if (str_ends(names_str(names, facts->exprs.at[d].text), STR("property")))
			return true;
	return false;
}

static void use(struct run *run, const struct value *client, service_set library, uint32_t line)
{
	struct hop hop = {.verb = HOP_USES, .line = line, .callee = {REF_NOWHERE, 0}, .what = client->ref_name};
	for (uint32_t i = 0; i < client->n_items; i++)
		if (client->items[i] && is_double(run->e->names, client->items[i]))
			return;
	for (const struct contact *c = client->contacts; c; c = c->next) {
		struct contact one = *c;
		one.next = NULL;
		if (c->is_idle && c->is_own && !(c->services & ~library))
			contacts_through(run, &one, hop);
	}
}

static void use_instance(struct run *run, const struct value *v, service_set library, uint32_t line)
{
	if (v && v->kind == VALUE_INSTANCE)
		use(run, v, library, line);
}

void own_client_used(struct run *run, const struct value *function, const struct arguments *a, uint32_t line)
{
	service_set library = seen_from_outside(run, function->def.file);
	const struct names *names = run->e->names;
	const struct value *self = function->self;
	if (!library || run->raises || asks_nothing(names_str(names, names_def(names, function->def)->name)) ||
	    is_property(names, function->def))
		return;
	use_instance(run, self, library, line);
	for (uint32_t i = 0; self && self->kind == VALUE_INSTANCE && i < self->n_items; i++)
		use_instance(run, self->items[i], library, line);
	for (uint32_t i = 0; i < a->n; i++)
		use_instance(run, a->at[i].value, library, line);
}

const struct contact *own_client_left(struct eval *e, const struct contact *contacts)
{
	const struct contact *c = contacts, *all = NULL;
	while (c && !(c->is_idle && c->is_own))
		c = c->next;
	if (!c)
		return contacts;
	for (c = contacts; c; c = c->next) {
		if (c->is_idle && c->is_own)
			continue;
		struct contact *copy = arena_new(e->arena, struct contact);
		*copy = *c;
		copy->next = all;
		all = copy;
	}
	return all;
}
