/* Pieces that CI files of all kinds are made of: texts, lists, environments, ports. */
#ifndef PROJECT_PARTS_H
#define PROJECT_PARTS_H

#include "base/yaml_read.h"
#include "model/job.h"

typedef VEC(struct env_pair) env_list;

/* A file being read. */
struct part_source {
	struct arena *out;
	struct str text, path;
	yaml_events events;
};

/* Reads the events of s->text.  A damaged file is a finding of the project, not a wrong use of ours. */
bool part_read(struct part_source *s, struct err *err);

/* The scalar under `key` of a map, "" when there is none. */
struct str part_text(const struct part_source *s, size_t map, const char *key);

/* What stands under `key`: a list of scalars, or a single one. */
strs part_texts(const struct part_source *s, size_t map, const char *key);

/* Adds what stands under `key`: a map of scalars, or a list of NAME=VALUE. */
void part_env(const struct part_source *s, size_t map, const char *key, env_list *env);

/* Adds the ports under `key`: "5432", "5432:5432/tcp", "127.0.0.1:15432:5432", or {target, published}. */
void part_ports(const struct part_source *s, size_t map, const char *key, struct job_service *service);

/* "path:line" of a node. */
struct str part_place(const struct part_source *s, size_t at);

/* The map under `key`, or 0; part_list the same for a list. */
size_t part_map(const struct part_source *s, size_t map, const char *key);
size_t part_list(const struct part_source *s, size_t map, const char *key);

/* The keys of a map that are none of the blank-separated words of `known`. */
strs part_other_keys(const struct part_source *s, size_t map, const char *known);

/* Walks the pairs of a map: `at` is 0 at first; false at the end.  `value` follows aliases. */
bool part_next(const struct part_source *s, size_t map, size_t *at, struct str *key, size_t *value);

/* Walks the items of a list in the same way. */
bool part_next_item(const struct part_source *s, size_t list, size_t *at, size_t *value);

#endif
