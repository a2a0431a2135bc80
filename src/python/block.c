/* Two ways to classify bytes, portable C and AVX2, that end in the same masks. */
#include "python/block.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_WIDE 1
#include <immintrin.h>
#else
#define HAS_WIDE 0
#endif

/* What the classifiers find. */
struct classes {
	uint64_t word, digit, stop, space;
	uint64_t open, close, comma, dot;
	uint64_t second; /* = * / < > . */
};

/* From classes to token starts; common to both. */
static inline void derive(struct block *block, const struct classes *is, const char *text, size_t at, bool goes_on)
{
	uint64_t carry_word = goes_on && block->word_carry, carry_operator = goes_on && block->operator_carry;
	uint64_t carry_digit = goes_on && block->digit_carry, sum;
	uint64_t other = ~(is->word | is->space | is->stop);
	uint64_t words = is->word & ~(is->word << 1 | carry_word);
	/* A run of digits that begins a word: adding its first bit to it carries over to the byte behind it. */
	uint64_t digits = words & is->digit;
	bool overflows = __builtin_add_overflow(is->digit, digits, &sum);
	overflows |= __builtin_add_overflow(sum, carry_digit, &sum);
	uint64_t behind = sum & ~is->digit;
	uint64_t first = other & ~(is->open | is->close | is->comma); /* may begin a longer operator */
	block->word = is->word;
	block->starts = words | other;
	block->pairs = is->second & (first << 1 | carry_operator);
	block->stops = is->stop;
	uint64_t before_digit = is->digit >> 1;
	if (is->dot >> 63 && text[at + BLOCK_SIZE] >= '0' && text[at + BLOCK_SIZE] <= '9')
		before_digit |= UINT64_C(1) << 63;
	block->events = is->stop | (behind & (is->word | is->dot)) | (is->dot & before_digit);
	block->open = is->open;
	block->close = is->close;
	block->word_carry = is->word >> 63;
	block->digit_carry = overflows;
	block->operator_carry = first >> 63;
}

/* ---- portable: a table gives each byte its classes as bits; bits of eight bytes are gathered at a time ---- */

enum {
	IS_WORD = 1,
	IS_DIGIT = 2,
	IS_STOP = 4,
	IS_SPACE = 8,
	IS_OPEN = 16,
	IS_CLOSE = 32,
	IS_COMMA = 64,
	IS_DOT = 128,
	IS_SECOND = 256,
};

/* clang-format off */
enum {
	N = IS_STOP, S = IS_SPACE, W = IS_WORD, D = IS_WORD | IS_DIGIT,
 O = IS_OPEN, C = IS_CLOSE, K = IS_COMMA, P = IS_DOT | IS_SECOND, X = IS_SECOND,
};
#define HIGH W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W

static const uint16_t bits_of[256] = {
	N, 0, 0, 0, 0, 0, 0, 0, 0, S, N, 0, S, N, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	S, 0, N, N, 0, 0, 0, N, O, C, X, 0, K, 0, P, X, /*   ! " # $ % & ' ( ) * + , - . / */
	D, D, D, D, D, D, D, D, D, D, 0, 0, X, X, X, 0, /* 0-9 : ; < = > ? */
	0, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, O, N, C, 0, W, /* P-Z [ \ ] ^ _ */
	0, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, O, 0, C, 0, 0, /* p-z { | } ~ */
	HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH,
};
/* clang-format on */

