#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "message/trace.h"
#include "with_arena.h"

WITH_ARENA(1024 * 1024, 4096)

/* Sat, 21 Nov 2026 18:50:31 +0000 */
#define DATE "; Sat, 21 Nov 2026 18:50:31 +0000"
#define WHEN INT64_C(1795287031)

enum { PLAIN, TLS, NOT_KNOWN };

static const struct {
	const char *value;
	const char *from, *reverse, *ip, *by, *with, *version, *cipher;
	int tls;
	bool submitted;
} lines[] = {
	/* Gmail */
	{ "from mta.example.com (mta.example.com. [192.0.2.1])\r\n        by "
	  "mx.google.com with ESMTPS id 4fb4d7f45d1cf-5a2si123456.2026\r\n"
	  "        for <x@gmail.com>\r\n        (version=TLS1_3 "
	  "cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\r\n        Sat, 21 "
	  "Nov 2026 10:50:31 -0800 (PST)",
	    "mta.example.com", "mta.example.com", "192.0.2.1", "mx.google.com",
	    "ESMTPS", "TLS1_3", "TLS_AES_256_GCM_SHA384", TLS, false },
	{ "by 2002:a05:6102:22c6:0:0:0:0 with SMTP id a6csp126141vsh" DATE, "",
	    "", "", "2002:a05:6102:22c6:0:0:0:0", "SMTP", "", "", PLAIN,
	    false },
	{ "from mail-sor-f41.google.com (mail-sor-f41.google.com. "
	  "[2001:db8::41]) by mx.google.com with SMTPS id a-b.1 for <x@g.test>"
	  " (Google Transport Security)" DATE,
	    "mail-sor-f41.google.com", "mail-sor-f41.google.com",
	    "2001:db8::41", "mx.google.com", "SMTPS", "", "", TLS, false },
	{ "from mta.example.com ([192.0.2.1]) by mx.google.com with ESMTP id "
	  "x.1 for <x@gmail.com>" DATE,
	    "mta.example.com", "", "192.0.2.1", "mx.google.com", "ESMTP", "",
	    "", PLAIN, false },
	/* Yahoo */
	{ "from 192.0.2.1 (EHLO mta.example.com)\r\n by 10.217.151.74 with "
	  "SMTPs\r\n (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256);\r\n Sat, "
	  "21 Nov 2026 18:50:31 +0000",
	    "mta.example.com", "", "192.0.2.1", "10.217.151.74", "SMTPs",
	    "TLS1_3", "TLS_AES_128_GCM_SHA256", TLS, false },
	{ "from 10.197.37.72 by atlas116.free.mail.bf1.yahoo.com pod-id NONE "
	  "with HTTPS" DATE,
	    "", "", "10.197.37.72", "atlas116.free.mail.bf1.yahoo.com", "HTTPS",
	    "", "", NOT_KNOWN, true },
	/* Outlook.com, Exchange */
	{ "from mta.example.com (192.0.2.1) by\r\n "
	  "BN8NAM11FT012.mail.protection.outlook.com (10.13.177.55) with "
	  "Microsoft SMTP\r\n Server (version=TLS1_3, "
	  "cipher=TLS_AES_256_GCM_SHA384) id 15.20.9000.1 via\r\n Frontend "
	  "Transport" DATE,
	    "mta.example.com", "", "192.0.2.1",
	    "BN8NAM11FT012.mail.protection.outlook.com",
	    "Microsoft SMTP\r\n Server", "TLS1_3", "TLS_AES_256_GCM_SHA384",
	    TLS, false },
	{ "from AM0PR01CA0001.eurprd01.prod.exchangelabs.com (2603:10a6::6) by"
	  " DB9PR01MB0001.eurprd01.prod.outlook.com (2603:10a6:10::2) with "
	  "Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_"
	  "AES_256_GCM_SHA384) id 15.20.1.2" DATE,
	    "AM0PR01CA0001.eurprd01.prod.exchangelabs.com", "", "2603:10a6::6",
	    "DB9PR01MB0001.eurprd01.prod.outlook.com", "Microsoft SMTP Server",
	    "TLS1_2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", TLS, false },
	{ "from mta.example.com (192.0.2.1) by mail.corp.example (10.0.0.5) "
	  "with Microsoft SMTP Server id 15.1.2507.6" DATE,
	    "mta.example.com", "", "192.0.2.1", "mail.corp.example",
	    "Microsoft SMTP Server", "", "", PLAIN, false },
	{ "from mta.example.com (192.0.2.1) by mail.corp.example (10.0.0.5) "
	  "with Microsoft SMTP Server (TLS) id 14.3.1.1" DATE,
	    "mta.example.com", "", "192.0.2.1", "mail.corp.example",
	    "Microsoft SMTP Server", "", "", TLS, false },
	{ "from X.corp.example ([fe80::1]) by Y.corp.example ([::1]) with mapi"
	  " id 15.20.1" DATE,
	    "X.corp.example", "", "fe80::1", "Y.corp.example", "mapi", "", "",
	    NOT_KNOWN, true },
	/* iCloud, Proofpoint */
	{ "from mta.example.com (mta.example.com [192.0.2.1])\r\n\tby "
	  "pv50p00im-tydg10021701.me.com (Postfix) with ESMTPS id 1234\r\n\tfor"
	  " <x@icloud.com>" DATE,
	    "mta.example.com", "mta.example.com", "192.0.2.1",
	    "pv50p00im-tydg10021701.me.com", "ESMTPS", "", "", TLS, false },
	{ "from mta.example.com (mta.example.com [192.0.2.1]) by "
	  "mx0a-00000000.pphosted.com (PPS) with ESMTPS id 3abc-1 "
	  "(version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 "
	  "verify=NOT) for <x@corp.example>" DATE,
	    "mta.example.com", "mta.example.com", "192.0.2.1",
	    "mx0a-00000000.pphosted.com", "ESMTPS", "TLSv1.2",
	    "ECDHE-RSA-AES256-GCM-SHA384", TLS, false },
	/* Postfix */
	{ "from helo.example (mta.example.com [192.0.2.1])\r\n\t(using TLSv1.3 "
	  "with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n\t "
	  "key-exchange X25519 server-signature RSA-PSS (2048 bits))\r\n\t(No "
	  "client certificate requested)\r\n\tby mx.recv.test (Postfix) with "
	  "ESMTPS id 4Sab1\r\n\tfor <x@recv.test>" DATE,
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "ESMTPS", "TLSv1.3", "TLS_AES_256_GCM_SHA384", TLS, false },
	{ "from helo.example (unknown [IPv6:2001:db8::1]) by mx.recv.test "
	  "(Postfix) with ESMTP id 4Sab1" DATE,
	    "helo.example", "", "2001:db8::1", "mx.recv.test", "ESMTP", "", "",
	    PLAIN, false },
	{ "from [10.1.2.3] (client.isp.test [198.51.100.7]) (using TLSv1.2 "
	  "with cipher ECDHE-RSA-AES128-GCM-SHA256 (128/128 bits)) "
	  "(Authenticated sender: x) by mx.recv.test (Postfix) with ESMTPSA "
	  "id 4Sab1" DATE,
	    "[10.1.2.3]", "client.isp.test", "198.51.100.7", "mx.recv.test",
	    "ESMTPSA", "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", TLS, true },
	/* Exim */
	{ "from mta.example.com ([192.0.2.1] helo=helo.example) by "
	  "mx.recv.test with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim "
	  "4.96) (envelope-from <a@b.test>) id 1r5VkZ-0001-2a for x@recv.test" DATE,
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "esmtps", "TLS1.3", "TLS_AES_256_GCM_SHA384", TLS, false },
	{ "from [192.0.2.1] (helo=helo.example) by mx.recv.test with esmtp "
	  "(Exim 4.84) (envelope-from <a@b.test>) id 1r5-2" DATE,
	    "helo.example", "", "192.0.2.1", "mx.recv.test", "esmtp", "", "",
	    PLAIN, false },
	{ "from helo.example ([192.0.2.1]) by mx.recv.test with esmtps "
	  "(TLSv1.2:ECDHE-RSA-AES256-GCM-SHA384:256) (Exim 4.84) id 1r5-2" DATE,
	    "helo.example", "", "192.0.2.1", "mx.recv.test", "esmtps",
	    "TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384", TLS, false },
	{ "from [192.0.2.1] (port=51234 helo=[192.168.1.5]) by mx.recv.test "
	  "with esmtpsa (TLS1.3:TLS_AES_128_GCM_SHA256:128) id 1r5-2" DATE,
	    "[192.168.1.5]", "", "192.0.2.1", "mx.recv.test", "esmtpsa",
	    "TLS1.3", "TLS_AES_128_GCM_SHA256", TLS, true },
	{ "from www-data by mx.recv.test with local (Exim 4.96) (envelope-from"
	  " <a@b.test>) id 1r5-2" DATE,
	    "www-data", "", "", "mx.recv.test", "local", "", "", NOT_KNOWN,
	    true },
	/* Sendmail */
	{ "from helo.example (mta.example.com [192.0.2.1] (may be forged))\r\n"
	  "\tby mx.recv.test (8.17.1/8.17.1) with ESMTPS id 3ALIo (version="
	  "TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO)\r\n\tfor "
	  "<x@recv.test>" DATE,
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "ESMTPS", "TLSv1.3", "TLS_AES_256_GCM_SHA384", TLS, false },
	{ "from helo.example (IDENT:joe@mta.example.com [192.0.2.1]) by "
	  "mx.recv.test (8.9.3/8.9.3) with SMTP id XAA1" DATE,
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "SMTP", "", "", PLAIN, false },
	/* OpenSMTPD */
	{ "from helo.example (mta.example.com [192.0.2.1]) by mx.recv.test "
	  "(OpenSMTPD) with ESMTPS id 1a2b3c (TLSv1.3:TLS_AES_256_GCM_SHA384:"
	  "256:NO) for <x@recv.test>" DATE,
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "ESMTPS", "TLSv1.3", "TLS_AES_256_GCM_SHA384", TLS, false },
	/* qmail, netqmail, qpsmtpd */
	{ "from unknown (HELO helo.example) (192.0.2.1)\r\n  by mx.recv.test "
	  "with SMTP; 21 Nov 2026 18:50:31 -0000",
	    "helo.example", "", "192.0.2.1", "mx.recv.test", "SMTP", "", "",
	    PLAIN, false },
	{ "from mta.example.com (HELO helo.example) (joe@192.0.2.1) by "
	  "mx.recv.test with ESMTP; 21 Nov 2026 18:50:31 -0000",
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "ESMTP", "", "", PLAIN, false },
	{ "from mta.example.com (HELO helo.example) (192.0.2.1) by "
	  "mx.recv.test with ECDHE-RSA-AES256-GCM-SHA384 encrypted SMTP; 21 "
	  "Nov 2026 18:50:31 -0000",
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "SMTP", "", "ECDHE-RSA-AES256-GCM-SHA384", TLS, false },
	{ "(qmail 12345 invoked by uid 89); 21 Nov 2026 18:50:31 -0000", "", "",
	    "", "", "", "", "", NOT_KNOWN, false },
	{ "from mta.example.com (HELO helo.example) (192.0.2.1) by "
	  "mx.recv.test (qpsmtpd/0.94) with (AES256-SHA encrypted) ESMTPS" DATE,
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "ESMTPS", "", "AES256-SHA", TLS, false },
	/* MDaemon and others */
	{ "from helo.example (mta.example.com [192.0.2.1]) (Cipher "
	  "TLSv1.2:TLS_AES:256) by mx.recv.test (MDaemon PRO v21.0.0) with "
	  "ESMTPS id md5001.msg" DATE,
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "ESMTPS", "TLSv1.2", "TLS_AES", TLS, false },
	{ "from unknown (HELO helo.example) () by mx.recv.test with "
	  "ESMTP/TLS/DHE-RSA-AES256-GCM-SHA384" DATE,
	    "helo.example", "", "", "mx.recv.test",
	    "ESMTP/TLS/DHE-RSA-AES256-GCM-SHA384", "",
	    "DHE-RSA-AES256-GCM-SHA384", TLS, false },
	{ "from mx1.recv.test by store.recv.test with LMTP id abc" DATE,
	    "mx1.recv.test", "", "", "store.recv.test", "LMTP", "", "", PLAIN,
	    true },
	{ "from a.test (b.test [192.0.2.1]) by c.test with UTF8SMTPS id 1" DATE,
	    "a.test", "b.test", "192.0.2.1", "c.test", "UTF8SMTPS", "", "", TLS,
	    false },
	{ "from a.test (b.test [192.0.2.1]) by c.test with LMTPS" DATE,
	    "a.test", "b.test", "192.0.2.1", "c.test", "LMTPS", "", "", TLS,
	    true },
	{ "from a.test (b.test [192.0.2.1]) by c.test" DATE, "a.test", "b.test",
	    "192.0.2.1", "c.test", "", "", "", NOT_KNOWN, false },
	/* Momentum, Courier, smail, and a name with its address behind it */
	{ "from ([192.0.2.1:33672] helo=helo.example) by va-1.recv.test "
	  "(ecelerity 4.2.1) with ESMTP id EE/20" DATE,
	    "helo.example", "", "192.0.2.1", "va-1.recv.test", "ESMTP", "", "",
	    PLAIN, false },
	{ "from helo.example (mta.example.com [192.0.2.1]) (TLS: TLS1.3, "
	  "128bits, ECDHE_RSA_AES_128_GCM_SHA256) by mx.recv.test with ESMTPS "
	  "id 0" DATE,
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "ESMTPS", "TLS1.3", "", TLS, false },
	{ "from helo.example [192.0.2.1] by mx.recv.test with esmtp" DATE,
	    "helo.example", "", "192.0.2.1", "mx.recv.test", "esmtp", "", "",
	    PLAIN, false },
	{ "from helo.example (mta.example.com[192.0.2.1]) by mx.recv.test with "
	  "SMTP" DATE,
	    "helo.example", "mta.example.com", "192.0.2.1", "mx.recv.test",
	    "SMTP", "", "", PLAIN, false },
	{ "from helo.example (192.0.2.1:23198) by mx.recv.test (203.0.113.5:25)"
	  " with [XMail 1.20 ESMTP Server] id <S72E>" DATE,
	    "helo.example", "", "192.0.2.1", "mx.recv.test",
	    "[XMail 1.20 ESMTP Server]", "", "", NOT_KNOWN, false },
	/* what a client says is no TLS text */
	{ "from TLSv1.3 (TLSv1.3.evil.test [192.0.2.1]) by c.test with SMTP" DATE,
	    "TLSv1.3", "TLSv1.3.evil.test", "192.0.2.1", "c.test", "SMTP", "",
	    "", PLAIN, false },
	{ "from [192.0.2.1] (helo=cipher=x) by c.test with smtp" DATE,
	    "cipher=x", "", "192.0.2.1", "c.test", "smtp", "", "", PLAIN,
	    false },
	{ "from by (by [192.0.2.1]) by c.test with SMTP from d.test" DATE, "by",
	    "", "192.0.2.1", "c.test", "SMTP", "", "", PLAIN, false },
};

