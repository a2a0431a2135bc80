/* String literals and f-strings. */
#include "reading.h"

static void decodes_escapes(void **state)
{
	(void)state;
	assert_expr("f('a\\tb\\x41\\101\\u00e9\\U0001F600\\\\')", "(call (name f) (string \"a\\x09bAAé😀\\\\\"))");
	assert_expr("f('\\q\\'')", "(call (name f) (string \"\\\\q'\"))");
	assert_expr("f('a\\\nb')", "(call (name f) (string \"ab\"))");
	assert_expr("f(r'a\\tb\\'')", "(call (name f) (string \"a\\\\tb\\\\'\"))");
	assert_expr("f('\\ud800')", "(call (name f) (string \"\xef\xbf\xbd\"))");
	assert_expr("f('\\N{EM DASH}')", "(call (name f) (string \"\\\\N{EM DASH}\"))");
	assert_expr("f('\\xz')", "(call (name f) (string \"\\\\xz\"))");
	assert_expr("f(u'a')", "(call (name f) (string \"a\"))");
	assert_expr("f('')", "(call (name f) (string \"\"))");
}

static void decodes_bytes(void **state)
{
	(void)state;
	struct reading reading = read_text("x = b'\\xff\\u00e9\\0'\n");
	const struct expr *value = &reading.facts.exprs.at[reading.facts.exprs.n - 1];
	struct str text = intern_str(&reading.names, value->text);
	assert_int_equal(value->op, STRING_BYTES);
	assert_int_equal(text.n, 8);
	assert_memory_equal(text.at, "\xff\\u00e9\0", 8);
	arena_free(&reading.arena);
}

static void joins_adjacent_literals(void **state)
{
	(void)state;
	assert_expr("f('a' \"b\" r'\\c')", "(call (name f) (string \"ab\\\\c\"))");
	assert_expr("f('a'\n  'b')", "(call (name f) (string \"ab\"))");
	assert_expr("f(b'a' B'b')", "(call (name f) (string bytes \"ab\"))");
	assert_expr("f('a' f'b{c}d' 'e')", "(call (name f) (fstring (string \"ab\") (name c) (string \"de\")))");
}

static void reads_triple_quotes_and_line_ends(void **state)
{
	(void)state;
	assert_expr("f('''a'b''c\nd''')", "(call (name f) (string \"a'b''c\\x0ad\"))");
	assert_expr("f('''a\r\nb\rc''')", "(call (name f) (string \"a\\x0ab\\x0ac\"))");
	assert_expr("f(\"\"\"\"\"\")", "(call (name f) (string \"\"))");
}

static void reads_every_prefix(void **state)
{
	(void)state;
	assert_expr(
	        "f(R'\\n', bR'\\n', Rb'\\n', BR'', rF'\\n{a}', Fr'', tR'{a}', T'a', Ur)",
	        "(call (name f) (string \"\\\\n\") (string bytes \"\\\\n\") (string bytes \"\\\\n\") (string bytes \"\") "
	        "(fstring (string \"\\\\n\") (name a)) (fstring) (fstring (name a)) (fstring (string \"a\")) (name Ur))");
}

static void reads_fields(void **state)
{
	(void)state;
	assert_expr("f'a{b}c{d.e()}'",
	            "(fstring (string \"a\") (name b) (string \"c\") (call (attribute e (name d))))");
	assert_expr("f'{{{a}}}'", "(fstring (string \"{\") (name a) (string \"}\"))");
	assert_expr("f'{a!r}{b:>10}{c!s:x}'", "(fstring (name a) (name b) (name c))");
	assert_expr("f'{a:{b}.{c}}'", "(fstring (other (name a) (name b) (name c)))");
	assert_expr("f'{a = }{b=!r}'", "(fstring (string \"a = \") (name a) (string \"b=\") (name b))");
	assert_expr("f'{a = # b\n }'", "(fstring (string \"a = \\x0a \") (name a))");
	assert_expr("f'{a[\"#\"] # b\n=}'",
	            "(fstring (string \"a[\\\"#\\\"] \\x0a=\") (index (name a) (string \"#\")))");
	assert_expr("f'{a != b}'", "(fstring (compare != (name a) (name b)))");
	assert_expr("f'{a[\"b\"]}{ {1: 2}[1] }'",
	            "(fstring (index (name a) (string \"b\")) (index (dict (number 1) (number 2)) (number 1)))");
	assert_expr("f'{a, b}{*c, d}{(yield)}'",
	            "(fstring (tuple (name a) (name b)) (tuple (star (name c)) (name d)) (yield))");
	assert_expr("f'{(lambda x: 1)}'", "(fstring (lambda (number 1)))");
	assert_expr("f'{(a:=1)}{b:=1}'", "(fstring (assign (name a) (number 1)) (name b))");
	assert_expr("f'\\N{EM DASH}{a}'", "(fstring (string \"\\\\N{EM DASH}\") (name a))");
	assert_expr("f'\\{a}'", "(fstring (string \"\\\\\") (name a))");
	assert_expr("rf'\\N{a}'", "(fstring (string \"\\\\N\") (name a))");
}

