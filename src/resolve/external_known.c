/* What a dotted name of the outside is to us: its role, and the services whose clients it makes.  Rows where a row
 * will do. */
#include "resolve/external_own.h"

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
        {"builtins.list", ROLE_EACH},
        {"builtins.tuple", ROLE_EACH},
        {"builtins.sorted", ROLE_EACH},
        {"builtins.iter", ROLE_EACH},
        {"builtins.next", ROLE_NEXT},
        {"builtins.set", ROLE_EACH},
        {"builtins.frozenset", ROLE_EACH},
        {"builtins.zip", ROLE_ZIP},
        {"builtins.enumerate", ROLE_ENUMERATE},
        {"builtins.map", ROLE_MAP},
        {"itertools.starmap", ROLE_MAP},
        {"contextlib.ExitStack.enter_context", ROLE_ENTER},
        {"contextlib.AsyncExitStack.enter_async_context", ROLE_ENTER},
        {"builtins.reversed", ROLE_EACH},
        {"asyncio.run", ROLE_SAME},
        {"asyncio.wait_for", ROLE_SAME},
        {"asyncio.shield", ROLE_SAME},
        {"contextlib.closing", ROLE_SAME},
        {"contextlib.aclosing", ROLE_SAME},
        {"contextlib.nullcontext", ROLE_SAME},
        {"copy.copy", ROLE_SAME},
        {"copy.deepcopy", ROLE_SAME},
        {"functools.partial", ROLE_PARTIAL},
        {"dataclasses.field", ROLE_HOLDS},
        {"attr.ib", ROLE_HOLDS},
        {"attr.field", ROLE_HOLDS},
        {"attrs.field", ROLE_HOLDS},
        {"pydantic.Field", ROLE_HOLDS},
        {"builtins.bool", ROLE_TRUTH},
        {"builtins.any", ROLE_ASKS},
        {"builtins.all", ROLE_ASKS},
        {"builtins.len", ROLE_TRUTH},
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

struct str external_root(struct str dotted)
{
	return str_slice(dotted, 0, str_find(dotted, STR("."), 0));
}

struct str external_last(struct str dotted)
{
	size_t dot = str_rfind_char(dotted, '.');
	return dot == SIZE_MAX ? dotted : str_slice(dotted, dot + 1, dotted.n);
}

bool external_in_list(const strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], s))
			return true;
	return false;
}

/* "azure.cosmos" of the catalogue holds azure.cosmos.aio.CosmosClient. */
bool external_in_modules(const strs *modules, struct str dotted)
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
	struct str root = external_root(dotted), last = external_last(dotted);
	for (size_t i = 0; i < s->constructors.n; i++) {
		struct str c = s->constructors.at[i];
		if (str_eq(c, dotted))
			return true;
		bool ends = dotted.n > c.n && str_ends(dotted, c) && dotted.at[dotted.n - c.n - 1] == '.';
		if (ends && external_in_modules(&s->modules, dotted))
			return true;
		if (str_has(c, STR(".")) && str_eq(external_root(c), root) && str_eq(external_last(c), last) &&
		    runs_through(dotted, c))
			return true;
	}
	return external_in_modules(&s->modules, dotted) && is_usual_constructor(last);
}

bool external_is_verb(struct str last)
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

bool external_is_eager(struct str last)
{
	static const char *const eager[] = {"connect",
	                                    "create_pool",
	                                    "connect_robust",
	                                    "BlockingConnection",
	                                    "SelectConnection",
	                                    "open_connection",
	                                    "wait_for_service",
	                                    "Connect",
	                                    "ThreadedConnectionPool",
	                                    "SimpleConnectionPool",
	                                    "setup"};
	for (size_t i = 0; i < sizeof eager / sizeof *eager; i++)
		if (str_eq(last, str_of(eager[i])))
			return true;
	return false;
}

static struct external work_out(struct eval *e, struct str dotted)
{
	struct external x = {.is_eager = external_is_eager(external_last(dotted))};
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
		if (external_in_modules(&s->doubles, dotted))
			x.doubles |= bit;
		if (external_in_list(&s->containers, external_last(dotted)))
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
