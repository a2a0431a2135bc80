/* Files from the plan: each emitter's text goes where the user, else the config, says. */
#include "engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/diff.h"
#include "base/buf.h"
#include "emit/emitters.h"
#include "emit/plan_file.h"
#include "proof/check.h"

/* A file that an emitter writes. */
struct target {
	struct str shown;    /* as the user or the config names it */
	struct str expected; /* its whole text */
	const char *place;   /* for open() */
	struct str found;
	bool is_missing;
};

struct emitting {
	lanewright *lw;
	const struct emitter *emitter;
	const struct lanewright_emit_options *options;
	struct lanewright_emitted *shown;
	struct plan plan;
	struct emitted made;
	VEC(struct target) targets;
	VEC(const char *) written;
	struct buf diff;
};

/* ---- reading ---- */

static bool find_emitter(lanewright *lw, const char *name, const struct emitter **emitter)
{
	strs known = {0};
	*emitter = emitter_find(str_of(name));
	if (*emitter)
		return true;
	for (size_t i = 0; i < n_emitters; i++)
		vec_push(&lw->tmp, &known, str_of(emitters[i].name));
	size_t best = str_nearest(str_of(name), known.at, known.n);
	if (best != SIZE_MAX)
		return fail_usage(&lw->err, "nothing called '%s' can be emitted; did you mean '%s'?", name,
		                  emitters[best].name);
	struct str all = str_join(&lw->tmp, known.at, known.n, STR(" "));
	return fail_usage(&lw->err, "nothing called '%s' can be emitted; there are: %.*s", name, STR_ARG(all));
}

/* The file of the root that the config names for an emitter, "" for none. */
static struct str config_place(const lanewright *lw, const struct emitter *emitter)
{
	if (emitter->place == NO_PLACE)
		return STR_NONE;
	return *(const struct str *)((const char *)&lw->config + emitter->place);
}

static void add_text(lanewright *lw, strs *texts, const char *path)
{
	struct err ignored = {0};
	struct str text;
	if (file_exists(path) && file_read(&lw->out, path, &text, &ignored))
		vec_push(&lw->out, texts, text);
}

static strs workflow_texts(lanewright *lw, const char *first)
{
	strs texts = {0}, names = engine_workflows(lw); /* they only help: what cannot be read is left out */
	if (first)
		add_text(lw, &texts, first);
	for (size_t i = 0; i < names.n; i++) {
		const char *place = engine_path(lw, str_c(&lw->tmp, names.at[i]));
		if (!first || strcmp(place, first) != 0)
			add_text(lw, &texts, place);
	}
	return texts;
}

static bool run_emitter(lanewright *lw, const struct emitter *emitter, const struct plan *plan, const char *first,
                        struct emitted *made)
{
	struct emit_source source = {
	        .plan = plan,
	        .config = &lw->config,
	        .workflows = workflow_texts(lw, first),
	};
	return emitter->emit(&lw->out, &source, made, &lw->err);
}

/* ---- where it goes ---- */

static bool read_target(lanewright *lw, struct target *target)
{
	target->is_missing = !file_exists(target->place);
	return target->is_missing || file_read(&lw->out, target->place, &target->found, &lw->err);
}

/* The whole text of a file that holds more than ours; a file that is not there yet gets the emitter's own. */
static bool splice(lanewright *lw, const struct emitter *emitter, const struct emitted *made, bool force, bool is_own,
                   struct target *target)
{
	target->expected = made->text;
	if (emitter->into == INTO_NOTHING && is_own)
		return true;
	if (made->block.n == 0)
		return fail_usage(&lw->err, "%s cannot stand in a file that holds more: use --out", emitter->name);
	if (target->is_missing)
		return true;
	struct into into = {emitter->into, str_c(&lw->out, target->shown), force};
	return into_splice(&lw->out, &into, target->found, made->block, &target->expected, &lw->err);
}

static bool aim_into(struct emitting *e, struct str shown, const char *place)
{
	struct target target = {.shown = shown, .place = place};
	if (!read_target(e->lw, &target) ||
	    !splice(e->lw, e->emitter, &e->made, e->options->force || e->options->only_check, false, &target))
		return false;
	vec_push(&e->lw->out, &e->targets, target);
	return true;
}

static bool aim_at(struct emitting *e, struct str shown, const char *place, struct str text)
{
	struct target target = {.shown = shown, .place = place, .expected = text};
	if (!read_target(e->lw, &target))
		return false;
	vec_push(&e->lw->out, &e->targets, target);
	return true;
}

static bool aim_lists(struct emitting *e)
{
	for (size_t i = 0; i < e->made.files.n; i++) {
		const struct list_file *file = &e->made.files.at[i];
		const char *place = engine_path(e->lw, str_c(&e->lw->out, file->path));
		if (!aim_at(e, file->path, place, file->text))
			return false;
	}
	return true;
}

