#include "audit/leftover.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/options.h"

static struct leftover *volatile leftovers;

static const int ending[] = { SIGHUP, SIGINT, SIGTERM };

enum { N_ENDING = sizeof(ending) / sizeof(ending[0]) };

/* ---- signals ----------------------------------------------------------- */

void
leftover_drop_all(void)
{
	for (const struct leftover *l = leftovers; l != NULL; l = l->next)
		(void)unlink(l->path);
}

/* It is raised again once the handler is over, and ends us as it would have. */
static void
end(int number)
{
	leftover_drop_all();
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

void
leftover_watch(void)
{
	struct sigaction now, then = { .sa_handler = end };

	(void)atexit(leftover_drop_all);
	(void)sigfillset(&then.sa_mask);
	for (size_t i = 0; i < N_ENDING; i++) {
		/* Who ignores it (nohup, a shell's background) goes on so. */
		if (sigaction(ending[i], NULL, &now) == 0 &&
		    now.sa_handler != SIG_IGN)
			(void)sigaction(ending[i], &then, NULL);
	}
}

/* While the list and the file system do not agree. */
static void
hold_signals(sigset_t *before)
{
	sigset_t held;

	(void)sigemptyset(&held);
	for (size_t i = 0; i < N_ENDING; i++)
		(void)sigaddset(&held, ending[i]);
	(void)sigprocmask(SIG_BLOCK, &held, before);
}

static void
release_signals(const sigset_t *before)
{
	(void)sigprocmask(SIG_SETMASK, before, NULL);
}

/* ---- the list ---------------------------------------------------------- */

static void
forget(struct leftover *l)
{
	struct leftover *before = leftovers;

	if (before == l) {
		leftovers = l->next;
	} else {
		while (before->next != l)
			before = before->next;
		before->next = l->next;
	}
	*l = (struct leftover){ 0 };
}

int
leftover_make(struct leftover *l, char *template)
{
	sigset_t before;
	int fd;

	hold_signals(&before);
	fd = mkstemp(template);
	if (fd >= 0) {
		*l = (struct leftover){ template, leftovers };
		leftovers = l;
	}
	release_signals(&before);
	return fd;
}

int
leftover_place(struct leftover *l, const char *path)
{
	sigset_t before;
	int rc;

	hold_signals(&before);
	rc = rename(l->path, path);
	if (rc == 0)
		forget(l);
	release_signals(&before);
	return rc;
}

void
leftover_drop(struct leftover *l)
{
	sigset_t before;

	if (l->path == NULL)
		return;
	hold_signals(&before);
	(void)unlink(l->path);
	forget(l);
	release_signals(&before);
}

/* ---- memory of jansson ------------------------------------------------- */

static void *
take_or_end(size_t n)
{
	static const char line[] = "presend: out of memory\n";
	void *p = malloc(n);

	if (p != NULL)
		return p;
	leftover_drop_all();
	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		_exit(STATUS_INTERNAL);
	_exit(STATUS_INTERNAL);
}

void
leftover_guard_json(void)
{
	json_set_alloc_funcs(take_or_end, free);
}
