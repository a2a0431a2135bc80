/* The catalogue of services: the built-in one (services.toml, part of the program) and what a config makes of
 * it.  Both are read by the same rows. */
#ifndef CONFIG_SERVICES_H
#define CONFIG_SERVICES_H

#include "config/read.h"
#include "model/service.h"

/* All built-in services, sorted by name.  Lives in `out`. */
bool services_builtin(struct arena *out, struct arena *tmp, struct catalogue *catalogue, struct err *err);
/* The services to look for: those of `table` ([services], may be NULL), each extending the built-in one of its
 * name, and the built-in ones among `mentioned` (string values in lanes and overrides); without `table` all
 * built-in ones.  A mentioned name that is neither is an error at its place. */
bool services_read(const struct reader *r, const struct toml_value *table, const struct toml_value *const *mentioned,
                   size_t n_mentioned, struct catalogue *catalogue);

#endif
