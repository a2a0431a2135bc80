/* What is written means the same to whoever reads it. */
#include "base/utf8.h"
#include "emit/quote.h"
#include "emit/yaml.h"
#include "hostile.h"
#include "sample.h"

static struct arena arena;

/* The value of `key` in `text` as libyaml reads it, and whether it stands without quotes. */
static struct yaml_event value_of(struct str text, const char *key)
{
	yaml_events events;
	struct err err = {0};
	assert_true(yaml_read(&arena, text, "text", &events, &err));
	size_t at = yaml_find(&events, 0, str_of(key));
	assert_int_not_equal(at, 0);
	return events.at[at];
}

static void leaves_only_plain_words_without_quotes(void **state)
{
	(void)state;
	static const char *const plain[] = {"ubuntu-latest", "a",    "_x",  ".lanewright/shards/a.txt",
	                                    "./-x",          "/etc", "none"};
	static const char *const quoted[] = {"",      "no",   "No",   "YES",        "on",  "null", "~",       ".inf",
	                                     ".NaN",  "3.10", "1e3",  "-x",         "a b", "a:b",  "a#b",     "*x",
	                                     "&x",    "!x",   "@x",   "%x",         "`x",  "{x}",  "[x]",     "'x'",
	                                     "\"x\"", "x,y",  ".5",   "...",        "---", "0x1f", "true",    "=",
	                                     "<<",    "|",    "1:30", "2026-01-01", "?",   "x\n",  "\xc3\xa9"};
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		assert_true(yaml_is_plain(str_of(plain[i])));
	for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++)
		if (yaml_is_plain(str_of(quoted[i])))
			fail_msg("\"%s\" is left plain", quoted[i]);
}

static void indents_maps_lists_and_scripts(void **state)
{
	(void)state;
	struct yaml y;
	struct err err = {0};
	struct str text;
	yaml_begin(&y, &arena, &err);
	yaml_map(&y, STR("job"));
	yaml_comment(&y, STR("why\nnot"));
	yaml_pair_noted(&y, "uses", STR("a/b@c"), STR("v1\nx: y"));
	yaml_list(&y, "steps");
	yaml_item_map(&y);
	yaml_truth(&y, "ok", true);
	yaml_script(&y, "run", STR("one\n\n  two\n"));
	yaml_end(&y);
	yaml_item(&y, STR("last one"));
	yaml_raw_items(
	        &y,
	        STR("      - uses: x # kept\r\n        with:\r\n          a: |\r\n            b\r\n\r\n            c\r\n"),
	        "before");
	yaml_end(&y);
	yaml_number(&y, "count", -3);
	yaml_end(&y);
	assert_true(yaml_done(&y, &text));
	assert_true(str_eq(text, STR("job:\n"
	                             "  # why\\x0anot\n"
	                             "  uses: \"a/b@c\" # v1\\x0ax: y\n"
	                             "  steps:\n"
	                             "    - ok: true\n"
	                             "      run: |\n"
	                             "        one\n"
	                             "\n"
	                             "          two\n"
	                             "    - \"last one\"\n"
	                             "    - uses: x # kept\n"
	                             "      with:\n"
	                             "        a: |\n"
	                             "          b\n"
	                             "\n"
	                             "          c\n"
	                             "  count: -3\n")));
}

static void keeps_a_script_to_the_byte(void **state)
{
	(void)state;
	const struct str scripts[] = {STR("a"),
	                              STR("a\n"),
	                              STR("a\n\n"),
	                              STR(" a\n b\n"),
	                              STR("\ta\n"),
	                              STR("\n\na\n"),
	                              STR("a\r\nb"),
	                              STR("\n"),
	                              STR("   "),
	                              STR("a\n \n"),
	                              STR("a\n   \n\n"),
	                              STR("# x\n"),
	                              STR("--- a\n"),
	                              STR("...\n"),
	                              STR("a\xc2\x85"
	                                  "b\n"),
	                              STR("a\x01"),
	                              STR("\ta\n b"),
	                              STR("a \n")};
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		struct yaml y;
		struct err err = {0};
		struct str text;
		yaml_begin(&y, &arena, &err);
		yaml_script(&y, "run", scripts[i]);
		yaml_list(&y, "scripts");
		yaml_script_item(&y, scripts[i]);
		yaml_item(&y, STR("end"));
		yaml_end(&y);
		if (!yaml_done(&y, &text))
			fail_msg("%s", err.text);
		assert_true(str_eq(value_of(text, "run").value, scripts[i]));
	}
}

/* npm's yaml drops a last line of blanks from a literal block, where libyaml keeps it. */
static void writes_no_block_that_ends_in_blanks(void **state)
{
	(void)state;
	const struct str scripts[] = {STR(" }}\n "), STR("a\n \n"), STR("a\t\n\n")};
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		struct yaml y;
		struct err err = {0};
		struct str text;
		yaml_begin(&y, &arena, &err);
		yaml_script(&y, "run", scripts[i]);
		assert_true(yaml_done(&y, &text));
		assert_true(str_starts(text, STR("run: \"")));
	}
}

