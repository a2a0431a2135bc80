/* What a lane boots, in the order in which it should, and what `options` of a service say about its health. */
#ifndef EMIT_BOOT_H
#define EMIT_BOOT_H

#include "base/err.h"
#include "model/config.h"
#include "model/plan.h"

struct boot {
	const struct service *service; /* of the config's catalogue; has an image */
};

typedef VEC(struct boot) boot_list;

/* The services of a lane, the longest warm-up first.  ERR_USAGE when one is unknown, has no image, or a name that no
 * CI system takes for a container: letters, digits, _ and -, a letter first. */
bool boot_lane(struct arena *out, const struct config *config, const struct plan_lane *lane, boot_list *services,
               struct err *err);

/* Those of all lanes with work, each once; and those of all lanes of the config when `whole_config`: a plan that is
 * made in CI may use them. */
bool boot_all(struct arena *out, const struct config *config, const struct plan *plan, bool whole_config,
              boot_list *services, struct err *err);

/* The port that a container listens on: 9200 of "127.0.0.1:9201:9200/tcp"; "" when no mapping says. */
struct str boot_inner_port(const struct service *service);

/* Is this fit for the name of a job or a container? */
bool boot_is_name(struct str name);

/* `--health-cmd "..." --health-interval 10s ...` taken apart; what is not about health stands in `others`. */
struct boot_health {
	struct str command, interval, timeout, retries, start_period; /* "" where not said */
	strs others;                                                  /* "--cpus 1" */
};

struct boot_health boot_health_of(struct arena *out, struct str options);

#endif
