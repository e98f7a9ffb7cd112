#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"
#include "checks/unsubscribe/unsubscribe_uri.h"
#include "with_arena.h"

WITH_ARENA(1 << 20, 4096)

#define ONE_CLICK   "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
#define LIST(value) "List-Unsubscribe: " value "\r\n"
#define URL         "https://example.com/u?t=Zk3uQ9"
#define MAILTO      "mailto:u@example.com"
#define BODY        "Unsubscribe: https://example.com/out\r\n"

#define TEN   "<>,<>,<>,<>,<>,<>,<>,<>,<>,<>,"
#define FIFTY TEN TEN TEN TEN TEN

/* ---- the fields -------------------------------------------------------- */

struct field_case {
	const char *title;
	const char *fields;
	const char *pair;
	const char *https;  /* JSON */
	const char *mailto; /* JSON */
	const char *codes;  /* without "unsubscribe.", in order */
};

static const struct field_case cases[] = {
	{ "the pair is right", LIST("<" MAILTO ">, <" URL ">") ONE_CLICK,
	    "true", "\"" URL "\"", "\"" MAILTO "\"", "not-signed" },
	{ "another case of the names, and white space",
	    "LIST-UNSUBSCRIBE:\r\n <HTTPS://example.com/u/1234567>\r\n"
	    "list-unsubscribe-post:\tList-Unsubscribe=One-Click \r\n",
	    "true", "\"HTTPS://example.com/u/1234567\"", "null", "not-signed" },
	{ "folded within a URI",
	    "List-Unsubscribe: <https://example.com/\r\n u/1234567>\r\n" ONE_CLICK,
	    "true", "\"https://example.com/u/1234567\"", "null",
	    "space-in-uri not-signed" },
	{ "neither field", "", "false", "null", "null", "missing" },
	{ "no Post field", LIST("<" URL ">"), "false", "\"" URL "\"", "null",
	    "post-missing" },
	{ "a Post field alone", ONE_CLICK, "false", "null", "null",
	    "missing post-alone" },
	{ "a Post field that says something else",
	    LIST("<" URL ">") "List-Unsubscribe-Post: One-Click\r\n", "false",
	    "\"" URL "\"", "null", "post-value not-signed" },
	{ "a Post field in another case",
	    LIST("<" URL ">") "List-Unsubscribe-Post: "
			      "list-unsubscribe=one-click\r\n",
	    "false", "\"" URL "\"", "null", "post-value not-signed" },
	{ "more text in the Post field",
	    LIST("<" URL ">") "List-Unsubscribe-Post: "
			      "List-Unsubscribe=One-Click; x\r\n",
	    "false", "\"" URL "\"", "null", "post-value not-signed" },
	{ "an empty Post field", LIST("<" URL ">") "List-Unsubscribe-Post:\r\n",
	    "false", "\"" URL "\"", "null", "post-value not-signed" },
	{ "mailto only", LIST("<" MAILTO ">") ONE_CLICK, "false", "null",
	    "\"" MAILTO "\"", "no-https not-signed" },
	{ "http only", LIST("<http://example.com/u>") ONE_CLICK, "false",
	    "null", "null", "http no-https not-signed" },
	{ "http beside https",
	    LIST("<" URL ">,<http://example.com/u>") ONE_CLICK, "false",
	    "\"" URL "\"", "null", "http not-signed" },
	{ "two https URIs",
	    LIST("<" URL ">, <https://example.com/b>") ONE_CLICK, "false",
	    "\"" URL "\"", "null", "several-https not-signed" },
	{ "the field twice", LIST("<" URL ">") LIST("<" MAILTO ">") ONE_CLICK,
	    "false", "\"" URL "\"", "null", "duplicate-header not-signed" },
	{ "the Post field twice", LIST("<" URL ">") ONE_CLICK ONE_CLICK,
	    "false", "\"" URL "\"", "null", "duplicate-header not-signed" },
	{ "no brackets", LIST(URL) ONE_CLICK, "false", "null", "null",
	    "no-brackets no-https not-signed" },
	{ "a bracket without its end", LIST("<" URL) ONE_CLICK, "false", "null",
	    "null", "unclosed no-https not-signed" },
	{ "a next line that does not begin with a blank",
	    "List-Unsubscribe: <https://example.com/\r\nu?t=1>\r\n" ONE_CLICK,
	    "false", "null", "null", "unclosed no-https not-signed" },
	{ "an empty URI and one without a host",
	    LIST("<>, <https:///u>") ONE_CLICK, "false", "null", "null",
	    "bad-uri bad-uri no-https not-signed" },
	{ "a mailto without an address",
	    LIST("<mailto:unsubscribe>, <" URL ">") ONE_CLICK, "true",
	    "\"" URL "\"", "null", "bad-uri not-signed" },
	{ "text after a URI ends the list",
	    LIST("<" MAILTO "> or <" URL ">") ONE_CLICK, "false", "null",
	    "\"" MAILTO "\"", "trailing-text no-https not-signed" },
	{ "comments are let through",
	    LIST("(Use this (really)) <" URL "> (now), <" MAILTO ">") ONE_CLICK,
	    "true", "\"" URL "\"", "\"" MAILTO "\"",
	    "comment-ignored not-signed" },
	{ "a comment without its end hides all",
	    LIST("(oops <" URL ">") ONE_CLICK, "false", "null", "null",
	    "comment-ignored no-https not-signed" },
	{ "an encoded word",
	    LIST("=?utf-8?Q?=3Chttps=3A//example.com/u=3E?=") ONE_CLICK,
	    "false", "null", "null",
	    "encoded-word no-brackets no-https not-signed" },
	{ "empty items", LIST(" , <" URL ">,,") ONE_CLICK, "true",
	    "\"" URL "\"", "null", "not-signed" },
	{ "another scheme is of no harm",
	    LIST("<tel:+15550100>, <" URL ">") ONE_CLICK, "true", "\"" URL "\"",
	    "null", "not-signed" },
	{ "a URI with octets that it must escape",
	    LIST("<https://example.com/\303\244>") ONE_CLICK, "false", "null",
	    "null", "bad-uri no-https not-signed" },
	{ "a host that is private",
	    LIST("<https://lists.corp/u?t=Zk3uQ9>") ONE_CLICK, "true",
	    "\"https://lists.corp/u?t=Zk3uQ9\"", "null",
	    "private-host not-signed" },
	{ "an address that is private",
	    LIST("<https://10.0.0.1/u?t=Zk3uQ9>") ONE_CLICK, "true",
	    "\"https://10.0.0.1/u?t=Zk3uQ9\"", "null",
	    "private-host not-signed" },
	{ "an address", LIST("<https://8.8.8.8/u?t=Zk3uQ9>") ONE_CLICK, "true",
	    "\"https://8.8.8.8/u?t=Zk3uQ9\"", "null", "ip-host not-signed" },
	{ "no host name", LIST("<https://a..b/u?t=Zk3uQ9>") ONE_CLICK, "true",
	    "\"https://a..b/u?t=Zk3uQ9\"", "null", "bad-host not-signed" },
	{ "a user name",
	    LIST("<https://me:x@example.com/u?t=Zk3uQ9>") ONE_CLICK, "true",
	    "\"https://me:x@example.com/u?t=Zk3uQ9\"", "null",
	    "userinfo not-signed" },
	{ "a port", LIST("<https://example.com:8443/u?t=Zk3uQ9>") ONE_CLICK,
	    "true", "\"https://example.com:8443/u?t=Zk3uQ9\"", "null",
	    "port not-signed" },
	{ "a fragment", LIST("<" URL "#x>") ONE_CLICK, "true", "\"" URL "#x\"",
	    "null", "fragment not-signed" },
	{ "nothing that tells who", LIST("<https://example.com/u>") ONE_CLICK,
	    "true", "\"https://example.com/u\"", "null",
	    "no-token not-signed" },
};

