#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/evidence_text.h"
#include "base/limits.h"
#include "probes/store.h"

#define HEADER \
	"{\"schema\": \"presend.evidence/1\", \"as_of\": " \
	"\"2026-11-21T00:00:00Z\"}\n"
#define ANSWERED(question, answer) \
	"{\"question\": {" question "}, \"seen\": \"answered\", " answer "}"
#define DNS(name, type) \
	"\"kind\": \"dns\", \"name\": \"" name "\", \"type\": \"" type "\""
#define RECORDS(list) "\"dns\": {\"rcode\": 0, \"records\": [" list "]}"
#define SMTP \
	"\"kind\": \"smtp\", \"name\": \"mx.example\", \"port\": 25, " \
	"\"addresses\": [\"192.0.2.1\"]"
#define GET \
	"\"kind\": \"https\", \"name\": \"https://a.example/b\", " \
	"\"addresses\": [\"192.0.2.1\"]"

/* A line of a recording, and how it is told. */
static const struct {
	const char *line, *question, *answer;
} told[] = {
	{ ANSWERED(DNS("a.example", "A"),
	      RECORDS(
		  "{\"owner\": \"a.example\", \"type\": \"A\", \"address\": "
		  "\"192.0.2.1\"}, {\"owner\": \"a.example\", \"type\": "
		  "\"A\", \"address\": \"192.0.2.2\"}")),
	    "A a.example.", "192.0.2.1, 192.0.2.2" },
	{ ANSWERED(DNS("a.example", "TXT") ", \"addresses\": [\"192.0.2.53\"]",
	      RECORDS("{\"owner\": \"a.example\", \"type\": \"TXT\", "
		      "\"strings\": [\"say \\\"a\", \"\\\\\\\\b\"]}")),
	    "TXT a.example. at 192.0.2.53", "\"say \\\"a\" \"\\\\b\"" },
	{ ANSWERED(DNS("a.example", "TXT"),
	      RECORDS("{\"owner\": \"a.example\", \"type\": \"TXT\", "
		      "\"strings\": [\"\\\\027[2J\\\\010x\\\\255\"]}")),
	    "TXT a.example.", "\"\\u{1B}[2J\\nx\\xFF\"" },
	{ ANSWERED(DNS("a.example", "MX"),
	      RECORDS("{\"owner\": \"a.example\", \"type\": \"MX\", "
		      "\"preference\": 0, \"host\": \"\"}")),
	    "MX a.example.", "0 ." },
	{ ANSWERED(DNS("", "SOA"),
	      RECORDS("{\"owner\": \"\", \"type\": \"SOA\", \"mname\": "
		      "\"a\", \"rname\": \"b\", \"serial\": 1, \"refresh\": 2, "
		      "\"retry\": 3, \"expire\": 4, \"minimum\": 5}")),
	    "SOA .", "a. b. 1 2 3 4 5" },
	{ ANSWERED(DNS("_25._tcp.a.example", "TLSA"),
	      RECORDS("{\"owner\": \"a\", \"type\": \"TLSA\", \"usage\": 3, "
		      "\"selector\": 1, \"matching\": 1, \"data\": "
		      "\"00ff\"}")),
	    "TLSA _25._tcp.a.example.", "3 1 1 00ff" },
	{ ANSWERED(DNS("a.example", "TYPE65280"),
	      RECORDS("{\"owner\": \"a\", \"type\": \"TYPE65280\", \"rdata\": "
		      "\"0a0b\"}")),
	    "TYPE65280 a.example.", "\\# 2 0a0b" },
	/* An alias stands before what it leads to, if only to nothing. */
	{ "{\"question\": {" DNS("a.example",
	      "TXT") "}, \"seen\": \"absent\", "
		     "\"dns\": {\"rcode\": 3, \"chain\": [{\"owner\": \"a.example\", "
		     "\"type\": \"CNAME\", \"name\": \"b.example\"}], \"records\": []}}",
	    "TXT a.example.", "CNAME b.example., NXDOMAIN" },
	{ "{\"question\": {" DNS("a.example",
	      "TXT") "}, \"seen\": \"absent\", "
		     "\"dns\": {\"rcode\": 0, \"records\": []}}",
	    "TXT a.example.", "no record of that type" },
	/* What is not known is told by its cause. */
	{ "{\"question\": {" DNS("a.example",
	      "TXT") "}, \"seen\": "
		     "\"temporary\", \"cause\": \"servfail\", \"dns\": {\"rcode\": 2, "
		     "\"records\": []}}",
	    "TXT a.example.", "no answer, servfail" },
	{ "{\"question\": {" DNS("a.example",
	      "TXT") "}, \"seen\": "
		     "\"not-asked\", \"cause\": \"offline\", \"detail\": \"so it is\"}",
	    "TXT a.example.", "not asked, offline: so it is" },
	{ ANSWERED(SMTP,
	      "\"smtp\": {\"stage\": \"done\", \"code\": 250, \"banner\": "
	      "\"mx.example ESMTP\", \"starttls_offered\": true, \"tls\": "
	      "{\"version\": \"TLSv1.3\", \"chain\": []}, \"transcript\": "
	      "[\"S: 220 mx.example ESMTP\", \"C: EHLO x\", \"S: 250 "
	      "mx.example\", \"C: QUIT\"]}"),
	    "mx.example port 25 at 192.0.2.1",
	    "mx.example ESMTP; TLSv1.3; last reply: 250 mx.example" },
	{ ANSWERED(SMTP,
	      "\"smtp\": {\"stage\": \"done\", \"code\": 250, \"banner\": "
	      "\"mx\", \"tls\": {\"chain\": []}, \"transcript\": [\"S: 250 "
	      "ok\"]}"),
	    "mx.example port 25 at 192.0.2.1",
	    "mx; no STARTTLS; last reply: 250 ok" },
	{ "{\"question\": {" SMTP "}, \"seen\": \"temporary\", \"cause\": "
	  "\"deferred\", \"detail\": \"it said 421\", \"smtp\": {\"stage\": "
	  "\"ehlo\", \"code\": 421, \"banner\": \"mx\", \"tls\": {\"chain\": "
	  "[]}, \"transcript\": [\"S: 421 later\"]}}",
	    "mx.example port 25 at 192.0.2.1",
	    "no answer, deferred: it said 421; mx; last reply: 421 later" },
	{ ANSWERED(GET,
	      "\"https\": {\"status\": 302, \"headers\": [], \"body\": "
	      "[\"abc\"], \"location\": \"http://c.example/\", "
	      "\"content_type\": \"text/html\", \"tls\": {\"version\": "
	      "\"TLSv1.2\", \"chain\": []}}"),
	    "GET https://a.example/b",
	    "status 302 to http://c.example/; text/html; 3 octets; TLSv1.2" },
	{ "{\"question\": {" GET "}, \"seen\": \"temporary\", \"cause\": "
	  "\"tls\", \"detail\": \"no session\", \"https\": {\"status\": 0, "
	  "\"headers\": [], \"body\": [], \"tls\": {\"error\": \"expired\", "
	  "\"chain\": []}}}",
	    "GET https://a.example/b", "no answer, tls: no session" },
	{ "{\"question\": {\"kind\": \"postmaster\", \"name\": "
	  "\"https://a.example/v2\", \"body\": \"{}\"}, \"seen\": "
	  "\"answered\", \"postmaster\": {\"status\": 200, \"headers\": [], "
	  "\"body\": []}}",
	    "POST https://a.example/v2 {}", "status 200" },
	{ "{\"question\": {\"kind\": \"post\", \"name\": "
	  "\"https://a.example/u\"}, \"seen\": \"answered\", \"post\": "
	  "{\"status\": 200, \"headers\": [], \"body\": []}}",
	    "POST https://a.example/u", "status 200" },
};

