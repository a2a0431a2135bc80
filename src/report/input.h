/* The bytes of a report, pulled piece by piece from a file, a pipe or memory, and hashed on the way: the
 * hash of its bytes is the name of a run nobody named. */
#ifndef REPORT_INPUT_H
#define REPORT_INPUT_H

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum { INPUT_WINDOW = 1 << 16 };

struct report_input {
	struct str name; /* for messages; "" for memory */
	int fd;          /* -1: only what `left` holds */
	struct str left; /* read and not taken yet */
	char *window;    /* INPUT_WINDOW bytes, when there is an fd */
	uint64_t total;  /* bytes read so far */
	bool is_at_end;
	struct hash_pieces *hash;
};

/* Opens a file, "-" for standard input; input_close gives the descriptor back. */
bool input_open(struct arena *out, struct report_input *in, const char *path, struct err *err);
void input_memory(struct arena *out, struct report_input *in, struct str text);
void input_close(struct report_input *in);

/* The first bytes without taking them: a whole window unless the input is shorter. */
bool input_peek(struct report_input *in, struct str *head, struct err *err);
/* The next bytes, at most `most`; *n is 0 at the end. */
bool input_take(struct report_input *in, char *to, size_t most, size_t *n, struct err *err);
/* Of everything taken so far, as 32 digits. */
struct str input_hash(struct arena *out, const struct report_input *in);

#endif
