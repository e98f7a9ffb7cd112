#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "check_harness.h"
#include "checks/table.h"

/* Seconds of one minute. */
#define AT(seconds) "; Sat, 21 Nov 2026 18:50:" seconds " +0000\n"
#define R           "Received: "
#define END         "From: News <news@example.com>\nTo: x@recv.test\n\nHello.\n"

#define GMAIL_IN \
	"with ESMTPS id 4fb4d7f45d1cf for <x@gmail.com> (version=TLS1_3 " \
	"cipher=TLS_AES_256_GCM_SHA384 bits=256/256)"
#define MICROSOFT \
	"with Microsoft SMTP Server (version=TLS1_3, " \
	"cipher=TLS_AES_256_GCM_SHA384) id 15.20.1"
#define OUTLOOK_STORE \
	R "from DM1PR01MB1.namprd01.prod.outlook.com (2603:10b6::1) by " \
	  "DM2PR02MB2.namprd02.prod.outlook.com with HTTPS" AT("40")

/* --- the ways that mail takes ------------------------------------------- */

static const struct scene ways[] = {
	{ .title = "direct to Gmail",
	    .message =
		"Delivered-To: x@gmail.com\n" R
		"by 2002:a05:6102:22c6:0:0:0:0 with SMTP id a6csp1" AT(
		    "33") "X-Received: by 2002:a92:ca4e:: with SMTP id "
			  "q14" AT(
			      "32") "ARC-Authentication-Results: i=1; mx.google.com; spf=pass "
				    "smtp.mailfrom=b@example.com\n"
				    "Return-Path: <b@example.com>\n" R
				    "from mta.example.com (mta.example.com. [192.0.2.1]) by "
				    "mx.google.com " GMAIL_IN AT(
					"31") "Received-SPF: pass (google.com: domain of b@example.com "
					      "designates 192.0.2.1 as permitted sender) "
					      "client-ip=192.0.2.1;\n"
					      "Authentication-Results: mx.google.com; dkim=pass "
					      "header.i=@example.com header.s=s1 header.b=AbCd; spf=pass "
					      "smtp.mailfrom=b@example.com; dmarc=pass (p=NONE) "
					      "header.from=example.com\n" R
					      "from app.example.com (app.example.com [10.1.2.3]) by "
					      "mta.example.com (Postfix) with ESMTP id 4X" AT(
						  "30") END,
	    .ips = { "192.0.2.1" },
	    .facts = { { "count", "3" },
		{ "chain[0].by", "\"mta.example.com\"" },
		{ "chain[0].side", "\"sender\"" },
		{ "chain[1].side", "\"delivery\"" },
		{ "chain[2].side", "\"receiver\"" },
		{ "chain[1].delay_seconds", "1" },
		{ "chain[1].tls_version", "\"TLS1_3\"" },
		{ "chain[0].tls", "false" }, { "delivery.hop", "2" },
		{ "delivery.ip", "\"192.0.2.1\"" },
		{ "delivery.helo", "\"mta.example.com\"" },
		{ "delivery.mail_from", "\"b@example.com\"" },
		{ "delivery.receiver", "\"google.com\"" },
		{ "delivery.audited", "true" }, { "relays", "[]" },
		{ "indirect", "false" }, { "problems", "[]" },
		{ "authentication[0].trusted", "false" },
		{ "authentication[0].server", "\"mx.google.com\"" },
		{ "authentication[1].trusted", "true" },
		{ "authentication[1].results[0].properties",
		    "[{\"name\":\"client-ip\",\"value\":\"192.0.2.1\"}]" },
		{ "authentication[2].trusted", "true" },
		{ "authentication[2].results[0].properties[1]",
		    "{\"name\":\"header.s\",\"value\":\"s1\"}" } } },
	{ .title = "by way of a mailing house that it was submitted to",
	    .message =
		"Return-Path: <bounces+17-x=gmail.com@em.example.com>\n" R
		"from o1.esp.test (o1.esp.test. [198.51.100.20]) by "
		"mx.google.com " GMAIL_IN AT("31") R
	    "by recvd-7f9.esp.test with SMTP id "
	    "recvd-7f9-1" AT("30") R
	    "from api.example.com (unknown [203.0.113.77]) by "
	    "geopod-3.esp.test (SG) with ESMTPSA id abc" AT("29") END,
	    .facts = { { "delivery.ip", "\"198.51.100.20\"" },
		{ "delivery.helo", "\"o1.esp.test\"" },
		{ "delivery.mail_from",
		    "\"bounces+17-x=gmail.com@em.example.com\"" },
		{ "delivery.audited", "false" }, { "relays", "[]" },
		{ "indirect", "false" }, { "problems", "[]" } } },
	{ .title = "a Postfix that hands over to Microsoft 365",
	    .message =
		"Return-Path: <news@example.com>\n" R
		"from EUR05-DB8-obe.outbound.protection.outlook.com "
		"(mail-db8eur05on2084.outbound.protection.outlook.com. "
		"[40.107.20.84]) by mx.google.com " GMAIL_IN AT(
		    "35") "ARC-Authentication-Results: i=1; mx.microsoft.com 1; spf=pass "
			  "(sender ip is 192.0.2.1) smtp.rcpttodomain=gmail.com "
			  "smtp.mailfrom=example.com; dkim=none\n" R
			  "from AS4P190CA0001.EURP190.PROD.OUTLOOK.COM (2603:10a6::11) "
			  "by DU0PR02MB9.eurprd02.prod.outlook.com (2603:10a6::22) " MICROSOFT
			      AT("34") "Authentication-Results: spf=pass (sender IP is 192.0.2.1) "
				       "smtp.mailfrom=example.com; dkim=none (message not signed) "
				       "header.d=none;dmarc=pass action=none header.from=example.com;"
				       "compauth=pass reason=100\n" R
				       "from mail.example.com (192.0.2.1) by "
				       "AM6EUR05FT01.mail.protection.outlook.com (10.233.240.1) " MICROSOFT
					   AT("32") R
	    "from app.example.com (app.example.com [10.0.0.9]) by "
	    "mail.example.com (Postfix) with ESMTP id 4X1" AT("31") END,
	    .ips = { "40.107.20.84" },
	    .facts = { { "delivery.hop", "4" },
		{ "delivery.ip", "\"40.107.20.84\"" },
		{ "delivery.helo",
		    "\"EUR05-DB8-obe.outbound.protection.outlook.com\"" },
		{ "delivery.mail_from", "\"news@example.com\"" },
		{ "relays[0].hop", "2" },
		{ "relays[0].host",
		    "\"AM6EUR05FT01.mail.protection.outlook.com\"" },
		{ "relays[0].from", "\"mail.example.com\"" },
		{ "relays[1]", NULL }, { "indirect", "false" },
		{ "problems", "[]" } } },
	{ .title = "a host that hands over to Google Workspace's relay",
	    .message =
		"Return-Path: <news@example.com>\n" R
		"from mail-il1-f99.google.com (mail-il1-f99.google.com "
		"[209.85.166.99]) by mx.recv.test (Postfix) with ESMTPS "
		"id 4X2" AT("33") R "by mail-il1-f99.google.com with SMTP id "
				    "e9e14a558f8ab-1" AT("32") R
	    "from mail.example.com (mail.example.com. [192.0.2.1]) "
	    "by smtp-relay.gmail.com with ESMTPS id 1 for "
	    "<x@recv.test> (version=TLS1_3 cipher=C "
	    "bits=256/256)" AT("31") END,
	    .facts = { { "delivery.ip", "\"209.85.166.99\"" },
		{ "delivery.receiver", "\"recv.test\"" },
		{ "relays[0].host", "\"smtp-relay.gmail.com\"" },
		{ "relays[0].hop", "1" }, { "indirect", "false" },
		{ "problems", "[]" } } },
	{ .title = "the sender's Proofpoint",
	    .message = "Return-Path: <news@example.com>\n" R
		       "from mx0a-00123.pphosted.com "
		       "(mx0a-00123.pphosted.com. [205.220.165.32]) by "
		       "mx.google.com " GMAIL_IN AT("33") R
	    "from pps.reinject (m0012345.ppops.net [127.0.0.1]) by "
	    "mx0a-00123.pphosted.com (8.18.1.2/8.18.1.2) with ESMTP "
	    "id 4AL; Sat, 21 Nov 2026 12:50:32 -0600\n" R
	    "from mail.example.com (mail.example.com [192.0.2.1]) "
	    "by mx0a-00123.pphosted.com (PPS) with ESMTPS id 3x "
	    "(version=TLSv1.3 cipher=C bits=256 verify=NOT); Sat, "
	    "21 Nov 2026 12:50:31 -0600\n" END,
	    .facts = { { "delivery.ip", "\"205.220.165.32\"" },
		{ "delivery.gateway", "null" }, { "delivery.hop", "3" },
		{ "relays[0].host", "\"mx0a-00123.pphosted.com\"" },
		{ "relays[0].from", "\"mail.example.com\"" },
		{ "relays[1]", NULL }, { "problems", "[]" } } },
	{ .title = "the receiver's Proofpoint",
	    .message = OUTLOOK_STORE
	    "Authentication-Results: spf=fail (sender IP is "
	    "205.220.165.32) smtp.mailfrom=example.com; dkim=pass "
	    "header.d=example.com;dmarc=pass action=none "
	    "header.from=example.com;compauth=pass reason=100\n"
	    "Received-SPF: Fail (protection.outlook.com: domain of "
	    "example.com does not designate 205.220.165.32 as permitted "
	    "sender) receiver=protection.outlook.com; "
	    "client-ip=205.220.165.32; helo=mx0a-00123.pphosted.com;\n" R
	    "from mx0a-00123.pphosted.com (205.220.165.32) by "
	    "BN8NAM11FT012.mail.protection.outlook.com (10.13.177.55) " MICROSOFT
		AT("34") "Authentication-Results-Original: ppops.net; spf=pass "
			 "smtp.mailfrom=news@example.com; dkim=pass "
			 "header.d=example.com header.s=s1\n" R
			 "from mta.example.com (mta.example.com [192.0.2.1]) by "
			 "mx0a-00123.pphosted.com (PPS) with ESMTPS id 3x "
			 "(version=TLSv1.3 cipher=C bits=256 verify=NOT)" AT(
			     "31") "Return-Path: news@example.com\n" END,
	    .ips = { "192.0.2.1" },
	    .facts = { { "delivery.ip", "\"192.0.2.1\"" },
		{ "delivery.hop", "1" },
		{ "delivery.receiver", "\"pphosted.com\"" },
		{ "delivery.gateway",
		    "\"BN8NAM11FT012.mail.protection.outlook.com\"" },
		{ "delivery.mail_from", "\"news@example.com\"" },
		{ "authentication[0].trusted", "false" },
		{ "authentication[1].trusted", "false" },
		{ "authentication[2].field",
		    "\"Authentication-Results-Original\"" },
		{ "authentication[2].trusted", "true" },
		{ "authentication[2].hop", "1" }, { "relays", "[]" },
		{ "indirect", "false" }, { "problems", "[]" } },
	    .gaps = "chain[].tls needs-message" },
	{ .title = "Microsoft 365 before the receiver's own Exchange",
	    .message =
		R "from EX01.recv.local (10.0.0.5) by EX02.recv.local "
		  "(10.0.0.6) with Microsoft SMTP Server (version=TLS1_2, "
		  "cipher=C) id 15.2.1 via Frontend Transport" AT("39") R
	    "from EUR05-AM6-obe.outbound.protection.outlook.com "
	    "(104.47.18.105) by mail.recv.test (203.0.113.20) with "
	    "Microsoft SMTP Server (version=TLS1_2, cipher=C) id "
	    "15.2.1" AT("38") R
	    "from AM6EUR05FT02.eop-eur05.prod.protection.outlook.com "
	    "(2603:10a6::a) by AS8PR01.outlook.office365.com "
	    "(2603:10a6::b) " MICROSOFT AT(
		"36") "Authentication-Results: spf=pass (sender IP is 192.0.2.1) "
		      "smtp.mailfrom=example.com; dkim=pass (signature was verified) "
		      "header.d=example.com;dmarc=pass action=none "
		      "header.from=example.com;compauth=pass reason=100\n" R
		      "from mta.example.com (192.0.2.1) by "
		      "AM6EUR05FT02.mail.protection.outlook.com (10.233.240.2) " MICROSOFT
			  AT("34") "Return-Path: news@example.com\n" END,
	    .facts = { { "delivery.ip", "\"192.0.2.1\"" },
		{ "delivery.gateway", "\"mail.recv.test\"" },
		{ "delivery.mail_from", "\"news@example.com\"" },
		{ "authentication[0].trusted", "true" },
		{ "indirect", "false" }, { "relays", "[]" } } },
	{ .title = "by a mailing list",
	    .message = "Return-Path: <users-bounces@lists.example.org>\n" R
		       "from lists.example.org (lists.example.org. "
		       "[198.51.100.30]) by mx.google.com " GMAIL_IN AT("39") R
	    "from lists.example.org (localhost [127.0.0.1]) by "
	    "lists.example.org (Postfix) with ESMTP id 5" AT(
		"37") "X-Original-To: users@lists.example.org\n" R
		      "from mta.example.com (mta.example.com [192.0.2.1]) by "
		      "lists.example.org (Postfix) with ESMTPS id 4" AT(
			  "31") "List-Id: <users.lists.example.org>\n"
				"List-Post: <mailto:users@lists.example.org>\n" END,
	    .facts = { { "delivery.ip", "\"198.51.100.30\"" },
		{ "delivery.mail_from", "\"users-bounces@lists.example.org\"" },
		{ "indirect", "true" },
		{ "indirect_signs[0]",
		    "\"a mailing list sent it on (List-Post)\"" },
		{ "mailing_list", "true" },
		{ "list_id", "\"<users.lists.example.org>\"" },
		{ "forward_fields", "[]" },
		{ "relays[0].host", "\"lists.example.org\"" },
		{ "problems", "[]" } } },
	{ .title = "forwarded by a mailbox at Gmail to Outlook.com",
	    .message = OUTLOOK_STORE
	    "Authentication-Results: spf=pass (sender IP is "
	    "209.85.220.41) smtp.mailfrom=gmail.com; dkim=pass "
	    "header.d=example.com;dmarc=pass action=none "
	    "header.from=example.com;compauth=pass reason=100\n"
	    "Received-SPF: Pass (protection.outlook.com: domain of "
	    "gmail.com designates 209.85.220.41 as permitted sender) "
	    "receiver=protection.outlook.com; client-ip=209.85.220.41; "
	    "helo=mail-sor-f41.google.com; pr=C\n" R
	    "from mail-sor-f41.google.com (209.85.220.41) by "
	    "BN8NAM11FT012.mail.protection.outlook.com (10.13.177.55) " MICROSOFT
		AT("36") "X-Forwarded-To: y@outlook.com\nX-Forwarded-For: x@gmail.com "
			 "y@outlook.com\n" R
			 "by 2002:a05:6102:22c6:0:0:0:0 with SMTP "
			 "id a6csp1" AT("34") R
	    "from mta.example.com (mta.example.com. [192.0.2.1]) by "
	    "mx.google.com " GMAIL_IN AT(
		"33") "Authentication-Results: mx.google.com; spf=pass "
		      "smtp.mailfrom=b@example.com\n"
		      "Return-Path: x+caf_=y=outlook.com@gmail.com\n" END,
	    .facts = { { "delivery.ip", "\"209.85.220.41\"" },
		{ "delivery.mail_from", "\"x+caf_=y=outlook.com@gmail.com\"" },
		{ "indirect", "true" },
		{ "indirect_signs[3]",
		    "\"mx.google.com took it as a receiver (hop 1) and sent it "
		    "on\"" },
		{ "mailing_list", "false" }, { "list_id", "null" },
		{ "forward_fields",
		    "[\"X-Forwarded-To\",\"X-Forwarded-For\"]" },
		{ "authentication[0].trusted", "true" },
		{ "authentication[2].trusted", "false" },
		{ "authentication[2].hop", "1" },
		{ "relays[0].host", "\"mx.google.com\"" },
		{ "problems", "[]" } },
	    .gaps = "chain[].tls needs-message" },
	{ .title = "a Microsoft 365 mailbox that forwards is no gateway",
	    .message =
		"Return-Path: <bounces+SRS=AbCd=Xy@recv.test>\n" R
		"from EUR05-AM6-obe.outbound.protection.outlook.com "
		"(mail.outlook.com [104.47.18.105]) by mail.own.test "
		"(Postfix) with ESMTPS id 1" AT(
		    "38") "Authentication-Results: spf=pass (sender IP is 192.0.2.1) "
			  "smtp.mailfrom=example.com;compauth=pass reason=100\n" R
			  "from mta.example.com (192.0.2.1) by "
			  "AM6EUR05FT02.mail.protection.outlook.com (10.233.240.2) " MICROSOFT
			      AT("34") END,
	    .facts = { { "delivery.ip", "\"104.47.18.105\"" },
		{ "delivery.gateway", "null" }, { "indirect", "true" } } },
	{ .title = "to Yahoo",
	    .message =
		"Return-Path: <b@example.com>\n" R
		"from 10.197.37.72 by atlas116.free.mail.bf1.yahoo.com "
		"pod-id NONE with HTTPS" AT(
		    "32") "Authentication-Results: atlas116.free.mail.bf1.yahoo.com; "
			  "dkim=pass header.i=@example.com header.s=s1; spf=pass "
			  "smtp.mailfrom=example.com; dmarc=pass(p=NONE) "
			  "header.from=example.com;\n" R
			  "from 192.0.2.1 (EHLO mta.example.com) by 10.217.151.74 with "
			  "SMTPs (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256)" AT(
			      "31") "Authentication-Results: mx.google.com; spf=fail\n" END,
	    .facts = { { "delivery.ip", "\"192.0.2.1\"" },
		{ "delivery.helo", "\"mta.example.com\"" },
		{ "delivery.receiver", "\"yahoo.com\"" },
		{ "authentication[0].trusted", "true" },
		{ "authentication[0].malformed", "true" },
		{ "authentication[1].trusted", "false" },
		{ "problems", "[]" } },
	    .gaps = "chain[].tls needs-message" },
	{ .title = "to Outlook.com",
	    .message = OUTLOOK_STORE R
	    "from BN1CA.namprd03.prod.outlook.com (2603:10b6::2) by "
	    "DM1PR01MB1.namprd01.prod.outlook.com (2603:10b6::1) " MICROSOFT AT(
		"34") "Authentication-Results: spf=pass (sender IP is 192.0.2.1) "
		      "smtp.mailfrom=bounce.example.com; dkim=pass (signature was "
		      "verified) header.d=example.com;dmarc=pass action=none "
		      "header.from=example.com;compauth=pass reason=100\n"
		      "Received-SPF: Pass (protection.outlook.com: domain of "
		      "bounce.example.com designates 192.0.2.1 as permitted sender) "
		      "receiver=protection.outlook.com; client-ip=192.0.2.1; "
		      "helo=mta.example.com; pr=C\n" R
		      "from mta.example.com (192.0.2.1) by "
		      "BN1CA0FT01.mail.protection.outlook.com (10.13.177.55) " MICROSOFT
			  AT("32") "Return-Path: b-17@bounce.example.com\n" END,
	    .facts = { { "delivery.ip", "\"192.0.2.1\"" },
		{ "delivery.hop", "1" }, { "chain[2].tls", NULL },
		{ "delivery.mail_from", "\"b-17@bounce.example.com\"" },
		{ "authentication[0].server", "null" },
		{ "authentication[0].hop", "1" },
		{ "authentication[0].trusted", "true" },
		{ "authentication[1].results[0].reason",
		    "\"protection.outlook.com: domain of bounce.example.com "
		    "designates 192.0.2.1 as permitted sender\"" },
		{ "problems", "[]" } },
	    .gaps = "chain[].tls needs-message" },
	{ .title = "to iCloud",
	    .message =
		"Return-Path: <b@example.com>\n" R
		"from p00-icloudmta-asmtp-us-1 by "
		"p56-mailgateway.me.com with LMTP" AT(
		    "36") "Authentication-Results: dmarc.icloud.com; dmarc=pass "
			  "header.from=example.com\n"
			  "Authentication-Results: spf.icloud.com; spf=pass "
			  "(spf.icloud.com: domain of b@example.com designates "
			  "192.0.2.1 as permitted sender) smtp.mailfrom=b@example.com\n"
			  "Received-SPF: pass (spf.icloud.com: domain of b@example.com "
			  "designates 192.0.2.1 as permitted sender) "
			  "receiver=spf.icloud.com; client-ip=192.0.2.1; "
			  "helo=mta.example.com; envelope-from=b@example.com\n" R
			  "from mta.example.com (mta.example.com [192.0.2.1]) by "
			  "pv50p00im-ztdg10012101.me.com (Postfix) with ESMTPS id "
			  "1" AT("31") END,
	    .facts = { { "delivery.ip", "\"192.0.2.1\"" },
		{ "delivery.receiver", "\"icloud.com\"" },
		{ "authentication[0].trusted", "true" },
		{ "authentication[1].trusted", "true" },
		{ "authentication[2].trusted", "true" },
		{ "problems", "[]" } } },
	{ .title = "to GMX",
	    .message =
		"Return-Path: <b@example.com>\n"
		"Authentication-Results: gmx.net; dkim=pass "
		"header.i=@example.com\n" R
		"from mta.example.com ([192.0.2.1]) by mx-ha.gmx.net (mxgmx101 "
		"[212.227.15.9]) with ESMTPS (Nemesis) id 1M2 for <x@gmx.de>"
		"; Sat, 21 Nov 2026 19:50:31 +0100\n" END,
	    .facts = { { "delivery.ip", "\"192.0.2.1\"" },
		{ "delivery.receiver", "\"gmx.net\"" },
		{ "chain[0].with", "\"ESMTPS\"" }, { "chain[0].tls", "true" },
		{ "chain[0].time", "\"2026-11-21T18:50:31Z\"" },
		{ "authentication[0].trusted", "true" },
		{ "problems", "[]" } } },
	{ .title = "within one Postfix only",
	    .message =
		R "from pc.example.com (unknown [192.168.1.5]) by "
		  "mail.example.com (Postfix) with ESMTPSA id 2" AT("31") R
	    "by mail.example.com (Postfix, from userid 1000) id 1" AT("30") END,
	    .facts = { { "count", "2" }, { "delivery", "null" },
		{ "chain[0].by", "\"mail.example.com\"" },
		{ "chain[0].from", "null" }, { "chain[0].side", "null" },
		{ "relays", "[]" }, { "indirect", "false" },
		{ "problems", "[]" } },
	    .gaps = "chain[].tls needs-message" },
	{ .title = "fetched from a mailbox by fetchmail",
	    .message = R
	    "from pop.gmx.net [212.227.17.187] by localhost with "
	    "POP3 (fetchmail-6.4.39) for <x@localhost> "
	    "(single-drop)" AT(
		"59") "Return-Path: <b@example.com>\n"
		      "Authentication-Results: gmx.net; spf=pass\n" R
		      "from mta.example.com ([192.0.2.1]) by mx-ha.gmx.net (mxgmx101 "
		      "[212.227.15.9]) with ESMTPS (Nemesis) id 1M2" AT("31")
			  END,
	    .facts = { { "delivery.ip", "\"192.0.2.1\"" },
		{ "delivery.hop", "1" }, { "chain[1].with", "\"POP3\"" },
		{ "chain[1].side", "\"receiver\"" },
		{ "authentication[0].trusted", "true" }, { "problems", "[]" } },
	    .gaps = "chain[].tls needs-message" },
	{ .title = "back from amavis on the receiver",
	    .message = "Return-Path: <b@example.com>\n" R
		       "from localhost (localhost [127.0.0.1]) by mx.recv.test "
		       "(Postfix) with ESMTP id 3" AT("34") R
	    "from mx.recv.test ([127.0.0.1]) by localhost "
	    "(mx.recv.test [127.0.0.1]) (amavis, port 10024) with "
	    "ESMTP id 2" AT(
		"33") "Authentication-Results: mx.recv.test; spf=pass\n" R
		      "from mta.example.com (mta.example.com [192.0.2.1]) by "
		      "mx.recv.test (Postfix) with ESMTPS id 1" AT("31") END,
	    .facts = { { "delivery.ip", "\"192.0.2.1\"" },
		{ "delivery.hop", "1" },
		{ "authentication[0].trusted", "true" }, { "relays", "[]" },
		{ "problems", "[]" } } },
	{ .title = "Exchange hybrid: inner hops, Exchange Online, Gmail",
	    .message = "Return-Path: <news@example.com>\n" R
		       "from EUR05-VI1-obe.outbound.protection.outlook.com "
		       "(mail-vi1eur05on2112.outbound.protection.outlook.com. "
		       "[40.107.21.112]) by mx.google.com " GMAIL_IN AT("39") R
	    "from VI1PR04CA01.eurprd04.prod.outlook.com (2603:10a6::5) by "
	    "AM0PR04MB1.eurprd04.prod.outlook.com (2603:10a6::6) " MICROSOFT AT(
		"38") R
	    "from hybrid.example.com (192.0.2.7) by "
	    "VE1EUR01FT01.mail.protection.outlook.com (10.152.2.1) " MICROSOFT
		AT("36") R
	    "from EX02.corp.example.com (10.2.0.2) by "
	    "EX01.corp.example.com (10.2.0.1) with Microsoft SMTP Server "
	    "(version=TLS1_2, cipher=C) id 15.2.1" AT("33") R
	    "from EX02.corp.example.com ([fe80::1]) by "
	    "EX02.corp.example.com ([fe80::1%7]) with mapi id "
	    "15.02.1" AT("32") END,
	    .facts = { { "count", "5" }, { "delivery.ip", "\"40.107.21.112\"" },
		{ "delivery.hop", "5" }, { "relays[0].hop", "3" },
		{ "relays[0].from", "\"hybrid.example.com\"" },
		{ "relays[1]", NULL }, { "indirect", "false" },
		{ "problems", "[]" } },
	    .gaps = "chain[].tls needs-message" },
	{ .title = "no message",
	    .facts = { { "chain", NULL }, { "delivery", NULL } },
	    .gaps = " needs-message" },
	{ .title = "never sent",
	    .message = END,
	    .facts = { { "count", "0" }, { "chain", "[]" },
		{ "delivery", "null" }, { "cut", "false" },
		{ "authentication", "[]" }, { "problems", "[]" } } },
};

