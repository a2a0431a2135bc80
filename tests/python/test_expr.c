/* Expressions: one story a construct. */
#include "reading.h"

static void reads_names_and_constants(void **state)
{
	(void)state;
	assert_expr("a", "(name a)");
	assert_expr("None", "(None)");
	assert_expr("True; False", "(True)\nexpr (False)");
	assert_expr("...", "(...)");
	assert_expr("0x1F", "(number 0x1F)");
	assert_expr("1_000.5e-3j", "(number 1_000.5e-3j)");
	assert_expr(".5", "(number .5)");
	assert_expr("größe", "(name größe)");
	assert_expr("match", "(name match)");
}

static void reads_attributes_calls_and_subscripts(void **state)
{
	(void)state;
	assert_expr("a.b.c", "(attribute c (attribute b (name a)))");
	assert_expr("a.import_", "(attribute import_ (name a))");
	assert_expr("a.match.async", "(attribute async (attribute match (name a)))");
	assert_expr("f()", "(call (name f))");
	assert_expr("f(a, *b, c=1, **d,)",
	            "(call (name f) (name a) (star (name b)) (keyword c (number 1)) (double-star (name d)))");
	assert_expr("f(x for x in y)", "(call (name f) (comprehension other (name x) (for-in (name x) (name y))))");
	assert_expr("f(x := 1)", "(call (name f) (assign (name x) (number 1)))");
	assert_expr("f(a == b)", "(call (name f) (compare == (name a) (name b)))");
	assert_expr("a[1]", "(index (name a) (number 1))");
	assert_expr("a[1, 2]", "(index (name a) (tuple (number 1) (number 2)))");
	assert_expr("a[*b]", "(index (name a) (tuple (star (name b))))");
	assert_expr("f(a)[0].c(d)", "(call (attribute c (index (call (name f) (name a)) (number 0))) (name d))");
}

static void reads_slices_as_other(void **state)
{
	(void)state;
	assert_expr("a[:]", "(index (name a) (other))");
	assert_expr("a[b:c]", "(index (name a) (other (name b) (name c)))");
	assert_expr("a[b::f(x)]", "(index (name a) (other (name b) (call (name f) (name x))))");
	assert_expr("a[1:2, ...]", "(index (name a) (tuple (other (number 1) (number 2)) (...)))");
	assert_expr("a[(b := 1):]", "(index (name a) (other (assign (name b) (number 1))))");
}

static void reads_displays(void **state)
{
	(void)state;
	assert_expr("()", "(tuple)");
	assert_expr("(a)", "(name a)");
	assert_expr("(a,)", "(tuple (name a))");
	assert_expr("a, *b", "(tuple (name a) (star (name b)))");
	assert_expr("[]", "(list)");
	assert_expr("[a, 'b',]", "(list (name a) (string \"b\"))");
	assert_expr("{}", "(dict)");
	assert_expr("{a}", "(set (name a))");
	assert_expr("{*a, b}", "(set (star (name a)) (name b))");
	assert_expr("{'a': 1, **b, c: d}", "(dict (string \"a\") (number 1) (double-star (name b)) (name c) (name d))");
}

static void reads_comprehensions(void **state)
{
	(void)state;
	assert_expr("[x for x in y if x if z]",
	            "(comprehension list (name x) (for-in (name x) (name y)) (name x) (name z))");
	assert_expr("{k: v for k, v in d}",
	            "(comprehension dict (name k) (name v) (for-in (tuple (name k) (name v)) (name d)))");
	assert_expr("{x async for x in y}", "(comprehension set (name x) (for-in (name x) (name y)))");
	assert_expr("(x for y in z for x in y)",
	            "(comprehension other (name x) (for-in (name y) (name z)) (for-in (name x) (name y)))");
	assert_expr("[a if b else c for a in d or e]",
	            "(comprehension list (if (name a) (name b) (name c)) (for-in (name a) (or (name d) (name e))))");
}

