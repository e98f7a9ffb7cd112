#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "checks/check.h"
#include "checks/zone/zone_file.h"
#include "checks/zone/zone_rdata.h"

enum { ARENA = 4 << 20, LINE = 2048 };

struct reading {
	struct arena *arena;
	struct zone_file zone;
	struct slice error;
	enum rc rc;
};

static void
reading_open(struct reading *r, struct slice text, const char *origin)
{
	*r = (struct reading){ .arena = arena_new(ARENA, 4096) };
	assert_non_null(r->arena);
	r->rc = zone_file_read(r->arena, SLICE_LIT("db"), text,
	    slice_str(origin), &r->zone, &r->error);
}

static void
reading_close(struct reading *r)
{
	zone_file_close(&r->zone);
	arena_free(r->arena);
}

/* ---- what was read, in one line a record ------------------------------- */

static int
print_data(char *out, struct arena *a, const struct dns_record *r)
{
	struct slice text;

	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		text = ip_text(a, &r->as.address);
		return snprintf(out, LINE, "%.*s", SLICE_FMT(text));
	case DNS_TXT:
		text = check_text(a, r);
		return snprintf(out, LINE, "%zu %.*s", r->as.text.n,
		    SLICE_FMT(text));
	case DNS_MX:
		return snprintf(out, LINE, "%u %.*s", r->as.mx.preference,
		    SLICE_FMT(r->as.mx.host));
	case DNS_SOA:
		return snprintf(out, LINE, "%.*s %u",
		    SLICE_FMT(r->as.soa.mname), r->as.soa.serial);
	default:
		return snprintf(out, LINE, "%.*s", SLICE_FMT(r->as.name));
	}
}

/* "owner TYPE data" with "|" between. */
static void
print_records(const struct reading *r, char *out, size_t room)
{
	const struct zone_record *x;
	char data[LINE];
	size_t n = 0;

	out[0] = '\0';
	for (x = r->zone.first; x != NULL; x = x->next) {
		(void)print_data(data, r->arena, &x->rr);
		n += (size_t)snprintf(out + n, room - n, "%s%.*s %s %s",
		    n > 0 ? "|" : "", SLICE_FMT(x->rr.owner),
		    zone_type_name(x->rr.type), data);
		assert_true(n < room);
	}
}

/* "code line:column" with "; " between. */
static void
print_faults(const struct reading *r, char *out, size_t room)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < r->zone.n_faults; i++) {
		const struct zone_fault *f = &r->zone.faults[i];

		assert_true(f->detail.n > 0);
		n += (size_t)snprintf(out + n, room - n, "%s%s %zu:%zu",
		    i > 0 ? "; " : "", f->code, f->at.line, f->at.column);
		assert_true(n < room);
	}
}

#define O "$ORIGIN example.com.\n"

