#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define WITH_MX          FOUND("example.com", "MX", MX(10, "mx.example.com"))
#define NO_MX(name)      NODATA(name, "MX")
#define NO_ADDRESS(n)    NODATA(n, "A") NODATA(n, "AAAA")
#define FOUR(a, b, c, d) ONE(a) ONE(b) ONE(c) ONE(d)
#define ONE(c)           FOUND(c ".test", "MX", MX(0, ""))
#define FROM             "From: a@example.com\r\n"
#define REPLY_TO(s)      FROM "Reply-To: " s "\r\n\r\n"
#define DOMAIN(name, role, takes, by) \
	"{\"domain\":\"" name "\",\"role\":\"" role "\",\"takes_mail\":" takes \
	",\"by\":" by "}"

static const struct scene scenes[] = {
	{ .title = "by its MX",
	    .recording = WITH_MX,
	    .message = FROM "\r\n",
	    .facts = { { "domains[0]",
			   DOMAIN("example.com", "from", "true", "\"mx\"") },
		{ "domains[1]", NULL }, { "reply_to", "[]" },
		{ "unreachable", "[]" } },
	    .rounds = 1 },
	{ .title = "without MX by its address",
	    .recording = NO_MX("example.com") FOUND("example.com", "A",
		A("203.0.113.25")) NODATA("example.com", "AAAA"),
	    .message = FROM "\r\n",
	    .facts = { { "domains[0]",
		DOMAIN("example.com", "from", "true", "\"address\"") } } },
	{ .title = "without MX one address is enough",
	    .recording = NO_MX("example.com") TIMEOUT("example.com", "A")
		FOUND("example.com", "AAAA", AAAA("2001:db8::25")),
	    .message = FROM "\r\n",
	    .facts = { { "domains[0].takes_mail", "true" },
		{ "domains[0].by", "\"address\"" } } },
	{ .title = "neither MX nor address",
	    .recording = NO_MX("example.com") NO_ADDRESS("example.com"),
	    .message = FROM "\r\n",
	    .facts = { { "domains[0]",
			   DOMAIN("example.com", "from", "false", "null") },
		{ "unreachable", "[\"example.com\"]" } } },
	{ .title = "no such domain",
	    .recording = NXDOMAIN("example.com", "MX")
		NXDOMAIN("example.com", "A") NXDOMAIN("example.com", "AAAA"),
	    .message = FROM "\r\n",
	    .facts = { { "domains[0].takes_mail", "false" } } },
	{ .title = "a null MX, whatever its address",
	    .recording = FOUND("example.com", "MX", MX(0, ""))
		FOUND("example.com", "A", A("203.0.113.25")),
	    .message = FROM "\r\n",
	    .facts = { { "domains[0]",
			   DOMAIN("example.com", "from", "false", "null") },
		{ "unreachable", "[\"example.com\"]" } },
	    .rounds = 1 },
	{ .title = "a null MX beside a host",
	    .recording = FOUND("example.com", "MX",
		MX(0, "") "," MX(10, "mx.example.com")),
	    .message = FROM "\r\n",
	    .facts = { { "domains[0].by", "\"mx\"" } } },
	{ .title = "a lost MX answer",
	    .recording = TIMEOUT("example.com", "MX")
		FOUND("example.com", "A", A("203.0.113.25")),
	    .message = FROM "\r\n",
	    .facts = { { "domains[0].domain", "\"example.com\"" },
		{ "domains[0].takes_mail", NULL }, { "domains[0].by", NULL },
		{ "unreachable", "[]" } },
	    .gaps = "domains timeout" },
	{ .title = "no MX, and lost addresses",
	    .recording = NO_MX("example.com") TIMEOUT("example.com", "A")
		NODATA("example.com", "AAAA"),
	    .message = FROM "\r\n",
	    .facts = { { "domains[0].takes_mail", NULL } },
	    .gaps = "domains timeout" },
	{ .title = "another domain in MAIL FROM",
	    .recording = WITH_MX NO_MX("bounce.example.net")
		NO_ADDRESS("bounce.example.net"),
	    .mail_from = "a@bounce.example.net",
	    .message = FROM "\r\n",
	    .facts = { { "domains[1]", DOMAIN("bounce.example.net", "mail-from",
					   "false", "null") },
		{ "unreachable", "[\"bounce.example.net\"]" } } },
	{ .title = "the same domain in MAIL FROM",
	    .recording = WITH_MX,
	    .mail_from = "b@EXAMPLE.com",
	    .message = FROM "\r\n",
	    .facts = { { "domains[1]", NULL } } },
	{ .title = "Reply-To shows in a message only",
	    .recording = WITH_MX,
	    .facts = { { "domains[0].takes_mail", "true" },
		{ "reply_to", NULL } },
	    .gaps = "reply_to needs-message" },
	{ .title = "Reply-To is asked for, each domain once",
	    .recording = WITH_MX FOUND("example.net", "MX", MX(0, "")),
	    .message =
		REPLY_TO("A <a@Example.NET>, b@example.net, c@[192.0.2.1],"
			 " d@example.com"),
	    .facts = { { "reply_to[0]",
			   DOMAIN("example.net", "reply-to", "false", "null") },
		{ "reply_to[1]",
		    DOMAIN("example.com", "reply-to", "true", "\"mx\"") },
		{ "reply_to[2]", NULL },
		{ "unreachable", "[\"example.net\"]" } },
	    .rounds = 1 },
	{ .title = "a lost answer for Reply-To",
	    .recording = WITH_MX TIMEOUT("example.net", "MX"),
	    .message = REPLY_TO("a@example.net"),
	    .facts = { { "reply_to[0].domain", "\"example.net\"" },
		{ "reply_to[0].takes_mail", NULL } },
	    .gaps = "reply_to timeout" },
	{ .title = "a Reply-To that cannot be read",
	    .recording = WITH_MX,
	    .message = REPLY_TO("nobody"),
	    .facts = { { "reply_to", "[]" } } },
	{ .title = "a Reply-To of too many domains",
	    .recording = WITH_MX FOUR("a", "b", "c", "d") FOUR("e", "f", "g",
		"h") FOUR("i", "j", "k", "l") ONE("m") ONE("n") ONE("o"),
	    .message = REPLY_TO("a@a.test, a@b.test, a@c.test, a@d.test,"
				" a@e.test, a@f.test, a@g.test, a@h.test,"
				" a@i.test, a@j.test, a@k.test, a@l.test,"
				" a@m.test, a@n.test, a@o.test, a@example.com,"
				" a@q.test"),
	    .facts = { { "reply_to[15].by", "\"mx\"" },
		{ "reply_to[16]", NULL } },
	    .gaps = "reply_to limit" },
};

static void
what_can_be_answered_is_told(void **state)
{
	(void)state;
	scenes_play(&check_replies, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_answered_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
