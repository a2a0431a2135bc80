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
	uint64_t word, digit, stop;
	uint64_t other; /* none of those, and no space: operators, brackets, what is no Python */
	uint64_t open, close, dot;
	uint64_t second; /* = * / < > . */
};

/* From classes to token starts; common to both. */
static inline void derive(struct block *block, const struct classes *is, const char *text, size_t at, bool goes_on)
{
	uint64_t carry_word = goes_on && block->word_carry, carry_operator = goes_on && block->operator_carry;
	uint64_t carry_digit = goes_on && block->digit_carry, sum;
	uint64_t words = is->word & ~(is->word << 1 | carry_word);
	/* A run of digits that begins a word: adding its first bit to it carries over to the byte behind it. */
	uint64_t digits = words & is->digit;
	bool overflows = __builtin_add_overflow(is->digit, digits, &sum);
	overflows |= __builtin_add_overflow(sum, carry_digit, &sum);
	uint64_t behind = sum & ~is->digit;
	uint64_t first = is->other & ~(is->open | is->close); /* may begin a longer operator */
	block->word = is->word;
	block->starts = words | is->other;
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

/* ---- portable: a table gives each byte its classes, one bit in a byte each; shifted into each other, eight rows make the
 * eight masks of eight bytes, and eight of those are turned by a quarter ---- */

enum { WORD, DIGIT, STOP, SPACE, OPEN, CLOSE, DOT, SECOND, N_LANES };

#define LANE(k) (UINT64_C(1) << 8 * (k))

/* clang-format off */
#define N LANE(STOP)
#define S LANE(SPACE)
#define W LANE(WORD)
#define D (LANE(WORD) | LANE(DIGIT))
#define O LANE(OPEN)
#define C LANE(CLOSE)
#define P (LANE(DOT) | LANE(SECOND))
#define X LANE(SECOND)
#define HIGH W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W

static const uint64_t lanes_of[256] = {
	N, 0, 0, 0, 0, 0, 0, 0, 0, S, N, 0, S, N, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	S, 0, N, N, 0, 0, 0, N, O, C, X, 0, 0, 0, P, X, /*   ! " # $ % & ' ( ) * + , - . / */
	D, D, D, D, D, D, D, D, D, D, 0, 0, X, X, X, 0, /* 0-9 : ; < = > ? */
	0, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, O, N, C, 0, W, /* P-Z [ \ ] ^ _ */
	0, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, O, 0, C, 0, 0, /* p-z { | } ~ */
	HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH,
};
/* clang-format on */

/* Byte k of the result is the mask of class k. */
static inline uint64_t classify_eight(const unsigned char *text)
{
	uint64_t lanes = 0;
	for (unsigned i = 0; i < 8; i++)
		lanes |= lanes_of[text[i]] << i;
	return lanes;
}

static inline void swap(uint64_t *low, uint64_t *high, unsigned shift, uint64_t mask)
{
	uint64_t change = (*low >> shift ^ *high) & mask;
	*high ^= change;
	*low ^= change << shift;
}

/* Byte k of row i becomes byte i of row k. */
static inline void turn(uint64_t rows[8])
{
	for (unsigned i = 0; i < 4; i++)
		swap(&rows[i], &rows[i + 4], 32, UINT64_C(0x00000000ffffffff));
	for (unsigned i = 0; i < 8; i += i % 4 == 1 ? 3 : 1)
		swap(&rows[i], &rows[i + 2], 16, UINT64_C(0x0000ffff0000ffff));
	for (unsigned i = 0; i < 8; i += 2)
		swap(&rows[i], &rows[i + 1], 8, UINT64_C(0x00ff00ff00ff00ff));
}

void block_load_portable(struct block *block, const char *text, size_t at, bool goes_on)
{
	uint64_t rows[N_LANES];
	for (unsigned i = 0; i < 8; i++)
		rows[i] = classify_eight((const unsigned char *)text + at + 8 * i);
	turn(rows);
	struct classes is = {
	        .word = rows[WORD],
	        .digit = rows[DIGIT],
	        .stop = rows[STOP],
	        .other = ~(rows[WORD] | rows[SPACE] | rows[STOP]),
	        .open = rows[OPEN],
	        .close = rows[CLOSE],
	        .dot = rows[DOT],
	        .second = rows[SECOND],
	};
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
	const __m256i rows_two = ROWS(0, 0, (char)(T_OPEN_2 | T_CLOSE_2 | T_DOT | T_SECOND_2), T_SECOND_3, 0,
	                              T_OPEN_57 | T_CLOSE_57, 0, T_OPEN_57 | T_CLOSE_57);
	const __m256i columns_two =
	        COLUMNS(0, 0, 0, 0, 0, 0, 0, 0, T_OPEN_2, T_CLOSE_2, T_SECOND_2, T_OPEN_57, T_SECOND_3,
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
	uint64_t any = at_least(a.one, b.one, T_STOP_2);
	uint64_t second = at_least(a.two, b.two, T_SECOND_2), close = at_least(a.two, b.two, T_CLOSE_2);
	uint64_t open = at_least(a.two, b.two, T_OPEN_2);
	struct classes is = {
	        .word = words | letters,
	        .digit = top_bits(a.one, b.one),
	        .stop = any & ~spaces,
	        .other = ~(any | letters),
	        .open = open & ~close,
	        .close = close & ~second,
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
