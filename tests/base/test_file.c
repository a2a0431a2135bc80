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
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

/* A process that is killed before the rename leaves its unfinished file. */
static void uses_up_what_a_killed_process_left(void **state)
{
	(void)state;
	char dir[] = "/tmp/test-file-XXXXXX", path[64], left[96], got[16] = "";
	struct err err = {0};
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/plan", dir);
	snprintf(left, sizeof left, "%s" FILE_UNFINISHED, path);
	int fd = open(left, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "half of a longer text", 21), 21);
	close(fd);
	assert_true(file_write(path, STR("whole"), &err));
	assert_false(file_exists(left));
	fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, got, sizeof got), 5);
	assert_string_equal(got, "whole");
	close(fd);
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
}

/* Whoever comes second waits, and then does not write into the file that the first has renamed. */
static void lets_two_write_the_same_file(void **state)
{
	(void)state;
	char dir[] = "/tmp/test-file-XXXXXX", path[64], left[96], got[16] = "";
	struct err err = {0};
	int status;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/plan", dir);
	snprintf(left, sizeof left, "%s" FILE_UNFINISHED, path);
	int first = open(left, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(flock(first, LOCK_EX), 0);
	pid_t child = fork();
	if (child == 0) {
		close(first); /* or it would hold the lock it waits for */
		_exit(file_write(path, STR("second"), &err) ? 0 : 1);
	}
	usleep(20000); /* most likely it waits by now; if not, the test is an easier one */
	assert_int_equal(write(first, "first", 5), 5);
	assert_int_equal(rename(left, path), 0);
	int renamed = open(path, O_RDONLY);
	close(first);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(renamed, got, sizeof got), 5);
	assert_string_equal(got, "first");
	close(renamed);
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
}

static void says_why_it_cannot_write(void **state)
{
	(void)state;
	char dir[] = "/tmp/test-file-XXXXXX", path[64], left[96];
	struct err err = {0};
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/plan", dir);
	snprintf(left, sizeof left, "%s" FILE_UNFINISHED, path);
	assert_int_equal(symlink("/tmp", left), 0); /* nobody's leftover: it is not followed */
	assert_false(file_write(path, STR("text"), &err));
	assert_non_null(strstr(err.text, path));
	unlink(left);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(file_write(path, STR("text"), &(struct err){0}));
	assert_false(file_exists(left));
	rmdir(path);
	assert_int_equal(rmdir(dir), 0);
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
	        cmocka_unit_test(uses_up_what_a_killed_process_left),
	        cmocka_unit_test(lets_two_write_the_same_file),
	        cmocka_unit_test(says_why_it_cannot_write),
	        cmocka_unit_test(reads_a_stream_to_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
