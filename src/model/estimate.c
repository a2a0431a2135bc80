/* Names of the sources, as `estimate --format csv` has them. */
#include "model/estimate.h"

const char *estimate_source_name(enum estimate_source source)
{
	static const char *const names[] = {"history", "regression", "default"};
	return names[source];
}
