#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message/receiver.h"
#include "message/trace.h"
#include "with_arena.h"

WITH_ARENA(1024 * 1024, 4096)

#define DATE "; Sat, 21 Nov 2026 18:50:31 +0000\n"

/* What the sender's own hosts wrote, below the last hop. */
#define BELOW \
	"Received: from app.example.com (app.example.com [198.51.100.9]) by " \
	"mta.example.org with ESMTP" DATE \
	"Received-SPF: pass (x) client-ip=198.51.100.99; " \
	"envelope-from=no@below.test\n" \
	"Authentication-Results: mx.google.com; spf=pass " \
	"smtp.mailfrom=no@below.test\n" \
	"From: a@example.com\n\n"

static const struct {
	const char *message;
	const char *by; /* NULL: no hop */
	const char *from, *ip, *mail_from;
	bool null_sender, domain_only;
} messages[] = {
	/* Gmail */
	{ "Delivered-To: x@gmail.com\n"
	  "Received: by 2002:a05:6102:22c6:0:0:0:0 with SMTP id a6" DATE
	  "X-Received: by 2002:a92:ca4e:: with SMTP id q14" DATE
	  "Return-Path: <bounce@example.com>\n"
	  "Received: from mta.example.com (mta.example.com. [192.0.2.1]) by "
	  "mx.google.com with ESMTPS id 1 for <x@gmail.com>" DATE
	  "Received-SPF: pass (google.com: domain of b designates) "
	  "client-ip=192.0.2.77;\n" BELOW,
	    "mx.google.com", "mta.example.com", "192.0.2.1",
	    "bounce@example.com", false, false },
	/* from a customer of Gmail to another */
	{ "Received: by 2002:a05:6102:22c6:0:0:0:0 with SMTP id a6" DATE
	  "Return-Path: <a@example.com>\n"
	  "Received: from mail-sor-f41.google.com (mail-sor-f41.google.com. "
	  "[209.85.220.41]) by mx.google.com with SMTPS id 1" DATE
	  "Received: from client.isp.test ([198.51.100.7]) by smtp.gmail.com "
	  "with ESMTPSA id 2" DATE "\n",
	    "mx.google.com", "mail-sor-f41.google.com", "209.85.220.41",
	    "a@example.com", false, false },
	/* Yahoo: "by" is an address */
	{ "Return-Path: <>\n"
	  "Received: from 10.197.37.72 by atlas116.free.mail.bf1.yahoo.com "
	  "pod-id NONE with HTTPS" DATE
	  "Authentication-Results: atlas116.free.mail.bf1.yahoo.com; spf=none "
	  "smtp.mailfrom=mta.example.com\n"
	  "Received: from 192.0.2.1 (EHLO mta.example.com) by 10.217.151.74 "
	  "with SMTPs" DATE BELOW,
	    "10.217.151.74", "mta.example.com", "192.0.2.1", "", true, false },
	/* Outlook.com: notes above and below, no authserv-id */
	{ "Received: from DM1.namprd01.prod.outlook.com (2603:10b6::1) by "
	  "DM2.namprd02.prod.outlook.com with HTTPS" DATE
	  "Received: from BN1CA.namprd03.prod.outlook.com (2603:10b6::2) by "
	  "DM1.namprd01.prod.outlook.com (2603:10b6::1) with Microsoft SMTP "
	  "Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15" DATE
	  "Authentication-Results: spf=pass (sender IP is 192.0.2.1) "
	  "smtp.mailfrom=bounce.example.com; rcpt.test; dkim=pass\n"
	  "Received-SPF: Pass (protection.outlook.com: domain of x) "
	  "receiver=protection.outlook.com; client-ip=192.0.2.1; "
	  "helo=mta.example.com; pr=C\n"
	  "Received: from mta.example.com (192.0.2.1) by "
	  "BN8.mail.protection.outlook.com (10.13.177.55) with Microsoft SMTP "
	  "Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15" DATE
	  "Received: from app.example.com (198.51.100.9) by mta.example.org "
	  "with ESMTP" DATE "From: a@example.com\n\n",
	    "BN8.mail.protection.outlook.com", "mta.example.com", "192.0.2.1",
	    "postmaster@bounce.example.com", false, true },
	/* one Microsoft customer to another */
	{ "Received: from A.prod.outlook.com (2603:10b6::2) by "
	  "B.outlook.office365.com (2603:10b6::1) with Microsoft SMTP Server "
	  "id 15" DATE "Received: from EUR05.outbound.protection.outlook.com "
	  "(2a01:111:f403::1) by DB8.mail.protection.outlook.com (10.1.2.3) "
	  "with Microsoft SMTP Server id 15" DATE "\n",
	    "DB8.mail.protection.outlook.com",
	    "EUR05.outbound.protection.outlook.com", "2a01:111:f403::1", "",
	    false, false },
	/* iCloud: names of one provider under several domains */
	{ "Return-Path: <b@example.com>\n"
	  "Received: from st43.me.com (st43.me.com [17.0.0.1]) by "
	  "ms1.icloud.com with ESMTPS" DATE
	  "Received: from mta.example.com (mta.example.com [192.0.2.1]) by "
	  "st43.me.com (Postfix) with ESMTPS id 1" DATE BELOW,
	    "st43.me.com", "mta.example.com", "192.0.2.1", "b@example.com",
	    false, false },
	/* a receiver that is not in the table */
	{ "Return-Path: <\"b b\"@example.com>\n"
	  "Received: from localhost (localhost [127.0.0.1]) by mx.recv.test "
	  "with ESMTP" DATE
	  "Received: from mx.recv.test ([203.0.113.5]) by store.recv.test "
	  "with ESMTPS" DATE
	  "Received: from mx.recv.test by inner.example.net with LMTP" DATE
	  "Received: from gw.example.net (gw.example.net [10.0.0.1]) by "
	  "mx.recv.test with ESMTP" DATE
	  "Received: from helo.test (mta.example.com [192.0.2.1]) by "
	  "mx.recv.test with ESMTPS" DATE BELOW,
	    "mx.recv.test", "helo.test", "192.0.2.1", "b b@example.com", false,
	    false },
	/* what the hop lacks is taken from the notes */
	{ "Received: from [203.0.113.5] by mx.recv.test with SMTP" DATE
	  "Received-SPF: Pass (mailfrom (x)) identity=mailfrom; "
	  "client-ip=192.0.2.1; helo=\"mta.example.com\"; "
	  "envelope-from=\"b@example.com\"; receiver=<UNKNOWN>\n" BELOW,
	    "mx.recv.test", "mta.example.com", "203.0.113.5", "b@example.com",
	    false, false },
	{ "Received: from mta.example.com by mx.mail.ru with SMTP" DATE
	  "Authentication-Results: other.test; spf=pass "
	  "smtp.mailfrom=x@y.test; iprev=pass policy.iprev=198.51.100.1\n"
	  "Authentication-Results: mxs.mail.ru; spf=pass "
	  "smtp.mailfrom=b@example.com; iprev=pass policy.iprev=192.0.2.1\n" BELOW,
	    "mx.mail.ru", "mta.example.com", "192.0.2.1", "b@example.com",
	    false, false },
	{ "Received: from mta.example.com by mx.mail.ru with SMTP" DATE
	  "Received-SPF: none client-ip=10.0.0.1; envelope-from=<>\n"
	  "Received: from x.test ([192.0.2.1]) by y.test with SMTP" DATE,
	    "mx.mail.ru", "mta.example.com", "", "", true, false },
	/* none */
	{ "Return-Path: nothing\nReturn-Path: <a@b.test>\nFrom: a@b\n\n", NULL,
	    "", "", "a@b.test", false, false },
	{ "Received: from pc.example.com (pc.example.com [192.0.2.1]) by "
	  "mail.example.com with ESMTP" DATE "\n",
	    NULL, "", "", "", false, false },
	{ "Received: from pc (pc.isp.test [192.0.2.1]) by mail.example.com "
	  "with ESMTPSA" DATE "\n",
	    NULL, "", "", "", false, false },
	{ "Received: from a.test (a.test [192.168.0.1]) by b.test with SMTP" DATE
	  "\n",
	    NULL, "", "", "", false, false },
	{ "Received: from a.test by b.test with SMTP" DATE "\n", NULL, "", "",
	    "", false, false },
	{ "Received: from a.test ([192.0.2.1]) with SMTP" DATE "\n", NULL, "",
	    "", "", false, false },
	{ "", NULL, "", "", "", false, false },
};

