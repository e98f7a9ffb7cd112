#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "rules/bounce.h"

#define PACK \
	"[pack]\nsource = https://example.com/\nchecked = 2026-01-02\n" \
	"[provider.acme]\n"
#define PACK_LINES 4
#define PATTERN    "[acme.x]\ntitle = T\nfix = F\nreason = spf\n"

static struct bounces *
empty(void)
{
	struct bounces *b = NULL;

	assert_int_equal(bounces_new(&b), RC_OK);
	return b;
}

static void
must_add(struct bounces *b, const char *text)
{
	struct pack_error e;

	if (bounces_add_pack(b, SLICE_LIT("a.bounces"), slice_str(text), &e) !=
	    RC_OK)
		fail_msg("%zu:%zu: %.*s", e.line, e.column, SLICE_FMT(e.what));
}

static const char whole[] =
    "[pack]\n"
    "title = Pack\n"
    "provider = acme\n"
    "checked = 2026-01-02\n"
    "source = https://example.com/pack\n"
    "[provider.other]\n"
    "[provider.acme]\n"
    "title = Acme Mail\n"
    "as = other\n"
    "hosts = mx.acme.example *.mail.acme.example\n"
    "networks = 192.0.2.0/24 2001:db8::/32\n"
    "domains = acme.example\n"
    "texts = acme says | see acme.example\n"
    "identity = with ip [{ip}] | domain {spf_domain} is\n"
    "[acme.x_1]\n"
    "title = T\n"
    "reply = 550 4xx\n"
    "status = 5.7.26 x.7.28 5.7.606-649 4.2.*\n"
    "tags = TSS04 LPN*_402\n"
    "text = user unknown\n"
    "    | no such user\n"
    "not_text = over quota\n"
    "matches = a+b\n"
    "common = yes\n"
    "weak = no\n"
    "reason = user-unknown\n"
    "rules = acme.list acme.size\n"
    "fix = F\n"
    "source = https://example.com/one\n"
    "checked = 2026-02-03\n"
    "identity = {url}x{url}\n";

static void
all_keys_are_read(void **state)
{
	struct bounces *b = empty();
	const struct bounce_pattern *p;
	const struct bounce_provider *acme;
	char text[sizeof(whole)];

	(void)state;
	/* Without the last line, which has no words. */
	memcpy(text, whole, sizeof(text));
	*strstr(text, "identity = {url}") = '\0';
	must_add(b, text);
	acme = bounces_provider(b, SLICE_LIT("acme"));
	p = bounces_find(b, SLICE_LIT("acme.x_1"));
	assert_non_null(p);
	assert_ptr_equal(p->provider, acme);
	assert_true(slice_eq(acme->title, SLICE_LIT("Acme Mail")));
	assert_ptr_equal(acme->as, bounces_provider(b, SLICE_LIT("other")));
	assert_int_equal(acme->n_hosts, 2);
	assert_int_equal(acme->n_networks, 2);
	assert_int_equal(acme->networks[1].bits, 32);
	assert_int_equal(acme->n_domains, 1);
	assert_int_equal(acme->texts.n, 2);
	assert_int_equal(acme->identity.n, 2);
	assert_int_equal(acme->identity.list[1].kind, IDENTITY_SPF_DOMAIN);
	assert_true(slice_eq(acme->identity.list[1].after, SLICE_LIT("is")));
	assert_int_equal(p->n_replies, 2);
	assert_int_equal(p->replies[1].from, 400);
	assert_int_equal(p->replies[1].to, 499);
	assert_int_equal(p->n_statuses, 4);
	assert_int_equal(p->statuses[1].class, -1);
	assert_int_equal(p->statuses[2].to, 649);
	assert_int_equal(p->n_tags, 2);
	assert_int_equal(p->text.n, 2);
	assert_int_equal(p->not_text.n, 1);
	assert_non_null(p->matches);
	assert_true(p->common);
	assert_false(p->weak);
	assert_int_equal(p->reason, REASON_USER_UNKNOWN);
	assert_int_equal(p->n_rules, 2);
	assert_true(slice_eq(p->source, SLICE_LIT("https://example.com/one")));
	assert_true(slice_eq(p->checked, SLICE_LIT("2026-02-03")));
	assert_int_equal(p->line, 15);
	bounces_close(&b);
	assert_null(b);
}

