/* A scan reads what changed, and its result is that of a scan that reads everything. */
#include "scanning.h"

#include <sys/wait.h>

#include "store/index.h"

static struct str cold(void)
{
	SCAN(.no_index = true);
	return everything();
}

static void hands_over_the_facts_of_every_file(void **state)
{
	(void)state;
	make("test_a.py", "import os\n\n\ndef test_one(db):\n    assert os.getpid()\n");
	SCAN();
	const struct facts *facts = repo_facts(&repo, 0);
	assert_int_equal(facts->defs.n, 2);
	assert_string_equal(intern_str(repo.names, facts->defs.at[1].name).at, "test_one");
	assert_int_equal(facts->imports.n, 1);
	assert_int_equal(repo.files.at[0].size, 53);
	struct str text;
	assert_true(file_read(&arena, in_root("test_a.py"), &text, &err));
	struct hash128 hash = hash128(text);
	assert_true(repo.files.at[0].hash_high == hash.high && repo.files.at[0].hash_low == hash.low);
}

static void reads_nothing_when_nothing_changed(void **state)
{
	(void)state;
	make("test_a.py", "a = 1\n");
	make("b.py", "b = 1\n");
	make("same.py", "b = 1\n");
	let_time_pass();
	SCAN();
	struct str first = everything();
	assert_int_equal(report.read, 3);
	assert_true(report.is_written);
	SCAN();
	assert_int_equal(report.read, 0);
	assert_int_equal(report.reused, 3);
	assert_false(report.is_written);
	assert_same(first, everything());
	assert_same(first, cold());
}

static void reads_only_what_changed(void **state)
{
	(void)state;
	make("test_a.py", "a = 1\n");
	make("b.py", "b = 1\n");
	let_time_pass();
	SCAN();
	make("b.py", "b = 22\n");
	make("c.py", "c = 1\n");
	let_time_pass();
	SCAN();
	assert_int_equal(report.read, 2);
	assert_int_equal(report.parsed, 2);
	assert_same(everything(), cold());
	SCAN();
	assert_int_equal(report.read, 0);
}

static void forgets_a_file_that_is_gone(void **state)
{
	(void)state;
	make("test_a.py", "a = 1\n");
	make("z.py", "z = 1\n");
	let_time_pass();
	SCAN();
	assert_int_equal(unlink(in_root("z.py")), 0);
	SCAN();
	assert_int_equal(report.read, 0);
	assert_true(report.is_written);
	assert_same(everything(), cold());
	SCAN();
	assert_false(report.is_written);
	assert_int_equal(unlink(in_root("test_a.py")), 0);
	SCAN();
	assert_true(report.is_written);
	assert_listing("");
}

static void parses_nothing_that_only_moved(void **state)
{
	(void)state;
	make("a/test_a.py", "a = 1\n");
	make("a/test_b.py", "b = 1\n");
	let_time_pass();
	SCAN();
	assert_int_equal(rename(in_root("a"), in_root("z")), 0);
	SCAN();
	assert_int_equal(report.read, 2);
	assert_int_equal(report.parsed, 0);
	assert_same(everything(), cold());
}

/* A CI run: a fresh checkout, all times and inodes new, with the index out of the cache. */
static void parses_nothing_in_a_fresh_checkout(void **state)
{
	(void)state;
	char name[32], text[32];
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 50; i++) {
			snprintf(name, sizeof name, "pkg/test_%02d.py", i);
			snprintf(text, sizeof text, "value = %d\n", i);
			make(name, text);
		}
		SCAN(.jobs = 2);
		assert_int_equal(report.parsed, round ? 0 : 50);
		assert_same(everything(), cold());
		remove_tree(in_root("pkg"));
	}
}