static void
want(size_t i, const char *what, struct slice got, const char *text)
{
	if (!slice_eq(got, slice_str(text)))
		fail_msg("message %zu: %s is %.*s, not %s", i, what,
		    SLICE_FMT(got), text);
}

static void
the_hop_into_the_receiver_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		struct slice ip = SLICE_NONE;
		struct last_hop hop;
		struct message m;

		assert_int_equal(message_parse(arena,
				     slice_str(messages[i].message), &m),
		    RC_OK);
		assert_int_equal(last_hop_find(arena, &m, &hop), RC_OK);
		if (hop.hop.ip.family != 0)
			ip = ip_text(arena, &hop.hop.ip);
		assert_int_equal(hop.found, messages[i].by != NULL);
		want(i, "by", hop.hop.by,
		    messages[i].by != NULL ? messages[i].by : "");
		want(i, "from", hop.hop.from, messages[i].from);
		want(i, "ip", ip, messages[i].ip);
		want(i, "mail_from", hop.mail_from, messages[i].mail_from);
		assert_int_equal(hop.null_sender, messages[i].null_sender);
		assert_int_equal(hop.domain_only, messages[i].domain_only);
		assert_int_equal(hop.has_mail_from,
		    hop.null_sender || hop.mail_from.n > 0);
	}
}

static const struct {
	const char *host, *house;
	bool edge;
} hosts[] = {
	{ "mx.google.com", "google.com", true },
	{ "MX.Google.Com.", "google.com", true },
	{ "smtp.gmail.com", "google.com", false },
	{ "notgoogle.com", "notgoogle.com", false },
	{ "a.mail.protection.outlook.com", "outlook.com", true },
	{ "a.eop-nam.prod.protection.outlook.com", "outlook.com", false },
	{ "x.me.com", "icloud.com", false },
	{ "a.b.example.org", "example.org", false },
	{ "example.org.", "example.org", false },
	{ "localhost", "", false },
	{ "192.0.2.1", "", false },
	{ "[IPv6:2001:db8::1]", "", false },
	{ "2002:a05:6102::1", "", false },
	{ "", "", false },
	{ ".", "", false },
};

static void
hosts_have_a_house(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct slice host = slice_str(hosts[i].host);

		want(i, "house", receiver_house(host), hosts[i].house);
		assert_int_equal(receiver_is_edge(host), hosts[i].edge);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_hop_into_the_receiver_is_found),
		TEST(hosts_have_a_house),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
