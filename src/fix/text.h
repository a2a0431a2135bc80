/* A source text under the hands of an editor: its lines, where things end, and pieces that replace others. */
#ifndef FIX_TEXT_H
#define FIX_TEXT_H

#include "base/str.h"

struct str text_newline(struct str text);                      /* the line end it uses; "\n" when it has none */
size_t text_line_start(struct str text, size_t at);            /* of the line that holds `at` */
size_t text_line_end(struct str text, size_t at);              /* where its line end stands */
size_t text_next_line(struct str text, size_t at);             /* where the line below begins */
bool text_is_blank(struct str text, size_t from, size_t to);   /* nothing but blanks */
bool text_is_comment(struct str text, size_t from, size_t to); /* blanks, perhaps with a comment behind them */
size_t text_skip_blanks(struct str text, size_t at);
/* The end of `a.b.c`, with the brackets of a call behind it; SIZE_MAX when it is no such thing. */
size_t text_chain_end(struct str text, size_t at);

/* One element of a list in brackets. */
struct text_item {
	size_t from, to; /* without blanks and comments around it */
};

struct text_list {
	size_t open, close; /* the brackets */
	VEC(struct text_item) items;
	bool ends_in_comma;
	size_t comma; /* behind the last item, if so */
};

/* The list that opens at `at`; false when it never closes. */
bool text_read_list(struct arena *out, struct str text, size_t at, struct text_list *list);

struct edit {
	size_t from, to;
	struct str text;
};

typedef VEC(struct edit) edit_list;

/* Those at one place stay in their order.  False when two overlap. */
bool text_apply(struct arena *out, struct str text, edit_list *edits, struct str *to);

#endif
