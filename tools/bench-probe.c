/* What tools/bench measures apart from the program: the lexer alone, from memory, and the least that a walk of a tree
 * can cost.
 *
 *     bench-probe lex|lex-portable ROUNDS <PATHS      prints bytes, tokens, the best round's processor seconds
 *     bench-probe walk FOLDER                         prints files; opens each folder, asks for each .py file's state
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/vec.h"
#include "python/lex.h"

typedef VEC(struct str) texts;

static double processor_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t count_tokens(struct arena *tmp, struct str text, bool is_portable)
{
	size_t n = 0;
	struct lexer *lexer = arena_new(tmp, struct lexer);
	(is_portable ? lex_start_portable : lex_start)(lexer, tmp, text);
	while (lex_more(lexer))
		n += lexer->tokens.n;
	return n;
}

static void read_texts(struct arena *arena, texts *all, size_t *bytes)
{
	char path[8192];
	while (fgets(path, sizeof path, stdin)) {
		struct err err = {0};
		struct str text;
		path[strcspn(path, "\n")] = '\0';
		if (!file_read(arena, path, &text, &err))
			continue;
		vec_push(arena, all, text);
		*bytes += text.n;
	}
}

static int lex(bool is_portable, int rounds)
{
	struct arena arena, tmp;
	texts all = {0};
	size_t bytes = 0, tokens = 0;
	double best = 0;
	arena_init(&arena, NULL);
	arena_init(&tmp, NULL);
	read_texts(&arena, &all, &bytes);
	for (int round = 0; round < rounds; round++) {
		double start = processor_seconds();
		tokens = 0;
		for (size_t i = 0; i < all.n; i++) {
			tokens += count_tokens(&tmp, all.at[i], is_portable);
			arena_reset(&tmp);
		}
		double taken = processor_seconds() - start;
		if (round == 0 || taken < best)
			best = taken;
	}
	printf("%zu %zu %.6f\n", bytes, tokens, best);
	arena_free(&tmp);
	arena_free(&arena);
	return 0;
}

static size_t walk(int fd)
{
	size_t n = 0;
	DIR *folder = fdopendir(fd);
	if (!folder) {
		close(fd);
		return 0;
	}
	for (struct dirent *entry; (entry = readdir(folder));) {
		size_t length = strlen(entry->d_name);
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
			int below =
			        openat(dirfd(folder), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (below >= 0)
				n += walk(below);
		} else if (length > 3 && strcmp(entry->d_name + length - 3, ".py") == 0) {
			struct stat state;
			n += fstatat(dirfd(folder), entry->d_name, &state, AT_SYMLINK_NOFOLLOW) == 0;
		}
	}
	closedir(folder);
	return n;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "walk") == 0) {
		int fd = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0) {
			perror(argv[2]);
			return 3;
		}
		printf("%zu\n", walk(fd));
		return 0;
	}
	if (argc == 3 && (strcmp(argv[1], "lex") == 0 || strcmp(argv[1], "lex-portable") == 0))
		return lex(strcmp(argv[1], "lex-portable") == 0, atoi(argv[2]));
	fprintf(stderr, "usage: bench-probe lex|lex-portable ROUNDS <PATHS, or bench-probe walk FOLDER\n");
	return 2;
}
