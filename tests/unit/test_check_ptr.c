#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "check_harness.h"
#include "checks/reverse.h"
#include "checks/table.h"

#define REVERSE_9  "9.113.0.203.in-addr.arpa"
#define REVERSE_10 "10.113.0.203.in-addr.arpa"
#define REVERSE_V6 \
	"5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1." \
	"0.0.2.ip6.arpa"

static const struct scene scenes[] = {
	{ .title = "a name that leads back is confirmed",
	    .recording = FOUND(REVERSE_9, "PTR", PTR("mail.example.com"))
		FOUND("mail.example.com", "A",
		    A("203.0.113.9") "," A("203.0.113.1")),
	    .ips = { "203.0.113.9" },
	    .facts = { { "ips[0].ip", "\"203.0.113.9\"" },
		{ "ips[0].names", "[\"mail.example.com\"]" },
		{ "ips[0].confirmed", "true" },
		{ "ips[0].confirmed_name", "\"mail.example.com\"" },
		{ "ips[0].generic", "false" }, { "ips[0].own_domain", "true" },
		{ "ips[0].public", "false" },
		{ "ips[0].scope", "\"documentation\"" },
		{ "unconfirmed", "[]" }, { "nameless", "[]" },
		{ "set_ptr", "[]" }, { "set_address", "[]" },
		{ "problems", "[]" }, { "generic", "[]" }, { "foreign", "[]" },
		{ "not_public", "[\"203.0.113.9\"]" } },
	    .rounds = 2 },
	{ .title = "a name that leads elsewhere is not",
	    .recording = FOUND(REVERSE_9, "PTR", PTR("mail.example.net"))
		FOUND("mail.example.net", "A", A("203.0.113.99")),
	    .ips = { "203.0.113.9" },
	    .facts = { { "ips[0].confirmed", "false" },
		{ "ips[0].confirmed_name", "null" },
		{ "ips[0].own_domain", "false" },
		{ "unconfirmed", "[\"203.0.113.9\"]" }, { "nameless", "[]" },
		{ "foreign", "[\"203.0.113.9\"]" },
		{ "problems[0].code", "\"ptr.unconfirmed\"" },
		{ "set_ptr[0].host", "\"mail.example.com\"" },
		{ "set_address[0].host", "\"mail.example.com\"" } } },
	{ .title = "a name of the own domain wants its address only",
	    .recording = FOUND(REVERSE_9, "PTR", PTR("mx7.example.com"))
		NODATA("mx7.example.com", "A"),
	    .ips = { "203.0.113.9" },
	    .helo = "other.example.com",
	    .facts = { { "ips[0].confirmed", "false" }, { "set_ptr", "[]" },
		{ "set_address[0].host", "\"mx7.example.com\"" },
		{ "set_address[0].ip", "\"203.0.113.9\"" } } },
	{ .title = "the name that EHLO says is the one to set",
	    .recording = NXDOMAIN(REVERSE_9, "PTR"),
	    .ips = { "203.0.113.9" },
	    .helo = "OUT.example.com",
	    .facts = { { "problems[0].code", "\"ptr.none\"" },
		{ "set_ptr[0].host", "\"out.example.com\"" },
		{ "set_address[0].host", "\"out.example.com\"" } } },
	{ .title = "what EHLO says is not set when it is no host name",
	    .recording = NXDOMAIN(REVERSE_9, "PTR"),
	    .ips = { "203.0.113.9" },
	    .helo = "[203.0.113.9]",
	    .facts = { { "set_ptr[0].host", "\"mail.example.com\"" } } },
	{ .title = "an address without a name is not confirmed",
	    .recording = NXDOMAIN(REVERSE_9, "PTR"),
	    .ips = { "203.0.113.9" },
	    .facts = { { "ips[0].names", "[]" },
		{ "ips[0].confirmed", "false" },
		{ "ips[0].confirmed_name", "null" },
		{ "ips[0].generic", "false" },
		{ "nameless", "[\"203.0.113.9\"]" },
		{ "unconfirmed", "[\"203.0.113.9\"]" }, { "foreign", "[]" } } },
	{ .title = "a public address is public",
	    .recording = NODATA("8.8.8.8.in-addr.arpa", "PTR"),
	    .ips = { "8.8.8.8" },
	    .facts = { { "ips[0].public", "true" }, { "not_public", "[]" },
		{ "ips[0].scope", "\"public\"" },
		{ "nameless", "[\"8.8.8.8\"]" } } },
	{ .title = "a lost PTR answer leaves all of its address unknown",
	    .recording = TIMEOUT(REVERSE_9, "PTR")
		FOUND(REVERSE_10, "PTR", PTR("mx.example.com"))
		    FOUND("mx.example.com", "A", A("203.0.113.10")),
	    .ips = { "203.0.113.9", "203.0.113.10" },
	    .facts = { { "ips[0].ip", "\"203.0.113.9\"" },
		{ "ips[0].names", NULL }, { "ips[0].confirmed", NULL },
		{ "ips[0].generic", NULL }, { "ips[0].own_domain", NULL },
		{ "ips[1].confirmed", "true" }, { "unconfirmed", "[]" },
		{ "nameless", "[]" } },
	    .gaps = "ips timeout" },
	{ .title = "a lost name counts only when no other confirms",
	    .recording = FOUND(REVERSE_9, "PTR",
		PTR("a.example.com") "," PTR("b.example.com"))
		TIMEOUT("a.example.com", "A") FOUND("b.example.com", "A",
		    A("203.0.113.9")) FOUND(REVERSE_10, "PTR",
		    PTR("a.example.com") "," PTR("c.example.com"))
		    NXDOMAIN("c.example.com", "A"),
	    .ips = { "203.0.113.9", "203.0.113.10" },
	    .facts = { { "ips[0].confirmed", "true" },
		{ "ips[0].confirmed_name", "\"b.example.com\"" },
		{ "ips[1].confirmed", NULL }, { "ips[1].confirmed_name", NULL },
		{ "ips[1].names", "[\"a.example.com\",\"c.example.com\"]" },
		{ "unconfirmed", "[]" } },
	    .gaps = "ips[].confirmed timeout; ips[].confirmed_name timeout" },
	{ .title = "IPv6 is confirmed by AAAA",
	    .recording = FOUND(REVERSE_V6, "PTR", PTR("mail.example.com"))
		FOUND("mail.example.com", "AAAA", AAAA("2001:db8::25")),
	    .ips = { "2001:db8::25" },
	    .facts = { { "ips[0].ip", "\"2001:db8::25\"" },
		{ "ips[0].confirmed", "true" } } },
	{ .title = "an alias into a classless zone is followed (RFC 2317)",
	    .recording =
		ALIASED(REVERSE_9, "PTR", "9.0-15.113.0.203.in-addr.arpa",
		    PTR("mail.example.com")) ALIASED("mail.example.com", "A",
		    "host.example.net", A("203.0.113.9")),
	    .ips = { "203.0.113.9" },
	    .facts = { { "ips[0].confirmed", "true" } } },
	{ .title = "names come sorted, each once",
	    .recording = FOUND(REVERSE_9, "PTR",
		PTR("z.example.org") "," PTR("a.example.org") "," PTR(
		    "z.example.org")) NODATA("z.example.org", "A")
		NODATA("a.example.org", "A"),
	    .ips = { "203.0.113.9" },
	    .facts = { { "ips[0].names",
			   "[\"a.example.org\",\"z.example.org\"]" },
		{ "ips[0].confirmed", "false" } },
	    .rounds = 2 },
	{ .title = "a PTR that names the root confirms nothing",
	    .recording = FOUND(REVERSE_9, "PTR", PTR("")),
	    .ips = { "203.0.113.9" },
	    .facts = { { "ips[0].confirmed", "false" },
		{ "nameless", "[]" } } },
	{ .title = "without a sending IP nothing is known",
	    .facts = { { "ips", NULL }, { "unconfirmed", NULL } },
	    .gaps = " needs-ip" },
	{ .title = "a name made of the address is generic",
	    .recording = FOUND(REVERSE_9, "PTR",
		PTR("203-0-113-9.static.isp.example"))
		FOUND("203-0-113-9.static.isp.example", "A", A("203.0.113.9")),
	    .ips = { "203.0.113.9" },
	    .facts = { { "ips[0].generic", "true" },
		{ "ips[0].confirmed", "true" },
		{ "generic", "[\"203.0.113.9\"]" } } },
};

