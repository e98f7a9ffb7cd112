#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "rules/fact.h"
#include "rules/keys.h"
#include "rules/rules.h"

/* The keys that every rule must have, but for require. */
#define NEEDED \
	"title = T\nlevel = must\nconsequence = reject\n" \
	"source = https://example.com/\nwhy = W\nfix = F\n"
#define NEEDED_LINES 6

enum { NOW = 1795651200 }; /* 2026-11-26 */

/* The same, and require. */
#define ALL NEEDED "require = dmarc.record exists\n"

static const struct fact_row facts_known[] = {
	{ "subject.domain", NULL, false },
	{ "dmarc.record", NULL, false },
	{ "dmarc.p_tag", NULL, false },
	{ "ptr.ips[].ip", NULL, false },
	{ "ptr.ips[].confirmed", NULL, false },
	{ "ptr.unconfirmed[]", NULL, false },
	{ NULL, NULL, false },
};

/* Made of them by main(). */
static const struct facts *known;

static struct rules *
rules_empty(void)
{
	struct rules *r = NULL;

	assert_int_equal(rules_new(&r), RC_OK);
	r->now = NOW;
	return r;
}

static void
must_add(struct rules *r, const char *text)
{
	struct pack_error e;

	if (rules_add_pack(r, SLICE_LIT("a.rules"), slice_str(text), known,
		&e) != RC_OK)
		fail_msg("%zu:%zu: %.*s", e.line, e.column, SLICE_FMT(e.what));
}

static const char whole[] =
    "\xef\xbb\xbf# All keys.\r\n"
    "\r\n"
    "[pack]\r\n"
    "title = Pack\r\n"
    "provider = acme\r\n"
    "checked = 2026-07-02\r\n"
    "source = https://example.com/pack\r\n"
    "  # an indented comment\r\n"
    "[ gmail.dmarc.record ]\r\n"
    "title=Publish a record\r\n"
    "requirement = DMARC_POLICY\r\n"
    "applies = bulk\r\n"
    "class = marketing\r\n"
    "level = must\r\n"
    "consequence = mitigation\r\n"
    "since = 2024-02-01\r\n"
    "until = 2030-01-01\r\n"
    "checked = 2026-01-02\r\n"
    "source = https://example.com/rule\r\n"
    "when = subject.domain exists\r\n"
    "require = dmarc.record exists\r\n"
    "\t# in between\r\n"
    "\r\n"
    "    and dmarc.p_tag exists\r\n"
    "codes = 4.7.31\t4.7.40   550\r\n"
    "pass = Fine = good\r\n"
    "why = Nothing at\r\n"
    "  {subject.domain}.\r\n"
    "fix = Do.\r\n"
    "record = _dmarc.{subject.domain|the domain}. TXT \"v=DMARC1; p=none\"\r\n"
    "record = each(ptr.unconfirmed) {reverse(it)}. PTR mail.{subject.domain}."
    "\r\n"
    "record = {subject.domain}. TXT v\r\n"
    "record = each(ptr.ips[confirmed=no]) {it.ip} MX y"
    "\r\n"
    "[acme.x_1]\r\n"
    "level = may\r\n"
    "consequence = advice\r\n"
    "requirement = none\r\n"
    "require = dmarc.record exists\r\n"
    "why = W\r\n"
    "fix = F";

static void
a_rule_has_what_its_pack_says(void **state)
{
	struct rules *r = rules_empty();
	const struct rule *x;

	(void)state;
	must_add(r, whole);
	assert_int_equal(r->n, 2);
	x = rules_find(r, SLICE_LIT("gmail.dmarc.record"));
	assert_non_null(x);
	assert_ptr_equal(x, r->rules[0]);
	assert_true(slice_eq(x->provider, SLICE_LIT("acme")));
	assert_true(slice_eq(x->check, SLICE_LIT("dmarc")));
	assert_true(slice_eq(x->title, SLICE_LIT("Publish a record")));
	assert_true(slice_eq(x->requirement, SLICE_LIT("DMARC_POLICY")));
	assert_int_equal(x->audience, AUDIENCE_BULK);
	assert_int_equal(x->class, CLASS_MARKETING);
	assert_int_equal(x->level, LEVEL_MUST);
	assert_int_equal(x->consequence, CONSEQUENCE_MITIGATION);
	assert_int_equal(x->since, 1706745600);
	assert_true(slice_eq(x->checked, SLICE_LIT("2026-01-02")));
	assert_true(slice_eq(x->source, SLICE_LIT("https://example.com/rule")));
	assert_non_null(x->when);
	assert_int_equal(x->n_codes, 3);
	assert_true(slice_eq(x->codes[1], SLICE_LIT("4.7.40")));
	assert_true(
	    slice_eq(template_source(x->pass), SLICE_LIT("Fine = good")));
	assert_true(slice_eq(template_source(x->why),
	    SLICE_LIT("Nothing at {subject.domain}.")));
	assert_int_equal(x->n_records, 4);
	assert_true(slice_eq(x->file, SLICE_LIT("a.rules")));
	assert_int_equal(x->line, 9);

	x = rules_find(r, SLICE_LIT("acme.x_1"));
	assert_non_null(x);
	assert_true(slice_eq(x->title, SLICE_LIT("Pack")));
	assert_true(slice_eq(x->checked, SLICE_LIT("2026-07-02")));
	assert_true(slice_eq(x->source, SLICE_LIT("https://example.com/pack")));
	assert_null(x->requirement.p);
	assert_int_equal(x->audience, AUDIENCE_ALL);
	assert_int_equal(x->class, CLASS_ANY);
	assert_null(x->when);
	assert_null(x->pass);
	assert_null(rules_find(r, SLICE_LIT("acme.x")));
	rules_close(&r);
	assert_null(r);
}

