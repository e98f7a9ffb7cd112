#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bounces/classify.h"

#define REST "title = T\nfix = F\nreason = "

static const char pack[] =
    "[pack]\nsource = https://example.com/\nchecked = 2026-01-02\n"
    "[provider.acme]\n"
    "hosts = mx.acme.example *.acme.example\n"
    "networks = 192.0.2.0/24 2001:db8::/33\n"
    "domains = acme.example\n"
    "texts = acme says\n"
    "identity = ip is [{ip}] | DKIM {dkim_domain} | block {netblock}\n"
    "           | from {from_domain}, | link {url}\n"
    "[provider.branch]\n"
    "as = acme\n"
    "hosts = *.branch.acme.example\n"
    "networks = 192.0.2.128/25\n"
    "[acme.code]\nstatus = 5.7.1\n" REST "policy\n"
    "[acme.short]\ntext = bad mail\n" REST "content\n"
    "[acme.long]\ntext = bad mail from you\nnot_text = no bad\n" REST
    "reputation\n"
    "[acme.tagged]\ntags = AC42\n" REST "blocklist\n"
    "[acme.exact]\nreply = 550\nstatus = 5.7.26\ntext = same words\n" REST
    "spf\n"
    "[acme.range]\nreply = 5xx\nstatus = 5.7.*\ntext = same words\n" REST
    "dkim\n"
    "[acme.first]\ntext = twins\n" REST "helo\n"
    "[acme.second]\ntext = twins\n" REST "ptr\n"
    "[acme.common]\ntext = user gone\ncommon = yes\n" REST "feedback\n"
    "[branch.own]\ntext = branch line\n" REST "tls\n"
    "[branch.over]\ntext = bad mail\n" REST "size\n"
    "[generic.gone]\ntext = user gone\n" REST "user-unknown\n"
    "[generic.weak]\ntext = address rejected\nweak = yes\n" REST "policy\n"
    "[generic.code]\nstatus = x.1.1\n" REST "user-unknown\n"
    "[generic.regex]\nmatches = (?i)QUEUE[0-9]+ full\n" REST "mailbox-full\n";

static struct bounces *set;
static struct classifier *c;

static int
setup(void **state)
{
	struct pack_error e;

	(void)state;
	if (bounces_new(&set) != RC_OK || classifier_new(set, &c) != RC_OK)
		return -1;
	if (bounces_add_pack(set, SLICE_LIT("a"), slice_str(pack), &e) == RC_OK)
		return 0;
	print_error("%zu:%zu %.*s\n", e.line, e.column, SLICE_FMT(e.what));
	return -1;
}

static int
teardown(void **state)
{
	(void)state;
	classifier_close(&c);
	bounces_close(&set);
	return 0;
}

static struct bounce_class
class_of(const char *reply, const char *host)
{
	unsigned char room[LIMIT_GIST];
	struct bounce_source from = { .host = slice_str(host) };
	struct bounce_class class;
	struct reply r;

	reply_parse(slice_str(reply), room, &r);
	classify(c, &r, &from, &class);
	return class;
}

static const struct {
	const char *reply;
	const char *host;
	const char *pattern; /* NULL: none */
	const char *provider;
} cases[] = {
	/* words before codes, the longest words, tags before words */
	{ "550 5.7.1 bad mail", "mx.acme.example", "acme.short", "acme" },
	{ "550 5.7.1 bad mail from you", "mx.acme.example", "acme.long",
	    "acme" },
	{ "550 5.7.1 no bad mail from you", "mx.acme.example", "acme.short",
	    "acme" },
	{ "550 5.7.1 [AC42] bad mail from you", "mx.acme.example",
	    "acme.tagged", "acme" },
	{ "550 5.7.1 what", "mx.acme.example", "acme.code", "acme" },
	/* the most exact codes; one that is missing keeps nothing out */
	{ "550 5.7.26 same words", "mx.acme.example", "acme.exact", "acme" },
	{ "551 5.7.26 same words", "mx.acme.example", "acme.range", "acme" },
	{ "550 5.7.27 same words", "mx.acme.example", "acme.range", "acme" },
	{ "450 5.7.26 same words", "mx.acme.example", NULL, "acme" },
	{ "550 4.7.26 same words", "mx.acme.example", NULL, "acme" },
	{ "550 same words", "mx.acme.example", "acme.exact", "acme" },
	{ "same words", "mx.acme.example", "acme.exact", "acme" },
	{ "550 twins", "mx.acme.example", "acme.first", "acme" },
	/* whom it is like, and any receiver */
	{ "550 branch line", "a.branch.acme.example", "branch.own", "branch" },
	{ "550 bad mail", "a.branch.acme.example", "branch.over", "branch" },
	{ "550 twins", "a.branch.acme.example", "acme.first", "branch" },
	{ "550 user gone", "mx.acme.example", "acme.common", "acme" },
	{ "550 Queue17 full", "mx.acme.example", "generic.regex", "acme" },
	/* weak words stand behind others, and before codes */
	{ "550 5.1.1 address rejected: user gone", "x.example", "generic.gone",
	    NULL },
	{ "550 5.1.1 address rejected: x", "x.example", "generic.weak", NULL },
	{ "550 5.1.1 x", "x.example", "generic.code", NULL },
	{ "450 4.1.1 x", "", "generic.code", NULL },
	{ "550 x", "", NULL, NULL },
	{ "", "", NULL, NULL },
	/* who it is, by the host, in any case, or by the words */
	{ "550 x", "MX.Acme.Example.", NULL, "acme" },
	{ "550 x", "acme.example", NULL, NULL },
	{ "550 x", "notacme.example", NULL, NULL },
	{ "550 Acme says: x", "x.example", NULL, "acme" },
	{ "550 5.7.1 Acme says: x", "", "acme.code", "acme" },
	{ "550 bad mail from you", "x.example", "acme.long", "acme" },
	{ "550 [ac42]", "x.example", "acme.tagged", "acme" },
	{ "550 user gone", "x.example", "generic.gone", NULL },
};

