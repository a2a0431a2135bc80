/* The index keeps what it was given, and nothing else. */
#include "indexing.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>

static void assert_holds(const struct made *files, size_t n)
{
	struct index index = {0};
	if (!opens(&index, INDEX_FACTS))
		fail_msg("%s", err.text);
	assert_string_equal(index.note.at, "");
	assert_true(holds(&index, files, n));
	index_close(&index);
}

static void assert_has(struct str text, const char *part)
{
	if (!str_has(text, str_of(part)))
		fail_msg("no \"%s\" in \"%.*s\"", part, STR_ARG(text));
}

static bool there(const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return access(path, F_OK) == 0;
}

static const struct made two[] = {{"a.py", "alpha"}, {"b.py", "beta"}};

static void starts_empty_and_says_nothing(void **state)
{
	(void)state;
	struct index index = {0};
	assert_true(opens(&index, INDEX_FACTS));
	assert_string_equal(index.note.at, "");
	assert_int_equal(count(&index), 0);
	assert_int_equal(index_find(&index, hash128(STR("alpha"))), 0);
	index_close(&index);
	assert_false(there("index.db"));
	assert_false(there("index.db.new"));
}

static void keeps_files_and_facts(void **state)
{
	(void)state;
	save(two, 2);
	assert_holds(two, 2);
	assert_false(there("index.db.new"));
	assert_false(there("index.db-journal"));
}

static void keeps_one_row_for_equal_contents(void **state)
{
	(void)state;
	static const struct made files[] = {{"a.py", "same"}, {"b.py", "same"}, {"c.py", "other"}};
	save(files, 3);
	struct index index = {0};
	assert_true(opens(&index, INDEX_FACTS));
	assert_true(holds(&index, files, 3));
	assert_int_equal(index.head.last_row, 2);
	index_close(&index);
}

static void finds_rows_without_loading_facts(void **state)
{
	(void)state;
	save(two, 2);
	struct index index = {0};
	struct str facts;
	assert_true(opens(&index, INDEX_STATS));
	index_know_rows(&index);
	assert_int_equal(index_find(&index, hash128(STR("beta"))), 2);
	assert_int_equal(index_find(&index, hash128(STR("gamma"))), 0);
	assert_false(index_facts(&index, 2, hash128(STR("beta")), &facts));
	index_close(&index);
}

