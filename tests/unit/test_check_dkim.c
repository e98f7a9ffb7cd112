#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"
#include "mail_signer.h"
#include "with_arena.h"

WITH_ARENA(1 << 24, 4096)

/* ---- the world --------------------------------------------------------- */

#define KEY(text)    FOUND("s._domainkey.example.com", "TXT", TXT(text))
#define ED_KEY(text) FOUND("ed._domainkey.example.com", "TXT", TXT(text))
#define RSA          "v=DKIM1; k=rsa; p=@rsa@"
#define NO_DMARC     NODATA("_dmarc.example.com", "TXT") NODATA("_dmarc.com", "TXT")
#define WORLD        KEY(RSA) NO_DMARC

#define HEADER \
	"From: News <news@example.com>\r\n" \
	"To: joe@example.org\r\n" \
	"Subject: What is new\r\n" \
	"Date: Fri, 20 Nov 2026 00:00:00 +0000\r\n"
#define BODY  "Hello,\r\n\r\nnothing.  \r\n\r\n\r\n"
#define ALL   "From:To:Subject:Date:From"
/* t= and x=: a day before the audit, and two weeks after it. */
#define TIMES " t=1795132800; x=1796428800;"

struct mail {
	struct scene scene;
	struct signing signing;
	const char *header, *body; /* NULL: those above */
	const char *from, *to;     /* a replacement; NULL: none */
	bool unsigned_;
};

static void
play(const struct mail *m)
{
	struct scene scene = m->scene;
	const char *header = m->header != NULL ? m->header : HEADER;
	const char *body = m->body != NULL ? m->body : BODY;
	char *text = m->unsigned_
			 ? arena_printf(arena, "%s\r\n%s", header, body)
			 : mail_sign(arena, &m->signing, header, body);

	assert_non_null(text);
	if (m->from != NULL)
		text = mail_replace(arena, text, m->from, m->to);
	scene.message = text;
	scene.recording = signer_expand(arena,
	    scene.recording != NULL ? scene.recording : WORLD);
	for (size_t i = 0; i < SCENE_FACTS; i++)
		if (scene.facts[i].json != NULL)
			scene.facts[i].json =
			    signer_expand(arena, scene.facts[i].json);
	scene_play(&check_dkim, &scene);
}

static void
play_all(const struct mail *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		play(&all[i]);
}

#define PLAY(table) play_all(table, sizeof(table) / sizeof(*(table)))
#define SIG(fact)   "signatures[0]." fact
#define RESULT(is) \
	{ "result", "\"" is "\"" }, \
	{ \
		SIG("result"), "\"" is "\"" \
	}
#define REASON(is) \
	{ \
		SIG("reason"), "\"" is "\"" \
	}
#define PROBLEM(n, is) \
	{ \
		"problems[" #n "].code", "\"dkim." is "\"" \
	}

/* ---- what passes ------------------------------------------------------- */

