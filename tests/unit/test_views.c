#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/views/view_parts.h"
#include "base/escape.h"

static const char *const documents[] = { "compliant", "failures", "unknown",
	"hostile", "ten_domains", "long_names", "spf_trace", "spf_tree", "hops",
	"message", "postmaster", "diff", "diff_hostile", "questions", "changes",
	"hostile_changes", "bounces", "bounces_hostile", "bounces_diff" };

enum { N_DOCUMENTS = sizeof(documents) / sizeof(documents[0]) };

static json_t *
document(const char *name)
{
	const char *top = getenv("top_srcdir");
	json_error_t error;
	char path[4096];
	json_t *d;

	(void)snprintf(path, sizeof(path), "%s/tests/cases/views/%s.json",
	    top != NULL ? top : "..", name);
	d = json_load_file(path, 0, &error);
	assert_non_null(d);
	return d;
}

static enum rc
begin(struct view_run *run, const struct view *view, struct view_look look,
    const json_t *header)
{
	struct view_wishes want = { .view = view,
		.look = look,
		.header = header };

	(void)document_of_schema(view_text_of(header, "schema"),
	    &want.document);
	return view_begin(run, &want);
}

/* Renders a copy of the document; the text ends with a NUL. */
static void
render(const char *name, const struct view *view, struct view_look look,
    struct buf *out)
{
	json_t *d = document(name), *audits, *audit;
	struct view_run run;
	size_t i;

	audits = json_incref(json_object_get(d, "audits"));
	(void)json_object_del(d, "audits");
	look.many = json_array_size(audits) > 1;
	buf_init(out, 16 << 20);
	assert_int_equal(begin(&run, view, look, d), RC_OK);
	json_array_foreach(audits, i, audit)
	{
		assert_int_equal(view_item(&run, audit), RC_OK);
		buf_add(out, buf_slice(&run.out));
		buf_reset(&run.out);
	}
	assert_int_equal(view_end(&run), RC_OK);
	buf_add(out, buf_slice(&run.out));
	buf_add(out, slice_of("", 1));
	out->n--;
	view_close(&run);
	json_decref(audits);
	json_decref(d);
}

static bool
holds(const struct buf *b, const char *what)
{
	return slice_find(buf_slice(b), slice_str(what)) != SIZE_MAX;
}

static const struct view *
named(enum format f)
{
	return view_find(f, "-");
}

static size_t
columns(struct slice s)
{
	size_t n, all = 0;

	for (; s.n > 0; s = slice_from(s, n))
		all += (size_t)utf8_width(utf8_next(s, &n));
	return all;
}

/* Records, links and rule ids are there to be copied, and are not wrapped. */
static bool
may_be_long(struct slice line)
{
	return slice_find(line, SLICE_LIT(" IN ")) != SIZE_MAX ||
	       slice_find(line, SLICE_LIT("://")) != SIZE_MAX ||
	       (line.n > 0 && line.p[0] == '[') ||
	       (line.n > 0 && line.p[0] != ' ' &&
		   slice_find(line, SLICE_LIT(": ")) != SIZE_MAX);
}

static void
text_keeps_to_its_width(void **state)
{
	static const unsigned int widths[] = { 40, 61, 80, 100 };
	struct slice rest, line;
	struct buf out;

	(void)state;
	for (size_t i = 0; i < N_DOCUMENTS * 4; i++) {
		unsigned int width = widths[i / N_DOCUMENTS];

		render(documents[i % N_DOCUMENTS], named(FORMAT_TEXT),
		    (struct view_look){ .width = width, .unicode = true },
		    &out);
		rest = buf_slice(&out);
		while (slice_line(&rest, &line)) {
			if (columns(line) > width && !may_be_long(line))
				fail_msg("%s at %u: %.*s",
				    documents[i % N_DOCUMENTS], width,
				    SLICE_FMT(line));
		}
		buf_free(&out);
	}
}

/* False: the view has nothing for such a document. */
static bool
shows(const struct view *view, const char *name)
{
	json_t *d = document(name);
	enum document kind;

	assert_true(document_of_schema(view_text_of(d, "schema"), &kind));
	json_decref(d);
	return view->of[kind] != NULL;
}

