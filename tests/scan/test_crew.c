/* Threads end well, whatever happens to one of them. */
#include "scanning.h"

#include "scan/crew.h"

enum { WORKERS = 4 };

static struct crew crew;
static const char *results[WORKERS];

static void leave_text(void *job, struct worker *worker)
{
	results[worker->number] = str_fmt(&worker->out, "%s %u", (const char *)job, worker->number).at;
	(void)arena_alloc(&worker->tmp, 100000);
}

static void hands_over_what_threads_made(void **state)
{
	(void)state;
	crew_open(&crew, &arena, WORKERS, leave_text, "worker");
	assert_int_equal(crew_start(&crew, 1), WORKERS - 1);
	crew_take_part(&crew);
	assert_true(crew_close(&crew, &arena, &err));
	assert_true(crew_close(&crew, &arena, &err));
	assert_string_equal(results[0], "worker 0");
	assert_string_equal(results[3], "worker 3");
}

/* One runs out of memory with a file open; the others wait until somebody stops them. */
static void run_out_or_wait(void *job, struct worker *worker)
{
	(void)job;
	if (worker->number == 2) {
		worker->fd = open("/dev/null", O_RDONLY);
		arena_no_memory(&worker->tmp);
	}
	pthread_mutex_lock(&worker->crew->mutex);
	while (!worker->crew->is_stopped)
		pthread_cond_wait(&worker->crew->changed, &worker->crew->mutex);
	pthread_mutex_unlock(&worker->crew->mutex);
}

static void turns_no_memory_in_a_thread_into_an_error(void **state)
{
	(void)state;
	int before = open("/dev/null", O_RDONLY);
	close(before);
	crew_open(&crew, &arena, WORKERS, run_out_or_wait, NULL);
	crew_start(&crew, 0);
	assert_false(crew_close(&crew, &arena, &err));
	assert_int_equal(err.code, ERR_TROUBLE);
	assert_string_equal(err.text, "out of memory");
	int after = open("/dev/null", O_RDONLY);
	close(after);
	assert_int_equal(before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        STORY(hands_over_what_threads_made),
	        STORY(turns_no_memory_in_a_thread_into_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
