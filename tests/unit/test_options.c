#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "audit/options.h"

enum { ARGS_MAX = 32 };

static enum exit_status
run_nothing(const struct settings *s, struct arena *a)
{
	(void)s, (void)a;
	return STATUS_FINE;
}

static const struct command table[] = {
	{ "audit", "audits", "[DOMAIN]...", "About it.", "  presend audit\n",
	    audit_options, audit_conflict, run_nothing },
	{ "rules", "rules", "[list]", "About them.", NULL, rules_options,
	    rules_conflict, run_nothing },
	{ "checks", "checks", "", "About them.", NULL, checks_options,
	    checks_conflict, run_nothing },
	{ "view", "views", "FILE", "About it.", NULL, view_options,
	    view_conflict, run_nothing },
	{ "diff", "compares", "OLD NEW", "About it.", NULL, diff_options,
	    diff_conflict, run_nothing },
	{ .name = NULL },
};

struct fixture {
	struct arena *arena;
	struct command_line line;
};

/* Words with single spaces between; '_' stands for an empty word. */
static enum parsed
parse(struct fixture *f, const char *words)
{
	char *argv[ARGS_MAX + 1] = { NULL };
	struct slice rest = slice_str(words), word;
	int argc = 0;

	f->arena = arena_new(1 << 20, 4096);
	assert_non_null(f->arena);
	while (rest.n > 0 && argc < ARGS_MAX) {
		(void)slice_cut(rest, ' ', &word, &rest);
		if (slice_eq(word, SLICE_LIT("_")))
			word.n = 0;
		argv[argc++] = arena_printf(f->arena, "%.*s", SLICE_FMT(word));
	}
	return options_parse(table, argc, argv, f->arena, &f->line);
}

static void
an_error_is_one_line_that_names_option_and_value(void **state)
{
	static const struct {
		const char *words, *error;
	} cases[] = {
		{ "presend", "presend: no command is named; "
			     "try 'presend --help'" },
		{ "presend adit", "presend: 'adit' is not a command; "
				  "did you mean 'audit'?" },
		{ "presend zebra", "presend: 'zebra' is not a command; "
				   "try 'presend --help'" },
		{ "presend --wat", "presend: '--wat' is not an option; "
				   "try 'presend --help'" },
		{ "presend audit --timeout abc x.example",
		    "presend: audit: --timeout: 'abc' is not a number of "
		    "seconds" },
		{ "presend audit -t 1.x x.example",
		    "presend: audit: --timeout: '1.x' is not a number of "
		    "seconds" },
		{ "presend audit -t . x.example",
		    "presend: audit: --timeout: '.' is not a number of "
		    "seconds" },
		{ "presend audit -t 601 x.example",
		    "presend: audit: --timeout: '601' is not from 0.01 to 600 "
		    "seconds" },
		{ "presend audit --retries 11 x.example",
		    "presend: audit: --retries: '11' is not a number from 0 to "
		    "10" },
		{ "presend audit --jobs 0 x.example",
		    "presend: audit: --jobs: '0' is not a number from 1 to "
		    "10000" },
		{ "presend audit --ip 192.0.2.0/24 x.example",
		    "presend: audit: --ip: '192.0.2.0/24' is not an IP "
		    "address" },
		{ "presend audit -n nowhere x.example",
		    "presend: audit: --resolver: 'nowhere' is not an address "
		    "or ADDR:PORT" },
		{ "presend audit --connect-to a:b x.example",
		    "presend: audit: --connect-to: 'a:b' is not "
		    "HOST1:PORT1:HOST2:PORT2" },
		{ "presend audit --as-of yesterday x.example",
		    "presend: audit: --as-of: 'yesterday' is not a time such "
		    "as 2026-11-21T00:00:00Z" },
		{ "presend audit --fail-on maybe x.example",
		    "presend: audit: --fail-on: 'maybe' is not must, should or "
		    "never" },
		{ "presend audit -p gmail,,yahoo x.example",
		    "presend: audit: --provider: 'gmail,,yahoo' has an empty "
		    "name in its list" },
		{ "presend audit --helo _ x.example",
		    "presend: audit: --helo: '' is empty" },
		{ "presend audit --helo",
		    "presend: audit: --helo: it takes NAME" },
		{ "presend audit --force=x x.example",
		    "presend: audit: --force: it takes no argument" },
		{ "presend audit --re 1 x.example",
		    "presend: audit: '--re' is short for several options" },
		{ "presend audit --timeot 1 x.example",
		    "presend: audit: '--timeot' is not an option; did you mean "
		    "--timeout?" },
		{ "presend audit --no-such 0.1 x.example",
		    "presend: audit: '--no-such' is not an option; "
		    "try 'presend audit --help'" },
		{ "presend audit -Z x.example",
		    "presend: audit: '-Z' is not an option; "
		    "try 'presend audit --help'" },
		{ "presend audit -t \033[31m x.example",
		    "presend: audit: --timeout: '\\u{1B}[31m' is not a number "
		    "of seconds" },
		{ "presend audit",
		    "presend: audit: name a domain, or give --message, "
		    "--domains or --example" },
		{ "presend audit --example x.example",
		    "presend: audit: --example brings its own domain and "
		    "message" },
		{ "presend audit --no-default-rules x.example",
		    "presend: audit: --no-default-rules leaves no rules "
		    "without --rules" },
		{ "presend rules show",
		    "presend: rules: show takes one rule id" },
		{ "presend rules frobnicate",
		    "presend: rules: what it can do is list, show ID, attest "
		    "and check FILE..." },
		{ "presend checks all",
		    "presend: checks: it takes no operand" },
		{ "presend view",
		    "presend: view: it takes one saved document" },
		{ "presend diff a.json",
		    "presend: diff: it takes two saved documents, the older "
		    "one first" },
		{ "presend diff - -",
		    "presend: diff: standard input (-) can be read once only" },
		{ "presend audit --blocklists - --psl - x.example",
		    "presend: audit: standard input (-) can be read once "
		    "only" },
	};
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(&f, cases[i].words), PARSED_WRONG);
		assert_string_equal(f.line.error, cases[i].error);
		arena_free(f.arena);
	}
}

