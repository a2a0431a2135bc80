/* Sixty-four bytes at a time: bit masks that tell which bytes are what, and from them where tokens begin.  Bit k stands
 * for byte k of the block.  The masks are right for code; what of them lies in strings and comments is not looked
 * at. */
#ifndef PYTHON_BLOCK_H
#define PYTHON_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BLOCK_SIZE = 64 };

struct block {
	uint64_t word;   /* may be part of a name or number */
	uint64_t starts; /* a token begins here, but for what `pairs` and `events` say */
	uint64_t pairs;  /* may be the second byte of an operator: == ** -> ... */
	uint64_t stops;  /* quotes, #, line ends, backslashes, NUL */
	uint64_t events; /* stops; where digits are followed by more of a number; a dot before a digit */
	uint64_t open, close;
	/* What the next block must know when code runs on into it. */
	bool word_carry, digit_carry, operator_carry;
};

/* The block at `at`, a multiple of BLOCK_SIZE.  With `goes_on`, code runs into it from the block that `block` holds;
 * else something other than code ends in it, or right before it. */
typedef void block_load(struct block *block, const char *text, size_t at, bool goes_on);

block_load block_load_portable;
block_load block_load_wide; /* needs what block_can_be_wide tells */
bool block_can_be_wide(void);

#endif
