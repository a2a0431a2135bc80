/* The chance that the last shard has ended is the product of all shards' chances. */
#include "partition/noise.h"

enum { STEPS = 16, DEVIATIONS = 4, ONE = 65536 };

/* ONE times the normal distribution function at i / STEPS. */
static const int32_t phi[DEVIATIONS * STEPS + 1] = {
        32768, 34401, 36028, 37642, 39237, 40807, 42347, 43852, 45316, 46735, 48104, 49422, 50684,
        51888, 53033, 54116, 55138, 56099, 56997, 57835, 58612, 59331, 59994, 60602, 61158, 61664,
        62123, 62537, 62911, 63245, 63544, 63810, 64045, 64253, 64435, 64595, 64735, 64856, 64961,
        65051, 65129, 65195, 65252, 65300, 65341, 65375, 65404, 65428, 65448, 65464, 65478, 65489,
        65498, 65506, 65512, 65517, 65521, 65524, 65527, 65529, 65530, 65531, 65533, 65533, 65534,
};

static int64_t root(int64_t square)
{
	int64_t low = 0, high = INT64_C(1) << 31;
	while (low < high) {
		int64_t middle = (low + high + 1) / 2;
		if (middle <= square / middle)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* ONE times the chance that the shard has ended by x. */
static int64_t chance(const struct noisy_end *end, int64_t x)
{
	int64_t deviation = end->variance > 0 ? root(end->variance) : 0, away = x - end->mean_ms;
	if (away >= DEVIATIONS * deviation)
		return ONE;
	if (away <= -DEVIATIONS * deviation)
		return 0;
	int64_t at = (away < 0 ? -away : away) * STEPS * 64 / deviation; /* in 64ths of a step */
	int64_t whole = at / 64, rest = at % 64;
	int64_t value = phi[whole] + (phi[whole + 1] - phi[whole]) * rest / 64;
	return away < 0 ? ONE - value : value;
}

int64_t noise_quantile(const struct noisy_end *ends, uint32_t n, uint32_t percent)
{
	int64_t low = 0, high = 0;
	for (uint32_t j = 0; j < n; j++) {
		int64_t late = ends[j].mean_ms + DEVIATIONS * (root(ends[j].variance > 0 ? ends[j].variance : 0) + 1);
		high = late > high ? late : high;
	}
	while (low < high) {
		int64_t middle = low + (high - low) / 2, all = ONE;
		for (uint32_t j = 0; j < n; j++)
			all = (all * chance(&ends[j], middle) + ONE / 2) / ONE;
		if (all * 100 >= (int64_t)percent * ONE)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}
