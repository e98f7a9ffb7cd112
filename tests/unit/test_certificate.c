#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "checks/certificate.h"
#include "make_certificate.h"

enum { CHAIN_MAX = 4, DIGEST_MAX = 64 };

#define HOST_NAME "DNS:mx.example.com"

static const struct certificate_plan plans[] = {
	{ .name = "root", .common_name = "Root", .authority = true },
	{ .name = "other-root", .common_name = "Root", .authority = true },
	{ .name = "middle",
	    .common_name = "Middle",
	    .issuer = "root",
	    .authority = true },
	{ .name = "old-middle",
	    .common_name = "Old",
	    .issuer = "root",
	    .from = -90,
	    .until = -1,
	    .authority = true },
	{ .name = "good", .alternative = HOST_NAME, .issuer = "middle" },
	{ .name = "expired",
	    .alternative = HOST_NAME,
	    .issuer = "middle",
	    .from = -90,
	    .until = -1 },
	{ .name = "future",
	    .alternative = HOST_NAME,
	    .issuer = "middle",
	    .from = 1,
	    .until = 9 },
	{ .name = "last-second",
	    .alternative = HOST_NAME,
	    .issuer = "middle",
	    .from = -90,
	    .until = 0 },
	{ .name = "under-old",
	    .alternative = HOST_NAME,
	    .issuer = "old-middle" },
	{ .name = "own", .common_name = "mx.example.com" },
	{ .name = "impostor",
	    .common_name = "Root",
	    .alternative = HOST_NAME,
	    .issuer = "root" },
	{ .name = "wrong",
	    .alternative = "DNS:www.example.com",
	    .issuer = "middle" },
	{ .name = "wild",
	    .alternative = "DNS:*.example.com",
	    .issuer = "middle" },
	{ .name = "partly-wild",
	    .alternative = "DNS:m*.example.com",
	    .issuer = "middle" },
	{ .name = "wild-top", .alternative = "DNS:*.com", .issuer = "middle" },
	{ .name = "cn", .common_name = "MX.example.com", .issuer = "middle" },
	{ .name = "cn-beside",
	    .common_name = "mx.example.com",
	    .alternative = "DNS:www.example.com",
	    .issuer = "middle" },
	{ .name = "ip",
	    .alternative = "IP:192.0.2.25,IP:2001:db8::25",
	    .issuer = "middle" },
	{ .name = "domain",
	    .alternative = "DNS:example.com",
	    .issuer = "middle" },
	{ .name = "rsa1024",
	    .alternative = HOST_NAME,
	    .issuer = "middle",
	    .key = "RSA",
	    .bits = 1024 },
	{ .name = "rsa2048",
	    .alternative = HOST_NAME,
	    .issuer = "middle",
	    .key = "RSA",
	    .bits = 2048 },
	{ .name = "ed25519",
	    .alternative = HOST_NAME,
	    .issuer = "middle",
	    .key = "ED25519" },
	{ .name = "sha1",
	    .alternative = HOST_NAME,
	    .issuer = "middle",
	    .digest = "SHA1" },
	{ .name = "own-sha1",
	    .common_name = "mx.example.com",
	    .digest = "SHA1" },
	{ 0 },
};

/* ---- the world --------------------------------------------------------- */

struct world {
	struct certificates made;
	struct arena *arena;
	struct subject subject;
	struct check_run run;
	char *pem;
	struct slice chain[CHAIN_MAX];
	struct tls_session tls;
};

static int
setup(void **state)
{
	static const char *const trusted[] = { "root", NULL };
	struct world *w = calloc(1, sizeof(*w));

	certificates_make(&w->made, plans);
	w->arena = arena_new(1 << 20, 4096);
	w->pem = certificates_pem(&w->made, trusted);
	w->subject = (struct subject){ .domain = SLICE_LIT("example.com"),
		.as_of = AS_OF,
		.anchors = trust_anchors_new(slice_str(w->pem)) };
	w->run =
	    (struct check_run){ .subject = &w->subject, .arena = w->arena };
	w->tls = (struct tls_session){ .chain = w->chain };
	*state = w;
	return 0;
}

static void
drop_chain(struct world *w)
{
	size_t i;

	for (i = 0; i < w->tls.n_chain; i++)
		OPENSSL_free((void *)(uintptr_t)w->chain[i].p);
	w->tls.n_chain = 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	drop_chain(w);
	trust_anchors_close(&w->subject.anchors);
	certificates_free(&w->made);
	arena_free(w->arena);
	free(w->pem);
	free(w);
	return 0;
}