static void
a_rule_that_only_its_sender_can_tell_has_a_question(void **state)
{
	struct rules *r = rules_empty();
	const struct rule *x;

	(void)state;
	must_add(r,
	    "[acme.x]\nattest = Do you\n  do it?\nnotes = Page A says so.\n"
	    "when = dmarc.record exists\n" NEEDED
	    "[acme.y]\nattest = Do you?\nrequire = dmarc.record exists\n" NEEDED
	    "[acme.z]\nrequire = dmarc.record exists\n" NEEDED);
	x = r->rules[0];
	assert_null(x->require);
	assert_true(slice_eq(x->attest, SLICE_LIT("Do you do it?")));
	assert_true(slice_eq(x->notes, SLICE_LIT("Page A says so.")));
	assert_true(slice_eq(x->check, SLICE_LIT("attest")));
	x = r->rules[1];
	assert_non_null(x->require);
	assert_true(slice_eq(x->check, SLICE_LIT("dmarc")));
	assert_true(slice_eq(x->attest, SLICE_LIT("Do you?")));
	assert_null(x->notes.p);
	assert_null(r->rules[2]->attest.p);
	rules_close(&r);
}

static void
a_rule_names_those_that_mend_it(void **state)
{
	struct rules *r = rules_empty();
	const struct rule *x;

	(void)state;
	must_add(r,
	    "[a.x]\nmended_by = a.y  a.z\nmended_by = a.y if dmarc.record "
	    "exists\nrequire = dmarc.record exists\n" NEEDED
	    "[a.y]\nrequire = dmarc.record exists\n" NEEDED
	    "[a.z]\nrequire = dmarc.record exists\n" NEEDED);
	x = r->rules[0];
	assert_int_equal(x->n_menders, 3);
	assert_true(slice_eq(x->menders[1].id, SLICE_LIT("a.z")));
	assert_null(x->menders[1].when);
	assert_true(slice_eq(x->menders[2].id, SLICE_LIT("a.y")));
	assert_non_null(x->menders[2].when);
	must_add(r,
	    "[b.x]\nmended_by = a.z\nrequire = dmarc.record exists\n" NEEDED);
	rules_close(&r);
}

static void
a_provider_is_the_first_word_of_the_id_without_a_pack_section(void **state)
{
	struct rules *r = rules_empty();

	(void)state;
	must_add(r, "[acme.x]\nrequire = dmarc.record exists\n" NEEDED);
	assert_true(slice_eq(r->rules[0]->provider, SLICE_LIT("acme")));
	rules_close(&r);
}

static void
a_rule_is_in_force_from_since_until_until(void **state)
{
	struct rules *r = rules_empty();
	const struct rule *x;

	(void)state;
	must_add(r, whole);
	x = r->rules[0];
	assert_false(rule_in_force(x, x->since - 1));
	assert_true(rule_in_force(x, x->since));
	assert_true(rule_in_force(x, x->until - 1));
	assert_false(rule_in_force(x, x->until));
	assert_true(rule_in_force(r->rules[1], 0));
	rules_close(&r);
}

