#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_sweep.h"
#include "message/address.h"
#include "message/encoded.h"
#include "message/fields.h"
#include "message/lines.h"
#include "message/trace.h"

/*
 * Each parser under an arena whose ceiling rises until it is enough: every
 * allocation fails once, and each failure is told.
 */

static const char text[] =
    "Return-Path: <\"b b\"@example.com>\r\n"
    "Received: from mta.example.com\r\n by mx.mail.ru with SMTP id 1;\r\n"
    " Sat, 21 Nov 2026 18:50:31 +0000\r\n"
    "Received-SPF: pass (x)\r\n client-ip=192.0.2.1; helo=mta.example.com;\r\n"
    " envelope-from=b@example.com\r\n"
    "Authentication-Results: mx.mail.ru; a=b reason=\"c\" d.e=\"f\"@g h.i=j;\r\n"
    " spf=pass smtp.mailfrom=\"b b\"@example.com; k=l m.n=o; p=q; r=s; t=u\r\n"
    "Subject: a =?utf-8?q?b?=\r\n =?iso-8859-1?q?=e4?= c\r\n"
    "To: \"A\\\"\" =?utf-8?q?b?= <a.b@c.test>, g: h . i <@j:k@l.test>,\r\n"
    " \"m\"@n. o, p@[q]; , a@b, a@b, a@b, a@b, a@b, a@b, a@b, a@b\r\n\r\n";

static enum rc
run_message(struct arena *a)
{
	struct message m;
	enum rc rc = message_parse(a, slice_str(text), &m);

	if (rc)
		return rc;
	assert_int_equal(m.n_fields, 6);
	return RC_OK;
}

static enum rc
run_text(struct arena *a)
{
	struct message m;
	struct slice s;

	if (message_parse(a, slice_str(text), &m) != RC_OK)
		return RC_LIMIT;
	s = field_text(a, message_field(&m, "subject", 0));
	if (s.p == NULL) {
		assert_true(arena_failed(a));
		return RC_LIMIT;
	}
	assert_true(slice_eq(s, SLICE_LIT("a b\xc3\xa4 c")));
	return RC_OK;
}

static enum rc
run_addresses(struct arena *a)
{
	struct address_list l;
	struct message m;
	enum rc rc;

	if (message_parse(a, slice_str(text), &m) != RC_OK)
		return RC_LIMIT;
	rc = address_list_parse(a, message_field(&m, "to", 0)->value, &l);
	if (rc)
		return rc;
	assert_int_equal(l.fault, ADDRESS_FINE);
	assert_int_equal(l.n, 12);
	return RC_OK;
}

static enum rc
run_path(struct arena *a)
{
	struct path p;

	if (!path_parse(a, SLICE_LIT("<@x:\"a b\"@c.test>"), &p)) {
		assert_true(arena_failed(a));
		return RC_LIMIT;
	}
	assert_true(slice_eq(p.local, SLICE_LIT("a b")));
	return RC_OK;
}

static enum rc
run_auth_results(struct arena *a)
{
	struct auth_results ar;
	struct message m;
	enum rc rc;

	if (message_parse(a, slice_str(text), &m) != RC_OK)
		return RC_LIMIT;
	rc = auth_results_parse(a,
	    message_field(&m, "authentication-results", 0)->value, &ar);
	if (rc)
		return rc;
	assert_int_equal(ar.n, 6);
	assert_int_equal(ar.results[0].n_properties, 2);
	return RC_OK;
}

static enum rc
run_lint(struct arena *a)
{
	struct lint l = { .arena = a };
	struct message m;
	struct fields f;
	enum rc rc;

	if (message_parse(a, slice_str(text), &m) != RC_OK)
		return RC_LIMIT;
	fields_find(&m, &f);
	assert_true(lines_lint(&l, &m));
	rc = fields_lint(&l, &m, &f, 0);
	if (rc)
		return rc;
	assert_true(l.n > 4);
	return RC_OK;
}

static enum rc
run_last_hop(struct arena *a)
{
	struct last_hop hop;
	struct message m;
	enum rc rc;

	if (message_parse(a, slice_str(text), &m) != RC_OK)
		return RC_LIMIT;
	rc = last_hop_find(a, &m, &hop);
	if (rc)
		return rc;
	assert_true(hop.found);
	assert_true(slice_eq(hop.mail_from, SLICE_LIT("b b@example.com")));
	return RC_OK;
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	arena_sweep(run_message);
	arena_sweep(run_text);
	arena_sweep(run_addresses);
	arena_sweep(run_path);
	arena_sweep(run_auth_results);
	arena_sweep(run_last_hop);
	arena_sweep(run_lint);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