static void
expect_no_control(const struct view *view, const char *name)
{
	/* Fields of CSV keep the lines of their texts, and so do pages. */
	const char *lines = view->format == FORMAT_CSV    ? "\r\n\t"
			    : view->format == FORMAT_HTML ? "\n\t"
							  : "\n";
	struct slice rest;
	struct buf out;
	size_t n;

	render(name, view, (struct view_look){ .unicode = true }, &out);
	assert_true(out.n > 0);
	rest = buf_slice(&out);
	for (; rest.n > 0; rest = slice_from(rest, n)) {
		uint32_t c = utf8_next(rest, &n);

		assert_true(
		    c >= 0x20 || (c != 0 && strchr(lines, (int)c) != NULL));
		assert_false(c >= 0x7F && c < 0xA0);
		assert_false(c >= 0x202A && c <= 0x202E);
		assert_false(c >= 0x2066 && c <= 0x2069);
		assert_false(c >= 0xE0000 && c != UINT32_MAX);
		assert_int_not_equal(c, 0x200B);
		assert_int_not_equal(c, UINT32_MAX);
	}
	buf_free(&out);
}

static void
without_colour_no_view_sends_a_control(void **state)
{
	(void)state;
	for (const struct view *v = views; v->name != NULL; v++) {
		for (size_t i = 0; i < N_DOCUMENTS; i++) {
			if (!v->binary && shows(v, documents[i]))
				expect_no_control(v, documents[i]);
		}
	}
}

static void
colour_is_all_that_colour_adds(void **state)
{
	struct buf plain, colored, stripped;

	(void)state;
	for (size_t i = 0; i < N_DOCUMENTS; i++) {
		bool skip = false;

		render(documents[i], named(FORMAT_TEXT),
		    (struct view_look){ .unicode = true }, &plain);
		render(documents[i], named(FORMAT_TEXT),
		    (struct view_look){ .unicode = true, .color = true },
		    &colored);
		buf_init(&stripped, 16 << 20);
		for (size_t k = 0; k < colored.n; k++) {
			char c = (char)colored.p[k];

			if (c == '\033')
				skip = true;
			else if (!skip)
				buf_add_char(&stripped, c);
			else if (c == 'm')
				skip = false;
		}
		assert_true(slice_eq(buf_slice(&stripped), buf_slice(&plain)));
		assert_true(colored.n > plain.n);
		buf_free(&stripped);
		buf_free(&colored);
		buf_free(&plain);
	}
}

static void
without_unicode_all_is_ascii(void **state)
{
	struct buf out;

	(void)state;
	for (size_t i = 0; i < N_DOCUMENTS; i++) {
		render(documents[i], named(FORMAT_TEXT),
		    (struct view_look){ .unicode = false }, &out);
		for (size_t k = 0; k < out.n; k++)
			assert_true(out.p[k] < 0x7F);
		buf_free(&out);
	}
}

static void
json_says_what_the_document_says(void **state)
{
	struct buf out;

	(void)state;
	for (size_t i = 0; i < N_DOCUMENTS; i++) {
		json_t *want = document(documents[i]), *got;

		render(documents[i], named(FORMAT_JSON),
		    (struct view_look){ 0 }, &out);
		got = json_loadb((const char *)out.p, out.n, 0, NULL);
		assert_non_null(got);
		assert_true(json_equal(want, got));
		json_decref(got);
		json_decref(want);
		buf_free(&out);
	}
}

static void
each_line_of_jsonl_is_an_audit_with_its_schema(void **state)
{
	json_t *want = document("ten_domains"), *got;
	struct slice rest, line;
	struct buf out;
	size_t n = 0;

	(void)state;
	render("ten_domains", named(FORMAT_JSONL), (struct view_look){ 0 },
	    &out);
	rest = buf_slice(&out);
	while (slice_line(&rest, &line)) {
		got = json_loadb((const char *)line.p, line.n, 0, NULL);
		assert_true(slice_starts(line, SLICE_LIT("{\"schema\":")));
		assert_string_equal(view_text_of(got, "schema"),
		    "presend.audit/1");
		assert_string_equal(view_text_of(got, "as_of"),
		    "2026-11-21T00:00:00Z");
		(void)json_object_del(got, "schema");
		(void)json_object_del(got, "as_of");
		assert_true(json_equal(got,
		    json_array_get(json_object_get(want, "audits"), n++)));
		json_decref(got);
	}
	assert_int_equal(n, 10);
	json_decref(want);
	buf_free(&out);
}

