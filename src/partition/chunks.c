/* Chunks are consecutive: neighbours in a file often share what its fixtures made. */
#include "partition/chunks.h"

#include "partition/together.h"

static void add_atoms(struct arena *out, struct arena *tmp, const struct plan_request *request, const struct unit *unit,
                      int64_t most_ms, units *atoms)
{
	units parts = {0};
	if (unit->is_whole || unit->ms > most_ms)
		part_split(out, tmp, request, unit, &parts);
	if (!parts.n) {
		vec_push(out, atoms, *unit);
		return;
	}
	for (size_t i = 0; i < parts.n; i++)
		add_atoms(out, tmp, request, &parts.at[i], most_ms, atoms);
}

units chunk_atoms(struct arena *out, struct arena *tmp, const struct plan_request *request, const struct unit *whole,
                  int64_t most_ms)
{
	units atoms = {0};
	add_atoms(out, tmp, request, whole, most_ms, &atoms);
	return atoms;
}

/* How many chunks of at most `most` there are, numbering them as it goes. */
static uint32_t number_chunks(units *atoms, int64_t most)
{
	uint32_t number = 1;
	int64_t sum = 0;
	for (size_t i = 0; i < atoms->n; i++) {
		if (sum && sum + atoms->at[i].ms > most) {
			number++;
			sum = 0;
		}
		sum += atoms->at[i].ms;
		atoms->at[i].bundle = number;
	}
	return number;
}

void chunk_bundle(units *atoms, uint32_t k)
{
	int64_t low = 1, high = 0;
	for (size_t i = 0; i < atoms->n; i++)
		high += atoms->at[i].ms;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (number_chunks(atoms, middle) <= k)
			high = middle;
		else
			low = middle + 1;
	}
	number_chunks(atoms, low);
}

static bool asks_for_module(const struct plan_request *request, const struct unit *unit)
{
	const struct suite *suite = request->suite;
	for (uint32_t i = 0; i < unit->n_tests; i++) {
		const struct test *test = &suite->tests.at[unit->tests[i]];
		for (size_t f = 0; f < test->fixtures.n; f++) {
			name scope = suite->fixtures.at[test->fixtures.at[f]].scope;
			if (str_eq(intern_str(request->repo->names, scope), STR("module")))
				return true;
		}
	}
	return false;
}

void chunk_charge(const struct plan_request *request, units *atoms)
{
	int64_t ms = atoms->n && request->module_ms ? request->module_ms[atoms->at[0].file] : 0;
	bool has_paid = false;    /* some bundle: the file's own cost */
	uint32_t paid_bundle = 0; /* the one that paid last */
	for (size_t i = 0; ms && i < atoms->n; i++) {
		struct unit *atom = &atoms->at[i];
		if ((atom->bundle && atom->bundle == paid_bundle) || !asks_for_module(request, atom))
			continue;
		atom->ms += has_paid ? ms : 0;
		has_paid = true;
		paid_bundle = atom->bundle;
	}
}
