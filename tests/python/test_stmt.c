/* Statements, blocks, faults. */
#include "reading.h"

static void reads_simple_statements(void **state)
{
	(void)state;
	assert_shape("pass; break; continue", "pass\nbreak\ncontinue\n");
	assert_shape("x = y = z", "assign (name x) (name y) (name z)\n");
	assert_shape("x, *y = z,", "assign (tuple (name x) (star (name y))) (tuple (name z))\n");
}

static void reads_assignments(void **state)
{
	(void)state;
	assert_shape("x = yield y", "assign (name x) (yield (name y))\n");
	assert_shape("x: int", "annotate (name x) (name int)\n");
	assert_shape("x.y: int = 1, 2", "annotate (attribute y (name x)) (name int) (tuple (number 1) (number 2))\n");
	assert_shape("pytestmark += [a]", "augment + (name pytestmark) (list (name a))\n");
	assert_shape("x @= y; x //= y; x **= y; x >>= y; x ^= y",
	             "augment @ (name x) (name y)\naugment // (name x) (name y)\naugment ** (name x) (name y)\n"
	             "augment >> (name x) (name y)\naugment ^ (name x) (name y)\n");
}

static void reads_statements_with_keywords(void **state)
{
	(void)state;
	assert_shape("return", "return\n");
	assert_shape("return *a, b", "return (tuple (star (name a)) (name b))\n");
	assert_shape("raise", "raise\n");
	assert_shape("raise A from b", "raise (name A) (name b)\n");
	assert_shape("assert a, 'b'", "assert (name a) (string \"b\")\n");
	assert_shape("del a.b, (c, d)", "delete (attribute b (name a)) (tuple (name c) (name d))\n");
	assert_shape("global a, b\nnonlocal c", "global (name a) (name b)\nglobal (name c)\n");
	assert_shape("type X[T: (int, str) = int] = list[T]", "type (name X) (index (name list) (name T))\n");
	assert_shape(
	        "type = 1; type.x; type(x)",
	        "assign (name type) (number 1)\nexpr (attribute x (name type))\nexpr (call (name type) (name x))\n");
}

static void reads_imports(void **state)
{
	(void)state;
	assert_shape("import a, b.c, d.e as f", "import [0 \"a\" binds a] [0 \"b.c\" binds b] [0 \"d.e\" as f]\n");
	assert_shape("from a.b import c, d as e", "from [0 \"a.b\" c binds c] [0 \"a.b\" d as e]\n");
	assert_shape("from . import (a,\n  b as c, # x\n)", "from [1 \"\" a binds a] [1 \"\" b as c]\n");
	assert_shape("from ....a import *", "from [4 \"a\" *]\n");
	assert_shape("from .a . b import c; import d . e", "from [1 \"a.b\" c binds c]\nimport [0 \"d.e\" binds d]\n");
}

static void puts_clauses_beside_their_head(void **state)
{
	(void)state;
	assert_shape("if a:\n  b\nelif c: d\nelse:\n  e\n",
	             "if (name a)\n  expr (name b)\nelif (name c)\n  expr (name d)\nelse\n  expr (name e)\n");
	assert_shape("for a, in b, c:\n  pass\nelse: pass\n",
	             "for (tuple (name a)) (tuple (name b) (name c))\n  pass\nelse\n  pass\n");
	assert_shape("while (a := b()): pass", "while (assign (name a) (call (name b)))\n  pass\n");
	assert_shape("try: pass\nexcept A: pass\nexcept (B, C) as d: pass\nexcept: pass\nelse: pass\nfinally: pass\n",
	             "try\n  pass\nexcept (name A)\n  pass\nexcept (as (tuple (name B) (name C)) (name d))\n  pass\n"
	             "except\n  pass\nelse\n  pass\nfinally\n  pass\n");
	assert_shape("try: pass\nexcept A, B: pass\n", "try\n  pass\nexcept (tuple (name A) (name B))\n  pass\n");
	assert_shape("try: pass\nexcept* A as b: pass\n", "try\n  pass\nexcept star (as (name A) (name b))\n  pass\n");
}