static void
defaults_are_those_of_the_manual(void **state)
{
	struct fixture f;
	const struct settings *s = &f.line.settings;

	(void)state;
	assert_int_equal(parse(&f, "presend audit x.example"), PARSED_RUN);
	assert_string_equal(f.line.command->name, "audit");
	assert_int_equal(s->operands.n, 1);
	assert_string_equal(s->operands.items[0], "x.example");
	assert_int_equal(s->audience, AUDIENCE_BULK);
	assert_int_equal(s->class, CLASS_MARKETING);
	assert_int_equal(s->timeout_ms, 5000);
	assert_int_equal(s->retries, 2);
	assert_int_equal(s->deadline_ms, 60000);
	assert_int_equal(s->fail_on, FAIL_ON_MUST);
	assert_int_equal(s->format, FORMAT_BY_NAME);
	assert_int_equal(s->color, COLOR_AUTO);
	assert_null(s->helo);
	assert_null(s->mail_from);
	assert_int_equal(s->providers.n, 0);
	assert_false(s->has_as_of);
	arena_free(f.arena);
}

static void
each_kind_of_option_fills_its_field(void **state)
{
	struct fixture f;
	const struct settings *s = &f.line.settings;

	(void)state;
	assert_int_equal(
	    parse(&f, "presend audit --ip 192.0.2.1 --ip=2001:db8::1 "
		      "-p gmail,yahoo --provider outlook -t 0.25 --mail-from _ "
		      "--as-of 2026-11-21T00:00:00Z --audience all x.example"),
	    PARSED_RUN);
	assert_int_equal(s->ips.n, 2);
	assert_int_equal(s->ips.items[0].family, 4);
	assert_int_equal(s->ips.items[1].family, 6);
	assert_int_equal(s->providers.n, 3);
	assert_string_equal(s->providers.items[1], "yahoo");
	assert_string_equal(s->providers.items[2], "outlook");
	assert_int_equal(s->timeout_ms, 250);
	assert_string_equal(s->mail_from, "");
	assert_true(s->has_as_of);
	assert_int_equal(s->as_of, 1795219200);
	assert_int_equal(s->audience, AUDIENCE_ALL);
	arena_free(f.arena);
}

static void
resolvers_and_detours_come_parsed(void **state)
{
	struct fixture f;
	const struct settings *s = &f.line.settings;

	(void)state;
	assert_int_equal(
	    parse(&f, "presend audit -n 127.0.0.1:5353 -n [::1]:53 "
		      "--connect-to :25:127.0.0.1:2525 --retries 0 --jobs 7 "
		      "--timeout .5 --format jsonl -o - -o a.json x.example"),
	    PARSED_RUN);
	assert_int_equal(s->resolvers.n, 2);
	assert_int_equal(s->resolvers.items[0].port, 5353);
	assert_int_equal(s->resolvers.items[1].ip.family, 6);
	assert_int_equal(s->connect_to.n, 1);
	assert_int_equal(s->connect_to.items[0].port2, 2525);
	assert_int_equal(s->retries, 0);
	assert_int_equal(s->jobs, 7);
	assert_int_equal(s->timeout_ms, 500);
	assert_int_equal(s->format, FORMAT_JSONL);
	assert_int_equal(s->outputs.n, 2);
	arena_free(f.arena);
}

