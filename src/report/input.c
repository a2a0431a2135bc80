/* Pulling bytes: a window that is refilled only when it is empty, except by a peek at the start. */
#include "report/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static const char *name_of(const struct report_input *in)
{
	return in->name.n ? in->name.at : "the report";
}

/* Reads once behind what the window holds. */
static bool refill(struct report_input *in, struct err *err)
{
	if (in->left.n == 0)
		in->left.at = in->window;
	char *to = in->window + (in->left.at - in->window) + in->left.n;
	ssize_t got;
	do
		got = read(in->fd, to, (size_t)(in->window + INPUT_WINDOW - to));
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fail(err, "cannot read %s: %s", name_of(in), strerror(errno));
	in->total += (uint64_t)got;
	in->left.n += (size_t)got;
	in->is_at_end = got == 0;
	if (in->total > FILE_LARGEST)
		return fail(err, "cannot read %s: it is larger than 1 GiB", name_of(in));
	return true;
}

bool input_open(struct arena *out, struct report_input *in, const char *path, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	*in = (struct report_input){.name = str_copy(out, str_of(is_stdin ? "<stdin>" : path)), .fd = -1};
	in->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	if (in->fd < 0 || fstat(in->fd, &st) != 0)
		return fail(err, "cannot open %s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		input_close(in);
		return fail(err, "cannot read %s: it is a folder", path);
	}
	in->window = arena_alloc(out, INPUT_WINDOW);
	in->left.at = in->window;
	in->hash = hash_begin(out);
	return true;
}

void input_memory(struct arena *out, struct report_input *in, struct str text)
{
	*in = (struct report_input){.name = STR_NONE, .fd = -1, .left = text, .total = text.n, .is_at_end = true};
	in->hash = hash_begin(out);
}

void input_close(struct report_input *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
	in->is_at_end = true;
}

bool input_peek(struct report_input *in, struct str *head, struct err *err)
{
	while (!in->is_at_end && in->left.n < INPUT_WINDOW)
		if (!refill(in, err))
			return false;
	*head = str_slice(in->left, 0, INPUT_WINDOW);
	return true;
}

bool input_take(struct report_input *in, char *to, size_t most, size_t *n, struct err *err)
{
	if (in->left.n == 0 && !in->is_at_end && !refill(in, err))
		return false;
	*n = in->left.n < most ? in->left.n : most;
	if (*n == 0)
		return true;
	memcpy(to, in->left.at, *n);
	hash_more(in->hash, str_slice(in->left, 0, *n));
	in->left = str_slice(in->left, *n, in->left.n);
	return true;
}

struct str input_hash(struct arena *out, const struct report_input *in)
{
	struct hash128 hash = hash_end(in->hash);
	return str_fmt(out, "%016llx%016llx", (unsigned long long)hash.high, (unsigned long long)hash.low);
}
