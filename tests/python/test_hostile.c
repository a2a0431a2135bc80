/* Files that want to hurt: each must come to an end, with a fault where Python would complain, and in memory that is
 * a small multiple of their size.  Time is not measured here; that it is linear shows in that sizes are large and
 * the test ends. */
#include <stdlib.h>

#include "reading.h"

enum { LARGE = 1 << 20 };

/* before, then `part` again and again up to `size` bytes, then after. */
static struct reading read_repeated(const char *before, const char *part, size_t size, const char *after)
{
	struct arena arena;
	struct buf text;
	struct str unit = str_of(part);
	arena_init(&arena, NULL);
	buf_init(&text, &arena);
	buf_add(&text, str_of(before));
	for (size_t n = 0; n < size; n += unit.n)
		buf_add(&text, unit);
	buf_add(&text, str_of(after));
	struct reading reading = read_bytes(text.at, text.n);
	arena_free(&arena);
	return reading;
}

static bool has_fault(const struct reading *reading, enum fault_kind kind)
{
	for (size_t i = 0; i < reading->facts.faults.n; i++)
		if (reading->facts.faults.at[i].kind == kind)
			return true;
	return false;
}

#define assert_fault(before, part, after, fault)                                                                       \
	do {                                                                                                           \
		struct reading reading_ = read_repeated((before), (part), LARGE, (after));                             \
		assert_true(has_fault(&reading_, (fault)));                                                            \
		assert_in_range(reading_.facts.faults.n, 1, 300);                                                      \
		arena_free(&reading_.arena);                                                                           \
	} while (0)

static void survives_brackets(void **state)
{
	(void)state;
	assert_fault("x = ", "(", "\n", FAULT_UNTERMINATED);
	assert_fault("x = ", "[", "", FAULT_UNTERMINATED);
	assert_fault("", "{", "", FAULT_DEPTH);
	assert_fault("x = ", "(a, [", "\ny\n", FAULT_DEPTH);
	assert_fault("", ")", "\n", FAULT_SYNTAX);
	assert_fault("x = ", "f(", "1", FAULT_UNTERMINATED);
	assert_fault("x = ", "a[", "1", FAULT_DEPTH);
	assert_fault("", "x = (\n", "", FAULT_UNTERMINATED);
	assert_fault("", "x = (\nimport a\n", "", FAULT_SYNTAX);
}

/* Python's own limit is 200. */
static void reads_nesting_as_deep_as_python_does(void **state)
{
	(void)state;
	char text[2048];
	size_t n = 0;
	memcpy(text, "x = ", 4);
	n = 4;
	for (int i = 0; i < 95; i++)
		text[n++] = '[';
	for (int i = 0; i < 95; i++)
		text[n++] = ']';
	struct reading reading = read_bytes(text, n);
	assert_int_equal(reading.facts.faults.n, 0);
	assert_int_equal(reading.facts.exprs.n, 1 + 1 + 95);
	arena_free(&reading.arena);
}

static void keeps_what_stands_beside_deep_nesting(void **state)
{
	(void)state;
	struct arena arena;
	struct buf text;
	arena_init(&arena, NULL);
	buf_init(&text, &arena);
	buf_lit(&text, "x = f(");
	for (int i = 0; i < 10000; i++)
		buf_char(&text, '(');
	for (int i = 0; i < 10000; i++)
		buf_char(&text, ')');
	buf_lit(&text, ", b)\ny = c\n");
	struct reading reading = read_bytes(text.at, text.n);
	assert_true(has_fault(&reading, FAULT_DEPTH));
	assert_string_equal(shape_of(&reading),
	                    "assign (name x) (call (name f) (other) (name b))\nassign (name y) (name "
	                    "c)\nfault 1 depth\n");
	arena_free(&reading.arena);
	arena_free(&arena);
}

static void survives_operators(void **state)
{
	(void)state;
	assert_fault("", "not ", "a\n", FAULT_DEPTH);
	assert_fault("", "-", "a\n", FAULT_DEPTH);
	assert_fault("", "await ", "a\n", FAULT_DEPTH);
	assert_fault("", "lambda: ", "a\n", FAULT_DEPTH);
	assert_fault("a", "**a", "\n", FAULT_DEPTH);
	assert_fault("a", " if a else a", "\n", FAULT_DEPTH);
	assert_fault("", "yield ", "a\n", FAULT_DEPTH);
	struct reading reading = read_repeated("a", "+a.b(c)[d]", LARGE, "\n");
	assert_int_equal(reading.facts.faults.n, 0);
	arena_free(&reading.arena);
}

static void survives_strings(void **state)
{
	(void)state;
	assert_fault("x = '", "a", "", FAULT_UNTERMINATED);
	assert_fault("x = '''", "'\n", "", FAULT_UNTERMINATED);
	assert_fault("x = '", "\\", "", FAULT_UNTERMINATED);
	assert_fault("", "'a\n", "", FAULT_UNTERMINATED);
	assert_fault("", "'''", "'", FAULT_UNTERMINATED);
	assert_fault("", "\"", "'", FAULT_UNTERMINATED);
}

