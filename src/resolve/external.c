/* Calls that leave the tree: the standard library's ways to dial, client constructors of the catalogue, HTTP
 * verbs, subprocesses, environment variables, test doubles.  Rows where a row will do. */
#include <string.h>

#include "resolve/django.h"
#include "resolve/eval.h"
#include "resolve/flask.h"

enum external_role {
	ROLE_PLAIN,
	ROLE_DIAL,        /* connects to (host, port) or host, port */
	ROLE_TRY,         /* the same, but a failure is what it answers */
	ROLE_URL,         /* opens a URL given first */
	ROLE_LAZY_HOST,   /* holds host, port; connects later */
	ROLE_ENVIRONMENT, /* reads a variable, default second */
	ROLE_DOUBLE,      /* makes a mock */
	ROLE_RUN,         /* runs a program */
	ROLE_IMPORT,      /* imports by name */
	ROLE_EXEC,        /* runs text */
	ROLE_SAME,        /* gives back its first argument */
	ROLE_THIRD,       /* gives back its third argument, more or less */
	ROLE_ASKS,        /* any(), all(), bool(): an answer made of its arguments */
	ROLE_GETATTR,
	ROLE_DICT,    /* dict(other, key=value) */
	ROLE_LOOKS,   /* looks at its arguments and calls none */
	ROLE_PARTIAL, /* functools.partial: holds a callable with arguments */
	ROLE_PATCH,   /* mock.patch and friends: their arguments are seams, not uses */
};

static const struct {
	const char *name;
	uint8_t role;
} roles[] = {
        {"socket.create_connection", ROLE_DIAL},
        {"socket.socket.connect", ROLE_DIAL},
        {"socket.socket.connect_ex", ROLE_TRY},
        {"asyncio.open_connection", ROLE_DIAL},
        {"asyncio.get_event_loop.create_connection", ROLE_DIAL},
        {"telnetlib.Telnet", ROLE_DIAL},
        {"anyio.connect_tcp", ROLE_DIAL},
        {"trio.open_tcp_stream", ROLE_DIAL},
        {"http.client.HTTPConnection", ROLE_LAZY_HOST},
        {"http.client.HTTPSConnection", ROLE_LAZY_HOST},
        {"urllib.request.urlopen", ROLE_URL},
        {"urllib.request.Request", ROLE_SAME},
        {"os.environ.get", ROLE_ENVIRONMENT},
        {"os.getenv", ROLE_ENVIRONMENT},
        {"os.environ.setdefault", ROLE_ENVIRONMENT},
        {"os.environ.pop", ROLE_ENVIRONMENT},
        {"decouple.config", ROLE_ENVIRONMENT},
        {"unittest.mock.MagicMock", ROLE_DOUBLE},
        {"unittest.mock.Mock", ROLE_DOUBLE},
        {"unittest.mock.AsyncMock", ROLE_DOUBLE},
        {"unittest.mock.NonCallableMock", ROLE_DOUBLE},
        {"unittest.mock.create_autospec", ROLE_DOUBLE},
        {"unittest.mock.PropertyMock", ROLE_DOUBLE},
        {"mock.MagicMock", ROLE_DOUBLE},
        {"mock.Mock", ROLE_DOUBLE},
        {"mock.AsyncMock", ROLE_DOUBLE},
        {"mock.create_autospec", ROLE_DOUBLE},
        {"subprocess.run", ROLE_RUN},
        {"subprocess.call", ROLE_RUN},
        {"subprocess.check_call", ROLE_RUN},
        {"subprocess.check_output", ROLE_RUN},
        {"subprocess.Popen", ROLE_RUN},
        {"os.system", ROLE_RUN},
        {"os.popen", ROLE_RUN},
        {"importlib.import_module", ROLE_IMPORT},
        {"builtins.__import__", ROLE_IMPORT},
        {"pytest.importorskip", ROLE_IMPORT},
        {"builtins.exec", ROLE_EXEC},
        {"builtins.eval", ROLE_EXEC},
        {"re.sub", ROLE_THIRD},
        {"builtins.str", ROLE_SAME},
        {"builtins.int", ROLE_SAME},
        {"builtins.float", ROLE_SAME},
        {"builtins.dict", ROLE_DICT},
        {"builtins.list", ROLE_SAME},
        {"builtins.tuple", ROLE_SAME},
        {"builtins.sorted", ROLE_SAME},
        {"builtins.iter", ROLE_SAME},
        {"builtins.next", ROLE_SAME},
        {"builtins.reversed", ROLE_SAME},
        {"asyncio.run", ROLE_SAME},
        {"asyncio.wait_for", ROLE_SAME},
        {"asyncio.shield", ROLE_SAME},
        {"contextlib.closing", ROLE_SAME},
        {"contextlib.aclosing", ROLE_SAME},
        {"contextlib.nullcontext", ROLE_SAME},
        {"copy.copy", ROLE_SAME},
        {"copy.deepcopy", ROLE_SAME},
        {"functools.partial", ROLE_PARTIAL},
        {"builtins.bool", ROLE_ASKS},
        {"builtins.any", ROLE_ASKS},
        {"builtins.all", ROLE_ASKS},
        {"builtins.len", ROLE_ASKS},
        {"builtins.callable", ROLE_LOOKS},
        {"builtins.isinstance", ROLE_LOOKS},
        {"builtins.issubclass", ROLE_LOOKS},
        {"builtins.id", ROLE_LOOKS},
        {"builtins.type", ROLE_LOOKS},
        {"builtins.repr", ROLE_LOOKS},
        {"builtins.print", ROLE_LOOKS},
        {"inspect.signature", ROLE_LOOKS},
        {"builtins.hasattr", ROLE_LOOKS},
        {"builtins.getattr", ROLE_GETATTR},
};