static void
a_good_signature_passes(void **state)
{
	static const struct mail all[] = {
		{ .scene = { .title = "all of it",
		      .facts = { RESULT("pass"), { "reason", "null" },
			  { SIG("domain"), "\"example.com\"" },
			  { SIG("selector"), "\"s\"" },
			  { SIG("algorithm"), "\"rsa-sha256\"" },
			  { SIG("canonicalization"), "\"relaxed/relaxed\"" },
			  { SIG("key_bits"), "2048" },
			  { SIG("reason"), "null" }, { SIG("detail"), "null" },
			  { SIG("testing"), "false" },
			  { SIG("aligned"), "true" },
			  { SIG("body_length"), "null" },
			  { SIG("signed_at"), "\"2026-11-20T00:00:00Z\"" },
			  { SIG("expires"), "\"2026-12-05T00:00:00Z\"" },
			  { SIG("covers"),
			      "[\"from\",\"to\",\"subject\",\"date\"]" },
			  { SIG("oversigned"), "[\"from\"]" },
			  { SIG("not_covered"), "[]" },
			  { "keys[0].bits", "2048" },
			  { "keys[0].problems", "[]" },
			  { "keys[0].suggested", "null" },
			  { "suggested_headers",
			      "\"From:From:To:To:Subject:Subject:Date:Date\"" },
			  { "problems", "[]" } } },
		    .signing = { .names = ALL, .more = TIMES } },
		{ .scene = { .title = "simple", .facts = { RESULT("pass") } },
		    .signing = { .canon = "simple/simple" } },
		{ .scene = { .title = "relaxed, simple",
		      .facts = { RESULT("pass") } },
		    .signing = { .canon = "relaxed/simple" } },
		{ .scene = { .title = "c= without a slash",
		      .facts = { RESULT("pass"),
			  { SIG("canonicalization"), "\"relaxed/simple\"" } } },
		    .signing = { .canon = "relaxed" } },
		{ .scene = { .title = "an empty body",
		      .facts = { RESULT("pass") } },
		    .signing = { .canon = "simple/simple" },
		    .body = "" },
		{ .scene = { .title = "an empty relaxed body",
		      .facts = { RESULT("pass") } },
		    .body = "\r\n\r\n" },
		{ .scene = { .title = "Ed25519",
		      .recording =
			  ED_KEY("v=DKIM1; k=ed25519; p=@ed@") NO_DMARC,
		      .facts = { RESULT("pass"), { SIG("key_bits"), "256" },
			  { "keys[0].type", "\"ed25519\"" },
			  PROBLEM(3, "ed25519-alone") } },
		    .signing = { .key = SIGNER_ED25519 } },
		{ .scene = { .title = "the rest of the body is free with l=",
		      .facts = { RESULT("pass"), { SIG("body_length"), "8" },
			  PROBLEM(0, "body-length") } },
		    .signing = { .more = " l=8;",
			.body = "Hello,\r\n",
			.names = ALL } },
		{ .scene = { .title = "saved with bare LF",
		      .recording = WORLD,
		      .facts = { RESULT("pass") } },
		    .signing = { .canon = "simple/simple" },
		    .header = "From: <a@example.com>\r\n",
		    .body = "one line\r\n" },
	};

	(void)state;
	PLAY(all);
}

static void
lf_alone_is_a_line_end_in_a_saved_file(void **state)
{
	struct signing signing = { .canon = "simple/simple" };
	struct scene scene = { .title = "bare LF",
		.facts = { RESULT("pass") } };
	char *text = mail_sign(arena, &signing, HEADER, BODY);

	(void)state;
	while (strstr(text, "\r\n") != NULL)
		text = mail_replace(arena, text, "\r\n", "\n");
	scene.message = text;
	scene.recording = signer_expand(arena, WORLD);
	scene_play(&check_dkim, &scene);
}

/* ---- what fails, and why ----------------------------------------------- */

