/* Sixty-four bytes at a time: bit masks that tell which bytes are what, and from them where tokens begin.  Bit k stands
 * for byte k of the block.  The masks are right for code; what of them lies in strings and comments is for the lexer to
 * leave out.
 *
 * There are two ways to classify bytes, portable C and AVX2, that end in the same masks.  They stand in a header to be
 * inlined into the lexer's loop, where their constants stay in registers. */
#ifndef PYTHON_BLOCK_H
#define PYTHON_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define BLOCK_HAS_WIDE 1
#include <immintrin.h>
#else
#define BLOCK_HAS_WIDE 0
#endif

enum { BLOCK_SIZE = 64 };

struct block {
	size_t at;       /* of bit 0; a multiple of BLOCK_SIZE */
	uint64_t word;   /* may be part of a name or number */
	uint64_t starts; /* a token begins here, but for what `pairs` and `events` say */
	uint64_t pairs;  /* may be the second byte of an operator: == ** -> ... */
	uint64_t stops;  /* quotes, #, line ends, backslashes, NUL */
	uint64_t events; /* stops; where digits are followed by more of a number; a dot before a digit */
	uint64_t open, close;
};

/* The bit of the byte at `at`, which is in the block. */
static inline uint64_t block_bit(size_t at)
{
	return UINT64_C(1) << (at % BLOCK_SIZE);
}

static inline bool block_holds(const struct block *block, size_t at)
{
	return at - block->at < BLOCK_SIZE;
}

/* The bits from that of `at` on, none when it lies behind the block. */
static inline uint64_t block_bits_from(const struct block *block, size_t at)
{
	return block_holds(block, at) ? ~UINT64_C(0) << (at % BLOCK_SIZE) : 0;
}

/* The bytes of `span` are no code. */
static inline void block_leave_out(struct block *block, uint64_t span)
{
	block->starts &= ~span;
	block->pairs &= ~span;
	block->open &= ~span;
	block->close &= ~span;
}

/* Nor are those behind `at`, which is in the block, and before `to`. */
static inline void block_leave_out_behind(struct block *block, size_t at, size_t to)
{
	block_leave_out(block, -(block_bit(at) << 1) & ~block_bits_from(block, to));
}

/* What a block must know of the one before it when code runs on into it: 1 when a name or number, the digits that begin
 * one, an operator may go on. */
struct block_carry {
	uint64_t word, digit, operator;
};

/* What the classifiers find. */
struct block_classes {
	uint64_t word, digit, stop;
	uint64_t other; /* none of those, and no space: operators, brackets, what is no Python */
	uint64_t open, close, dot;
};

/* From classes to token starts; common to both. */
static inline struct block block_of(const struct block_classes *is, const char *text, size_t at,
                                    struct block_carry *carry)
{
	uint64_t words = is->word & ~(is->word << 1 | carry->word), sum;
	/* A run of digits that begins a word: adding its first bit to it carries over to the byte behind it. */
	bool overflows = __builtin_add_overflow(is->digit, (words & is->digit) | carry->digit, &sum);
	uint64_t behind = sum & ~is->digit & (is->word | is->dot), before_digit = is->digit >> 1;
	uint64_t first = is->other & ~(is->open | is->close); /* may begin a longer operator */
	if (is->dot >> 63 && text[at + BLOCK_SIZE] >= '0' && text[at + BLOCK_SIZE] <= '9')
		before_digit |= UINT64_C(1) << 63;
	struct block block = {
	        .at = at,
	        .word = is->word,
	        .starts = words | is->other,
	        .pairs = first & (first << 1 | carry->operator),
	        .stops = is->stop,
	        .events = is->stop | behind | (is->dot & before_digit),
	        .open = is->open,
	        .close = is->close,
	};
	*carry = (struct block_carry){is->word >> 63, overflows, first >> 63};
	return block;
}

/* ---- portable: a table gives each byte its classes, one bit in a byte each; shifted into each other, eight rows make the
 * masks of eight bytes, and eight of those are turned by a quarter ---- */

/* The bytes of a row. */
enum { BLOCK_WORD, BLOCK_DIGIT, BLOCK_STOP, BLOCK_SPACE, BLOCK_OPEN, BLOCK_CLOSE, BLOCK_DOT, BLOCK_ROWS = 8 };

extern const uint64_t block_rows[256]; /* by byte: its classes */

