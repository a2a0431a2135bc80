/* Asking git which files a change touches.  Nothing of the project runs: no shell, no hooks, no external diff. */
#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool start(lanewright *lw, char *const *argv, pid_t *pid, int *from)
{
	int ends[2];
	posix_spawn_file_actions_t actions;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return fail(&lw->err, "cannot make a pipe: %s", strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	int why = posix_spawnp(pid, "git", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	*from = ends[0];
	if (why == 0)
		return true;
	close(ends[0]);
	return fail(&lw->err, "cannot run git: %s", strerror(why));
}

/* Adds the names, each ended by NUL, that git prints. */
static bool add_names(lanewright *lw, char *const *argv, const char *since, strs *names)
{
	pid_t pid;
	int from = -1, status;
	struct str text;
	if (!start(lw, argv, &pid, &from))
		return false;
	bool is_read = file_read_stream(&lw->tmp, from, "git", &text, &lw->err);
	close(from);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!is_read)
		return false;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return fail_usage(&lw->err, "git cannot tell what changed since '%s'; it says why above", since);
	for (size_t at = 0; at < text.n;) {
		size_t end = str_find(text, (struct str){"\0", 1}, at);
		vec_push(&lw->tmp, names, str_slice(text, at, end));
		at = end == SIZE_MAX ? text.n : end + 1;
	}
	return true;
}

bool engine_changed(lanewright *lw, const char *since, strs *names)
{
	char *root = (char *)(uintptr_t)lw->root.at, *revision = (char *)(uintptr_t)since;
	if (since[0] == '-' || !since[0])
		return fail_usage(&lw->err, "'%s' is no revision", since);
	char *const differ[] = {"git",
	                        "-C",
	                        root,
	                        "-c",
	                        "core.fsmonitor=false",
	                        "diff",
	                        "--name-only",
	                        "--relative",
	                        "--no-ext-diff",
	                        revision,
	                        "-z",
	                        "--",
	                        ".",
	                        NULL};
	char *const others[] = {
	        "git", "-C", root, "-c", "core.fsmonitor=false", "ls-files", "--others", "-z", "--exclude-standard",
	        "--",  ".",  NULL};
	return add_names(lw, differ, since, names) && add_names(lw, others, since, names);
}
