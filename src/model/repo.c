/* Looking up files of a repo, and their facts. */
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

const struct facts *repo_facts(const struct repo *repo, uint32_t file)
{
	if (!repo->facts[file])
		repo->facts[file] = repo->reader->read(repo->reader, file);
	return repo->facts[file];
}

bool repo_is_whole(const struct repo *repo, struct err *err)
{
	if (repo->reader->err.code != ERR_NONE)
		*err = repo->reader->err;
	return repo->reader->err.code == ERR_NONE;
}
