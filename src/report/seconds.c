/* Decimal text as a whole number and a power of ten, so that no digit passes through floating point. */
#include "report/seconds.h"

#include <math.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* the same microsecond on every machine; gcc fuses nothing in ISO C */
#endif

enum { MICRO = 1000000, DIGITS_MOST = 18, EXPONENT_MOST = 1000 };

/* What has been read of a number: digits x 10^power.  Digits beyond DIGITS_MOST are below a microsecond of any
 * time we accept, or the number is too long. */
struct decimal {
	uint64_t digits;
	int n_digits; /* without leading zeros */
	int power;
};

static void add_digit(struct decimal *d, char c, bool is_fraction)
{
	if (d->n_digits >= DIGITS_MOST) {
		d->power += !is_fraction && d->power < EXPONENT_MOST;
		return;
	}
	d->digits = d->digits * 10 + (uint64_t)(c - '0');
	d->n_digits += d->digits != 0;
	d->power -= is_fraction && d->power > -EXPONENT_MOST;
}

static bool is_digit(struct str s, size_t i)
{
	return i < s.n && s.at[i] >= '0' && s.at[i] <= '9';
}

/* The digits before the point; with commas they come in threes behind a group of one to three that is not
 * "0": "0,123" is somebody's decimal comma, and reading it as 123 seconds would be wrong by a thousand. */
static bool read_whole(struct str s, size_t *at, struct decimal *d)
{
	size_t i = *at, group = 0;
	bool has_comma = false;
	for (;; i++) {
		if (is_digit(s, i)) {
			group++;
			add_digit(d, s.at[i], false);
			continue;
		}
		if (has_comma && group != 3)
			return false;
		if (i >= s.n || s.at[i] != ',')
			break;
		if (!has_comma && (group == 0 || group > 3 || s.at[*at] == '0'))
			return false;
		has_comma = true;
		group = 0;
	}
	*at = i;
	return true;
}

static bool read_exponent(struct str s, size_t *at, struct decimal *d)
{
	size_t i = *at;
	if (i >= s.n || (s.at[i] != 'e' && s.at[i] != 'E'))
		return true;
	i++;
	bool is_minus = i < s.n && s.at[i] == '-';
	i += i < s.n && (s.at[i] == '-' || s.at[i] == '+');
	if (!is_digit(s, i))
		return false;
	int exponent = 0;
	for (; is_digit(s, i); i++)
		if (exponent < EXPONENT_MOST)
			exponent = exponent * 10 + (s.at[i] - '0');
	d->power += is_minus ? -exponent : exponent;
	*at = i;
	return true;
}

static bool read_decimal(struct str s, struct decimal *d)
{
	size_t i = 0;
	if (!read_whole(s, &i, d))
		return false;
	bool has_digits = i > 0;
	if (i < s.n && s.at[i] == '.')
		for (i++; is_digit(s, i); i++) {
			has_digits = true;
			add_digit(d, s.at[i], true);
		}
	return has_digits && read_exponent(s, &i, d) && i == s.n;
}

static enum seconds_answer to_micros(struct decimal d, int64_t *us)
{
	const uint64_t most = (uint64_t)SECONDS_MOST * MICRO;
	uint64_t value = d.digits;
	int power = d.power + 6;
	for (; power > 0 && value != 0; power--) {
		if (value > most)
			return SECONDS_TOO_LONG;
		value *= 10;
	}
	unsigned last = 0; /* the last digit cut off decides */
	for (; power < 0 && (value != 0 || last != 0); power++) {
		last = value % 10;
		value /= 10;
	}
	value += last >= 5;
	if (value > most)
		return SECONDS_TOO_LONG;
	*us = (int64_t)value;
	return SECONDS_OK;
}

static bool is_word(struct str s, const char *word)
{
	size_t i = 0;
	for (; i < s.n && word[i]; i++)
		if ((s.at[i] | 32) != word[i])
			return false;
	return i == s.n && !word[i];
}

