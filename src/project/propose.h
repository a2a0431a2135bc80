/* The config that `init` writes: what was taken over and found, each value with the place it comes from. */
#ifndef PROJECT_PROPOSE_H
#define PROJECT_PROPOSE_H

#include "project/take.h"

struct proposed_lane {
	struct str name;
	strs services;
	size_t tests, files; /* for which it is the smallest of the proposed lanes */
};

/* A mark of the suite that speaks of a service. */
struct proposed_marker {
	struct str service, mark, place;
};

struct proposed_pin {
	struct str action; /* "actions/download-artifact" */
};

struct proposal {
	const struct taken *taken;
	const struct catalogue *catalogue; /* the built-in one */
	strs needed;                       /* services that tests need, when there is no job to say which */
	VEC(struct proposed_lane) lanes;
	VEC(struct proposed_marker) markers;
	VEC(struct proposed_pin) pins; /* actions that no workflow pins yet */
	struct str pytest_version, pytest_place;
	struct str into; /* the workflow, "" for none */
	strs notes;      /* beside those of `taken` */
};

/* [suite] and [services] alone: what the needs are found with. */
struct str propose_services(struct arena *out, const struct proposal *proposal);

/* The whole file. */
struct str propose_config(struct arena *out, const struct proposal *proposal);

#endif
