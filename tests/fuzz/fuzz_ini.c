/* Any bytes as pytest.ini: options, or a message with a place; never more. */
#include "config/pytest_ini.h"

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
	strs none = {0};
	struct pytest_config config;
	if (!path[0]) {
		if (!mkdtemp(dir))
			abort();
		strcat(strcpy(path, dir), "/pytest.ini");
	}
	arena_init(&out, NULL);
	arena_init(&tmp, NULL);
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		abort();
	if (!pytest_config_read(&out, &tmp, dir, &none, &config, &err) &&
	    (err.code != ERR_USAGE || strncmp(err.text, "pytest.ini:", 11) != 0))
		abort();
	arena_free(&out);
	arena_free(&tmp);
	return 0;
}
