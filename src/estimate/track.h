/* One quantity that is measured again and again, on a logarithmic scale: where it is now, how much it varies, and
 * whether its jumps are to be believed. */
#ifndef ESTIMATE_TRACK_H
#define ESTIMATE_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum track_jump { TRACK_STEADY, TRACK_UP, TRACK_DOWN };

struct track {
	double level;
	int64_t time;   /* of the newest sample, seconds since 1970 */
	double squares; /* of surprises, without jumps */
	uint32_t n, n_squares;
	/* After a jump, until the next sample: where it was and where it went; the level is between. */
	enum track_jump jump;
	double from, to;
};

/* What became of jumps so far, in microseconds: whether the next sample stayed there or went back. */
struct track_jumps {
	double stayed, went_back;
};

/* What all the tracks of a suite share. */
struct track_suite {
	double variance;   /* of one sample around its level */
	int64_t half_life; /* seconds in which what was known before loses half its weight; 0: never */
	struct track_jumps up, down;
};

/* Samples come in the order of time. */
void track_learn(struct track *track, struct track_suite *suite, double sample, int64_t time);
double track_variance(const struct track *track, const struct track_suite *suite);

/* The variance of a suite from the sizes of differences between neighbouring samples: by their median, which jumps
 * do not move.  Sorts them. */
double track_suite_variance(double *differences, size_t n);

double median_of(double *values, size_t n);   /* sorts them; 0 of none */
int64_t median_us(int64_t *values, size_t n); /* the same; the upper of two in the middle */

#endif
