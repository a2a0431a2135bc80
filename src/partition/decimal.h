/* Decimal numbers as people and json write them, exactly and without the locale: "12", "0.25", "9.2e-05". */
#ifndef PARTITION_DECIMAL_H
#define PARTITION_DECIMAL_H

#include "base/str.h"

/* digits * 10^exponent; digits does not end in 0 unless it is 0. */
struct decimal {
	uint64_t digits;
	int32_t exponent;
};

/* False for anything else: a sign, a blank, "nan", "1,5".  Beyond 18 digits the rest is cut. */
bool decimal_read(struct str s, struct decimal *decimal);
/* In units of 10^-places, rounded to the nearest, halves up; false when that is above `most`. */
bool decimal_scale(struct decimal decimal, int32_t places, int64_t most, int64_t *value);
/* `value` units of 10^-places, without trailing zeros: 12500 with 3 places is "12.5". */
struct str decimal_write(struct arena *out, int64_t value, int32_t places);

#endif
