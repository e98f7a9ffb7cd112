#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "check_harness.h"
#include "checks/table.h"
#include "mail_signer.h"
#include "rules/rules.h"
#include "with_arena.h"

WITH_ARENA(4 << 20, 4096)

/*
 * One fault of a message each, all else being right: which problem it is, and
 * which rules of the built-in packs about unsubscribing fail of it.
 */

#define URL     "https://example.com/u?t=Zk3uQ9"
#define LIST    "List-Unsubscribe: <" URL ">, <mailto:u@example.com>\r\n"
#define POST_   "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
#define ONLY(x) "List-Unsubscribe: " x "\r\n" POST_
#define BOTH    "From:List-Unsubscribe:List-Unsubscribe-Post"
#define LINK    "Unsubscribe: https://example.com/out\r\n"

struct fault {
	const char *title;
	const char *fields;      /* NULL: LIST POST_ */
	const char *names;       /* h=; NULL: BOTH; "": no signature */
	const char *domain;      /* d=; NULL: example.com */
	const char *body;        /* NULL: LINK */
	const char *signed_body; /* NULL: the same */
	const char *codes;       /* without "unsubscribe." */
	const char *gmail, *yahoo, *standards; /* without "PROVIDER.unsub." */
	const char *gaps;
};

static const struct fault faults[] = {
	{ .title = "none", .codes = "" },
	{ .title = "neither field",
	    .fields = "",
	    .names = "From",
	    .codes = "missing",
	    .gmail = "oneclick",
	    .yahoo = "header" },
	{ .title = "no Post field",
	    .fields = LIST,
	    .codes = "post-missing",
	    .gmail = "oneclick",
	    .yahoo = "oneclick" },
	{ .title = "a Post field alone",
	    .fields = POST_,
	    .codes = "missing post-alone",
	    .gmail = "oneclick",
	    .yahoo = "header" },
	{ .title = "another value",
	    .fields = LIST "List-Unsubscribe-Post: One-Click\r\n",
	    .codes = "post-value",
	    .gmail = "oneclick",
	    .yahoo = "oneclick" },
	{ .title = "another case",
	    .fields =
		LIST "List-Unsubscribe-Post: List-Unsubscribe=one-click\r\n",
	    .codes = "post-value",
	    .gmail = "oneclick",
	    .yahoo = "oneclick" },
	{ .title = "text behind the value",
	    .fields = LIST
	    "List-Unsubscribe-Post: List-Unsubscribe=One-Click, x=y\r\n",
	    .codes = "post-value",
	    .gmail = "oneclick",
	    .yahoo = "oneclick" },
	{ .title = "two https URLs",
	    .fields = ONLY("<" URL ">, <https://example.com/2>"),
	    .codes = "several-https",
	    .gmail = "oneclick",
	    .yahoo = "oneclick" },
	{ .title = "http",
	    .fields = ONLY("<http://example.com/u>, <mailto:u@example.com>"),
	    .codes = "http no-https",
	    .gmail = "https",
	    .yahoo = "oneclick" },
	{ .title = "http alone",
	    .fields = ONLY("<http://example.com/u>"),
	    .codes = "http no-https",
	    .gmail = "https",
	    .yahoo = "header" },
	{ .title = "http beside https",
	    .fields = ONLY("<http://example.com/u>, <" URL ">"),
	    .codes = "http",
	    .gmail = "oneclick",
	    .yahoo = "oneclick" },
	{ .title = "mailto only",
	    .fields = ONLY("<mailto:u@example.com>"),
	    .codes = "no-https",
	    .gmail = "https",
	    .yahoo = "oneclick" },
	{ .title = "the list field twice",
	    .fields = LIST LIST POST_,
	    .codes = "duplicate-header half-signed",
	    .gmail = "oneclick",
	    .yahoo = "oneclick",
	    .standards = "syntax" },
	{ .title = "the Post field twice",
	    .fields = LIST POST_ POST_,
	    .codes = "duplicate-header half-signed",
	    .gmail = "oneclick",
	    .yahoo = "oneclick",
	    .standards = "syntax" },
	{ .title = "no brackets",
	    .fields = ONLY(URL),
	    .codes = "no-brackets no-https",
	    .gmail = "https",
	    .yahoo = "header",
	    .standards = "syntax" },
	{ .title = "a next line without its blank",
	    .fields = "List-Unsubscribe: <https://example.com/\r\n"
		      "u?t=Zk3uQ9>\r\n" POST_,
	    .codes = "unclosed no-https",
	    .gmail = "https",
	    .yahoo = "header",
	    .standards = "syntax" },
	{ .title = "folded within the URL",
	    .fields = "List-Unsubscribe: <https://example.com/u\r\n"
		      " ?t=Zk3uQ9>\r\n" POST_,
	    .codes = "space-in-uri",
	    .standards = "syntax" },
	{ .title = "an encoded word",
	    .fields = ONLY("=?utf-8?q?=3Chttps=3A//example.com/u=3E?="),
	    .codes = "encoded-word no-brackets no-https",
	    .gmail = "https",
	    .yahoo = "header",
	    .standards = "syntax" },
	{ .title = "a comment",
	    .fields = ONLY("(web) <" URL ">"),
	    .codes = "comment-ignored",
	    .standards = "syntax" },
	{ .title = "text after a URI",
	    .fields = ONLY("<mailto:u@example.com> or <" URL ">"),
	    .codes = "trailing-text no-https",
	    .gmail = "https",
	    .yahoo = "oneclick",
	    .standards = "syntax" },
	{ .title = "a private host",
	    .fields = ONLY("<https://lists.local/u?t=Zk3uQ9>"),
	    .codes = "private-host",
	    .gmail = "https" },
	{ .title = "a private address",
	    .fields = ONLY("<https://192.168.1.2/u?t=Zk3uQ9>"),
	    .codes = "private-host",
	    .gmail = "https" },
	{ .title = "an address",
	    .fields = ONLY("<https://8.8.4.4/u?t=Zk3uQ9>"),
	    .codes = "ip-host",
	    .standards = "url" },
	{ .title = "a user name",
	    .fields = ONLY("<https://u:p@example.com/u?t=Zk3uQ9>"),
	    .codes = "userinfo",
	    .gmail = "https" },
	{ .title = "a port",
	    .fields = ONLY("<https://example.com:8443/u?t=Zk3uQ9>"),
	    .codes = "port",
	    .standards = "url" },
	{ .title = "a fragment",
	    .fields = ONLY("<" URL "#now>"),
	    .codes = "fragment",
	    .standards = "url" },
	{ .title = "no token",
	    .fields = ONLY("<https://example.com/unsubscribe>"),
	    .codes = "no-token",
	    .gmail = "token" },
	{ .title = "no signature",
	    .names = "",
	    .codes = "not-signed",
	    .gmail = "signed",
	    .yahoo = "signed" },
	{ .title = "a signature that covers neither",
	    .names = "From:Subject",
	    .codes = "not-signed",
	    .gmail = "signed",
	    .yahoo = "signed" },
	{ .title = "a signature that covers one",
	    .names = "From:List-Unsubscribe",
	    .codes = "half-signed",
	    .gmail = "signed",
	    .yahoo = "signed" },
	{ .title = "a signature that fails",
	    .signed_body = "What it was before\r\n",
	    .codes = "signature-fails",
	    .gmail = "signed",
	    .yahoo = "signed" },
	{ .title = "a signature of somebody else",
	    .domain = "esp.test",
	    .codes = "unaligned-signature",
	    .standards = "aligned" },
	{ .title = "a key that is lost",
	    .domain = "lost.test",
	    .codes = "",
	    .gaps = "dkim_covers dkim_covers_aligned one_click" },
	{ .title = "no link in the body",
	    .body = "News\r\n",
	    .codes = "body-missing",
	    .gmail = "body",
	    .yahoo = "body" },
};

