/* `docker.io/bitnami/postgresql:16@sha256:...` is postgres by a word of its last part. */
#include "project/known.h"

#include <ctype.h>

static bool is_same_word(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (tolower((unsigned char)a.at[i]) != tolower((unsigned char)b.at[i]))
			return false;
	return true;
}

static bool is_word(struct str word, const strs *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (is_same_word(word, words->at[i]))
			return true;
	return false;
}

bool known_word(struct str text, const strs *words)
{
	for (size_t at = 0; at < text.n;) {
		size_t end = at;
		while (end < text.n && isalnum((unsigned char)text.at[end]))
			end++;
		if (end > at && is_word(str_slice(text, at, end), words))
			return true;
		at = end > at ? end : at + 1;
	}
	return false;
}

static int by_word(const struct catalogue *catalogue, struct str text)
{
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (known_word(text, &catalogue->services.at[i].words))
			return (int)i;
	return -1;
}

static int by_image(const struct catalogue *catalogue, struct str base)
{
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (str_eq(base, catalogue->services.at[i].name))
			return (int)i;
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (base.n && str_eq(base, image_base(catalogue->services.at[i].image)))
			return (int)i;
	return by_word(catalogue, base);
}

int known_service(const struct catalogue *catalogue, struct str image, struct str name)
{
	int found = by_image(catalogue, image_base(image));
	if (found < 0)
		found = catalogue_find(catalogue, name);
	return found >= 0 ? found : by_word(catalogue, name);
}