static void
want(size_t i, const char *what, struct slice got, const char *text)
{
	if (!slice_eq(got, slice_str(text)))
		fail_msg("line %zu: %s is %.*s, not %s", i, what,
		    SLICE_FMT(got), text);
}

static struct received
parse(const char *value)
{
	struct field f = { .value = slice_str(value), .line = 7 };
	struct received r;

	received_parse(arena, &f, &r);
	assert_false(arena_failed(arena));
	assert_int_equal(r.line, 7);
	return r;
}

/* Folding is gone from "with", as from all of it. */
static const char *
unfolded(const char *text)
{
	struct field f = { .value = slice_str(text) };
	struct slice s = field_unfolded(arena, &f);

	return arena_printf(arena, "%.*s", SLICE_FMT(s));
}

static void
common_receivers_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct received r = parse(lines[i].value);
		struct slice ip = SLICE_NONE;

		if (r.ip.family != 0)
			ip = ip_text(arena, &r.ip);
		want(i, "from", r.from, lines[i].from);
		want(i, "reverse", r.reverse, lines[i].reverse);
		want(i, "ip", ip, lines[i].ip);
		want(i, "by", r.by, lines[i].by);
		want(i, "with", r.with, unfolded(lines[i].with));
		want(i, "version", r.tls_version, lines[i].version);
		want(i, "cipher", r.tls_cipher, lines[i].cipher);
		if (r.over_tls != (lines[i].tls == TLS) ||
		    r.tls_known != (lines[i].tls != NOT_KNOWN) ||
		    r.submitted != lines[i].submitted)
			fail_msg("line %zu: over_tls %d, tls_known %d, "
				 "submitted %d",
			    i, r.over_tls, r.tls_known, r.submitted);
		assert_true(r.when == WHEN);
	}
}