static void
the_best_pattern_is_taken(void **state)
{
	(void)state;
	/* Again, from what was seen. */
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		size_t k = i % (sizeof(cases) / sizeof(cases[0]));
		struct bounce_class x = class_of(cases[k].reply, cases[k].host);
		struct slice id =
		    x.pattern != NULL ? x.pattern->id : SLICE_NONE;
		struct slice who =
		    x.provider != NULL ? x.provider->name : SLICE_NONE;

		if (!slice_eq(id, slice_str(cases[k].pattern)) ||
		    !slice_eq(who, slice_str(cases[k].provider)))
			fail_msg("%s: %.*s of %.*s", cases[k].reply,
			    SLICE_FMT(id), SLICE_FMT(who));
		assert_int_equal(x.reason,
		    x.pattern != NULL ? x.pattern->reason : REASON_OTHER);
		assert_true((x.by == PROVIDER_UNKNOWN) == (who.p == NULL));
	}
}

static void
a_later_pack_wins_among_equals(void **state)
{
	struct pack_error e;

	(void)state;
	assert_int_equal(bounces_add_pack(set, SLICE_LIT("b"),
			     SLICE_LIT("[pack]\nsource = https://example.com/\n"
				       "checked = 2026-01-02\n[acme.third]\n"
				       "text = twins\n" REST "loop\n"),
			     &e),
	    RC_OK);
	/* What was seen is of the packs that were there. */
	classifier_close(&c);
	assert_int_equal(classifier_new(set, &c), RC_OK);
	assert_int_equal(class_of("550 twins", "mx.acme.example").reason,
	    REASON_LOOP);
}

static const struct bounce_provider *
of_source(const char *host, const char *ip, const char *domain)
{
	struct bounce_source from = { .host = slice_str(host),
		.domain = slice_str(domain) };
	struct bounce_class class;
	unsigned char room[LIMIT_GIST];
	struct reply r;

	if (!ip_parse(slice_str(ip), &from.ip))
		from.ip.family = 0;
	reply_parse(SLICE_LIT("550 nothing"), room, &r);
	classify(c, &r, &from, &class);
	return class.provider;
}

static void
host_then_address_then_domain_tell_the_receiver(void **state)
{
	const struct bounce_provider *acme =
	    bounces_provider(set, SLICE_LIT("acme"));
	const struct bounce_provider *branch =
	    bounces_provider(set, SLICE_LIT("branch"));

	(void)state;
	assert_ptr_equal(of_source("mx.acme.example", "192.0.2.200", ""), acme);
	assert_ptr_equal(of_source("x.example", "192.0.2.1", ""), acme);
	assert_ptr_equal(of_source("x.example", "192.0.2.200", ""), branch);
	assert_ptr_equal(of_source("", "192.0.3.1", "ACME.example"), acme);
	assert_ptr_equal(of_source("", "2001:db8::1", ""), acme);
	assert_null(of_source("", "2001:db8:8000::1", ""));
	assert_null(of_source("", "", "x.acme.example"));
}

static void
what_a_reply_says_of_the_sender_is_found(void **state)
{
	static const char text[] =
	    "550 bad mail from you: ip is [x], IP is [192.0.2.7 14] DKIM "
	    "<d.example.>, block 198.51.100.0/24; from a@b.example x from "
	    "c.example, link (https://e.example/x)";
	struct bounce_class class = class_of(text, "mx.acme.example");
	unsigned char room[LIMIT_GIST];
	struct bounce_identity id;
	struct reply r;

	(void)state;
	reply_parse(slice_str(text), room, &r);
	bounce_identify(set, &class, r.text, &id);
	assert_true(slice_eq(id.values[IDENTITY_IP], SLICE_LIT("192.0.2.7")));
	assert_true(
	    slice_eq(id.values[IDENTITY_DKIM_DOMAIN], SLICE_LIT("d.example")));
	assert_true(slice_eq(id.values[IDENTITY_NETBLOCK],
	    SLICE_LIT("198.51.100.0/24")));
	assert_true(
	    slice_eq(id.values[IDENTITY_FROM_DOMAIN], SLICE_LIT("c.example")));
	assert_true(slice_eq(id.values[IDENTITY_URL],
	    SLICE_LIT("https://e.example/x")));
	assert_int_equal(id.values[IDENTITY_SPF_DOMAIN].n, 0);
	bounce_identify(set, &class, SLICE_LIT("ip is"), &id);
	assert_int_equal(id.values[IDENTITY_IP].n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_pattern_is_taken),
		cmocka_unit_test(
		    host_then_address_then_domain_tell_the_receiver),
		cmocka_unit_test(what_a_reply_says_of_the_sender_is_found),
		cmocka_unit_test(a_later_pack_wins_among_equals),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
