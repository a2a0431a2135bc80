/* Which conftest.py files and plugins of the tree a test file sees. */
#ifndef RESOLVE_CHAIN_H
#define RESOLVE_CHAIN_H

#include "resolve/names.h"

typedef VEC(uint32_t) index_list;

struct chains {
	struct names *names;
	struct arena *arena;
	struct str top;   /* pytest's rootdir */
	strs plugins;     /* modules that every run loads: -p, and the project's entry points */
	struct map known; /* folder -> position in lists */
	VEC(index_list) lists;
};

void chains_init(struct chains *chains, struct names *names, struct arena *out, const struct pytest_config *pytest);
/* Files: conftests from the folder of `file` outward, then what their pytest_plugins and the run's plugins name. */
const index_list *chain_of(struct chains *chains, uint32_t file);
/* Adds the modules that pytest_plugins of one file names, with those that they name in turn, each once. */
void chain_add_plugins(struct chains *chains, uint32_t file, index_list *list);
/* Adds an index that is not in the list yet; MAP_NONE is nothing. */
void chain_add(struct arena *out, index_list *list, uint32_t index);

#endif
