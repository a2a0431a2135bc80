/* What a project's own CI and compose files say: which jobs there are, which services they start, and how those are
 * reached.  The result of project/, one reader a kind of file. */
#ifndef MODEL_JOB_H
#define MODEL_JOB_H

#include "model/service.h"

enum job_kind {
	JOB_GITHUB,   /* a job of a workflow */
	JOB_COMPOSE,  /* the services of a compose file as one job without steps */
	JOB_GITLAB,   /* a job of .gitlab-ci.yml, without steps as all below */
	JOB_CIRCLECI, /* a job or an executor of .circleci/config.yml */
	JOB_TOX,      /* an environment of tox */
};

/* A port of a service.  0: not said, or chosen when it starts. */
struct job_port {
	uint32_t host, container;
};

struct job_service {
	struct str name;  /* its key: the host name by which containers beside it reach it */
	struct str image; /* as written, "" when it is built; may hold an expression */
	strs names;       /* all its host names inside the network: the key, aliases, container_name */
	VEC(struct job_port) ports;
	strs ports_map; /* as written: "9200:9200" */
	VEC(struct env_pair) env;
	struct str options;
	strs volumes;     /* "/data:/data" */
	strs unread;      /* its keys for which there is no field */
	struct str place; /* "docker-compose.yml:12" */
};

struct job_step {
	struct str id, name, uses, run, if_, shell; /* "" where not said */
	struct str dir;                             /* working-directory: the step's own */
	VEC(struct env_pair) env, with;
	struct str text; /* its bytes in the file, from its dash to the next item */
	struct str place;
};

struct job {
	enum job_kind kind;
	struct str file;  /* relative to the root */
	struct str name;  /* its key; "" for a compose file */
	struct str title; /* name: */
	struct str runs_on, container, if_;
	strs needs;
	int64_t timeout_minutes;  /* 0: not said, or an expression */
	VEC(struct env_pair) env; /* the workflow's, then the job's own: the last of a name counts */
	size_t n_file_env;        /* how many of them are the workflow's */
	struct str dir;           /* working-directory of every script; "" when not said */
	/* The first combination of its matrix: "python-version" = "3.9"; an entry that is a map as "db.image". */
	VEC(struct env_pair) matrix;
	VEC(struct env_pair) axes; /* every value of it, in that form: a name comes as often as it has values */
	size_t n_combinations;     /* 0: no matrix, or one that is an expression */
	bool has_list_of_labels;   /* runs-on is a list, joined in `runs_on` */
	strs unread;               /* its keys for which there is no field */
	VEC(struct job_service) services;
	VEC(struct job_step) steps;
	bool has_hidden_services; /* `services:` is an expression */
	struct str place;
	size_t from;  /* where it begins in its file, in bytes */
	bool is_ours; /* `emit` wrote it */
};

typedef VEC(struct job) job_list;

/* What the jobs teach of a service: a host, "localhost:5433", or a variable that holds its address. */
enum ci_word_kind { CI_HOST, CI_VARIABLE };

struct ci_word {
	enum ci_word_kind kind;
	struct str word;
	uint32_t service; /* of the catalogue */
	struct str place; /* "docker-compose.yml:12" */
};

typedef VEC(struct ci_word) ci_words;

/* Do tests of this job reach services by their names?  Else on localhost, at the ports of the host. */
bool job_is_in_container(const struct job *job);

#endif