static struct str root_of(struct str dotted)
{
	return str_slice(dotted, 0, str_find(dotted, STR("."), 0));
}

static struct str last_of(struct str dotted)
{
	size_t dot = str_rfind_char(dotted, '.');
	return dot == SIZE_MAX ? dotted : str_slice(dotted, dot + 1, dotted.n);
}

static bool in_list(const strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], s))
			return true;
	return false;
}

/* "azure.cosmos" of the catalogue holds azure.cosmos.aio.CosmosClient. */
static bool in_modules(const strs *modules, struct str dotted)
{
	for (size_t i = 0; i < modules->n; i++) {
		struct str m = modules->at[i];
		if (str_starts(dotted, m) && (dotted.n == m.n || dotted.at[m.n] == '.'))
			return true;
	}
	return false;
}

/* What every client library calls its ways in. */
static bool is_usual_constructor(struct str last)
{
	static const char *const usual[] = {"connect",    "Connect",      "create_pool", "create_engine",
	                                    "Client",     "from_url",     "AsyncClient", "create_client",
	                                    "get_client", "connect_async"};
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (str_eq(last, str_of(usual[i])))
			return true;
	return false;
}

/* Whether the components of `part` stand in `whole` in that order. */
static bool runs_through(struct str whole, struct str part)
{
	size_t w = 0;
	for (size_t p = 0; p < part.n;) {
		size_t end = str_find(part, STR("."), p);
		struct str wanted = str_slice(part, p, end);
		bool found = false;
		while (w < whole.n && !found) {
			size_t stop = str_find(whole, STR("."), w);
			found = str_eq(str_slice(whole, w, stop), wanted);
			w = stop == SIZE_MAX ? whole.n : stop + 1;
		}
		if (!found)
			return false;
		p = end == SIZE_MAX ? part.n : end + 1;
	}
	return true;
}

/* "redis.Redis" of the catalogue fits redis.asyncio.Redis and redis.Redis.from_url fits "Redis.from_url". */
static bool is_constructor(const struct service *s, struct str dotted)
{
	struct str root = root_of(dotted), last = last_of(dotted);
	for (size_t i = 0; i < s->constructors.n; i++) {
		struct str c = s->constructors.at[i];
		if (str_eq(c, dotted))
			return true;
		bool ends = dotted.n > c.n && str_ends(dotted, c) && dotted.at[dotted.n - c.n - 1] == '.';
		if (ends && in_modules(&s->modules, dotted))
			return true;
		if (str_has(c, STR(".")) && str_eq(root_of(c), root) && str_eq(last_of(c), last) &&
		    runs_through(dotted, c))
			return true;
	}
	return in_modules(&s->modules, dotted) && is_usual_constructor(last);
}

static bool is_verb(struct str last)
{
	static const char *const verbs[] = {
	        "get",      "post",       "put",   "delete", "head",    "patch",      "options", "request",
	        "urlopen",  "send",       "fetch", "stream", "connect", "ws_connect", "open",    "perform_request",
	        "retrieve", "urlretrieve"};
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (str_eq(last, str_of(verbs[i])))
			return true;
	return false;
}

static bool is_eager_name(struct str last)
{
	static const char *const eager[] = {"connect",
	                                    "create_pool",
	                                    "connect_robust",
	                                    "BlockingConnection",
	                                    "SelectConnection",
	                                    "open_connection",
	                                    "wait_for_service",
	                                    "Connect",
	                                    "setup"};
	for (size_t i = 0; i < sizeof eager / sizeof *eager; i++)
		if (str_eq(last, str_of(eager[i])))
			return true;
	return false;
}

static struct external work_out(struct eval *e, struct str dotted)
{
	struct external x = {.is_eager = is_eager_name(last_of(dotted))};
	const struct catalogue *catalogue = e->names->catalogue;
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (str_eq(dotted, str_of(roles[i].name)))
			x.role = roles[i].role;
	if (str_starts(dotted, STR("unittest.mock.patch")) || str_starts(dotted, STR("mock.patch")))
		x.role = ROLE_PATCH;
	for (size_t i = 0; i < catalogue->services.n; i++) {
		const struct service *s = &catalogue->services.at[i];
		service_set bit = (service_set)1 << i;
		if (is_constructor(s, dotted))
			x.services |= bit;
		if (in_modules(&s->doubles, dotted))
			x.doubles |= bit;
		if (in_list(&s->containers, last_of(dotted)))
			x.is_container = true;
	}
	return x;
}

const struct external *external_of(struct eval *e, name dotted)
{
	uint32_t at = map_get(&e->externals, dotted);
	if (at == MAP_NONE) {
		at = (uint32_t)e->external_list.n;
		struct external x = work_out(e, names_str(e->names, dotted));
		vec_push(e->arena, &e->external_list, x);
		map_put(&e->externals, dotted, at);
	}
	return &e->external_list.at[at];
}

/* ---- one call at work ---- */

struct outcall {
	struct run *run;
	struct eval *e;
	const struct value *callee;
	const struct arguments *a;
	uint32_t line;
	struct str dotted;
	const struct external *x;
};

static struct hop *cause(struct outcall *o, uint8_t verb, struct str detail)
{
	struct hop *hop = arena_new(o->e->arena, struct hop);
	*hop = (struct hop){.verb = verb, .file = o->run->frame->file, .line = o->line, .detail = detail};
	hop->what = intern(o->e->names->repo->names, o->dotted);
	hop->external = hop->what;
	hop->callee.file = REF_NOWHERE;
	hop->ref_file = o->callee->ref_file;
	hop->ref_name = o->callee->ref_name;
	return hop;
}

