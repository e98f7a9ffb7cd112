#include "audit/options.h"

/* Columns of the help: of all, and where what an option does begins. */
enum { HELP_WIDTH = 80, HELP_COLUMN = 27 };

/*
 * Words filled into lines that begin at a column.  at is where the first
 * line is now.
 */
static void
fill(struct buf *b, struct slice text, size_t at, size_t column)
{
	struct slice word;
	bool more = true, first = true;

	while (more) {
		more = slice_cut(text, ' ', &word, &text);
		if (!first && at + 1 + word.n > HELP_WIDTH) {
			buf_printf(b, "\n%*s", (int)column, "");
			at = column;
			first = true;
		}
		if (!first)
			buf_add_char(b, ' ');
		buf_add(b, word);
		at += word.n + !first;
		first = false;
	}
	buf_add_char(b, '\n');
}

static void
add_row(struct buf *b, const struct option_row *row)
{
	size_t start = b->n, at;

	if (row->letter != 0)
		buf_printf(b, "  -%c, --%s", row->letter, row->name);
	else
		buf_printf(b, "      --%s", row->name);
	if (row->argument != NULL)
		buf_printf(b, " %s", row->argument);
	at = b->n - start;
	if (at + 2 > HELP_COLUMN) {
		buf_add_char(b, '\n');
		at = 0;
	}
	buf_printf(b, "%*s", (int)(HELP_COLUMN - at), "");
	fill(b, slice_str(row->help), HELP_COLUMN, HELP_COLUMN);
}

static void
add_rows(struct buf *b, const struct option_row *rows)
{
	const char *group = NULL;

	for (; rows->name != NULL; rows++) {
		if (group == NULL || strcmp(group, rows->group) != 0)
			buf_printf(b, "\n%s:\n", rows->group);
		group = rows->group;
		add_row(b, rows);
	}
}

static void
help_top(const struct command *table, struct buf *b)
{
	buf_add_str(b,
	    "Usage: presend COMMAND [OPTION]... [OPERAND]...\n\n"
	    "Says before a campaign goes out whether Gmail, Yahoo and others "
	    "will take it,\nand how to mend what they would not.\n\n"
	    "Commands:\n");
	for (; table->name != NULL; table++) {
		buf_printf(b, "  %-*s", HELP_COLUMN - 2, table->name);
		fill(b, slice_str(table->summary), HELP_COLUMN, HELP_COLUMN);
	}
	buf_add_str(b, "\nOptions:\n");
	for (const struct option_row *r = top_options; r->name != NULL; r++)
		add_row(b, r);
	buf_add_str(b, "\nOptions of a command: presend COMMAND --help\n");
}

void
options_help(const struct command *table, const struct command *command,
    struct buf *b)
{
	if (command == NULL) {
		help_top(table, b);
		return;
	}
	buf_printf(b, "Usage: presend %s [OPTION]...%s%s\n\n", command->name,
	    *command->operands != '\0' ? " " : "", command->operands);
	fill(b, slice_str(command->about), 0, 0);
	add_rows(b, command->options);
	if (command->examples != NULL)
		buf_printf(b, "\nExamples:\n%s", command->examples);
}
