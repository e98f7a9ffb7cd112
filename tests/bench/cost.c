/*
 * cost TIMES PROGRAM [ARGUMENT]...
 *
 * Runs a program so many times, its output thrown away, and prints medians:
 * microseconds from start to end, microseconds of CPU (its own and the
 * kernel's), and the most memory it had, in KiB.  Exit statuses above 3 are
 * failures.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/slice.h"

enum { TIMES_MAX = 1000, STATUS_UNKNOWN = 3 };

struct cost {
	int64_t wall, cpu, memory;
};

static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
us_of(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

static bool
run(char **argv, const posix_spawn_file_actions_t *quiet, struct cost *out)
{
	int64_t start = now_us();
	struct rusage used;
	int status;
	pid_t pid;

	if (posix_spawn(&pid, argv[0], quiet, NULL, argv, environ) != 0 ||
	    wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) > STATUS_UNKNOWN)
		return false;
	out->wall = now_us() - start;
	out->cpu = us_of(used.ru_utime) + us_of(used.ru_stime);
	out->memory = used.ru_maxrss;
	return true;
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int64_t
median(int64_t *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

static bool
measure(char **argv, size_t n)
{
	int64_t *values = calloc(3 * n, sizeof(*values));
	posix_spawn_file_actions_t quiet;
	bool ok = values != NULL;

	(void)posix_spawn_file_actions_init(&quiet);
	(void)posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO,
	    "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; ok && i < n; i++) {
		struct cost c = { 0 };

		ok = run(argv, &quiet, &c);
		values[i] = c.wall;
		values[n + i] = c.cpu;
		values[2 * n + i] = c.memory;
	}
	if (ok)
		printf("%lld %lld %lld\n", (long long)median(values, n),
		    (long long)median(values + n, n),
		    (long long)median(values + 2 * n, n));
	(void)posix_spawn_file_actions_destroy(&quiet);
	free(values);
	return ok;
}

int
main(int argc, char **argv)
{
	uint64_t n = 0;

	if (argc < 3 || !slice_number(slice_str(argv[1]), TIMES_MAX, &n) ||
	    n == 0)
		return EXIT_FAILURE;
	return measure(argv + 2, (size_t)n) ? EXIT_SUCCESS : EXIT_FAILURE;
}