static void reads_with_items(void **state)
{
	(void)state;
	assert_shape("with a, b() as c, d as (e, f): pass",
	             "with (name a) (as (call (name b)) (name c)) (as (name d) (tuple (name e) (name f)))\n  pass\n");
	assert_shape("with (a as b, c,): pass", "with (as (name a) (name b)) (name c)\n  pass\n");
	assert_shape("with (a, b): pass", "with (name a) (name b)\n  pass\n");
	assert_shape("with (a, b) as c: pass", "with (as (tuple (name a) (name b)) (name c))\n  pass\n");
	assert_shape("with (a), (b): pass", "with (name a) (name b)\n  pass\n");
	assert_shape("with (a as b): pass", "with (as (name a) (name b))\n  pass\n");
	assert_shape("async with a: pass\nasync for b in c: pass",
	             "async with (name a)\n  pass\nasync for (name b) (name c)\n  pass\n");
}

static void reads_match_statements(void **state)
{
	(void)state;
	assert_shape("match a, b:\n  case [1, *c] | {'d': -1, **e}: pass\n  case F(g=h) as i if j: pass\n"
	             "  case _ if (k := 1): pass\n",
	             "match (tuple (name a) (name b))\n"
	             "  case (binary | (list (number 1) (star (name c))) (dict (string \"d\") (unary - (number 1)) "
	             "(double-star (name e))))\n    pass\n"
	             "  case (as (call (name F) (keyword g (name h))) (name i)) (name j)\n    pass\n"
	             "  case (name _) (assign (name k) (number 1))\n    pass\n");
	assert_shape("match(a):\n  case (b): pass\n", "match (name a)\n  case (name b)\n    pass\n");
	assert_shape("match -a:\n  case b, c: pass\n",
	             "match (unary - (name a))\n  case (tuple (name b) (name c))\n    pass\n");
}

static void leaves_soft_keywords_as_names(void **state)
{
	(void)state;
	assert_shape(
	        "match = 1; match.a; match(b); match[c]; match * d\ncase = match",
	        "assign (name match) (number 1)\nexpr (attribute a (name match))\nexpr (call (name match) (name b))\n"
	        "expr (index (name match) (name c))\nexpr (binary * (name match) (name d))\n"
	        "assign (name case) (name match)\n");
	assert_shape("match[a]: int\nmatch: int", "annotate (index (name match) (name a)) (name int)\n"
	                                          "annotate (name match) (name int)\n");
	assert_shape("async = 1\nprint(async)",
	             "assign (name async) (number 1)\nexpr (call (name print) (name async))\n");
}

static void flags_docstrings_and_drops_their_text(void **state)
{
	(void)state;
	assert_shape("'doc' \"s\"\nx\n", "expr docstring\nexpr (name x)\n");
	assert_shape("def f(): 'doc'; x", "function f\n  expr docstring\n  expr (name x)\n");
	assert_shape("class C:\n  r'''doc'''\n  'no doc'\n", "class C\n  expr docstring\n  expr (string \"no doc\")\n");
	assert_shape("if x:\n  'no doc'\n", "if (name x)\n  expr (string \"no doc\")\n");
	assert_shape("f'no'", "expr (fstring (string \"no\"))\n");
	assert_shape("b'no'", "expr (string bytes \"no\")\n");
	assert_shape("'no'.join(x)", "expr (call (attribute join (string \"no\")) (name x))\n");
}

static void nests_by_indentation(void **state)
{
	(void)state;
	assert_shape("if a:\n\tif b:\n\t\tc\n        d\n# x\n\n  # y\ne\n",
	             "if (name a)\n  if (name b)\n    expr (name c)\n  expr (name d)\nexpr (name e)\n");
	assert_shape(
	        "if a:\n  b; c;\n  if d: e; f\ng",
	        "if (name a)\n  expr (name b)\n  expr (name c)\n  if (name d)\n    expr (name e)\n    expr (name f)\n"
	        "expr (name g)\n");
	assert_shape("if a:\n \\\n  b\n c\n", "if (name a)\n  expr (name b)\n  expr (name c)\n");
	assert_shape("if a:\n\f  b\n", "if (name a)\n  expr (name b)\n");
}

