/* After the run: what ran is what was planned, once, and not skipped for a service that was there.
 *
 * The engine reads reports and records and says which test each case is; this compares, and reads nothing.  A failing
 * test has run: that it failed is pytest's to say, by its exit code. */
#ifndef PROOF_PROVE_H
#define PROOF_PROVE_H

#include "model/needs.h"
#include "model/plan.h"
#include "model/report.h"

#define PROVE_NONE UINT32_MAX

/* One case of a report. */
struct prove_seen {
	struct report_case one;
	uint32_t test; /* of suite.tests, or PROVE_NONE */
};

struct prove_report {
	struct str path;
	uint32_t shard;     /* of plan.shards whose run it tells of, or PROVE_NONE */
	struct str trouble; /* why it could not be read, "" when it could */
	struct str sha256;  /* of its bytes, "" when nobody asked for them */
	VEC(struct prove_seen) seen;
};

/* What a shard leaves behind a pytest that succeeded. */
struct prove_record {
	struct str path;
	uint32_t shard;
	struct str list_sha256, plan_sha256, report_sha256; /* "" when the record could not be read */
	struct str commit;                                  /* "" when the run did not know it */
};

struct prove_case {
	const struct plan *plan;
	const struct repo *repo;
	const struct suite *suite;
	const struct needs *needs;
	const struct config *config; /* the catalogue's words, and the overrides that excuse a skip */
	const bool *is_asked;        /* by shard; NULL: all, and then the union must be the suite */
	struct str plan_sha256;      /* of plan.json as it is here */
	bool wants_records;
	VEC(struct prove_report) reports;
	VEC(struct prove_record) records;
};

/* X(kind, its word in machine formats, what it is for a heading) */
/* clang-format off */
#define PROVE_KINDS(X) \
	X(PROVE_MISSING,    "missing-report",    "reports that are missing") \
	X(PROVE_UNREADABLE, "unreadable-report", "reports that cannot be read") \
	X(PROVE_STRANGER,   "stranger",          "reports of no shard of the plan, or of one that has another") \
	X(PROVE_RECORD,     "record",            "records that are missing, or of another list") \
	X(PROVE_LOST,       "lost",              "tests that ran nowhere") \
	X(PROVE_STRAY,      "stray",             "tests that ran where they were not planned") \
	X(PROVE_TWICE,      "twice",             "tests that ran more than once") \
	X(PROVE_COLLECT,    "collection",        "files that could not be collected") \
	X(PROVE_UNKNOWN,    "unknown-test",      "tests that this tree does not have") \
	X(PROVE_SERVICE,    "skipped-service",   "tests skipped for a service that was there") \
	X(PROVE_SKIPPED,    "skipped",           "tests skipped everywhere")
/* clang-format on */

#define X(kind, word, heading) kind,
enum prove_kind { PROVE_KINDS(X) PROVE_KINDS_END };
#undef X

const char *prove_word(enum prove_kind kind);
const char *prove_heading(enum prove_kind kind);

struct prove_finding {
	enum prove_kind kind;
	struct str path; /* a test's file, or a report */
	uint32_t line;   /* 0: the whole file */
	struct str text; /* a sentence */
};

/* What ran in a shard. */
struct prove_count {
	uint32_t units, tests; /* planned: units of its list, test functions in them */
	uint32_t cases, failed, skipped;
	int64_t ms; /* of the cases, as far as the report has times */
	bool is_asked;
};

struct proof {
	VEC(struct prove_finding) findings; /* in the order of kinds, then as found */
	struct prove_count *shards;         /* by shard of the plan */
};

struct proof prove(struct arena *out, const struct prove_case *it);

/* The file of the repo that an unmatched case speaks of, or PROVE_NONE: by node id, file, or dotted names. */
uint32_t prove_file(const struct repo *repo, const struct report_case *one);

/* Does a skip's reason speak of a service of this set, by a name that people write? */
bool prove_speaks_of(const struct catalogue *catalogue, service_set set, struct str message, struct str *name);

#endif