enum seconds_answer seconds_parse(struct str text, int64_t *us)
{
	struct str s = str_trim(text);
	if (s.n == 0)
		return SECONDS_NONE;
	bool is_negative = s.at[0] == '-';
	if (is_negative || s.at[0] == '+')
		s = str_slice(s, 1, s.n);
	if (is_word(s, "nan") || is_word(s, "inf") || is_word(s, "infinity"))
		return SECONDS_NAN;
	struct decimal d = {0};
	if (!read_decimal(s, &d))
		return SECONDS_NO_NUMBER;
	return is_negative && d.digits ? SECONDS_NEGATIVE : to_micros(d, us);
}

enum seconds_answer seconds_from_double(double seconds, int64_t *us)
{
	if (!isfinite(seconds))
		return SECONDS_NAN;
	if (seconds < 0)
		return SECONDS_NEGATIVE;
	if (seconds > SECONDS_MOST)
		return SECONDS_TOO_LONG;
	*us = (int64_t)(seconds * MICRO + 0.5);
	return SECONDS_OK;
}

const char *seconds_complaint(enum seconds_answer answer)
{
	static const char *const complaints[] = {
	        [SECONDS_OK] = "is fine",
	        [SECONDS_NONE] = "is missing",
	        [SECONDS_NO_NUMBER] = "is no number",
	        [SECONDS_NAN] = "is not a finite number",
	        [SECONDS_NEGATIVE] = "is negative",
	        [SECONDS_TOO_LONG] = "is longer than 86,400 seconds",
	};
	return complaints[answer];
}

/* Days since 1970-01-01 of a Gregorian date, counted from March so that the leap day is the year's last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400, in_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + day_of_year - 719468;
}

/* Two or four digits at *at, then moves over them. */
static bool take_number(struct str s, size_t *at, size_t digits, int64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < digits; i++, (*at)++) {
		if (!is_digit(s, *at))
			return false;
		*value = *value * 10 + (s.at[*at] - '0');
	}
	return true;
}

static bool take_char(struct str s, size_t *at, const char *any)
{
	for (; *any; any++)
		if (*at < s.n && s.at[*at] == *any) {
			(*at)++;
			return true;
		}
	return false;
}

static bool read_zone(struct str s, size_t *at, int64_t *offset)
{
	*offset = 0;
	if (*at == s.n || take_char(s, at, "Zz"))
		return *at == s.n;
	bool is_minus = s.at[*at] == '-';
	int64_t hours, minutes = 0;
	if (!take_char(s, at, "+-") || !take_number(s, at, 2, &hours))
		return false;
	(void)take_char(s, at, ":");
	if (*at < s.n && !take_number(s, at, 2, &minutes))
		return false;
	*offset = (hours * 60 + minutes) * 60 * (is_minus ? -1 : 1);
	return *at == s.n && hours <= 23 && minutes <= 59;
}

bool seconds_of_iso(struct str iso, int64_t *seconds)
{
	struct str s = str_trim(iso);
	size_t at = 0;
	int64_t year, month, day, hour = 0, minute = 0, second = 0, offset;
	if (!take_number(s, &at, 4, &year) || !take_char(s, &at, "-") || !take_number(s, &at, 2, &month) ||
	    !take_char(s, &at, "-") || !take_number(s, &at, 2, &day))
		return false;
	if (take_char(s, &at, "Tt ")) {
		if (!take_number(s, &at, 2, &hour) || !take_char(s, &at, ":") || !take_number(s, &at, 2, &minute))
			return false;
		if (take_char(s, &at, ":") && !take_number(s, &at, 2, &second))
			return false;
		if (take_char(s, &at, ".,"))
			while (is_digit(s, at))
				at++;
	}
	if (!read_zone(s, &at, &offset) || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	*seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
	return true;
}

struct str seconds_to_iso(struct arena *out, int64_t seconds)
{
	int64_t days = seconds / 86400, rest = seconds % 86400;
	if (rest < 0) {
		days--;
		rest += 86400;
	}
	/* The inverse of days_of, by the same eras. */
	int64_t shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t in_era = shifted - era * 146097;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100), m = (5 * in_year + 2) / 153;
	int64_t day = in_year - (153 * m + 2) / 5 + 1, month = m < 10 ? m + 3 : m - 9;
	year += era * 400 + (month <= 2);
	return str_fmt(out, "%04lld-%02lld-%02lldT%02lld:%02lld:%02lldZ", (long long)year, (long long)month,
	               (long long)day, (long long)(rest / 3600), (long long)(rest / 60 % 60), (long long)(rest % 60));
}