static void
a_changed_body_is_explained(void **state)
{
	static const struct mail all[] = {
		{ .scene = { .title = "a word",
		      .facts = { RESULT("fail"), REASON("body-changed"),
			  { SIG("body_cause"), "null" },
			  { SIG("header_cause"), "null" } } },
		    .from = "nothing.",
		    .to = "something." },
		{ .scene = { .title = "a footer",
		      .facts = { RESULT("fail"), REASON("body-changed"),
			  { SIG("body_cause"), "\"footer\"" },
			  { SIG("detail"),
			      "\"The DKIM signature of example.com (selector "
			      "s) does not verify: what stands from line 12 "
			      "on was appended to the body after signing, as "
			      "mailing lists and relays do with footers; "
			      "append it before signing, or not at all\"" } } },
		    .from = "nothing.  \r\n\r\n\r\n",
		    .to = "nothing.  \r\n--\r\nlist\r\n" },
		{ .scene = { .title = "other line ends",
		      .facts = { RESULT("fail"),
			  { SIG("body_cause"), "\"line-ends\"" } } },
		    .from = "Hello,\r\n",
		    .to = "Hello,\n" },
		{ .scene = { .title = "CR alone",
		      .facts = { RESULT("fail"),
			  { SIG("body_cause"), "\"line-ends\"" } } },
		    .from = "Hello,\r\n",
		    .to = "Hello,\r" },
		{ .scene = { .title = "quoted From",
		      .facts = { RESULT("fail"),
			  { SIG("body_cause"), "\"from-quoted\"" } } },
		    .body = "From us\r\nto you\r\n",
		    .from = "\r\n\r\nFrom us",
		    .to = "\r\n\r\n>From us" },
		{ .scene = { .title = "doubled dots",
		      .facts = { RESULT("fail"),
			  { SIG("body_cause"), "\"dot-stuffed\"" } } },
		    .body = "a\r\n.b\r\n",
		    .from = "\r\n.b",
		    .to = "\r\n..b" },
		{ .scene = { .title = "the other canonicalization",
		      .facts = { RESULT("fail"),
			  { SIG("body_cause"), "\"canonicalization\"" } } },
		    .signing = { .canon = "relaxed/relaxed",
			.body = "Hello,\r\n\r\nnothing. \t\r\n" },
		    .body = "Hello,\r\n\r\nnothing. \t\r\n",
		    .from = "c=relaxed/relaxed",
		    .to = "c=relaxed/simple" },
		{ .scene = { .title = "an empty body was signed",
		      .facts = { RESULT("fail"),
			  { SIG("body_cause"), "\"empty\"" } } },
		    .signing = { .body = "" } },
		{ .scene = { .title = "l= is wrong",
		      .facts = { RESULT("fail"),
			  { SIG("body_cause"), "\"length\"" } } },
		    .signing = { .more = " l=3;" } },
		{ .scene = { .title = "l= is more than there is",
		      .facts = { RESULT("fail"), REASON("body-too-short") } },
		    .signing = { .more = " l=300;", .body = "x" } },
	};

	(void)state;
	PLAY(all);
}

