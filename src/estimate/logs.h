/* Logarithm and exponential by + - * / alone, so that they give the same bits on every machine; libm's may
 * differ in the last one.  No products are fused with sums for the same reason: gcc does not in ISO C, clang is
 * told. */
#ifndef ESTIMATE_LOGS_H
#define ESTIMATE_LOGS_H

#include <float.h>

_Static_assert(FLT_EVAL_METHOD == 0, "estimates need doubles that are doubles");
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double log_of(double x); /* natural; x > 0 and finite */
double exp_of(double x); /* clamped to +-700 */

#endif
