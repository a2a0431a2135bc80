/* Ports and words mislead (EVIDENCE 5): the scheme decides, then the host name, then the variable, then the path,
 * then the port, which several services may share; the names around it choose among those. */
#include "resolve/endpoint.h"

#include <string.h>

static bool in_list(const strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], s))
			return true;
	return false;
}

service_set words_services(const struct names *names, struct str text)
{
	return words_find(&names->words, text);
}

service_set variable_services(const struct names *names, struct str variable)
{
	service_set set = 0;
	variable = str_slice(variable, 0, str_find(variable, STR("="), 0)); /* of a choice, see environment.h */
	for (size_t i = 0; i < names->catalogue->services.n; i++) {
		const struct service *s = &names->catalogue->services.at[i];
		for (size_t k = 0; k < s->variables.n; k++)
			if (str_fnmatch(s->variables.at[k], variable))
				set |= (service_set)1 << i;
	}
	if (str_starts(variable, STR("--"))) /* an option of the command line */
		return words_services(names, variable);
	if (!set) { /* MYAPP_REDIS_HOST */
		service_set words = words_services(names, variable);
		static const char *const tails[] = {"URL",   "URI",     "HOST",     "DSN",        "PORT",
		                                    "ADDR",  "ADDRESS", "ENDPOINT", "SERVER",     "BROKER",
		                                    "HOSTS", "SERVERS", "BROKERS",  "CONNECTION", "CONN"};
		for (size_t i = 0; words && i < sizeof tails / sizeof *tails; i++)
			if (str_ends(variable, str_of(tails[i])))
				return words;
	}
	return set;
}

void endpoint_parse(struct str url, struct endpoint *endpoint)
{
	size_t scheme = str_find(url, STR("://"), 0);
	size_t from = scheme == SIZE_MAX ? 0 : scheme + 3, to = from;
	while (to < url.n && url.at[to] != '/' && url.at[to] != '?' && url.at[to] != '#')
		to++;
	struct str authority = str_slice(url, from, to);
	size_t at = str_rfind_char(authority, '@');
	if (at != SIZE_MAX)
		authority = str_slice(authority, at + 1, authority.n);
	size_t colon = str_rfind_char(authority, ':');
	bool is_port = colon != SIZE_MAX;
	for (size_t i = is_port ? colon + 1 : 0; is_port && i < authority.n; i++)
		is_port = authority.at[i] >= '0' && authority.at[i] <= '9';
	if (is_port && colon + 1 < authority.n) {
		endpoint->port = str_slice(authority, colon + 1, authority.n);
		endpoint->host = str_slice(authority, 0, colon);
	} else {
		endpoint->host = colon == SIZE_MAX ? authority : str_slice(authority, 0, colon);
	}
}

/* Hosts nobody listens on: stubs, RFC 2606 names, one-letter hosts. */
bool endpoint_is_data_host(struct str host)
{
	static const char *const words[] = {"stub",     "fake",   "example",    "invalid", "test", "mock",
	                                    "dummy",    "foo",    "bar",        "baz",     "host", "hostname",
	                                    "somehost", "myhost", "testserver", "nowhere"};
	static const char *const tails[] = {".example",    ".invalid",    ".test",
	                                    "example.com", "example.org", "example.net"};
	if (host.n == 1 && host.at[0] != VALUE_HOLE)
		return true;
	struct str first = str_slice(host, 0, str_find(host, STR("."), 0));
	struct str stem = str_slice(first, 0, str_find(first, STR("-"), 0));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(host, str_of(words[i])) || (stem.n != first.n && i < 6 && str_eq(stem, str_of(words[i]))))
			return true;
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
		if (str_ends(host, str_of(tails[i])))
			return true;
	return false;
}

static struct str scheme_of(struct str url)
{
	size_t end = str_find(url, STR("://"), 0);
	struct str scheme = end == SIZE_MAX ? STR_NONE : str_slice(url, 0, end);
	return str_slice(scheme, 0, str_find(scheme, STR("+"), 0)); /* postgresql+asyncpg */
}