static void
a_changed_header_is_explained(void **state)
{
	static const struct mail all[] = {
		{ .scene = { .title = "a word",
		      .facts = { RESULT("fail"), REASON("header-changed"),
			  { SIG("header_cause"), "null" },
			  { SIG("changed"), "null" } } },
		    .from = "What is new",
		    .to = "What was new" },
		{ .scene = { .title = "a list's tag",
		      .facts = { RESULT("fail"), REASON("header-changed"),
			  { SIG("header_cause"), "\"subject-prefix\"" },
			  { SIG("changed"), "\"Subject\"" },
			  { SIG("body_cause"), "null" } } },
		    .from = "What is new",
		    .to = "Re: [news] What is new" },
		{ .scene = { .title = "a field added",
		      .facts = { RESULT("fail"),
			  { SIG("header_cause"), "\"field-added\"" },
			  { SIG("changed"), "\"Reply-To\"" } } },
		    .signing = { .names = "From:Reply-To" },
		    .from = "\r\nTo:",
		    .to = "\r\nReply-To: eve@example.net\r\nTo:" },
		{ .scene = { .title = "a second Subject below",
		      .facts = { RESULT("fail"),
			  { SIG("header_cause"), "\"duplicate\"" },
			  { SIG("changed"), "\"Subject\"" } } },
		    .from = "\r\nDate:",
		    .to = "\r\nSubject: Pills\r\nDate:" },
		{ .scene = { .title = "a second From above, oversigned",
		      .facts = { RESULT("fail"),
			  { SIG("header_cause"), "\"duplicate\"" },
			  { SIG("changed"), "\"From\"" } } },
		    .signing = { .names = ALL },
		    .from = "\r\nFrom:",
		    .to = "\r\nFrom: eve@example.net\r\nFrom:" },
		{ .scene = { .title = "a second From above, not oversigned",
		      .facts = { RESULT("pass") } },
		    .from = "\r\nFrom:",
		    .to = "\r\nFrom: eve@example.net\r\nFrom:" },
		{ .scene = { .title = "From rewritten by a list",
		      .facts = { RESULT("fail"),
			  { SIG("header_cause"), "\"from-rewritten\"" },
			  { SIG("changed"), "\"From\"" } } },
		    .from = "\r\nFrom: News <news@example.com>",
		    .to = "\r\nReply-To: News <news@example.com>\r\n"
			  "From: News via L <l@lists.example.net>" },
		{ .scene = { .title = "another encoding",
		      .facts = { RESULT("fail"),
			  { SIG("header_cause"), "\"encoding\"" },
			  { SIG("changed"),
			      "\"Content-Transfer-Encoding\"" } } },
		    .signing = { .names = "From:Content-Transfer-Encoding" },
		    .header = HEADER "Content-Transfer-Encoding: 8bit\r\n",
		    .from = "8bit",
		    .to = "quoted-printable" },
		{ .scene = { .title = "quotes",
		      .facts = { RESULT("fail"),
			  { SIG("header_cause"), "\"quotes\"" },
			  { SIG("changed"), "\"From\"" } } },
		    .from = "From: News <",
		    .to = "From: \"News\" <" },
		{ .scene = { .title = "no quotes",
		      .facts = { RESULT("fail"),
			  { SIG("header_cause"), "\"quotes\"" } } },
		    .header = "From: \"A B\" <a@example.com>\r\n",
		    .from = "\"A B\"",
		    .to = "A B" },
		{ .scene = { .title = "folded, simple",
		      .facts = { RESULT("fail"),
			  { SIG("header_cause"), "\"folding\"" },
			  { SIG("changed"), "\"Subject\"" } } },
		    .signing = { .canon = "simple/simple" },
		    .from = "What is",
		    .to = "What\r\n is" },
		{ .scene = { .title = "folded, relaxed",
		      .facts = { RESULT("pass") } },
		    .from = "What is",
		    .to = "What\r\n\tis" },
		{ .scene = { .title = "z= knows",
		      .facts = { RESULT("fail"),
			  { SIG("header_cause"), "\"copied\"" },
			  { SIG("changed"), "\"Subject\"" } } },
		    .signing = { .more = " z=From:=20News=20<news@example.com>"
					 "|Subject:=20What=20is=20new;" },
		    .from = "Subject: What is new",
		    .to = "Subject: What was new" },
		{ .scene = { .title = "both header and body",
		      .facts = { RESULT("fail"), REASON("body-changed"),
			  { SIG("header_cause"), "\"subject-prefix\"" },
			  { SIG("body_cause"), "\"empty\"" } } },
		    .signing = { .body = "" },
		    .from = "What is new",
		    .to = "[x] What is new" },
		{ .scene = { .title = "Ed25519 too",
		      .recording =
			  ED_KEY("v=DKIM1; k=ed25519; p=@ed@") NO_DMARC,
		      .facts = { RESULT("fail"), REASON("header-changed"),
			  { SIG("header_cause"), "\"subject-prefix\"" } } },
		    .signing = { .key = SIGNER_ED25519 },
		    .from = "What is new",
		    .to = "[x] What is new" },
	};

	(void)state;
	PLAY(all);
}

/* ---- keys -------------------------------------------------------------- */

#define WITH_KEY(record) KEY(record) NO_DMARC