static void reads_nested_fstrings(void **state)
{
	(void)state;
	assert_expr("f'{f'{f'{a}'}'}'", "(fstring (fstring (fstring (name a))))");
	assert_expr("f'{a['b']}{\"'\"}'", "(fstring (index (name a) (string \"b\")) (string \"'\"))");
	assert_expr("f'{\na # }\n}'", "(fstring (name a))");
	assert_expr("f'''{\na}\n{b:\n}'''", "(fstring (name a) (string \"\\x0a\") (name b))");
	assert_expr("f'{a:{f'{b}'}}'", "(fstring (other (name a) (fstring (name b))))");
}

static void knows_the_lines_of_fields(void **state)
{
	(void)state;
	struct reading reading = read_text("f'''\n{a}\n\n{b\n}''' + c\n");
	struct str dump = dump_of(&reading);
	assert_true(str_has(dump, STR("(name@6:2 a)")));
	assert_true(str_has(dump, STR("(name@11:4 b)")));
	assert_true(str_has(dump, STR("(name@20:5 c)")));
	arena_free(&reading.arena);
	reading = read_text("f'{a(\nb,\n\nc)}' + d\n");
	dump = dump_of(&reading);
	assert_true(str_has(dump, STR("(call@3 (name@3 a) (name@6:2 b) (name@10:4 c))) (name@17 d)")));
	arena_free(&reading.arena);
}

static void gives_up_on_broken_fields_only(void **state)
{
	(void)state;
	struct reading reading = read_text("f'a{b c}d{e}'\n");
	assert_string_equal(shape_of(&reading),
	                    "expr (fstring (string \"a\") (other) (string \"d\") (name e))\nfault 1 "
	                    "syntax\n");
	arena_free(&reading.arena);
	/* Read as a plain string when the lexer cannot make sense of it. */
	reading = read_text("f'a{b'\nc\n");
	assert_int_equal(reading.facts.stmts.n, 3);
	assert_int_equal(reading.facts.faults.at[0].kind, FAULT_SYNTAX);
	arena_free(&reading.arena);
}

static void cuts_long_strings_between_characters(void **state)
{
	(void)state;
	struct arena arena;
	struct buf text;
	arena_init(&arena, NULL);
	for (size_t shift = 0; shift < 4; shift++) {
		buf_init(&text, &arena);
		buf_lit(&text, "x = '");
		for (size_t i = 0; i < shift; i++)
			buf_char(&text, 'a');
		for (int i = 0; i < 600; i++)
			buf_lit(&text, "€");
		buf_lit(&text, "'\ny = '");
		for (size_t i = 0; i < TEXT_LONGEST; i++)
			buf_char(&text, 'b');
		buf_lit(&text, "'\n");
		struct reading reading = read_bytes(text.at, text.n);
		const struct expr *first = &reading.facts.exprs.at[2], *second = &reading.facts.exprs.at[4];
		assert_int_equal(first->op, STRING_CUT);
		assert_int_equal(intern_str(&reading.names, first->text).n, shift + (TEXT_LONGEST - shift) / 3 * 3);
		assert_int_equal(second->op, 0);
		assert_int_equal(intern_str(&reading.names, second->text).n, TEXT_LONGEST);
		arena_free(&reading.arena);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(decodes_escapes),
	        cmocka_unit_test(decodes_bytes),
	        cmocka_unit_test(joins_adjacent_literals),
	        cmocka_unit_test(reads_triple_quotes_and_line_ends),
	        cmocka_unit_test(reads_every_prefix),
	        cmocka_unit_test(reads_fields),
	        cmocka_unit_test(reads_nested_fstrings),
	        cmocka_unit_test(knows_the_lines_of_fields),
	        cmocka_unit_test(gives_up_on_broken_fields_only),
	        cmocka_unit_test(cuts_long_strings_between_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
