/* Services: how a service is recognised in code, and how a CI job boots it.  The built-in catalogue
 * (config/services.toml) and the `[services.*]` tables of a user's config have the same shape and the same
 * reader; the user's lists extend the built-in ones. */
#ifndef MODEL_SERVICE_H
#define MODEL_SERVICE_H

#include "base/str.h"
#include "base/vec.h"

enum { SERVICES_MOST = 64 };

/* A set of services: bit i is service i of the catalogue in use. */
typedef uint64_t service_set;

struct env_pair {
	struct str name, value;
};

struct service {
	struct str name;
	/* Signals */
	strs modules;      /* client libraries: "psycopg", "elasticsearch" */
	strs constructors; /* callables that connect: "Elasticsearch", "Redis.from_url", "psycopg.connect" */
	strs schemes;      /* URL schemes: "postgresql", "redis" */
	strs ports;        /* decimal, as text: "5432" */
	strs hosts;        /* "elasticsearch", "localhost:9200" */
	strs paths;        /* URL paths that give it away: "/_cluster/health" */
	strs variables;    /* environment variables, * allowed: "PG*", "ELASTICSEARCH_URL" */
	strs fixtures;     /* fixtures of well-known plugins, and the user's */
	strs doubles;      /* fakes that stand for it: "fakeredis" */
	strs containers;   /* testcontainers classes */
	strs commands;     /* programs run by subprocess: "psql", "pg_isready" */
	strs words;        /* the names people write: "postgres", "postgresql" */
	strs patterns;     /* PCRE2 over code */
	/* Declarations */
	strs markers; /* names of pytest marks */
	/* Boot */
	struct str image, options;
	strs ports_map; /* "9200:9200", as the workflow has them */
	VEC(struct env_pair) env;
	int64_t pull_ms, startup_ms;
	bool is_base;     /* on every lane */
	bool is_named;    /* the user's config names it */
	struct str place; /* "lanewright.toml:12:1" of its table, "" for the catalogue's */
};

struct catalogue {
	VEC(struct service) services; /* those looked for, at most SERVICES_MOST, sorted by name */
};

/* Index of a service by name, or -1. */
int catalogue_find(const struct catalogue *catalogue, struct str name);
/* The services that are on every lane. */
service_set catalogue_base(const struct catalogue *catalogue);
/* The name of an image: "docker.io/library/postgres:17-alpine" is postgres. */
struct str image_base(struct str image);
/* The sorted names of a set, joined by `between`. */
struct str service_set_names(struct arena *out, const struct catalogue *catalogue, service_set set, struct str between);

#endif