static void
a_record_is_made_for_each_element(void **state)
{
	struct rules *r = rules_empty();
	json_t *facts = json_pack("{s:{s:s}, s:{s:[s,s]}}", "subject", "domain",
	    "example.com", "ptr", "unconfirmed", "192.0.2.1", "192.0.2.2");
	const struct rule_record *one, *each;
	struct buf name, value;

	(void)state;
	must_add(r, whole);
	one = &r->rules[0]->records[0];
	each = &r->rules[0]->records[1];
	buf_init(&name, 1024);
	buf_init(&value, 1024);
	assert_int_equal(rule_record_count(one, facts), 1);
	rule_record_expand(one, facts, 0, &name, &value);
	assert_true(slice_eq(one->type, SLICE_LIT("TXT")));
	assert_true(
	    slice_eq(buf_slice(&name), SLICE_LIT("_dmarc.example.com.")));
	assert_true(slice_eq(buf_slice(&value), SLICE_LIT("v=DMARC1; p=none")));
	buf_reset(&name);
	buf_reset(&value);
	assert_int_equal(rule_record_count(each, facts), 2);
	rule_record_expand(each, facts, 1, &name, &value);
	assert_true(
	    slice_eq(buf_slice(&name), SLICE_LIT("2.2.0.192.in-addr.arpa.")));
	assert_true(
	    slice_eq(buf_slice(&value), SLICE_LIT("mail.example.com.")));
	(void)json_object_del(json_object_get(facts, "ptr"), "unconfirmed");
	assert_int_equal(rule_record_count(each, facts), 0);
	(void)json_object_del(json_object_get(facts, "subject"), "domain");
	assert_int_equal(rule_record_count(one, facts), 1);
	/* "nothing." is no name. */
	assert_int_equal(rule_record_count(&r->rules[0]->records[2], facts), 0);
	(void)json_object_set_new(json_object_get(facts, "ptr"), "ips",
	    json_pack("[{s:s,s:b},{s:s,s:b}]", "ip", "a", "confirmed", 1, "ip",
		"b", "confirmed", 0));
	assert_int_equal(rule_record_count(&r->rules[0]->records[3], facts), 1);
	buf_reset(&name);
	rule_record_expand(&r->rules[0]->records[3], facts, 0, &name, &value);
	assert_true(slice_eq(buf_slice(&name), SLICE_LIT("b")));
	buf_free(&name);
	buf_free(&value);
	json_decref(facts);
	rules_close(&r);
}

