/* The words of the catalogue (names, words and schemes of its services), ready to be looked for in a text. */
#ifndef RESOLVE_WORDS_H
#define RESOLVE_WORDS_H

#include "model/service.h"

struct word {
	struct str text; /* lower case */
	service_set services;
};

struct words {
	VEC(struct word) words;   /* sorted by first byte */
	VEC(struct word) schemes; /* as written */
	uint32_t first[257];      /* of each first byte: where its words begin */
};

void words_init(struct words *words, struct arena *out, const struct catalogue *catalogue);
/* Services one of whose words stands in the text in any case, not inside a longer run of letters ("es" in "es_url"
 * and in "esClient" counts), or one of whose schemes stands before "://". */
service_set words_find(const struct words *words, struct str text);

#endif
