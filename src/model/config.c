/* Names of grades, as the csv has them. */
#include "model/config.h"

const char *grade_name(enum grade grade)
{
	static const char *const names[] = {"none", "mention", "mocked", "unknown", "probable", "requires"};
	return names[grade];
}
