/* Which services a text names. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "resolve/words.h"

enum { ES = 1, PG = 2, REDIS = 4 };

static service_set found(const char *text)
{
	struct arena memory, *arena = &memory;
	arena_init(arena, NULL);
	struct catalogue catalogue = {0};
	struct service es = {.name = STR("elasticsearch")}, pg = {.name = STR("postgres")},
	               redis = {.name = STR("redis")};
	vec_push(arena, &es.words, STR("es"));
	vec_push(arena, &pg.schemes, STR("postgresql"));
	vec_push(arena, &redis.schemes, STR("rediss"));
	vec_push(arena, &catalogue.services, es);
	vec_push(arena, &catalogue.services, pg);
	vec_push(arena, &catalogue.services, redis);
	struct words words;
	words_init(&words, arena, &catalogue);
	service_set set = words_find(&words, str_of(text));
	arena_free(arena);
	return set;
}

static void it_finds_words_in_any_case_and_spelling(void **state)
{
	(void)state;
	assert_int_equal(found("ES_URL"), ES);
	assert_int_equal(found("myEsClient"), ES);
	assert_int_equal(found("es7"), ES);
	assert_int_equal(found("an Elasticsearch and a REDIS"), ES | REDIS);
}

static void it_finds_no_word_inside_another(void **state)
{
	(void)state;
	assert_int_equal(found("tests"), 0);
	assert_int_equal(found("essential guesses"), 0);
	assert_int_equal(found("7es"), 0);
	assert_int_equal(found("redisx"), 0);
	assert_int_equal(found(""), 0);
}

static void it_finds_schemes_before_an_address_only(void **state)
{
	(void)state;
	assert_int_equal(found("x postgresql://localhost"), PG);
	assert_int_equal(found("postgresql and more"), 0);
	assert_int_equal(found("http://a rediss://b"), REDIS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_finds_words_in_any_case_and_spelling),
	        cmocka_unit_test(it_finds_no_word_inside_another),
	        cmocka_unit_test(it_finds_schemes_before_an_address_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
