/* Threads that share one piece of work.  Each has arenas of its own and a trap, so that no memory in one of them
 * becomes an error of all.
 *
 * Whoever sees `is_stopped` (under the mutex) leaves.  Nothing is allocated while the mutex is held. */
#ifndef SCAN_CREW_H
#define SCAN_CREW_H

#include <pthread.h>

#include "base/arena.h"
#include "base/err.h"

enum { CREW_MOST = 64 };

struct crew;

struct worker {
	struct crew *crew;
	unsigned number;
	struct arena out; /* becomes the caller's when all went well */
	struct arena tmp;
	struct err err; /* set: the work has failed */
	int fd;         /* open file of the moment, or -1: closed for it after a trap */
	jmp_buf trap;
	pthread_t thread;
	bool is_running;
};

typedef void crew_work(void *job, struct worker *worker);

struct crew {
	pthread_mutex_t mutex;
	pthread_cond_t changed; /* of anything under the mutex */
	bool is_stopped;
	bool is_open; /* between crew_open and crew_close */
	crew_work *work;
	void *job;
	unsigned n; /* workers */
	struct worker *at;
};

void crew_open(struct crew *crew, struct arena *out, unsigned n, crew_work *work, void *job);
/* Starts a thread for the workers from `first` on; how many run.  Fewer than asked for is no error: the caller
 * can always do the work himself. */
unsigned crew_start(struct crew *crew, unsigned first);
/* The work of worker 0, in this thread. */
void crew_take_part(struct crew *crew);
void crew_stop(struct crew *crew);
/* Waits for all, hands their results to `out` and says the first failure.  Must follow crew_open, also after
 * a trap; may be called twice. */
bool crew_close(struct crew *crew, struct arena *out, struct err *err);

#endif
