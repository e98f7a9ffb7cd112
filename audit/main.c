#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "audit/complain.h"
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

int
main(int argc, char *argv[])
{
	struct arena *arena = arena_new(LIMIT_COMMAND_ARENA, COMMAND_BLOCK);
	enum exit_status status;

	/* Only for the character set of the terminal. */
	(void)setlocale(LC_CTYPE, "");
	/* A pipe that closes is an output error, said like any other. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (arena == NULL)
		return (int)complain(RC_NOMEM, SLICE_NONE);
	status = run(argc, argv, arena);
	arena_free(arena);
	return (int)status;
}
