/* Facts as bytes and back. */
#include <stdlib.h>

#include "reading.h"

#include "base/hash.h"
#include "python/pack.h"

static const char everything[] = "'''Doc.'''\n"
                                 "import a.b as c, d\n"
                                 "from ..e import (f, g as h)\n"
                                 "from . import *\n"
                                 "@i.j(k, *l, m=1, **n)\n"
                                 "@o\n"
                                 "async def p(q, /, r: s = 2, *t, u=3, **v) -> w:\n"
                                 "    'doc'\n"
                                 "    x = y = f'a{b!r:>{c}}d' if e else lambda f=1: (yield)\n"
                                 "    async with a as b, c: return [i for i in j if k]\n"
                                 "    # lanewright: needs redis\n"
                                 "class A(B, metaclass=C):\n"
                                 "    def m(self): pass\n"
                                 "try: x += -1; y: int = ...\n"
                                 "except* A as e: del a, b\n"
                                 "else: global c\n"
                                 "finally: assert a, b'\\xff'\n"
                                 "match a:\n"
                                 "    case [1, *b] | {'a': None, **c} if d: raise E from f\n"
                                 "x = {1, *a}, {**b, 'c': d[e:f, g]}, not a or b and c < d not in e\n"
                                 "broken broken\n"
                                 "  y\n"
                                 "z = 'unterminated\n";

static struct str pack(struct arena *arena, struct reading *reading)
{
	struct buf bytes;
	buf_init(&bytes, arena);
	facts_pack(&bytes, &reading->names, &reading->facts);
	return buf_str(&bytes);
}

static void gives_back_the_same_facts(void **state)
{
	(void)state;
	struct reading reading = read_text(everything);
	struct str bytes = pack(&reading.arena, &reading);
	struct intern others;
	struct facts again;
	struct err err = {0};
	struct buf dump;
	buf_init(&dump, &reading.arena);
	intern_init(&others, &reading.arena);
	intern(&others, STR("something that was there before"));
	assert_true(facts_unpack(&reading.arena, &others, bytes, &again, &err));
	facts_dump(&dump, &others, &again);
	struct str expected = dump_of(&reading);
	assert_string_equal(str_c(&reading.arena, buf_str(&dump)), str_c(&reading.arena, expected));
	assert_int_equal(again.exprs.n, reading.facts.exprs.n);
	for (size_t i = 1; i < again.stmts.n; i++)
		assert_memory_equal(&again.stmts.at[i].owner, &reading.facts.stmts.at[i].owner, sizeof(uint32_t));
	for (size_t i = 0; i < again.defs.n; i++) {
		assert_int_equal(again.defs.at[i].stmt, reading.facts.defs.at[i].stmt);
		assert_int_equal(again.defs.at[i].parent, reading.facts.defs.at[i].parent);
		assert_int_equal(again.defs.at[i].body, reading.facts.defs.at[i].body);
		assert_int_equal(again.defs.at[i].end_line, reading.facts.defs.at[i].end_line);
	}
	for (size_t i = 0; i < again.imports.n; i++)
		assert_int_equal(again.imports.at[i].stmt, reading.facts.imports.at[i].stmt);
	arena_free(&reading.arena);
}

static void packs_the_same_facts_to_the_same_bytes(void **state)
{
	(void)state;
	struct reading one = read_text(everything), other = read_text(everything);
	assert_true(str_eq(pack(&one.arena, &one), pack(&other.arena, &other)));
	/* Also when the names have other numbers. */
	struct reading third;
	struct arena tmp;
	memset(&third, 0, sizeof third);
	arena_init(&third.arena, NULL);
	arena_init(&tmp, NULL);
	intern_init(&third.names, &third.arena);
	intern(&third.names, STR("z"));
	intern(&third.names, STR("a"));
	outline_read(&third.arena, &tmp, &third.names, padded(&tmp, everything, sizeof everything - 1), &third.facts);
	assert_true(str_eq(pack(&one.arena, &one), pack(&third.arena, &third)));
	arena_free(&tmp);
	arena_free(&one.arena);
	arena_free(&other.arena);
	arena_free(&third.arena);
}