static void
the_hop_that_counts_is_told_from_relays(void **state)
{
	(void)state;
	scenes_play(&check_hops, ways);
}

/* --- what is wrong with a chain ------------------------------------------ */

#define LAST \
	"Return-Path: <b@example.com>\n" R \
	"from mta.example.com (mta.example.com [192.0.2.1]) by mx.recv.test " \
	"with ESMTPS id 1" AT("31")
#define CLEAN(first) \
	{ "problems", "[]" }, \
	{ \
		"chain[0].by", first \
	}

static const struct scene faults[] = {
	{ .title = "a clock of the sender's that is ahead",
	    .message = LAST R
	    "from app.example.com ([10.0.0.1]) by mta.example.com with "
	    "ESMTP; Sat, 21 Nov 2026 18:54:41 +0000\n" END,
	    .facts = { { "chain[1].delay_seconds", "-250" },
		{ "chain[1].problems", "[\"hops.time-goes-backwards\"]" },
		{ "problems[0].code", "\"hops.time-goes-backwards\"" },
		{ "problems[0].hop", "2" }, { "problems[0].own", "true" },
		{ "problems[0].severity", "\"warning\"" },
		{ "problems[0].line", "2" },
		{ "problems[0].detail",
		    "\"Hop 2 (mx.recv.test) is dated 4 min 10 s before hop 1 "
		    "(mta.example.com), which comes first: the clock of one of "
		    "them is wrong, or a line is not genuine; filters count "
		    "that against the message, so let the hosts set their "
		    "clocks by NTP\"" },
		{ "problems[1]", NULL } } },
	{ .title = "a minute is no wrong clock",
	    .message = LAST R
	    "from app.example.com ([10.0.0.1]) by mta.example.com with "
	    "ESMTP; Sat, 21 Nov 2026 18:51:31 +0000\n" END,
	    .facts = { { "chain[1].delay_seconds", "-60" },
		CLEAN("\"mta.example.com\"") } },
	{ .title = "a clock within the receiver is not the sender's",
	    .message =
		R "from mx.recv.test ([10.0.0.5]) by store.recv.test "
		  "with LMTP; Sat, 21 Nov 2026 18:40:31 +0000\n" LAST END,
	    .facts = { { "problems[0].own", "false" },
		{ "problems[0].code", "\"hops.time-goes-backwards\"" } } },
	{ .title = "in the year 9999",
	    .message = LAST R
	    "from app.example.com ([10.0.0.1]) by mta.example.com with "
	    "ESMTP; Fri, 31 Dec 9999 23:59:59 +0000\n" END,
	    .facts = { { "chain[0].time", "\"9999-12-31T23:59:59Z\"" },
		{ "problems[0].code", "\"hops.time-goes-backwards\"" } } },
	{ .title = "a long wait",
	    .message = LAST R
	    "from app.example.com ([10.0.0.1]) by mta.example.com with "
	    "ESMTP; Sat, 21 Nov 2026 16:45:31 +0000\n" END,
	    .facts = { { "problems[0].code", "\"hops.slow\"" },
		{ "problems[0].severity", "\"note\"" },
		{ "problems[0].own", "false" },
		{ "chain[1].delay_seconds", "7500" } } },
	{ .title = "dates that are not there, or not to be read",
	    .message = LAST R
	    "from a.example.com ([10.0.0.1]) by b.example.com with ESMTP; "
	    "yesterday\n" R
	    "from x.example.com ([10.0.0.2]) by a.example.com with "
	    "ESMTP\n" END,
	    .facts = { { "problems[0].code", "\"hops.no-date\"" },
		{ "problems[0].hop", "1" }, { "problems[0].own", "true" },
		{ "problems[1].code", "\"hops.unreadable-date\"" },
		{ "problems[1].hop", "2" }, { "problems[2]", NULL },
		{ "chain[0].time", "null" }, { "chain[1].time", "null" },
		{ "chain[2].delay_seconds", "null" } } },
	{ .title = "a field that says nothing",
	    .message = LAST R "(nothing) id 7" AT("30") END,
	    .facts = { { "problems[0].code", "\"hops.unreadable\"" },
		{ "problems[1]", NULL }, { "chain[0].by", "null" } },
	    .gaps = "chain[].tls needs-message" },
	{ .title = "the end of one hop and the start of the next differ",
	    .message = LAST R
	    "from app.example.com ([198.51.100.9]) by relay.other.test with "
	    "ESMTPS" AT("30") END,
	    .facts = { { "problems[0].code", "\"hops.gap\"" },
		{ "problems[0].severity", "\"note\"" },
		{ "problems[0].hop", "2" } } },
	{ .title = "a name of the inner network differs, of course",
	    .message = LAST R "from app ([10.0.0.1]) by mta1.corp.local with "
			      "ESMTP" AT("30") END,
	    .facts = { CLEAN("\"mta1.corp.local\"") } },
	{ .title = "a line of Gmail's that Gmail did not pass on",
	    .message = LAST R
	    "from bank.test (bank.test. [198.51.100.4]) by mx.google.com "
	    "with ESMTPS id 9" AT("30") END,
	    .facts = { { "problems[0].code", "\"hops.forged\"" },
		{ "problems[0].hop", "1" }, { "problems[0].own", "false" },
		{ "problems[1]", NULL } } },
	{ .title = "what was fetched from Gmail was there",
	    .message = LAST R
	    "from imap.gmail.com [142.250.1.1] by mta.example.com with "
	    "IMAP (fetchmail-6.4)" AT("30") R
	    "from bank.test (bank.test. [198.51.100.4]) by mx.google.com "
	    "with ESMTPS id 9" AT("29") END,
	    .facts = { CLEAN("\"mx.google.com\"") },
	    .gaps = "chain[].tls needs-message" },
	{ .title = "from another house by a private address",
	    .message =
		LAST R "from gw.other.test (gw.other.test [10.0.0.1]) by "
		       "mta.example.com with ESMTP" AT("30") END,
	    .facts = { { "problems[0].code", "\"hops.private-address\"" },
		{ "problems[0].severity", "\"note\"" } } },
	{ .title = "an address for a name",
	    .message = "Return-Path: <b@example.com>\n" R
		       "from [192.0.2.1] (mta.example.com [192.0.2.1]) by "
		       "mx.recv.test with ESMTPS id 1" AT("31") END,
	    .facts = { { "problems[0].code", "\"hops.helo-literal\"" },
		{ "delivery.helo", "\"[192.0.2.1]\"" } } },
	{ .title = "a bare name",
	    .message = "Return-Path: <b@example.com>\n" R
		       "from mta (mta.example.com [192.0.2.1]) by "
		       "mx.recv.test with ESMTPS id 1" AT("31") END,
	    .facts = { { "problems[0].code", "\"hops.helo-bare\"" },
		{ "problems[1]", NULL } } },
	{ .title = "a client that submits may say anything",
	    .message = LAST R "from laptop ([198.51.100.4]) by mta.example.com "
			      "with ESMTPSA" AT("30") END,
	    .facts = { CLEAN("\"mta.example.com\"") } },
	{ .title = "no TLS on the way to the host that delivers",
	    .message = LAST R
	    "from app.example.com (app.example.com [198.51.100.4]) by "
	    "mta.example.com with ESMTP" AT("30") END,
	    .facts = { { "problems[0].code", "\"hops.no-tls\"" },
		{ "problems[0].own", "true" }, { "problems[0].hop", "1" },
		{ "problems[1]", NULL } } },
	{ .title = "no TLS into the receiver is for the providers' rules",
	    .message = "Return-Path: <b@example.com>\n" R
		       "from mta.example.com (mta.example.com [192.0.2.1]) by "
		       "mx.recv.test with ESMTP id 1" AT("31") END,
	    .facts = { { "chain[0].tls", "false" }, { "problems", "[]" } } },
	{ .title = "the same host again, with another between",
	    .message =
		LAST R "from b.other.test (b.other.test [198.51.100.4]) by "
		       "mta.example.com with ESMTPS" AT("30") R
	    "from mta.example.com (mta.example.com [192.0.2.1]) by "
	    "b.other.test with ESMTPS" AT("29") R
	    "from app.example.com ([10.0.0.1]) by mta.example.com with "
	    "ESMTPS" AT("28") END,
	    .facts = { { "problems[0].code", "\"hops.loop\"" },
		{ "problems[0].hop", "3" }, { "problems[0].own", "true" },
		{ "problems[1]", NULL } } },
	{ .title = "hostile octets are shown as text",
	    .message = R
	    "from \033[31m\377 ([192.0.2.1]) by mx.recv.test with "
	    "ESMTPS" AT(
		"31") "Authentication-Results: \001; spf=\377 a.b=\033[2J\n" END,
	    .facts = { { "chain[0].from", "\"\\\\027[31m\\\\255\"" },
		{ "authentication[0].results[0].result", "\"\\\\255\"" } },
	    .gaps = "delivery.mail_from needs-message" },
};

