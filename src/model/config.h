/* What the user's files say: lanewright's own config, and pytest's. */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include "model/given.h"
#include "model/service.h"

enum grade { GRADE_NONE, GRADE_MENTION, GRADE_MOCKED, GRADE_UNKNOWN, GRADE_PROBABLE, GRADE_REQUIRES };

enum { SHARDS_AUTO = 0 };

struct lane_config {
	struct str name;
	service_set services; /* base services included */
	strs service_order;   /* as written: pulls and health waits follow it */
	uint32_t shards;      /* or SHARDS_AUTO */
	bool serial;
	uint32_t workers; /* 1 when serial */
	struct str pytest_args;
	struct str place;
};

struct override_config {
	struct str test; /* path or path::Class::func, * allowed */
	service_set needs;
	struct str reason;
	struct str place;
};

struct group_config {
	strs paths; /* wildcards */
};

struct rule_config {
	struct str code, severity;
	struct str place;
};

struct ignore_config {
	struct str path; /* wildcards */
	strs codes;
	struct str place;
};

struct part_config { /* coverage of a job outside the plan */
	struct str job, artifact, file;
};

typedef VEC(struct env_pair) github_env;

struct github_config {
	struct str into, shape, lists, install, name, runs_on, pytest, before, after, if_, coverage_source;
	struct str once;         /* steps that verify something beside the tests, for a job of their own */
	struct str plugin;       /* the file of `emit pytest-plugin`, by which pytest gets its list; "": without it */
	struct str container;    /* the image that the jobs run in, "" for none */
	struct str directory;    /* where pytest runs, relative to the root; "" for the root itself */
	int64_t timeout_minutes; /* 0: not said */
	github_env env;          /* of the pytest step */
	github_env job_env;      /* of every step of the jobs that install */
	VEC(struct part_config) parts;
	strs pins; /* "actions/download-artifact@<commit> # v4.1.8": actions that no workflow of the user's pins yet */
};

struct config {
	struct str path; /* of the file, relative to the root; "" without one */
	struct str text; /* its bytes: the plan records their hash */
	/* [suite] */
	strs paths, first_party;
	struct str pytest_version;
	/* [services], with the built-in catalogue below them */
	struct catalogue catalogue;
	bool lacks_catalogue;          /* see config_read_file */
	VEC(struct lane_config) lanes; /* in the order of the file */
	/* [plan] */
	enum grade grade;
	bool derive_lanes, spill, unit_file_only;
	strs keep_whole;
	uint32_t max_shards;
	int64_t overhead_ms, billing_ms;
	uint32_t stick_ppm; /* parts per million of the bound */
	/* [history] */
	int64_t half_life_days;
	VEC(struct override_config) overrides;
	given_values given; /* the CI and pytest's files say it; whoever reads these adds it */
	VEC(struct group_config) groups;
	VEC(struct rule_config) rules;
	VEC(struct ignore_config) audit_ignores;
	struct github_config github;
};

/* What pytest itself would read from its ini file and addopts. */
struct pytest_config {
	struct str inifile; /* relative to the root, "" without one */
	struct str rootdir; /* relative to our root: "" when equal, "backend" when below it */
	strs testpaths, python_files, python_classes, python_functions, pythonpath, norecursedirs;
	strs markers;                                   /* registered names, without the description */
	strs plugins;                                   /* -p NAME, and modules of the project's entry points */
	strs ignore, ignore_glob;                       /* --ignore, --ignore-glob */
	strs deselect;                                  /* --deselect: node ids or their beginnings */
	strs args;                                      /* paths in addopts: testpaths do not count then */
	struct str mark_expression, keyword_expression; /* -m, -k */
	struct str import_mode;                         /* prepend, append, importlib */
	bool doctest_modules, strict_markers;
	strs usefixtures;
	strs env, env_files; /* of pytest-env and pytest-dotenv: "D:NAME=value", ".env.test" */
};

/* The module of an entry point: "package.module:object" and "package.module [extra]" name the same one. */
struct str entry_point_module(struct str reference);

const char *grade_name(enum grade grade);

#endif
