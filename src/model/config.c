/* Names of grades, as the csv has them. */
#include "model/config.h"

struct str entry_point_module(struct str reference)
{
	size_t end = 0;
	while (end < reference.n && reference.at[end] != ':' && reference.at[end] != '[')
		end++;
	return str_trim(str_slice(reference, 0, end));
}

const char *grade_name(enum grade grade)
{
	static const char *const names[] = {"none", "mention", "mocked", "unknown", "probable", "requires"};
	return names[grade];
}