static void
a_key_that_does_not_serve_is_named(void **state)
{
	static const struct mail all[] = {
		{ .scene = { .title = "another key",
		      .recording = WITH_KEY("v=DKIM1; p=@other@"),
		      .facts = { RESULT("fail"), REASON("key-mismatch"),
			  PROBLEM(0, "key-mismatch") } } },
		{ .scene = { .title = "no such name",
		      .recording =
			  NXDOMAIN("s._domainkey.example.com", "TXT") NO_DMARC,
		      .facts = { RESULT("permerror"), REASON("key-missing"),
			  { SIG("key_bits"), "null" },
			  { "keys[0].present", "false" },
			  { "keys[0].problems[0].code",
			      "\"dkim.key-missing\"" } } } },
		{ .scene = { .title = "no TXT",
		      .recording =
			  NODATA("s._domainkey.example.com", "TXT") NO_DMARC,
		      .facts = { RESULT("permerror"),
			  REASON("key-missing") } } },
		{ .scene = { .title = "revoked",
		      .recording = WITH_KEY("v=DKIM1; p="),
		      .facts = { RESULT("permerror"), REASON("key-revoked"),
			  { "keys[0].revoked", "true" } } } },
		{ .scene = { .title = "two",
		      .recording = FOUND("s._domainkey.example.com", "TXT",
			  TXT(RSA) "," TXT("v=DKIM1; p=@other@")) NO_DMARC,
		      .facts = { RESULT("permerror"),
			  REASON("key-several") } } },
		{ .scene = { .title = "another TXT record",
		      .recording = FOUND("s._domainkey.example.com", "TXT",
			  TXT("v=spf1 -all") "," TXT(RSA)) NO_DMARC,
		      .facts = { RESULT("pass"),
			  { "keys[0].problems[0].code",
			      "\"dkim.key-other-text\"" } } } },
		{ .scene = { .title = "no key at all",
		      .recording = WITH_KEY("hello"),
		      .facts = { RESULT("permerror"),
			  REASON("key-syntax") } } },
		{ .scene = { .title = "no base64",
		      .recording = WITH_KEY("v=DKIM1; p=@rsa@*"),
		      .facts = { RESULT("permerror"),
			  REASON("key-syntax") } } },
		{ .scene = { .title = "base64 of something else",
		      .recording = WITH_KEY("v=DKIM1; p=AAAA"),
		      .facts = { RESULT("permerror"),
			  REASON("key-syntax") } } },
		{ .scene = { .title = "v= is not first",
		      .recording = WITH_KEY("k=rsa; v=DKIM1; p=@rsa@"),
		      .facts = { RESULT("permerror"),
			  REASON("key-syntax") } } },
		{ .scene = { .title = "PKCS#1",
		      .recording = WITH_KEY("v=DKIM1; p=@bare@"),
		      .facts = { RESULT("pass"),
			  { "keys[0].problems[0].code",
			      "\"dkim.key-bare\"" } } } },
		{ .scene = { .title = "of Ed25519",
		      .recording = WITH_KEY("v=DKIM1; k=ed25519; p=@ed@"),
		      .facts = { RESULT("permerror"), REASON("key-type") } } },
		{ .scene = { .title = "for SHA-1 alone",
		      .recording = WITH_KEY("v=DKIM1; h=sha1; p=@rsa@"),
		      .facts = { RESULT("permerror"), REASON("key-hash") } } },
		{ .scene = { .title = "for both",
		      .recording =
			  WITH_KEY("v=DKIM1; h=sha1 : sha256; p=@rsa@"),
		      .facts = { RESULT("pass") } } },
		{ .scene = { .title = "not for mail",
		      .recording = WITH_KEY("v=DKIM1; s=tlsrpt; p=@rsa@"),
		      .facts = { RESULT("permerror"),
			  REASON("key-service") } } },
		{ .scene = { .title = "for all services",
		      .recording = WITH_KEY("v=DKIM1; s=*; p=@rsa@"),
		      .facts = { RESULT("pass") } } },
		{ .scene = { .title = "t=s and a subdomain",
		      .recording = WITH_KEY("v=DKIM1; t=s; p=@rsa@"),
		      .facts = { RESULT("permerror"), REASON("key-strict") } },
		    .signing = { .more = " i=@mail.example.com;" } },
		{ .scene = { .title = "a subdomain without it",
		      .facts = { RESULT("pass"),
			  { SIG("identity"), "\"@mail.example.com\"" } } },
		    .signing = { .more = " i=@mail.example.com;" } },
		{ .scene = { .title = "testing",
		      .recording = WITH_KEY("v=DKIM1; t=y; p=@rsa@"),
		      .facts = { RESULT("pass"), { SIG("testing"), "true" },
			  { "keys[0].problems[0].code",
			      "\"dkim.key-testing\"" } } } },
		{ .scene = { .title = "all that can be mended",
		      .recording =
			  WITH_KEY("g=x; t=y:x ; s=email; n=note; p=@rsa@"),
		      .facts = { RESULT("pass"),
			  { "keys[0].suggested",
			      "\"v=DKIM1; k=rsa; s=email; t=x; p=@rsa@\"" },
			  { "keys[0].problems[0].code",
			      "\"dkim.key-testing\"" },
			  { "keys[0].problems[1].code",
			      "\"dkim.key-no-version\"" },
			  { "keys[0].problems[2].code",
			      "\"dkim.key-granularity\"" },
			  { "keys[0].problems[3]", NULL } } } },
		{ .scene = { .title = "512 bits",
		      .recording = WITH_KEY("v=DKIM1; p=@512@"),
		      .facts = { RESULT("policy"), REASON("key-too-short"),
			  { SIG("key_bits"), "512" } } },
		    .signing = { .key = SIGNER_RSA_512 } },
		{ .scene = { .title = "1024 bits",
		      .recording = WITH_KEY("v=DKIM1; p=@1024@"),
		      .facts = { RESULT("pass"), { SIG("key_bits"), "1024" },
			  { "keys[0].problems[0].code",
			      "\"dkim.key-weak\"" } } },
		    .signing = { .key = SIGNER_RSA_1024 } },
		{ .scene = { .title = "by way of a CNAME",
		      .recording = ALIASED("s._domainkey.example.com", "TXT",
			  "s.dkim.example.net", TXT(RSA)) NO_DMARC,
		      .facts = { RESULT("pass"),
			  { "keys[0].alias", "\"s.dkim.example.net\"" } } } },
	};

	(void)state;
	PLAY(all);
}

