#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message/trace.h"
#include "with_arena.h"

WITH_ARENA(1024 * 1024, 4096)

/* "server;method=result(reason) ptype.name=value;..." */
static struct slice
shown(const struct auth_results *ar)
{
	struct slice all = arena_copy(arena, ar->server);

	for (size_t i = 0; i < ar->n; i++) {
		const struct auth_result *r = &ar->results[i];

		all = arena_slicef(arena, "%.*s;%.*s=%.*s", SLICE_FMT(all),
		    SLICE_FMT(r->method), SLICE_FMT(r->result));
		if (r->reason.p != NULL)
			all = arena_slicef(arena, "%.*s(%.*s)", SLICE_FMT(all),
			    SLICE_FMT(r->reason));
		for (size_t j = 0; j < r->n_properties; j++) {
			const struct auth_property *p = &r->properties[j];

			all = arena_slicef(arena, "%.*s %.*s.%.*s=%.*s",
			    SLICE_FMT(all), SLICE_FMT(p->ptype),
			    SLICE_FMT(p->name), SLICE_FMT(p->value));
		}
	}
	return all;
}

static const struct {
	const char *in, *out;
} valid[] = {
	/* RFC 8601 appendix B */
	{ "example.org 1; none", "example.org" },
	{ "example.com;\r\n          spf=pass smtp.mailfrom=example.net",
	    "example.com;spf=pass smtp.mailfrom=example.net" },
	{ "example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;"
	  "\r\n spf=pass smtp.mailfrom=example.net",
	    "example.com;auth=pass smtp.auth=sender@example.net;"
	    "spf=pass smtp.mailfrom=example.net" },
	{ "example.com; dkim=pass reason=\"good signature\"\r\n "
	  "header.i=@mail-router.example.net;\r\n dkim=fail reason=\"bad "
	  "signature\" header.i=@newyork.example.com",
	    "example.com;dkim=pass(good signature) "
	    "header.i=@mail-router.example.net;dkim=fail(bad signature) "
	    "header.i=@newyork.example.com" },
	{ "foo.example.net (foobar) 1 (baz);\r\n    dkim (Because I like it) /"
	  " 1 (One yay) = (wait for it) fail\r\n      policy (A dot can go "
	  "here) . (like that) expired\r\n      (this surprised me) = (as I "
	  "wasn't expecting it) 1362471462",
	    "foo.example.net;dkim=fail policy.expired=1362471462" },
	/* Gmail */
	{ "mx.google.com;\r\n       dkim=pass header.i=@example.com "
	  "header.s=s1 header.b=AbC/12+d;\r\n       spf=pass (google.com: "
	  "domain of b@example.com designates 192.0.2.1 as permitted sender) "
	  "smtp.mailfrom=b@example.com;\r\n       dmarc=pass (p=REJECT "
	  "sp=REJECT dis=NONE) header.from=example.com",
	    "mx.google.com;dkim=pass header.i=@example.com header.s=s1 "
	    "header.b=AbC/12+d;spf=pass smtp.mailfrom=b@example.com;"
	    "dmarc=pass header.from=example.com" },
	/* quoted */
	{ "\"a b\"; x=y", "a b;x=y" },
	{ "a; x=y p.q=\"v; \\\"w\\\"\"", "a;x=y p.q=v; \"w\"" },
	{ "a; spf=pass smtp.mailfrom=\"a b\"@c.test",
	    "a;spf=pass smtp.mailfrom=a b@c.test" },
	{ "a; dkim=pass header.b=\"a=b\" header.d = c", "a;dkim=pass "
							"header.b=a=b "
							"header.d=c" },
	{ "a ; none (really)", "a" },
};

static void
results_are_read(void **state)
{
	struct auth_results ar;

	(void)state;
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		assert_int_equal(auth_results_parse(arena,
				     slice_str(valid[i].in), &ar),
		    RC_OK);
		if (!slice_eq(shown(&ar), slice_str(valid[i].out)))
			fail_msg("%s: %.*s", valid[i].in,
			    SLICE_FMT(shown(&ar)));
		assert_false(ar.malformed);
	}
}

static const struct {
	const char *in, *out;
} malformed[] = {
	{ "", "" },
	{ ";", "" },
	{ "a", "a" },
	{ "a;", "a" },
	{ "a; spf", "a" },
	{ "a; spf=", "a;spf=" },
	{ "a; spf=pass;", "a;spf=pass" },
	{ "a; spf=pass;; dkim=fail", "a;spf=pass;dkim=fail" },
	{ "a; spf=pass x", "a;spf=pass" },
	{ "a; none; spf=pass", "a;spf=pass" },
	{ "a 2; spf=pass", "a" },
	{ "a 1 2; spf=pass", "a;spf=pass" },
	{ "a; dkim/2=pass", "a;dkim=pass" },
	{ "a; spf=pass (open", "a;spf=pass" },
	{ "a; spf=pass x.y=\"open; dkim=pass", "a;spf=pass x.y=open; "
					       "dkim=pass" },
	{ "a; \"x;\" y; spf=pass", "a;spf=pass" },
	/* Outlook.com: no authserv-id, no ptype, a domain by itself */
	{ "spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.com; "
	  "rcpt.example; dkim=pass (signature was\r\n verified) "
	  "header.d=example.com;dmarc=pass action=none "
	  "header.from=example.com;compauth=pass reason=100",
	    ";spf=pass smtp.mailfrom=example.com;dkim=pass "
	    "header.d=example.com;dmarc=pass .action=none "
	    "header.from=example.com;compauth=pass(100)" },
};

static void
malformed_fields_are_flagged_and_read(void **state)
{
	struct auth_results ar;

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		assert_int_equal(auth_results_parse(arena,
				     slice_str(malformed[i].in), &ar),
		    RC_OK);
		if (!slice_eq(shown(&ar), slice_str(malformed[i].out)))
			fail_msg("%s: %.*s", malformed[i].in,
			    SLICE_FMT(shown(&ar)));
		if (!ar.malformed)
			fail_msg("%s is taken for well formed",
			    malformed[i].in);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(results_are_read),
		TEST(malformed_fields_are_flagged_and_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