static const struct {
	const char *title;
	const char *text;
	const char *records;
	const char *faults;
} readings[] = {
	{ "absolute names need no origin", "example.com. A 192.0.2.1\n",
	    "example.com A 192.0.2.1", "" },
	{ "relative names and @", O "@ A 192.0.2.1\nwww CNAME @\n",
	    "example.com A 192.0.2.1|www.example.com CNAME example.com", "" },
	{ "$ORIGIN relative to another", O "$ORIGIN sub\nx A 192.0.2.1\n",
	    "x.sub.example.com A 192.0.2.1", "" },
	{ "the origin is that of the SOA, wherever it stands",
	    "mail A 192.0.2.1\nexample.com. SOA ns1 root 7 1 2 3 4\n",
	    "mail.example.com A 192.0.2.1|example.com SOA ns1.example.com 7",
	    "" },
	{ "a SOA's owner without its dot is the zone all the same",
	    "example.com 1 IN SOA ns1.x. root.x. 7 1 2 3 4\nmail A 192.0.2.1\n",
	    "example.com SOA ns1.x 7|mail.example.com A 192.0.2.1", "" },
	{ "the origin that is given", "www A 192.0.2.1\n",
	    "www.given.example A 192.0.2.1", "" },
	{ "a blank owner is the one before",
	    O "a A 192.0.2.1\n  AAAA 2001:db8::1\n\tMX 10 m\n",
	    "a.example.com A 192.0.2.1|a.example.com AAAA 2001:db8::1|"
	    "a.example.com MX 10 m.example.com",
	    "" },
	{ "TTL and class in any order",
	    O "a 300 IN A 192.0.2.1\na IN 5m A 192.0.2.2\na 1h30m A 192.0.2.3\n"
	      "a in a 192.0.2.4\n",
	    "a.example.com A 192.0.2.1|a.example.com A 192.0.2.2|"
	    "a.example.com A 192.0.2.3|a.example.com A 192.0.2.4",
	    "" },
	{ "other classes are counted", O "a CH TXT \"x\"\na A 192.0.2.1\n",
	    "a.example.com A 192.0.2.1", "" },
	{ "parentheses over lines",
	    O "@ SOA ns1 root (\n 2026112601 ; serial\n 1h\n2h ;)\n 3w 1d )\n",
	    "example.com SOA ns1.example.com 2026112601", "" },
	{ "several strings are one text", O "k TXT ( \"a b\"\n \"c\" )\n",
	    "k.example.com TXT 2 a bc", "" },
	{ "escapes", O "k TXT \"a\\\"b\\\\c\\059\\;\"\n",
	    "k.example.com TXT 1 a\"b\\c;;", "" },
	{ "a semicolon in quotes", O "k TXT \"v=DKIM1; p=x\" ; a comment\n",
	    "k.example.com TXT 1 v=DKIM1; p=x", "" },
	{ "an empty string", O "k TXT \"\"\n", "k.example.com TXT 1 ", "" },
	{ "CRLF and a byte order mark",
	    "\xEF\xBB\xBF$ORIGIN example.com.\r\n@ A 192.0.2.1\r\n",
	    "example.com A 192.0.2.1", "" },
	{ "no line end at the end", O "a A 192.0.2.1",
	    "a.example.com A 192.0.2.1", "" },
	{ "letters of a name in any case", O "WWW.Example.COM. A 192.0.2.1\n",
	    "www.example.com A 192.0.2.1", "" },
	{ "an escaped dot in a name", O "a\\.b A 192.0.2.1\n",
	    "a\\046b.example.com A 192.0.2.1", "" },
	{ "the null MX", O "@ MX 0 .\n", "example.com MX 0 ", "" },
	{ "TYPE16 and \\#", O "k TYPE16 \\# 4 03 616263\n",
	    "k.example.com TXT 1 abc", "" },
	{ "a generic address", O "a A \\# 4 C0000201\n",
	    "a.example.com A 192.0.2.1", "" },
	{ "a generic MX", O "a MX \\# 7 000A 016D 0178 00\n",
	    "a.example.com MX 10 m.x", "" },
	{ "other types are passed over",
	    O "a SRV 0 0 1 x\na CAA 0 issue \"x\"\na TYPE65534 \\# 2 0000\n"
	      "a A 192.0.2.1\n",
	    "a.example.com A 192.0.2.1", "" },
	{ "Cloudflare's export",
	    ";;\n;; Domain:     example.com.\n;; A Records\n"
	    "example.com.\t1\tIN\tA\t192.0.2.1 ; cf_tags=cf-proxied:true\n"
	    "example.com.\t1\tIN\tTXT\t\"v=spf1 -all\"\n",
	    "example.com A 192.0.2.1|example.com TXT 1 v=spf1 -all", "" },
	{ "a long text without quotes is taken as it was meant",
	    O "k TXT v=DKIM1; k=rsa; p=abc\n",
	    "k.example.com TXT 1 v=DKIM1; k=rsa; p=abc", "zone.unquoted 2:7" },
	{ "and one with blanks only", O "k TXT v=spf1 a   -all ; note\n",
	    "k.example.com TXT 1 v=spf1 a -all", "zone.unquoted 2:7" },
	{ "what is missing its dot is said", O "a MX 1 m.example.com\n",
	    "a.example.com MX 1 m.example.com.example.com", "zone.no-dot 2:8" },
	{ "so for an owner", O "a.example.com A 192.0.2.1\n",
	    "a.example.com.example.com A 192.0.2.1", "zone.no-dot 2:1" },
	/* What is wrong, and what stays. */
	{ "a bad address loses one record",
	    O "a A 192.0.2.256\nb A 192.0.2.1\n", "b.example.com A 192.0.2.1",
	    "zone.data 2:5" },
	{ "an IPv6 address in A", O "a A ::1\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.data 2:5" },
	{ "something behind the data", O "a A 192.0.2.1 x\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.data 2:15" },
	{ "no data", O "a MX\nb A 192.0.2.1\n", "b.example.com A 192.0.2.1",
	    "zone.data 2:3" },
	{ "no type", O "a 300 IN\nb A 192.0.2.1\n", "b.example.com A 192.0.2.1",
	    "zone.type 2:7" },
	{ "something else where the type must be",
	    O "a IN \"x\" y\nb A 192.0.2.1\n", "b.example.com A 192.0.2.1",
	    "" },
	{ "a number where the type must be", O "a IN 1.2 y\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.type 2:6" },
	{ "a quote that is not closed", O "a TXT \"x\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.syntax 2:7" },
	{ "a parenthesis that is not closed",
	    O "a TXT ( \"x\"\nb A 192.0.2.1\nc A 192.0.2.2\n",
	    "b.example.com A 192.0.2.1|c.example.com A 192.0.2.2",
	    "zone.syntax 2:7" },
	{ "a parenthesis that was not opened",
	    O "a A 192.0.2.1 )\nb A 192.0.2.1\n", "b.example.com A 192.0.2.1",
	    "zone.syntax 2:15" },
	{ "a blank owner at the start", "  A 192.0.2.1\nb. A 192.0.2.1\n",
	    "b A 192.0.2.1", "zone.owner 1:3" },
	{ "an owner that is none takes its blank followers along",
	    O "a A 192.0.2.1\nb..c A 192.0.2.2\n A 192.0.2.3\n",
	    "a.example.com A 192.0.2.1", "zone.owner 3:1; zone.owner 4:2" },
	{ "a label that is too long",
	    O "a A 192.0.2.1\n"
	      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	      " A 192.0.2.1\n",
	    "a.example.com A 192.0.2.1", "zone.owner 3:1" },
	{ "a bad escape", O "a TXT \"\\25\"\nb TXT \"\\256\"\nc A 192.0.2.1\n",
	    "c.example.com A 192.0.2.1", "zone.data 2:7; zone.data 3:7" },
	{ "$INCLUDE is refused", O "$INCLUDE /etc/passwd\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.include 2:1" },
	{ "$GENERATE is not expanded",
	    O "$GENERATE 1-9 a$ A 192.0.2.$\nb A ::\n"
	      "b A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.generate 2:1; zone.data 3:5" },
	{ "an unknown directive", O "$FOO bar\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.directive 2:1" },
	{ "$ORIGIN without a name", O "$ORIGIN\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.origin 2:1" },
	{ "hexadecimal that is too short",
	    O "k TXT \\# 4 0361\nb A 192.0.2.1\n", "b.example.com A 192.0.2.1",
	    "zone.data 2:3" },
	{ "hexadecimal that is too long", O "k TXT \\# 1 0361\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.data 2:12" },
	{ "hexadecimal that is none", O "k TXT \\# 1 0g\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.data 2:12" },
	{ "strings that overrun", O "k TXT \\# 2 0561\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.data 2:3" },
	{ "a preference that is none", O "k MX 65536 m\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.data 2:6" },
	{ "a SOA cut short", O "@ SOA a b 1 2 3\nb A 192.0.2.1\n",
	    "b.example.com A 192.0.2.1", "zone.data 2:3" },
};