/* {"problems[i].code", "\"unsubscribe.CODE\""} of each word, and no more. */
static void
expect_codes(const char *codes, struct expected_fact *out)
{
	struct slice rest = slice_str(codes), one;
	size_t n = 0;

	for (; rest.n > 0; n++) {
		(void)slice_cut(rest, ' ', &one, &rest);
		out[n].path = arena_printf(arena, "problems[%zu].code", n);
		out[n].json =
		    arena_printf(arena, "\"unsubscribe.%.*s\"", SLICE_FMT(one));
	}
	out[n].path = arena_printf(arena, "problems[%zu]", n);
}

static void
the_fields_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct field_case *c = &cases[i];
		struct scene scene = { .title = c->title,
			.facts = { { "header_pair", c->pair },
			    { "https_uri", c->https },
			    { "mailto_uri", c->mailto },
			    { "one_click", "false" },
			    { "dkim_covers", "false" },
			    { "body_link", "\"https://example.com/out\"" } } };

		arena_reset(arena);
		scene.message = arena_printf(arena,
		    "From: a@example.com\r\n%s\r\n" BODY, c->fields);
		if (strcmp(c->pair, "true") == 0)
			scene.gaps = "endpoint skipped";
		expect_codes(c->codes, &scene.facts[6]);
		scene_play(&check_unsubscribe, &scene);
	}
}