static void joins_lines(void **state)
{
	(void)state;
	assert_shape("x = a + \\\n  b\n", "assign (name x) (binary + (name a) (name b))\n");
	assert_shape("x = (a # (\n  +\n\n b)\n", "assign (name x) (binary + (name a) (name b))\n");
	assert_shape("x = 1\\\r\n+a\r\ny\rz",
	             "assign (name x) (binary + (number 1) (name a))\nexpr (name y)\nexpr (name z)\n");
}

static void reports_bad_indentation_and_goes_on(void **state)
{
	(void)state;
	assert_shape("a\n  b\nc\n", "expr (name a)\nexpr (name b)\nexpr (name c)\nfault 2 indent\n");
	assert_shape("if a:\nb\n", "if (name a)\nexpr (name b)\nfault 2 indent\n");
	assert_shape("if a:\n    b\n  c\nd\n",
	             "if (name a)\n  expr (name b)\nexpr (name c)\nexpr (name d)\nfault 3 indent\n");
	assert_shape("def f():\n", "function f\nfault 1 indent\n");
}

static void skips_what_it_does_not_understand(void **state)
{
	(void)state;
	assert_shape("a b\nc\n", "broken\nexpr (name c)\nfault 1 syntax\n");
	assert_shape("def f(1):\n  a\n  b\nc\n", "broken\nexpr (name c)\nfault 1 syntax\n");
	assert_shape("a; b c; d\ne\n", "expr (name a)\nbroken\nexpr (name e)\nfault 1 syntax\n");
	assert_shape(
	        "x = $\ny = ?\nz = `a`\nw = 1\n",
	        "broken\nbroken\nbroken\nassign (name w) (number 1)\nfault 1 syntax\nfault 2 syntax\nfault 3 syntax\n");
	assert_shape("@a b\ndef f(): pass\n", "broken\nfunction f\n  pass\nfault 1 syntax\n");
	assert_shape("@a\nx\n", "expr (name x)\nfault 2 syntax\n");
	assert_shape("if a: b c\nd", "if (name a)\n  broken\nexpr (name d)\nfault 1 syntax\n");
}

static void recovers_from_brackets_that_stay_open(void **state)
{
	(void)state;
	assert_shape("x = [1, (2\ndef f():\n  pass\n", "broken\nfunction f\n  pass\nfault 1 syntax\nfault 1 syntax\n");
	assert_shape("x = f(\nimport a\n", "broken\nimport [0 \"a\" binds a]\nfault 1 syntax\nfault 1 syntax\n");
	assert_shape("x = (a\n", "broken\nfault 2 syntax\nfault 2 unterminated\n");
	assert_shape("x = a)\ny\n", "broken\nexpr (name y)\nfault 1 syntax\n");
}

static void reports_unterminated_strings(void **state)
{
	(void)state;
	assert_shape("x = 'a\ny\n", "assign (name x) (string \"a\")\nexpr (name y)\nfault 1 unterminated\n");
	assert_shape("x = '''a\ny\n", "assign (name x) (string \"a\\x0ay\\x0a\")\nfault 1 unterminated\n");
	assert_shape("x = '", "assign (name x) (string \"\")\nfault 1 unterminated\n");
	assert_shape("x = 1 \\", "assign (name x) (number 1)\nfault 1 syntax\n");
}

static void stops_at_a_nul(void **state)
{
	(void)state;
	struct reading reading = read_bytes("a\n'b\0c'\nd\n", 10);
	assert_string_equal(shape_of(&reading),
	                    "expr (name a)\nexpr (string \"b\")\nfault 2 unterminated\nfault 2 nul\n");
	arena_free(&reading.arena);
}

static void counts_lines(void **state)
{
	(void)state;
	const struct {
		const char *text;
		uint32_t lines;
	} cases[] = {{"", 0}, {"a", 1}, {"a\n", 1}, {"a\r\nb", 2}, {"a\rb\r", 2}, {"\n\n", 2}, {"'''\n\n'''\n", 3}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading reading = read_text(cases[i].text);
		assert_int_equal(reading.facts.lines, cases[i].lines);
		arena_free(&reading.arena);
	}
}