static void
records_are_read_and_faults_have_places(void **state)
{
	static char records[64 * LINE], faults[LINE];

	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		struct reading r;

		reading_open(&r, slice_str(readings[i].text), "given.example");
		if (r.rc)
			fail_msg("%s: %.*s", readings[i].title,
			    SLICE_FMT(r.error));
		print_records(&r, records, sizeof(records));
		print_faults(&r, faults, sizeof(faults));
		if (strcmp(records, readings[i].records) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", readings[i].title,
			    records, readings[i].records);
		if (strcmp(faults, readings[i].faults) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", readings[i].title,
			    faults, readings[i].faults);
		reading_close(&r);
	}
}

static const struct {
	const char *text;
	const char *error;
} refused[] = {
	{ "", "holds no record that mail needs; is it a zone file?" },
	{ "; nothing\n",
	    "holds no record that mail needs; is it a zone file?" },
	{ "www A 192.0.2.1\n",
	    "does not say which zone it is: put \"$ORIGIN ZONE.\" on its first "
	    "line" },
	{ "\xFF\xFE@", "is UTF-16; save it as UTF-8" },
	{ "<html>\n<body> x\n",
	    "does not say which zone it is: put \"$ORIGIN ZONE.\" on its first "
	    "line" },
	{ "a. A x\n", "line 1, column 6: \"x\" is no IPv4 address" },
};

static void
what_is_no_zone_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct reading r;

		reading_open(&r, slice_str(refused[i].text), NULL);
		assert_int_equal(r.rc, RC_INVALID);
		if (!slice_eq(r.error, slice_str(refused[i].error)))
			fail_msg("%s: \"%.*s\"", refused[i].text,
			    SLICE_FMT(r.error));
		reading_close(&r);
	}
}

static void
a_string_of_over_255_octets_is_cut_and_said(void **state)
{
	char text[512];
	struct reading r;

	(void)state;
	(void)snprintf(text, sizeof(text), O "k TXT \"%0300d\"\n", 1);
	reading_open(&r, slice_str(text), NULL);
	assert_int_equal(r.rc, RC_OK);
	assert_int_equal(r.zone.first->rr.as.text.n, 2);
	assert_int_equal(r.zone.first->rr.as.text.strings[0].n, 255);
	assert_int_equal(r.zone.n_faults, 1);
	assert_string_equal(r.zone.faults[0].code, "zone.string-length");
	reading_close(&r);
}