static void
reverse_names_are_resolved_back(void **state)
{
	(void)state;
	scenes_play(&check_ptr, scenes);
}

enum { NAMES = 33, RECORDING_MAX = 8192 };

/* NAMES names of one address, of which none leads back. */
static void
write_names(struct buf *b)
{
	int i;

	buf_add_str(b, ASKED(REVERSE_9, "PTR") "\"seen\":\"answered\","
					       "\"dns\":{\"records\":[");
	for (i = 0; i < NAMES; i++)
		buf_printf(b, "%s{\"type\":\"PTR\",\"name\":\"n%02d.x.net\"}",
		    i > 0 ? "," : "", i);
	buf_add_str(b, "]}}\n");
	for (i = 0; i < NAMES; i++)
		buf_printf(b, NXDOMAIN("n%02d.x.net", "A"), i);
	buf_add_char(b, '\0');
	assert_false(b->failed);
}

static void
of_more_names_than_are_resolved_none_settles_it(void **state)
{
	struct scene scene = { .title = "33 names",
		.ips = { "203.0.113.9" },
		.facts = { { "ips[0].confirmed", NULL },
		    { "unconfirmed", "[]" },
		    { "foreign", "[\"203.0.113.9\"]" } },
		.gaps = "ips[].confirmed limit; ips[].confirmed_name limit",
		.rounds = 2 };
	struct buf b;

	(void)state;
	buf_init(&b, RECORDING_MAX);
	write_names(&b);
	scene.recording = (const char *)b.p;
	scene_play(&check_ptr, &scene);
	buf_free(&b);
}