static void sees_a_change_that_left_size_and_times_alone(void **state)
{
	(void)state;
	struct timespec old[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
	for (int i = 0; i < 30; i++) {
		make("test_a.py", i % 2 ? "a = 1\n" : "b = 2\n");
		assert_int_equal(utimensat(AT_FDCWD, in_root("test_a.py"), old, 0), 0);
		SCAN();
		assert_same(everything(), cold());
	}
}

/* Makes the index of one file say that it looked as it does now when its content was that of the last scan, which
 * began at that time.  A kernel with fine stamps does not let this come about by itself. */
static void forge_look(const char *path, int64_t began_ns)
{
	struct index index = {0};
	struct stat_cursor cursor;
	struct index_entry entry;
	struct stat st;
	assert_int_equal(stat(in_root(path), &st), 0);
	assert_true(index_open(&index, &arena, in_root(".lanewright"), SURVEY_VERSION, INDEX_FACTS, &err));
	index_first(&index, &cursor);
	assert_true(stat_next(&cursor, &entry));
	entry.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	entry.ctime_ns = (int64_t)st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec;
	index_add(&index, &entry);
	assert_true(index_commit(&index, entry.ctime_ns + began_ns, &err));
	index_close(&index);
}

static void reads_again_what_changed_in_the_tick_of_the_last_scan(void **state)
{
	(void)state;
	make("test_a.py", "a = 1\n");
	let_time_pass();
	SCAN();
	make("test_a.py", "b = 2\n");
	struct str right = cold();
	let_time_pass();
	forge_look("test_a.py", 1); /* it would have to be a lie of the kernel's: we believe it */
	SCAN();
	assert_int_equal(report.read, 0);
	forge_look("test_a.py", 0);
	SCAN();
	assert_int_equal(report.read, 1);
	assert_same(right, everything());
	SCAN();
	assert_int_equal(report.read, 0);
}

/* So many files were written in the moment before the scan that it pays to write the index for them alone. */
static void comes_to_trust_files_that_were_new(void **state)
{
	(void)state;
	char name[32];
	struct stat st;
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "test_%02d.py", i);
		make(name, "x = 1\n");
	}
	SCAN();
	assert_int_equal(stat(in_root("test_39.py"), &st), 0);
	let_time_pass();
	SCAN();
	size_t again = report.read; /* those of the last tick, perhaps none */
	assert_int_equal(report.is_written, again >= 32);
	SCAN();
	assert_true(report.read < 32);
	assert_false(report.is_written);
}

/* ---- any history ---- */

enum { NAMES = 60 };

static const char *name_of(unsigned i)
{
	return str_fmt(&arena, "p%u/%s%u.py", i % 7, i % 3 ? "test_" : "mod", i).at;
}

static const char *text_of(unsigned i)
{
	static const char *const shapes[] = {
	        "def test_%04u(db, cache): pass\n",
	        "class Test%04u: x = 1\n    def test_it(self): db()\n",
	        "import m%04u\nfrom .a import b as c%04u\n",
	        "def broken_%04u(:\n",
	};
	struct buf buf;
	buf_init(&buf, &arena);
	buf_fmt(&buf, shapes[i % 4], i % 20, i % 20);
	return str_copy(&arena, buf_str(&buf)).at;
}

static void edit(unsigned *seed)
{
	const char *path = name_of((unsigned)rand_r(seed) % NAMES), *other = name_of((unsigned)rand_r(seed) % NAMES);
	struct stat st;
	bool exists = stat(in_root(path), &st) == 0;
	switch (rand_r(seed) % 6) {
	case 0:
	case 1: make(path, text_of((unsigned)rand_r(seed))); break;
	case 2: /* the same size, with the times of before */
		if (exists) {
			make(path, text_of((unsigned)rand_r(seed)));
			struct timespec times[2] = {st.st_atim, st.st_mtim};
			assert_int_equal(utimensat(AT_FDCWD, in_root(path), times, 0), 0);
		}
		break;
	case 3: (void)unlink(in_root(path)); break;
	case 4:
		if (exists)
			make_dirs(str_c(&arena, path_dir(str_of(other))));
		if (exists)
			assert_int_equal(rename(in_root(path), in_root(other)), 0);
		break;
	case 5: (void)chmod(in_root(path), rand_r(seed) % 2 ? 0644 : 0600); break;
	}
}

static void is_the_same_as_a_cold_scan_after_any_edits(void **state)
{
	(void)state;
	unsigned seed = 11;
	for (unsigned round = 0; round < 150; round++) {
		for (unsigned n = (unsigned)rand_r(&seed) % 12; n > 0; n--)
			edit(&seed);
		SCAN(.jobs = 1 + round % 3, .no_surveys = round % 5 == 4);
		if (round % 5 == 4)
			SCAN();
		struct str warm = everything();
		assert_string_equal(report.note.at, "");
		assert_same(warm, cold());
		forget_all();
		LIST(pytest.python_files, "test_*.py", "*_test.py");
		LIST(pytest.norecursedirs, "build");
	}
}

static void is_the_same_for_any_number_of_threads(void **state)
{
	(void)state;
	unsigned seed = 12;
	for (int i = 0; i < 200; i++)
		edit(&seed);
	for (unsigned i = 0; i < 300; i++)
		make(str_fmt(&arena, "many/d%u/test_%u.py", i % 17, i).at, text_of(i));
	SCAN(.jobs = 1, .no_index = true);
	struct str one = everything();
	struct intern *names = repo.names;
	for (unsigned jobs = 2; jobs <= 16; jobs *= 2) {
		SCAN(.jobs = jobs, .no_index = jobs != 4);
		assert_same(one, everything());
		assert_int_equal(repo.names->names.n, names->names.n);
		for (size_t i = 0; i < names->names.n; i++)
			assert_true(str_eq(names->names.at[i], repo.names->names.at[i]));
	}
}