static const struct {
	const char *text;
	size_t line;
	size_t column;
	const char *what;
} errors[] = {
	/* lines */
	{ "title = T\n", 1, 1,
	    "expected a section such as [gmail.dns.ptr] before the first "
	    "key" },
	{ "  [a.b]\n", 1, 3,
	    "an indented line goes on with a value: expected a key before "
	    "it" },
	{ "[a.b\n", 1, 5, "expected \"]\" at the end of the section's name" },
	{ "[a.b] x\n", 1, 7, "expected nothing behind \"]\"" },
	{ "[a.b]\ntitle\n", 2, 1,
	    "expected \"[id]\", \"key = value\", an indented line or a "
	    "comment" },
	{ "[a.b]\n\ntitle =\n", 3, 8, "expected a value behind \"=\"" },
	{ "[a.b]\ntitle = T\xff\n", 2, 10, "expected UTF-8, found octet 0xff" },
	{ "[a.b]\n# \xc3\xa4\xc3\xa4\xc3\n", 2, 5,
	    "expected UTF-8, found octet 0xc3" },
	{ "[a.b]\ntitle = a\vb\n", 2, 10,
	    "expected text, found control character 0x0b" },
	{ "[a.b]\ntitle = a\rb\n", 2, 10,
	    "expected text, found control character 0x0d" },
	/* sections */
	{ "[a]\n", 1, 3,
	    "expected an id such as gmail.dns.ptr: words of a to z, 0 to 9 "
	    "and \"_\" with dots between" },
	{ "[ a.B]\n", 1, 5,
	    "expected an id such as gmail.dns.ptr: words of a to z, 0 to 9 "
	    "and \"_\" with dots between" },
	{ "[a..b]\n", 1, 4,
	    "expected an id such as gmail.dns.ptr: words of a to z, 0 to 9 "
	    "and \"_\" with dots between" },
	{ "[a.b.]\n", 1, 6,
	    "expected an id such as gmail.dns.ptr: words of a to z, 0 to 9 "
	    "and \"_\" with dots between" },
	{ "[pack]\n[pack]\n", 2, 2,
	    "expected [pack] before the first rule, once" },
	{ "[pack]\nlevel = must\n", 2, 1, "unknown key \"level\"" },
	{ "[pack]\nprovidr = x\n", 2, 1,
	    "unknown key \"providr\", did you mean \"provider\"?" },
	{ "[pack]\nprovider = a.b\n", 2, 13,
	    "expected a name of a to z, 0 to 9 and \"_\"" },
	{ "[a.b]\nprovider = x\n", 2, 1, "unknown key \"provider\"" },
	{ "[a.b]\nlevle = must\n", 2, 1,
	    "unknown key \"levle\", did you mean \"level\"?" },
	{ "[a.b]\nlevel = may\nlevel = may\n", 3, 1,
	    "the key \"level\" stands here twice" },
	{ "[a.b]\nlevel = may\n[a.c]\n", 1, 2,
	    "the rule a.b has no \"title\"" },
	{ "[a.b]\n" NEEDED, 1, 2,
	    "the rule a.b has no \"require\" and no \"attest\"" },
	{ "[a.b]\n" NEEDED "attest = Do you?\n\n[a.b]\n", NEEDED_LINES + 4, 2,
	    "there is a rule a.b already, in a.rules line 1" },
	{ "[a.b]\nattest = Do you\n  do it\n", 3, 8,
	    "expected a question that ends with \"?\"" },
	{ "[a.b]\nnotes =\n", 2, 8, "expected a value behind \"=\"" },
	{ "[a.b]\nmended_by = a.c\n   a.d if true\nrequire = dmarc.record "
	  "exists\n" NEEDED "[a.c]\nrequire = dmarc.record exists\n" NEEDED,
	    3, 4, "there is no rule \"a.d\" up to the end of this pack" },
	{ "[a.b]\nmended_by = a.b\nrequire = dmarc.record exists\n" NEEDED, 2,
	    13, "expected another rule than this one" },
	{ "[a.b]\nmended_by = if true\n", 2, 13, "expected the id of a rule" },
	{ "[a.b]\nmended_by = a.c\n if dmarc.recrod exists\n", 3, 5,
	    "unknown fact \"dmarc.recrod\", did you mean \"dmarc.record\"?" },
	{ "[pack]\nattest = Do you?\n", 2, 1, "unknown key \"attest\"" },

	{ "[a.b]\n" NEEDED "require = dmarc.record exists\n\n[a.b]\n",
	    NEEDED_LINES + 4, 2,
	    "there is a rule a.b already, in a.rules line 1" },
	/* values */
	{ "[a.b]\nlevel = shall\n", 2, 9,
	    "expected may, should or must; found \"shall\"" },
	{ "[a.b]\nconsequence = none\n", 2, 15,
	    "expected advice, mitigation, spam or reject; found \"none\"" },
	{ "[a.b]\napplies = few\n", 2, 11,
	    "expected all or bulk; found \"few\"" },
	{ "[a.b]\nclass = x\n", 2, 9,
	    "expected any, marketing or transactional; found \"x\"" },
	{ "[a.b]\nrequirement = spf\n", 2, 15,
	    "expected SPF, DKIM, SPF_AND_DKIM, DMARC_POLICY, "
	    "DMARC_ALIGNMENT, MESSAGE_FORMATTING, DNS_RECORDS, ENCRYPTION, "
	    "USER_REPORTED_SPAM_RATE, ONE_CLICK_UNSUBSCRIBE, "
	    "HONOR_UNSUBSCRIBE or none; found \"spf\"" },
	{ "[a.b]\nsince = 2024-02-30\n", 2, 9,
	    "expected a date such as 2026-11-21; found \"2024-02-30\"" },
	{ "[a.b]\nchecked = 2024-02-20T00:00:00Z\n", 2, 11,
	    "expected a date such as 2026-11-21; found "
	    "\"2024-02-20T00:00:00Z\"" },
	{ "[a.b]\nchecked = 2026-11-28\n", 2, 11,
	    "expected the day on which the source was read; 2026-11-28 is "
	    "still to come" },
	{ "[a.b]\nuntil = 2024-01-01\nsince = 2024-01-01\n", 3, 9,
	    "expected \"until\" to be after \"since\"" },
	{ "[a.b]\nsource = http://example.com\n", 2, 10,
	    "expected a URL that begins with https:// and a host" },
	{ "[a.b]\nsource = https:///page\n", 2, 10,
	    "expected a URL that begins with https:// and a host" },
	{ "[a.b]\nsource = https://example.com/a b\n", 2, 31,
	    "a URL holds neither spaces nor octets outside ASCII" },
	{ "[a.b]\ncodes = 4.7.1 5.7\n", 2, 15,
	    "expected codes such as 5.7.26 or 550 with spaces between" },
	{ "[a.b]\ncodes = 5501\n", 2, 9,
	    "expected codes such as 5.7.26 or 550 with spaces between" },
	{ "[a.b]\nrequire = true\n", 2, 11,
	    "expected an expression that reads a fact" },
	{ "[a.b]\nrequire = dmarc.record exists\n\n  # not this\n"
	  "\tand dmarc.recrod exists\n",
	    5, 6,
	    "unknown fact \"dmarc.recrod\", did you mean \"dmarc.record\"?" },
	{ "[a.b]\nwhen = dmarc.record\n  matches\n  \"a(\"\n", 4, 6,
	    "bad regular expression: missing closing parenthesis" },
	{ "[a.b]\nwhen = dmarc.record ==\n", 2, 23,
	    "expected a fact or a value, found the end" },
	{ "[a.b]\nwhen = dmarc.record == \"\xc3\xa4\xc3\xb6\" x\n", 2, 29,
	    "expected \"and\", \"or\" or the end, found x" },
	{ "[a.b]\nwhy = Look\n   at {dmarc.x}\n", 3, 8,
	    "unknown fact \"dmarc.x\"" },
	{ "[a.b]\nrecord = {dmarc.record|a b}\n", 2, 28,
	    "expected NAME TYPE VALUE" },
	{ "[a.b]\nrecord = a txt b\n", 2, 12,
	    "expected a record type: A, AAAA, CAA, CNAME, MX, NS, PTR, SOA, "
	    "SRV, TLSA, TXT, header or address; found \"txt\"" },
	{ "[a.b]\nrecord = a TXT\n", 2, 15, "expected NAME TYPE VALUE" },
	{ "[a.b]\nrecord = a\n TXT\n {it}\n", 4, 3,
	    "\"it\" stands for an element: it means something only inside "
	    "all() or any()" },
	{ "[a.b]\nrecord = each(ptr.ips) {it.iq} A b\n", 2, 25,
	    "unknown fact \"ptr.ips[].iq\", did you mean \"ptr.ips[].ip\"?" },
	{ "[a.b]\nrecord = each(ptr.ips {it.ip} A b\n", 2, 22,
	    "expected \")\"" },
	{ "[a.b]\nrecord = each(5) a A b\n", 2, 15,
	    "expected a list of facts" },
};

