#include "audit/options.h"

#include <getopt.h>

#include "audit/option_values.h"
#include "base/escape.h"

/* One reading of argv against one table. */
struct reader {
	const char *command; /* "audit"; NULL before any */
	const struct option_row *rows;
	size_t n;
	struct arena *arena;
	struct settings *settings;
	const char *error;
};

/*
 * Values that getopt_long() gives for a row, letter or not.  Past the
 * letters and past ':' and '?'.
 */
enum { ROW_BASE = 0x1000, ERROR_MAX = 8192 };

void
settings_init(struct settings *s)
{
	*s = (struct settings){
		.audience = AUDIENCE_BULK,
		.class = CLASS_MARKETING,
		.timeout_ms = 5000,
		.retries = 2,
		.deadline_ms = 60 * 1000,
		.jobs = 100,
		.fail_on = FAIL_ON_MUST,
		.format = FORMAT_BY_NAME,
		.color = COLOR_AUTO,
	};
}

/* ---- errors ------------------------------------------------------------ */

/* "presend: audit: --timeout: 'abc' is ...": what may be NULL. */
static void
complain(struct reader *r, const char *option, const char *value,
    const char *what)
{
	struct buf b;

	buf_init(&b, ERROR_MAX);
	buf_add_str(&b, "presend: ");
	if (r->command != NULL)
		buf_printf(&b, "%s: ", r->command);
	if (option != NULL)
		buf_printf(&b, "--%s: ", option);
	if (value != NULL) {
		buf_add_char(&b, '\'');
		escape_terminal(&b, slice_str(value));
		buf_add_str(&b, "' ");
	}
	buf_add_str(&b, what);
	if (!b.failed)
		r->error = arena_printf(r->arena, "%.*s", SLICE_FMT(b));
	else
		r->error = "presend: an argument is too long";
	buf_free(&b);
}

static size_t
smallest(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

enum { WORD_MAX = 31 };

/* Levenshtein; one row at a time. */
static size_t
edits(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], n = strlen(b), left, diagonal;

	if (strlen(a) > WORD_MAX || n > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			left = diagonal + (a[i] != b[j]);
			diagonal = row[j + 1];
			row[j + 1] = smallest(left, row[j] + 1, diagonal + 1);
		}
	}
	return row[n];
}

const char *
options_nearest(const char *word, const char *const *words, size_t n)
{
	size_t best = 3, d;
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		d = edits(word, words[i]);
		if (d < best && d < strlen(words[i])) {
			best = d;
			found = words[i];
		}
	}
	return found;
}

static const char *
try_help(struct reader *r)
{
	return arena_printf(r->arena, "try 'presend %s%s--help'",
	    r->command != NULL ? r->command : "",
	    r->command != NULL ? " " : "");
}

static enum parsed
take(struct reader *r, const struct option_row *row, const char *value)
{
	const char *wrong;

	if (row->kind == OPTION_HELP)
		return PARSED_HELP;
	if (row->kind == OPTION_VERSION)
		return PARSED_VERSION;
	wrong = option_take(r->arena, row, value, r->settings);
	if (wrong == NULL)
		return PARSED_RUN;
	complain(r, row->name, value, wrong);
	return PARSED_WRONG;
}

/* ---- getopt ------------------------------------------------------------ */

/* Both tables of getopt_long(), from the rows. */
static bool
make_getopt(const struct reader *r, struct option **longs, char **letters)
{
	char *at;

	*longs = arena_new_of(r->arena, struct option, r->n + 1);
	*letters = at = arena_new_of(r->arena, char, 2 * r->n + 2);
	if (*longs == NULL || at == NULL)
		return false;
	*at++ = ':'; /* a missing argument is told from a strange letter */
	for (size_t i = 0; i < r->n; i++) {
		const struct option_row *row = &r->rows[i];

		(*longs)[i] = (struct option){
			.name = row->name,
			.has_arg =
			    row->argument ? required_argument : no_argument,
			.val = ROW_BASE + (int)i,
		};
		if (row->letter != 0) {
			*at++ = row->letter;
			if (row->argument != NULL)
				*at++ = ':';
		}
	}
	return true;
}

static const struct option_row *
row_of(const struct reader *r, int value)
{
	if (value >= ROW_BASE)
		return &r->rows[value - ROW_BASE];
	for (size_t i = 0; i < r->n; i++) {
		if (r->rows[i].letter == value)
			return &r->rows[i];
	}
	return NULL;
}

