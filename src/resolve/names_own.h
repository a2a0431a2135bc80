/* What the files of name lookup share: the bindings of a file, and the steps from one to the next. */
#ifndef RESOLVE_NAMES_OWN_H
#define RESOLVE_NAMES_OWN_H

#include "resolve/names.h"

struct scope_table {
	VEC(struct binding) bindings;
	VEC(uint32_t) stars;   /* imports */
	VEC(uint32_t) globals; /* bindings that functions make of names of the module */
	uint8_t exports;       /* enum exports */
	struct map listed;     /* names in __all__ */
};

/* What a star import takes of a module. */
enum exports { EXPORTS_UNREAD, EXPORTS_PUBLIC, EXPORTS_ALL, EXPORTS_LISTED };

struct str names_path(const struct names *names, uint32_t file);
struct scope_table *names_table(struct names *names, uint32_t file);

bool names_is_package(struct names *names, struct str folder);
/* The module at `root`/`relative` (slashes for dots); kind TARGET_NONE when there is none. */
struct target names_module_at(struct names *names, struct str root, struct str relative, name dotted);
/* Where modules may start. */
void names_roots(struct names *names, const struct config *config, const struct pytest_config *pytest);

struct target names_binding_target(struct names *names, uint32_t file, const struct binding *b);
/* The binding that counts: the last, except that a fallback (`except ImportError: x = None`) never hides a
 * real one, and neither does `x += ...`. */
const struct binding *names_best_binding(struct names *names, uint32_t file, uint32_t owner, name what);

#endif