static void
operands_stand_anywhere_and_after_two_hyphens(void **state)
{
	struct fixture f;
	const struct settings *s = &f.line.settings;

	(void)state;
	assert_int_equal(parse(&f, "presend audit a.example -q -- -b.example"),
	    PARSED_RUN);
	assert_int_equal(s->operands.n, 2);
	assert_string_equal(s->operands.items[1], "-b.example");
	assert_true(s->quiet);
	arena_free(f.arena);
}

static void
a_long_option_may_be_abbreviated(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(parse(&f, "presend audit --dead 9 x.example"),
	    PARSED_RUN);
	assert_int_equal(f.line.settings.deadline_ms, 9000);
	arena_free(f.arena);
}

static void
help_and_version_need_nothing_else(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(parse(&f, "presend --help"), PARSED_HELP);
	assert_null(f.line.command);
	arena_free(f.arena);
	assert_int_equal(parse(&f, "presend --version"), PARSED_VERSION);
	arena_free(f.arena);
	assert_int_equal(parse(&f, "presend audit --help"), PARSED_HELP);
	assert_string_equal(f.line.command->name, "audit");
	arena_free(f.arena);
}

static void
help_fits_eighty_columns_and_names_each_option(void **state)
{
	struct slice rest, line;
	struct buf b;
	char flag[64];

	(void)state;
	buf_init(&b, 1 << 20);
	for (const struct command *c = table; c->name != NULL; c++) {
		buf_reset(&b);
		options_help(table, c, &b);
		assert_false(b.failed);
		rest = buf_slice(&b);
		for (const struct option_row *r = c->options; r->name; r++) {
			(void)snprintf(flag, sizeof(flag), "--%s", r->name);
			assert_true(
			    slice_find(rest, slice_str(flag)) != SIZE_MAX);
			assert_non_null(r->help);
			assert_non_null(r->group);
		}
		while (slice_line(&rest, &line)) {
			assert_true(line.n <= 80);
			assert_true(line.n == 0 || line.p[line.n - 1] != ' ');
		}
	}
	buf_reset(&b);
	options_help(table, NULL, &b);
	assert_true(slice_find(buf_slice(&b), SLICE_LIT("audit")) != SIZE_MAX);
	buf_free(&b);
}

static void
no_letter_and_no_name_is_given_twice(void **state)
{
	(void)state;
	for (const struct command *c = table; c->name != NULL; c++) {
		for (const struct option_row *a = c->options; a->name; a++) {
			for (const struct option_row *b = a + 1; b->name; b++) {
				assert_string_not_equal(a->name, b->name);
				assert_true(
				    a->letter == 0 || a->letter != b->letter);
			}
		}
	}
}

static void
no_memory_is_wrong_without_words(void **state)
{
	char name[] = "presend", audit[] = "audit", ip[] = "--ip=192.0.2.1";
	char domain[] = "x.example";
	struct command_line line;

	(void)state;
	for (size_t limit = 64; limit < 16384; limit += 512) {
		char *argv[] = { name, audit, ip, domain, NULL };
		struct arena *a = arena_new(limit, 64);
		enum parsed parsed;

		if (a == NULL)
			continue;
		parsed = options_parse(table, 4, argv, a, &line);
		assert_true(parsed == PARSED_RUN || parsed == PARSED_WRONG);
		if (parsed == PARSED_RUN)
			assert_int_equal(line.settings.ips.n, 1);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_error_is_one_line_that_names_option_and_value),
		cmocka_unit_test(defaults_are_those_of_the_manual),
		cmocka_unit_test(each_kind_of_option_fills_its_field),
		cmocka_unit_test(resolvers_and_detours_come_parsed),
		cmocka_unit_test(operands_stand_anywhere_and_after_two_hyphens),
		cmocka_unit_test(a_long_option_may_be_abbreviated),
		cmocka_unit_test(help_and_version_need_nothing_else),
		cmocka_unit_test(
		    help_fits_eighty_columns_and_names_each_option),
		cmocka_unit_test(no_letter_and_no_name_is_given_twice),
		cmocka_unit_test(no_memory_is_wrong_without_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
