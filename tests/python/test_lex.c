/* Tokens and logical lines. */
#include "reading.h"

#include "python/lex.h"

/* The tokens of a text, kinds by name and what is in them: `name:a`.  Lines begin with their level and a bar. */
static const char *tokens_of(struct arena *arena, const char *text, size_t n)
{
	struct lexer *lexer = arena_new(arena, struct lexer);
	struct token token;
	struct buf out;
	buf_init(&out, arena);
	lex_start(lexer, arena, padded(arena, text, n));
	while (lex_more(lexer)) {
		for (size_t i = 0; i < lexer->lines.n; i++) {
			const struct logical_line *line = &lexer->lines.at[i];
			struct token_place place = {lexer->tokens.at + line->first, lexer->ends.at + line->string};
			buf_fmt(&out, "%u|", line->level);
			while (token_next(lexer->text, &place, &token), token.kind != TOKEN_END) {
				buf_char(&out, ' ');
				if (token.kind == TOKEN_NUMBER || token.kind == TOKEN_STRING)
					buf_fmt(&out, "%s:", token_name(token.kind));
				buf_add(&out, (struct str){lexer->text + token.start, token.end - token.start});
			}
			buf_char(&out, '\n');
		}
	}
	for (size_t i = 0; i < lexer->faults.n; i++)
		buf_fmt(&out, "fault %u %u\n", lexer->faults.at[i].line, lexer->faults.at[i].kind);
	return str_c(arena, buf_str(&out));
}

#define assert_tokens(text, expected)                                                                                  \
	do {                                                                                                           \
		struct arena arena_;                                                                                   \
		arena_init(&arena_, NULL);                                                                             \
		assert_string_equal(tokens_of(&arena_, (text), sizeof(text) - 1), (expected));                         \
		arena_free(&arena_);                                                                                   \
	} while (0)

static void splits_operators_by_the_longest_match(void **state)
{
	(void)state;
	assert_tokens("a**=b//=c>>=d<<=e!=f->g:=h...i", "0| a **= b //= c >>= d <<= e != f -> g := h ... i\n");
	assert_tokens("a====b", "0| a == == b\n");
	assert_tokens("....", "0| ... .\n");
	assert_tokens("from .. import", "0| from . . import\n");
	assert_tokens("a@=b|=c&=d^=e%=f+=g-=h*=i/=j", "0| a @= b |= c &= d ^= e %= f += g -= h *= i /= j\n");
	assert_tokens("(a,b)[c]{d};~e<f>g<=h>=i", "0| ( a , b ) [ c ] { d } ; ~ e < f > g <= h >= i\n");
	assert_tokens("x=-1", "0| x = - number:1\n");
	assert_tokens("f(*a,**b)", "0| f ( * a , ** b )\n");
}

static void finds_where_numbers_end(void **state)
{
	(void)state;
	assert_tokens("0xFFor 1if 1_0 1__0", "0| number:0xFF or number:1 if number:1_0 number:1 __0\n");
	assert_tokens("1e5 1e-5 1E+5j 1e 1e- 1.e5", "0| number:1e5 number:1e-5 number:1E+5j number:1 e number:1 e - "
	                                            "number:1.e5\n");
	assert_tokens("1..real 1.real .5.real 1...",
	              "0| number:1. . real number:1. real number:.5 . real number:1. . .\n");
	assert_tokens("0b12 0o18 0x 0_7 0xg",
	              "0| number:0b1 number:2 number:0o1 number:8 number:0 x number:0_7 number:0 xg\n");
	assert_tokens("1_000j 0j 0.1 a1 _1", "0| number:1_000j number:0j number:0.1 a1 _1\n");
	assert_tokens("x[1:2]+3-.4", "0| x [ number:1 : number:2 ] + number:3 - number:.4\n");
}

static void finds_where_strings_end(void **state)
{
	(void)state;
	assert_tokens("'a' \"b'\" 'c\\'' 'd\\\\'", "0| string:'a' string:\"b'\" string:'c\\'' string:'d\\\\'\n");
	assert_tokens("'''a'b''c\\'''' ''", "0| string:'''a'b''c\\'''' string:''\n");
	assert_tokens("r'\\' rb' 'a'", "0| string:r'\\' rb' string:'a'\n"); /* a backslash protects, raw or not */
}

static void takes_prefixes_only_when_they_are_some(void **state)
{
	(void)state;
	assert_tokens("r'a' bR\"a\" Rb'' f'' tR'' U''",
	              "0| string:r'a' string:bR\"a\" string:Rb'' string:f'' string:tR'' string:U''\n");
	assert_tokens("x'' br2'' ur'' bf'' rr'' ru''",
	              "0| x string:'' br2 string:'' ur string:'' bf string:'' rr string:'' ru string:''\n");
	assert_tokens("r 'a'", "0| r string:'a'\n");
	assert_tokens("('r'r'b')", "0| ( string:'r' string:r'b' )\n");
	assert_tokens("1r'b' .r'b'", "0| number:1 string:r'b' . string:r'b'\n");
}

