/* A damaged index is noticed or harmless; it never says something else than what was put in. */
#include "indexing.h"

enum { FILES = 120 };

static struct made files[FILES];
static struct str image;

static int build_image(void **state)
{
	if (begin(state) != 0)
		return -1;
	for (int i = 0; i < FILES; i++) {
		files[i].path = str_fmt(&arena, "package%d/test_%03d.py", i / 10, i).at;
		char *content = arena_alloc(&arena, 2001);
		memset(content, 'a' + i % 26, 10 + (size_t)(i * 37) % 900);
		content[0] = (char)('0' + i % 10);
		content[1] = (char)('0' + i / 10 % 10);
		content[2] = (char)('0' + i / 100);
		files[i].content = content;
	}
	save(files, FILES);
	save(files + 20, FILES - 20); /* leaves free pages */
	save(files, FILES);
	return file_read(&arena, db_path, &image, &err) ? 0 : -1;
}

static void write_image(const char *bytes, size_t n)
{
	FILE *file = fopen(db_path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

/* True when the index noticed.  `mine` are the only facts it may know. */
static bool noticed(enum index_wants wants)
{
	struct index index = {0};
	if (!opens(&index, wants))
		fail_msg("%s", err.text);
	bool is_empty = count(&index) == 0, said = str_has(index.note, STR("built anew"));
	if (!is_empty && wants == INDEX_FACTS && !holds(&index, files, FILES))
		fail_msg("a damaged index gave other facts");
	if (is_empty != said)
		fail_msg("%zu files known, but: %s", count(&index), index.note.at);
	index_close(&index);
	return said;
}

static void finds_flipped_bits_or_is_not_harmed(void **state)
{
	(void)state;
	unsigned seed = 3;
	int found = 0;
	enum { FLIPS = 2000 };
	char *bytes = arena_alloc(&arena, image.n);
	for (int i = 0; i < FLIPS; i++) {
		memcpy(bytes, image.at, image.n);
		/* Most of the image is rows; a third of the flips go for the structure at the start of pages. */
		size_t at = (size_t)rand_r(&seed) % image.n;
		if (i % 3 == 0)
			at = at / 4096 * 4096 + (size_t)rand_r(&seed) % 64;
		bytes[at % image.n] ^= (char)(1 << rand_r(&seed) % 8);
		write_image(bytes, image.n);
		found += noticed(INDEX_FACTS);
	}
	assert_true(found > FLIPS / 4); /* or the flips did not reach the file */
}

static void is_not_harmed_by_flips_when_it_is_changed(void **state)
{
	(void)state;
	unsigned seed = 4;
	char *bytes = arena_alloc(&arena, image.n);
	for (int i = 0; i < 300; i++) {
		memcpy(bytes, image.at, image.n);
		bytes[(size_t)rand_r(&seed) % image.n] ^= (char)(1 << rand_r(&seed) % 8);
		write_image(bytes, image.n);
		struct index index = {0};
		/* Without the facts damage is not seen before the change; it must be afterwards. */
		assert_true(opens(&index, INDEX_STATS));
		put_all(&index, files + 10, FILES - 10);
		assert_true(index_commit(&index, BEGAN, &err));
		index_close(&index);
		assert_true(opens(&index, INDEX_FACTS));
		if (count(&index) && !holds(&index, files + 10, FILES - 10))
			fail_msg("a damaged index gave other facts");
		index_close(&index);
	}
}

static void notices_a_file_that_was_cut(void **state)
{
	(void)state;
	for (size_t n = 0; n < image.n; n += 1 + image.n / 200) {
		write_image(image.at, n);
		assert_true(noticed(INDEX_FACTS));
	}
}

static void notices_pages_that_were_never_written(void **state)
{
	(void)state;
	char *bytes = arena_alloc(&arena, image.n);
	for (size_t at = 0; at < image.n; at += 4096) {
		memcpy(bytes, image.at, image.n);
		memset(bytes + at, 0, image.n - at < 4096 ? image.n - at : 4096);
		write_image(bytes, image.n);
		noticed(INDEX_FACTS);
	}
	memset(bytes, 0, image.n);
	write_image(bytes, image.n);
	assert_true(noticed(INDEX_FACTS));
}

static void survives_noise(void **state)
{
	(void)state;
	unsigned seed = 5;
	char *bytes = arena_alloc(&arena, image.n);
	for (int i = 0; i < 200; i++) {
		memcpy(bytes, image.at, image.n);
		size_t at = (size_t)rand_r(&seed) % image.n, n = (size_t)rand_r(&seed) % 3000;
		for (size_t k = at < 100 ? 100 : at; k < image.n && k < at + n; k++)
			bytes[k] = (char)rand_r(&seed);
		write_image(bytes, image.n);
		noticed(INDEX_FACTS);
	}
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, build_image, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        STORY(finds_flipped_bits_or_is_not_harmed),
	        STORY(is_not_harmed_by_flips_when_it_is_changed),
	        STORY(notices_a_file_that_was_cut),
	        STORY(notices_pages_that_were_never_written),
	        STORY(survives_noise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
