/* Which files a scan lists: trees with everything in them that a tree can have. */
#include "scanning.h"

#include <sys/socket.h>
#include <sys/un.h>

static void lists_files_by_the_bytes_of_their_paths(void **state)
{
	(void)state;
	static const char *const paths[] = {"a/b.py",  "a/test_c.py", "a-b.py", "a.py",
	                                    "ab/x.py", "a/b/z.py",    "B.py",   "a/b.pyc"};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		make(paths[i], "x = 1\n");
	SCAN();
	assert_listing("B.py a-b.py a.py a/b.py a/b/z.py a/test_c.py* ab/x.py");
	for (size_t i = 1; i < repo.files.n; i++)
		assert_true(str_cmp(repo.files.at[i - 1].path, repo.files.at[i].path) < 0);
	assert_non_null(repo_file(&repo, STR("a/b/z.py")));
	assert_true(str_eq(repo.root, str_of(root)));
}

static void knows_conftests_and_tests(void **state)
{
	(void)state;
	make("conftest.py", "");
	make("tests/conftest.py", "");
	make("tests/test_a.py", "");
	make("tests/helper.py", "");
	LIST(config.paths, "tests");
	SCAN();
	assert_listing("conftest.py tests/conftest.py tests/helper.py tests/test_a.py*");
	assert_true(repo.files.at[0].is_conftest && repo.files.at[1].is_conftest && !repo.files.at[2].is_conftest);
	assert_int_equal(report.files, 4);
	assert_int_equal(report.tests, 1);
	assert_int_equal(report.conftests, 2);
}

static void is_happy_with_nothing(void **state)
{
	(void)state;
	SCAN();
	assert_listing("");
	SCAN();
	assert_int_equal(report.files, 0);
}

static void leaves_out_environments_and_caches(void **state)
{
	(void)state;
	make("env/pyvenv.cfg", "");
	make("env/lib/python3.12/site-packages/x.py", "");
	make("conda/conda-meta/history", "");
	make("conda/lib/x.py", "");
	make("not-conda/conda-meta/x.py", "");
	make("__pycache__/x.py", "");
	make(".git/hooks/x.py", "");
	make("node_modules/gyp/x.py", "");
	make(".tox/x.py", "");
	make("build/test_x.py", "");
	SCAN();
	assert_listing("build/test_x.py not-conda/conda-meta/x.py");
}

static void is_not_stopped_by_an_environment_in_the_root(void **state)
{
	(void)state;
	make("pyvenv.cfg", "");
	make("test_a.py", "");
	SCAN();
	assert_listing("test_a.py*");
}

static void never_opens_what_is_no_file(void **state)
{
	(void)state;
	make("test_a.py", "");
	assert_int_equal(mkfifo(in_root("test_fifo.py"), 0666), 0);
	make_dirs("test_dir.py");
	make("test_dir.py/test_b.py", "");
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	snprintf(name.sun_path, sizeof name.sun_path, "%s", in_root("test_socket.py"));
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
	SCAN();
	close(fd);
	assert_listing("test_a.py* test_dir.py/test_b.py*");
}

static void follows_links_to_files_inside_the_root(void **state)
{
	(void)state;
	make("real/impl.py", "x = 1\n");
	make_dirs("tests");
	make_link("tests/test_link.py", "../real/impl.py");
	make_link("tests/test_twice.py", "test_link.py");
	make_link("tests/test_absolute.py", in_root("real/impl.py"));
	SCAN();
	assert_listing("real/impl.py tests/test_absolute.py* tests/test_link.py* tests/test_twice.py*");
	assert_int_equal(repo.files.at[2].size, 6);
	assert_int_equal(report.findings.n, 0);
}

static void does_not_follow_links_out_of_the_root(void **state)
{
	(void)state;
	make_link("test_passwd.py", "/etc/passwd");
	make_link("test_null.py", "/dev/null");
	make_link("test_broken.py", "nowhere.py");
	make_link("test_loop.py", "test_loop.py");
	make("test_a.py", "");
	SCAN();
	assert_listing("test_a.py* test_passwd.py*!");
	assert_true(finds("test_passwd.py", "the link leads out of the root"));
	assert_int_equal(repo.files.at[1].size, 0);
	assert_int_equal(repo_facts(&repo, 1)->defs.n, 1); /* the module */
	assert_int_equal(report.unreadable, 1);
}

static void is_not_caught_in_loops_of_folders(void **state)
{
	(void)state;
	make("a/test_a.py", "");
	make_link("a/up", "..");
	make_link("a/self", ".");
	make_link("b", "a");
	make_link("out", "/usr");
	SCAN();
	assert_listing("a/test_a.py*");
	assert_true(finds("a/up", "not followed") && finds("a/self", "not followed") && finds("b", "not followed"));
}

static void keeps_names_of_any_bytes(void **state)
{
	(void)state;
	make("test_new\nline.py", "a = 1\n");
	make("test_\xff\xfe.py", "a = 2\n");
	make("d\x1b[31m/test_esc.py", "a = 3\n");
	make("-rf/test_dash.py", "a = 4\n");
	SCAN();
	struct str cold = everything();
	assert_listing("-rf/test_dash.py* d\x1b[31m/test_esc.py* test_new\nline.py* test_\xff\xfe.py*");
	SCAN();
	assert_same(cold, everything());
}