/* ---- what is to be written --------------------------------------------- */

static const struct scene suggestions[] = {
	{ .title = "of nothing",
	    .message = "From: a@example.com\r\nSubject: x\r\n\r\n" BODY,
	    .facts = { { "suggested",
			   "\"<https://example.com/unsubscribe?token=TOKEN>\"" },
		{ "suggested_h", "\"From:Subject:List-Unsubscribe:"
				 "List-Unsubscribe-Post\"" },
		{ "token", "null" }, { "endpoint", "null" },
		{ "probed", "false" } } },
	{ .title = "of a mailto",
	    .message =
		"From: a@example.com\r\n" LIST("<" MAILTO ">") "\r\n" BODY,
	    .facts = { { "suggested",
		"\"<https://example.com/unsubscribe?token=TOKEN>, "
		"<mailto:u@example.com>\"" } } },
	{ .title = "of http",
	    .message = "From: a@example.com\r\n" LIST(
		"<http://example.com/u>") "\r\n" BODY,
	    .facts = { { "suggested", "\"<https://example.com/u>\"" } } },
	{ .title = "of a private host",
	    .message = "From: a@example.com\r\n" LIST(
		"<https://localhost/u>") "\r\n" BODY,
	    .facts = { { "suggested",
		"\"<https://example.com/unsubscribe?token=TOKEN>\"" } } },
	{ .title = "of a signature that lacks both",
	    .message = "From: a@example.com\r\nDKIM-Signature: v=1; "
		       "h=From:\r\n Subject; d=x\r\n\r\n" BODY,
	    .facts = { { "suggested_h", "\"From:Subject:List-Unsubscribe:"
					"List-Unsubscribe-Post\"" } } },
	{ .title = "more problems than are listed",
	    .message = "From: a@example.com\r\n" LIST(
		FIFTY FIFTY FIFTY "<>") "\r\n" BODY,
	    .facts = { { "problems[99].code", "\"unsubscribe.bad-uri\"" },
		{ "problems[100].code", "\"problems.more\"" },
		{ "problems[101]", NULL }, { "header_pair", "false" } } },
	{ .title = "no message",
	    .facts = { { "header_pair", NULL }, { "problems", NULL } },
	    .gaps = " needs-message" },
};

static void
what_to_write_is_suggested(void **state)
{
	(void)state;
	scenes_play(&check_unsubscribe, suggestions);
}

/* ---- the body ---------------------------------------------------------- */

#define HTML(body) "Content-Type: text/html; charset=utf-8\r\n\r\n" body "\r\n"
#define FOUND_BY(link, by) \
	{ \
		{ "body_link", "\"" link "\"" }, \
		{ \
			"body_link_by", "\"" by "\"" \
		} \
	}
#define NOT_FOUND(code) \
	{ \
		{ "body_link", "null" }, { "body_link_by", "null" }, \
		{ \
			"problems[1].code", "\"unsubscribe.body-" code "\"" \
		} \
	}