static const struct {
	const char *name;
	const char *ip;
	bool generic;
} names[] = {
	/* the address */
	{ "203-0-113-9.isp.example", "203.0.113.9", true },
	{ "9.113.0.203.isp.example", "203.0.113.9", true },
	{ "host203.0-113_9.isp.example", "203.0.113.9", true },
	{ "ip20301139.isp.example", "203.0.113.9", true },
	{ "203000113009.isp.example", "203.0.113.9", true },
	{ "cb007109.isp.example", "203.0.113.9", true },
	{ "9-71-00-cb.isp.example", "203.0.113.9", false },
	{ "09-71-00-CB.isp.example", "203.0.113.9", true },
	{ "203-0-113-90.isp.example", "203.0.113.9", false },
	{ "1203-0-113-9.isp.example", "203.0.113.9", false },
	{ "node1111.isp.example", "1.1.1.1", false },
	{ "2001-db8--25.isp.example", "2001:db8::25", true },
	{ "2001-db8-0-0-0-0-0-25.isp.example", "2001:db8::25", true },
	{ "20010db8000000000000000000000025.isp.example", "2001:db8::25",
	    true },
	{ "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"
	  ".isp.example",
	    "2001:db8::25", true },
	{ "25.db8.isp.example", "2001:db8::25", false },
	/* the words */
	{ "pool12.isp.example", "203.0.113.9", true },
	{ "dsl-77.isp.example", "203.0.113.9", true },
	{ "12.static.isp.example", "203.0.113.9", true },
	{ "dynamic.isp.example", "203.0.113.9", true },
	{ "unassigned.isp.example", "203.0.113.9", true },
	{ "customer.isp.example", "203.0.113.9", false },
	{ "mx1.customer.isp.example", "203.0.113.9", false },
	{ "mail2.example.com", "203.0.113.9", false },
	{ "carpool7.example.com", "203.0.113.9", false },
	/* a provider's own name is nobody's pool */
	{ "mail.pool1.example", "203.0.113.9", false },
	{ "mail.dynamic.example", "203.0.113.9", false },
	{ "", "203.0.113.9", false },
};

static void
generic_names_are_told_from_chosen_ones(void **state)
{
	struct arena *arena = arena_new(65536, 1024);
	struct ip ip;
	size_t i;

	(void)state;
	assert_non_null(arena);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(ip_parse(slice_str(names[i].ip), &ip));
		if (reverse_generic(arena, slice_str(names[i].name), &ip) !=
		    names[i].generic)
			fail_msg("%s of %s", names[i].name, names[i].ip);
	}
	arena_free(arena);
}

