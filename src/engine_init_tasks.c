/* The files in which a project's own tools say what they run, read for the tasks in them, as far as a job calls them. */
#include "engine_init.h"

#include "base/buf.h"
#include "config/tasks.h"
#include "project/behind.h"
#include "project/makefile.h"
#include "project/matrix.h"
#include "project/noxfile.h"

enum { LARGEST = 1 << 20, SCRIPTS_DEEP = 3 }; /* bytes; scripts that call scripts */

struct tasking {
	lanewright *lw;
	struct init_found *found;
	strs environments; /* of tox, that some job asks for */
	task_list *tasks;
};

bool init_read(lanewright *lw, struct init_found *found, struct str path, struct str *text)
{
	struct err err = {0};
	const char *absolute = engine_path(lw, str_c(&lw->tmp, path));
	if (!file_exists(absolute))
		return false;
	if (file_read(&lw->out, absolute, text, &err))
		return true;
	init_unread(lw, found, engine_why(lw, path, &err));
	return false;
}

void init_unread(lanewright *lw, struct init_found *found, struct str why)
{
	struct str note = str_fmt(&lw->out, "not looked at: %.*s", STR_ARG(why));
	strs *notes = &found->taken.notes;
	for (size_t i = 0; i < notes->n; i++)
		if (str_eq(notes->at[i], note))
			return;
	vec_push(&lw->out, notes, note);
}

typedef bool tasks_reader(struct arena *out, struct str text, struct str path, const strs *names, task_list *tasks,
                          struct err *err);

static void read_with(struct tasking *t, const char *path, tasks_reader *read)
{
	struct err err = {0};
	struct str text;
	if (init_read(t->lw, t->found, str_of(path), &text) &&
	    !read(&t->lw->out, text, str_of(path), &t->environments, t->tasks, &err))
		init_unread(t->lw, t->found, str_of(err.text));
}

static void read_script(struct tasking *t, struct str path, int depth)
{
	struct str text;
	for (size_t i = 0; i < t->tasks->n; i++)
		if (t->tasks->at[i].tool == TASK_SCRIPT && str_eq(t->tasks->at[i].name, path))
			return;
	if (!init_read(t->lw, t->found, path, &text) || text.n > LARGEST)
		return;
	struct task task = {.tool = TASK_SCRIPT, .name = path, .run = text, .dir = STR_NONE, .place = path};
	vec_push(&t->lw->out, t->tasks, task);
	strs inner = behind_scripts(&t->lw->out, text);
	for (size_t i = 0; i < inner.n && depth < SCRIPTS_DEEP; i++)
		read_script(t, inner.at[i], depth + 1);
}

static void read_scripts(struct tasking *t, struct str text)
{
	strs paths = behind_scripts(&t->lw->out, text);
	for (size_t i = 0; i < paths.n; i++)
		read_script(t, paths.at[i], 0);
}

void init_find_tasks(lanewright *lw, struct init_found *found)
{
	static const char *const makefiles[] = {"GNUmakefile", "makefile", "Makefile"};
	struct tasking t = {.lw = lw, .found = found, .tasks = &found->tasks};
	struct str text;
	for (size_t i = 0; i < found->jobs.n; i++) {
		strs names = behind_environments(&lw->out, &found->jobs.at[i]);
		for (size_t k = 0; k < names.n; k++)
			vec_push(&lw->out, &t.environments, names.at[k]);
	}
	read_with(&t, "tox.ini", tasks_of_ini);
	read_with(&t, "setup.cfg", tasks_of_ini);
	read_with(&t, "tox.toml", tasks_of_toml);
	read_with(&t, "pyproject.toml", tasks_of_toml);
	if (init_read(lw, found, STR("noxfile.py"), &text))
		noxfile_read(&lw->out, text, STR("noxfile.py"), &found->tasks);
	for (size_t i = 0; i < 3; i++)
		if (init_read(lw, found, str_of(makefiles[i]), &text)) {
			makefile_read(&lw->out, text, str_of(makefiles[i]), &found->tasks);
			break;
		}
	for (size_t i = 0; i < found->jobs.n; i++)
		for (size_t k = 0; k < found->jobs.at[i].steps.n; k++)
			read_scripts(&t, found->jobs.at[i].steps.at[k].run);
	for (size_t i = 0, n = found->tasks.n; i < n; i++)
		if (found->tasks.at[i].tool != TASK_SCRIPT)
			read_scripts(&t, found->tasks.at[i].run);
}