static void
a_lost_key_is_a_temperror(void **state)
{
	static const struct mail m = {
		.scene = { .title = "timeout",
		    .recording =
			TIMEOUT("s._domainkey.example.com", "TXT") NO_DMARC,
		    .facts = { RESULT("temperror"), REASON("key-lost"),
			{ SIG("key_bits"), NULL }, { SIG("testing"), NULL },
			{ SIG("aligned"), "true" },
			{ SIG("domain"), "\"example.com\"" },
			{ "keys[0].present", NULL } },
		    .gaps = "pass timeout; signatures[].key_bits timeout; "
			    "signatures[].testing timeout; "
			    "signatures[].result timeout; "
			    "signatures[].pass timeout; "
			    "signatures[].reason timeout; "
			    "signatures[].detail timeout; "
			    "signatures[].body_cause timeout; "
			    "signatures[].header_cause timeout; "
			    "signatures[].changed timeout; "
			    "keys[].present timeout; keys[].type timeout; "
			    "keys[].bits timeout; keys[].revoked timeout; "
			    "keys[].testing timeout; keys[].strict timeout; "
			    "keys[].record timeout; keys[].alias timeout; "
			    "keys[].suggested timeout; "
			    "keys[].problems timeout" }
	};

	(void)state;
	play(&m);
}

/* ---- the signature field ----------------------------------------------- */

