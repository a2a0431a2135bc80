/* What the config says a test needs, whatever its code does. */
#ifndef RESOLVE_OVERRIDES_H
#define RESOLVE_OVERRIDES_H

#include "model/needs.h"

/* NULL when nothing overrides what is inferred of the test, or of the file whose path `id` is. */
const struct override_config *override_of(const struct config *config, const struct repo *repo, struct str id,
                                          uint32_t file);
void override_apply(struct arena *out, need_list *list, const struct config *config, const struct override_config *o,
                    struct step step, bool is_dead);
/* `need`, of each of the services. */
void needs_put_each(struct arena *out, need_list *list, const struct config *config, service_set services,
                    struct need need, struct step step);

#endif
