#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define ONE_CLICK    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
#define LIST(value)  "List-Unsubscribe: " value "\r\n"
#define MAIL(fields) "From: a@example.com\r\n" fields "\r\nHello\r\n"

#define TEN   "<>,<>,<>,<>,<>,<>,<>,<>,<>,<>,"
#define FIFTY TEN TEN TEN TEN TEN

#define PAIR(is) \
	{ \
		"header_pair", is \
	}
#define CODE0(code) \
	{ \
		"problems[0].code", "\"unsubscribe." code "\"" \
	}
#define CODE1(code) \
	{ \
		"problems[1].code", "\"unsubscribe." code "\"" \
	}
#define NO_PROBLEM \
	{ \
		"problems", "[]" \
	}
#define HTTPS_URI(value) \
	{ \
		"https_uri", value \
	}
#define MAILTO_URI(value) \
	{ \
		"mailto_uri", value \
	}

static const struct scene scenes[] = {
	{ .title = "the pair is right",
	    .message = MAIL(LIST("<mailto:u@example.com?subject=x>, "
				 "<https://example.com/u/1>") ONE_CLICK),
	    .facts = { PAIR("true"), NO_PROBLEM,
		HTTPS_URI("\"https://example.com/u/1\""),
		MAILTO_URI("\"mailto:u@example.com?subject=x\""),
		{ "list_unsubscribe", "\"<mailto:u@example.com?subject=x>, "
				      "<https://example.com/u/1>\"" },
		{ "list_unsubscribe_post",
		    "\"List-Unsubscribe=One-Click\"" } } },
	{ .title = "folded, spaced and in another case",
	    .message = MAIL("LIST-UNSUBSCRIBE:\r\n <HTTPS://example.com/\r\n "
			    " u/1>\r\nlist-unsubscribe-post:\t"
			    "List-Unsubscribe=One-Click \r\n"),
	    .facts = { PAIR("true"), NO_PROBLEM,
		HTTPS_URI("\"HTTPS://example.com/u/1\""),
		MAILTO_URI("null") } },
	{ .title = "neither field",
	    .message = MAIL(""),
	    .facts = { PAIR("false"), HTTPS_URI("null"), MAILTO_URI("null"),
		{ "list_unsubscribe", "null" },
		{ "suggested",
		    "\"<https://example.com/unsubscribe?token=TOKEN>\"" },
		{ "list_unsubscribe_post", "null" }, CODE0("missing"),
		{ "problems[1]", NULL } } },
	{ .title = "no Post field",
	    .message = MAIL(LIST("<https://example.com/u>")),
	    .facts = { PAIR("false"), HTTPS_URI("\"https://example.com/u\""),
		CODE0("post-missing"), { "problems[1]", NULL } } },
	{ .title = "a Post field alone",
	    .message = MAIL(ONE_CLICK),
	    .facts = { PAIR("false"), CODE0("missing"), CODE1("post-alone") } },
	{ .title = "a Post field that says something else",
	    .message = MAIL(LIST(
		"<https://example.com/u>") "List-Unsubscribe-Post: One-Click\r\n"),
	    .facts = { PAIR("false"), CODE0("post-value") } },
	{ .title = "a Post field in another case",
	    .message = MAIL(LIST(
		"<https://example.com/u>") "List-Unsubscribe-Post: list-unsubscribe=one-click\r\n"),
	    .facts = { PAIR("false"), CODE0("post-value") } },
	{ .title = "mailto only",
	    .message = MAIL(LIST("<mailto:u@example.com>") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("null"),
		MAILTO_URI("\"mailto:u@example.com\""), CODE0("no-https"),
		{ "suggested",
		    "\"<https://example.com/unsubscribe?token=TOKEN>, "
		    "<mailto:u@example.com>\"" } } },
	{ .title = "http only",
	    .message = MAIL(LIST("<http://example.com/u>") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("null"), CODE0("http"),
		{ "suggested", "\"<https://example.com/u>\"" },
		CODE1("no-https") } },
	{ .title = "http beside https",
	    .message = MAIL(LIST("<https://example.com/u>,"
				 "<http://example.com/u>") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("\"https://example.com/u\""),
		CODE0("http"), { "problems[1]", NULL } } },
	{ .title = "two https URIs",
	    .message = MAIL(LIST("<https://example.com/a>, "
				 "<https://example.com/b>") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("\"https://example.com/a\""),
		CODE0("several-https") } },
	{ .title = "the field twice",
	    .message = MAIL(LIST("<https://example.com/a>")
		    LIST("<mailto:u@example.com>") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("\"https://example.com/a\""),
		MAILTO_URI("null"), CODE0("duplicate-header") } },
	{ .title = "the Post field twice",
	    .message =
		MAIL(LIST("<https://example.com/a>") ONE_CLICK ONE_CLICK),
	    .facts = { PAIR("false"), CODE0("duplicate-header") } },
	{ .title = "no brackets",
	    .message = MAIL(LIST("https://example.com/a") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("null"), CODE0("no-brackets"),
		CODE1("no-https") } },
	{ .title = "a bracket without its end",
	    .message = MAIL(LIST("<https://example.com/a") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("null"), CODE0("unclosed") } },
	{ .title = "an empty URI and one without a host",
	    .message = MAIL(LIST("<>, <https:///u>") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("null"), CODE0("bad-uri"),
		CODE1("bad-uri") } },
	{ .title = "a mailto without an address",
	    .message = MAIL(LIST("<mailto:unsubscribe>, "
				 "<https://example.com/u>") ONE_CLICK),
	    .facts = { PAIR("true"), MAILTO_URI("null"), CODE0("bad-uri") } },
	{ .title = "text after a URI ends the list",
	    .message = MAIL(LIST("<mailto:u@example.com> or "
				 "<https://example.com/u>") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("null"), CODE0("trailing-text"),
		CODE1("no-https") } },
	{ .title = "comments are let through",
	    .message = MAIL(LIST("(Use this (really)) "
				 "<https://example.com/u> (now), "
				 "<mailto:u@example.com>") ONE_CLICK),
	    .facts = { PAIR("true"), MAILTO_URI("\"mailto:u@example.com\""),
		CODE0("comment-ignored"), { "problems[1]", NULL } } },
	{ .title = "a comment without its end hides all",
	    .message = MAIL(LIST("(oops <https://example.com/u>") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("null"),
		CODE0("comment-ignored"), CODE1("no-https") } },
	{ .title = "an encoded word",
	    .message = MAIL(
		LIST("=?utf-8?Q?=3Chttps=3A//example.com/u=3E?=") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("null"), CODE0("encoded-word"),
		CODE1("no-brackets") } },
	{ .title = "empty items",
	    .message = MAIL(LIST(" , <https://example.com/u>,,") ONE_CLICK),
	    .facts = { PAIR("true"), NO_PROBLEM } },
	{ .title = "another scheme is of no harm",
	    .message = MAIL(
		LIST("<tel:+15550100>, <https://example.com/u>") ONE_CLICK),
	    .facts = { PAIR("true"), NO_PROBLEM } },
	{ .title = "a URI with octets that it must escape",
	    .message = MAIL(LIST("<https://example.com/\303\244>") ONE_CLICK),
	    .facts = { PAIR("false"), HTTPS_URI("null"), CODE0("bad-uri") } },
	{ .title = "more problems than are listed",
	    .message = MAIL(LIST(FIFTY FIFTY FIFTY "<>") ONE_CLICK),
	    .facts = { { "problems[99].code", "\"unsubscribe.bad-uri\"" },
		{ "problems[100].code", "\"problems.more\"" },
		{ "problems[101]", NULL }, PAIR("false") } },
	{ .title = "no message",
	    .facts = { { "header_pair", NULL }, { "problems", NULL } },
	    .gaps = " needs-message" },
};

static void
the_header_pair_is_judged(void **state)
{
	(void)state;
	scenes_play(&check_unsubscribe, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_pair_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