static void
an_error_says_what_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct rules *r = rules_empty();
		struct pack_error e = { .line = 0 };

		if (rules_add_pack(r, SLICE_LIT("a.rules"),
			slice_str(errors[i].text), known, &e) != RC_INVALID ||
		    e.line != errors[i].line || e.column != errors[i].column ||
		    !slice_eq(e.what, slice_str(errors[i].what)))
			fail_msg("%s: %zu:%zu: %.*s", errors[i].text, e.line,
			    e.column, SLICE_FMT(e.what));
		assert_true(slice_eq(e.file, SLICE_LIT("a.rules")));
		assert_int_equal(r->n, 0);
		rules_close(&r);
	}
}

/* ---- extends ----------------------------------------------------------- */

static const char company[] =
    "[pack]\nprovider = acme\nchecked = 2026-11-01\n"
    "source = https://acme.example/rules\n"
    "[acme.stricter]\nextends = acme.strict\nconsequence = reject\n"
    "[acme.strict]\nextends = gmail.dmarc.record\nlevel = may\n"
    "title = Own\nuntil = 2031-01-01\n"
    "record = {subject.domain}. TXT own\n";

static void
a_rule_takes_what_it_lacks_from_the_one_that_it_extends(void **state)
{
	struct rules *r = rules_empty();
	const struct rule *x, *base;

	(void)state;
	must_add(r, whole);
	must_add(r, company);
	base = rules_find(r, SLICE_LIT("gmail.dmarc.record"));
	x = rules_find(r, SLICE_LIT("acme.stricter"));
	assert_non_null(x);
	assert_true(slice_eq(x->provider, SLICE_LIT("acme")));
	assert_true(slice_eq(x->check, SLICE_LIT("dmarc")));
	assert_true(slice_eq(x->title, SLICE_LIT("Own")));
	assert_true(slice_eq(x->requirement, SLICE_LIT("DMARC_POLICY")));
	assert_int_equal(x->audience, AUDIENCE_BULK);
	assert_int_equal(x->class, CLASS_MARKETING);
	assert_int_equal(x->level, LEVEL_MAY);
	assert_int_equal(x->consequence, CONSEQUENCE_REJECT);
	assert_true(x->since == base->since && x->until > base->until);
	assert_true(slice_eq(x->checked, base->checked));
	assert_true(slice_eq(x->source, base->source));
	assert_ptr_equal(x->when, base->when);
	assert_ptr_equal(x->require, base->require);
	assert_int_equal(x->n_codes, 3);
	assert_ptr_equal(x->pass, base->pass);
	assert_ptr_equal(x->why, base->why);
	assert_ptr_equal(x->fix, base->fix);
	assert_int_equal(x->n_records, 1);
	assert_true(slice_eq(x->extends, SLICE_LIT("acme.strict")));
	rules_close(&r);
}