static void takes_an_fstring_as_one_token(void **state)
{
	(void)state;
	assert_tokens("f'{a['b']}' c", "0| string:f'{a['b']}' c\n");
	assert_tokens("f'{f'{f'{1}'}'}' c", "0| string:f'{f'{f'{1}'}'}' c\n");
	assert_tokens("f'{{' f'}}' f'{a:{b}}' f'{a!r:^{c}}'",
	              "0| string:f'{{' string:f'}}' string:f'{a:{b}}' string:f'{a!r:^{c}}'\n");
	assert_tokens("f'{a # '\n}' b", "0| string:f'{a # '\n}' b\n");
	assert_tokens("f'{x:{{}}}' b", "0| string:f'{x:{{}}}' b\n");
	assert_tokens("f'\\N{DASH}{a}' f'\\{a}' rf'\\{a}' b",
	              "0| string:f'\\N{DASH}{a}' string:f'\\{a}' string:rf'\\{a}' b\n");
	assert_tokens("f'''{\na:\n{b}'''c'''}''' d", "0| string:f'''{\na:\n{b}''' c string:'''}''' d\nfault 1 0\n");
	assert_tokens("f'''{'''a'''}''' b", "0| string:f'''{'''a'''}''' b\n");
	assert_tokens("f'{a:>{'b'}}' c", "0| string:f'{a:>{'b'}}' c\n");
	assert_tokens("f'{lambda x: 1}' b", "0| string:f'{lambda x: 1}' b\n");
	assert_tokens("f'{a:\n}' b", "0| string:f'{a:\n}' b\n");
	assert_tokens("f'{a if {b: c}[d] else (e, \"}\")}' g", "0| string:f'{a if {b: c}[d] else (e, \"}\")}' g\n");
}

static void reads_a_broken_fstring_as_a_plain_one(void **state)
{
	(void)state;
	assert_tokens("f'{a' b", "0| string:f'{a' b\nfault 1 0\n");
	assert_tokens("f'a}' b", "0| string:f'a}' b\nfault 1 0\n");
	assert_tokens("f'{a)}' b", "0| string:f'{a)}' b\nfault 1 0\n");
	assert_tokens("f'{a\nb", "0| string:f'{a\n0| b\nfault 1 2\n");
}

static void measures_indentation(void **state)
{
	(void)state;
	assert_tokens("a\n b\n\tc\n        d\n b\na", "0| a\n1| b\n2| c\n2| d\n1| b\n0| a\n");
	assert_tokens("a\n  \fb\n", "0| a\n0| b\n");
	assert_tokens("a\n  \\\n      b\n  c\n", "0| a\n1| b\n1| c\n");
	assert_tokens("a\n\\\n  b\n", "0| a\n1| b\n");
	assert_tokens("  # a\n\n \t\nb\n   # c", "0| b\n");
	assert_tokens("a\n    b\n  c\n    d\n", "0| a\n1| b\n0| c\n1| d\nfault 3 1\n");
}

static void joins_lines_in_brackets_and_behind_backslashes(void **state)
{
	(void)state;
	assert_tokens("a(\n  b,\n# c\n\n)\nd", "0| a ( b , )\n0| d\n");
	assert_tokens("a\\\nb\\\r\nc\\\rd", "0| a b c d\n");
	assert_tokens("a \\ b\nc", "0| a b\n0| c\nfault 1 0\n");
	assert_tokens("a)]\nb", "0| a ) ]\n0| b\n");
}

static void ends_lines_at_all_line_ends(void **state)
{
	(void)state;
	assert_tokens("a\nb\r\nc\rd", "0| a\n0| b\n0| c\n0| d\n");
	assert_tokens("# a\rb # c\r\nd", "0| b\n0| d\n");
	assert_tokens("'a\rb", "0| string:'a\n0| b\nfault 1 2\n");
}

static void skips_the_mark_and_stops_at_a_nul(void **state)
{
	(void)state;
	assert_tokens("\xef\xbb\xbf"
	              "a",
	              "0| a\n");
	assert_tokens("a\0b", "0| a\n");
	assert_tokens("a # \0b\nc", "0| a\n");
	assert_tokens("'a\0'", "0| string:'a\nfault 1 2\n");
	assert_tokens("", "");
	assert_tokens("\0", "");
}