static void keeps_remarks(void **state)
{
	(void)state;
	struct reading reading = read_text("x = [ # lanewright: needs redis  \n]\n#lanewright:a\n# lanewright\n"
	                                   "'# lanewright: no'\n    #  lanewright: b");
	assert_true(str_ends(dump_of(&reading), STR("remark 1 \"needs redis\"\nremark 3 \"a\"\nremark 6 \"b\"\n")));
	assert_int_equal(reading.facts.remarks.n, 3);
	arena_free(&reading.arena);
}

static void ends_definitions_with_their_last_statement(void **state)
{
	(void)state;
	const struct {
		const char *text;
		uint32_t end_line;
	} cases[] = {
	        {"def f():\n  a\n  # b\n\nc", 2},          {"def f():\n  a(\n)\n", 3}, {"def f():\n  '''\n\n'''", 4},
	        {"def f():\n  a \\\n # b\n", 2},           {"def f(): a; b", 1},       {"def f():\n  a\n  b c\n  d", 4},
	        {"def f():\n  if a:\n    b\n\n\nelse", 3}, {"def f(): \\\n  a", 2},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading reading = read_text(cases[i].text);
		assert_int_equal(reading.facts.defs.at[1].end_line, cases[i].end_line);
		arena_free(&reading.arena);
	}
}

static void links_statements_to_what_is_around_them(void **state)
{
	(void)state;
	struct reading reading = read_text("class C:\n  if a:\n    def f(): pass\n    b\nc\n");
	const struct facts *facts = &reading.facts;
	const struct stmt *stmts = facts->stmts.at;
	/* 1 class, 2 if, 3 def, 4 pass, 5 b, 6 c */
	assert_int_equal(facts->stmts.n, 7);
	assert_int_equal(facts->defs.n, 3);
	assert_int_equal(facts->defs.at[0].body, 1);
	assert_int_equal(stmts[1].next, 6);
	assert_int_equal(stmts[1].body, 2);
	assert_int_equal(stmts[2].body, 3);
	assert_int_equal(stmts[3].next, 5);
	assert_int_equal(stmts[3].parent, 2);
	assert_int_equal(stmts[3].owner, 1);
	assert_int_equal(stmts[4].owner, 2);
	assert_int_equal(stmts[5].owner, 1);
	assert_int_equal(stmts[6].owner, 0);
	assert_int_equal(facts->defs.at[1].kind, DEF_CLASS);
	assert_int_equal(facts->defs.at[1].body, 2);
	assert_int_equal(facts->defs.at[1].end_line, 4);
	assert_int_equal(facts->defs.at[2].parent, 1);
	assert_int_equal(facts->defs.at[2].stmt, 3);
	assert_int_equal(facts->defs.at[2].body, 4);
	assert_int_equal(facts->defs.at[2].end_line, 3);
	arena_free(&reading.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_simple_statements),
	        cmocka_unit_test(reads_assignments),
	        cmocka_unit_test(reads_statements_with_keywords),
	        cmocka_unit_test(reads_imports),
	        cmocka_unit_test(puts_clauses_beside_their_head),
	        cmocka_unit_test(reads_with_items),
	        cmocka_unit_test(reads_match_statements),
	        cmocka_unit_test(leaves_soft_keywords_as_names),
	        cmocka_unit_test(flags_docstrings_and_drops_their_text),
	        cmocka_unit_test(nests_by_indentation),
	        cmocka_unit_test(joins_lines),
	        cmocka_unit_test(reports_bad_indentation_and_goes_on),
	        cmocka_unit_test(skips_what_it_does_not_understand),
	        cmocka_unit_test(recovers_from_brackets_that_stay_open),
	        cmocka_unit_test(reports_unterminated_strings),
	        cmocka_unit_test(stops_at_a_nul),
	        cmocka_unit_test(counts_lines),
	        cmocka_unit_test(keeps_remarks),
	        cmocka_unit_test(ends_definitions_with_their_last_statement),
	        cmocka_unit_test(links_statements_to_what_is_around_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
