/* The build id is found in the running program. */
#include "base/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void finds_the_hash_that_the_linker_left(void **state)
{
	(void)state;
	struct str id = build_id();
	assert_int_equal(id.n, 20); /* sha1 */
	char zeros[20] = {0};
	assert_memory_not_equal(id.at, zeros, sizeof zeros);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_hash_that_the_linker_left)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