struct line {
	struct buf question, answer;
	size_t n;
};

static void
observe(void *arg, const struct question *q, const struct answer *a)
{
	struct line *l = arg;

	l->n++;
	evidence_text_question(&l->question, q);
	evidence_text_answer(&l->answer, q, a);
	buf_add(&l->question, slice_of("", 1));
	buf_add(&l->answer, slice_of("", 1));
}

static void
evidence_is_told_in_one_line(void **state)
{
	struct arena *a = arena_new(1 << 20, 1024);

	(void)state;
	assert_non_null(a);
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		struct store *s = store_new();
		struct slice text =
		    arena_slicef(a, HEADER "%s\n", told[i].line);
		struct slice error = SLICE_NONE;
		struct line l = { .n = 0 };
		int64_t as_of;

		assert_non_null(s);
		buf_init(&l.question, 1 << 16);
		buf_init(&l.answer, 1 << 16);
		store_observe(s, observe, &l);
		if (recording_load(s, text, &as_of, a, &error) != RC_OK)
			fail_msg("%s: %.*s", told[i].line, SLICE_FMT(error));
		assert_int_equal(l.n, 1);
		assert_string_equal((const char *)l.question.p,
		    told[i].question);
		assert_string_equal((const char *)l.answer.p, told[i].answer);
		buf_free(&l.question);
		buf_free(&l.answer);
		store_free(s);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_is_told_in_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