static void reach(struct outcall *o, service_set services, enum grade grade, bool is_eager, struct str detail,
                  name variable)
{
	struct contact c = {
	        .services = services, .grade = o->run->raises ? GRADE_MENTION : grade, .is_eager = is_eager};
	struct str last = last_of(o->dotted);
	c.is_idle = !is_eager && (o->x->role == ROLE_PLAIN || o->x->role == ROLE_LAZY_HOST) && !is_verb(last) &&
	            !is_eager_name(last);
	c.is_guarded = o->x->role == ROLE_TRY;
	c.variable = variable;
	c.hops = cause(o, HOP_REACHES, detail);
	contact_add(o->run, c);
}

/* What came back: carries the contacts this very call made. */
static const struct value *foreign(struct outcall *o, const struct contact *before)
{
	VEC(const struct value *) items = {0};
	struct value v = {.kind = VALUE_FOREIGN, .text = o->dotted};
	for (uint32_t i = 0; i < o->a->n; i++)
		vec_push(o->e->arena, &items, o->a->at[i].value);
	if (o->callee->self && o->callee->self->kind == VALUE_FOREIGN)
		for (uint32_t i = 0; i < o->callee->self->n_items; i++)
			vec_push(o->e->arena, &items, o->callee->self->items[i]);
	v.items = items.at;
	v.n_items = (uint32_t)items.n;
	for (const struct contact *c = o->run->contacts; c && c != before; c = c->next) {
		struct contact *copy = arena_new(o->e->arena, struct contact);
		*copy = *c;
		copy->next = v.contacts;
		v.contacts = copy;
	}
	v.contacts = contacts_joined(o->e, v.contacts, o->callee->contacts);
	return value_make(o->e, v);
}

static struct str words_around(struct outcall *o)
{
	const struct names *names = o->e->names;
	const struct def *def = names_def(names, (struct def_ref){o->run->frame->file, o->run->frame->def});
	struct str words = names_str(names, def->name);
	for (uint32_t i = 0; i < o->a->n; i++)
		if (o->a->at[i].value->ref_name)
			words = str_fmt(o->e->arena, "%.*s %.*s", STR_ARG(words),
			                STR_ARG(names_str(names, o->a->at[i].value->ref_name)));
	return words;
}

/* The client library whose own code this is: the package under test may be the client itself. */
static service_set own_library(const struct outcall *o)
{
	const struct catalogue *catalogue = o->e->names->catalogue;
	struct str path = o->e->names->repo->files.at[o->run->frame->file].path;
	service_set set = 0;
	for (size_t i = 0; i < catalogue->services.n; i++) {
		const strs *modules = &catalogue->services.at[i].modules;
		for (size_t from = 0, end; (end = str_find(path, STR("/"), from)) != SIZE_MAX; from = end + 1)
			set |= (service_set)in_list(modules, str_slice(path, from, end)) << i;
	}
	return set;
}

static bool is_anything(const struct value *v, struct str text)
{
	return v->kind != VALUE_DOUBLE && text.n == 1 && text.at[0] == VALUE_HOLE;
}

static bool dial(struct outcall *o, const struct value *host, const struct value *port, enum grade grade, bool eager)
{
	if (!rule_holds(o->e->names, RULE_DIAL))
		return false;
	struct endpoint p = {.host = value_text(o->e, host), .port = port ? value_text(o->e, port) : STR_NONE};
	p.words = words_around(o);
	p.variable = host->variable ? host->variable : port ? port->variable : 0;
	if (memchr(p.port.at, VALUE_HOLE, p.port.n))
		p.port = STR_NONE;
	struct endpoint_answer answer = endpoint_services(o->e->names, &p);
	struct str detail = p.port.n ? str_fmt(o->e->arena, "%.*s:%.*s", STR_ARG(p.host), STR_ARG(p.port)) : p.host;
	if (answer.kind == ENDPOINT_SERVICE)
		reach(o, answer.services, grade, eager, detail, p.variable);
	else if (answer.kind == ENDPOINT_DATA)
		reach(o, answer.services, GRADE_MENTION, false, detail, 0);
	else if (is_anything(host, p.host) && own_library(o))
		reach(o, own_library(o), GRADE_PROBABLE, eager, STR("the address it was given"), 0);
	return answer.kind != ENDPOINT_NOTHING;
}

static void dial_each(struct outcall *o, const struct value *address, const struct value *second)
{
	if (second && second->kind == VALUE_EITHER) {
		for (uint32_t i = 0; i < second->n_items; i++)
			dial_each(o, address, second->items[i]);
		return;
	}
	if (address->kind == VALUE_LIST && address->n_items >= 2 && address->items[1]->kind == VALUE_EITHER) {
		dial_each(o, address->items[0], address->items[1]);
		return;
	}
	if (address->kind == VALUE_EITHER) {
		for (uint32_t i = 0; i < address->n_items; i++)
			dial_each(o, address->items[i], second);
		return;
	}
	if (address->kind == VALUE_LIST && address->n_items >= 2)
		dial(o, address->items[0], address->items[1], GRADE_REQUIRES, true);
	else
		dial(o, address, second, GRADE_REQUIRES, true);
}

/* An address as text: URL, DSN or host:port.  Returns whether it named a service. */
static bool open_text(struct outcall *o, struct str text, name variable, enum grade grade, bool eager)
{
	struct endpoint p = {.url = text, .variable = variable, .words = words_around(o)};
	endpoint_parse(text, &p);
	struct endpoint_answer answer = endpoint_services(o->e->names, &p);
	if (answer.kind == ENDPOINT_SERVICE)
		reach(o, answer.services, grade, eager, text, variable);
	else if (answer.kind == ENDPOINT_DATA)
		reach(o, answer.services, GRADE_MENTION, false, text, 0);
	return answer.kind != ENDPOINT_NOTHING;
}