/* A key that sets nothing would not be taken over. */
static void
each_key_of_a_rule_says_what_it_sets(void **state)
{
	static const char *const own[] = { "provider", "mended_by", "extends",
		"disabled" };
	size_t n = 0, without = 0;

	(void)state;
	for (; rule_keys[n].name != NULL; n++) {
		without += rule_keys[n].size == 0;
		for (size_t i = 0; i < 4 && rule_keys[n].size == 0; i++)
			without -= strcmp(rule_keys[n].name, own[i]) == 0;
	}
	assert_int_equal(n, RULE_KEYS);
	assert_int_equal(without, 0);
}

static const struct {
	const char *text;
	size_t line;
	size_t column;
	const char *what;
} other_rules[] = {
	{ "[b.x]\nextends = acme.y\n", 2, 11,
	    "expected a rule of this pack or an earlier one; there is no "
	    "\"acme.y\", did you mean \"acme.x\"?" },
	{ "[b.x]\nextends = b.x\n", 2, 11,
	    "expected a rule that does not extend this one; b.x go in a "
	    "circle" },
	{ "[b.x]\nextends = b.y\n[b.y]\nextends = b.z\n"
	  "[b.z]\nlevel = may\nextends = b.x\n",
	    7, 11,
	    "expected a rule that does not extend this one; b.x, b.y, b.z go "
	    "in a circle" },
	{ "[b.x]\nextends = acme.x\nsince = 2031-01-01\n"
	  "[b.y]\nextends = b.x\nuntil = 2030-01-01\n",
	    4, 2, "expected \"until\" to be after \"since\"" },
	{ "[acme.x]\ndisabled = no\n", 2, 12, "expected yes; found \"no\"" },
	{ "[acme.x]\ndisabled = yes\nlevel = may\n", 1, 2,
	    "expected nothing but \"why\" beside \"disabled\"; found "
	    "\"level\"" },
	{ "[acme.y]\ndisabled = yes\n", 1, 2,
	    "expected a rule of this pack or an earlier one; there is no "
	    "\"acme.y\", did you mean \"acme.x\"?" },
	{ "[b.x]\n" ALL "[b.x]\ndisabled = yes\n", NEEDED_LINES + 3, 2,
	    "expected a rule of an earlier pack; this one is in line 1" },
	{ "[acme.x]\ndisabled = yes\n[acme.x]\ndisabled = yes\n", 3, 2,
	    "the rule is disabled already, in b.rules line 1" },
	{ "[acme.x]\nlevel = must\n", 1, 2,
	    "there is a rule acme.x already, in a.rules line 1" },
};

static void
a_wrong_word_on_another_rule_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(other_rules) / sizeof(other_rules[0]);
	     i++) {
		struct rules *r = rules_empty();
		struct pack_error e = { .line = 0 };

		must_add(r, "[acme.x]\n" ALL);
		if (rules_add_pack(r, SLICE_LIT("b.rules"),
			slice_str(other_rules[i].text), known,
			&e) != RC_INVALID ||
		    e.line != other_rules[i].line ||
		    e.column != other_rules[i].column ||
		    !slice_eq(e.what, slice_str(other_rules[i].what)))
			fail_msg("%s: %zu:%zu: %.*s", other_rules[i].text,
			    e.line, e.column, SLICE_FMT(e.what));
		assert_int_equal(r->n, 1);
		assert_null(r->rules[0]->off);
		rules_close(&r);
	}
}

static void
a_long_chain_is_refused(void **state)
{
	struct rules *r = rules_empty();
	struct pack_error e;
	struct buf b;

	(void)state;
	buf_init(&b, LIMIT_PACK);
	for (int i = 0; i <= LIMIT_RULE_EXTENDS; i++)
		buf_printf(&b, "[a.b%d]\nextends = a.b%d\n", i, i + 1);
	buf_printf(&b, "[a.b%d]\n" ALL, LIMIT_RULE_EXTENDS + 1);
	assert_int_equal(rules_add_pack(r, SLICE_LIT("x"), buf_slice(&b), known,
			     &e),
	    RC_INVALID);
	assert_true(slice_starts(e.what,
	    SLICE_LIT("expected at most 16 rules that extend each other")));
	rules_close(&r);
	r = rules_empty();
	/* From the other end each is done before the next asks for it. */
	buf_reset(&b);
	buf_add_str(&b, "[a.b0]\n" ALL);
	for (int i = 1; i <= 1000; i++)
		buf_printf(&b, "[a.b%d]\nextends = a.b%d\n", i, i - 1);
	assert_int_equal(rules_add_pack(r, SLICE_LIT("x"), buf_slice(&b), known,
			     &e),
	    RC_OK);
	assert_int_equal(r->n, 1001);
	assert_ptr_equal(r->rules[1000]->require, r->rules[0]->require);
	buf_free(&b);
	rules_close(&r);
}

