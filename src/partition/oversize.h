/* Files that alone are longer than the makespan could be are split by time. */
#ifndef PARTITION_OVERSIZE_H
#define PARTITION_OVERSIZE_H

#include "partition/maker.h"

/* Splits the files that bind, as far as that lets the makespan fall; says of a file that binds and may not be split why
 * it stays whole.  What has no solution is left for the solver to say. */
void oversize_split(struct maker *maker);

#endif