static void
what_is_wrong_with_a_chain_is_said(void **state)
{
	(void)state;
	scenes_play(&check_hops, faults);
}

/* --- much of it ---------------------------------------------------------- */

enum { MUCH = 256 * 1024 };

static void
play_much(const char *line, size_t n, struct scene *scene)
{
	struct buf b;

	buf_init(&b, MUCH);
	for (size_t i = 0; i < n; i++)
		buf_add_str(&b, line);
	buf_add(&b, slice_of(END, sizeof(END)));
	assert_false(b.failed);
	scene->message = (const char *)b.p;
	scene_play(&check_hops, scene);
	buf_free(&b);
}

static void
over_a_hundred_hops_the_newest_are_read(void **state)
{
	struct scene scene = { .title = "101 hops",
		.facts = { { "count", "101" }, { "cut", "true" },
		    { "chain[0].hop", "2" }, { "chain[99].hop", "101" },
		    { "chain[100]", NULL },
		    { "problems[0].code", "\"hops.too-many\"" },
		    { "problems[0].hop", "101" }, { "problems[1]", NULL } } };
	struct scene few = { .title = "25 hops",
		.facts = { { "problems", "[]" }, { "cut", "false" } } };

	(void)state;
	play_much(R "from a.test ([10.0.0.1]) by b.a.test with ESMTP" AT("31"),
	    101, &scene);
	play_much(R "from a.test ([10.0.0.1]) by b.a.test with ESMTP" AT("31"),
	    25, &few);
}