static void
a_rule_of_an_earlier_pack_can_be_switched_off(void **state)
{
	struct rules *r = rules_empty();
	const struct rule *x;
	struct pack_error e;

	(void)state;
	must_add(r, "[acme.x]\n" ALL "[acme.y]\n" ALL);
	assert_int_equal(rules_add_pack(r, SLICE_LIT("b.rules"),
			     SLICE_LIT("\n[acme.x]\ndisabled = yes\n"
				       "why = Not for {subject.domain}.\n"),
			     known, &e),
	    RC_OK);
	assert_int_equal(r->n, 2);
	x = r->rules[0];
	assert_ptr_equal(x, rules_find(r, SLICE_LIT("acme.x")));
	assert_non_null(x->off);
	assert_int_equal(x->off->line, 2);
	assert_true(slice_eq(x->off->file, SLICE_LIT("b.rules")));
	assert_true(slice_eq(template_source(x->off->why),
	    SLICE_LIT("Not for {subject.domain}.")));
	assert_true(slice_eq(template_source(x->why), SLICE_LIT("W")));
	assert_null(r->rules[1]->off);
	rules_close(&r);
}

/* ---- all errors of a pack ---------------------------------------------- */

static const char bad[] =
    "title = early\n"
    "[acme.x]\nlevel = shall\n  whatever\nfxi = F\n"
    "  goes on\nsource = https://example.com/ b\n"
    "[acme.y\nlevel = shall\n"
    "[acme.z]\n"
    "[acme.Z]\nlevel = shall\n"
    "[acme.x]\n" ALL "[b.x]\n" ALL "why = \x01\n  {dmarc.recrod}\nwhen =";

static void
all_errors_of_a_pack_are_found(void **state)
{
	static const struct {
		size_t line;
		size_t column;
	} at[] = { { 1, 1 }, { 3, 9 }, { 5, 1 }, { 7, 30 }, { 8, 8 }, { 10, 2 },
		{ 11, 7 }, { 13, 2 }, { 29, 7 }, { 30, 3 }, { 31, 7 } };
	struct rules *r = rules_empty();
	struct pack_errors all = { .n = 0 };
	struct pack_error e;

	(void)state;
	r->errors = &all;
	assert_int_equal(rules_add_pack(r, SLICE_LIT("a.rules"), slice_str(bad),
			     known, &e),
	    RC_INVALID);
	for (size_t i = 0; i < all.n; i++) {
		if (i >= sizeof(at) / sizeof(at[0]) ||
		    all.list[i].line != at[i].line ||
		    all.list[i].column != at[i].column)
			fail_msg("%zu: %zu:%zu: %.*s", i, all.list[i].line,
			    all.list[i].column, SLICE_FMT(all.list[i].what));
	}
	assert_int_equal(all.n, sizeof(at) / sizeof(at[0]));
	assert_int_equal(e.line, 1);
	assert_int_equal(r->n, 0);
	rules_close(&r);
}

static void
of_very_many_errors_the_first_are_kept(void **state)
{
	struct rules *r = rules_empty();
	struct pack_errors all = { .n = 0 };
	struct pack_error e;
	struct buf b;

	(void)state;
	buf_init(&b, LIMIT_PACK);
	for (int i = 0; i < 1000; i++)
		buf_add_str(&b, "x\n");
	r->errors = &all;
	assert_int_equal(rules_add_pack(r, SLICE_LIT("a.rules"), buf_slice(&b),
			     known, &e),
	    RC_INVALID);
	assert_int_equal(all.n, LIMIT_PROBLEMS);
	assert_int_equal(all.list[LIMIT_PROBLEMS - 1].line, LIMIT_PROBLEMS);
	buf_free(&b);
	rules_close(&r);
}

static void
a_nul_is_refused(void **state)
{
	struct rules *r = rules_empty();
	struct pack_error e;

	(void)state;
	assert_int_equal(rules_add_pack(r, SLICE_LIT("x"),
			     SLICE_LIT("[a.b]\nfix = \0"), NULL, &e),
	    RC_INVALID);
	assert_int_equal(e.line, 2);
	assert_int_equal(e.column, 7);
	assert_true(slice_eq(e.what,
	    SLICE_LIT("expected text, found control character 0x00")));
	rules_close(&r);
}

