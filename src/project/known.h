/* Which service of the catalogue a container is: by its image, else by the name it was given. */
#ifndef PROJECT_KNOWN_H
#define PROJECT_KNOWN_H

#include "model/service.h"

/* Index into the catalogue, or -1. */
int known_service(const struct catalogue *catalogue, struct str image, struct str name);

/* Does a word of `text` (between characters that are no letters or digits) equal one of `words`, in any case? */
bool known_word(struct str text, const strs *words);

#endif