static void goes_deep(void **state)
{
	(void)state;
	enum { DEPTH = 300 };
	char path[DEPTH * 2 + 32] = "", *at = path;
	for (int i = 0; i < DEPTH; i++) {
		snprintf(at, 3, "d/");
		at += 2;
		if (i % 2 == 0) { /* a branch beside the trunk at many levels: more folders than are kept open */
			snprintf(at, 20, "e/test_b.py");
			make(path, "x = 1\n");
			*at = '\0';
		}
	}
	snprintf(at, 20, "test_deep.py");
	make(path, "def test_deep(): pass\n");
	for (unsigned jobs = 1; jobs <= 4; jobs++) {
		SCAN(.jobs = jobs);
		assert_int_equal(report.files, 151);
		assert_non_null(repo_file(&repo, str_of(path)));
		assert_int_equal(report.findings.n, 0);
	}
}

static void leaves_out_what_is_too_deep_to_be_named(void **state)
{
	(void)state;
	char name[201];
	memset(name, 'n', 200);
	name[200] = '\0';
	int fd = open(root, O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 25; i++) {
		assert_int_equal(mkdirat(fd, name, 0777), 0);
		int deeper = openat(fd, name, O_RDONLY | O_DIRECTORY);
		int file = openat(deeper, "test_a.py", O_CREAT | O_WRONLY, 0666);
		assert_true(deeper >= 0 && file >= 0);
		close(file);
		close(fd);
		fd = deeper;
	}
	close(fd);
	SCAN();
	assert_int_equal(report.files, 19);
	assert_int_equal(report.findings.n, 1);
	assert_true(str_has(report.findings.at[0].text, STR("longer than 4,000 bytes")));
	/* nftw cannot remove this: climb down and up again. */
	fd = open(root, O_RDONLY | O_DIRECTORY);
	int fds[26] = {fd};
	for (int i = 1; i <= 25; i++)
		fds[i] = openat(fds[i - 1], name, O_RDONLY | O_DIRECTORY);
	for (int i = 25; i > 0; i--) {
		assert_int_equal(unlinkat(fds[i], "test_a.py", 0), 0);
		close(fds[i]);
		assert_int_equal(unlinkat(fds[i - 1], name, AT_REMOVEDIR), 0);
	}
	close(fds[0]);
}

static void goes_on_past_what_may_not_be_read(void **state)
{
	(void)state;
	make("locked/test_a.py", "");
	make("test_b.py", "x = 1\n");
	make("test_secret.py", "x = 2\n");
	assert_int_equal(chmod(in_root("locked"), 0), 0);
	assert_int_equal(chmod(in_root("test_secret.py"), 0), 0);
	assert_true(step_down());
	bool ok = try_scan(&(struct scan_request){.no_index = true});
	step_up();
	assert_true(ok);
	assert_listing("test_b.py* test_secret.py*!");
	assert_true(finds("locked", "may not be read"));
	assert_true(finds("test_secret.py", "may not be read"));
}

static void leaves_a_giant_unread(void **state)
{
	(void)state;
	make("test_big.py", "x = 1\n");
	make("test_giant.py", "");
	assert_int_equal(truncate(in_root("test_big.py"), 64 << 20), 0);
	assert_int_equal(truncate(in_root("test_giant.py"), (64 << 20) + 1), 0);
	SCAN();
	assert_listing("test_big.py* test_giant.py*!");
	assert_true(finds("test_giant.py", "larger than 64 MiB"));
}

static void refuses_a_root_that_is_no_folder(void **state)
{
	(void)state;
	make("file", "");
	assert_false(try_scan(&(struct scan_request){.root = in_root("file")}));
	assert_int_equal(err.code, ERR_USAGE);
	assert_false(try_scan(&(struct scan_request){.root = in_root("missing")}));
	assert_int_equal(err.code, ERR_USAGE);
	assert_true(str_has(str_of(err.text), STR("missing: No such file or directory")));
}

static void scans_a_root_that_is_a_link(void **state)
{
	(void)state;
	make("real/test_a.py", "");
	make_link("alias", "real");
	SCAN(.root = in_root("alias"));
	assert_listing("test_a.py*");
	assert_true(str_eq(repo.root, str_of(in_root("real"))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        STORY(lists_files_by_the_bytes_of_their_paths),
	        STORY(knows_conftests_and_tests),
	        STORY(is_happy_with_nothing),
	        STORY(leaves_out_environments_and_caches),
	        STORY(is_not_stopped_by_an_environment_in_the_root),
	        STORY(never_opens_what_is_no_file),
	        STORY(follows_links_to_files_inside_the_root),
	        STORY(does_not_follow_links_out_of_the_root),
	        STORY(is_not_caught_in_loops_of_folders),
	        STORY(keeps_names_of_any_bytes),
	        STORY(goes_deep),
	        STORY(leaves_out_what_is_too_deep_to_be_named),
	        STORY(goes_on_past_what_may_not_be_read),
	        STORY(leaves_a_giant_unread),
	        STORY(refuses_a_root_that_is_no_folder),
	        STORY(scans_a_root_that_is_a_link),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