/* Byte k of the result is the mask of class k. */
static inline uint64_t block_classify_eight(const unsigned char *text)
{
	uint64_t row = 0;
	for (unsigned i = 0; i < 8; i++)
		row |= block_rows[text[i]] << i;
	return row;
}

static inline void block_swap(uint64_t *low, uint64_t *high, unsigned shift, uint64_t mask)
{
	uint64_t change = (*low >> shift ^ *high) & mask;
	*high ^= change;
	*low ^= change << shift;
}

/* Byte k of row i becomes byte i of row k. */
static inline void block_turn(uint64_t rows[BLOCK_ROWS])
{
	for (unsigned i = 0; i < 4; i++)
		block_swap(&rows[i], &rows[i + 4], 32, UINT64_C(0x00000000ffffffff));
	for (unsigned i = 0; i < 8; i += i % 4 == 1 ? 3 : 1)
		block_swap(&rows[i], &rows[i + 2], 16, UINT64_C(0x0000ffff0000ffff));
	for (unsigned i = 0; i < 8; i += 2)
		block_swap(&rows[i], &rows[i + 1], 8, UINT64_C(0x00ff00ff00ff00ff));
}

static inline struct block block_load_portable(const char *text, size_t at, struct block_carry *carry)
{
	uint64_t rows[BLOCK_ROWS];
	for (unsigned i = 0; i < BLOCK_ROWS; i++)
		rows[i] = block_classify_eight((const unsigned char *)text + at + 8 * i);
	block_turn(rows);
	struct block_classes is = {
	        .word = rows[BLOCK_WORD],
	        .digit = rows[BLOCK_DIGIT],
	        .stop = rows[BLOCK_STOP],
	        .other = ~(rows[BLOCK_WORD] | rows[BLOCK_SPACE] | rows[BLOCK_STOP]),
	        .open = rows[BLOCK_OPEN],
	        .close = rows[BLOCK_CLOSE],
	        .dot = rows[BLOCK_DOT],
	};
	return block_of(&is, text, at, carry);
}

/* The place of the lowest bit; anything when there is none. */
static inline unsigned block_first_portable(uint64_t bits)
{
	return (unsigned)__builtin_ctzll(bits | UINT64_C(1) << 63);
}

/* ---- AVX2: two lookups by half bytes; a bit that both halves have is a class ---- */

#if BLOCK_HAS_WIDE

#define BLOCK_WIDE __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))

/* The bits of the first pair of tables; rows are the upper half of a byte, columns the lower.  A byte has one of them at
 * most, so that a comparison tells sets of them: stops are below spaces, spaces below words. */
enum {
	BLOCK_STOP_2 = 1,    /* row 2: " # ' */
	BLOCK_STOP_0 = 2,    /* row 0: NUL \n \r */
	BLOCK_STOP_5 = 4,    /* row 5: \ */
	BLOCK_BLANK = 8,     /* row 2, column 0 */
	BLOCK_TAB = 16,      /* row 0: \t \f */
	BLOCK_LETTER_A = 32, /* rows 4 and 6, columns 1-15 */
	BLOCK_LETTER_P = 64, /* rows 5 and 7, columns 0-10 */
	BLOCK_NUMBER = 128,  /* row 3, columns 0-9 */
};
/* Of the second pair, in the same way. */
enum {
	BLOCK_OPEN_2 = 1,   /* ( */
	BLOCK_OPEN_57 = 2,  /* [ { */
	BLOCK_CLOSE_2 = 4,  /* ) */
	BLOCK_CLOSE_57 = 8, /* ] } */
	BLOCK_POINT = 128,  /* . */
};

/* clang-format off */
#define BLOCK_ROWS_OF(...)    _mm256_setr_epi8(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0)
#define BLOCK_COLUMNS_OF(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
#define BLOCK_ALL             (char)(BLOCK_NUMBER | BLOCK_LETTER_A | BLOCK_LETTER_P)
/* clang-format on */

/* What is found in 32 bytes. */
struct block_half {
	uint32_t word, digit, spaces, any, open, close, dot;
};

/* Which bytes are `bit`, a power of two, or larger. */
BLOCK_WIDE static inline uint32_t block_at_least(__m256i bytes, int bit)
{
	return (uint32_t)_mm256_movemask_epi8(_mm256_adds_epu8(bytes, _mm256_set1_epi8((char)(128 - bit))));
}

