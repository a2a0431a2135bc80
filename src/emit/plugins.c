/* The two plugins for pytest, which are files of their own: the emitters hand them out as they are.  What they go by,
 * lists and plan.json, they read when they run. */
#include "emit/emitters.h"

#include "base/buf.h"

/* Put into the program by the assembler. */
__asm__(".section .rodata\n"
        ".global lanewright_lists_py, lanewright_lists_py_end, lanewright_guard_py, lanewright_guard_py_end\n"
        "lanewright_lists_py:\n"
        ".incbin \"" EMIT_DIR "/lanewright_lists.py\"\n"
        "lanewright_lists_py_end:\n"
        ".byte 0\n"
        "lanewright_guard_py:\n"
        ".incbin \"" EMIT_DIR "/lanewright_guard.py\"\n"
        "lanewright_guard_py_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char lanewright_lists_py[], lanewright_lists_py_end[];
extern const char lanewright_guard_py[], lanewright_guard_py_end[];

static bool hand_out(struct emitted *emitted, const char *from, const char *to)
{
	*emitted = (struct emitted){.text = {from, (size_t)(to - from)}};
	return true;
}

bool emit_plugin(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	(void)out, (void)source, (void)err;
	return hand_out(emitted, lanewright_lists_py, lanewright_lists_py_end);
}

bool emit_guard(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	(void)out, (void)source, (void)err;
	return hand_out(emitted, lanewright_guard_py, lanewright_guard_py_end);
}