static const struct scene bodies[] = {
	{ .title = "by words in its text",
	    .message = HTML("<a href='https://a.test/1'>News</a> "
			    "<a href='https://a.test/2'>Unsubscribe</a>"),
	    .facts = FOUND_BY("https://a.test/2", "words") },
	{ .title = "by the words of an image",
	    .message = HTML("<a href='https://a.test/2'><img src=x "
			    "alt='Se d\303\251sabonner'></a>"),
	    .facts = FOUND_BY("https://a.test/2", "words") },
	{ .title = "by the title",
	    .message = HTML("<a href='https://a.test/2' title='Abmelden'>"
			    "<img src=x></a>"),
	    .facts = FOUND_BY("https://a.test/2", "words") },
	{ .title = "by what stands around it",
	    .message = HTML("<p>To unsubscribe <a href='https://a.test/2'>"
			    "click here</a>.</p>"),
	    .facts = FOUND_BY("https://a.test/2", "context") },
	{ .title = "not by what stands elsewhere",
	    .message = HTML("<p>To unsubscribe write to us.</p><p>"
			    "<a href='https://a.test/2'>News</a></p>"),
	    .facts = NOT_FOUND("missing") },
	{ .title = "by where it leads",
	    .message = HTML("<a href='https://a.test/unsubscribe?x=1'>"
			    "here</a>"),
	    .facts = FOUND_BY("https://a.test/unsubscribe?x=1", "target") },
	{ .title = "a page of preferences",
	    .message = HTML("<a href='https://a.test/p'>Manage "
			    "preferences</a>"),
	    .facts = FOUND_BY("https://a.test/p", "preferences") },
	{ .title = "unsubscribing before preferences",
	    .message = HTML("<a href='https://a.test/p'>Manage preferences</a>"
			    "<br><a href='https://a.test/u'>Opt out</a>"),
	    .facts = FOUND_BY("https://a.test/u", "words") },
	{ .title = "the URI of the header before all",
	    .message = LIST("<https://a.test/7?t=abc123>")
		HTML("<a href='https://a.test/u'>Unsubscribe</a><br>"
		     "<a href='https://a.test/7?t=abc123'>x</a>"),
	    .facts = FOUND_BY("https://a.test/7?t=abc123", "uri") },
	{ .title = "an address to write to",
	    .message = HTML("<a href='mailto:off@a.test'>Unsubscribe</a>"),
	    .facts = FOUND_BY("mailto:off@a.test", "words") },
	{ .title = "no link but words",
	    .message = HTML("<p>Unsubscribe: write to us.</p>"),
	    .facts = NOT_FOUND("missing") },
	{ .title = "a link that leads nowhere",
	    .message = HTML("<a href='#'>Unsubscribe</a>"),
	    .facts = NOT_FOUND("missing") },
	{ .title = "a hidden link",
	    .message = HTML("<p>x</p><div style='display:none'>"
			    "<a href='https://a.test/u'>Unsubscribe</a></div>"),
	    .facts = NOT_FOUND("hidden") },
	{ .title = "HTML is what is shown",
	    .message = "MIME-Version: 1.0\r\nContent-Type: "
		       "multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n"
		       "Unsubscribe: https://a.test/u\r\n--b\r\nContent-Type: "
		       "text/html\r\n\r\n<p>News</p>\r\n--b--\r\n",
	    .facts = NOT_FOUND("missing") },
	{ .title = "quoted-printable and another charset",
	    .message = "MIME-Version: 1.0\r\nContent-Type: text/html; "
		       "charset=iso-8859-1\r\nContent-Transfer-Encoding: "
		       "quoted-printable\r\n\r\n<a href=3D'https://a.test/u'>"
		       "D=E9sabon=\r\nner</a>\r\n",
	    .facts = FOUND_BY("https://a.test/u", "words") },
	{ .title = "in text, on the line of the words",
	    .message = "\r\nTo unsubscribe: <https://a.test/u>.\r\n",
	    .facts = FOUND_BY("https://a.test/u", "words") },
	{ .title = "in text, on the next line",
	    .message = "\r\nUnsubscribe:\r\n\r\nhttps://a.test/u.\r\n",
	    .facts = FOUND_BY("https://a.test/u", "words") },
	{ .title = "in text, with the words broken",
	    .message = "\r\nIf you no longer wish to\r\nreceive this: "
		       "https://a.test/u\r\n",
	    .facts = FOUND_BY("https://a.test/u", "words") },
	{ .title = "in text, too far from the words",
	    .message = "\r\nUnsubscribe\r\nat our shop.\r\nNews: "
		       "https://a.test/n\r\n",
	    .facts = NOT_FOUND("missing") },
	{ .title = "in text, an address",
	    .message = "\r\nOpt out: mailto:off@a.test\r\n",
	    .facts = FOUND_BY("mailto:off@a.test", "words") },
	{ .title = "an empty body",
	    .message = "Subject: x\r\n\r\n",
	    .facts = NOT_FOUND("missing") },
};