/* One half after the other, so that the constants find room in registers. */
BLOCK_WIDE static inline struct block_half block_look_up(const char *text)
{
	const __m256i rows_one =
	        BLOCK_ROWS_OF(BLOCK_STOP_0 | BLOCK_TAB, 0, BLOCK_STOP_2 | BLOCK_BLANK, (char)BLOCK_NUMBER,
	                      BLOCK_LETTER_A, BLOCK_LETTER_P | BLOCK_STOP_5, BLOCK_LETTER_A, BLOCK_LETTER_P);
	const __m256i columns_one = BLOCK_COLUMNS_OF(
	        (char)(BLOCK_NUMBER | BLOCK_LETTER_P | BLOCK_BLANK | BLOCK_STOP_0), BLOCK_ALL, BLOCK_ALL | BLOCK_STOP_2,
	        BLOCK_ALL | BLOCK_STOP_2, BLOCK_ALL, BLOCK_ALL, BLOCK_ALL, BLOCK_ALL | BLOCK_STOP_2, BLOCK_ALL,
	        BLOCK_ALL | BLOCK_TAB, BLOCK_LETTER_A | BLOCK_LETTER_P | BLOCK_STOP_0, BLOCK_LETTER_A,
	        BLOCK_LETTER_A | BLOCK_TAB | BLOCK_STOP_5, BLOCK_LETTER_A | BLOCK_STOP_0, BLOCK_LETTER_A,
	        BLOCK_LETTER_A);
	const __m256i rows_two = BLOCK_ROWS_OF(0, 0, (char)(BLOCK_OPEN_2 | BLOCK_CLOSE_2 | BLOCK_POINT), 0, 0,
	                                       BLOCK_OPEN_57 | BLOCK_CLOSE_57, 0, BLOCK_OPEN_57 | BLOCK_CLOSE_57);
	const __m256i columns_two = BLOCK_COLUMNS_OF(0, 0, 0, 0, 0, 0, 0, 0, BLOCK_OPEN_2, BLOCK_CLOSE_2, 0,
	                                             BLOCK_OPEN_57, 0, BLOCK_CLOSE_57, (char)BLOCK_POINT, 0);
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)text);
	__m256i rows = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
	/* A byte beyond ASCII looks up 0 as a column, so it has no class. */
	__m256i one = _mm256_and_si256(_mm256_shuffle_epi8(columns_one, bytes), _mm256_shuffle_epi8(rows_one, rows));
	__m256i two = _mm256_and_si256(_mm256_shuffle_epi8(columns_two, bytes), _mm256_shuffle_epi8(rows_two, rows));
	__m256i letters = _mm256_adds_epu8(one, _mm256_set1_epi8((char)(128 - BLOCK_LETTER_A)));
	__m256i others = _mm256_or_si256(bytes, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('_'))); /* and beyond ASCII */
	return (struct block_half){
	        .word = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(letters, others)),
	        .digit = (uint32_t)_mm256_movemask_epi8(one),
	        .spaces = block_at_least(one, BLOCK_BLANK),
	        .any = block_at_least(one, BLOCK_STOP_2),
	        .open = block_at_least(two, BLOCK_OPEN_2),
	        .close = block_at_least(two, BLOCK_CLOSE_2),
	        .dot = (uint32_t)_mm256_movemask_epi8(two),
	};
}

#define BLOCK_BOTH(field) ((uint64_t)high.field << 32 | low.field)

BLOCK_WIDE static inline struct block block_load_wide(const char *text, size_t at, struct block_carry *carry)
{
	struct block_half low = block_look_up(text + at), high = block_look_up(text + at + 32);
	uint64_t word = BLOCK_BOTH(word), any = BLOCK_BOTH(any), close = BLOCK_BOTH(close), dot = BLOCK_BOTH(dot);
	struct block_classes is = {
	        .word = word,
	        .digit = BLOCK_BOTH(digit),
	        .stop = any & ~BLOCK_BOTH(spaces),
	        .other = ~(any | word),
	        .open = BLOCK_BOTH(open) & ~close,
	        .close = close & ~dot,
	        .dot = dot,
	};
	return block_of(&is, text, at, carry);
}

BLOCK_WIDE static inline unsigned block_first_wide(uint64_t bits)
{
	return (unsigned)_tzcnt_u64(bits);
}

static inline bool block_can_be_wide(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

#else

#define BLOCK_WIDE
#define block_load_wide  block_load_portable
#define block_first_wide block_first_portable

static inline bool block_can_be_wide(void)
{
	return false;
}

#endif

#endif