static bool is_connector(struct str last)
{
	/* Callables whose name says that they hold a connection: create_engine, make_client, Database, Broker. */
	static const char *const parts[] = {"connect", "Connect", "client",   "Client",  "engine",   "Engine",
	                                    "pool",    "Pool",    "Database", "Backend", "from_url", "Storage",
	                                    "Session", "Broker",  "Bus",      "Manager", "Limiter",  "Cache",
	                                    "Redis",   "Celery",  "Transport"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (str_has(last, str_of(parts[i])))
			return true;
	return false;
}

/* Objects that are an address, or hold one. */
static bool holds_address(struct str dotted)
{
	static const char *const parts[] = {"Request", "URL", "url", "Url", "Dsn", "Settings", "Parameters", "Secret"};
	struct str last = last_of(dotted);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (str_has(last, str_of(parts[i])))
			return true;
	return is_connector(last);
}

/* A URL or host:port; a bare word is no address where anything could be meant. */
static bool is_address(struct str text)
{
	struct endpoint p = {0};
	if (str_has(text, STR("://")))
		return true;
	endpoint_parse(text, &p);
	return p.port.n > 0;
}

static bool open_value(struct outcall *o, const struct value *v, enum grade grade, bool eager)
{
	bool any = false;
	switch (v->kind) {
	case VALUE_STRING: return is_address(v->text) && open_text(o, v->text, v->variable, grade, eager);
	case VALUE_FOREIGN:
		if (!holds_address(v->text))
			return false;
		/* fall through */
	case VALUE_EITHER:
	case VALUE_LIST:
		for (uint32_t i = 0; i < v->n_items; i++)
			any |= v->items[i] && open_value(o, v->items[i], grade, eager);
		return any;
	case VALUE_UNKNOWN:
		if (v->variable) {
			service_set set = variable_services(o->e->names, names_str(o->e->names, v->variable));
			if (set)
				reach(o, set, grade, eager, names_str(o->e->names, v->variable), v->variable);
			return set != 0;
		}
		return false;
	default: return false;
	}
}

/* Whether an argument of a client constructor says that nobody is there: a stub host, no host, or sqlite. */
static bool is_data_address(struct outcall *o, const struct value *v)
{
	if (v->kind != VALUE_STRING)
		return v->kind == VALUE_LIST && v->n_items == 0;
	struct endpoint p = {.url = v->text};
	endpoint_parse(v->text, &p);
	if (str_has(v->text, STR("sqlite")) || str_eq(v->text, STR(":memory:")))
		return true;
	p.url = STR_NONE;
	struct str first = names_str(o->e->names, o->callee->ref_name);
	p.words = first;
	return p.host.n && endpoint_is_data_host(p.host);
}

static void construct(struct outcall *o)
{
	for (uint32_t i = 0; i < o->a->n; i++) {
		struct str key = o->a->at[i].key ? names_str(o->e->names, o->a->at[i].key) : STR_NONE;
		bool is_address = key.n == 0 ? i == 0
		                             : str_has(key, STR("host")) || str_has(key, STR("ur")) ||
		                                       str_has(key, STR("server"));
		const struct value *v = o->a->at[i].value;
		if (is_address && v->kind == VALUE_LIST && v->n_items)
			v = v->items[0];
		if (is_address && is_data_address(o, v)) {
			reach(o, o->x->services, GRADE_MENTION, false, value_text(o->e, v), 0);
			return;
		}
		if (key.n && (str_eq(key, STR("transport")) || str_eq(key, STR("connection_class"))) &&
		    v->kind == VALUE_DOUBLE) {
			reach(o, o->x->services, GRADE_MOCKED, false, key, 0);
			return;
		}
	}
	name variable = 0;
	for (uint32_t i = 0; i < o->a->n && !variable; i++)
		variable = o->a->at[i].value->variable;
	bool eager = o->x->is_eager;
	reach(o, o->x->services, eager ? GRADE_REQUIRES : GRADE_PROBABLE, eager, STR_NONE, variable);
}

static bool is_http_library(struct str root)
{
	static const char *const libraries[] = {"requests", "httpx",      "aiohttp",  "urllib3", "urllib",
	                                        "http",     "tornado",    "pycurl",   "treq",    "niquests",
	                                        "asks",     "websockets", "websocket"};
	for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
		if (str_eq(root, str_of(libraries[i])))
			return true;
	return false;
}

/* GET url, session.post(url), Client(base_url=...).get("/path"). */
/* "DRIVER={PostgreSQL Unicode};SERVER=..." and "host=db port=5432": connection strings that are no URL. */
static bool connection_string(struct outcall *o, struct str text)
{
	bool odbc = str_has(text, STR("=")) && str_has(text, STR(";"));
	service_set set = odbc ? words_services(o->e->names, text) : 0;
	if (set && (set & (set - 1)) == 0)
		reach(o, set, o->x->is_eager ? GRADE_REQUIRES : GRADE_PROBABLE, o->x->is_eager, text, 0);
	return set != 0;
}

static bool http(struct outcall *o)
{
	struct str last = last_of(o->dotted);
	bool verb = is_verb(last), library = is_http_library(root_of(o->dotted));
	if ((!(verb && library) && !is_connector(last)) || !rule_holds(o->e->names, RULE_HTTP))
		return false;
	bool any = false;
	for (uint32_t i = 0; i < o->a->n && !any; i++) {
		const struct value *v = o->a->at[i].value;
		struct str text = value_text(o->e, v);
		any = is_connector(last) && connection_string(o, text);
		bool may = str_has(text, STR("://")) || (v->kind != VALUE_STRING && v->kind != VALUE_NUMBER);
		if (!any && may && v->kind != VALUE_INSTANCE && v->kind != VALUE_CLASS)
			any = open_value(o, v, GRADE_PROBABLE, false);
	}
	for (uint32_t i = 0; verb && !any && o->callee->self && i < o->callee->self->n_items; i++)
		any = open_value(o, o->callee->self->items[i], GRADE_PROBABLE, false);
	return any;
}

/* `python -m package.module` of the tree: what its module level does, main guard included. */
static void run_module(struct outcall *o, struct str dotted)
{
	struct target t = names_module(o->e->names, o->run->frame->file, dotted, 0);
	struct target main = t.kind == TARGET_MODULE ? names_member(o->e->names, t.file,
	                                                            intern(o->e->names->repo->names, STR("__main__")))
	                                             : t;
	if (main.kind == TARGET_MODULE)
		t = main;
	if (!rule_holds(o->e->names, RULE_PROGRAMS) || t.kind != TARGET_MODULE || o->e->depth > 30)
		return;
	struct frame frame = {.file = t.file};
	struct run inner = {.e = o->e, .frame = &frame, .returned = &value_none};
	o->e->depth++;
	run_block(&inner, names_facts(o->e->names, t.file)->defs.at[0].body);
	o->e->depth--;
	struct hop hop = {.verb = HOP_RUNS, .line = o->line, .callee = {REF_NOWHERE, 0}};
	hop.what = intern(o->e->names->repo->names, dotted);
	contacts_through(o->run, inner.contacts, hop);
}

static void run_program(struct outcall *o)
{
	const struct value *command = o->a->n ? o->a->at[0].value : &value_unknown;
	const struct catalogue *catalogue = o->e->names->catalogue;
	struct str whole = value_text(o->e, command);
	VEC(struct str) words = {0};
	for (uint32_t i = 0; command->kind == VALUE_LIST && i < command->n_items; i++)
		vec_push(o->e->arena, &words, value_text(o->e, command->items[i]));
	if (command->kind == VALUE_LIST)
		whole = str_join(o->e->arena, words.at, words.n, STR(" "));
	struct str program = path_base(str_slice(whole, 0, str_find(whole, STR(" "), 0)));
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (in_list(&catalogue->services.at[i].commands, program))
			reach(o, (service_set)1 << i, GRADE_REQUIRES, true, whole, 0);
	for (size_t i = 0; i < words.n; i++) {
		if (str_has(words.at[i], STR("://")))
			open_text(o, words.at[i], 0, GRADE_PROBABLE, false);
		if (str_eq(words.at[i], STR("-m")) && i + 1 < words.n)
			run_module(o, words.at[i + 1]);
	}
}

static const struct value *environment(struct outcall *o)
{
	const struct value *variable = argument_at(o->a, 0), *initial = argument_at(o->a, 1);
	if (!initial)
		initial = argument_key(o->e, o->a, "default");
	if (!variable || variable->kind != VALUE_STRING)
		return &value_unknown;
	bool is_known = initial && initial->kind != VALUE_NONE && rule_holds(o->e->names, RULE_DEFAULT_ENV);
	const struct value *v = is_known ? initial : &value_unknown;
	return value_with_variable(o->e, v, intern(o->e->names->repo->names, variable->text));
}

/* "env.str('X', default)" and such: a call whose first argument is an UPPER_CASE name. */
static bool reads_variable(struct outcall *o)
{
	const struct value *first = argument_at(o->a, 0);
	if (!first || first->kind != VALUE_STRING || first->text.n < 4 || !str_has(o->dotted, STR("env")))
		return false;
	for (size_t i = 0; i < first->text.n; i++) {
		char c = first->text.at[i];
		if (!((c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9')))
			return false;
	}
	return true;
}

static const struct value *mock_double(struct outcall *o)
{
	if (!rule_holds(o->e->names, RULE_SPECS))
		return &value_unknown;
	const struct value *spec = argument_key(o->e, o->a, "spec");
	if (!spec)
		spec = argument_at(o->a, 0);
	if (spec && spec->kind == VALUE_CLASS) {
		struct str path = o->e->names->repo->files.at[spec->def.file].path;
		struct str what = names_str(o->e->names, names_def(o->e->names, spec->def)->name);
		service_set set =
		        words_services(o->e->names, str_fmt(o->e->arena, "%.*s %.*s", STR_ARG(path), STR_ARG(what)));
		if (set)
			contact_add(o->run, (struct contact){.services = set,
			                                     .grade = GRADE_MOCKED,
			                                     .hops = cause(o, HOP_DOUBLES, what)});
	}
	if (spec && spec->kind == VALUE_EXTERNAL) {
		const struct external *x = external_of(o->e, intern(o->e->names->repo->names, spec->text));
		if (x->services) {
			struct contact c = {.services = x->services,
			                    .grade = GRADE_MOCKED,
			                    .hops = cause(o, HOP_DOUBLES, spec->text)};
			contact_add(o->run, c);
		}
	}
	return &value_double;
}

/* Dynamic code in the suite itself could reach any service.  In what is tested it loads plugins, drivers, task
 * modules: if every import_module of an application made its tests unknown, nothing would be known. */
static void load(struct outcall *o, struct str text)
{
	const struct source_file *file = &o->e->names->repo->files.at[o->run->frame->file];
	bool in_suite = file->is_test || file->is_conftest;
	if (in_suite && rule_holds(o->e->names, RULE_UNKNOWN))
		contact_add(o->run, (struct contact){.grade = GRADE_UNKNOWN,
		                                     .is_dynamic = true,
		                                     .hops = cause(o, HOP_LOADS, text)});
}

static const struct value *import_module(struct outcall *o)
{
	const struct value *what = argument_at(o->a, 0);
	struct str text = what ? value_text(o->e, what) : STR_NONE;
	if (what && what->kind == VALUE_STRING && !memchr(text.at, VALUE_HOLE, text.n) && text.n) {
		struct target t = names_module(o->e->names, o->run->frame->file, text, 0);
		struct hop hop = {.verb = HOP_RUNS, .line = o->line, .callee = {REF_NOWHERE, 0}};
		hop.what = intern(o->e->names->repo->names, STR("import"));
		if (t.kind == TARGET_MODULE)
			contacts_through(o->run, eval_import(o->e, t.file), hop);
		return value_of_target(o->e, t);
	}
	load(o, text);
	return &value_unknown;
}

static const struct value *get_attribute(struct outcall *o)
{
	const struct value *object = argument_at(o->a, 0), *what = argument_at(o->a, 1), *other = argument_at(o->a, 2);
	if (!object)
		return &value_unknown;
	if (!what || what->kind != VALUE_STRING || memchr(what->text.at, VALUE_HOLE, what->text.n))
		return value_with_contacts(o->e, &value_unknown, object->contacts);
	const struct value *v = value_attribute(o->run, object, intern(o->e->names->repo->names, what->text), o->line);
	return other ? value_join(o->e, v, other) : v;
}

static const struct value *make_dict(struct outcall *o)
{
	VEC(const struct value *) items = {0};
	const struct value *first = argument_at(o->a, 0);
	for (uint32_t i = 0; i < o->a->n; i++) {
		if (!o->a->at[i].key)
			continue;
		vec_push(o->e->arena, &items, value_string(o->e, names_str(o->e->names, o->a->at[i].key)));
		vec_push(o->e->arena, &items, o->a->at[i].value);
	}
	for (uint32_t i = 0; first && first->kind == VALUE_DICT && i < first->n_items; i++)
		vec_push(o->e->arena, &items, first->items[i]);
	return value_make(o->e, (struct value){.kind = VALUE_DICT, .items = items.at, .n_items = (uint32_t)items.n});
}

/* Functions handed to the outside (threads, executors, retry helpers) are taken to be called. */
static void call_back(struct outcall *o)
{
	for (uint32_t i = 0; i < o->a->n && rule_holds(o->e->names, RULE_CALLBACKS); i++) {
		const struct value *v = o->a->at[i].value;
		if (v->kind == VALUE_FUNCTION)
			eval_apply(o->run, v, &(struct arguments){.has_star = true}, o->line);
		else if (v->kind == VALUE_UNKNOWN && v->contacts && !v->ref_name && !v->variable)
			eval_apply(o->run, v, &(struct arguments){0}, o->line);
	}
}

static bool may_be_client(const struct value *v)
{
	for (uint32_t i = 0; v->kind == VALUE_EITHER && i < v->n_items; i++)
		if (v->items[i]->kind == VALUE_FOREIGN && v->items[i]->contacts)
			return true;
	return v->kind == VALUE_FOREIGN && v->contacts;
}

/* Values that carry contacts are used when handed to the outside: helpers.bulk(client, ...). */
static void use_arguments(struct outcall *o)
{
	struct hop hop = {.verb = HOP_USES, .line = o->line, .callee = {REF_NOWHERE, 0}};
	for (uint32_t i = 0; i < o->a->n; i++) {
		const struct value *v = o->a->at[i].value;
		if (!may_be_client(v))
			continue;
		hop.what = v->ref_name;
		hop.ref_file = v->ref_file;
		hop.ref_name = v->ref_name;
		contacts_through(o->run, v->contacts, hop);
	}
}

/* client.get.assert_called_with(...): only a mock has such methods. */
static bool asks_a_mock(struct str dotted)
{
	struct str last = last_of(dotted);
	return str_starts(last, STR("assert_called")) || str_starts(last, STR("assert_awaited")) ||
	       str_starts(last, STR("assert_not_")) || str_starts(last, STR("assert_any_")) ||
	       str_starts(last, STR("assert_has_")) || str_eq(last, STR("reset_mock")) ||
	       str_has(dotted, STR(".return_value."));
}

/* Methods of clients that make an object and send nothing. */
static bool sends_nothing(const struct names *names, struct str method)
{
	static const char *const quiet[] = {"register_script", "pipeline",       "pubsub",
	                                    "get_database",    "get_collection", "get_connection_kwargs",
	                                    "options",         "with_options"};
	for (size_t i = 0; i < sizeof quiet / sizeof *quiet && rule_holds(names, RULE_IDLE); i++)
		if (str_eq(method, str_of(quiet[i])))
			return true;
	return false;
}

static void use_receiver(struct outcall *o)
{
	const struct value *self = o->callee->self;
	struct hop hop = {.verb = HOP_USES, .line = o->line, .callee = {REF_NOWHERE, 0}};
	if (sends_nothing(o->e->names, last_of(o->dotted)))
		self = o->callee->kind == VALUE_FOREIGN ? o->callee : NULL; /* client.register_script("...")() */
	if (!self || !o->callee->contacts || asks_a_mock(o->dotted))
		return;
	hop.what = self->ref_name;
	hop.ref_file = self->ref_file;
	hop.ref_name = self->ref_name;
	contacts_through(o->run, o->callee->contacts, hop);
}

static const struct value *split(struct outcall *o, const struct value *text, struct str at)
{
	VEC(const struct value *) items = {0};
	for (size_t from = 0; at.n && from <= text->text.n;) {
		size_t to = str_find(text->text, at, from);
		struct str piece = str_trim(str_slice(text->text, from, to));
		vec_push(o->e->arena, &items, value_with_variable(o->e, value_string(o->e, piece), text->variable));
		from = to == SIZE_MAX ? text->text.n + 1 : to + at.n;
	}
	struct value v = {.kind = VALUE_LIST, .items = items.at, .n_items = (uint32_t)items.n};
	v.contacts = text->contacts;
	v.variable = text->variable;
	return value_make(o->e, v);
}

static const struct value *string_method(struct outcall *o)
{
	struct str what = last_of(o->dotted);
	const struct value *self = o->callee->self;
	static const char *const keep[] = {"rstrip",  "lstrip", "strip",  "lower",       "upper",
	                                   "replace", "encode", "decode", "removesuffix"};
	for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
		if (str_eq(what, str_of(keep[i])))
			return self;
	if (str_eq(what, STR("split")) && argument_at(o->a, 0) && self->kind == VALUE_STRING)
		return split(o, self, value_text(o->e, argument_at(o->a, 0)));
	if (str_eq(what, STR("format"))) {
		struct buf text;
		uint32_t used = 0;
		buf_init(&text, o->e->arena);
		for (size_t i = 0; i < self->text.n; i++) {
			if (self->text.at[i] != '{') {
				buf_char(&text, self->text.at[i]);
				continue;
			}
			size_t close = str_find(self->text, STR("}"), i);
			struct str field = str_slice(self->text, i + 1, close);
			field = str_slice(field, 0, str_find(field, STR(":"), 0));
			const struct value *v = field.n ? argument_key(o->e, o->a, str_c(o->e->arena, field))
			                                : argument_at(o->a, used++);
			uint64_t index;
			if (!v && str_number(field, 99, &index))
				v = argument_at(o->a, (uint32_t)index);
			buf_add(&text, value_text(o->e, v ? v : &value_unknown));
			i = close == SIZE_MAX ? self->text.n : close;
		}
		return value_with_variable(o->e, value_string(o->e, buf_str(&text)), self->variable);
	}
	return value_with_variable(o->e, &value_unknown, self->variable);
}

static const struct value *dict_method(struct outcall *o)
{
	struct str what = last_of(o->dotted);
	const struct value *dict = o->callee->self, *key = argument_at(o->a, 0), *other = argument_at(o->a, 1);
	VEC(const struct value *) items = {0};
	struct value v = {.kind = VALUE_LIST, .contacts = dict->contacts};
	if (key && (str_eq(what, STR("get")) || str_eq(what, STR("pop")) || str_eq(what, STR("setdefault")))) {
		const struct value *found = value_index(o->run, dict, key);
		return other ? value_join(o->e, found, other) : found;
	}
	for (uint32_t i = 0; i + 1 < dict->n_items; i += 2) {
		if (str_eq(what, STR("keys")))
			vec_push(o->e->arena, &items, dict->items[i]);
		else if (str_eq(what, STR("values")))
			vec_push(o->e->arena, &items, dict->items[i + 1]);
		else if (str_eq(what, STR("items")))
			vec_push(o->e->arena, &items,
			         value_make(o->e, (struct value){
			                                  .kind = VALUE_LIST, .items = dict->items + i, .n_items = 2}));
	}
	v.items = items.at;
	v.n_items = (uint32_t)items.n;
	return items.n ? value_make(o->e, v) : str_eq(what, STR("copy")) ? dict : &value_unknown;
}

/* Containers started by the test itself need docker, no service of the CI. */
static void start_container(struct outcall *o)
{
	int docker = catalogue_find(o->e->names->catalogue, STR("docker"));
	if (docker >= 0)
		reach(o, (service_set)1 << docker, GRADE_REQUIRES, true, o->dotted, 0);
}

/* The callable, then its arguments each with its keyword; "" for a positional one. */
static const struct value *hold(struct outcall *o)
{
	VEC(const struct value *) items = {0};
	struct value v = {.kind = VALUE_FOREIGN, .text = STR("functools.partial")};
	for (uint32_t i = 0; i < o->a->n; i++) {
		vec_push(o->e->arena, &items, value_string(o->e, names_str(o->e->names, o->a->at[i].key)));
		vec_push(o->e->arena, &items, o->a->at[i].value);
	}
	v.items = items.at;
	v.n_items = (uint32_t)items.n;
	return value_make(o->e, v);
}

static const struct value *call_held(struct run *run, const struct value *partial, const struct arguments *a,
                                     uint32_t line)
{
	struct arguments all = {.has_star = a->has_star};
	for (uint32_t i = 2; i + 1 < partial->n_items && all.n < ARGUMENTS_MOST; i += 2) {
		struct str key = partial->items[i]->text;
		all.at[all.n++] =
		        (struct argument){key.n ? intern(run->e->names->repo->names, key) : 0, partial->items[i + 1]};
	}
	for (uint32_t i = 0; i < a->n && all.n < ARGUMENTS_MOST; i++)
		all.at[all.n++] = a->at[i];
	return eval_apply(run, partial->items[1], &all, line);
}

static const struct value *by_role(struct outcall *o)
{
	const struct value *first = argument_at(o->a, 0);
	const struct contact *before = o->run->contacts;
	switch (o->x->role) {
	case ROLE_TRY:
	case ROLE_DIAL: {
		const struct value *host = first ? first : argument_key(o->e, o->a, "host");
		const struct value *port = argument_at(o->a, 1);
		if (host)
			dial_each(o, host, port ? port : argument_key(o->e, o->a, "port"));
		return foreign(o, before);
	}
	case ROLE_LAZY_HOST: {
		const struct value *port = argument_at(o->a, 1);
		if (first)
			dial(o, first, port ? port : argument_key(o->e, o->a, "port"), GRADE_PROBABLE, false);
		return foreign(o, before);
	}
	case ROLE_URL:
		if (first && rule_holds(o->e->names, RULE_HTTP))
			open_value(o, first, GRADE_PROBABLE, false);
		return foreign(o, before);
	case ROLE_ENVIRONMENT: return environment(o);
	case ROLE_DOUBLE: return mock_double(o);
	case ROLE_RUN: run_program(o); return foreign(o, before);
	case ROLE_IMPORT: return import_module(o);
	case ROLE_EXEC:
		if (first && first->kind != VALUE_STRING)
			load(o, STR_NONE);
		return &value_unknown;
	case ROLE_SAME: return first ? first : &value_unknown;
	case ROLE_THIRD: return argument_at(o->a, 2) ? argument_at(o->a, 2) : &value_unknown;
	case ROLE_ASKS:
		return first ? value_with_contacts(o->e, &value_bool, value_element(o->e, first)->contacts)
		             : &value_bool;
	case ROLE_LOOKS: return &value_bool;
	case ROLE_GETATTR: return get_attribute(o);
	case ROLE_DICT: return make_dict(o);
	case ROLE_PARTIAL: return first && rule_holds(o->e->names, RULE_PARTIALS) ? hold(o) : NULL;
	default: return NULL;
	}
}

/* cache.get("x") of django.core.cache, caches["default"].clear(): the service that the settings name. */
static bool asks_cache(struct str dotted)
{
	return str_starts(dotted, STR("django.core.cache.cache."));
}

static void reach_setting(struct outcall *o, const struct setting *setting, struct str what)
{
	if (!setting->services)
		return;
	struct hop *sets = arena_new(o->e->arena, struct hop);
	*sets = (struct hop){.verb = HOP_SETS, .file = setting->file, .line = setting->line, .detail = what};
	sets->callee.file = REF_NOWHERE;
	struct hop *uses = cause(o, HOP_USES, STR_NONE);
	uses->next = sets;
	contact_add(o->run, (struct contact){.services = setting->services,
	                                     .grade = o->run->raises ? GRADE_MENTION : GRADE_PROBABLE,
	                                     .hops = uses});
}

static const struct setting *django_caches(struct eval *e)
{
	struct setting *s = &e->caches;
	if (!s->is_known)
		s->services = django_services(e->names, true, &s->file, &s->line);
	s->is_known = true;
	return s;
}

static const struct setting *flask_database(struct eval *e)
{
	struct setting *s = &e->flask;
	if (!s->is_known)
		s->services = flask_services(e->names, &s->file, &s->line);
	s->is_known = true;
	return s;
}

const struct value *external_call(struct run *run, const struct value *callee, const struct arguments *a, uint32_t line)
{
	struct outcall o = {.run = run, .e = run->e, .callee = callee, .a = a, .line = line, .dotted = callee->text};
	o.x = external_of(run->e, intern(run->e->names->repo->names, callee->text));
	struct external known = *o.x; /* the list may move while arguments are evaluated */
	o.x = &known;
	const struct contact *before = run->contacts;
	if (callee->kind == VALUE_FOREIGN && callee->n_items >= 2 && str_eq(callee->text, STR("functools.partial")))
		return call_held(run, callee, a, line);
	if (callee->self && callee->self->kind == VALUE_STRING)
		return string_method(&o);
	if (callee->self && callee->self->kind == VALUE_DICT)
		return dict_method(&o);
	if (known.role) {
		const struct value *v = by_role(&o);
		if (v)
			return v;
	}
	if (known.role == ROLE_PATCH)
		return &value_double;
	use_receiver(&o);
	if (known.doubles) {
		contact_add(run, (struct contact){.services = known.doubles,
		                                  .grade = GRADE_MOCKED,
		                                  .hops = cause(&o, HOP_DOUBLES, o.dotted)});
		return &value_double;
	}
	if (reads_variable(&o))
		return environment(&o);
	if (asks_cache(o.dotted))
		reach_setting(&o, django_caches(o.e), STR("CACHES"));
	else if (flask_asks(o.dotted))
		reach_setting(&o, flask_database(o.e), STR("SQLALCHEMY_DATABASE_URI"));
	else if (known.is_container)
		start_container(&o);
	else if (known.services)
		construct(&o);
	else
		http(&o);
	if (!known.services) /* a client wrapped into another client is not used yet */
		use_arguments(&o);
	call_back(&o);
	return foreign(&o, before);
}

void external_open(struct run *run, const struct value *settings, name what, uint32_t line)
{
	struct value callee = {.kind = VALUE_EXTERNAL, .text = names_str(run->e->names, what)};
	static const struct arguments none = {.n = 0};
	struct external asks = {.role = ROLE_URL};
	struct outcall o = {.run = run, .e = run->e, .callee = &callee, .a = &none, .line = line};
	o.x = &asks;
	o.dotted = callee.text;
	for (uint32_t i = 1; settings->kind == VALUE_DICT && i < settings->n_items; i += 2)
		open_value(&o, settings->items[i], GRADE_PROBABLE, false);
}

void external_probe(struct run *run, const struct value *object, uint32_t line)
{
	struct value callee = {.kind = VALUE_EXTERNAL, .text = STR("client")};
	static const struct arguments none = {.n = 0};
	struct outcall o = {.run = run, .e = run->e, .callee = &callee, .a = &none, .line = line};
	o.dotted = callee.text;
	if (object->kind == VALUE_INSTANCE)
		callee.text = o.dotted = names_str(run->e->names, names_def(run->e->names, object->def)->name);
	if (object->kind != VALUE_INSTANCE && object->kind != VALUE_FOREIGN)
		return;
	struct external asks = {.role = ROLE_URL};
	o.x = &asks;
	for (uint32_t i = 0; i < object->n_items; i++)
		if (object->items[i]->kind == VALUE_STRING && str_has(object->items[i]->text, STR(":")))
			open_text(&o, object->items[i]->text, object->items[i]->variable, GRADE_PROBABLE, false);
}
