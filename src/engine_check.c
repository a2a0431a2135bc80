/* Is the plan on disk still true of this tree?  Gathers what check_plan() compares. */
#include "engine.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "emit/list.h"
#include "emit/plan_file.h"
#include "proof/check.h"

/* The plan that was written last; `missing` is the failure for none. */
bool engine_written_plan(lanewright *lw, struct plan *plan, enum err_code missing)
{
	const char *path = engine_path(lw, PLAN_PATH);
	struct str text;
	if (!file_exists(path)) {
		fail_usage(&lw->err, "there is no plan yet: run `lanewright plan` to write %s", PLAN_PATH);
		lw->err.code = missing;
		return false;
	}
	return file_read(&lw->out, path, &text, &lw->err) && plan_file_read(&lw->out, text, PLAN_PATH, plan, &lw->err);
}

/* The names of the files in the folder of lists; none when there is no such folder. */
static bool present_lists(lanewright *lw, strs *present)
{
	const char *path = engine_path(lw, LIST_DIR);
	DIR *dir = opendir(path);
	if (!dir)
		return errno == ENOENT || fail(&lw->err, "cannot read the folder %s: %s", path, strerror(errno));
	errno = 0;
	for (const struct dirent *entry; (entry = readdir(dir));)
		vec_push(&lw->tmp, present, str_copy(&lw->tmp, str_of(entry->d_name)));
	int why = errno;
	closedir(dir);
	return why == 0 || fail(&lw->err, "cannot read the folder %s: %s", path, strerror(why));
}

static bool strays(lanewright *lw, const struct plan *plan, strs *stale)
{
	strs present = {0};
	if (!present_lists(lw, &present))
		return false;
	*stale = list_stale(&lw->out, plan, &present);
	return true;
}

/* Lists of shards that a plan before this one had: their pytest would still find them. */
bool engine_remove_strays(lanewright *lw, const struct plan *plan)
{
	strs stale = {0};
	if (!strays(lw, plan, &stale))
		return false;
	for (size_t i = 0; i < stale.n; i++) {
		const char *path = engine_path(lw, str_c(&lw->tmp, stale.at[i]));
		if (unlink(path) != 0 && errno != ENOENT)
			return fail(&lw->err, "cannot remove %s: %s", path, strerror(errno));
	}
	return true;
}

/* What a file should hold, beside what it holds. */
static bool compare_file(lanewright *lw, struct str path, struct str expected, struct str mend, struct check_file *file)
{
	const char *place = engine_path(lw, str_c(&lw->tmp, path));
	*file = (struct check_file){.path = path, .expected = expected, .mend = mend};
	file->is_missing = !file_exists(place);
	return file->is_missing || file_read(&lw->out, place, &file->found, &lw->err);
}

static bool compare_lists(lanewright *lw, const struct plan *plan, struct check_case *check)
{
	list_files lists = {0};
	if (!list_build(&lw->out, plan, &lists, &lw->err))
		return false;
	for (size_t i = 0; i < lists.n; i++) {
		struct check_file file;
		if (!compare_file(lw, lists.at[i].path, lists.at[i].text, STR("lanewright emit lists"), &file))
			return false;
		vec_push(&lw->out, &check->lists, file);
	}
	return strays(lw, plan, &check->strays);
}

static void show(lanewright *lw, const check_findings *found)
{
	struct lanewright_finding *shown = arena_array(&lw->out, struct lanewright_finding, found->n);
	for (size_t i = 0; i < found->n; i++)
		shown[i] = (struct lanewright_finding){
		        .path = str_c(&lw->out, found->at[i].path),
		        .line = found->at[i].line,
		        .text = str_c(&lw->out, found->at[i].text),
		};
	lw->findings = shown;
	lw->n_findings = found->n;
}

static bool check(lanewright *lw, void *args)
{
	(void)args;
	struct plan plan = {0};
	lw->n_findings = 0;
	if (!engine_needs(lw) || !engine_written_plan(lw, &plan, ERR_FINDING))
		return false;
	struct check_case it = {
	        .plan = &plan,
	        .repo = &lw->repo,
	        .suite = &lw->suite,
	        .needs = &lw->needs,
	        .catalogue = &lw->config.catalogue,
	        .grade = lw->config.grade,
	};
	struct plan_input inputs[TREE_INPUTS];
	engine_tree_inputs(lw, inputs);
	for (size_t i = 0; i < TREE_INPUTS; i++)
		vec_push(&lw->out, &it.inputs, inputs[i]);
	if (!compare_lists(lw, &plan, &it) || !engine_compare_emitted(lw, &plan, &it))
		return false;
	check_findings found = check_plan(&lw->out, &it);
	show(lw, &found);
	return found.n == 0 || fail_finding(&lw->err, "the plan is no longer valid");
}

int lanewright_check(lanewright *lw)
{
	return engine_run(lw, check, NULL);
}

const struct lanewright_finding *lanewright_findings(const lanewright *lw, size_t *n)
{
	*n = lw->n_findings;
	return lw->findings;
}
