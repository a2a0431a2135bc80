/* The rows of [emit.github]. */
#include "config/github.h"

#include <ctype.h>
#include <string.h>

#include "model/config.h"

static bool read_shape(const struct reader *r, const struct toml_value *value, void *to)
{
	static const struct str words[] = {{"lanes", 5}, {"matrix", 6}, {"reusable", 8}, {"dynamic", 7}};
	size_t choice;
	if (!read_choice(r, value, words, 4, &choice))
		return false;
	*(struct str *)to = words[choice];
	return true;
}

static bool read_lists(const struct reader *r, const struct toml_value *value, void *to)
{
	static const struct str words[] = {{"committed", 9}, {"planned", 7}};
	size_t choice;
	if (!read_choice(r, value, words, 2, &choice))
		return false;
	*(struct str *)to = words[choice];
	return true;
}

static bool read_minutes(const struct reader *r, const struct toml_value *value, void *to)
{
	uint32_t count;
	if (value->kind != TOML_INTEGER)
		return read_wrong(r, value, "a whole number of minutes");
	if (!read_count(r, value, &count))
		return false;
	*(int64_t *)to = count;
	return true;
}

static bool read_env(const struct reader *r, const struct toml_value *table, void *to)
{
	github_env *env = to;
	if (table->kind != TOML_TABLE)
		return read_wrong(r, table, "a table of strings");
	for (size_t i = 0; i < table->n; i++) {
		struct env_pair pair = {.name = table->at[i].key};
		if (!read_text(r, &table->at[i], &pair.value))
			return false;
		vec_push(r->out, env, pair);
	}
	return true;
}

static bool read_coverage(const struct reader *r, const struct toml_value *table, void *to)
{
	static const struct field fields[] = {{"source", read_text, 0}};
	return READ_TABLE(r, table, fields, to);
}

static bool read_parts(const struct reader *r, const struct toml_value *list, void *to)
{
	static const struct field fields[] = {
	        {"job", read_text, offsetof(struct part_config, job)},
	        {"artifact", read_text, offsetof(struct part_config, artifact)},
	        {"file", read_text, offsetof(struct part_config, file)},
	};
	struct github_config *github = to;
	if (list->kind != TOML_ARRAY)
		return read_wrong(r, list, "[[emit.github.part]] tables");
	for (size_t i = 0; i < list->n; i++) {
		struct part_config part = {0};
		if (!READ_TABLE(r, &list->at[i], fields, &part))
			return false;
		if (!part.job.n || !part.artifact.n || !part.file.n)
			return read_missing(r, &list->at[i], "a part names its job, its artifact and the file in it");
		vec_push(r->out, &github->parts, part);
	}
	return true;
}

/* It stands in scripts of several languages: no character in it that one of them would read as more. */
static bool read_directory(const struct reader *r, const struct toml_value *value, void *to)
{
	struct str *directory = to;
	if (!read_path(r, value, to))
		return false;
	for (size_t i = 0; i < directory->n; i++)
		if (!isalnum((unsigned char)directory->at[i]) && !strchr("_./-", directory->at[i]))
			return read_wrong(r, value, "a folder whose name has letters, digits, _ . / and - only");
	return directory->n == 0 || directory->at[0] != '-' ||
	       read_wrong(r, value, "a folder whose name does not begin with -");
}

bool read_github(const struct reader *r, const struct toml_value *table, void *to)
{
	static const struct field fields[] = {
	        {"into", read_path, offsetof(struct github_config, into)},
	        {"shape", read_shape, offsetof(struct github_config, shape)},
	        {"lists", read_lists, offsetof(struct github_config, lists)},
	        {"install", read_text, offsetof(struct github_config, install)},
	        {"name", read_text, offsetof(struct github_config, name)},
	        {"runs_on", read_text, offsetof(struct github_config, runs_on)},
	        {"pytest", read_text, offsetof(struct github_config, pytest)},
	        {"before", read_text, offsetof(struct github_config, before)},
	        {"after", read_text, offsetof(struct github_config, after)},
	        {"once", read_text, offsetof(struct github_config, once)},
	        {"plugin", read_path, offsetof(struct github_config, plugin)},
	        {"if", read_text, offsetof(struct github_config, if_)},
	        {"coverage", read_coverage, offsetof(struct github_config, coverage_source)},
	        {"timeout_minutes", read_minutes, offsetof(struct github_config, timeout_minutes)},
	        {"pins", read_texts, offsetof(struct github_config, pins)},
	        {"env", read_env, offsetof(struct github_config, env)},
	        {"job_env", read_env, offsetof(struct github_config, job_env)},
	        {"container", read_text, offsetof(struct github_config, container)},
	        {"directory", read_directory, offsetof(struct github_config, directory)},
	        {"part", read_parts, 0},
	};
	struct github_config *github = to;
	if (!READ_TABLE(r, table, fields, github))
		return false;
	const struct toml_value *name = toml_get(table, "name");
	if (name && !read_is_plain_name(github->name))
		return fail_usage(r->err, "%s:%u:%u: name begins the jobs' names: letters, digits, - and _", r->path,
		                  name->line, name->column);
	return true;
}