/* "good middle": the leaf first. */
static void
set_chain(struct world *w, const char *names)
{
	struct slice rest = slice_str(names), name;

	drop_chain(w);
	while (rest.n > 0) {
		char *text;

		(void)slice_cut(rest, ' ', &name, &rest);
		text = arena_printf(w->arena, "%.*s", SLICE_FMT(name));
		w->chain[w->tls.n_chain++] = certificate_der(&w->made, text);
	}
}

static struct certificate
read_as(struct world *w, const char *names, const char *host)
{
	struct certificate c;

	set_chain(w, names);
	assert_int_equal(certificate_read(&w->run, &w->tls, slice_str(host),
			     &c),
	    RC_OK);
	assert_true(c.readable);
	return c;
}

static struct certificate
read_chain(struct world *w, const char *names)
{
	return read_as(w, names, "mx.example.com");
}

/* ---- trust ------------------------------------------------------------- */

static void
trust_is_of_the_chain_and_apart_from_the_leafs_dates(void **state)
{
	static const struct {
		const char *chain;
		bool trusted, expired, not_yet_valid, self_signed;
	} rows[] = {
		{ "good middle", true, false, false, false },
		{ "good middle root", true, false, false, false },
		{ "good root middle", true, false, false, false },
		{ "good", false, false, false, false },
		{ "good old-middle", false, false, false, false },
		{ "expired middle", true, true, false, false },
		{ "expired", false, true, false, false },
		{ "future middle", true, false, true, false },
		{ "last-second middle", true, false, false, false },
		{ "under-old old-middle", false, false, false, false },
		{ "own", false, false, false, true },
		{ "root", true, false, false, true },
		{ "other-root", false, false, false, true },
		/* OpenSSL takes it for its own issuer by its names. */
		{ "impostor", false, false, false, false },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct certificate c = read_chain(w, rows[i].chain);

		if (!c.trust_known || c.trusted != rows[i].trusted ||
		    c.expired != rows[i].expired ||
		    c.not_yet_valid != rows[i].not_yet_valid ||
		    c.self_signed != rows[i].self_signed ||
		    (c.error.n > 0) == c.trusted)
			fail_msg("%s: %d %d %d %d \"%.*s\"", rows[i].chain,
			    c.trusted, c.expired, c.not_yet_valid,
			    c.self_signed, SLICE_FMT(c.error));
	}
}

static void
the_audits_time_counts_and_no_other(void **state)
{
	static const struct {
		int64_t days;
		bool trusted, expired, not_yet_valid;
	} rows[] = { { -31, false, false, true }, { 0, true, false, false },
		{ 61, false, true, false }, { -20000, false, false, true },
		{ 40000, false, true, false } };
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct certificate c;

		w->subject.as_of = AS_OF + rows[i].days * 24 * 3600;
		c = read_chain(w, "good middle");
		assert_int_equal(c.trusted, rows[i].trusted);
		assert_int_equal(c.expired, rows[i].expired);
		assert_int_equal(c.not_yet_valid, rows[i].not_yet_valid);
	}
}

static void
without_anchors_trust_is_not_known(void **state)
{
	struct world *w = *state;
	json_t *o;

	trust_anchors_close(&w->subject.anchors);
	assert_false(read_chain(w, "good middle").trust_known);
	w->subject.anchors = trust_anchors_new(SLICE_LIT("no PEM\n"));
	assert_false(trust_anchors_any(w->subject.anchors));
	assert_false(read_chain(w, "good middle").trust_known);
	o = certificate_json(
	    &(struct certificate){ .readable = true, .expired = true });
	assert_null(json_object_get(o, "trusted"));
	assert_true(json_is_true(json_object_get(o, "expired")));
	assert_true(json_is_null(json_object_get(o, "error")));
	assert_true(json_is_null(json_object_get(o, "key_type")));
	json_decref(o);
}

/* ---- names ------------------------------------------------------------- */