static bool aim(struct emitting *e, struct str config_path, const char *config_full)
{
	const struct lanewright_emit_options *options = e->options;
	if (options->out)
		return aim_at(e, str_of(options->out), options->out, e->made.text);
	if (options->into)
		return aim_into(e, str_of(options->into), options->into);
	if (config_path.n && e->emitter->into == INTO_NOTHING)
		return aim_at(e, config_path, config_full, e->made.text);
	if (config_path.n)
		return aim_into(e, config_path, config_full);
	e->shown->text = options->only_check ? "" : str_c(&e->lw->out, e->made.text);
	return aim_lists(e);
}

/* ---- writing, or looking whether one would have to ---- */

static bool settle(struct emitting *e, const struct target *target)
{
	lanewright *lw = e->lw;
	if (!target->is_missing && str_eq(target->expected, target->found))
		return true;
	vec_push(&lw->out, &e->written, str_c(&lw->out, target->shown));
	if (!e->options->only_check)
		return file_write(target->place, target->expected, &lw->err);
	buf_add(&e->diff, diff_unified(&lw->tmp, target->shown, target->found, target->expected));
	return true;
}

static const char *const *show_notes(lanewright *lw, const strs *notes)
{
	const char **shown = arena_array(&lw->out, const char *, notes->n);
	for (size_t i = 0; i < notes->n; i++)
		shown[i] = str_c(&lw->out, notes->at[i]);
	return shown;
}

static void show(struct emitting *e)
{
	e->shown->diff = str_c(&e->lw->out, buf_str(&e->diff));
	e->shown->written = e->written.at;
	e->shown->n_written = e->written.n;
	e->shown->notes = show_notes(e->lw, &e->made.notes);
	e->shown->n_notes = e->made.notes.n;
}

static bool settle_all(struct emitting *e)
{
	buf_init(&e->diff, &e->lw->tmp);
	if (e->options->only_check && e->targets.n == 0)
		return fail_usage(&e->lw->err, "there is no file to compare with: name it with --into or --out");
	for (size_t i = 0; i < e->targets.n; i++)
		if (!settle(e, &e->targets.at[i]))
			return false;
	if (e->made.files.n && !e->options->only_check && !engine_remove_strays(e->lw, &e->plan))
		return false;
	show(e);
	if (!e->options->only_check || e->written.n == 0)
		return true;
	return fail_finding(&e->lw->err, "run `lanewright emit %s%s%s` to write it", e->emitter->name,
	                    e->options->into  ? " --into "
	                    : e->options->out ? " --out "
	                                      : "",
	                    e->options->into  ? e->options->into
	                    : e->options->out ? e->options->out
	                                      : "");
}

struct request {
	const char *emitter;
	const struct lanewright_emit_options *options;
	struct lanewright_emitted *emitted;
};

static bool emit(lanewright *lw, void *args)
{
	struct request *request = args;
	struct emitting e = {.lw = lw, .options = request->options, .shown = request->emitted};
	if (!engine_config(lw) || !find_emitter(lw, request->emitter, &e.emitter) ||
	    !engine_written_plan(lw, &e.plan, ERR_USAGE))
		return false;
	struct str path = config_place(lw, e.emitter);
	const char *full = path.n ? engine_path(lw, str_c(&lw->tmp, path)) : NULL;
	const char *first = request->options->into ? request->options->into : full;
	return run_emitter(lw, e.emitter, &e.plan, first, &e.made) && aim(&e, path, full) && settle_all(&e);
}

int lanewright_emit(lanewright *lw, const char *emitter, const struct lanewright_emit_options *options,
                    struct lanewright_emitted *emitted)
{
	static const struct lanewright_emit_options none;
	struct request request = {emitter, options ? options : &none, emitted};
	*emitted = (struct lanewright_emitted){.text = "", .diff = ""};
	return engine_run(lw, emit, &request);
}

/* ---- for check ---- */

static bool compare_emitted(lanewright *lw, const struct plan *plan, const struct emitter *emitter, struct str path,
                            struct check_case *check)
{
	struct emitted made = {0};
	struct target target = {.shown = path, .place = engine_path(lw, str_c(&lw->tmp, path))};
	if (!run_emitter(lw, emitter, plan, target.place, &made) || !read_target(lw, &target) ||
	    !splice(lw, emitter, &made, true, true, &target))
		return false;
	vec_push(&lw->out, &check->files,
	         ((struct check_file){
	                 .path = path,
	                 .expected = target.expected,
	                 .found = target.found,
	                 .is_missing = target.is_missing,
	                 .mend = str_fmt(&lw->out, "lanewright emit %s", emitter->name),
	         }));
	return true;
}

/* The files that the config says are emitted. */
bool engine_compare_emitted(lanewright *lw, const struct plan *plan, struct check_case *check)
{
	for (size_t i = 0; i < n_emitters; i++) {
		struct str path = config_place(lw, &emitters[i]);
		if (path.n && !compare_emitted(lw, plan, &emitters[i], path, check))
			return false;
	}
	return true;
}