/* ---- what comes of it -------------------------------------------------- */

static const char walks[] =
    FOUND("_dmarc.example.com", "TXT", TXT("v=DMARC1; p=none"))
	NXDOMAIN("_dmarc.com", "TXT") NXDOMAIN("_dmarc.esp.test", "TXT")
	    NXDOMAIN("_dmarc.lost.test", "TXT") NXDOMAIN("_dmarc.test", "TXT");

static json_t *
facts_of(const struct fault *f, struct scene *scene)
{
	struct signing how = { .canon = "simple/simple",
		.names = f->names != NULL ? f->names : BOTH,
		.domain = f->domain != NULL ? f->domain : "example.com",
		.body = f->signed_body };
	const char *body = f->body != NULL ? f->body : LINK;
	const char *header = arena_printf(arena, "From: a@example.com\r\n%s",
	    f->fields != NULL ? f->fields : LIST POST_);

	*scene = (struct scene){ .title = f->title };
	scene->message = *how.names != '\0'
			     ? mail_sign(arena, &how, header, body)
			     : arena_printf(arena, "%s\r\n%s", header, body);
	scene->recording = arena_printf(arena,
	    "%s" FOUND("s._domainkey.example.com", "TXT", TXT("p=%s"))
		FOUND("s._domainkey.esp.test", "TXT", TXT("p=%s"))
		    TIMEOUT("s._domainkey.lost.test", "TXT"),
	    walks, signer_public(SIGNER_RSA), signer_public(SIGNER_RSA));
	return scene_facts(&check_unsubscribe, scene);
}