static void
names_match_as_rfc_6125_says(void **state)
{
	static const struct {
		const char *chain, *host;
		bool matches, san;
	} rows[] = {
		{ "good", "mx.example.com", true, true },
		{ "good", "MX.Example.COM", true, true },
		{ "good", "", false, false },
		{ "good", ".example.com", false, false },
		{ "good", ".com", false, false },
		{ "wrong", "mx.example.com", false, false },
		{ "wild", "mx.example.com", true, true },
		{ "wild", "example.com", false, false },
		{ "wild", "a.mx.example.com", false, false },
		{ "partly-wild", "mx.example.com", false, false },
		{ "wild-top", "example.com", false, false },
		{ "cn", "mx.example.com", true, false },
		{ "cn-beside", "mx.example.com", false, false },
		{ "ip", "192.0.2.25", false, false },
		{ "ip", "mx.example.com", false, false },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct certificate c = read_as(w, rows[i].chain, rows[i].host);

		if (c.matches_host != rows[i].matches ||
		    c.matches_san != rows[i].san)
			fail_msg("%s for \"%s\": %d %d", rows[i].chain,
			    rows[i].host, c.matches_host, c.matches_san);
	}
}

static void
names_are_listed(void **state)
{
	struct certificate c = read_chain(*state, "ip");

	assert_int_equal(c.n_names, 2);
	assert_true(slice_eq(c.names[0], SLICE_LIT("192.0.2.25")));
	assert_true(slice_eq(c.names[1], SLICE_LIT("2001:db8::25")));
	assert_int_equal(c.subject.n, 0);
	assert_true(slice_eq(c.issuer, SLICE_LIT("CN=Middle")));
	assert_int_equal(c.not_before, AS_OF - 30 * 24 * 3600);
	assert_int_equal(c.not_after, AS_OF + 60 * 24 * 3600);
}

/* ---- strength ---------------------------------------------------------- */

static void
short_keys_and_sha1_are_weak(void **state)
{
	static const struct {
		const char *chain, *type;
		int bits;
		bool weak;
	} rows[] = {
		{ "good", "EC", 256, false },
		{ "rsa1024", "RSA", 1024, true },
		{ "rsa2048", "RSA", 2048, false },
		/* 253 or 256 by the version of OpenSSL. */
		{ "ed25519", "ED25519", 0, false },
		{ "sha1", "EC", 256, true },
		/* Its signature proves nothing anyway. */
		{ "own-sha1", "EC", 256, false },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct certificate c = read_chain(w, rows[i].chain);

		if (!slice_eq(c.key_type, slice_str(rows[i].type)) ||
		    c.weak != rows[i].weak ||
		    (rows[i].bits != 0 && c.key_bits != rows[i].bits))
			fail_msg("%s: %.*s %d %d", rows[i].chain,
			    SLICE_FMT(c.key_type), c.key_bits, c.weak);
	}
}

/* ---- what is none ------------------------------------------------------ */

static void
garbage_is_not_readable_and_matches_nothing(void **state)
{
	struct world *w = *state;
	struct dns_record r = { .type = DNS_TLSA,
		.as.tlsa = { 3, 1, 1, SLICE_NONE } };
	unsigned char sum[32] = { 0 };
	struct slice kept;
	struct certificate c;

	r.as.tlsa.data = slice_of(sum, sizeof(sum));
	assert_int_equal(certificate_read(&w->run, &w->tls,
			     SLICE_LIT("mx.example.com"), &c),
	    RC_OK);
	assert_false(c.readable);
	assert_int_equal(certificate_dane(&w->run, &w->tls, &r,
			     SLICE_LIT("mx.example.com")),
	    DANE_MISMATCH);
	set_chain(w, "good middle");
	kept = w->chain[0];
	w->chain[0] = SLICE_LIT("\x30\x82\xff\xff garbage");
	assert_int_equal(certificate_read(&w->run, &w->tls,
			     SLICE_LIT("mx.example.com"), &c),
	    RC_OK);
	assert_false(c.readable);
	w->chain[0] = slice_sub(kept, 0, kept.n - 1);
	assert_int_equal(certificate_read(&w->run, &w->tls,
			     SLICE_LIT("mx.example.com"), &c),
	    RC_OK);
	assert_false(c.readable);
	w->chain[0] = kept;
}

/* ---- DANE -------------------------------------------------------------- */

struct dane_row {
	const char *chain;
	unsigned int usage, selector, matching;
	const char *of; /* whose data; NULL: 32 zero octets */
	enum dane_match match;
};