static void
a_document_without_audits_is_json(void **state)
{
	json_t *header = json_pack("{s:s}", "schema", "presend.audit/1"), *got;
	struct view_look look = { 0 };
	struct view_run run;

	(void)state;
	assert_int_equal(begin(&run, named(FORMAT_JSON), look, header), RC_OK);
	assert_int_equal(view_end(&run), RC_OK);
	got = json_loadb((const char *)run.out.p, run.out.n, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(got, "audits")), 0);
	assert_true(json_is_array(json_object_get(got, "audits")));
	json_decref(got);
	view_close(&run);
	json_decref(header);
}

static void
one_deed_for_two_providers_is_said_once(void **state)
{
	struct arena *a = arena_new(1 << 20, 4096);
	json_t *d = document("failures");
	const json_t *audit = json_array_get(json_object_get(d, "audits"), 0);
	struct findings all;

	(void)state;
	findings_gather(a, audit, false, &all);
	assert_int_equal(all.n, 5);
	assert_string_equal(view_text_of(all.list[0].results[0], "rule"),
	    "gmail.auth.spf");
	assert_int_equal(all.list[1].n, 2);
	/* For Yahoo it is the spam folder, for Gmail only mitigation. */
	assert_int_equal(all.list[2].n, 2);
	assert_string_equal(view_text_of(all.list[2].results[0], "rule"),
	    "yahoo.dmarc.record");
	assert_string_equal(view_text_of(all.list[4].results[0], "rule"),
	    "gmail.dkim.keysize2048");
	findings_gather(a, audit, true, &all);
	assert_int_equal(all.n, 2);
	json_decref(d);
	arena_free(a);
}

static void
spf_is_explained_once(void **state)
{
	static const char *const lines[] = {
		"How SPF comes to softfail for 203.0.113.25; in front, the "
		"lookups so far:\n",
		"\n     1    include:_spf.mailroom.example -> softfail, so no "
		"match\n",
		"\n            ~all -> matches: softfail\n",
		"\n     2    mx -> shop.example MX: 10 mx1.shop.example -> no "
		"match\n",
		"\n     3    a:old.shop.example -> old.shop.example A: nothing "
		"there -> no match\n            (void lookup 1)\n",
		"ok.shop.example A: no\n            answer (timeout) -> no "
		"match\n",
		"\n          ~all -> matches: softfail\n",
	};
	struct buf out;

	(void)state;
	render("spf_trace", named(FORMAT_TEXT), (struct view_look){ 0 }, &out);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!holds(&out, lines[i]))
			fail_msg("%s is not in\n%s", lines[i], out.p);
	buf_free(&out);
}

static void
too_many_lookups_show_the_tree(void **state)
{
	struct buf out;

	(void)state;
	render("spf_tree", named(FORMAT_TEXT), (struct view_look){ 0 }, &out);
	assert_true(holds(&out, "\n    62  the record of shop.example\n"
				"    10    include:_spf0.mailroom.example\n"
				"     1      a:host0.mailroom.example\n"));
	assert_true(holds(&out, "     1      a:host8.mailroom.example (void)"));
	assert_true(holds(&out, "\n        ... 16 more, which"));
	assert_true(holds(&out, "\n     1    mx\n"));
	assert_false(holds(&out, "ip4:192.0.2.0/24"));
	assert_false(holds(&out, "How SPF comes"));
	buf_free(&out);
}

/* Errors first; what a finding says, and what advice says, once only. */
static void
the_sample_is_shown_by_line_and_column(void **state)
{
	struct buf out;

	(void)state;
	render("message", named(FORMAT_TEXT), (struct view_look){ 0 }, &out);
	assert_true(holds(&out,
	    "\nWHAT ELSE IS WRONG WITH THE SAMPLE\n"
	    "  9:4       X-\\u{1B}[31m (error): \\u{1B}]0;title\\u{7} and "
	    "\\u{202E} turned (7\n            times). Mend \\u{1B}[0m it.\n"
	    "  4:18      Message-ID: "));
	assert_true(
	    holds(&out, "\n  7:11      To: The name has a dot in it and "
			"no double quotes around it; it must\n"
			"            have them. Write the address"));
	assert_true(holds(&out, "Line 6, Subject: The field is there again"));
	assert_false(holds(&out, "  6:1 "));
	assert_false(holds(&out, "standards.format.advice"));
	assert_false(holds(&out, "  -  "));
	buf_free(&out);
}