static bool is_generic_scheme(struct str scheme)
{
	return scheme.n == 0 || str_eq(scheme, STR("http")) || str_eq(scheme, STR("https")) ||
	       str_eq(scheme, STR("tcp")) || memchr(scheme.at, VALUE_HOLE, scheme.n);
}

static service_set by_host(const struct names *names, struct str host, struct str port)
{
	service_set set = 0;
	for (size_t i = 0; host.n && i < names->catalogue->services.n; i++) {
		const struct service *s = &names->catalogue->services.at[i];
		struct str first = str_slice(host, 0, str_find(host, STR("."), 0));
		bool hit = in_list(&s->hosts, host) || str_eq(first, s->name) || in_list(&s->words, first);
		for (size_t k = 0; k < s->hosts.n && !hit && port.n; k++) {
			size_t colon = str_rfind_char(s->hosts.at[k], ':');
			hit = colon != SIZE_MAX && str_eq(str_slice(s->hosts.at[k], 0, colon), host) &&
			      str_eq(str_slice(s->hosts.at[k], colon + 1, s->hosts.at[k].n), port);
		}
		set |= (service_set)hit << i;
	}
	return set;
}

static service_set by_port(const struct names *names, struct str port)
{
	service_set set = 0;
	for (size_t i = 0; port.n && i < names->catalogue->services.n; i++)
		if (in_list(&names->catalogue->services.at[i].ports, port))
			set |= (service_set)1 << i;
	return set;
}

static service_set by_path(const struct names *names, struct str url)
{
	service_set set = 0;
	for (size_t i = 0; url.n && i < names->catalogue->services.n; i++)
		for (size_t k = 0; k < names->catalogue->services.at[i].paths.n; k++)
			if (str_has(url, names->catalogue->services.at[i].paths.at[k]))
				set |= (service_set)1 << i;
	return set;
}

static service_set by_scheme(const struct names *names, struct str scheme)
{
	service_set set = 0;
	for (size_t i = 0; i < names->catalogue->services.n; i++)
		if (in_list(&names->catalogue->services.at[i].schemes, scheme))
			set |= (service_set)1 << i;
	return set;
}

/* Keeps those of `set` that `other` has too, unless that leaves none. */
static service_set narrowed(service_set set, service_set other)
{
	return set & other ? set & other : set;
}

struct endpoint_answer endpoint_services(const struct names *names, const struct endpoint *e)
{
	struct str scheme = scheme_of(e->url);
	bool is_data = rule_holds(names, RULE_DATA_HOSTS) && endpoint_is_data_host(e->host);
	service_set set = 0;
	if (!is_generic_scheme(scheme) && rule_holds(names, RULE_SCHEMES)) {
		set = by_scheme(names, scheme);
		if (!set)
			return (struct endpoint_answer){ENDPOINT_NOTHING,
			                                0}; /* sqlite://, file://, another service's */
	}
	service_set host = rule_holds(names, RULE_HOST_FIRST) ? by_host(names, e->host, e->port) : 0,
	            port = rule_holds(names, RULE_PORTS) ? by_port(names, e->port) : 0, path = by_path(names, e->url);
	service_set variable = e->variable ? variable_services(names, names_str(names, e->variable)) : 0;
	service_set words = rule_holds(names, RULE_NAMES) ? words_services(names, e->words) : 0;
	if (!set)
		set = host;
	if (!set)
		set = variable;
	if (!set)
		set = port && path ? narrowed(port, path) : port ? port : path;
	if (!set)
		return (struct endpoint_answer){ENDPOINT_NOTHING, 0};
	set = narrowed(narrowed(narrowed(narrowed(set, host), variable), words), path);
	return (struct endpoint_answer){is_data ? ENDPOINT_DATA : ENDPOINT_SERVICE, set};
}
