/* Reading keeps digits and exponent apart, so that no value is ever a double. */
#include "partition/decimal.h"

enum { DIGITS_MOST = 18, EXPONENT_MOST = 10000 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from `at` on, the point among them; false when there is none. */
static bool read_digits(struct str s, size_t *at, struct decimal *decimal)
{
	bool saw_point = false, saw_digit = false;
	uint32_t kept = 0;
	for (; *at < s.n && (is_digit(s.at[*at]) || (s.at[*at] == '.' && !saw_point)); ++*at) {
		char c = s.at[*at];
		if (c == '.') {
			saw_point = true;
			continue;
		}
		saw_digit = true;
		if (kept < DIGITS_MOST) {
			decimal->digits = decimal->digits * 10 + (uint64_t)(c - '0');
			kept += decimal->digits > 0;
			decimal->exponent -= saw_point;
		} else {
			decimal->exponent += !saw_point;
		}
	}
	return saw_digit;
}

static bool read_exponent(struct str s, size_t at, int32_t *exponent)
{
	bool is_negative = at < s.n && s.at[at] == '-';
	if (at < s.n && (s.at[at] == '-' || s.at[at] == '+'))
		at++;
	if (at == s.n)
		return false;
	int32_t value = 0;
	for (; at < s.n; at++) {
		if (!is_digit(s.at[at]))
			return false;
		if (value < EXPONENT_MOST)
			value = value * 10 + (s.at[at] - '0');
	}
	*exponent += is_negative ? -value : value;
	return true;
}

bool decimal_read(struct str s, struct decimal *decimal)
{
	size_t at = 0;
	*decimal = (struct decimal){0};
	if (s.n > INT32_MAX / 2 || !read_digits(s, &at, decimal))
		return false;
	if (at < s.n && (s.at[at] == 'e' || s.at[at] == 'E')) {
		if (!read_exponent(s, at + 1, &decimal->exponent))
			return false;
	} else if (at < s.n) {
		return false;
	}
	if (!decimal->digits)
		decimal->exponent = 0;
	while (decimal->digits && decimal->digits % 10 == 0) {
		decimal->digits /= 10;
		decimal->exponent++;
	}
	return true;
}

bool decimal_scale(struct decimal decimal, int32_t places, int64_t most, int64_t *value)
{
	uint64_t scaled = decimal.digits;
	int32_t shift = decimal.exponent + places;
	for (; shift > 0 && scaled; shift--)
		if (scaled > (uint64_t)most || __builtin_mul_overflow(scaled, UINT64_C(10), &scaled))
			return false;
	if (shift < -(DIGITS_MOST + 2))
		scaled = 0;
	for (; shift < 0 && scaled; shift++)
		scaled = shift == -1 ? (scaled + 5) / 10 : scaled / 10;
	*value = (int64_t)scaled;
	return scaled <= (uint64_t)most;
}

struct str decimal_write(struct arena *out, int64_t value, int32_t places)
{
	int64_t unit = 1;
	for (int32_t i = 0; i < places; i++)
		unit *= 10;
	int64_t rest = value % unit;
	if (!rest)
		return str_fmt(out, "%lld", (long long)(value / unit));
	for (; rest % 10 == 0; rest /= 10)
		places--;
	return str_fmt(out, "%lld.%0*lld", (long long)(value / unit), (int)places, (long long)rest);
}
