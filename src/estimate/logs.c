/* Range reduction by powers of two, which are exact, then a short series. */
#include "estimate/logs.h"

#include <math.h>

static const double ln2 = 0x1.62e42fefa39efp-1;

double log_of(double x)
{
	/* m in [sqrt(1/2), sqrt(2)): |s| < 0.172, and s^23 / 23 is below the last bit. */
	int power;
	double m = frexp(x, &power);
	if (m < 0x1.6a09e667f3bcdp-1) {
		m *= 2;
		power--;
	}
	double s = (m - 1) / (m + 1), square = s * s, sum = 0;
	for (int k = 21; k >= 1; k -= 2)
		sum = sum * square + 1.0 / k;
	return 2 * s * sum + power * ln2;
}

double exp_of(double x)
{
	x = x > 700 ? 700 : x < -700 ? -700 : x;
	int power = (int)(x / ln2 + (x < 0 ? -0.5 : 0.5));
	double r = x - power * ln2, sum = 1;
	for (int k = 14; k >= 1; k--)
		sum = 1 + sum * r / k;
	return ldexp(sum, power);
}