/* 20,000 texts as key, value, script and item: read back equal, or refused when they are no UTF-8. */
static void brings_hostile_texts_through(void **state)
{
	(void)state;
	size_t refused = 0;
	struct hostile generator = {1};
	for (int i = 0; i < 20000; i++) {
		struct str s = hostile_text(&arena, &generator);
		struct yaml y;
		struct err err = {0};
		struct str text;
		yaml_begin(&y, &arena, &err);
		yaml_pair(&y, "value", s);
		yaml_script(&y, "run", s);
		yaml_map(&y, STR("keys"));
		yaml_text(&y, s, s);
		yaml_end(&y);
		yaml_list(&y, "items");
		yaml_item(&y, s);
		yaml_item_map(&y);
		yaml_comment(&y, s);
		yaml_pair_noted(&y, "last", s, s);
		yaml_end(&y);
		yaml_end(&y);
		bool is_well = yaml_done(&y, &text);
		if (is_well != utf8_valid(s))
			fail_msg("%s", err.text);
		refused += !is_well;
		if (!is_well)
			continue;
		struct yaml_event value = value_of(text, "value");
		assert_true(str_eq(value.value, s));
		assert_true(!value.is_plain || yaml_is_plain(s));
		assert_true(str_eq(value_of(text, "run").value, s));
		if (i % 500 == 0)
			arena_free(&arena);
	}
	assert_in_range(refused, 1000, 10000);
}

static void refuses_steps_that_are_none(void **state)
{
	(void)state;
	static const char *const bad[] = {"uses: x\n", "- a: [\n", "x", "[a]", "- a\n---\n- b\n", "- a: b: c\n"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct yaml y;
		struct err err = {0};
		struct str text;
		yaml_begin(&y, &arena, &err);
		yaml_list(&y, "steps");
		yaml_raw_items(&y, str_of(bad[i]), "[emit.github] before");
		yaml_end(&y);
		assert_false(yaml_done(&y, &text));
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(strstr(err.text, "[emit.github] before"));
	}
}

/* The comparison is the last line of defence: it notices a writer that is wrong. */
static void notices_what_reads_back_otherwise(void **state)
{
	(void)state;
	static const char *const wrong[] = {"a: no\n",  "a: b\n",       "a: c #\n",
	                                    "a: [c]\n", "a: c\nb: c\n", "\"a\": 'c '\n"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct yaml y;
		struct err err = {0};
		struct str text;
		yaml_begin(&y, &arena, &err);
		yaml_pair(&y, "a", i == 0 ? STR("no") : STR("c"));
		y.buf.n = 0;
		buf_add(&y.buf, str_of(wrong[i]));
		assert_int_equal(yaml_done(&y, &text), i == 2);
	}
}

static void says_what_cannot_stand_in_a_recipe(void **state)
{
	(void)state;
	struct err err = {0};
	struct str line;
	assert_true(quote_make(&arena, STR("a $HOME $$ #x"), &line, &err));
	assert_true(str_eq(line, STR("a $$HOME $$$$ #x")));
	assert_false(quote_make(&arena, STR("a\nb"), &line, &err));
	assert_int_equal(err.code, ERR_FINDING);
	assert_non_null(strstr(err.text, "a\\x0ab"));
}

static void quotes_for_the_shell(void **state)
{
	(void)state;
	struct err err = {0};
	struct str word;
	assert_true(quote_sh(&arena, STR("it's"), &word, &err));
	assert_true(str_eq(word, STR("'it'\\''s'")));
	assert_true(quote_sh(&arena, STR("a/b-c.txt"), &word, &err));
	assert_true(str_eq(word, STR("a/b-c.txt")));
	assert_true(quote_sh(&arena, STR(""), &word, &err));
	assert_true(str_eq(word, STR("''")));
	assert_false(quote_sh(&arena, STR("a\0b"), &word, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(leaves_only_plain_words_without_quotes),
	        cmocka_unit_test(indents_maps_lists_and_scripts),
	        cmocka_unit_test(keeps_a_script_to_the_byte),
	        cmocka_unit_test(writes_no_block_that_ends_in_blanks),
	        cmocka_unit_test(brings_hostile_texts_through),
	        cmocka_unit_test(refuses_steps_that_are_none),
	        cmocka_unit_test(notices_what_reads_back_otherwise),
	        cmocka_unit_test(says_what_cannot_stand_in_a_recipe),
	        cmocka_unit_test(quotes_for_the_shell),
	};
	int failed = cmocka_run_group_tests_name("emit/yaml", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