static void
the_link_in_the_body_is_found(void **state)
{
	(void)state;
	scenes_play(&check_unsubscribe, bodies);
}

/* ---- the POST ---------------------------------------------------------- */

#define PAIR_OF(uri) \
	"From: a@example.com\r\n" LIST("<" uri ">") ONE_CLICK "\r\n" BODY
#define HOST \
	FOUND("example.com", "A", A("192.0.2.1")) NODATA("example.com", "AAAA")
#define FAULT(text) \
	{ \
		"endpoint.fault", text \
	}
#define STATUS(text) \
	{ \
		"endpoint.status", text \
	}
#define SENT(text) \
	{ \
		"endpoint.sent", text \
	}
#define ALL_LOST(cause) \
	"endpoint.status " cause "; endpoint.answered " cause \
	"; endpoint.redirected " cause "; endpoint.location " cause \
	"; endpoint.tls_trusted " cause "; endpoint.certificate_error " cause \
	"; endpoint.fault " cause
/* There is no certificate in these answers: that is a fault of its own. */
#define NO_CERTIFICATE \
	"\"its certificate is not to be trusted: it cannot be read\""

static const struct scene posts[] = {
	{ .title = "not without the option",
	    .message = PAIR_OF(URL),
	    .recording = POST(URL, "\"status\":200"),
	    .facts = { { "probed", "false" }, { "endpoint", NULL } },
	    .gaps = "endpoint skipped" },
	{ .title = "answered",
	    .unsubscribe = true,
	    .message = PAIR_OF(URL),
	    .recording = HOST POST(URL, "\"status\":202"),
	    .facts = { { "probed", "true" }, STATUS("202"), SENT("true"),
		{ "endpoint.url", "\"" URL "\"" },
		{ "endpoint.answered", "true" },
		{ "endpoint.redirected", "false" },
		{ "endpoint.location", "null" },
		{ "endpoint.tls_trusted", "false" }, FAULT(NO_CERTIFICATE) } },
	{ .title = "redirected",
	    .unsubscribe = true,
	    .message = PAIR_OF(URL),
	    .recording = HOST POST(URL,
		"\"status\":302,\"location\":\"https://a.test/\""),
	    .facts = { STATUS("302"), { "endpoint.answered", "false" },
		{ "endpoint.redirected", "true" },
		{ "endpoint.location", "\"https://a.test/\"" },
		FAULT("\"it answered with status 302, a redirect to "
		      "https://a.test/, which nobody follows (RFC 8058 "
		      "3.1)\"") } },
	{ .title = "not found",
	    .unsubscribe = true,
	    .message = PAIR_OF(URL),
	    .recording = HOST POST(URL, "\"status\":404"),
	    .facts = { STATUS("404"), { "endpoint.answered", "false" },
		FAULT("\"it answered with status 404\"") } },
	{ .title = "no answer in time",
	    .unsubscribe = true,
	    .message = PAIR_OF(URL),
	    .recording = HOST POST_LOST(URL, "temporary", "timeout"),
	    .facts = { { "probed", "true" }, STATUS(NULL), FAULT(NULL),
		SENT(NULL) },
	    .gaps = "endpoint.sent timeout; " ALL_LOST("timeout") },
	{ .title = "a private address",
	    .unsubscribe = true,
	    .message = PAIR_OF(URL),
	    .recording = HOST POST_LOST(URL, "not-asked", "private"),
	    .facts = { SENT("false"), STATUS(NULL) },
	    .gaps = ALL_LOST("private") },
	{ .title = "a host that is not there",
	    .unsubscribe = true,
	    .message = PAIR_OF(URL),
	    .recording =
		NXDOMAIN("example.com", "A") NXDOMAIN("example.com", "AAAA"),
	    .facts = { SENT("false"), STATUS("null"),
		{ "endpoint.answered", "false" },
		FAULT("\"example.com has no address in DNS\"") } },
	{ .title = "a host that is not known to be there",
	    .unsubscribe = true,
	    .message = PAIR_OF(URL),
	    .recording =
		TIMEOUT("example.com", "A") TIMEOUT("example.com", "AAAA"),
	    .facts = { SENT(NULL), STATUS(NULL) },
	    .gaps = "endpoint.sent timeout; " ALL_LOST("timeout") },
	{ .title = "once for all ways to write it",
	    .unsubscribe = true,
	    .message = PAIR_OF("HTTPS://EXAMPLE.com:443/u?t=Zk3uQ9#there"),
	    .recording = HOST POST(URL, "\"status\":200"),
	    .facts = { STATUS("200"), { "endpoint.url", "\"" URL "\"" } } },
	{ .title = "an address in the URL",
	    .unsubscribe = true,
	    .message = PAIR_OF("https://[2001:DB8::1]/12345"),
	    .recording = POST("https://[2001:db8::1]/12345", "\"status\":200"),
	    .facts = { STATUS("200") } },
	{ .title = "not if the fields do not allow it",
	    .unsubscribe = true,
	    .message = "From: a@example.com\r\n" LIST("<" URL ">") "\r\n" BODY,
	    .recording = POST(URL, "\"status\":200"),
	    .facts = { { "probed", "false" }, { "endpoint", "null" } } },
	{ .title = "not with a user name",
	    .unsubscribe = true,
	    .message = PAIR_OF("https://a:b@example.com/u?t=Zk3uQ9"),
	    .recording = POST("https://example.com/u?t=Zk3uQ9", ""
								"\"status\":"
								"200"),
	    .facts = { { "probed", "false" }, { "endpoint", NULL } },
	    .gaps = "endpoint skipped" },
};