static int count_rows(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	assert_int_equal(sqlite3_open_v2(db_path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int n = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static void forgets_contents_that_no_file_has(void **state)
{
	(void)state;
	static const struct made later[] = {{"a.py", "alpha two"}, {"c.py", "gamma"}, {"d.py", "delta"}};
	save(two, 2);
	save(later, 3);
	assert_holds(later, 3);
	assert_int_equal(count_rows("SELECT count(*) FROM facts"), 3);
	save(later, 1);
	assert_holds(later, 1);
	assert_int_equal(count_rows("SELECT count(*) FROM facts"), 1);
}

/* A step of a random history: the files of a tree are added, changed, renamed and removed. */
static size_t make_tree(struct made *files, unsigned *seed)
{
	size_t n = 0;
	for (int i = 0; i < 40; i++) {
		if (rand_r(seed) % 3 == 0)
			continue;
		files[n].path = str_fmt(&arena, "dir%d/file%02d.py", i / 7, i).at;
		files[n++].content = str_fmt(&arena, "content %d", rand_r(seed) % 50).at;
	}
	return n;
}

static void holds_the_last_tree_after_any_history(void **state)
{
	(void)state;
	struct made files[40];
	unsigned seed = 1;
	for (int step = 0; step < 60; step++) {
		size_t n = make_tree(files, &seed);
		save(files, n);
		assert_holds(files, n);
	}
}

static void is_the_same_however_it_came_about(void **state)
{
	(void)state;
	struct made files[40];
	unsigned seed = 2;
	save(files, make_tree(files, &seed));
	size_t n = make_tree(files, &seed);
	save(files, n);
	assert_int_equal(count_rows("SELECT count(*) = count(DISTINCT hash) FROM facts"), 1);
	int rows = count_rows("SELECT count(*) FROM facts");
	assert_int_equal(unlink(db_path), 0);
	save(files, n);
	assert_int_equal(count_rows("SELECT count(*) FROM facts"), rows);
}

static void keeps_paths_of_any_bytes(void **state)
{
	(void)state;
	char *longest = arena_alloc(&arena, 4097);
	memset(longest, 'p', 4096);
	const struct made files[] = {{"a\nb.py", "1"}, {longest, "4"}, {"q\xff\xfe.py", "3"}, {"\xff", ""}};
	save(files, 4);
	assert_holds(files, 4);
}

static void keeps_wide_numbers(void **state)
{
	(void)state;
	struct index index = {0};
	struct stat_cursor cursor;
	struct index_entry first = {.path = STR("a"), .size = UINT64_MAX, .mtime_ns = INT64_MIN, .ctime_ns = INT64_MAX};
	struct index_entry second = {.path = STR("b"), .ino = UINT64_MAX, .dev = UINT64_MAX, .mode = UINT32_MAX}, got;
	assert_true(opens(&index, INDEX_FACTS));
	assert_true(index_put(&index, first.hash, STR("x"), &first.row, &err));
	second.row = first.row;
	index_add(&index, &first);
	index_add(&index, &second);
	assert_true(index_commit(&index, BEGAN, &err));
	index_close(&index);
	assert_true(opens(&index, INDEX_FACTS));
	index_first(&index, &cursor);
	assert_true(stat_next(&cursor, &got));
	assert_true(got.size == UINT64_MAX && got.mtime_ns == INT64_MIN && got.ctime_ns == INT64_MAX);
	assert_true(stat_next(&cursor, &got));
	assert_true(got.size == 0 && got.ino == UINT64_MAX && got.dev == UINT64_MAX && got.mode == UINT32_MAX);
	assert_false(stat_next(&cursor, &got));
	index_close(&index);
}

/* ---- what cannot be used ---- */

/* Opens an index that must say `why` and know nothing; then it is made anew. */
static void assert_built_anew(const char *why)
{
	struct index index = {0};
	if (!opens(&index, INDEX_FACTS))
		fail_msg("%s", err.text);
	assert_has(index.note, why);
	assert_has(index.note, "built anew");
	assert_int_equal(count(&index), 0);
	put_all(&index, two, 2);
	assert_true(index_commit(&index, BEGAN, &err));
	index_close(&index);
	assert_holds(two, 2);
}

static void replaces_a_file_that_is_no_database(void **state)
{
	(void)state;
	assert_true(file_write(db_path, STR("This is not a database, it only has its name.\n"), &err));
	assert_built_anew("damaged");
}

static void replaces_an_empty_file(void **state)
{
	(void)state;
	assert_true(file_write(db_path, STR_NONE, &err));
	assert_built_anew("not an index of lanewright");
}

static void sql(const char *text)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(db_path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void replaces_another_database(void **state)
{
	(void)state;
	sql("CREATE TABLE facts (id INTEGER PRIMARY KEY, words TEXT)");
	assert_built_anew("not an index of lanewright");
}

static void replaces_another_schema(void **state)
{
	(void)state;
	save(two, 2);
	sql("PRAGMA user_version = 99");
	assert_built_anew("of another version");
}

static void replaces_another_version_of_the_facts(void **state)
{
	(void)state;
	struct index index = {0};
	assert_true(index_open(&index, &arena, folder, VERSION + 1, INDEX_FACTS, &err));
	put_all(&index, two, 2);
	assert_true(index_commit(&index, BEGAN, &err));
	index_close(&index);
	assert_built_anew("of another version");
}

static void notices_what_others_did_to_its_rows(void **state)
{
	(void)state;
	static const char *const deeds[] = {
	        "UPDATE facts SET bytes = 'x' WHERE id = 1",
	        "UPDATE facts SET sum = sum + 1 WHERE id = 2",
	        "UPDATE facts SET hash = zeroblob(16) WHERE id = 1",
	        "UPDATE facts SET hash = 'short' WHERE id = 1",
	        "UPDATE facts SET id = 3 WHERE id = 2",
	        "UPDATE facts SET id = 900 WHERE id = 2",
	        "DELETE FROM facts WHERE id = 1",
	        "UPDATE stat SET generation = 5",
	        "UPDATE stat SET bytes = zeroblob(100)",
	        "UPDATE stat SET bytes = ''",
	        "DELETE FROM stat",
	        "DROP TABLE facts",
	        "DROP TABLE stat",
	};
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		save(two, 2);
		sql(deeds[i]);
		assert_built_anew("damaged");
	}
}

/* ---- who may write ---- */

static void leaves_a_linked_index_alone(void **state)
{
	(void)state;
	char other[96];
	snprintf(other, sizeof other, "%s/other", folder);
	assert_true(file_write(other, STR("precious"), &err));
	assert_int_equal(symlink(other, db_path), 0);
	assert_built_anew("not a regular file");
	struct str text;
	assert_true(file_read(&arena, other, &text, &err));
	assert_true(str_eq(text, STR("precious")));
}

static void does_not_wait_for_a_pipe(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(db_path, 0666), 0);
	assert_built_anew("not a regular file");
}

static void fails_clearly_where_a_folder_has_its_name(void **state)
{
	(void)state;
	struct index index = {0};
	assert_int_equal(mkdir(db_path, 0777), 0);
	assert_true(opens(&index, INDEX_FACTS));
	put_all(&index, two, 2);
	assert_false(index_commit(&index, BEGAN, &err));
	assert_int_equal(err.code, ERR_TROUBLE);
	assert_has(str_of(err.text), db_path);
	index_close(&index);
	assert_false(there("index.db.new"));
}

static void reads_only_when_told_so(void **state)
{
	(void)state;
	struct index index = {0};
	assert_true(opens(&index, INDEX_FACTS | INDEX_READ_ONLY));
	assert_has(index.note, "there is none");
	put_all(&index, two, 2);
	assert_true(index_commit(&index, BEGAN, &err));
	index_close(&index);
	assert_false(there("index.db"));
	assert_false(there("index.db.lock"));
	save(two, 2);
	assert_true(opens(&index, INDEX_FACTS | INDEX_READ_ONLY));
	assert_true(holds(&index, two, 2));
	index_close(&index);
}

static void touches_nothing_without_an_index(void **state)
{
	(void)state;
	struct index index = {0};
	save(two, 2);
	assert_true(opens(&index, INDEX_NONE));
	assert_int_equal(count(&index), 0);
	assert_string_equal(index.note.at, "");
	put_all(&index, two, 1);
	assert_true(index_commit(&index, BEGAN, &err));
	index_close(&index);
	assert_holds(two, 2);
}

/* Root may write everywhere, so these step down to nobody for a while. */
static bool step_down(void)
{
	return geteuid() != 0 || seteuid(65534) == 0;
}

static void step_up(void)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

static void works_in_a_folder_that_may_not_be_written(void **state)
{
	(void)state;
	save(two, 2);
	assert_int_equal(chmod(folder, 0555), 0);
	struct index index = {0};
	assert_true(step_down());
	bool ok = opens(&index, INDEX_FACTS) && holds(&index, two, 2);
	static const struct made other[] = {{"c.py", "gamma"}};
	put_all(&index, other, 1);
	ok = ok && index_commit(&index, BEGAN, &err);
	index_close(&index);
	step_up();
	assert_int_equal(chmod(folder, 0755), 0);
	assert_true(ok);
	assert_has(index.note, "is not written: Permission denied");
	assert_holds(two, 2);
}

static void works_without_an_index_where_none_can_be_made(void **state)
{
	(void)state;
	struct index index = {0};
	assert_int_equal(chmod(folder, 0555), 0);
	assert_true(step_down());
	bool ok = opens(&index, INDEX_FACTS);
	put_all(&index, two, 2);
	ok = ok && index_commit(&index, BEGAN, &err);
	index_close(&index);
	step_up();
	assert_int_equal(chmod(folder, 0755), 0);
	assert_true(ok);
	assert_has(index.note, "is not written: Permission denied");
	assert_false(there("index.db"));
}

static void lets_the_first_of_two_writers_win(void **state)
{
	(void)state;
	static const struct made mine[] = {{"a.py", "alpha"}, {"m.py", "mine"}};
	static const struct made theirs[] = {{"a.py", "alpha"}, {"t.py", "theirs"}};
	save(two, 2);
	struct index first = {0}, second = {0};
	assert_true(opens(&first, INDEX_FACTS));
	assert_true(opens(&second, INDEX_FACTS));
	put_all(&first, mine, 2);
	put_all(&second, theirs, 2);
	assert_true(index_commit(&first, BEGAN, &err));
	assert_true(index_commit(&second, BEGAN, &err));
	assert_string_equal(first.note.at, "");
	assert_has(second.note, "another process");
	index_close(&first);
	index_close(&second);
	assert_holds(mine, 2);
}

static void survives_that_its_file_is_replaced(void **state)
{
	(void)state;
	static const struct made mine[] = {{"m.py", "mine"}};
	save(two, 2);
	struct index index = {0};
	assert_true(opens(&index, INDEX_FACTS));
	assert_int_equal(unlink(db_path), 0);
	save(two, 2);
	put_all(&index, mine, 1);
	assert_true(index_commit(&index, BEGAN, &err));
	assert_has(index.note, "another process");
	index_close(&index);
	assert_holds(two, 2);
}

static void uses_what_another_process_has_just_built(void **state)
{
	(void)state;
	int fds[2];
	char byte;
	assert_int_equal(pipe(fds), 0);
	pid_t child = fork();
	if (child == 0) { /* builds slowly */
		struct index index = {0};
		bool ok = opens(&index, INDEX_FACTS) && write(fds[1], "x", 1) == 1;
		usleep(100000);
		put_all(&index, two, 2);
		ok = ok && index_commit(&index, BEGAN, &err);
		index_close(&index);
		_exit(ok ? 0 : 1);
	}
	assert_int_equal(read(fds[0], &byte, 1), 1);
	assert_holds(two, 2);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(fds[0]);
	close(fds[1]);
}

static void removes_the_half_built_file_of_a_killed_process(void **state)
{
	(void)state;
	char path[128];
	snprintf(path, sizeof path, "%s/index.db.new", folder);
	assert_true(file_write(path, STR("half of an index"), &err));
	snprintf(path, sizeof path, "%s/index.db-journal", folder);
	assert_true(file_write(path, STR("journal of an index that is gone"), &err));
	save(two, 2);
	assert_holds(two, 2);
	assert_false(there("index.db.new"));
	assert_false(there("index.db-journal"));
}

static void gives_back_its_files_after_a_trap(void **state)
{
	(void)state;
	struct index index = {0};
	save(two, 2);
	int before = open("/dev/null", O_RDONLY);
	close(before);
	for (int i = 0; i < 2; i++) {                    /* an old index, then a new one */
		assert_true(opens(&index, INDEX_FACTS)); /* then memory ends, and the engine jumps to here */
		index_close(&index);
		index_close(&index);
		(void)unlink(db_path);
	}
	int after = open("/dev/null", O_RDONLY);
	close(after);
	assert_int_equal(after, before);
	assert_false(there("index.db.new"));
}

/* ---- the racy rule ---- */

static void trusts_only_what_cannot_have_changed_since(void **state)
{
	(void)state;
	struct index index = {.head.read_ns = 10000000500};
	const struct index_entry then = {
	        .size = 1, .mtime_ns = 10000000100, .ctime_ns = 10000000200, .ino = 1, .mode = 1};
	struct index_entry now = then;
	assert_true(index_trusts(&index, &then, &now, 10000000900));
	assert_false(index_trusts(&index, &then, &now, 10000000400)); /* the clock went back */
	index.head.read_ns = 10000000200;                             /* the inode changed when the scan began */
	assert_false(index_trusts(&index, &then, &now, 10000000900));
	index.head.read_ns = 10000000100;
	assert_false(index_trusts(&index, &then, &now, 10000000900));
	index.head.read_ns = 10000000500;
	now.ctime_ns++;
	assert_false(index_trusts(&index, &then, &now, 10000000900));
	now = then;
	now.mtime_ns--;
	assert_false(index_trusts(&index, &then, &now, 10000000900));
	now = then;
	now.mode = 2;
	assert_false(index_trusts(&index, &then, &now, 10000000900));
}

static void allows_for_clocks_of_two_seconds(void **state)
{
	(void)state;
	struct index index = {.head.read_ns = 11900000000};
	const struct index_entry coarse = {.mtime_ns = 10000000000, .ctime_ns = 10000000000};
	assert_false(index_trusts(&index, &coarse, &coarse, 20000000000));
	index.head.read_ns = 12000000001;
	assert_true(index_trusts(&index, &coarse, &coarse, 20000000000));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        STORY(starts_empty_and_says_nothing),
	        STORY(keeps_files_and_facts),
	        STORY(keeps_one_row_for_equal_contents),
	        STORY(finds_rows_without_loading_facts),
	        STORY(forgets_contents_that_no_file_has),
	        STORY(holds_the_last_tree_after_any_history),
	        STORY(is_the_same_however_it_came_about),
	        STORY(keeps_paths_of_any_bytes),
	        STORY(keeps_wide_numbers),
	        STORY(replaces_a_file_that_is_no_database),
	        STORY(replaces_an_empty_file),
	        STORY(replaces_another_database),
	        STORY(replaces_another_schema),
	        STORY(replaces_another_version_of_the_facts),
	        STORY(notices_what_others_did_to_its_rows),
	        STORY(leaves_a_linked_index_alone),
	        STORY(does_not_wait_for_a_pipe),
	        STORY(fails_clearly_where_a_folder_has_its_name),
	        STORY(reads_only_when_told_so),
	        STORY(touches_nothing_without_an_index),
	        STORY(works_in_a_folder_that_may_not_be_written),
	        STORY(works_without_an_index_where_none_can_be_made),
	        STORY(lets_the_first_of_two_writers_win),
	        STORY(survives_that_its_file_is_replaced),
	        STORY(uses_what_another_process_has_just_built),
	        STORY(removes_the_half_built_file_of_a_killed_process),
	        STORY(gives_back_its_files_after_a_trap),
	        STORY(trusts_only_what_cannot_have_changed_since),
	        STORY(allows_for_clocks_of_two_seconds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