static void lets_operators_bind_as_they_should(void **state)
{
	(void)state;
	assert_expr("a + b * c", "(binary + (name a) (binary * (name b) (name c)))");
	assert_expr("a - b - c", "(binary - (binary - (name a) (name b)) (name c))");
	assert_expr("a ** b ** c", "(binary ** (name a) (binary ** (name b) (name c)))");
	assert_expr("-a ** -b", "(unary - (binary ** (name a) (unary - (name b))))");
	assert_expr("not a == b", "(not (compare == (name a) (name b)))");
	assert_expr("a or b or c and d", "(or (name a) (name b) (and (name c) (name d)))");
	assert_expr("a < b <= c", "(compare < (name a) (name b) (name c))");
	assert_expr("a not in b", "(compare not-in (name a) (name b))");
	assert_expr("a is not b", "(compare is-not (name a) (name b))");
	assert_expr("a is (not b)", "(compare is (name a) (not (name b)))");
	assert_expr("a | b ^ c & d << e",
	            "(binary | (name a) (binary ^ (name b) (binary & (name c) (binary << (name d) "
	            "(name e)))))");
	assert_expr(
	        "a @ b // c % d >> ~e",
	        "(binary >> (binary % (binary // (binary @ (name a) (name b)) (name c)) (name d)) (unary ~ (name e)))");
	assert_expr("await a ** b", "(binary ** (await (name a)) (name b))");
}

static void reads_conditionals_lambdas_and_yields(void **state)
{
	(void)state;
	assert_expr("a if b else c if d else e", "(if (name a) (name b) (if (name c) (name d) (name e)))");
	assert_expr("lambda: 0", "(lambda (number 0))");
	assert_expr("lambda a, /, b=c, *d, e=f, **g: h", "(lambda (name h) (name c) (name f))");
	assert_expr("lambda *, a: a", "(lambda (name a))");
	assert_expr("(yield)", "(yield)");
	assert_expr("yield a, b", "(yield (tuple (name a) (name b)))");
	assert_expr("yield from a", "(yield from (name a))");
	assert_expr("(a := b)", "(assign (name a) (name b))");
	assert_expr("await f()", "(await (call (name f)))");
	assert_expr("await", "(name await)");
}

static void keeps_nothing_of_sums_of_numbers(void **state)
{
	(void)state;
	assert_expr("60 * 60 + 1", "(other)");
	assert_expr("2 ** -1", "(other)");
	assert_expr("-1", "(unary - (number 1))");
	assert_expr("60 * a", "(binary * (number 60) (name a))");
}

static void cuts_collections_that_are_too_long(void **state)
{
	(void)state;
	struct arena arena;
	struct buf text;
	arena_init(&arena, NULL);
	buf_init(&text, &arena);
	buf_lit(&text, "x = [");
	for (int i = 0; i < 5000; i++)
		buf_fmt(&text, "(%d, 'a'),", i);
	buf_lit(&text, "]\ny = {");
	for (int i = 0; i < 5000; i++)
		buf_fmt(&text, "%d: f,", i);
	buf_lit(&text, "}\n");
	struct reading reading = read_bytes(text.at, text.n);
	const struct facts *facts = &reading.facts;
	assert_int_equal(facts->stmts.n, 3);
	uint32_t list = facts->exprs.at[facts->stmts.at[1].expr].next,
	         dict = facts->exprs.at[facts->stmts.at[2].expr].next;
	size_t elements = 0, pairs = 0;
	for (uint32_t i = facts->exprs.at[list].first; i; i = facts->exprs.at[i].next)
		elements++;
	for (uint32_t i = facts->exprs.at[dict].first; i; i = facts->exprs.at[i].next)
		pairs++;
	assert_int_equal(facts->exprs.at[list].kind, EXPR_LIST);
	assert_int_equal(facts->exprs.at[list].op, 1);
	assert_int_equal(elements, 4096);
	assert_int_equal(facts->exprs.at[dict].op, 1);
	assert_int_equal(pairs, 2 * 4096);
	assert_int_equal(facts->exprs.n, 1 + 2 + (1 + 3 * 4096) + (1 + 2 * 4096));
	arena_free(&reading.arena);
	arena_free(&arena);
}