static void
a_field_that_cannot_be_used_is_explained(void **state)
{
	static const struct mail all[] = {
		{ .scene = { .title = "rsa-sha1",
		      .facts = { RESULT("policy"), REASON("algorithm-sha1") } },
		    .signing = { .algorithm = "rsa-sha1" },
		    .from = "bh=",
		    .to = "bh=AAAAAAAAAAAAAAAAAAAAAAAAAAA=; X=" },
		{ .scene = { .title = "expired",
		      .facts = { RESULT("permerror"),
			  REASON("signature-expired"),
			  PROBLEM(0, "signature-expired") } },
		    .signing = { .more = " t=1795000000; x=1795219199;",
			.names = ALL } },
		{ .scene = { .title = "in its last second",
		      .facts = { RESULT("pass"), PROBLEM(0, "expires-soon") } },
		    .signing = { .more = " t=1795000000; x=1795219200;",
			.names = ALL } },
		{ .scene = { .title = "without From",
		      .facts = { RESULT("permerror"),
			  REASON("from-not-signed") } },
		    .signing = { .names = "To:Subject" } },
		{ .scene = { .title = "not of the From domain",
		      .recording = FOUND("s._domainkey.example.net", "TXT",
			  TXT(RSA)) NO_DMARC NODATA("_dmarc.example.net", "TXT")
			  NODATA("_dmarc.net", "TXT"),
		      .facts = { RESULT("pass"), { SIG("aligned"), "false" },
			  { SIG("domain"), "\"example.net\"" } } },
		    .signing = { .domain = "example.net" } },
		{ .scene = { .title = "aligned by a record above",
		      .recording = FOUND("s._domainkey.m.example.com", "TXT",
			  TXT(RSA)) FOUND("_dmarc.example.com", "TXT",
			  TXT("v=DMARC1; p=none"))
			  NODATA("_dmarc.m.example.com", "TXT")
			      NODATA("_dmarc.com", "TXT"),
		      .facts = { RESULT("pass"), { SIG("aligned"), "true" } } },
		    .signing = { .domain = "m.example.com" } },
		{ .scene = { .title = "strictly not aligned",
		      .recording = FOUND("s._domainkey.m.example.com", "TXT",
			  TXT(RSA)) FOUND("_dmarc.example.com", "TXT",
			  TXT("v=DMARC1; p=none; adkim=s"))
			  NODATA("_dmarc.m.example.com", "TXT")
			      NODATA("_dmarc.com", "TXT"),
		      .facts = { RESULT("pass"),
			  { SIG("aligned"), "false" } } },
		    .signing = { .domain = "m.example.com" } },
		{ .scene = { .title = "no signature",
		      .recording = "",
		      .facts = { { "result", "\"none\"" },
			  { "reason", "\"The message has no DKIM-Signature\"" },
			  { "signatures", "[]" }, { "keys", "[]" },
			  PROBLEM(0, "unsigned") } },
		    .unsigned_ = true },
		{ .scene = { .title = "no tag list",
		      .recording = NO_DMARC,
		      .facts = { RESULT("permerror"),
			  REASON("signature-syntax"),
			  { SIG("detail"),
			      "\"The DKIM signature in line 1 has a tag "
			      "without \\\"=\\\": v (line 1, column 17): "
			      "receivers do not verify it; mend it in the "
			      "signer's settings, or replace the signer\"" } } },
		    .from = "v=1;",
		    .to = "v;" },
	};

	(void)state;
	PLAY(all);
}

/* ---- selectors --------------------------------------------------------- */

static void
selectors_are_looked_up_without_a_message(void **state)
{
	struct scene all[] = {
		{ .title = "there, and not",
		    .recording =
			KEY(RSA) NXDOMAIN("t._domainkey.example.com", "TXT"),
		    .selectors = { "s", "t", "S" },
		    .facts = { { "result", NULL }, { "signatures", NULL },
			{ "keys[0].selector", "\"s\"" },
			{ "keys[0].bits", "2048" },
			{ "keys[1].present", "false" },
			{ "keys[1].type", "null" }, { "keys[2]", NULL },
			PROBLEM(0, "key-missing") },
		    .gaps = "result needs-message; pass needs-message; "
			    "reason needs-message; "
			    "signatures needs-message; "
			    "suggested_headers needs-message" },
		{ .title = "no name",
		    .recording = "",
		    .selectors = { "a b" },
		    .facts = { { "keys[0].name", "null" },
			PROBLEM(0, "selector-invalid") },
		    .gaps = "result needs-message; pass needs-message; "
			    "reason needs-message; "
			    "signatures needs-message; "
			    "suggested_headers needs-message" },
		{ .title = "nothing",
		    .facts = { { "result", NULL }, { "keys", NULL } },
		    .gaps = " needs-message" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].recording != NULL)
			all[i].recording =
			    signer_expand(arena, all[i].recording);
		scene_play(&check_dkim, &all[i]);
	}
}

static int
teardown_all(void **state)
{
	signer_close();
	return teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_signature_passes),
		cmocka_unit_test(lf_alone_is_a_line_end_in_a_saved_file),
		cmocka_unit_test(a_changed_body_is_explained),
		cmocka_unit_test(a_changed_header_is_explained),
		cmocka_unit_test(a_key_that_does_not_serve_is_named),
		cmocka_unit_test(a_lost_key_is_a_temperror),
		cmocka_unit_test(a_field_that_cannot_be_used_is_explained),
		cmocka_unit_test(selectors_are_looked_up_without_a_message),
	};

	return cmocka_run_group_tests(tests, setup, teardown_all);
}
