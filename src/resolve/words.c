/* A text is walked once: at each place where a word may start, only the words with that first byte are compared. */
#include "resolve/words.h"

#include <stdlib.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_start(struct str text, size_t i)
{
	if (i == 0)
		return true;
	char before = text.at[i - 1];
	return (!is_letter(before) && !is_digit(before)) ||
	       (is_upper(text.at[i]) && is_letter(before) && !is_upper(before));
}

static bool is_end(struct str text, size_t i)
{
	return i == text.n || !is_letter(text.at[i]) || is_upper(text.at[i]);
}

static bool stands_at(struct str text, size_t i, struct str word)
{
	size_t k = 0;
	while (k < word.n && i + k < text.n && lower(text.at[i + k]) == word.at[k])
		k++;
	return k == word.n && is_end(text, i + k);
}

static int by_first(const void *left, const void *right)
{
	const struct word *a = left, *b = right;
	return (unsigned char)a->text.at[0] - (unsigned char)b->text.at[0];
}

static void add(struct words *words, struct arena *out, struct str text, service_set service)
{
	if (text.n)
		vec_push(out, &words->words, (struct word){.text = text, .services = service});
}

void words_init(struct words *words, struct arena *out, const struct catalogue *catalogue)
{
	*words = (struct words){0};
	for (size_t i = 0; i < catalogue->services.n; i++) {
		const struct service *s = &catalogue->services.at[i];
		service_set bit = (service_set)1 << i;
		add(words, out, s->name, bit);
		for (size_t k = 0; k < s->words.n; k++)
			add(words, out, s->words.at[k], bit);
		for (size_t k = 0; k < s->schemes.n; k++)
			vec_push(out, &words->schemes, (struct word){.text = s->schemes.at[k], .services = bit});
	}
	if (words->words.n)
		qsort(words->words.at, words->words.n, sizeof *words->words.at, by_first);
	for (size_t i = 0; i < words->words.n; i++)
		words->first[(unsigned char)words->words.at[i].text.at[0] + 1]++;
	for (size_t c = 0; c < 256; c++)
		words->first[c + 1] += words->first[c];
}

static service_set schemes_find(const struct words *words, struct str text)
{
	service_set set = 0;
	for (size_t at = 0; (at = str_find(text, STR("://"), at)) != SIZE_MAX; at++)
		for (size_t k = 0; k < words->schemes.n; k++)
			if (str_ends(str_slice(text, 0, at), words->schemes.at[k].text))
				set |= words->schemes.at[k].services;
	return set;
}

service_set words_find(const struct words *words, struct str text)
{
	service_set set = schemes_find(words, text);
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)lower(text.at[i]);
		if (words->first[c] == words->first[c + 1] || !is_start(text, i))
			continue;
		for (uint32_t k = words->first[c]; k < words->first[c + 1]; k++)
			if (stands_at(text, i, words->words.at[k].text))
				set |= words->words.at[k].services;
	}
	return set;
}
