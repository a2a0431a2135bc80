/* Starting, stopping and collecting threads. */
#include "scan/crew.h"

#include <unistd.h>

void crew_open(struct crew *crew, struct arena *out, unsigned n, crew_work *work, void *job)
{
	*crew = (struct crew){.work = work, .job = job, .n = n};
	crew->at = arena_array(out, struct worker, n);
	for (unsigned i = 0; i < n; i++) {
		struct worker *worker = &crew->at[i];
		worker->crew = crew;
		worker->number = i;
		worker->fd = -1;
		arena_init(&worker->out, &worker->trap);
		arena_init(&worker->tmp, &worker->trap);
	}
	pthread_mutex_init(&crew->mutex, NULL);
	pthread_cond_init(&crew->changed, NULL);
	crew->is_open = true;
}

void crew_stop(struct crew *crew)
{
	pthread_mutex_lock(&crew->mutex);
	crew->is_stopped = true;
	pthread_cond_broadcast(&crew->changed);
	pthread_mutex_unlock(&crew->mutex);
}

static void *work(void *arg)
{
	struct worker *worker = arg;
	struct crew *crew = worker->crew;
	if (setjmp(worker->trap) == 0)
		crew->work(crew->job, worker);
	else
		fail(&worker->err, "out of memory");
	if (worker->fd >= 0)
		close(worker->fd);
	worker->fd = -1;
	if (worker->err.code)
		crew_stop(crew);
	return NULL;
}

unsigned crew_start(struct crew *crew, unsigned first)
{
	unsigned n = 0;
	for (unsigned i = first; i < crew->n; i++) {
		struct worker *worker = &crew->at[i];
		worker->is_running = pthread_create(&worker->thread, NULL, work, worker) == 0;
		n += worker->is_running;
	}
	return n;
}

void crew_take_part(struct crew *crew)
{
	work(&crew->at[0]);
}

bool crew_close(struct crew *crew, struct arena *out, struct err *err)
{
	bool ok = true;
	if (!crew->is_open)
		return true;
	crew->is_open = false;
	for (unsigned i = 0; i < crew->n; i++) {
		struct worker *worker = &crew->at[i];
		if (worker->is_running)
			pthread_join(worker->thread, NULL);
		if (worker->fd >= 0)
			close(worker->fd);
		arena_free(&worker->tmp);
		if (worker->err.code && ok) {
			ok = false;
			if (err->code == ERR_NONE)
				*err = worker->err;
		}
	}
	for (unsigned i = 0; i < crew->n; i++) {
		if (ok)
			arena_adopt(out, &crew->at[i].out);
		else
			arena_free(&crew->at[i].out);
	}
	pthread_mutex_destroy(&crew->mutex);
	pthread_cond_destroy(&crew->changed);
	return ok;
}
