/* Whom a call reaches: addresses, URLs, DSNs, constructors of clients, HTTP verbs. */
#include <string.h>

#include "resolve/environment.h"
#include "resolve/external_own.h"

struct hop *external_cause(struct outcall *o, uint8_t verb, struct str detail)
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

void external_reach(struct outcall *o, service_set services, enum grade grade, bool is_eager, struct str detail,
                    name variable)
{
	struct contact c = {
	        .services = services, .grade = o->run->raises ? GRADE_MENTION : grade, .is_eager = is_eager};
	struct str last = external_last(o->dotted);
	c.is_idle = !is_eager && (o->x->role == ROLE_PLAIN || o->x->role == ROLE_LAZY_HOST) &&
	            !external_is_verb(last) && !external_is_eager(last);
	c.is_guarded = o->x->role == ROLE_TRY;
	c.variable = variable;
	c.hops = external_cause(o, HOP_REACHES, detail);
	contact_add(o->run, c);
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
			set |= (service_set)external_in_list(modules, str_slice(path, from, end)) << i;
	}
	return set;
}

static bool is_anything(const struct value *v, struct str text)
{
	return v->kind != VALUE_DOUBLE && text.n == 1 && text.at[0] == VALUE_HOLE;
}

bool external_dial(struct outcall *o, const struct value *host, const struct value *port, enum grade grade, bool eager)
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
		external_reach(o, answer.services, grade, eager, detail, p.variable);
	else if (answer.kind == ENDPOINT_DATA)
		external_reach(o, answer.services, GRADE_MENTION, false, detail, 0);
	else if (is_anything(host, p.host) && own_library(o))
		external_reach(o, own_library(o), GRADE_PROBABLE, eager, STR("the address it was given"), 0);
	return answer.kind != ENDPOINT_NOTHING;
}

void external_dial_each(struct outcall *o, const struct value *address, const struct value *second)
{
	if (second && second->kind == VALUE_EITHER) {
		for (uint32_t i = 0; i < second->n_items; i++)
			external_dial_each(o, address, second->items[i]);
		return;
	}
	if (address->kind == VALUE_LIST && address->n_items >= 2 && address->items[1]->kind == VALUE_EITHER) {
		external_dial_each(o, address->items[0], address->items[1]);
		return;
	}
	if (address->kind == VALUE_EITHER) {
		for (uint32_t i = 0; i < address->n_items; i++)
			external_dial_each(o, address->items[i], second);
		return;
	}
	if (address->kind == VALUE_LIST && address->n_items >= 2)
		external_dial(o, address->items[0], address->items[1], GRADE_REQUIRES, true);
	else
		external_dial(o, address, second, GRADE_REQUIRES, true);
}

bool external_open_text(struct outcall *o, struct str text, name variable, enum grade grade, bool eager)
{
	struct endpoint p = {.url = text, .variable = variable, .words = words_around(o)};
	endpoint_parse(text, &p);
	struct endpoint_answer answer = endpoint_services(o->e->names, &p);
	if (answer.kind == ENDPOINT_SERVICE)
		external_reach(o, answer.services, grade, eager, text, variable);
	else if (answer.kind == ENDPOINT_DATA)
		external_reach(o, answer.services, GRADE_MENTION, false, text, 0);
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
	struct str last = external_last(dotted);
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

/* What it holds is not known: its name tells. */
static bool open_variable(struct outcall *o, name variable, enum grade grade, bool eager)
{
	struct str what = names_str(o->e->names, variable);
	service_set set = variable_services(o->e->names, what);
	if (set)
		external_reach(o, set, grade, eager, variable_name(what), variable);
	return set != 0;
}

bool external_open_value(struct outcall *o, const struct value *v, enum grade grade, bool eager)
{
	bool any = false;
	switch (v->kind) {
	case VALUE_STRING:
		if (is_address(v->text))
			return external_open_text(o, v->text, v->variable, grade, eager);
		return environment_is_given(o->e, v->variable) && open_variable(o, v->variable, grade, eager);
	case VALUE_FOREIGN:
		if (!holds_address(v->text))
			return false;
		/* fall through */
	case VALUE_EITHER:
	case VALUE_LIST:
		for (uint32_t i = 0; i < v->n_items; i++)
			any |= v->items[i] && external_open_value(o, v->items[i], grade, eager);
		return any;
	case VALUE_UNKNOWN: return v->variable && open_variable(o, v->variable, grade, eager);
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

void external_construct(struct outcall *o)
{
	for (uint32_t i = 0; i < o->a->n; i++) {
		struct str key = o->a->at[i].key ? names_str(o->e->names, o->a->at[i].key) : STR_NONE;
		bool is_address = key.n == 0 ? i == 0
		                             : str_has(key, STR("host")) || str_has(key, STR("ur")) ||
		                                       str_has(key, STR("server"));
		const struct value *v = o->a->at[i].value;
		if (is_address && v->kind == VALUE_LIST && v->n_items)
			v = v->items[0];
		bool is_file = str_eq(key, STR("path")) && o->a->n == 1; /* of a client that keeps its data itself */
		if (is_file || (is_address && is_data_address(o, v))) {
			external_reach(o, o->x->services, GRADE_MENTION, false, value_text(o->e, v), 0);
			return;
		}
		if (key.n && (str_eq(key, STR("transport")) || str_eq(key, STR("connection_class"))) &&
		    v->kind == VALUE_DOUBLE) {
			external_reach(o, o->x->services, GRADE_MOCKED, false, key, 0);
			return;
		}
	}
	name variable = 0;
	for (uint32_t i = 0; i < o->a->n && !variable; i++)
		variable = o->a->at[i].value->variable;
	bool eager = o->x->is_eager;
	external_reach(o, o->x->services, eager ? GRADE_REQUIRES : GRADE_PROBABLE, eager, STR_NONE, variable);
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

/* "DRIVER={PostgreSQL Unicode};SERVER=..." and "host=db port=5432": connection strings that are no URL. */
static bool connection_string(struct outcall *o, struct str text)
{
	bool odbc = str_has(text, STR("=")) && str_has(text, STR(";"));
	service_set set = odbc ? words_services(o->e->names, text) : 0;
	if (set && (set & (set - 1)) == 0)
		external_reach(o, set, o->x->is_eager ? GRADE_REQUIRES : GRADE_PROBABLE, o->x->is_eager, text, 0);
	return set != 0;
}

/* GET url, session.post(url), Client(base_url=...).get("/path"). */
bool external_http(struct outcall *o)
{
	struct str last = external_last(o->dotted);
	bool verb = external_is_verb(last), library = is_http_library(external_root(o->dotted));
	if ((!(verb && library) && !is_connector(last)) || !rule_holds(o->e->names, RULE_HTTP))
		return false;
	bool any = false;
	for (uint32_t i = 0; i < o->a->n && !any; i++) {
		const struct value *v = o->a->at[i].value;
		struct str text = value_text(o->e, v);
		any = is_connector(last) && connection_string(o, text);
		bool may = str_has(text, STR("://")) || (v->kind != VALUE_STRING && v->kind != VALUE_NUMBER);
		if (!any && may && v->kind != VALUE_INSTANCE && v->kind != VALUE_CLASS)
			any = external_open_value(o, v, GRADE_PROBABLE, false);
	}
	for (uint32_t i = 0; verb && !any && o->callee->self && i < o->callee->self->n_items; i++)
		any = external_open_value(o, o->callee->self->items[i], GRADE_PROBABLE, false);
	return any;
}
