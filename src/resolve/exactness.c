/* Constructs of PYTEST.md 4: hooks, module-level skips, generated tests, foreign decorators. */
#include "resolve/exactness.h"

#include "resolve/calls.h"
#include "resolve/generated.h"
#include "resolve/hooks.h"

static struct unknown note(struct fixtures *f, struct arena *out, struct file_exactness *x, struct unknown u,
                           struct str text)
{
	u.text = intern(f->names->repo->names, text);
	x->is_exact &= !u.adds_tests;
	for (size_t i = 0; i < x->unknowns.n; i++)
		if (x->unknowns.at[i].kind == u.kind && x->unknowns.at[i].file == u.file &&
		    x->unknowns.at[i].line == u.line && x->unknowns.at[i].text == u.text)
			return u;
	vec_push(out, &x->unknowns, u);
	return u;
}

static void hide(struct file_exactness *x, struct unknown why)
{
	if (!x->may_hide)
		x->hides = why;
	x->may_hide = true;
}

static struct unknown vanish(struct fixtures *f, struct arena *out, struct file_exactness *x, struct unknown u,
                             struct str text)
{
	u = note(f, out, x, u, text);
	if (!x->may_vanish)
		x->why = u;
	x->may_vanish = true;
	return u;
}

void exactness_note(struct fixtures *f, struct arena *out, struct file_exactness *x, enum unknown_kind kind, bool adds,
                    uint32_t file, uint32_t line, struct str text)
{
	struct unknown u = {.kind = (uint8_t)kind, .adds_tests = adds, .file = file, .line = line};
	u = note(f, out, x, u, text);
	if (adds)
		hide(x, u);
}

void exactness_vanish(struct fixtures *f, struct arena *out, struct file_exactness *x, enum unknown_kind kind,
                      uint32_t file, uint32_t line, struct str text)
{
	vanish(f, out, x, (struct unknown){.kind = (uint8_t)kind, .adds_tests = true, .file = file, .line = line},
	       text);
}

void exactness_replace(struct fixtures *f, struct arena *out, struct file_exactness *x, enum unknown_kind kind,
                       uint32_t file, uint32_t line, struct str text)
{
	struct unknown u = {.kind = (uint8_t)kind, .adds_tests = true, .file = file, .line = line};
	hide(x, vanish(f, out, x, u, text));
}

void file_exactness(struct fixtures *f, struct arena *out, const struct module_skip *skips, uint32_t file,
                    struct file_exactness *x)
{
	const struct source_file *source = &f->names->repo->files.at[file];
	*x = (struct file_exactness){.is_exact = !source->is_unreadable, .ids_are_pytests = true};
	const index_list *chain = chain_of(&f->chains, file);
	for (size_t i = 0; i < chain->n; i++)
		hooks_read(f, out, chain->at[i], source->path, x);
	hooks_read_own(f, out, file, x);
	generated_read(f, out, file, x);
	const struct facts *facts = names_facts(f->names, file);
	if (facts->faults.n)
		exactness_replace(f, out, x, UNKNOWN_SYNTAX, file, facts->faults.at[0].line, STR("not read whole"));
	x->is_dead = skips[file].is_certain;
	if (skips[file].may_skip)
		exactness_vanish(f, out, x, UNKNOWN_MODULE_SKIP, skips[file].file, skips[file].line, skips[file].text);
}