static void takes_bytes_beyond_ascii_for_letters(void **state)
{
	(void)state;
	assert_tokens("größe = 'ü' # ß\n名前.x", "0| größe = string:'ü'\n0| 名前 . x\n");
	assert_tokens("\xff\xfe\x80", "0| \xff\xfe\x80\n");
}

static void knows_every_keyword_and_operator(void **state)
{
	(void)state;
	const struct {
		const char *text;
		enum token_kind kind;
	} words[] =
	        {
#define X(id, text) {text, TOKEN_##id},
	                PYTHON_KEYWORDS(X)
#undef X
	        },
	  operators[] = {
#define X(id, text) {text, TOKEN_##id},
	          PYTHON_OPERATORS(X)
#undef X
	  };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char text[32] = {0};
		size_t n = strlen(words[i].text);
		memcpy(text, words[i].text, n);
		assert_int_equal(token_name_kind(text, 0, n), words[i].kind);
		text[n] = '_';
		assert_int_equal(token_name_kind(text, 0, n + 1), TOKEN_NAME);
		text[0] ^= 0x20; /* the other case */
		assert_int_equal(token_name_kind(text, 0, n), TOKEN_NAME);
	}
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		char text[32] = {0};
		size_t n;
		memcpy(text, operators[i].text, strlen(operators[i].text));
		assert_int_equal(token_operator(text, 0, &n), operators[i].kind);
		assert_int_equal(n, strlen(text));
	}
}

/* `end` stands behind a line of more tokens than are kept. */
static void assert_cut(struct str end)
{
	enum { MORE = LEX_LONGEST + LEX_LONGEST / 8 };
	struct arena arena;
	arena_init(&arena, NULL);
	struct lexer *lexer = arena_new(&arena, struct lexer);
	char *text = arena_alloc(&arena, MORE + end.n + FILE_PADDING);
	memset(text, ';', MORE);
	memcpy(text + MORE, end.at, end.n);
	lex_start(lexer, &arena, (struct str){text, MORE + end.n});
	assert_true(lex_more(lexer));
	assert_int_equal(lexer->faults.n, 1);
	assert_int_equal(lexer->faults.at[0].kind, FAULT_SIZE);
	assert_int_equal(lexer->lines.n, 1);
	assert_int_equal(lexer->tokens.n, LEX_LONGEST + 1);
	assert_int_equal(lexer->tokens.at[LEX_LONGEST], MORE); /* where its END is */
	arena_free(&arena);
}

static void ends_a_line_that_was_cut(void **state)
{
	(void)state;
	assert_cut(STR(""));
	assert_cut(STR("\n"));
	assert_cut(STR("\nx\n"));
}

static void reads_in_batches_of_whole_lines(void **state)
{
	(void)state;
	struct arena arena;
	struct buf text;
	arena_init(&arena, NULL);
	buf_init(&text, &arena);
	for (int i = 0; i < 20000; i++)
		buf_fmt(&text, "if a%d:\n  b = (\n\n %d)\n", i, i);
	struct lexer *lexer = arena_new(&arena, struct lexer);
	size_t batches = 0, lines = 0;
	struct token token;
	lex_start(lexer, &arena, padded(&arena, text.at, text.n));
	for (; lex_more(lexer); batches++) {
		for (size_t i = 0; i < lexer->lines.n; i++, lines++) {
			struct token_place place = {lexer->tokens.at + lexer->lines.at[i].first, NULL};
			token_next(lexer->text, &place, &token);
			assert_int_equal(token.kind, lines % 2 ? TOKEN_NAME : TOKEN_IF);
			assert_int_equal(lexer->lines.at[i].level, lines % 2);
		}
		assert_true(lexer->tokens.n < 20000);
	}
	assert_int_equal(lines, 40000);
	assert_true(batches > 10);
	assert_int_equal(lexer->line, 80001);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(splits_operators_by_the_longest_match),
	        cmocka_unit_test(finds_where_numbers_end),
	        cmocka_unit_test(finds_where_strings_end),
	        cmocka_unit_test(takes_prefixes_only_when_they_are_some),
	        cmocka_unit_test(takes_an_fstring_as_one_token),
	        cmocka_unit_test(reads_a_broken_fstring_as_a_plain_one),
	        cmocka_unit_test(measures_indentation),
	        cmocka_unit_test(joins_lines_in_brackets_and_behind_backslashes),
	        cmocka_unit_test(ends_lines_at_all_line_ends),
	        cmocka_unit_test(skips_the_mark_and_stops_at_a_nul),
	        cmocka_unit_test(takes_bytes_beyond_ascii_for_letters),
	        cmocka_unit_test(knows_every_keyword_and_operator),
	        cmocka_unit_test(ends_a_line_that_was_cut),
	        cmocka_unit_test(reads_in_batches_of_whole_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