static void
check_codes(const struct fault *f, json_t *facts)
{
	json_t *list = json_object_get(facts, "problems");
	struct buf got;

	buf_init(&got, 4096);
	for (size_t i = 0; i < json_array_size(list); i++)
		buf_printf(&got, "%s%s", i > 0 ? " " : "",
		    json_string_value(
			json_object_get(json_array_get(list, i), "code")) +
			strlen("unsubscribe."));
	if (!slice_eq(buf_slice(&got), slice_str(f->codes)))
		fail_msg("%s: \"%.*s\"", f->title, SLICE_FMT(buf_slice(&got)));
	buf_free(&got);
}

static bool
fails(const struct rule *x, const json_t *facts)
{
	if (x->when != NULL && expr_eval(x->when, facts, NULL) != TRUTH_TRUE)
		return false;
	/* What only its sender can tell has nothing to be measured by. */
	return x->require != NULL &&
	       expr_eval(x->require, facts, NULL) == TRUTH_FALSE;
}

/* Those of a provider that fail, and that their reason has no hole in it. */
static void
check_rules(const struct fault *f, const struct rules *rules,
    const json_t *facts, const char *provider, const char *want)
{
	struct slice prefix = arena_slicef(arena, "%s.unsub.", provider);
	struct buf got, why;

	buf_init(&got, 4096);
	buf_init(&why, 1 << 20);
	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *x = rules->rules[i];

		if (!slice_starts(x->id, prefix) || !fails(x, facts))
			continue;
		buf_printf(&got, "%s%.*s", got.n > 0 ? " " : "",
		    SLICE_FMT(slice_from(x->id, prefix.n)));
		buf_reset(&why);
		template_expand(x->why, facts, &why);
		if (slice_find(buf_slice(&why), SLICE_LIT("nothing.")) !=
			SIZE_MAX ||
		    slice_find(buf_slice(&why), SLICE_LIT("(not known)")) !=
			SIZE_MAX)
			fail_msg("%s: %.*s: %.*s", f->title, SLICE_FMT(x->id),
			    SLICE_FMT(buf_slice(&why)));
	}
	if (!slice_eq(buf_slice(&got), slice_str(want != NULL ? want : "")))
		fail_msg("%s: %s: \"%.*s\"", f->title, provider,
		    SLICE_FMT(buf_slice(&got)));
	buf_free(&got);
	buf_free(&why);
}

static int
load(void **state)
{
	struct rules *r = NULL;
	struct pack_error e;

	if (setup(state) != 0 || rules_new(&r) != RC_OK)
		return -1;
	for (const struct builtin_pack *p = builtin_packs; p->name != NULL; p++)
		if (rules_add_pack(r, slice_str(p->name),
			slice_of(p->text, p->size), NULL, &e) != RC_OK)
			return -1;
	*state = r;
	return 0;
}

static int
unload(void **state)
{
	struct rules *r = *state;

	rules_close(&r);
	signer_close();
	return teardown(state);
}

static void
each_fault_fails_the_rule_that_mends_it(void **state)
{
	const struct rules *rules = *state;

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		const struct fault *f = &faults[i];
		struct scene scene;
		json_t *facts, *all;
		bool click;

		arena_reset(arena);
		facts = facts_of(f, &scene);
		check_codes(f, facts);
		click = json_is_true(json_object_get(facts, "one_click"));
		if (click && f->gmail != NULL &&
		    strcmp(f->gmail, "https") != 0 &&
		    strcmp(f->gmail, "token") != 0 &&
		    strcmp(f->gmail, "body") != 0)
			fail_msg("%s: one click", f->title);
		if (f->gaps != NULL)
			assert_null(json_object_get(facts, "one_click"));
		all = json_pack("{s:o}", "unsubscribe", facts);
		check_rules(f, rules, all, "gmail", f->gmail);
		check_rules(f, rules, all, "yahoo", f->yahoo);
		check_rules(f, rules, all, "standards", f->standards);
		json_decref(all);
	}
}

/* Less is said when an answer is lost, and never another thing. */
static void
what_is_lost_is_not_held_against_it(void **state)
{
	static const char *const domains[] = { "example.com", "esp.test" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fault f = { .title = domains[i], .domain = domains[i] };
		struct scene scene;

		arena_reset(arena);
		json_decref(facts_of(&f, &scene));
		scene.gaps = "endpoint skipped";
		scene.facts[0] = (struct expected_fact){ "one_click", "true" };
		scene.facts[1] =
		    (struct expected_fact){ "dkim_covers", "true" };
		scene.facts[2] = (struct expected_fact){ "dkim_covers_aligned",
			i == 0 ? "true" : "false" };
		scene_play(&check_unsubscribe, &scene);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_fails_the_rule_that_mends_it),
		cmocka_unit_test(what_is_lost_is_not_held_against_it),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
