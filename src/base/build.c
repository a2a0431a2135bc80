/* The build id lies in a note of the object that this code is part of, program or shared library. */
#include "base/build.h"

#include <elf.h>
#include <link.h>
#include <string.h>

static const char here = 0;

static bool holds(const struct dl_phdr_info *object, const void *address)
{
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t from = object->dlpi_addr + segment->p_vaddr;
		if (segment->p_type == PT_LOAD && (uintptr_t)address - from < segment->p_memsz)
			return true;
	}
	return false;
}

static size_t padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static struct str id_among(struct str notes)
{
	static const char owner[] = ELF_NOTE_GNU;
	ElfW(Nhdr) note;
	while (notes.n >= sizeof note) {
		memcpy(&note, notes.at, sizeof note);
		struct str name = str_slice(notes, sizeof note, sizeof note + note.n_namesz);
		size_t at = sizeof note + padded(note.n_namesz);
		if (note.n_type == NT_GNU_BUILD_ID && str_eq(name, (struct str){owner, sizeof owner}))
			return str_slice(notes, at, at + note.n_descsz);
		notes = str_slice(notes, at + padded(note.n_descsz), notes.n);
	}
	return STR_NONE;
}

static int look(struct dl_phdr_info *object, size_t size, void *found)
{
	(void)size;
	if (!holds(object, &here))
		return 0;
	struct str *id = found;
	for (size_t i = 0; i < object->dlpi_phnum && !id->n; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		const char *at = (const char *)(object->dlpi_addr + segment->p_vaddr);
		if (segment->p_type == PT_NOTE)
			*id = id_among((struct str){at, segment->p_memsz});
	}
	return 1;
}

struct str build_id(void)
{
	struct str id = STR_NONE;
	dl_iterate_phdr(look, &id);
	return id;
}
