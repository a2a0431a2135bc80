/* What was inferred of a tree, as bytes to keep: cluster by cluster, so that what is still true can be told from what is not.
 *
 * The key is a hash of what all of it rests on, made by whoever knows what that is; under another key nothing is believed.
 * Under the same key there are the same files, and the rest can be compared: what each file held, and which files the answers
 * of the tree and each cluster rest on.  Like the index it may vanish at any time and is not believed on its word: bytes of
 * another key, cut short or changed are refused as a whole. */
#ifndef STORE_VERDICTS_H
#define STORE_VERDICTS_H

#include "base/hash.h"
#include "model/cluster.h"

struct verdict_fault {
	uint32_t file;
	struct fault fault;
};

typedef VEC(struct verdict_fault) verdict_faults;

struct kept_cluster {
	file_list read;  /* the files it rests on; those it is of are in answers.parts */
	struct str body; /* the rest: cluster_unpack() */
};

typedef VEC(struct kept_cluster) kept_clusters;

struct verdicts {
	struct hash128 *contents;    /* by file */
	uint64_t *imports;           /* by file: survey_imports() */
	struct tree_answers answers; /* but for `skips`, which follow from the parts */
	verdict_faults faults;       /* of the files of tests and of conftests */
	kept_clusters clusters;      /* by part of the answers */
};

/* The bytes, in `out`. */
struct str verdicts_pack(struct arena *out, struct hash128 key, const struct repo *repo,
                         const struct verdicts *verdicts);
/* False when the bytes are not what was packed with this key.  Texts and bodies are borrowed from the bytes; the rest lives in
 * `out`. */
bool verdicts_unpack(struct arena *out, struct str bytes, struct hash128 key, const struct repo *repo,
                     struct verdicts *verdicts);

/* All that is inferred of a cluster, but for `files` and `read`; in `out`. */
struct str cluster_pack(struct arena *out, struct arena *tmp, const struct repo *repo, const struct cluster *cluster);
/* Fills what cluster_pack() took; `files` must be there.  Texts are borrowed from the bytes. */
bool cluster_unpack(struct arena *out, struct str bytes, const struct repo *repo, struct cluster *cluster);

#endif
