/* Any bytes as TOML: a tree, or a message with a place; never more. */
#include "config/toml.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena out;
	struct err err = {0};
	struct toml_value top;
	arena_init(&out, NULL);
	if (!toml_parse(&out, (struct str){(const char *)data, size}, "x", &top, &err) &&
	    (err.code != ERR_USAGE || strncmp(err.text, "x:", 2) != 0))
		abort();
	arena_free(&out);
	return 0;
}
