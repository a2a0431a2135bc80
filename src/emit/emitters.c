/* The table of emitters, and the one that needs no file of its own. */
#include "emit/emitters.h"

#include "base/buf.h"

#define X(function, name, into, place, help) {name, help, into, place, emit_##function},
const struct emitter emitters[] = {EMITTERS(X)};
#undef X
const size_t n_emitters = sizeof emitters / sizeof *emitters;

const struct emitter *emitter_find(struct str name)
{
	for (size_t i = 0; i < n_emitters; i++)
		if (str_eq(str_of(emitters[i].name), name))
			return &emitters[i];
	return NULL;
}

/* On stdout each list stands under the name of its file, as `head` shows several files. */
bool emit_lists(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct buf buf;
	buf_init(&buf, out);
	*emitted = (struct emitted){0};
	if (!list_build(out, source->plan, &emitted->files, err))
		return false;
	for (size_t i = 0; i < emitted->files.n; i++)
		buf_fmt(&buf, "%s==> %.*s <==\n%.*s", i ? "\n" : "", STR_ARG(emitted->files.at[i].path),
		        STR_ARG(emitted->files.at[i].text));
	emitted->text = buf_str(&buf);
	return true;
}