static void packs_nothing_at_all(void **state)
{
	(void)state;
	struct arena arena;
	struct intern names;
	struct facts facts = {0};
	struct buf bytes;
	struct err err = {0};
	arena_init(&arena, NULL);
	intern_init(&names, &arena);
	buf_init(&bytes, &arena);
	facts_pack(&bytes, &names, &facts);
	assert_true(facts_unpack(&arena, &names, buf_str(&bytes), &facts, &err));
	assert_int_equal(facts.stmts.n, 1);
	assert_int_equal(facts.defs.n, 1);
	arena_free(&arena);
}

static bool unpacks(struct arena *arena, struct str bytes)
{
	struct intern names;
	struct facts facts;
	struct err err = {0};
	intern_init(&names, arena);
	bool ok = facts_unpack(arena, &names, bytes, &facts, &err);
	assert_true(ok == (err.text[0] == '\0'));
	return ok;
}

static void refuses_damaged_bytes(void **state)
{
	(void)state;
	struct reading reading = read_text(everything);
	struct str bytes = pack(&reading.arena, &reading);
	struct arena arena;
	for (size_t i = 0; i < bytes.n; i++) {
		char *copy = malloc(bytes.n); /* of exactly that size */
		arena_init(&arena, NULL);
		memcpy(copy, bytes.at, bytes.n);
		copy[i] ^= 0x10;
		assert_false(unpacks(&arena, (struct str){copy, bytes.n}));
		assert_false(unpacks(&arena, (struct str){bytes.at, i}));
		arena_free(&arena);
		free(copy);
	}
	arena_free(&reading.arena);
}

/* Damage that the checksum does not show must not lead out of the arrays (the fuzz target looks closer). */
static void survives_damage_with_a_right_checksum(void **state)
{
	(void)state;
	struct reading reading = read_text(everything);
	struct str bytes = pack(&reading.arena, &reading);
	for (size_t i = 4; i + 8 < bytes.n; i++) {
		for (unsigned flip = 1; flip < 256; flip <<= 1) {
			struct arena arena;
			char *copy = malloc(bytes.n);
			arena_init(&arena, NULL);
			memcpy(copy, bytes.at, bytes.n);
			copy[i] ^= (char)flip;
			uint64_t hash = hash64((struct str){copy, bytes.n - 8});
			for (int k = 0; k < 8; k++)
				copy[bytes.n - 8 + k] = (char)(hash >> 8 * k);
			unpacks(&arena, (struct str){copy, bytes.n});
			arena_free(&arena);
			free(copy);
		}
	}
	arena_free(&reading.arena);
}

static void says_why_it_refuses(void **state)
{
	(void)state;
	struct reading reading = read_text("a\n");
	struct str bytes = pack(&reading.arena, &reading);
	struct intern names;
	struct facts facts;
	struct err err = {0};
	intern_init(&names, &reading.arena);
	assert_false(facts_unpack(&reading.arena, &names, STR("SQLite format 3"), &facts, &err));
	assert_string_equal(err.text, "these are no packed facts");
	char *copy = (char *)str_copy(&reading.arena, bytes).at;
	copy[3]++;
	err = (struct err){0};
	assert_false(facts_unpack(&reading.arena, &names, (struct str){copy, bytes.n}, &facts, &err));
	assert_non_null(strstr(err.text, "version"));
	copy[3]--;
	copy[5]++;
	err = (struct err){0};
	assert_false(facts_unpack(&reading.arena, &names, (struct str){copy, bytes.n}, &facts, &err));
	assert_non_null(strstr(err.text, "damaged"));
	arena_free(&reading.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(gives_back_the_same_facts),
	        cmocka_unit_test(packs_the_same_facts_to_the_same_bytes),
	        cmocka_unit_test(packs_nothing_at_all),
	        cmocka_unit_test(refuses_damaged_bytes),
	        cmocka_unit_test(survives_damage_with_a_right_checksum),
	        cmocka_unit_test(says_why_it_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
