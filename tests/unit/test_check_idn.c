#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define HEAD       "From: a@example.com\r\nTo: b@example.org\r\n"
#define TEXT(body) HEAD "\r\n" body "\r\n"
#define HTML(body) HEAD "Content-Type: text/html\r\n\r\n" body "\r\n"

/* Cyrillic "a" before Latin letters, "b\xfccher", and Cyrillic "primer". */
#define FALSE_APPLE "xn--pple-43d.com"
#define BUECHER     "xn--bcher-kva.example"
#define PRIMER      "xn--e1afmkfd.example"

#define SIGNED_BY(domain) \
	"DKIM-Signature: v=1; a=rsa-sha256; d=" domain \
	"; s=s; h=from; bh=AA==; b=AA==\r\n"

static const struct scene scenes[] = {
	{ .title = "a mail whose domains are ASCII",
	    .mail_from_domain = "bounce.example.com",
	    .message = HTML("<a href=\"https://example.com/\">x</a>"),
	    .facts = { { "domains", "[]" }, { "problems", "[]" },
		{ "complete", "true" } } },
	{ .title = "without a message only two domains show",
	    .domain = BUECHER,
	    .mail_from_domain = PRIMER,
	    .facts = { { "domains[0]",
			   "{\"domain\":\"" BUECHER "\",\"roles\":[\"from\"],"
			   "\"shown\":\"b\\u00fccher.example\","
			   "\"level\":\"single-script\","
			   "\"highly_restrictive\":true}" },
		{ "domains[1].domain", "\"" PRIMER "\"" },
		{ "domains[1].roles", "[\"mail-from\"]" },
		{ "domains[1].level", "\"single-script\"" },
		{ "complete", NULL } },
	    .gaps = "complete needs-message" },
	{ .title = "one domain in several places is one",
	    .domain = BUECHER,
	    .mail_from_domain = BUECHER,
	    .message = "Reply-To: r@b\xc3\xbc"
		       "cher.example, s@example.org\r\nSender: "
		       "s@B\xc3\xbc"
		       "cher.example\r\n" SIGNED_BY(BUECHER)
			   TEXT("see https://" BUECHER ":8080/x."),
	    .recording = NODATA("s._domainkey." BUECHER, "TXT"),
	    .facts = { { "domains[0].roles",
			   "[\"from\",\"mail-from\",\"dkim\",\"reply-to\","
			   "\"sender\",\"link\"]" },
		{ "domains[1]", NULL }, { "complete", "true" } } },
	{ .title = "a link that mixes scripts",
	    .message = HTML("<a href=\"https://" FALSE_APPLE "/\">x</a>"),
	    .facts = { { "domains[0].domain", "\"" FALSE_APPLE "\"" },
		{ "domains[0].roles", "[\"link\"]" },
		{ "domains[0].level", "\"minimally-restrictive\"" },
		{ "domains[0].highly_restrictive", "false" },
		{ "problems[0].code", "\"idn.mixed-scripts\"" } } },
	{ .title = "the same with its letters as they are",
	    .message = HTML("<a href=\"https://\xd0\xb0pple.com/\">x</a>"),
	    .facts = { { "domains[0].domain", "\"" FALSE_APPLE "\"" },
		{ "domains[0].highly_restrictive", "false" } } },
	{ .title = "each label is judged by itself",
	    .message = TEXT("http://xn--e1afmkfd.xn--bcher-kva.com/"),
	    .facts = { { "domains[0].level", "\"single-script\"" },
		{ "problems", "[]" } } },
	{ .title = "Latin beside Japanese is highly restrictive",
	    .domain = "xn--abc-nc4b4l623z.example",
	    .message = TEXT("x"),
	    .facts = { { "domains[0].level", "\"highly-restrictive\"" },
		{ "domains[0].highly_restrictive", "true" },
		{ "problems", "[]" } } },
	{ .title = "a sign that no name should have",
	    .message = TEXT("http://xn--iyou-5u3b.example/"),
	    .facts = { { "domains[0].level", "\"unrestricted\"" },
		{ "problems[0].code", "\"idn.characters\"" } } },
	{ .title = "what begins like one and is none",
	    .domain = "xn--a-.example",
	    .message = TEXT("http://xn--99999999999.example/"),
	    .facts = { { "domains[0].domain", "\"xn--99999999999.example\"" },
		{ "domains[0].shown", "null" }, { "domains[0].level", "null" },
		{ "domains[0].highly_restrictive", "false" },
		{ "problems[0].code", "\"idn.undecodable\"" } } },
	{ .title = "HTML is what is shown beside plain text",
	    .message =
		HEAD "MIME-Version: 1.0\r\n"
		     "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
		     "--b\r\n\r\nhttp://" FALSE_APPLE "/\r\n"
		     "--b\r\nContent-Type: text/html\r\n\r\n"
		     "<a href=\"http://" BUECHER "/\">x</a>\r\n--b--\r\n",
	    .facts = { { "domains[0].domain", "\"" BUECHER "\"" },
		{ "domains[1]", NULL } } },
};

static void
domains_are_judged_by_their_scripts(void **state)
{
	(void)state;
	scenes_play(&check_idn, scenes);
}

/* More than are looked at: the rule over them must not pass. */
static void
too_many_domains_are_said(void **state)
{
	char text[8192];
	struct scene s = { .title = "many", .message = text };
	json_t *facts;
	size_t n;

	(void)state;
	n = (size_t)snprintf(text, sizeof(text), HEAD "\r\n");
	for (int i = 0; i < 40; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "https://h%d.%s/\r\n", i, BUECHER);
	facts = scene_facts(&check_idn, &s);
	assert_int_equal(json_array_size(json_object_get(facts, "domains")),
	    32);
	assert_null(json_object_get(facts, "complete"));
	json_decref(facts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains_are_judged_by_their_scripts),
		cmocka_unit_test(too_many_domains_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
