/* From what code says about an address to the services it can be. */
#ifndef RESOLVE_ENDPOINT_H
#define RESOLVE_ENDPOINT_H

#include "base/buf.h"
#include "resolve/value.h"

struct endpoint {
	struct str url;   /* whole, with holes; "" if none */
	struct str host;  /* may hold a hole; "" if unknown */
	struct str port;  /* digits; "" if unknown */
	name variable;    /* environment variable it came from */
	struct str words; /* names around: function, variables; decides between services that share a port */
};

enum endpoint_kind {
	ENDPOINT_NOTHING, /* names no service we look for */
	ENDPOINT_SERVICE, /* a live address of one of `services` */
	ENDPOINT_DATA,    /* a stub or example address: a mention of `services` */
};

struct endpoint_answer {
	enum endpoint_kind kind;
	service_set services;
};

struct endpoint_answer endpoint_services(const struct names *names, const struct endpoint *endpoint);
/* Splits "scheme://user@host:port/path" or "host:port" into host and port. */
void endpoint_parse(struct str url, struct endpoint *endpoint);
/* Services whose words, hosts or schemes stand in a text as whole words: what the text mentions. */
service_set words_services(const struct names *names, struct str text);
/* Services one of whose variable patterns matches. */
service_set variable_services(const struct names *names, struct str variable);

/* Hosts nobody listens on: stubs, RFC 2606 names, one-letter hosts. */
bool endpoint_is_data_host(struct str host);

#endif
