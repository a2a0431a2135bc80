/* Fekete and Schepers' functions: u(k) rounds x to whole (k+1)-ths of a bin, of which k make the new bin full;
 * v(least) leaves small pieces out and fills up large ones. */
#include "partition/squeeze.h"

__extension__ typedef unsigned __int128 wide;

enum { PARTS_MOST = 12, LEASTS_MOST = 200 };

static wide rounded(int64_t x, int64_t capacity, struct squeeze proof)
{
	if (x > capacity - proof.least)
		x = capacity;
	if (!proof.parts)
		return (wide)x;
	wide scaled = (wide)x * (proof.parts + 1);
	if (scaled % (wide)capacity == 0)
		return (wide)x * proof.parts; /* exact: stays in proportion */
	return scaled / (wide)capacity * (wide)capacity;
}

bool squeeze_holds(const int64_t *ms, uint32_t n, int64_t capacity, int64_t bins, struct squeeze proof)
{
	wide sum = 0, room = (wide)capacity * (wide)bins * (proof.parts ? proof.parts : 1);
	for (uint32_t i = 0; i < n && ms[i] >= proof.least; i++) {
		sum += rounded(ms[i], capacity, proof);
		if (sum > room)
			return true;
	}
	return false;
}

bool squeeze_proves(const int64_t *ms, uint32_t n, int64_t capacity, int64_t bins, struct squeeze *proof)
{
	for (uint32_t parts = 0; parts <= PARTS_MOST; parts++) {
		*proof = (struct squeeze){0, parts};
		if (squeeze_holds(ms, n, capacity, bins, *proof))
			return true;
	}
	int64_t last = 0;
	uint32_t tried = 0;
	for (uint32_t i = 0; i < n && tried < LEASTS_MOST; i++) {
		if (ms[i] == last || ms[i] * 2 > capacity)
			continue;
		last = ms[i];
		tried++;
		for (uint32_t parts = 0; parts <= 3; parts++) {
			*proof = (struct squeeze){ms[i], parts};
			if (squeeze_holds(ms, n, capacity, bins, *proof))
				return true;
		}
	}
	return false;
}