static enum dane_match
match(struct world *w, const struct dane_row *row)
{
	static const unsigned char zero[32] = { 0 };
	struct dns_record r = { .type = DNS_TLSA,
		.as.tlsa = { (uint8_t)row->usage, (uint8_t)row->selector,
		    (uint8_t)row->matching, slice_of(zero, sizeof(zero)) } };
	unsigned char octets[4096];
	size_t n = 0;

	set_chain(w, row->chain);
	if (row->of != NULL) {
		char *hex = certificates_expand(&w->made,
		    arena_printf(w->arena, "@%s/%u%u@", row->of, row->selector,
			row->matching));

		for (; hex[2 * n] != '\0'; n++)
			octets[n] =
			    (unsigned char)(ascii_hex((unsigned char)hex[2 * n])
						<< 4 |
					    ascii_hex(
						(unsigned char)hex[2 * n + 1]));
		free(hex);
		r.as.tlsa.data = slice_of(octets, n);
	}
	return certificate_dane(&w->run, &w->tls, &r,
	    SLICE_LIT("mx.example.com"));
}

static void
tlsa_records_match_as_rfc_7672_says(void **state)
{
	static const struct dane_row rows[] = {
		{ "good middle", 3, 0, 0, "good", DANE_MATCH },
		{ "good middle", 3, 0, 1, "good", DANE_MATCH },
		{ "good middle", 3, 0, 2, "good", DANE_MATCH },
		{ "good middle", 3, 1, 0, "good", DANE_MATCH },
		{ "good middle", 3, 1, 1, "good", DANE_MATCH },
		{ "good middle", 3, 1, 2, "good", DANE_MATCH },
		{ "good middle", 3, 1, 1, "middle", DANE_MISMATCH },
		{ "good middle", 3, 1, 1, NULL, DANE_MISMATCH },
		/* RFC 7671 5.1: neither dates nor names count. */
		{ "expired", 3, 1, 1, "expired", DANE_MATCH },
		{ "wrong", 3, 1, 1, "wrong", DANE_MATCH },
		{ "own", 3, 1, 1, "own", DANE_MATCH },
		{ "good middle", 2, 0, 0, "middle", DANE_MATCH },
		{ "good middle", 2, 0, 1, "middle", DANE_MATCH },
		{ "good middle", 2, 0, 2, "middle", DANE_MATCH },
		{ "good middle", 2, 1, 0, "middle", DANE_MATCH },
		{ "good middle", 2, 1, 1, "middle", DANE_MATCH },
		{ "good middle root", 2, 1, 1, "root", DANE_MATCH },
		{ "good middle", 2, 1, 1, "root", DANE_MISMATCH },
		{ "good middle", 2, 1, 1, "good", DANE_MISMATCH },
		{ "good old-middle", 2, 1, 1, "old-middle", DANE_MISMATCH },
		/* The end of the chain is there, but not on the way. */
		{ "good middle other-root", 2, 1, 1, "other-root",
		    DANE_MISMATCH },
		{ "expired middle", 2, 1, 1, "middle", DANE_MISMATCH },
		{ "under-old old-middle root", 2, 1, 1, "root", DANE_MISMATCH },
		{ "wrong middle", 2, 1, 1, "middle", DANE_MISMATCH },
		{ "cn middle", 2, 1, 1, "middle", DANE_MATCH },
		/* RFC 7672 3.2.2: the domain is as good a name. */
		{ "domain middle", 2, 1, 1, "middle", DANE_MATCH },
		{ "own", 2, 1, 1, "own", DANE_MISMATCH },
		{ "", 3, 1, 1, "good", DANE_MISMATCH },
		{ "good middle", 0, 1, 1, "middle", DANE_UNUSABLE },
		{ "good middle", 1, 1, 1, "good", DANE_UNUSABLE },
		{ "good middle", 4, 1, 1, "good", DANE_UNUSABLE },
		{ "good middle", 3, 2, 1, NULL, DANE_UNUSABLE },
		{ "good middle", 3, 1, 3, NULL, DANE_UNUSABLE },
		/* A digest of another length. */
		{ "good middle", 3, 1, 2, NULL, DANE_UNUSABLE },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum dane_match m = match(w, &rows[i]);

		if (m != rows[i].match)
			fail_msg("%s %u %u %u of %s: %d", rows[i].chain,
			    rows[i].usage, rows[i].selector, rows[i].matching,
			    rows[i].of != NULL ? rows[i].of : "zero", (int)m);
	}
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(trust_is_of_the_chain_and_apart_from_the_leafs_dates),
		T(the_audits_time_counts_and_no_other),
		T(without_anchors_trust_is_not_known),
		T(names_match_as_rfc_6125_says),
		T(names_are_listed),
		T(short_keys_and_sha1_are_weak),
		T(garbage_is_not_readable_and_matches_nothing),
		T(tlsa_records_match_as_rfc_7672_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