static void
the_way_of_the_message_is_a_table(void **state)
{
	struct buf out;

	(void)state;
	render("hops", named(FORMAT_TEXT), (struct view_look){ 0 }, &out);
	assert_true(holds(&out,
	    "\n ! 2   -45m0s  mail.example.com      AM6EUR05FT..tlook.com MS "
	    "SMTP no   18:10:30\n               192.0.2.1\n"));
	assert_true(holds(&out,
	    "\n>  4   6s      EUR05-DB8-..tlook.com mx.google.com         "
	    "ESMTPS  1.3  18:50:40\n"));
	assert_true(holds(&out, "\n>  marks the delivery to google.com, sent "
				"from 40.107.20.84, HELO\n"));
	assert_true(holds(&out, "\n ! pass       fail       spf "
				"example.com\n ! pass"));
	/* What the advice has said is not said again. */
	assert_true(holds(&out, "is dated 45 min before hop"));
	assert_false(holds(&out, " ! hop"));
	buf_free(&out);
	render("hops", named(FORMAT_TEXT), (struct view_look){ .width = 60 },
	    &out);
	assert_true(holds(&out, "\n ! 1   app.example.com [198.51.100.9] to "
				"mail.example.com,\n       ESMTP, no TLS, at "
				"18:55:30\n"));
	buf_free(&out);
}

static size_t
offset(const struct buf *b, const char *text)
{
	size_t at = slice_find(buf_slice(b), slice_str(text));

	if (at == SIZE_MAX)
		fail_msg("%s is not in\n%s", text, b->p);
	return at;
}

static void
a_comparison_leads_with_what_got_worse_and_why(void **state)
{
	/* In this order. */
	static const char *const parts[] = {
		"\nexample.com, news.eml\n"
		"  Gmail     COMPLIANT, now NON-COMPLIANT\n",
		"\nWHAT GOT WORSE\n\n"
		" 1  Let every sending IP pass SPF\n"
		"    Gmail     pass, now fail (must)\n"
		"    Yahoo     pass, now fail (must)\n\n"
		"    SPF gives fail for example.com: \"-all\"",
		"\n\nexample.com. IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n\n"
		"    What changed:\n    spf.record\n"
		"      before  v=spf1 ip4:192.0.2.1 -all\n"
		"      now     v=spf1 include:_spf.esp.example -all\n",
		"\n 2  Align the From domain",
		"dkim.keys[domain=example.com,selector=s1].record\n"
		"      before  v=DKIM1; p=abc\n      now     (nothing)\n",
		"\n 3  Send mail over TLS\n"
		"    Gmail     pass, now unknown (must)\n",
		"\n 4  Let the EHLO name pass SPF too\n",
		"\nWHAT IS AUDITED IS ANOTHER\n    message.subject\n",
		"\nWHAT GOT BETTER\n  - Give sending IPs",
		"\nWHAT IS OTHERWISE NOW\n  - Send complete HTML\n"
		"    Gmail     pass, now unknown (should)\n",
		"\n1 rule is judged in the newer document only, of which 1 "
		"fails;",
		"\nWHAT ELSE CHANGED\n    ptr.ips[ip=192.0.2.1].names\n"
		"      before  (empty)\n      now     mail.example.com\n",
		"\nnew.example: only in the newer document\n",
		"\ngone.example: only in the older document\n",
		"\n5 worse, 1 better; audits: 1 changed, 1 the same,",
	};
	size_t at = 0, next;
	struct buf out;

	(void)state;
	render("diff", named(FORMAT_TEXT), (struct view_look){ 0 }, &out);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		next = offset(&out, parts[i]);
		assert_true(next >= at);
		at = next;
	}
	assert_false(holds(&out, "sha256"));
	assert_false(holds(&out, "same.example"));
	buf_free(&out);
	render("diff", named(FORMAT_TEXT), (struct view_look){ .quiet = true },
	    &out);
	assert_string_equal((const char *)out.p,
	    "example.com  5 worse, 1 better\n"
	    "new.example  0 worse, 0 better, added\n"
	    "new2.example  0 worse, 0 better, added\n"
	    "gone.example  0 worse, 0 better, removed\n"
	    "5 worse, 1 better; audits: 1 changed, 1 the same, 2 only in the "
	    "newer, 1 only in\nthe older\n");
	buf_free(&out);
}

