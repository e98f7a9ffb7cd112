#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define HTML(body) \
	"From: a@example.com\r\nDate: Sat, 21 Nov 2026 00:00:00 +0000\r\n" \
	"Content-Type: text/html; charset=utf-8\r\n\r\n" body "\r\n"
#define CLEAR \
	{ \
		"unclear_links", "[]" \
	}
#define UNCLEAR(says, leads) \
	{ \
		"unclear_links[0].detail", \
		    "\"A link reads " says " and leads to " leads "\"" \
	}

static const struct scene scenes[] = {
	{ .title = "nothing is hidden",
	    .message = HTML("<p>a</p>"),
	    .facts = { { "hidden_text.octets", "0" },
		{ "hidden_text.ways", "[]" }, { "hidden_text.text", "null" },
		{ "preheader", "null" }, CLEAR } },
	{ .title = "text of no size",
	    .message = HTML("<p>a</p><p style='font-size:0'>buy</p>"
			    "<p style='color:#fff;background:#fff'>now</p>"),
	    .facts = { { "hidden_text.octets", "6" },
		{ "hidden_text.ways",
		    "[\"font-size\", \"color of the background\"]" },
		{ "hidden_text.text", "\"buy\"" }, { "preheader", "null" } } },
	{ .title = "a preheader is not held against it",
	    .message = HTML("<div style='display:none'>Ten % off&zwnj;</div>"
			    "<p>a</p>"),
	    .facts = { { "hidden_text.octets", "0" },
		{ "preheader", "\"Ten % off\"" } } },
	{ .title = "no HTML",
	    .message = "From: a@example.com\r\n\r\na\r\n",
	    .facts = { { "hidden_text", "null" }, { "preheader", "null" },
		{ "unclear_links", "null" } } },
	{ .title = "a link that reads like another",
	    .message = HTML("<a href='https://b.test/x'>https://a.test/x</a>"),
	    .facts = { UNCLEAR("a.test", "b.test"),
		{ "unclear_links[0].text", "\"https://a.test/x\"" },
		{ "unclear_links[0].href", "\"https://b.test/x\"" },
		{ "unclear_links[1]", NULL } } },
	{ .title = "a name under www",
	    .message = HTML("<a href='http://u@b.test:80/'>www.A.test/x</a>"),
	    .facts = { UNCLEAR("www.a.test", "b.test") } },
	{ .title = "a password before the host",
	    .message =
		HTML("<a href='http://www.A.test:x@b.test/'>www.A.test</a>"),
	    .facts = { UNCLEAR("www.a.test", "b.test") } },
	{ .title = "of one owner",
	    .message =
		HTML("<a href='https://click.a.test/'>www.a.test</a>"
		     "<a href='https://m.a.test/'>https://n.a.test/</a>"),
	    .facts = { CLEAR } },
	{ .title = "of two owners under a public suffix",
	    .message = HTML("<a href='https://a.co.uk/'>www.b.co.uk</a>"),
	    .facts = { UNCLEAR("www.b.co.uk", "a.co.uk") } },
	{ .title = "text is no address",
	    .message = HTML("<a href='https://b.test/'>a.test is new</a>"
			    "<a href='https://b.test/'>www.a test</a>"
			    "<a href='mailto:a@b.test'>www.a.test</a>"
			    "<a href='/x'>https://a.test/</a>"),
	    .facts = { CLEAR } },
	{ .title = "who does not see it is not misled",
	    .message = HTML("<p>a</p><a hidden href='https://b.test/'>"
			    "www.a.test</a>"),
	    .facts = { CLEAR } },
};

static void
what_html_hides_and_feigns_is_told(void **state)
{
	(void)state;
	scenes_play(&check_format, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_html_hides_and_feigns_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