static void
what_a_pattern_lacks_is_the_packs(void **state)
{
	struct bounces *b = empty();
	const struct bounce_pattern *p;

	(void)state;
	must_add(b, PACK PATTERN "text = x y\n");
	p = bounces_find(b, SLICE_LIT("acme.x"));
	assert_true(slice_eq(p->source, SLICE_LIT("https://example.com/")));
	assert_true(slice_eq(p->checked, SLICE_LIT("2026-01-02")));
	assert_true(slice_eq(p->provider->name, SLICE_LIT("acme")));
	bounces_close(&b);
}

static void
codes_are_compared_part_by_part(void **state)
{
	const uint16_t yes[] = { 5, 7, 620 }, no[] = { 5, 7, 650 };
	const uint16_t four[] = { 4, 7, 28 }, two[] = { 2, 1, 5 };
	struct bounces *b = empty();
	const struct bounce_status *s;

	(void)state;
	must_add(b, PACK PATTERN "status = 5.7.606-649 x.7.28 2.*.5\n");
	s = b->patterns[0]->statuses;
	assert_true(bounce_status_in(&s[0], yes));
	assert_false(bounce_status_in(&s[0], no));
	assert_true(bounce_status_in(&s[1], four));
	assert_false(bounce_status_in(&s[1], yes));
	assert_true(bounce_status_in(&s[2], two));
	bounces_close(&b);
}

static void
a_tag_may_leave_out_a_part(void **state)
{
	struct bounces *b = empty();
	const struct bounce_tag *t;

	(void)state;
	must_add(b, PACK PATTERN "tags = LPN*_402 TSS04 PH*\n");
	t = b->patterns[0]->tags;
	assert_true(bounce_tag_is(&t[0], SLICE_LIT("lpn007_402")));
	assert_true(bounce_tag_is(&t[0], SLICE_LIT("lpn_402")));
	assert_false(bounce_tag_is(&t[0], SLICE_LIT("lpn402")));
	assert_true(bounce_tag_is(&t[1], SLICE_LIT("tss04")));
	assert_false(bounce_tag_is(&t[1], SLICE_LIT("tss049")));
	assert_true(bounce_tag_is(&t[2], SLICE_LIT("ph01")));
	bounces_close(&b);
}