static void survives_fstrings(void **state)
{
	(void)state;
	assert_fault("x = ", "f'{", "", FAULT_SYNTAX);
	assert_fault("x = f'''", "{", "", FAULT_UNTERMINATED);
	assert_fault("x = f'''", "{a:", "", FAULT_UNTERMINATED);
	assert_fault("x = f'''", "{f\"", "", FAULT_UNTERMINATED);
	assert_fault("", "f'{(\n", "", FAULT_UNTERMINATED);
	assert_fault("x = ", "f'''{'", "", FAULT_UNTERMINATED);
	assert_fault("x = f'", "{a b}", "'\n", FAULT_SYNTAX);
	assert_fault("x = f'{", "{", "'\n", FAULT_SYNTAX);
	assert_fault("x = f'{", "(", "}'\n", FAULT_SYNTAX);
	struct reading reading = read_repeated("x = f'", "{a}", LARGE, "'\n");
	assert_int_equal(reading.facts.faults.n, 0);
	arena_free(&reading.arena);
	reading = read_repeated("x = f'{a:", "{b}", LARGE, "}'\n");
	assert_int_equal(reading.facts.faults.n, 0);
	arena_free(&reading.arena);
}

static void reads_fstrings_only_so_deep(void **state)
{
	(void)state;
	struct arena arena;
	struct buf text;
	arena_init(&arena, NULL);
	buf_init(&text, &arena);
	for (int i = 0; i < 140; i++)
		buf_lit(&text, "f'{");
	buf_char(&text, 'a');
	for (int i = 0; i < 140; i++)
		buf_lit(&text, "}'");
	struct reading reading = read_bytes(text.at, text.n);
	assert_int_equal(reading.facts.faults.n, 1);
	assert_int_equal(reading.facts.faults.at[0].kind, FAULT_DEPTH);
	assert_int_equal(reading.facts.stmts.n, 2);
	arena_free(&reading.arena);
	arena_free(&arena);
}

static void survives_indentation(void **state)
{
	(void)state;
	struct arena arena;
	struct buf text;
	arena_init(&arena, NULL);
	buf_init(&text, &arena);
	for (int i = 0; i < 2000; i++) {
		buf_spaces(&text, (size_t)i);
		buf_lit(&text, "if a:\n");
	}
	struct reading reading = read_bytes(text.at, text.n);
	assert_true(has_fault(&reading, FAULT_DEPTH));
	arena_free(&reading.arena);
	arena_free(&arena);
	assert_fault("if a:\n", " b\n  c\n", "", FAULT_INDENT);
	assert_fault("", " ", "a\n", FAULT_INDENT);
	assert_fault("a\n", "\t", "a\n", FAULT_INDENT);
	assert_fault("", " \\\n", "a\nb\n", FAULT_INDENT);
}

static void survives_bytes(void **state)
{
	(void)state;
	struct reading reading = read_repeated("a\n", "\n", LARGE, "b");
	assert_int_equal(reading.facts.lines, LARGE + 2);
	arena_free(&reading.arena);
	reading = read_repeated("a #", "\\", LARGE, "\nb");
	assert_int_equal(reading.facts.faults.n, 0);
	arena_free(&reading.arena);
	reading = read_repeated("x", "y", LARGE, "\nb");
	assert_int_equal(reading.facts.stmts.n, 3);
	arena_free(&reading.arena);
	reading = read_repeated("0x", "1", LARGE, "\nb");
	assert_int_equal(reading.facts.stmts.n, 3);
	arena_free(&reading.arena);
	assert_fault("", "$", "", FAULT_SYNTAX);
	assert_fault("", "\\", "", FAULT_SYNTAX);
	assert_fault("", "\x01\n", "", FAULT_SYNTAX);
	assert_fault("", "\xff", "", FAULT_ENCODING);
	assert_fault("", "@a\n", "", FAULT_SYNTAX);
	assert_fault("", "a b\n", "", FAULT_SYNTAX);
	reading = read_repeated("a", ",a", 8 * LARGE, "\nb");
	assert_int_equal(reading.facts.stmts.n, 3);
	assert_in_range(reading.facts.exprs.n, 4096, 4200);
	arena_free(&reading.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(survives_brackets),
	        cmocka_unit_test(reads_nesting_as_deep_as_python_does),
	        cmocka_unit_test(keeps_what_stands_beside_deep_nesting),
	        cmocka_unit_test(survives_operators),
	        cmocka_unit_test(survives_strings),
	        cmocka_unit_test(survives_fstrings),
	        cmocka_unit_test(reads_fstrings_only_so_deep),
	        cmocka_unit_test(survives_indentation),
	        cmocka_unit_test(survives_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