static const struct {
	const char *domain, *name;
	bool own;
} owners[] = {
	{ "example.com", "mail.example.com", true },
	{ "example.com", "example.com", true },
	{ "news.example.com", "mail.example.com", true },
	{ "example.com", "mail.example.net", false },
	{ "example.com", "mail.notexample.com", false },
	{ "example.co.uk", "mail.example.co.uk", true },
	{ "example.co.uk", "mail.other.co.uk", false },
	{ "news.example.co.uk", "mx.example.co.uk", true },
	{ "a.bigname.de", "b.bigname.de", true },
	{ "news.abc.de", "mx.abc.de", true },
	{ "news.example.com.br", "mx.other.com.br", false },
	{ "news.co.de", "mx.co.de", true },
	{ "example.ac.jp", "mx.example.ac.jp", true },
	/* rules of the private section */
	{ "shop.uk.com", "mx.shop.uk.com", true },
	{ "shop.uk.com", "mx.other.uk.com", false },
	/* a sender that is a public suffix has no names but its own */
	{ "hosting.example", "hosting.example", true },
	{ "hosting.example", "mail.hosting.example", false },
	{ "hosting.example", "mail.example", false },
	{ "mail.hosting.example", "hosting.example", false },
	{ "com", "mail.com", false },
	/* no rule but "*" */
	{ "a.nic.unlisted", "b.nic.unlisted", true },
	{ "a.unlisted", "b.unlisted", false },
};

static void
a_name_is_own_by_its_organizational_domain(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		char recording[1024];
		struct scene scene = { .ips = { "203.0.113.9" } };

		(void)snprintf(recording, sizeof(recording),
		    ASKED(REVERSE_9, "PTR") "\"seen\":\"answered\",\"dns\":{"
					    "\"records\":[{\"type\":\"PTR\","
					    "\"name\":\"%s\"}]}}\n",
		    owners[i].name);
		scene.title = owners[i].name;
		scene.recording = recording;
		scene.domain = owners[i].domain;
		scene.facts[0] = (struct expected_fact){ "ips[0].own_domain",
			owners[i].own ? "true" : "false" };
		scene.gaps =
		    "ips[].confirmed offline; ips[].confirmed_name offline";
		scene_play(&check_ptr, &scene);
	}
}

static void
without_a_list_only_what_is_below_is_own(void **state)
{
	static const struct scene bare[] = {
		{ .title = "below",
		    .recording =
			FOUND(REVERSE_9, "PTR", PTR("mail.example.com"))
			    NODATA("mail.example.com", "A"),
		    .no_suffixes = true,
		    .facts = { { "ips[0].own_domain", "true" },
			{ "foreign", "[]" }, { "set_ptr", "[]" } } },
		{ .title = "one of two is below",
		    .recording = FOUND(REVERSE_9, "PTR",
			PTR("a.example.net") "," PTR("b.example.com"))
			NODATA("a.example.net", "A")
			    NODATA("b.example.com", "A"),
		    .no_suffixes = true,
		    .facts = { { "ips[0].own_domain", "true" } } },
		{ .title = "beside",
		    .recording =
			FOUND(REVERSE_9, "PTR", PTR("mail.example.com"))
			    NODATA("mail.example.com", "A"),
		    .domain = "news.example.com",
		    .no_suffixes = true,
		    .facts = { { "ips[0].own_domain", NULL },
			{ "ips[0].confirmed", "false" }, { "foreign", "[]" } },
		    .gaps = "ips[].own_domain no-list" },
		{ .title = "no name at all",
		    .recording = NXDOMAIN(REVERSE_9, "PTR"),
		    .no_suffixes = true,
		    .facts = { { "ips[0].own_domain", "false" },
			{ "foreign", "[]" } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++) {
		struct scene scene = bare[i];

		scene.ips[0] = "203.0.113.9";
		scene_play(&check_ptr, &scene);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reverse_names_are_resolved_back),
		cmocka_unit_test(
		    of_more_names_than_are_resolved_none_settles_it),
		cmocka_unit_test(generic_names_are_told_from_chosen_ones),
		cmocka_unit_test(a_name_is_own_by_its_organizational_domain),
		cmocka_unit_test(without_a_list_only_what_is_below_is_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