/* A long option that getopt did not know: none begins so, or several do. */
static void
complain_long(struct reader *r, const char *word)
{
	const char *names[64] = { NULL }, *near;
	size_t n = 0, same = 0, length = strcspn(word, "=");
	const char *name = arena_printf(r->arena, "%.*s", (int)length, word);

	if (name == NULL)
		return;
	for (size_t i = 0; i < r->n && n < 64; i++) {
		names[n++] = r->rows[i].name;
		same += strncmp(r->rows[i].name, name + 2, length - 2) == 0;
	}
	near = options_nearest(name + 2, names, n);
	if (same > 1)
		complain(r, NULL, name, "is short for several options");
	else if (near != NULL)
		complain(r, NULL, name,
		    arena_printf(r->arena,
			"is not an option; did you mean --%s?", near));
	else
		complain(r, NULL, name,
		    arena_printf(r->arena, "is not an option; %s",
			try_help(r)));
}

/* word: the argument that getopt stumbled over. */
static void
complain_option(struct reader *r, int got, const char *word)
{
	const struct option_row *row = optopt != 0 ? row_of(r, optopt) : NULL;
	char letter[3] = { '-', (char)optopt, '\0' };

	if (got == ':' && row != NULL)
		complain(r, row->name, NULL,
		    arena_printf(r->arena, "it takes %s", row->argument));
	else if (row != NULL)
		complain(r, row->name, NULL, "it takes no argument");
	else if (optopt == 0)
		complain_long(r, word);
	else
		complain(r, NULL, letter,
		    arena_printf(r->arena, "is not an option; %s",
			try_help(r)));
}

static enum parsed
read_options(struct reader *r, int argc, char **argv)
{
	enum parsed parsed = PARSED_RUN;
	const struct option_row *row;
	struct option *longs;
	char *letters;
	int got;

	while (r->rows[r->n].name != NULL)
		r->n++;
	if (!make_getopt(r, &longs, &letters))
		return PARSED_WRONG;
	opterr = 0;
	optind = 0; /* glibc and musl: begin anew */
	while (parsed == PARSED_RUN) {
		got = getopt_long(argc, argv, letters, longs, NULL);
		if (got == -1)
			break;
		if (got == '?' || got == ':') {
			complain_option(r, got, argv[optind - 1]);
			return PARSED_WRONG;
		}
		row = row_of(r, got);
		parsed = row ? take(r, row, optarg) : PARSED_WRONG;
	}
	for (; parsed == PARSED_RUN && optind < argc; optind++) {
		if (option_add_string(r->arena, &r->settings->operands,
			argv[optind]) != NULL)
			return PARSED_WRONG;
	}
	return parsed;
}

/* ---- the line ---------------------------------------------------------- */

static void
complain_command(struct reader *r, const struct command *table,
    const char *word)
{
	const char *names[16] = { NULL }, *near;
	size_t n = 0;

	for (; n < 16 && table[n].name != NULL; n++)
		names[n] = table[n].name;
	near = options_nearest(word, names, n);
	complain(r, NULL, word,
	    near != NULL
		? arena_printf(r->arena, "is not a command; did you mean '%s'?",
		      near)
		: arena_printf(r->arena, "is not a command; %s", try_help(r)));
}

/* Without a command: --help, --version, or nothing at all. */
static enum parsed
read_top(struct reader *r, int argc, char **argv)
{
	enum parsed parsed;

	r->rows = top_options;
	parsed = read_options(r, argc < 2 ? argc : 2, argv);
	if (parsed != PARSED_RUN)
		return parsed;
	complain(r, NULL, NULL,
	    arena_printf(r->arena, "no command is named; %s", try_help(r)));
	return PARSED_WRONG;
}

enum parsed
options_parse(const struct command *table, int argc, char **argv,
    struct arena *arena, struct command_line *line)
{
	struct reader r = { .arena = arena, .settings = &line->settings };
	const struct command *command = table;
	enum parsed parsed = PARSED_WRONG;
	const char *wrong;

	*line = (struct command_line){ .command = NULL };
	settings_init(&line->settings);
	if (argc < 2 || argv[1][0] == '-') {
		parsed = read_top(&r, argc, argv);
		goto out;
	}
	while (command->name != NULL && strcmp(command->name, argv[1]) != 0)
		command++;
	if (command->name == NULL) {
		complain_command(&r, table, argv[1]);
		goto out;
	}
	line->command = command;
	r.command = command->name;
	r.rows = command->options;
	parsed = read_options(&r, argc - 1, argv + 1);
	wrong =
	    parsed == PARSED_RUN ? command->conflict(&line->settings) : NULL;
	if (wrong != NULL) {
		complain(&r, NULL, NULL, wrong);
		parsed = PARSED_WRONG;
	}
out:
	line->error = r.error;
	return parsed;
}
