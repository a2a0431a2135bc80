/* Client libraries that are the tree's own.  In the suite of a client its class is no name of the outside: who makes
 * one and asks something of it reaches its service all the same, be it through sockets that nobody can follow.  The
 * library itself, which makes and asks objects all the time, is not listened to: a use counts where the code is not
 * the library's, or is a helper for its tests. */
#ifndef RESOLVE_OWN_CLIENT_H
#define RESOLVE_OWN_CLIENT_H

#include "resolve/eval.h"

/* What a call of a class or function of the tree reaches, being a way into a client library of the tree; a client
 * made connects when used. */
const struct contact *own_client_made(struct run *run, struct def_ref def, const struct arguments *a, uint32_t line);
/* The same of a function called by code that is not the library's: `library.connect(...)`. */
const struct contact *own_client_opened(struct run *run, const struct value *function, const struct arguments *a,
                                        uint32_t line);
/* A function of the library is called: a method of the client, of a part that holds one, or one that is given one. */
void own_client_used(struct run *run, const struct value *function, const struct arguments *a, uint32_t line);
/* Contacts without clients that nobody has used: the client itself knows of its own. */
const struct contact *own_client_left(struct eval *e, const struct contact *contacts);
/* Whether the code at hand is that of such a library. */
bool own_client_is_inside(struct run *run);

#endif