static void
questions_are_lines_to_be_copied(void **state)
{
	struct buf out;

	(void)state;
	render("questions", named(FORMAT_TEXT),
	    (struct view_look){ .unicode = true }, &out);
	assert_true(holds(&out,
	    "\n\n[attest]\nby = ?\ndate = ?\n"
	    "\n# Is everybody who unsubscribes taken off all lists of the kind "
	    "within 48 hours,\n# at weekends and during campaigns that are "
	    "already going out too?\n[gmail.unsub.honoured]\nanswer = ?\n"));
	assert_true(holds(&out, "\n[yahoo.tls.outgoing]\nanswer = ?\n"));
	assert_false(holds(&out, "[standards.asked]"));
	assert_true(holds(&out,
	    "\nATTESTED, NOT MEASURED\n"
	    "  - Honour unsubscribes within two days (Yahoo): yes, by Ann "
	    "Example, list\n    manager on 2026-01-05: The platform does it at "
	    "once; see ticket 1234.\n"
	    "    That was over 180 days before this audit: ask again.\n"
	    "  - Send to those who asked for it (Yahoo): no, by Ann Example on "
	    "2026-11-20\n"));
	/* A sample would settle that one too. */
	assert_true(holds(&out,
	    "No sample message was given, and only one tells:\n    Send over "
	    "TLS\n    Do:"));
	buf_free(&out);
}

static void
googles_verdicts_stand_beside_ours(void **state)
{
	struct buf out;

	(void)state;
	render("postmaster", named(FORMAT_TEXT), (struct view_look){ 0 }, &out);
	assert_true(
	    holds(&out, "\nWHAT GOOGLE SAYS, AND WHAT WE SAY\n"
			"   Google       We           Of\n"
			"   compliant    pass         SPF\n"
			" ! needs work   pass         DKIM\n"
			"     Google looks at all mail of example.com"));
	assert_true(holds(&out, "\n   -            -            "
				"HONOR_UNSUBSCRIBE\n\n"
				"   Reported as spam: 0.05 %, 0.31 % at worst, "
				"of 27 days\n"
				"   Passed SPF: 99.9 %, 98 % at worst, of 27 "
				"days\n"
				"   Rejected, low_domain_reputation: 2 %, "
				"7.25 % at worst, of 27 days\n"
				"   Put off, other: 0.5 %"));
	buf_free(&out);
	render("compliant", named(FORMAT_TEXT), (struct view_look){ 0 }, &out);
	assert_false(holds(&out, "WHAT GOOGLE SAYS"));
	buf_free(&out);
}

static void
text_leads_with_the_verdicts(void **state)
{
	struct buf out;

	(void)state;
	render("failures", named(FORMAT_TEXT),
	    (struct view_look){ .quiet = true }, &out);
	assert_string_equal((const char *)out.p,
	    "example.com  Gmail     NON-COMPLIANT   4 of 11 requirements not "
	    "met; 1 recommendation not met; 1 not known\n"
	    "example.com  Yahoo     NON-COMPLIANT   2 of 7 requirements not "
	    "met\n");
	buf_free(&out);
	render("compliant", named(FORMAT_TEXT), (struct view_look){ 0 }, &out);
	assert_true(holds(&out, "COMPLIANT       all 10 requirements met"));
	assert_true(holds(&out, "Nothing fails"));
	buf_free(&out);
	render("unknown", named(FORMAT_TEXT), (struct view_look){ 0 }, &out);
	assert_true(holds(&out, "INCOMPLETE"));
	assert_true(holds(&out, "-m FILE"));
	buf_free(&out);
}

static void
what_follows_of_a_failure_leads(void **state)
{
	static const char *const lines[] = {
		"\n  Gmail     WILL REJECT     for 2 of 16 requirements; 1 more "
		"costs mitigation; 1\n                            more has no "
		"stated penalty; 5 not known\n",
		"\n  Yahoo     WILL REJECT     for 1 of 14 requirements; 2 more "
		"lead to the spam\n",
		"\n  35 of 35 rules of Gmail were last compared with what it "
		"publishes over 180\n  days before, the oldest on 2026-07-02 "
		"(303 days): they may have changed since.\n",
		"\nWHAT TO CHANGE, IN THIS ORDER\n"
		"  So that mail is not rejected:\n"
		"   1  Sign with DKIM, so that it passes (Gmail, Yahoo)\n"
		"   2  Send mail over TLS (Gmail)\n"
		"  So that it does not go to the spam folder:\n"
		"   3  Put a working List-Unsubscribe into marketing mail "
		"(Yahoo, Gmail)\n"
		"   4  Show an unsubscribe link in the body (Yahoo, Gmail); "
		"then no must fails at\n      Yahoo, Gmail\n",
		"\n 3  Put a working List-Unsubscribe into marketing mail\n"
		"    Yahoo     puts such mail into the spam folder (must)\n"
		"    Gmail     gives no help when mail is blocked (must)\n",
		"\n    Note: The FAQ asks for TLS of bulk senders only, the "
		"guidelines of all;\n    taken is: of all.\n",
		"\nVerdict         Gmail     NON-COMPLIANT\n",
	};
	struct buf out;

	(void)state;
	render("changes", named(FORMAT_TEXT),
	    (struct view_look){ .unicode = true }, &out);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!holds(&out, lines[i]))
			fail_msg("%zu is missing in:\n%s", i,
			    (const char *)out.p);
	}
	buf_free(&out);
}

