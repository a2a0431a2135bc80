/* Any bytes as a plan: refused with a sentence, or read, and then the same plan again when written and read. */
#include <stdlib.h>

#include "emit/plan_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena out;
	struct plan plan, again;
	struct str text, twice;
	struct err err = {0};
	arena_init(&out, NULL);
	bool ok = plan_file_read(&out, (struct str){(const char *)data, size}, "plan.json", &plan, &err);
	if (ok == (err.code != ERR_NONE))
		abort();
	if (ok &&
	    (!plan_file_write(&out, &plan, &text, &err) || !plan_file_read(&out, text, "plan.json", &again, &err) ||
	     !plan_file_write(&out, &again, &twice, &err) || !str_eq(text, twice)))
		abort();
	arena_free(&out);
	return 0;
}
