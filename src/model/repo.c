/* Looking up files of a repo. */
#include "model/repo.h"

const struct source_file *repo_file(const struct repo *repo, struct str path)
{
	size_t low = 0, high = repo->files.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(repo->files.at[middle].path, path);
		if (order == 0)
			return &repo->files.at[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