static void
the_zone_is_that_of_the_soa_or_the_shortest_name(void **state)
{
	struct reading r;

	(void)state;
	reading_open(&r,
	    SLICE_LIT("a.b.test. A 192.0.2.1\nb.test. SOA a. b. 9 1 1 1 1\n"
		      "test. A 192.0.2.1\n"),
	    NULL);
	assert_true(slice_eq(r.zone.apex, SLICE_LIT("b.test")));
	assert_int_equal(r.zone.soa->rr.as.soa.serial, 9);
	reading_close(&r);
	reading_open(&r,
	    SLICE_LIT("a.b.test. A ::\na.b.test. A 192.0.2.1\n"
		      "b.test. A 192.0.2.1\n"),
	    NULL);
	assert_true(slice_eq(r.zone.apex, SLICE_LIT("b.test")));
	assert_null(r.zone.soa);
	reading_close(&r);
}

static void
records_of_an_owner_are_found(void **state)
{
	const struct zone_record *x;
	struct reading r;

	(void)state;
	reading_open(&r,
	    SLICE_LIT(O "a A 192.0.2.1\nb A 192.0.2.2\na TXT x\na SRV x\n"),
	    NULL);
	x = zone_file_find(&r.zone, SLICE_LIT("a.example.com"));
	assert_int_equal(x->line, 2);
	assert_int_equal(x->same->rr.type, DNS_TXT);
	assert_null(x->same->same);
	assert_ptr_equal(zone_file_find_type(&r.zone,
			     SLICE_LIT("a.example.com"), DNS_TXT),
	    x->same);
	assert_null(zone_file_find(&r.zone, SLICE_LIT("example.com")));
	assert_int_equal(r.zone.n_records, 3);
	assert_int_equal(r.zone.n_others, 1);
	reading_close(&r);
}

/* A hundred are kept; however many open parentheses there are, it ends. */
static void
faults_are_counted_beyond_the_limit(void **state)
{
	enum { LINES = 20000 };

	char *text = malloc(2 * LINES + LINE), *p = text;
	struct reading r;

	(void)state;
	assert_non_null(text);
	p += snprintf(p, LINE, "a. A 192.0.2.1\n");
	for (size_t i = 0; i < LINES; i++) {
		*p++ = '(';
		*p++ = '\n';
	}
	reading_open(&r, slice_of(text, (size_t)(p - text)), NULL);
	assert_int_equal(r.rc, RC_OK);
	assert_int_equal(r.zone.n_faults, 100);
	assert_int_equal(r.zone.n_records, 1);
	reading_close(&r);
	free(text);
}

static void
a_name_has_no_more_records_than_dns_can_give(void **state)
{
	char *text = malloc(5001 * 32), *p = text;
	struct reading r;

	(void)state;
	assert_non_null(text);
	for (unsigned int i = 0; i < 5000; i++)
		p += snprintf(p, 32, "a. A 192.0.%u.%u\n", i / 256, i % 256);
	reading_open(&r, slice_of(text, (size_t)(p - text)), NULL);
	assert_int_equal(r.rc, RC_OK);
	assert_int_equal(r.zone.n_records, LIMIT_DNS_RECORDS);
	assert_int_equal(r.zone.all_faults, 5000 - LIMIT_DNS_RECORDS);
	assert_string_equal(r.zone.faults[0].code, "zone.too-many");
	reading_close(&r);
	free(text);
}

static void
an_arena_that_is_too_small_is_a_limit(void **state)
{
	(void)state;
	for (size_t ceiling = 256; ceiling < 64 * 1024; ceiling += 256) {
		struct arena *a = arena_new(ceiling, 64);
		struct zone_file z;
		struct slice error;
		enum rc rc;

		assert_non_null(a);
		rc = zone_file_read(a, SLICE_LIT("db"),
		    SLICE_LIT("mail A 192.0.2.1\nx TXT \"a\" \"b\\\"\"\n"
			      "y MX 1 z\nbad A x\n"
			      "example.com. SOA a b 1 2 3 4 5\n"),
		    SLICE_NONE, &z, &error);
		if (rc == RC_OK)
			assert_int_equal(z.n_records, 4);
		else
			assert_true(rc == RC_LIMIT || rc == RC_NOMEM);
		zone_file_close(&z);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_and_faults_have_places),
		cmocka_unit_test(what_is_no_zone_is_refused),
		cmocka_unit_test(a_string_of_over_255_octets_is_cut_and_said),
		cmocka_unit_test(
		    the_zone_is_that_of_the_soa_or_the_shortest_name),
		cmocka_unit_test(records_of_an_owner_are_found),
		cmocka_unit_test(faults_are_counted_beyond_the_limit),
		cmocka_unit_test(a_name_has_no_more_records_than_dns_can_give),
		cmocka_unit_test(an_arena_that_is_too_small_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
