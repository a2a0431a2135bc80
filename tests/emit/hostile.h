/* Texts that someone could put into a file name to make our output say something else: made of the characters that
 * YAML, make, the shell or GitHub read as more than themselves.  The same seed gives the same texts everywhere. */
#ifndef TESTS_EMIT_HOSTILE_H
#define TESTS_EMIT_HOSTILE_H

#include "base/buf.h"

struct hostile {
	uint64_t seed;
};

static inline uint32_t hostile_below(struct hostile *h, uint32_t n)
{
	h->seed = h->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(h->seed >> 33) % n;
}

static inline struct str hostile_text(struct arena *out, struct hostile *h)
{
	static const char *const pieces[] = {
	        "\n",
	        "\r",
	        "\t",
	        " ",
	        "  ",
	        "${{",
	        "}}",
	        "`",
	        ":",
	        ": ",
	        " #",
	        "#",
	        "-",
	        "- ",
	        "@",
	        "'",
	        "\"",
	        "\\",
	        "\\n",
	        "|",
	        ">",
	        "%",
	        "&",
	        "*",
	        "!",
	        "{",
	        "[",
	        "]",
	        ",",
	        "?",
	        "~",
	        "no",
	        "null",
	        "3.1",
	        "a",
	        "Z",
	        "\x01",
	        "\x1b",
	        "\x7f",
	        "\xff",
	        "\xc3\xa9",
	        "\xc2\x85",
	        "\xe2\x80\xa8",
	        "\xef\xbb\xbf",
	        "...",
	        "---",
	        "<<",
	        "$x",
	        "$(y)",
	        "$$",
	        "=",
	        ".inf",
	        "\xf0\x9f\x98\x80",
	        "\xed\xa0\x80",
	        ";",
	};
	struct buf buf;
	buf_init(&buf, out);
	for (uint32_t n = hostile_below(h, 7); n > 0; n--)
		buf_add(&buf, str_of(pieces[hostile_below(h, sizeof pieces / sizeof *pieces)]));
	return buf_str(&buf);
}

#endif
