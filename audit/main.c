#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit/complain.h"
#include "audit/leftover.h"
#include "audit/options.h"
#include "base/limits.h"

enum { COMMAND_BLOCK = 16 * 1024 };

static enum exit_status
run(int argc, char *argv[], struct arena *arena)
{
	struct command_line line = { 0 };
	enum exit_status status = STATUS_FINE;
	struct buf out;

	buf_init(&out, LIMIT_RENDERED);
	switch (options_parse(commands, argc, argv, arena, &line)) {
	case PARSED_RUN:
		status = line.command->run(&line.settings, arena);
		break;
	case PARSED_HELP:
		options_help(commands, line.command, &out);
		status = print_out(&out);
		break;
	case PARSED_VERSION:
		buf_add_str(&out, "presend " PACKAGE_VERSION "\n");
		status = print_out(&out);
		break;
	case PARSED_WRONG:
		if (line.error == NULL) {
			status = complain(RC_NOMEM, SLICE_NONE);
			break;
		}
		(void)fprintf(stderr, "%s\n", line.error);
		status = STATUS_USAGE;
		break;
	}
	buf_free(&out);
	return status;
}

/*
 * A standard stream that is closed would be the next file that is opened, and
 * the report would go into a recording.  Opened the wrong way round, its use
 * is an error as before.
 */
static bool
hold_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", mode) != fd)
			return false;
	}
	return true;
}

int
main(int argc, char *argv[])
{
	struct arena *arena = arena_new(LIMIT_COMMAND_ARENA, COMMAND_BLOCK);
	enum exit_status status;

	/* Only for the character set of the terminal. */
	(void)setlocale(LC_CTYPE, "");
	/* A pipe that closes, a file too large: output errors, said as such. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	leftover_watch();
	leftover_guard_json();
	if (!hold_standard_streams())
		return STATUS_INTERNAL;
	if (arena == NULL)
		return (int)complain(RC_NOMEM, SLICE_NONE);
	status = run(argc, argv, arena);
	arena_free(arena);
	return (int)status;
}
