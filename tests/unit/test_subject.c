#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/subject.h"

#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* The subject of example.com by one command line; to be closed. */
static struct audit *
built(const char *mail_from, const char *helo)
{
	struct settings settings;
	struct subject_common common = { .settings = &settings };
	struct input input = { .domain = SLICE_LIT("example.com") };
	struct audit *a;

	settings_init(&settings);
	settings.mail_from = mail_from;
	settings.helo = helo;
	assert_int_equal(audit_new(0, &a), RC_OK);
	assert_int_equal(subject_build(&common, &input, a), RC_OK);
	return a;
}

static bool
same(struct slice s, const char *want)
{
	return (s.p == NULL) == (want == NULL) && slice_eq(s, slice_str(want));
}

static void
an_envelope_sender_is_split_at_its_last_at(void **state)
{
	static const struct {
		const char *given;
		/* NULL: nothing */
		const char *address, *local, *raw, *domain;
	} cases[] = {
		{ NULL, "postmaster@example.com", "postmaster", "example.com",
		    "example.com" },
		{ "a@Bounce.Example.NET", "a@Bounce.Example.NET", "a",
		    "Bounce.Example.NET", "bounce.example.net" },
		{ "<a@b.example>", "a@b.example", "a", "b.example",
		    "b.example" },
		{ "a@b.example.", "a@b.example.", "a", "b.example.",
		    "b.example" },
		{ "\"a@b\"@c.example", "\"a@b\"@c.example", "\"a@b\"",
		    "c.example", "c.example" },
		{ "a@b@c.example", "a@b@c.example", "a@b", "c.example",
		    "c.example" },
		/* the null sender */
		{ "", "", NULL, NULL, NULL },
		{ "<>", "", NULL, NULL, NULL },
		/* RFC 7208 4.3: no local part */
		{ "@example.net", "@example.net", "", "example.net",
		    "example.net" },
		/* RFC 7208 4.3: no domain, which is for the checks to say */
		{ "a@", "a@", "a", "", NULL },
		{ "@", "@", "", "", NULL },
		{ "a@[192.0.2.1]", "a@[192.0.2.1]", "a", "[192.0.2.1]", NULL },
		{ "a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]", "a",
		    "[IPv6:2001:db8::1]", NULL },
		{ "a@b..example", "a@b..example", "a", "b..example", NULL },
		{ "a@.example", "a@.example", "a", ".example", NULL },
		{ "a@" A63 "a.example", "a@" A63 "a.example", "a",
		    A63 "a.example", NULL },
		{ "a@b c.example", "a@b c.example", "a", "b c.example", NULL },
		{ "a@\xff\xfe.example", "a@\xff\xfe.example", "a",
		    "\xff\xfe.example", NULL },
		{ "a@-b.example", "a@-b.example", "a", "-b.example", NULL },
		/* canonical, if not fully qualified */
		{ "a@localhost", "a@localhost", "a", "localhost", "localhost" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct audit *a = built(cases[i].given, NULL);
		const struct subject *s = &a->subject;

		if (a->error != NULL || !same(s->mail_from, cases[i].address) ||
		    !same(s->mail_from_local, cases[i].local) ||
		    !same(s->mail_from_raw_domain, cases[i].raw) ||
		    !same(s->mail_from_domain, cases[i].domain))
			fail_msg("case %zu: %s", i,
			    a->error != NULL ? a->error : "other parts");
		assert_non_null(
		    json_object_get(json_object_get(a->facts, "subject"),
			"mail_from_domain"));
		audit_close(&a);
	}
}

static void
what_is_no_address_is_an_error(void **state)
{
	static const char *const cases[] = {
		"x",
		"postmaster",
		"example.com",
		"<x>",
		"\x1b[31m@example.com",
		"a@exam\nple.com",
		"a@example.com\x7f",
		"a\r@example.com",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct audit *a = built(cases[i], NULL);

		if (a->error == NULL ||
		    strstr(a->error, "is not an address") == NULL)
			fail_msg("case %zu", i);
		assert_null(a->subject.mail_from_domain.p);
		audit_close(&a);
	}
}

static void
a_helo_name_is_passed_on_as_it_is(void **state)
{
	static const char *const cases[] = {
		"Mail.Example.com.",
		"localhost",
		"[192.0.2.1]",
		"[IPv6:2001:db8::1]",
		"192.0.2.1",
		"a..b",
		"a b",
		"\xff",
		"\x1b[31m",
		A63 "a.example",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct audit *a = built(NULL, cases[i]);

		assert_null(a->error);
		assert_true(same(a->subject.helo, cases[i]));
		audit_close(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_envelope_sender_is_split_at_its_last_at),
		cmocka_unit_test(what_is_no_address_is_an_error),
		cmocka_unit_test(a_helo_name_is_passed_on_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