static void
what_no_change_mends_is_shown_all_the_same(void **state)
{
	struct buf out;

	(void)state;
	render("hostile_changes", named(FORMAT_TEXT), (struct view_look){ 0 },
	    &out);
	assert_true(holds(&out, "  Not in any change\n"));
	assert_false(holds(&out, "nobody"));
	buf_free(&out);
}

static void
what_costs_help_is_not_painted_like_what_is_rejected(void **state)
{
	static const struct {
		const char *consequence, *head;
		enum style style;
	} rows[] = {
		{ "reject", "WILL REJECT", STYLE_BAD },
		{ "spam", "SPAM FOLDER", STYLE_BAD },
		{ "mitigation", "NO MITIGATION", STYLE_OPEN },
		{ "advice", "NON-COMPLIANT", STYLE_OPEN },
		{ "unheard", "NON-COMPLIANT", STYLE_BAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *v = json_pack("{s:s, s:s, s:{s:i, s:i}, s:{s:{s:i}}}",
		    "provider", "p", "verdict", "non-compliant", "must", "pass",
		    7, "fail", 1, "consequences", rows[i].consequence, "must",
		    1);

		assert_string_equal(verdict_head(v), rows[i].head);
		assert_int_equal(verdict_head_style(v), rows[i].style);
		json_decref(v);
	}
}

static void
a_recommendation_says_what_may_follow(void **state)
{
	json_t *v = json_pack("{s:s, s:s, s:{s:i}, s:{s:i}, s:{s:{s:i, s:i}}}",
	    "provider", "p", "verdict", "compliant", "must", "pass", 7,
	    "should", "fail", 1, "consequences", "spam", "must", 0, "should",
	    1);
	struct buf b;

	(void)state;
	buf_init(&b, 1024);
	verdict_sentence(&b, v);
	buf_add(&b, slice_of("", 1));
	assert_string_equal((const char *)b.p,
	    "all 7 requirements met; 1 recommendation not met (mail may go to "
	    "the spam folder)");
	assert_string_equal(verdict_head(v), "COMPLIANT");
	buf_free(&b);
	json_decref(v);
}

static void
many_audits_are_a_table_with_totals(void **state)
{
	struct buf out;

	(void)state;
	render("ten_domains", named(FORMAT_TEXT), (struct view_look){ 0 },
	    &out);
	assert_true(holds(&out, "10 audits, 1 not done"));
	assert_true(holds(&out, "4 compliant, 3 non-compliant, 2 incomplete"));
	assert_true(holds(&out, "Fails"));
	assert_true(holds(&out, "     3  dmarc "));
	buf_free(&out);
}

static void
a_record_can_be_pasted(void **state)
{
	static const struct {
		const char *name, *type, *value, *want;
	} cases[] = {
		{ "_dmarc.x.example.", "TXT", "v=DMARC1; p=none",
		    "_dmarc.x.example. IN TXT \"v=DMARC1; p=none\"" },
		{ "x.example.", "TXT", "a\"b\\c\nd",
		    "x.example. IN TXT \"a\\\"b\\\\c\\010d\"" },
		{ "x.example.", "TXT", "", "x.example. IN TXT \"\"" },
		{ "1.2.0.192.in-addr.arpa.", "PTR", "m.x.example.",
		    "1.2.0.192.in-addr.arpa. IN PTR m.x.example." },
		{ "x.example.", "MX", "10 m.x.example.; evil",
		    "x.example. IN MX 10 m.x.example.\\; evil" },
		{ "List-Unsubscribe", "header", "<https://x.example/?a=1;b>",
		    "List-Unsubscribe: <https://x.example/?a=1;b>" },
		{ "X", "header", "a\r\nBcc: b", "X: a\\013\\010Bcc: b" },
	};
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *record =
		    json_pack("{s:s, s:s, s:s}", "name", cases[i].name, "type",
			cases[i].type, "value", cases[i].value);

		buf_reset(&b);
		record_print(&b, record);
		buf_add(&b, slice_of("", 1));
		assert_string_equal((const char *)b.p, cases[i].want);
		json_decref(record);
	}
	buf_free(&b);
}

