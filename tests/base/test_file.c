/* Files are written whole, and what is no file is never replaced by one. */
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void writes_into_a_pipe_instead_of_replacing_it(void **state)
{
	(void)state;
	char dir[] = "/tmp/test-file-XXXXXX", path[64], got[8] = "";
	struct err err = {0};
	struct stat st;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/pipe", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	int fd = open(path, O_RDWR); /* a reader, so that the writer need not wait */
	assert_true(fd >= 0);
	assert_true(file_write(path, STR("hello"), &err));
	assert_int_equal(read(fd, got, sizeof got), 5);
	assert_string_equal(got, "hello");
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	close(fd);
	unlink(path);
	rmdir(dir);
}

static void reads_a_stream_to_its_end(void **state)
{
	(void)state;
	enum { SIZE = 3 * 1000 * 1000 };
	char path[] = "/tmp/test-file-XXXXXX";
	struct arena out;
	struct err err = {0};
	struct str text;
	arena_init(&out, NULL);
	int fd = mkstemp(path);
	char *bytes = arena_alloc(&out, SIZE);
	for (int i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 31);
	assert_int_equal(write(fd, bytes, SIZE), SIZE);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_true(file_read_stream(&out, fd, "it", &text, &err));
	assert_true(str_eq(text, (struct str){bytes, SIZE}));
	assert_true(file_read_stream(&out, fd, "it", &text, &err));
	assert_int_equal(text.n, 0);
	close(fd);
	assert_false(file_read_stream(&out, fd, "it", &text, &err));
	unlink(path);
	arena_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(writes_into_a_pipe_instead_of_replacing_it),
	        cmocka_unit_test(reads_a_stream_to_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