/* ---- the index in bad hands ---- */

static void makes_a_tree(void)
{
	for (unsigned i = 0; i < 80; i++)
		make(str_fmt(&arena, "d%u/test_%u.py", i % 9, i).at, text_of(i * 7));
}

static void is_not_misled_by_a_damaged_index(void **state)
{
	(void)state;
	unsigned seed = 13, rebuilt = 0;
	struct str image;
	makes_a_tree();
	let_time_pass();
	SCAN();
	struct str right = everything();
	const char *db = in_root(".lanewright/index.db");
	assert_true(file_read(&arena, db, &image, &err));
	char *bytes = arena_alloc(&arena, image.n);
	for (int i = 0; i < 300; i++) {
		memcpy(bytes, image.at, image.n);
		size_t at = (size_t)rand_r(&seed) % image.n;
		while (bytes[at] == 0) /* most of a small file is empty pages */
			at = (at + 1) % image.n;
		bytes[at] ^= (char)(1 << rand_r(&seed) % 8);
		make_bytes(".lanewright/index.db", (struct str){bytes, image.n});
		SCAN();
		assert_same(right, everything());
		rebuilt += report.note.n > 0;
		assert_int_equal(report.is_written, report.note.n > 0);
	}
	assert_true(rebuilt > 10); /* or the flips did not reach the file */
}

static void says_that_the_index_was_rebuilt(void **state)
{
	(void)state;
	makes_a_tree();
	make(".lanewright/index.db", "no index at all");
	SCAN();
	assert_true(str_has(report.note, STR("damaged")) && str_has(report.note, STR("built anew")));
	assert_true(report.is_written);
	SCAN();
	assert_string_equal(report.note.at, "");
}

/* A row with the right checksum around a survey that is none: whoever can write that can also write tests. */
static void does_not_believe_a_survey_that_makes_no_sense(void **state)
{
	(void)state;
	make("test_a.py", "a = 1\n");
	let_time_pass();
	SCAN();
	struct str right = everything();
	struct index index = {0};
	struct stat_cursor cursor;
	struct index_entry entry;
	assert_true(index_open(&index, &arena, in_root(".lanewright"), SURVEY_VERSION, INDEX_FACTS, &err));
	index_first(&index, &cursor);
	assert_true(stat_next(&cursor, &entry));
	entry.path = str_copy(&arena, entry.path);
	entry.hash.low++;
	assert_true(index_put(&index, entry.hash, STR("\1\0nonsense"), &entry.row, &err));
	index_add(&index, &entry);
	assert_true(index_commit(&index, index.head.read_ns, &err));
	index_close(&index);
	SCAN();
	assert_same(right, everything());
	assert_true(str_has(report.note, STR("makes no sense")));
	SCAN();
	assert_same(right, everything());
	assert_true(report.is_written);
}

static void works_where_nothing_can_be_written(void **state)
{
	(void)state;
	makes_a_tree();
	assert_int_equal(chmod(root, 0555), 0);
	assert_true(step_down());
	bool ok = try_scan(&(struct scan_request){.jobs = 2});
	step_up();
	assert_true(ok);
	assert_int_equal(report.files, 80);
	assert_true(str_has(report.note, STR("is not written: Permission denied")));
	assert_same(everything(), cold());
}

static void writes_nothing_when_told_so(void **state)
{
	(void)state;
	makes_a_tree();
	SCAN(.no_index = true);
	assert_int_not_equal(access(in_root(".lanewright"), F_OK), 0);
	SCAN(.read_only = true);
	assert_int_not_equal(access(in_root(".lanewright"), F_OK), 0);
	let_time_pass();
	SCAN();
	make("new.py", "");
	SCAN(.read_only = true);
	assert_int_equal(report.read, 1);
	assert_false(report.is_written);
	assert_same(everything(), cold());
}

/* ---- and the rest ---- */