static const struct {
	const char *text; /* behind PACK */
	size_t line;      /* from there */
	size_t column;
	const char *what;
} errors[] = {
	{ "x = y\n", 1, 1, "unknown key \"x\"" },
	{ "host = y\n", 1, 1, "did you mean \"hosts\"?" },
	{ "as = nobody\n", 1, 6, "expected a provider of an earlier section" },
	{ "as = acme\n", 1, 6, "expected a provider of an earlier section" },
	{ "networks = 192.0.2.0/24 192.0.2.0/33\n", 1, 25,
	    "expected networks such as" },
	{ "networks = 192.0.2.0\n", 1, 12, "expected networks such as" },
	{ "texts = a |\n", 1, 12, "expected words" },
	{ "identity = ip [{ip}] | {ip}\n", 1, 23,
	    "expected words and a place" },
	{ "identity = ip [{port}]\n", 1, 17, "expected ip, netblock" },
	{ "hosts = a\nhosts = b\n", 2, 1, "stands here twice" },
	{ "[pack]\n", 1, 2, "expected [pack] before all other sections" },
	{ "[provider.a.b]\n", 1, 12, "a provider's name is one word" },
	{ "[Acme.x]\n", 1, 2, "expected [pack], [provider.NAME] or an id" },
	{ "[acme]\n", 1, 6, "expected [pack], [provider.NAME] or an id" },
	{ "[acme.x]\ntitle = T\nfix = F\n", 1, 2,
	    "the pattern acme.x has no \"reason\"" },
	{ PATTERN, 1, 2, "a pattern needs \"reply\"" },
	{ PATTERN "not_text = x y\n", 1, 2, "a pattern needs \"reply\"" },
	{ PATTERN "text = x y\n" PATTERN, 6, 2,
	    "there is a pattern acme.x already, in a.bounces line 5" },
	{ PATTERN "provider = other\ntext = x y\n", 5, 12,
	    "there is no section [provider.other] before this one" },
	{ "[other.x]\ntitle = T\nfix = F\nreason = spf\nreply = 550\n", 1, 2,
	    "there is no section [provider.other] before this one" },
	{ PATTERN "reply = 550 6xx\n", 5, 13, "expected reply codes such as" },
	{ PATTERN "reply = 5500\n", 5, 9, "expected reply codes such as" },
	{ PATTERN "reply = 600\n", 5, 9, "expected reply codes such as" },
	{ PATTERN "status = 5.7\n", 5, 10, "expected enhanced codes such as" },
	{ PATTERN "status = 3.7.1\n", 5, 10, "expected enhanced codes" },
	{ PATTERN "status = 5.7.9-8\n", 5, 10, "expected enhanced codes" },
	{ PATTERN "status = 5.7.1000\n", 5, 10, "expected enhanced codes" },
	{ PATTERN "tags = A*B*C\n", 5, 8, "expected tags such as TSS04" },
	{ PATTERN "tags = TSS04 (x)\n", 5, 14, "expected tags such as TSS04" },
	{ PATTERN "tags = 12345\n", 5, 8, "folded as a number or an id" },
	{ PATTERN "text = ok so |\n  x | 12\n", 6, 7, "expected letters too" },
	{ PATTERN "matches = a(b\n", 5, 14, "bad regular expression" },
	{ PATTERN "common = maybe\n", 5, 10, "expected yes or no" },
	{ PATTERN "weak = 1\n", 5, 8, "expected yes or no" },
	{ "[acme.x]\nreason = spam\n", 2, 10, "there is no reason \"spam\"" },
	{ PATTERN "source = http://x\n", 5, 10, "expected a URL" },
	{ PATTERN "checked = 2026-02-30\n", 5, 11, "expected a date" },
	{ PATTERN "hosts = a\n", 5, 1, "unknown key \"hosts\"" },
};

static void
a_bad_pack_is_refused_with_its_place_and_leaves_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct bounces *b = empty();
		struct pack_error e = { .line = 0 };
		char text[1024] = PACK;

		(void)strncat(text, errors[i].text,
		    sizeof(text) - strlen(text) - 1);
		assert_int_equal(bounces_add_pack(b, SLICE_LIT("a.bounces"),
				     slice_str(text), &e),
		    RC_INVALID);
		if (e.line != PACK_LINES + errors[i].line ||
		    e.column != errors[i].column ||
		    slice_find(e.what, slice_str(errors[i].what)) == SIZE_MAX)
			fail_msg("%s%zu:%zu: %.*s", errors[i].text,
			    e.line - PACK_LINES, e.column, SLICE_FMT(e.what));
		assert_int_equal(b->n_patterns, 0);
		assert_int_equal(b->n_providers, 1);
		bounces_close(&b);
	}
}

static void
a_refused_pack_leaves_the_patterns_of_others(void **state)
{
	struct bounces *b = empty();
	struct pack_error e;

	(void)state;
	must_add(b, PACK PATTERN "text = x y\n");
	assert_int_equal(bounces_add_pack(b, SLICE_LIT("b.bounces"),
			     SLICE_LIT(PACK
				 "[acme.y]\ntitle = T\nfix = F\nreason = spf\n"
				 "reply = 550\n[acme.z]\n"),
			     &e),
	    RC_INVALID);
	assert_int_equal(b->n_patterns, 1);
	assert_int_equal(bounces_provider(b, SLICE_LIT("acme"))->n_patterns, 1);
	bounces_close(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_keys_are_read),
		cmocka_unit_test(what_a_pattern_lacks_is_the_packs),
		cmocka_unit_test(codes_are_compared_part_by_part),
		cmocka_unit_test(a_tag_may_leave_out_a_part),
		cmocka_unit_test(
		    a_bad_pack_is_refused_with_its_place_and_leaves_nothing),
		cmocka_unit_test(a_refused_pack_leaves_the_patterns_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