/* Bit 0 of each of eight bytes, the first one lowest. */
static inline uint64_t gather(uint64_t bytes)
{
	return (bytes & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56;
}

static inline void classify_eight(struct classes *is, const unsigned char *text, unsigned shift)
{
	uint64_t low = 0, second = 0;
	for (unsigned i = 0; i < 8; i++) {
		uint64_t bits = bits_of[text[i]];
		low |= (bits & 0xff) << 8 * i;
		second |= (bits >> 8) << i;
	}
	is->word |= gather(low) << shift;
	is->digit |= gather(low >> 1) << shift;
	is->stop |= gather(low >> 2) << shift;
	is->space |= gather(low >> 3) << shift;
	is->open |= gather(low >> 4) << shift;
	is->close |= gather(low >> 5) << shift;
	is->comma |= gather(low >> 6) << shift;
	is->dot |= gather(low >> 7) << shift;
	is->second |= second << shift;
}

void block_load_portable(struct block *block, const char *text, size_t at, bool goes_on)
{
	struct classes is = {0};
	for (unsigned i = 0; i < BLOCK_SIZE; i += 8)
		classify_eight(&is, (const unsigned char *)text + at + i, i);
	derive(block, &is, text, at, goes_on);
}

/* ---- AVX2: two lookups by half bytes; a bit that both halves have is a class ---- */

#if HAS_WIDE

#define TARGET __attribute__((target("avx2,bmi,popcnt")))

/* The bits of the first pair of tables; rows are the upper half of a byte, columns the lower.  A byte has one of them at
 * most, so that a comparison tells sets of them: stops are below spaces, spaces below words. */
enum {
	T_STOP_2 = 1,    /* row 2: " # ' */
	T_STOP_0 = 2,    /* row 0: NUL \n \r */
	T_STOP_5 = 4,    /* row 5: \ */
	T_BLANK = 8,     /* row 2, column 0 */
	T_TAB = 16,      /* row 0: \t \f */
	T_LETTER_A = 32, /* rows 4 and 6, columns 1-15 */
	T_LETTER_P = 64, /* rows 5 and 7, columns 0-10 */
	T_DIGIT = 128,   /* row 3, columns 0-9 */
};
/* Of the second pair, in the same way. */
enum {
	T_COMMA = 1,
	T_OPEN_2 = 2,    /* ( */
	T_OPEN_57 = 4,   /* [ { */
	T_CLOSE_2 = 8,   /* ) */
	T_CLOSE_57 = 16, /* ] } */
	T_SECOND_2 = 32, /* * / */
	T_SECOND_3 = 64, /* < = > */
	T_DOT = 128,
};

/* clang-format off */
#define ROWS(...)    _mm256_setr_epi8(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0)
#define COLUMNS(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
#define ALL          (char)(T_DIGIT | T_LETTER_A | T_LETTER_P)
/* clang-format on */

struct looked_up { /* 32 bytes */
	__m256i bytes, one, two;
};

TARGET static inline struct looked_up look_up(const char *text)
{
	const __m256i rows_one = ROWS(T_STOP_0 | T_TAB, 0, T_STOP_2 | T_BLANK, (char)T_DIGIT, T_LETTER_A,
	                              T_LETTER_P | T_STOP_5, T_LETTER_A, T_LETTER_P);
	const __m256i columns_one =
	        COLUMNS((char)(T_DIGIT | T_LETTER_P | T_BLANK | T_STOP_0), ALL, ALL | T_STOP_2, ALL | T_STOP_2, ALL,
	                ALL, ALL, ALL | T_STOP_2, ALL, ALL | T_TAB, T_LETTER_A | T_LETTER_P | T_STOP_0, T_LETTER_A,
	                T_LETTER_A | T_TAB | T_STOP_5, T_LETTER_A | T_STOP_0, T_LETTER_A, T_LETTER_A);
	const __m256i rows_two = ROWS(0, 0, (char)(T_OPEN_2 | T_CLOSE_2 | T_COMMA | T_DOT | T_SECOND_2), T_SECOND_3, 0,
	                              T_OPEN_57 | T_CLOSE_57, 0, T_OPEN_57 | T_CLOSE_57);
	const __m256i columns_two =
	        COLUMNS(0, 0, 0, 0, 0, 0, 0, 0, T_OPEN_2, T_CLOSE_2, T_SECOND_2, T_OPEN_57, T_COMMA | T_SECOND_3,
	                T_CLOSE_57 | T_SECOND_3, (char)(T_DOT | T_SECOND_3), T_SECOND_2);
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)text);
	__m256i rows = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
	/* A byte beyond ASCII looks up 0 as a column, so it has no class. */
	__m256i one = _mm256_and_si256(_mm256_shuffle_epi8(columns_one, bytes), _mm256_shuffle_epi8(rows_one, rows));
	__m256i two = _mm256_and_si256(_mm256_shuffle_epi8(columns_two, bytes), _mm256_shuffle_epi8(rows_two, rows));
	return (struct looked_up){bytes, one, two};
}

TARGET static inline uint64_t top_bits(__m256i low, __m256i high)
{
	return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

/* Which bytes are `bit`, a power of two, or larger. */
TARGET static inline uint64_t at_least(__m256i low, __m256i high, int bit)
{
	__m256i rest = _mm256_set1_epi8((char)(128 - bit));
	return top_bits(_mm256_adds_epu8(low, rest), _mm256_adds_epu8(high, rest));
}

/* `_`, and all bytes beyond ASCII. */
TARGET static inline __m256i other_letters(__m256i bytes)
{
	return _mm256_or_si256(bytes, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('_')));
}

TARGET void block_load_wide(struct block *block, const char *text, size_t at, bool goes_on)
{
	struct looked_up a = look_up(text + at), b = look_up(text + at + 32);
	uint64_t letters = top_bits(other_letters(a.bytes), other_letters(b.bytes));
	uint64_t words = at_least(a.one, b.one, T_LETTER_A), spaces = at_least(a.one, b.one, T_BLANK);
	uint64_t stops = at_least(a.one, b.one, T_STOP_2);
	uint64_t second = at_least(a.two, b.two, T_SECOND_2), close = at_least(a.two, b.two, T_CLOSE_2);
	uint64_t open = at_least(a.two, b.two, T_OPEN_2), comma = at_least(a.two, b.two, T_COMMA);
	struct classes is = {
	        .word = words | letters,
	        .digit = top_bits(a.one, b.one),
	        .stop = stops & ~spaces,
	        .space = spaces & ~words,
	        .open = open & ~close,
	        .close = close & ~second,
	        .comma = comma & ~open,
	        .dot = top_bits(a.two, b.two),
	        .second = second,
	};
	derive(block, &is, text, at, goes_on);
}

bool block_can_be_wide(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
}

#else

void block_load_wide(struct block *block, const char *text, size_t at, bool goes_on)
{
	block_load_portable(block, text, at, goes_on);
}

bool block_can_be_wide(void)
{
	return false;
}

#endif
