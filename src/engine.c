/* The handle: opening, closing, failing, and running a stage so that memory which runs out is an error. */
#include "engine.h"

#include <assert.h>

#include "config/config.h"
#include "config/pytest_ini.h"
#include "scan/sources.h"

const char *lanewright_version(void)
{
	return LANEWRIGHT_VERSION;
}

const char *lanewright_error(const lanewright *lw)
{
	return lw ? lw->err.text : "out of memory";
}

/* The handle lives in its own arena; nothing is held when its first allocation fails. */
int lanewright_open(lanewright **made, const struct lanewright_options *options)
{
	struct arena arena;
	jmp_buf trap;
	*made = NULL;
	arena_init(&arena, &trap);
	if (setjmp(trap))
		return LANEWRIGHT_TROUBLE;
	lanewright *lw = arena_new(&arena, lanewright);
	lw->out = arena;
	lw->out.trap = &lw->trap;
	arena_init(&lw->tmp, &lw->trap);
	if (options)
		lw->options = *options;
	*made = lw;
	return LANEWRIGHT_OK;
}

void lanewright_close(lanewright *lw)
{
	if (!lw)
		return;
	engine_close_history(lw);
	sources_close(&lw->repo);
	arena_free(&lw->tmp);
	struct arena arena = lw->out;
	arena_free(&arena);
}

static int no_memory(lanewright *lw)
{
	lw->is_spent = true;
	arena_free(&lw->tmp);
	lw->err = (struct err){0};
	fail(&lw->err, "out of memory");
	return LANEWRIGHT_TROUBLE;
}

int engine_run(lanewright *lw, stage_fn *stage, void *args)
{
	if (lw->is_spent)
		return LANEWRIGHT_TROUBLE;
	if (setjmp(lw->trap))
		return no_memory(lw);
	lw->err = (struct err){0};
	bool is_fine = stage(lw, args);
	assert(is_fine || lw->err.code != ERR_NONE);
	arena_free(&lw->tmp);
	if (is_fine)
		return LANEWRIGHT_OK;
	return lw->err.code ? (int)lw->err.code : LANEWRIGHT_TROUBLE;
}

void engine_progress(lanewright *lw, const char *stage, size_t done, size_t total)
{
	if (lw->options.progress)
		lw->options.progress(lw->options.progress_context, stage, done, total);
}

const char *engine_path(lanewright *lw, const char *path)
{
	return path_join(&lw->out, lw->root, str_of(path)).at;
}

struct str engine_path_of(struct str id)
{
	return str_slice(id, 0, str_find(id, STR("::"), 0));
}

bool engine_settings(lanewright *lw)
{
	if (lw->has_config)
		return true;
	const struct lanewright_options *options = &lw->options;
	if (!config_root(&lw->out, &lw->tmp, options->root, options->config, &lw->root, &lw->err) ||
	    !config_read_file(&lw->out, &lw->tmp, lw->root.at, options->config, &lw->config, &lw->err) ||
	    !pytest_config_read(&lw->out, &lw->tmp, lw->root.at, &lw->config.paths, &lw->pytest, &lw->err))
		return false;
	lw->has_config = true;
	return true;
}

bool engine_config(lanewright *lw)
{
	return engine_settings(lw) && config_add_catalogue(&lw->out, &lw->tmp, &lw->config, &lw->err);
}

static bool find_root(lanewright *lw, void *root)
{
	if (!engine_config(lw))
		return false;
	*(const char **)root = lw->root.at;
	return true;
}

int lanewright_root(lanewright *lw, const char **root)
{
	return engine_run(lw, find_root, (void *)root);
}