static void
the_post_is_told(void **state)
{
	(void)state;
	scenes_play(&check_unsubscribe, posts);
}

/* ---- who a URI is for -------------------------------------------------- */

static const struct {
	const char *uri;
	bool token;
} tokens[] = {
	{ "https://a.test/u?c=7731&r=Zk3uQ9", true },
	{ "https://a.test/u/550e8400-e29b-41d4-a716-446655440000", true },
	{ "https://a.test/u?id=48213", true },
	{ "https://a.test/u?e=bob%40b.test", true },
	{ "https://a.test/u?bob@b.test", true },
	{ "https://a.test/eyJhbGciOiJIUzI", true },
	{ "https://a.test/x/AbCdEfGhIjKl", true },
	{ "https://x7k2m9q1.u.a.test/", true },
	{ "https://a.test/", false },
	{ "https://a.test", false },
	{ "https://a.test/unsubscribe", false },
	{ "https://a.test/unsubscribe-from-our-newsletter", false },
	{ "https://a.test/v2/u?y=2026", false },
	{ "https://a.test/u?utm_campaign=summer2026", false },
	{ "https://a.test/u?t={{token12345}}", false },
	{ "https://a.test/u?t=%%TOKEN12345%%", false },
	{ "https://a.test/u#Zk3uQ9", false },
	{ "https://mail1234.test/u", false },
	{ "https://192.168.100.200/u", false },
};

static void
a_token_is_told_by_its_looks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++) {
		struct unsubscribe_uri u;

		unsubscribe_uri_read(arena, slice_str(tokens[i].uri), &u);
		if (unsubscribe_uri_has_token(&u) != tokens[i].token)
			fail_msg("%s", tokens[i].uri);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fields_are_judged),
		cmocka_unit_test(what_to_write_is_suggested),
		cmocka_unit_test(the_link_in_the_body_is_found),
		cmocka_unit_test(the_post_is_told),
		cmocka_unit_test(a_token_is_told_by_its_looks),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