static void knows_where_expressions_begin(void **state)
{
	(void)state;
	struct reading reading = read_text("\nx = (a +\n     b).c(\n  'd')\n");
	struct str dump = dump_of(&reading);
	assert_true(str_has(dump,
	                    STR("(call@5 (attribute@5 c (binary@6 + (name@6 a) (name@15:3 b))) (string@23:4 \"d\"))")));
	arena_free(&reading.arena);
}

/* A chain of attributes, or a sum, nests only so far. */
static unsigned height_of(const struct facts *facts, uint32_t expr)
{
	unsigned most = 0;
	for (uint32_t i = facts->exprs.at[expr].first; i; i = facts->exprs.at[i].next) {
		unsigned height = height_of(facts, i);
		most = height > most ? height : most;
	}
	return most + 1;
}

static unsigned height_of_repeated(const char *before, const char *part, int n, const char *after)
{
	struct arena arena;
	struct buf text;
	arena_init(&arena, NULL);
	buf_init(&text, &arena);
	buf_add(&text, str_of(before));
	for (int i = 0; i < n; i++)
		buf_add(&text, str_of(part));
	buf_add(&text, str_of(after));
	struct reading reading = read_bytes(text.at, text.n);
	unsigned height = height_of(&reading.facts, reading.facts.stmts.at[1].expr);
	assert_int_not_equal(reading.facts.stmts.at[1].kind, STMT_BROKEN);
	arena_free(&reading.arena);
	arena_free(&arena);
	return height;
}

static void never_makes_trees_too_tall(void **state)
{
	(void)state;
	assert_in_range(height_of_repeated("a", ".b", 5000, "\n"), 150, 1000);
	assert_in_range(height_of_repeated("a", "(b)", 5000, "\n"), 150, 1000);
	assert_in_range(height_of_repeated("a", "[b]", 5000, "\n"), 150, 1000);
	assert_in_range(height_of_repeated("a", " + b", 5000, "\n"), 150, 1000);
	assert_in_range(height_of_repeated("a", " + b * c.d", 5000, "\n"), 150, 1000);
	assert_in_range(height_of_repeated("", "not ", 5000, "a\n"), 100, 1000);
	assert_in_range(height_of_repeated("", "- ", 5000, "a\n"), 100, 1000);
	assert_in_range(height_of_repeated("", "await ", 5000, "a\n"), 100, 1000);
	assert_in_range(height_of_repeated("a", " ** b", 5000, "\n"), 100, 1000);
	assert_in_range(height_of_repeated("a", " if b else c", 5000, "\n"), 1, 1000);
}

static void keeps_all_names_of_a_long_sum(void **state)
{
	(void)state;
	struct arena arena;
	struct buf text;
	arena_init(&arena, NULL);
	buf_init(&text, &arena);
	buf_lit(&text, "x = a0");
	for (int i = 1; i < 1000; i++)
		buf_fmt(&text, " + a%d", i);
	buf_lit(&text, "\n");
	struct reading reading = read_bytes(text.at, text.n);
	size_t names = 0;
	for (size_t i = 1; i < reading.facts.exprs.n; i++)
		names += reading.facts.exprs.at[i].kind == EXPR_NAME;
	assert_int_equal(names, 1001);
	assert_int_equal(reading.facts.faults.n, 0);
	arena_free(&reading.arena);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_names_and_constants),
	        cmocka_unit_test(reads_attributes_calls_and_subscripts),
	        cmocka_unit_test(reads_slices_as_other),
	        cmocka_unit_test(reads_displays),
	        cmocka_unit_test(reads_comprehensions),
	        cmocka_unit_test(lets_operators_bind_as_they_should),
	        cmocka_unit_test(reads_conditionals_lambdas_and_yields),
	        cmocka_unit_test(keeps_nothing_of_sums_of_numbers),
	        cmocka_unit_test(cuts_collections_that_are_too_long),
	        cmocka_unit_test(knows_where_expressions_begin),
	        cmocka_unit_test(never_makes_trees_too_tall),
	        cmocka_unit_test(keeps_all_names_of_a_long_sum),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