static void
a_pack_is_taken_whole_or_not_at_all(void **state)
{
	struct rules *r = rules_empty();
	struct pack_error e;

	(void)state;
	must_add(r, "[acme.x]\nrequire = dmarc.record exists\n" NEEDED);
	assert_int_equal(
	    rules_add_pack(r, SLICE_LIT("b.rules"),
		SLICE_LIT("[acme.y]\nrequire = dmarc.record exists\n" NEEDED
			  "[acme.x]\n"),
		known, &e),
	    RC_INVALID);
	assert_int_equal(e.line, NEEDED_LINES + 3);
	assert_true(slice_eq(e.what,
	    SLICE_LIT("there is a rule acme.x already, in a.rules line 1")));
	assert_int_equal(r->n, 1);
	assert_null(rules_find(r, SLICE_LIT("acme.y")));
	must_add(r, "[acme.y]\nrequire = dmarc.record exists\n" NEEDED);
	assert_int_equal(r->n, 2);
	rules_close(&r);
}

static void
a_pack_over_the_limit_is_refused(void **state)
{
	struct rules *r = rules_empty();
	struct pack_error e;
	struct buf big;

	(void)state;
	buf_init(&big, LIMIT_PACK + 2);
	while (big.n <= LIMIT_PACK)
		buf_add_char(&big, '\n');
	assert_int_equal(rules_add_pack(r, SLICE_LIT("x"), buf_slice(&big),
			     NULL, &e),
	    RC_INVALID);
	assert_int_equal(e.line, 1);
	big.n--;
	assert_int_equal(rules_add_pack(r, SLICE_LIT("x"), buf_slice(&big),
			     NULL, &e),
	    RC_OK);
	buf_free(&big);
	rules_close(&r);
}

static void
every_allocation_may_fail(void **state)
{
	enum rc rc = RC_NOMEM;
	size_t failures = 0;

	(void)state;
	for (size_t limit = 0; rc != RC_OK && limit < 1024 * 1024;
	     limit += 16) {
		struct rules r = { .arena = arena_new(limit, 16) };
		struct pack_error e;

		assert_non_null(r.arena);
		rc = rules_add_pack(&r, SLICE_LIT("x"), slice_str(whole), known,
		    &e);
		assert_int_equal(r.n, rc == RC_OK ? 2 : 0);
		if (rc == RC_OK)
			rc = rules_add_pack(&r, SLICE_LIT("y"),
			    SLICE_LIT("[b.x]\nextends = b.y\n[b.y]\n"
				      "extends = acme.x_1\n"
				      "[gmail.dmarc.record]\ndisabled = yes"),
			    known, &e);
		assert_true(rc == RC_OK || rc == RC_NOMEM);
		failures += rc == RC_NOMEM;
		arena_free(r.arena);
	}
	assert_int_equal(rc, RC_OK);
	assert_true(failures > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_has_what_its_pack_says),
		cmocka_unit_test(
		    a_rule_that_only_its_sender_can_tell_has_a_question),
		cmocka_unit_test(
		    a_provider_is_the_first_word_of_the_id_without_a_pack_section),
		cmocka_unit_test(
		    a_rule_that_only_its_sender_can_tell_has_a_question),
		cmocka_unit_test(a_rule_names_those_that_mend_it),
		cmocka_unit_test(a_rule_is_in_force_from_since_until_until),
		cmocka_unit_test(a_record_is_made_for_each_element),
		cmocka_unit_test(an_error_says_what_and_where),
		cmocka_unit_test(
		    a_rule_takes_what_it_lacks_from_the_one_that_it_extends),
		cmocka_unit_test(each_key_of_a_rule_says_what_it_sets),
		cmocka_unit_test(a_wrong_word_on_another_rule_is_refused),
		cmocka_unit_test(a_long_chain_is_refused),
		cmocka_unit_test(a_rule_of_an_earlier_pack_can_be_switched_off),
		cmocka_unit_test(all_errors_of_a_pack_are_found),
		cmocka_unit_test(of_very_many_errors_the_first_are_kept),
		cmocka_unit_test(a_nul_is_refused),
		cmocka_unit_test(a_pack_is_taken_whole_or_not_at_all),
		cmocka_unit_test(a_pack_over_the_limit_is_refused),
		cmocka_unit_test(every_allocation_may_fail),
	};
	struct arena *facts = arena_new(64 * 1024, 4096);
	int failed;

	if (facts == NULL || facts_new(facts, facts_known, &known) != RC_OK)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(facts);
	return failed;
}
