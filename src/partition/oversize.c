/* First all files that bind are taken apart as far as they go: that is the best there could be.  Then they are put
 * together again in as few chunks as are nearly as good: every chunk pays the module's fixtures once more. */
#include "partition/oversize.h"

#include "partition/chunks.h"
#include "partition/solve.h"
#include "partition/together.h"

enum { TICKS_TRIAL = 4 * 1000 * 1000, FILES_MOST = 64 };

/* The units with some files in atoms, free ones or in chunks of about `chunk_ms`, and a quick solution of them. */
struct trial {
	struct arena room;
	struct maker maker;
	struct solution solution;
	bool is_solved;
};

/* `is_ideal`: as if no fixture of a module had to run twice. */
static units take_apart(struct arena *out, const struct maker *maker, const struct unit *files, size_t n,
                        int64_t chunk_ms, bool is_ideal)
{
	units all = {0};
	for (size_t i = 0; i < maker->units.n; i++) {
		const struct unit *unit = &maker->units.at[i];
		size_t f = 0;
		while (f < n && !str_eq(files[f].id, unit->id))
			f++;
		if (f == n) {
			vec_push(out, &all, *unit);
			continue;
		}
		units atoms = chunk_atoms(out, out, maker->request, unit, chunk_ms);
		if (chunk_ms)
			chunk_bundle(&atoms, (uint32_t)((unit->ms + chunk_ms - 1) / chunk_ms));
		if (!is_ideal)
			chunk_charge(maker->request, &atoms);
		for (size_t a = 0; a < atoms.n; a++)
			vec_push(out, &all, atoms.at[a]);
	}
	return all;
}

static void trial_open(struct trial *trial, const struct maker *maker, const struct unit *files, size_t n,
                       int64_t chunk_ms, bool is_ideal)
{
	struct err err = {0};
	arena_init(&trial->room, maker->tmp->trap);
	trial->maker = *maker;
	trial->maker.out = trial->maker.tmp = &trial->room;
	maker_replace_units(&trial->maker, take_apart(&trial->room, maker, files, n, chunk_ms, is_ideal));
	struct problem problem = maker_problem(&trial->maker);
	problem.ticks = TICKS_TRIAL;
	for (size_t i = 0; i < problem.items.n; i++)
		problem.items.at[i].previous = -1;
	trial->is_solved = partition_solve(&trial->room, &trial->room, &problem, &trial->solution, &err);
}

/* The file that binds, if a file alone does and may be split; says so where not. */
static bool binding_file(struct maker *maker, const struct trial *trial, struct unit *file)
{
	const struct solution *solution = &trial->solution;
	if (!trial->is_solved || solution->certificate.kind != BOUND_ITEM ||
	    solution->makespan_ms - solution->bound_ms > solution->bound_ms / 100)
		return false;
	uint32_t at = solution->certificate.item;
	*file = trial->maker.units.at[at];
	if (!file->is_whole || file->hides || trial->maker.groups.at[trial->maker.groups.of[at]].n > 1)
		return false;
	struct str why = together_file(maker->out, maker->request, file->file);
	if (!why.n && chunk_atoms(maker->out, maker->tmp, maker->request, file, 0).n < 2)
		why = STR("it is one test, or one class that stays together");
	if (!why.n)
		return true;
	for (size_t i = 0; i < maker->units.n; i++)
		if (str_eq(maker->units.at[i].id, file->id))
			maker->units.at[i].why_whole = why;
	return false;
}

/* All files that bind one after the other, until none does; the makespan with them taken apart, 0 when there are none,
 * and what it is with all whole. */
static int64_t find_files(struct maker *maker, struct unit *files, size_t *n, int64_t *whole_ms)
{
	int64_t best_ms = 0;
	for (;;) {
		struct trial trial;
		struct unit file;
		trial_open(&trial, maker, files, *n, 0, true);
		bool goes_on = binding_file(maker, &trial, &file) && *n < FILES_MOST;
		best_ms = trial.is_solved ? trial.solution.makespan_ms : 0;
		*whole_ms = *n ? *whole_ms : best_ms;
		arena_free(&trial.room);
		if (!goes_on)
			break;
		files[(*n)++] = file;
	}
	return *n && best_ms < *whole_ms - *whole_ms / 1000 ? best_ms : 0;
}

static int64_t cheapest_lane(const struct maker *maker)
{
	int64_t least = INT64_MAX;
	for (size_t k = 0; k < maker->lanes.n; k++)
		least = maker->lanes.at[k].fixed_ms < least ? maker->lanes.at[k].fixed_ms : least;
	return least;
}

void oversize_split(struct maker *maker)
{
	struct unit *files = arena_array(maker->tmp, struct unit, FILES_MOST);
	size_t n = 0;
	int64_t whole_ms = 0, found_ms = 0, found_chunk_ms = 0;
	if (maker->request->config->unit_file_only)
		return;
	int64_t best_ms = find_files(maker, files, &n, &whole_ms), chunk_ms = best_ms - cheapest_lane(maker);
	for (bool is_last = !best_ms; !is_last; chunk_ms /= 2) {
		struct trial trial;
		if (chunk_ms <= best_ms / 64)
			chunk_ms = 0; /* free atoms: nothing else is as good, unless each pays for the module */
		trial_open(&trial, maker, files, n, chunk_ms, false);
		int64_t ms = trial.is_solved ? trial.solution.makespan_ms : INT64_MAX;
		arena_free(&trial.room);
		if (!found_ms || ms < found_ms - found_ms / 1000) {
			found_ms = ms;
			found_chunk_ms = chunk_ms;
		}
		is_last = !chunk_ms || ms <= best_ms + best_ms / 1000;
	}
	if (found_ms && found_ms < whole_ms - whole_ms / 1000)
		maker_replace_units(maker, take_apart(maker->out, maker, files, n, found_chunk_ms, false));
}