static void reads_facts_only_of_the_text_it_saw(void **state)
{
	(void)state;
	make("a.py", "x = 1\n");
	make("b.py", "x = 1\n");
	make("test_a.py", "x = = 2\n");
	make("test_b.py", "y = 1\n");
	SCAN();
	assert_int_equal(repo_facts(&repo, 2)->faults.n, 1);
	assert_ptr_equal(repo_facts(&repo, 0), repo_facts(&repo, 1));
	assert_true(repo_is_whole(&repo, &err));
	make("test_b.py", "y = 2\n");
	assert_int_equal(repo_facts(&repo, 3)->stmts.n, 1);
	assert_false(repo_is_whole(&repo, &err));
	assert_true(str_has(str_of(err.text), STR("test_b.py changed")));
	for (int gone = 0; gone < 2; gone++) {
		SCAN();
		if (gone)
			assert_int_equal(unlink(in_root("b.py")), 0);
		else
			make("b.py", "x = 1 # and more\n");
		(void)repo_facts(&repo, 1);
		assert_false(repo_is_whole(&repo, &err));
	}
}

static void brings_the_index_up_to_date_without_handing_it_over(void **state)
{
	(void)state;
	makes_a_tree();
	let_time_pass();
	SCAN(.no_surveys = true);
	assert_int_equal(report.files, 80);
	assert_int_equal(report.parsed, 80);
	SCAN(.no_surveys = true);
	assert_int_equal(report.read, 0);
	SCAN();
	assert_int_equal(report.read, 0);
	assert_same(everything(), cold());
}

static size_t most_done;

static void note_progress(void *context, size_t done, size_t total)
{
	assert_ptr_equal(context, &most_done);
	assert_int_equal(total, 600);
	assert_true(done > most_done);
	most_done = done;
}

static void tells_how_far_it_is(void **state)
{
	(void)state;
	most_done = 0;
	for (unsigned i = 0; i < 600; i++)
		make(str_fmt(&arena, "f%u.py", i).at, "");
	scan(&(struct scan_request){.progress = note_progress, .progress_context = &most_done, .jobs = 2});
	assert_int_equal(most_done, 600);
}

static int count_open(void)
{
	int n = 0;
	DIR *dir = opendir("/proc/self/fd");
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void leaves_nothing_open(void **state)
{
	(void)state;
	makes_a_tree();
	int before = count_open();
	SCAN(.jobs = 3);
	SCAN(.jobs = 3);
	make(".lanewright/index.db", "damage");
	SCAN(.jobs = 3);
	assert_int_equal(unlink(in_root(".lanewright/index.db")), 0);
	make_dirs(".lanewright/index.db/full"); /* cannot be replaced */
	assert_false(try_scan(&(struct scan_request){.jobs = 3}));
	assert_int_equal(err.code, ERR_TROUBLE);
	assert_true(str_has(str_of(err.text), STR("index.db")));
	assert_int_equal(count_open(), before);
}

static int edit_and_scan(unsigned seed)
{
	for (int i = 0; i < 12; i++) {
		edit(&seed);
		if (!try_scan(&(struct scan_request){.jobs = 2}))
			return 1;
	}
	return 0;
}

static void stands_several_processes_at_once(void **state)
{
	(void)state;
	pid_t children[4];
	makes_a_tree();
	for (unsigned i = 0; i < NAMES; i++)
		make_dirs(str_c(&arena, path_dir(str_of(name_of(i)))));
	for (unsigned i = 0; i < 4; i++)
		if ((children[i] = fork()) == 0)
			_exit(edit_and_scan(i));
	for (unsigned i = 0; i < 4; i++) {
		int status = 0;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	SCAN();
	assert_string_equal(report.note.at, "");
	assert_same(everything(), cold());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        STORY(hands_over_the_facts_of_every_file),
	        STORY(reads_nothing_when_nothing_changed),
	        STORY(reads_only_what_changed),
	        STORY(forgets_a_file_that_is_gone),
	        STORY(parses_nothing_that_only_moved),
	        STORY(parses_nothing_in_a_fresh_checkout),
	        STORY(sees_a_change_that_left_size_and_times_alone),
	        STORY(reads_again_what_changed_in_the_tick_of_the_last_scan),
	        STORY(comes_to_trust_files_that_were_new),
	        STORY(is_the_same_as_a_cold_scan_after_any_edits),
	        STORY(is_the_same_for_any_number_of_threads),
	        STORY(is_not_misled_by_a_damaged_index),
	        STORY(says_that_the_index_was_rebuilt),
	        STORY(does_not_believe_a_survey_that_makes_no_sense),
	        STORY(works_where_nothing_can_be_written),
	        STORY(writes_nothing_when_told_so),
	        STORY(reads_facts_only_of_the_text_it_saw),
	        STORY(brings_the_index_up_to_date_without_handing_it_over),
	        STORY(tells_how_far_it_is),
	        STORY(leaves_nothing_open),
	        STORY(stands_several_processes_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
