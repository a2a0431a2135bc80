/* Any bytes as lanewright.toml: a config, or a message with a place; never more. */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char dir[] = "/tmp/lanewright-fuzz-XXXXXX", path[64];
	struct arena out, tmp;
	struct err err = {0};
	struct config config;
	if (!path[0]) {
		if (!mkdtemp(dir))
			abort();
		strcat(strcpy(path, dir), "/lanewright.toml");
	}
	arena_init(&out, NULL);
	arena_init(&tmp, NULL);
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		abort();
	if (!config_read(&out, &tmp, dir, path, &config, &err) &&
	    (err.code != ERR_USAGE || strncmp(err.text, "lanewright.toml:", 16) != 0))
		abort();
	arena_free(&out);
	arena_free(&tmp);
	return 0;
}