static const struct {
	const char *value;
	const char *from, *by;
} damaged[] = {
	{ "", "", "" },
	{ ";", "", "" },
	{ "from", "", "" },
	{ "from (", "", "" },
	{ "from a.test (x [192.0.2.1] by b.test; Sat", "a.test", "" },
	{ "from a.test ) by b.test; 30 Feb 2026 00:00:00 +0000", "a.test",
	    "b.test" },
	{ "by b.test from a.test; yesterday", "a.test", "b.test" },
	{ "from a.test from c.test by b.test by d.test; ", "a.test", "b.test" },
	{ "from a.test (\\", "a.test", "" },
	{ "from a.test ([192.0.2.256] [192.0.2) by b.test", "a.test",
	    "b.test" },
};

static void
damaged_fields_give_what_can_be_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		struct received r = parse(damaged[i].value);

		want(i, "from", r.from, damaged[i].from);
		want(i, "by", r.by, damaged[i].by);
		assert_true(r.when == INT64_MIN);
	}
}

static void
nul_octets_do_not_stop_it(void **state)
{
	struct field f = { .value = SLICE_LIT("from \0 (\0 [192.0.2.1]\0) "
					      "by b.test\0 with SMTP") };
	struct received r;

	(void)state;
	received_parse(arena, &f, &r);
	assert_int_equal(r.ip.family, 4);
	assert_int_equal(r.by.n, 7);
}

static void
too_long_a_field_is_not_read(void **state)
{
	char *text = calloc(1, LIMIT_TRACE_FIELD + 1);
	struct field f = { .value = slice_of(text, LIMIT_TRACE_FIELD + 1) };
	struct received r;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', LIMIT_TRACE_FIELD + 1);
	memcpy(text, "by a.test", 9);
	received_parse(arena, &f, &r);
	assert_int_equal(r.by.n, 0);
	f.value.n--;
	received_parse(arena, &f, &r);
	assert_int_equal(r.by.n, 6);
	free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(common_receivers_are_read),
		TEST(damaged_fields_give_what_can_be_read),
		TEST(nul_octets_do_not_stop_it),
		TEST(too_long_a_field_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
