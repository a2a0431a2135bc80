/* The table of the portable classifier. */
#include "python/block.h"

#define ROW(k) (UINT64_C(1) << 8 * (k))

/* clang-format off */
#define N ROW(BLOCK_STOP)
#define S ROW(BLOCK_SPACE)
#define W ROW(BLOCK_WORD)
#define D (ROW(BLOCK_WORD) | ROW(BLOCK_DIGIT))
#define O ROW(BLOCK_OPEN)
#define C ROW(BLOCK_CLOSE)
#define P ROW(BLOCK_DOT)
#define HIGH W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W

const uint64_t block_rows[256] = {
	N, 0, 0, 0, 0, 0, 0, 0, 0, S, N, 0, S, N, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	S, 0, N, N, 0, 0, 0, N, O, C, 0, 0, 0, 0, P, 0, /*   ! " # $ % & ' ( ) * + , - . / */
	D, D, D, D, D, D, D, D, D, D, 0, 0, 0, 0, 0, 0, /* 0-9 : ; < = > ? */
	0, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, O, N, C, 0, W, /* P-Z [ \ ] ^ _ */
	0, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, O, 0, C, 0, 0, /* p-z { | } ~ */
	HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH,
};
/* clang-format on */
