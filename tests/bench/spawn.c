/*
 * spawn TIMES PROGRAM [ARGUMENT]... -- PROGRAM [ARGUMENT]...
 *
 * Runs two programs in turn, TIMES each, and prints the median microseconds
 * from start to end of the first and of the second.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/slice.h"

enum { TIMES_MAX = 100000 };

static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Microseconds, or -1 when it did not run or failed. */
static int64_t
run(char **argv, const posix_spawn_file_actions_t *quiet)
{
	int64_t start = now_us();
	int status;
	pid_t pid;

	if (posix_spawn(&pid, argv[0], quiet, NULL, argv, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	return now_us() - start;
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int64_t
median(int64_t *times, size_t n)
{
	qsort(times, n, sizeof(*times), compare);
	return times[n / 2];
}

static bool
measure(char **first, char **second, size_t n)
{
	int64_t *times = calloc(2 * n, sizeof(*times));
	posix_spawn_file_actions_t quiet;
	bool ok = times != NULL;

	(void)posix_spawn_file_actions_init(&quiet);
	(void)posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO,
	    "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; ok && i < n; i++) {
		times[i] = run(first, &quiet);
		times[n + i] = run(second, &quiet);
		ok = times[i] >= 0 && times[n + i] >= 0;
	}
	if (ok)
		printf("%lld %lld\n", (long long)median(times, n),
		    (long long)median(times + n, n));
	(void)posix_spawn_file_actions_destroy(&quiet);
	free(times);
	return ok;
}

int
main(int argc, char **argv)
{
	uint64_t n = 0;
	int second = 2;

	if (argc < 5 || !slice_number(slice_str(argv[1]), TIMES_MAX, &n) ||
	    n == 0)
		return EXIT_FAILURE;
	while (second < argc &&
	       !slice_eq(slice_str(argv[second]), SLICE_LIT("--")))
		second++;
	if (second == 2 || second + 1 >= argc)
		return EXIT_FAILURE;
	argv[second++] = NULL;
	return measure(argv + 2, argv + second, (size_t)n) ? EXIT_SUCCESS
							   : EXIT_FAILURE;
}