static void
a_long_text_is_split_at_255_octets(void **state)
{
	char value[512 + 1], want[600];
	json_t *record;
	struct buf b;
	int n;

	(void)state;
	memset(value, 'x', 512);
	value[512] = '\0';
	n = snprintf(want, sizeof(want),
	    "d. IN TXT \"%.255s\" \"%.255s\" \"xx\"", value, value);
	assert_true(n > 0 && (size_t)n < sizeof(want));
	record = json_pack("{s:s, s:s, s:s}", "name", "d.", "type", "TXT",
	    "value", value);
	buf_init(&b, 1 << 16);
	record_print(&b, record);
	buf_add(&b, slice_of("", 1));
	assert_string_equal((const char *)b.p, want);
	buf_free(&b);
	json_decref(record);
}

static void
the_format_is_said_or_follows_the_extension(void **state)
{
	(void)state;
	assert_string_equal(view_find(FORMAT_BY_NAME, "a.json")->name, "json");
	assert_string_equal(view_find(FORMAT_BY_NAME, "a.jsonl")->name,
	    "jsonl");
	assert_string_equal(view_find(FORMAT_BY_NAME, "a.txt")->name, "text");
	assert_string_equal(view_find(FORMAT_BY_NAME, "a.b/c")->name, "text");
	assert_string_equal(view_find(FORMAT_BY_NAME, "-")->name, "text");
	assert_string_equal(view_find(FORMAT_JSON, "a.txt")->name, "json");
}

static void
an_empty_audit_is_shown_all_the_same(void **state)
{
	json_t *header = json_object(), *audit = json_object();
	struct view_look look = { 0 };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct view_run run;

		look.many = i >= 3;
		look.width = i == 2 ? 1 : 0;
		assert_int_equal(begin(&run, &views[i % 3], look, header),
		    RC_OK);
		assert_int_equal(view_item(&run, audit), RC_OK);
		assert_int_equal(view_end(&run), RC_OK);
		assert_true(run.out.n > 0);
		view_close(&run);
	}
	json_decref(audit);
	json_decref(header);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_keeps_to_its_width),
		cmocka_unit_test(without_colour_no_view_sends_a_control),
		cmocka_unit_test(colour_is_all_that_colour_adds),
		cmocka_unit_test(without_unicode_all_is_ascii),
		cmocka_unit_test(json_says_what_the_document_says),
		cmocka_unit_test(
		    each_line_of_jsonl_is_an_audit_with_its_schema),
		cmocka_unit_test(a_document_without_audits_is_json),
		cmocka_unit_test(one_deed_for_two_providers_is_said_once),
		cmocka_unit_test(spf_is_explained_once),
		cmocka_unit_test(too_many_lookups_show_the_tree),
		cmocka_unit_test(the_way_of_the_message_is_a_table),
		cmocka_unit_test(the_sample_is_shown_by_line_and_column),
		cmocka_unit_test(questions_are_lines_to_be_copied),
		cmocka_unit_test(googles_verdicts_stand_beside_ours),
		cmocka_unit_test(
		    a_comparison_leads_with_what_got_worse_and_why),
		cmocka_unit_test(text_leads_with_the_verdicts),
		cmocka_unit_test(what_follows_of_a_failure_leads),
		cmocka_unit_test(
		    what_costs_help_is_not_painted_like_what_is_rejected),
		cmocka_unit_test(what_no_change_mends_is_shown_all_the_same),
		cmocka_unit_test(a_recommendation_says_what_may_follow),
		cmocka_unit_test(many_audits_are_a_table_with_totals),
		cmocka_unit_test(a_record_can_be_pasted),
		cmocka_unit_test(a_long_text_is_split_at_255_octets),
		cmocka_unit_test(the_format_is_said_or_follows_the_extension),
		cmocka_unit_test(an_empty_audit_is_shown_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