static void
over_the_limits_of_results_it_is_said(void **state)
{
	struct scene scene = { .title = "101 fields of three results",
		.facts = { { "cut", "true" },
		    { "authentication[66].results[1].method", "\"b\"" },
		    { "authentication[66].results[2]", NULL },
		    { "authentication[67]", NULL } } };
	struct scene wide = { .title = "21 properties",
		.facts = { { "cut", "true" },
		    { "authentication[0].results[0].properties[19].name",
			"\"x.y\"" },
		    { "authentication[0].results[0].properties[20]", NULL } } };

	(void)state;
	play_much("Authentication-Results: s; a=1; b=2; c=3\n", 101, &scene);
	play_much("Authentication-Results: s; a=1 x.y=1 x.y=1 x.y=1 x.y=1 "
		  "x.y=1 x.y=1 x.y=1 x.y=1 x.y=1 x.y=1 x.y=1 x.y=1 x.y=1 x.y=1 "
		  "x.y=1 x.y=1 x.y=1 x.y=1 x.y=1 x.y=1 x.y=1\n",
	    1, &wide);
}

static void
a_field_over_the_limit_is_said(void **state)
{
	struct scene scene = { .title = "16 KiB",
		.facts = { { "problems[0].code", "\"hops.too-long\"" },
		    { "problems[1]", NULL }, { "chain[0].by", "null" } },
		.gaps = "chain[].tls needs-message" };
	struct buf line;

	(void)state;
	buf_init(&line, MUCH);
	buf_printf(&line, R "from a.test by %0*d\n", LIMIT_TRACE_FIELD, 0);
	buf_add_char(&line, '\0');
	assert_false(line.failed);
	play_much((const char *)line.p, 1, &scene);
	buf_free(&line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hop_that_counts_is_told_from_relays),
		cmocka_unit_test(what_is_wrong_with_a_chain_is_said),
		cmocka_unit_test(over_a_hundred_hops_the_newest_are_read),
		cmocka_unit_test(over_the_limits_of_results_it_is_said),
		cmocka_unit_test(a_field_over_the_limit_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
