/* Words: of the kinds of findings, and of the reasons people give for a skip. */
#include "proof/prove.h"

#include <ctype.h>

const char *prove_word(enum prove_kind kind)
{
#define X(kind, word, heading) word,
	static const char *const words[] = {PROVE_KINDS(X)};
#undef X
	return words[kind];
}

const char *prove_heading(enum prove_kind kind)
{
#define X(kind, word, heading) heading,
	static const char *const headings[] = {PROVE_KINDS(X)};
#undef X
	return headings[kind];
}

static char lower(char c)
{
	return (char)tolower((unsigned char)c);
}

static bool is_letter(struct str s, size_t at)
{
	return at < s.n && isalnum((unsigned char)s.at[at]);
}

/* `word` stands in the message on its own, in any case; `requires_redis` and `Redis-server` hold redis. */
static bool has_word(struct str message, struct str word)
{
	for (size_t at = 0; word.n && at + word.n <= message.n; at++) {
		size_t k = 0;
		while (k < word.n && lower(message.at[at + k]) == lower(word.at[k]))
			k++;
		if (k == word.n && !(at > 0 && is_letter(message, at - 1)) && !is_letter(message, at + k))
			return true;
	}
	return false;
}

static bool speaks_of(const struct service *service, struct str message)
{
	bool is_named = has_word(message, service->name);
	for (size_t i = 0; i < service->words.n && !is_named; i++)
		is_named = has_word(message, service->words.at[i]);
	for (size_t i = 0; i < service->markers.n && !is_named; i++)
		is_named = has_word(message, service->markers.at[i]);
	return is_named;
}

bool prove_speaks_of(const struct catalogue *catalogue, service_set set, struct str message, struct str *name)
{
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (set >> i & 1 && speaks_of(&catalogue->services.at[i], message)) {
			*name = catalogue->services.at[i].name;
			return true;
		}
	return false;
}
