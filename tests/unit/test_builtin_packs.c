#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/packs.h"

static int
load(void **state)
{
	struct arena *arena = arena_new(1 << 20, 4096);
	struct rules *r = NULL;
	struct pack_error e;

	if (arena == NULL || rules_new(&r) != RC_OK)
		return -1;
	for (const struct builtin_pack *p = builtin_packs; p->name != NULL;
	     p++) {
		struct slice text = slice_of(p->text, p->size);

		if (rules_add_pack(r, slice_str(p->name), text,
			packs_known_facts(arena), &e) != RC_OK)
			fail_msg("%s:%zu:%zu: %.*s", p->name, e.line, e.column,
			    SLICE_FMT(e.what));
	}
	arena_free(arena);
	*state = r;
	return 0;
}

static int
unload(void **state)
{
	struct rules *r = *state;

	rules_close(&r);
	return 0;
}

static void
every_rule_has_all_its_fields(void **state)
{
	const struct rules *r = *state;

	assert_true(r->n > 0);
	for (size_t i = 0; i < r->n; i++) {
		const struct rule *x = r->rules[i];

		assert_true(x->title.n > 0);
		assert_true(x->checked.n == 10);
		assert_true(x->source.n > 0);
		assert_true(x->check.n > 0);
		assert_non_null(x->pass);
		assert_true(slice_starts(x->id, x->provider));
	}
}

static void
the_rules_that_others_name_are_there(void **state)
{
	static const char *const ids[] = { "gmail.auth.any", "gmail.auth.dkim",
		"gmail.dkim.keysize", "gmail.dkim.keysize2048",
		"gmail.dkim.ed25519", "yahoo.auth.dkim", "yahoo.dkim.keysize",
		"yahoo.dkim.all_aligned_pass", "yahoo.dkim.ed25519",
		"standards.dkim.key_record", "standards.dkim.testing",
		"standards.dkim.sha1", "standards.dkim.body_length",
		"standards.dkim.coverage", "standards.dkim.oversigning",
		"standards.dkim.expiry", "standards.dkim.replay",
		"gmail.auth.spf", "gmail.spf.suspicious",
		"gmail.dmarc.alignment", "gmail.dmarc.rua", "yahoo.auth.any",
		"yahoo.auth.both", "yahoo.dmarc.alignment", "yahoo.dmarc.rua",
		"standards.spf.one_record", "standards.spf.syntax",
		"standards.spf.lookups", "standards.spf.voids",
		"standards.spf.includes", "standards.spf.all",
		"standards.spf.ptr", "standards.spf.dead_terms",
		"standards.spf.length", "standards.spf.helo",
		"standards.dmarc.one_record", "standards.dmarc.syntax",
		"standards.dmarc.removed_tags", "standards.dmarc.subdomains",
		"standards.dmarc.methods", "standards.dmarc.external_reports",
		"standards.dmarc.author", "standards.misplaced.names",
		"standards.misplaced.left_over", "gmail.dns.ptr",
		"gmail.dns.ptr_owndomain", "gmail.tls", "gmail.dmarc.record",
		"gmail.unsub.oneclick", "gmail.unsub.https", "gmail.helo.valid",
		"yahoo.dns.fcrdns", "yahoo.dns.ptr_nongeneric", "yahoo.dns.soa",
		"yahoo.dns.nullmx", "yahoo.dmarc.record", "yahoo.unsub.header",
		"standards.helo.fqdn", "standards.helo.resolves",
		"standards.helo.matches_ip", "standards.mx.present",
		"standards.mx.not_alias", "standards.mx.resolves",
		"standards.tls.starttls", "standards.tls.handshake",
		"standards.tls.version", "standards.tls.strength",
		"standards.tls.certificate.trusted",
		"standards.tls.certificate.valid",
		"standards.tls.certificate.name", "standards.tls.injection",
		"standards.mta_sts.valid", "standards.mta_sts.mx_listed",
		"standards.tls_rpt.valid", "standards.dane.matches",
		"gmail.format.rfc5322", "gmail.format.msgid",
		"gmail.format.single_headers", "gmail.format.single_from",
		"gmail.from.no_gmail", "gmail.headers.size",
		"gmail.subject.fake_reply", "gmail.displayname", "yahoo.rfc",
		"yahoo.hdr.sanity" };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (rules_find(*state, slice_str(ids[i])) == NULL)
			fail_msg("%s is missing", ids[i]);
	}
}

static void
standards_only_advise(void **state)
{
	const struct rules *r = *state;

	for (size_t i = 0; i < r->n; i++) {
		const struct rule *x = r->rules[i];

		if (!slice_eq(x->provider, SLICE_LIT("standards")))
			continue;
		assert_int_not_equal(x->level, LEVEL_MUST);
		assert_int_equal(x->consequence, CONSEQUENCE_ADVICE);
	}
}

/* One fault, and the ids of the rules that fail of it, in pack order. */
static const struct {
	const char *name;
	const char *facts;
	const char *failed;
} faults[] = {
	{ "nothing is known", "{}", "" },
	{ "no PTR record",
	    "{\"ptr\": {\"ips\": [{\"ip\": \"192.0.2.1\", \"names\": [],"
	    " \"confirmed\": false, \"confirmed_name\": null}]}}",
	    "gmail.dns.ptr yahoo.dns.fcrdns" },
	{ "a generic name of somebody else",
	    "{\"ptr\": {\"ips\": [{\"confirmed\": true, \"generic\": true,"
	    " \"own_domain\": false}]}}",
	    "gmail.dns.ptr_owndomain yahoo.dns.ptr_nongeneric" },
	{ "one IP without a name beside a good one",
	    "{\"ptr\": {\"ips\": [{\"confirmed\": false}, {\"confirmed\":"
	    " true, \"generic\": false, \"own_domain\": true}]}}",
	    "gmail.dns.ptr yahoo.dns.fcrdns" },
	{ "sent in the clear", "{\"tls\": {\"message_over_tls\": false}}",
	    "gmail.tls" },
	{ "no DMARC record", "{\"dmarc\": {\"record\": null, \"p_tag\": null}}",
	    "gmail.dmarc.record yahoo.dmarc.record" },
	{ "a DMARC record without p",
	    "{\"dmarc\": {\"record\": \"v=DMARC1\", \"p_tag\": null}}",
	    "gmail.dmarc.record yahoo.dmarc.record" },
	{ "no List-Unsubscribe",
	    "{\"unsubscribe\": {\"list_unsubscribe\": null, \"https_uri\":"
	    " null, \"mailto_uri\": null, \"header_pair\": false}}",
	    "gmail.unsub.oneclick yahoo.unsub.header" },
	{ "a mailto URI alone",
	    "{\"unsubscribe\": {\"list_unsubscribe\": \"<mailto:u@example.com>"
	    "\", \"https_uri\": null, \"mailto_uri\": \"mailto:u@example.com\","
	    " \"header_pair\": false}}",
	    "gmail.unsub.https yahoo.unsub.oneclick" },
	{ "a line that is too long",
	    "{\"format\": {\"problems\": [{\"code\": \"format.line-too-long\","
	    " \"group\": \"error\"}]}}",
	    "gmail.format.rfc5322 yahoo.rfc" },
	{ "a charset that nobody knows",
	    "{\"format\": {\"problems\": [{\"code\": \"format.word-charset\","
	    " \"group\": \"undecodable\"}]}}",
	    "gmail.format.rfc5322 yahoo.rfc" },
	{ "two subjects",
	    "{\"format\": {\"problems\": [{\"code\":"
	    " \"format.duplicate-field\", \"group\": \"repeated\"}]}}",
	    "gmail.format.single_headers yahoo.rfc.single_headers" },
	{ "two authors",
	    "{\"format\": {\"from_addresses\": 2, \"problems\": [{\"code\":"
	    " \"format.from-several\", \"group\": \"author\"}]}}",
	    "gmail.format.single_from yahoo.rfc.single_from" },
	{ "no Message-ID",
	    "{\"format\": {\"message_id\": null, \"problems\": [{\"code\":"
	    " \"format.no-message-id\", \"group\": \"message-id\"}]}}",
	    "gmail.format.msgid" },
	{ "a Message-ID without brackets",
	    "{\"format\": {\"message_id\": \"a@b\", \"problems\": [{\"code\":"
	    " \"format.message-id-syntax\", \"group\": \"message-id\"}]}}",
	    "gmail.format.msgid" },
	{ "a Message-ID of this machine",
	    "{\"format\": {\"message_id\": \"<a@b>\", \"problems\": [{\"code\":"
	    " \"format.message-id-domain\", \"group\": \"message-id\"}]}}",
	    "standards.format.message_id" },
	{ "a false reply",
	    "{\"format\": {\"problems\": [{\"group\": \"reply\"}]}}",
	    "gmail.subject.fake_reply yahoo.subject.fake_reply" },
	{ "a display name with an emoji",
	    "{\"format\": {\"display_name_flags\": [\"format.name-emoji\"],"
	    " \"problems\": [{\"group\": \"name\"}]}}",
	    "gmail.displayname" },
	{ "a date of last year",
	    "{\"format\": {\"problems\": [{\"group\": \"clock\"}]}}",
	    "yahoo.hdr.sanity standards.format.clock" },
	{ "a dollar in an address",
	    "{\"format\": {\"problems\": [{\"group\": \"exotic\"}]}}",
	    "yahoo.hdr.sanity" },
	{ "a place-holder",
	    "{\"format\": {\"problems\": [{\"group\": \"template\"}]}}",
	    "standards.format.template" },
	{ "advice alone",
	    "{\"format\": {\"problems\": [{\"group\": \"advice\"}]}}",
	    "standards.format.advice" },
	{ "a program as an attachment",
	    "{\"format\": {\"attachments\": [{\"name\": \"a.pdf\","
	    " \"extension\": \"pdf\"}, {\"name\": \"a.exe\","
	    " \"extension\": \"exe\"}]}}",
	    "gmail.attachments.types" },
	{ "attachments that may be",
	    "{\"format\": {\"attachments\": [{\"name\": \"a.pdf\","
	    " \"extension\": \"pdf\"}, {\"name\": \"a\","
	    " \"extension\": null}]}}",
	    "" },
	{ "HTML that Gmail clips",
	    "{\"format\": {\"html_part\": true, \"html_octets\": 104449}}",
	    "gmail.html.clip" },
	{ "HTML that just fits",
	    "{\"format\": {\"html_part\": true, \"html_octets\": 104448}}",
	    "" },
	{ "HTML that is cut off",
	    "{\"format\": {\"html_part\": true, \"problems\": [{\"group\":"
	    " \"html\"}]}}",
	    "gmail.html.valid" },
	{ "HTML alone",
	    "{\"format\": {\"html_part\": true, \"problems\": [{\"group\":"
	    " \"alternative\"}]}}",
	    "standards.mime.alternative" },
	{ "a multipart without an end",
	    "{\"format\": {\"problems\": [{\"group\": \"mime\"}]}}",
	    "standards.mime.structure" },
	{ "damaged base64",
	    "{\"format\": {\"problems\": [{\"group\": \"encoding\"}]}}",
	    "standards.mime.encoding" },
	{ "a text without a charset",
	    "{\"format\": {\"problems\": [{\"group\": \"charset\"}]}}",
	    "standards.mime.charset" },
	{ "nothing wrong with the form",
	    "{\"format\": {\"problems\": [], \"message_id\": \"<a@b.example>\","
	    " \"from_addresses\": 1, \"display_name_flags\": [],"
	    " \"header_octets\": 512000, \"header_fields\": 5000,"
	    " \"longest_name\": 1024, \"longest_value\": {\"octets\": 32768},"
	    " \"message_id_octets\": 500, \"subject_octets\": 998}}",
	    "" },
	{ "too many header fields", "{\"format\": {\"header_fields\": 5001}}",
	    "gmail.headers.size" },
	{ "a subject over the limit", "{\"format\": {\"subject_octets\": 999}}",
	    "gmail.headers.size yahoo.hdr.size" },
	{ "a value over the limit",
	    "{\"format\": {\"longest_value\": {\"octets\": 32769}}}",
	    "gmail.headers.size" },
	{ "a short SenderId",
	    "{\"feedback\": {\"value\": \"a:b:c:d\", \"signed\": true,"
	    " \"problems\": [{\"code\": \"feedback.sender-id\"}]}}",
	    "gmail.feedbackid" },
	{ "a right Feedback-ID",
	    "{\"feedback\": {\"value\": \"a:::sender\", \"signed\": true,"
	    " \"problems\": []}}",
	    "" },
	{ "from gmail.com, unsigned",
	    "{\"hops\": {\"indirect\": false}, \"subject\": {\"domain\": \"gmail.com\"}, \"spf\": {\"pass\":"
	    " true}, \"dmarc\": {\"aligned_spf\": false, \"aligned_dkim\":"
	    " false}}",
	    "gmail.dmarc.alignment gmail.from.no_gmail yahoo.dmarc.alignment" },
	{ "an https URI without the Post field",
	    "{\"unsubscribe\": {\"list_unsubscribe\": \"<https://a.example>\","
	    " \"https_uri\": \"https://a.example\", \"mailto_uri\": null,"
	    " \"list_unsubscribe_post\": null, \"header_pair\": false}}",
	    "gmail.unsub.oneclick yahoo.unsub.oneclick" },
	{ "a one-click URL that is not there",
	    "{\"unsubscribe\": {\"probed\": true, \"endpoint\": {\"url\":"
	    " \"https://a\", \"status\": 404, \"redirected\": false,"
	    " \"fault\": \"it answered with status 404\"}}}",
	    "gmail.unsub.available" },
	{ "one that redirects",
	    "{\"unsubscribe\": {\"probed\": true, \"endpoint\": {\"url\":"
	    " \"https://a\", \"status\": 302, \"redirected\": true,"
	    " \"fault\": \"it answered with status 302\"}}}",
	    "gmail.unsub.available standards.unsub.redirect" },
	{ "one that works",
	    "{\"unsubscribe\": {\"probed\": true, \"endpoint\": {\"url\":"
	    " \"https://a\", \"status\": 200, \"redirected\": false,"
	    " \"fault\": null}}}",
	    "" },
	{ "one that was not probed", "{\"unsubscribe\": {\"probed\": false}}",
	    "" },
	{ "hidden text",
	    "{\"format\": {\"html_part\": true, \"hidden_text\": {"
	    "\"octets\": 5}, \"unclear_links\": []}}",
	    "gmail.html.hidden" },
	{ "a link that reads like another",
	    "{\"format\": {\"html_part\": true, \"hidden_text\": {"
	    "\"octets\": 0}, \"unclear_links\": [{\"detail\": \"x\"}]}}",
	    "gmail.links.clear" },
	{ "EHLO localhost",
	    "{\"helo\": {\"name\": \"localhost\", \"literal\": false, \"fqdn\":"
	    " false, \"resolves\": true, \"matches_ip\": false}}",
	    "gmail.helo.valid standards.helo.fqdn" },
	{ "an EHLO name that is not in DNS",
	    "{\"helo\": {\"literal\": false, \"fqdn\": true, \"resolves\":"
	    " false, \"matches_ip\": false}}",
	    "standards.helo.resolves" },
	{ "an EHLO name of another host",
	    "{\"helo\": {\"literal\": false, \"fqdn\": true, \"resolves\":"
	    " true, \"matches_ip\": false}}",
	    "standards.helo.matches_ip" },
	{ "an EHLO literal of another host",
	    "{\"helo\": {\"literal\": true, \"fqdn\": false, \"resolves\":"
	    " null, \"matches_ip\": false}}",
	    "standards.helo.matches_ip" },
	{ "a From domain that does not exist",
	    "{\"mx\": {\"domains\": [{\"exists\": false, \"soa\": null},"
	    " {\"exists\": true, \"null_mx\": false}]}}",
	    "yahoo.dns.soa" },
	{ "a null MX",
	    "{\"mx\": {\"present\": false, \"null\": true, \"implicit\": false,"
	    " \"hosts\": [], \"domains\": [{\"exists\": true, \"null_mx\":"
	    " true}]}}",
	    "yahoo.dns.nullmx standards.mx.present" },
	{ "an implicit MX",
	    "{\"mx\": {\"present\": false, \"null\": false, \"implicit\": true,"
	    " \"hosts\": []}}",
	    "" },
	{ "an MX that is an alias",
	    "{\"mx\": {\"present\": true, \"implicit\": false, \"hosts\":"
	    " [{\"alias\": true, \"resolves\": true, \"address_literal\":"
	    " false}]}}",
	    "standards.mx.not_alias" },
	{ "an MX without an address",
	    "{\"mx\": {\"present\": true, \"implicit\": false, \"hosts\":"
	    " [{\"alias\": false, \"resolves\": false, \"address_literal\":"
	    " false}]}}",
	    "standards.mx.resolves" },
	{ "an MX that is an address",
	    "{\"mx\": {\"present\": true, \"implicit\": false, \"hosts\":"
	    " [{\"alias\": false, \"resolves\": false, \"address_literal\":"
	    " true}]}}",
	    "standards.mx.literal" },
	{ "no STARTTLS",
	    "{\"tls\": {\"hosts\": [{\"role\": \"mx\", \"listening\": true,"
	    " \"starttls\": false}]}}",
	    "standards.tls.starttls" },
	{ "a sender that does not listen",
	    "{\"tls\": {\"hosts\": [{\"role\": \"sender\", \"listening\":"
	    " false}]}}",
	    "" },
	{ "a handshake that fails",
	    "{\"tls\": {\"hosts\": [{\"role\": \"mx\", \"starttls\": true,"
	    " \"injection\": false, \"version\": null, \"cipher\": null}]}}",
	    "standards.tls.handshake" },
	{ "injection before TLS",
	    "{\"tls\": {\"hosts\": [{\"role\": \"mx\", \"starttls\": true,"
	    " \"injection\": true, \"version\": \"TLSv1.3\", \"certificate\":"
	    " null}]}}",
	    "standards.tls.injection" },
	{ "an old TLS version",
	    "{\"tls\": {\"hosts\": [{\"role\": \"mx\", \"starttls\": true,"
	    " \"injection\": false, \"version\": \"TLSv1.1\","
	    " \"certificate\": null}]}}",
	    "standards.tls.version" },
	{ "a weak key",
	    "{\"tls\": {\"hosts\": [{\"role\": \"mx\", \"starttls\": true,"
	    " \"injection\": false, \"version\": \"TLSv1.2\", \"weak\": true,"
	    " \"certificate\": {\"trusted\": true, \"expired\": false,"
	    " \"not_yet_valid\": false, \"matches_host\": true}}]}}",
	    "standards.tls.strength" },
	{ "an expired certificate",
	    "{\"tls\": {\"hosts\": [{\"role\": \"mx\", \"starttls\": true,"
	    " \"injection\": false, \"version\": \"TLSv1.2\", \"weak\": false,"
	    " \"certificate\": {\"trusted\": true, \"expired\": true,"
	    " \"not_yet_valid\": false, \"matches_host\": true}}]}}",
	    "standards.tls.certificate.valid" },
	{ "an untrusted certificate",
	    "{\"tls\": {\"hosts\": [{\"role\": \"mx\", \"starttls\": true,"
	    " \"injection\": false, \"version\": \"TLSv1.2\", \"weak\": false,"
	    " \"certificate\": {\"trusted\": false, \"expired\": false,"
	    " \"not_yet_valid\": false, \"matches_host\": true}}]}}",
	    "standards.tls.certificate.trusted" },
	{ "a certificate of another host",
	    "{\"tls\": {\"hosts\": [{\"role\": \"mx\", \"starttls\": true,"
	    " \"injection\": false, \"version\": \"TLSv1.2\", \"weak\": false,"
	    " \"certificate\": {\"trusted\": true, \"expired\": false,"
	    " \"not_yet_valid\": false, \"matches_host\": false}}]}}",
	    "standards.tls.certificate.name" },
	{ "an MTA-STS policy that leaves a host out",
	    "{\"mta_sts\": {\"record\": \"v=STSv1; id=1\", \"valid\": true,"
	    " \"mode\": \"enforce\", \"policy\": {\"mx\": [\"a.example\"]},"
	    " \"hosts\": [{\"matches\": false}]}}",
	    "standards.mta_sts.mx_listed" },
	{ "an MTA-STS policy without hosts",
	    "{\"mta_sts\": {\"record\": \"v=STSv1; id=1\", \"valid\": false,"
	    " \"mode\": \"enforce\", \"policy\": {\"mx\": []},"
	    " \"hosts\": [{\"matches\": false}]}}",
	    "standards.mta_sts.valid" },
	{ "two MTA-STS records",
	    "{\"mta_sts\": {\"record\": null, \"policy\": null, \"valid\":"
	    " false}}",
	    "standards.mta_sts.valid" },
	{ "a broken TLS-RPT record",
	    "{\"tls_rpt\": {\"record\": \"v=TLSRPTv1\", \"valid\": false}}",
	    "standards.tls_rpt.valid" },
	{ "a TLSA record of an old key",
	    "{\"dane\": {\"published\": true, \"hosts\": [{\"secure\": true,"
	    " \"usable\": true, \"matches\": false}]}}",
	    "standards.dane.matches" },
	{ "SPF that is right",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": []}}",
	    "" },
	{ "an IP that SPF does not cover", "{\"spf\": {\"pass\": false}}",
	    "gmail.auth.spf yahoo.auth.both" },
	{ "the same, and DKIM fails too",
	    "{\"hops\": {\"indirect\": false}, \"spf\": {\"pass\": false}, \"dkim\": {\"pass\": false}, \"dmarc\": {\"aligned_dkim\": false}}",
	    "gmail.auth.any gmail.auth.spf gmail.auth.dkim gmail.dmarc.alignment yahoo.auth.any yahoo.auth.both yahoo.auth.dkim yahoo.dmarc.alignment" },
	{ "SPF that passes for another domain, and no DKIM",
	    "{\"hops\": {\"indirect\": false}, \"spf\": {\"pass\": true}, \"dkim\": {\"pass\": false}, \"dmarc\": {\"aligned_spf\": false, \"aligned_dkim\": false}}",
	    "gmail.auth.dkim gmail.dmarc.alignment yahoo.auth.dkim yahoo.dmarc.alignment" },
	{ "SPF and DKIM that pass, one of them for another domain",
	    "{\"spf\": {\"pass\": true}, \"dkim\": {\"pass\": true}, \"dmarc\": {\"aligned_spf\": false, \"aligned_dkim\": true}}",
	    "gmail.dmarc.align_both" },
	{ "SPF that passes, and DKIM that is not known",
	    "{\"spf\": {\"pass\": true}, \"dmarc\": {\"aligned_spf\": true}}",
	    "" },
	{ "SPF that fails, and DKIM that is aligned",
	    "{\"spf\": {\"pass\": false}, \"dkim\": {\"pass\": true}, \"dmarc\": {\"aligned_spf\": true, \"aligned_dkim\": true}}",
	    "gmail.auth.spf yahoo.auth.both" },
	{ "an SPF record that lets all in",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"+\", \"problems\": [{\"code\": \"spf.plus-all\", \"detail\": \"x\"}]}}",
	    "gmail.spf.suspicious standards.spf.all" },
	{ "an SPF record of half the net",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": [{\"code\": \"spf.huge-range\", \"detail\": \"x\"}]}}",
	    "gmail.spf.suspicious" },
	{ "two SPF records",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 2, \"tree\": [], \"pass\": false, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": []}}",
	    "gmail.auth.spf yahoo.auth.both standards.spf.one_record" },
	{ "no SPF record",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 0, \"tree\": [], \"pass\": false, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": []}}",
	    "gmail.auth.spf yahoo.auth.both" },
	{ "a mistake in SPF",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": [{\"code\": \"spf.blank-after-qualifier\", \"detail\": \"x\"}]}}",
	    "standards.spf.syntax" },
	{ "eleven lookups",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 11, \"void_lookups\": 0, \"all\": \"~\", \"problems\": []}}",
	    "standards.spf.lookups" },
	{ "three void lookups",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 3, \"all\": \"~\", \"problems\": []}}",
	    "standards.spf.voids" },
	{ "an include of nothing",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": [{\"code\": \"spf.include-no-record\", \"detail\": \"x\"}]}}",
	    "standards.spf.includes" },
	{ "SPF without all",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": null, \"problems\": [{\"code\": \"spf.no-all\", \"detail\": \"x\"}]}}",
	    "standards.spf.all" },
	{ "ptr in SPF",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": [{\"code\": \"spf.ptr\", \"detail\": \"x\"}]}}",
	    "standards.spf.ptr" },
	{ "terms behind all",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": [{\"code\": \"spf.terms-after-all\", \"detail\": \"x\"}]}}",
	    "standards.spf.dead_terms" },
	{ "a long SPF record",
	    "{\"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": [{\"code\": \"spf.long-record\", \"detail\": \"x\"}]}}",
	    "standards.spf.length" },
	{ "a part of SPF that is not known",
	    "{\"spf\": {\"records_found\": 1, \"problems\": []}}", "" },
	{ "and a mistake in another",
	    "{\"spf\": {\"records_found\": 1, \"problems\": [{\"code\": \"spf.ptr\"}]}}",
	    "standards.spf.ptr" },
	{ "an EHLO name without SPF", "{\"helo\": {\"fqdn\": true, \"host\": \"m.d\"}, \"dkim\": {\"pass\": true}, \"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": [], \"helo_pass\": false}}",
	    "standards.spf.helo" },
	{ "an EHLO name that is the domain",
	    "{\"helo\": {\"fqdn\": true, \"host\": \"d\"}, \"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"lookups\": 1, \"void_lookups\": 0, \"all\": \"~\", \"problems\": [], \"helo_pass\": false}}",
	    "" },
	{ "DMARC that is right",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"external_reports\": [], \"author_domains\": [\"d\"], \"problems\": []}}",
	    "" },
	{ "DMARC without reports",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [], \"methods_agree\": true, \"external_reports\": [], \"author_domains\": [\"d\"], \"problems\": []}}",
	    "gmail.dmarc.rua yahoo.dmarc.rua" },
	{ "two DMARC records",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": null, \"record\": null, \"p_tag\": null, \"records_found\": 2, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"external_reports\": [], \"author_domains\": [\"d\"], \"problems\": []}}",
	    "gmail.dmarc.record yahoo.dmarc.record standards.dmarc.one_record" },
	{ "a mistake in DMARC",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"external_reports\": [], \"author_domains\": [\"d\"], \"problems\": [{\"code\": \"dmarc.no-semicolon\", \"detail\": \"x\"}]}}",
	    "standards.dmarc.syntax" },
	{ "the same in the record of a domain above",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.e\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"external_reports\": [], \"author_domains\": [\"d\"], \"problems\": [{\"code\": \"dmarc.no-semicolon\", \"detail\": \"x\"}]}}",
	    "" },
	{ "pct in DMARC",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"external_reports\": [], \"author_domains\": [\"d\"], \"problems\": [{\"code\": \"dmarc.obsolete-tag\", \"detail\": \"x\"}]}}",
	    "standards.dmarc.removed_tags" },
	{ "sp that has no effect",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"external_reports\": [], \"author_domains\": [\"d\"], \"problems\": [{\"code\": \"dmarc.sp-no-effect\", \"detail\": \"x\"}]}}",
	    "standards.dmarc.subdomains" },
	{ "two ways to two policies",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": false, \"external_reports\": [], \"author_domains\": [\"d\"], \"problems\": []}}",
	    "standards.dmarc.methods" },
	{ "reports to who has not agreed",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"external_reports\": [{\"authorized\": true}, {\"authorized\": false}], \"author_domains\": [\"d\"], \"problems\": []}}",
	    "standards.dmarc.external_reports" },
	{ "reports to who may have agreed",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"external_reports\": [{\"authorized\": true}, {}], \"author_domains\": [\"d\"], \"problems\": []}}",
	    "" },
	{ "From of two domains",
	    "{\"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"external_reports\": [], \"author_domains\": [\"d\", \"e\"], \"problems\": []}}",
	    "standards.dmarc.author" },
	{ "a record at a wrong name",
	    "{\"misplaced\": {\"names\": [{\"misplaced\": true, \"left_over\": false}, {}]}}",
	    "standards.misplaced.names" },
	{ "a record that is left over",
	    "{\"misplaced\": {\"names\": [{\"misplaced\": false, \"left_over\": true}]}}",
	    "standards.misplaced.left_over" },
	{ "DKIM that is right",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": []}}",
	    "" },
	{ "no signature",
	    "{\"dkim\": {\"pass\": false, \"signatures\": [], \"keys\": [], \"problems\": [{\"code\": \"dkim.unsigned\"}]}}",
	    "gmail.auth.dkim yahoo.auth.dkim" },
	{ "a signature that fails",
	    "{\"dkim\": {\"pass\": false, \"signatures\": [{\"pass\": false, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": [{\"code\": \"dkim.body-changed\"}]}}",
	    "gmail.auth.dkim yahoo.auth.dkim" },
	{ "a key that was lost",
	    "{\"dkim\": {\"signatures\": [{\"aligned\": true}], \"keys\": [{}], \"problems\": []}}",
	    "" },
	{ "a key of 512 bits",
	    "{\"dkim\": {\"pass\": false, \"signatures\": [{\"pass\": false, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 512, \"testing\": false}], \"problems\": [{\"code\": \"dkim.key-too-short\"}]}}",
	    "gmail.auth.dkim gmail.dkim.keysize yahoo.auth.dkim yahoo.dkim.keysize" },
	{ "a key of 1024 bits",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 1024, \"testing\": false}], \"problems\": [{\"code\": \"dkim.key-weak\"}]}}",
	    "gmail.dkim.keysize2048 yahoo.dkim.keysize2048" },
	{ "a key of Ed25519 beside it",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}, {\"present\": true, \"type\": \"ed25519\", \"bits\": 256, \"testing\": false}], \"problems\": []}}", "" },
	{ "a key that cannot be read",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": null, \"testing\": false}], \"problems\": [{\"code\": \"dkim.key-syntax\"}]}}",
	    "standards.dkim.key_record" },
	{ "a selector without a key",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": false, \"type\": null, \"bits\": null, \"testing\": null}], \"problems\": [{\"code\": \"dkim.key-missing\"}]}}",
	    "standards.dkim.key_record" },
	{ "a key that is being tested",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": true}], \"problems\": [{\"code\": \"dkim.key-testing\"}]}}",
	    "standards.dkim.testing" },
	{ "Ed25519 alone",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"ed25519-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": [{\"code\": \"dkim.ed25519-alone\"}]}}",
	    "gmail.dkim.ed25519 yahoo.dkim.ed25519" },
	{ "Ed25519 and RSA",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}, {\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"ed25519-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": []}}", "" },
	{ "an aligned signature that fails beside one that passes",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}, {\"pass\": false, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": []}}",
	    "yahoo.dkim.all_aligned_pass" },
	{ "another's that fails beside one that passes",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}, {\"pass\": false, \"result\": \"pass\", \"reason\": null, \"aligned\": false, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": []}}",
	    "" },
	{ "rsa-sha1",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}, {\"pass\": false, \"result\": \"pass\", \"reason\": \"algorithm-sha1\", \"aligned\": false, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": []}}",
	    "standards.dkim.sha1" },
	{ "l=",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": 9, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": []}}", "standards.dkim.body_length" },
	{ "a Subject that is not signed",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": [{\"code\": \"dkim.not-covered\"}]}}",
	    "standards.dkim.coverage" },
	{ "From that is not oversigned",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": [{\"code\": \"dkim.from-not-oversigned\"}]}}",
	    "standards.dkim.oversigning" },
	{ "a signature that ends tomorrow",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": \"2026-12-01T00:00:00Z\"}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": [{\"code\": \"dkim.expires-soon\"}]}}",
	    "standards.dkim.expiry" },
	{ "a signature that never ends",
	    "{\"dkim\": {\"pass\": true, \"signatures\": [{\"pass\": true, \"result\": \"pass\", \"reason\": null, \"aligned\": true, \"algorithm\": \"rsa-sha256\", \"body_length\": null, \"expires\": null}], \"keys\": [{\"present\": true, \"type\": \"rsa\", \"bits\": 2048, \"testing\": false}], \"problems\": []}}",
	    "standards.dkim.replay" },
	{ "one figure of 0.3 % for all",
	    "{\"spam_rate\": {\"given\": [\"gmail\", \"yahoo\"],"
	    " \"gmail\": {\"percent\": 0.3, \"days\": null,"
	    " \"days_above_0_3\": null, \"days_below_0_3_run\": null},"
	    " \"yahoo\": {\"percent\": 0.3}}}",
	    "gmail.spamrate.max gmail.spamrate.target yahoo.spamrate" },
	{ "one figure under 0.3 %",
	    "{\"spam_rate\": {\"given\": [\"gmail\"],"
	    " \"gmail\": {\"percent\": 0.2999, \"days\": null,"
	    " \"days_above_0_3\": null, \"days_below_0_3_run\": null}}}",
	    "gmail.spamrate.target" },
	{ "a mean of 0.3 % without a week below",
	    "{\"spam_rate\": {\"given\": [\"gmail\"], \"gmail\":"
	    " {\"percent\": 0.05, \"days\": 9, \"days_above_0_3\": 1,"
	    " \"days_below_0_3_run\": 6}}}",
	    "gmail.spamrate.max" },
	{ "what Postmaster Tools tell",
	    "{\"spam_rate\": {\"given\": []}, \"postmaster\":"
	    " {\"spam_rate\": {\"percent\": 0.2, \"week_worst_percent\":"
	    " 0.31}}}",
	    "gmail.spamrate.max gmail.spamrate.target" },
	{ "what Postmaster Tools tell beside what is given",
	    "{\"spam_rate\": {\"given\": [\"gmail\"], \"gmail\":"
	    " {\"percent\": 0.05, \"days\": 9, \"days_above_0_3\": 0,"
	    " \"days_below_0_3_run\": 9}}, \"postmaster\": {\"spam_rate\":"
	    " {\"percent\": 0.2, \"week_worst_percent\": 0.31}}}",
	    "" },
	{ "neither MTA-STS, TLS-RPT nor DANE",
	    "{\"mta_sts\": {\"record\": null, \"policy\": null, \"valid\":"
	    " null}, \"tls_rpt\": {\"record\": null, \"valid\": null},"
	    " \"dane\": {\"published\": false, \"hosts\": []}}",
	    "" },
};

/* The packs that all others are made after; theirs are in tests/cases/rules. */
static bool
is_of_the_first(const struct rule *x)
{
	return slice_eq(x->provider, SLICE_LIT("gmail")) ||
	       slice_eq(x->provider, SLICE_LIT("yahoo")) ||
	       slice_eq(x->provider, SLICE_LIT("standards"));
}

static bool
fails(const struct rule *x, const json_t *facts)
{
	if (!is_of_the_first(x))
		return false;
	if (x->when != NULL && expr_eval(x->when, facts, NULL) != TRUTH_TRUE)
		return false;
	return x->require != NULL &&
	       expr_eval(x->require, facts, NULL) == TRUTH_FALSE;
}

static void
a_fault_fails_the_rules_that_are_about_it(void **state)
{
	const struct rules *r = *state;
	char got[1024];

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		json_t *facts = json_loads(faults[i].facts, 0, NULL);
		size_t n = 0;

		assert_non_null(facts);
		got[0] = '\0';
		for (size_t k = 0; k < r->n; k++) {
			if (!fails(r->rules[k], facts))
				continue;
			n +=
			    (size_t)snprintf(got + n, sizeof(got) - n, "%s%.*s",
				n > 0 ? " " : "", SLICE_FMT(r->rules[k]->id));
		}
		json_decref(facts);
		if (strcmp(got, faults[i].failed) != 0)
			fail_msg("%s: \"%s\"", faults[i].name, got);
	}
}

static bool
is_advice(const struct rule *x)
{
	return slice_eq(x->provider, SLICE_LIT("standards"));
}

static bool
same_text(const struct template *a, const struct template *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return slice_eq(template_source(a), template_source(b));
}

static bool
same_records(const struct rule *x, const struct rule *y)
{
	for (size_t i = 0; i < x->n_records && i < y->n_records; i++) {
		if (!same_text(x->records[i].name, y->records[i].name) ||
		    !same_text(x->records[i].value, y->records[i].value) ||
		    !slice_eq(x->records[i].type, y->records[i].type))
			return false;
	}
	return x->n_records == y->n_records;
}

static void
what_is_right_passes(void **state)
{
	static const char right[] =
	    "{\"hops\": {\"indirect\": true}, \"helo\": {\"fqdn\": true, \"host\": \"m.d\"}, \"dkim\": {\"pass\": true}, \"spf\": {\"domain\": \"d\", \"records_found\": 1, \"tree\": [], \"pass\": true, \"helo_pass\": true, \"lookups\": 10, \"void_lookups\": 2, \"all\": \"~\", \"problems\": [{\"code\": \"spf.type99\", \"severity\": \"advice\"}]}, \"dmarc\": {\"name\": \"_dmarc.d\", \"location\": \"_dmarc.d\", \"record\": \"v=DMARC1; p=none; rua=mailto:a@d\", \"p_tag\": \"none\", \"records_found\": 1, \"rua\": [\"mailto:a@d\"], \"methods_agree\": true, \"aligned_spf\": true, \"aligned_dkim\": true, \"external_reports\": [{\"authorized\": true}], \"author_domains\": [\"d\"], \"problems\": []}, \"misplaced\": {\"names\": [{\"misplaced\": false, \"left_over\": false}]}}";
	const struct rules *r = *state;
	json_t *facts = json_loads(right, 0, NULL);
	size_t n = 0;

	assert_non_null(facts);
	for (size_t i = 0; i < r->n; i++) {
		const struct rule *x = r->rules[i];

		if (!is_of_the_first(x))
			continue;
		if (!slice_eq(x->check, SLICE_LIT("spf")) &&
		    !slice_eq(x->check, SLICE_LIT("dmarc")) &&
		    !slice_eq(x->check, SLICE_LIT("misplaced")))
			continue;
		n++;
		if (x->when != NULL)
			assert_int_equal(expr_eval(x->when, facts, NULL),
			    TRUTH_TRUE);
		if (expr_eval(x->require, facts, NULL) != TRUTH_TRUE)
			fail_msg("%.*s", SLICE_FMT(x->id));
	}
	assert_true(n > 25);
	json_decref(facts);
}

/* So that a report says it once. */
static void
what_several_ask_for_is_one_deed(void **state)
{
	const struct rules *r = *state;
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct rule *x = r->rules[i], *y = NULL;

		for (size_t k = 0; k < i && y == NULL; k++) {
			if (slice_eq(r->rules[k]->title, x->title))
				y = r->rules[k];
		}
		if (y == NULL || is_advice(x) || is_advice(y))
			continue;
		n++;
		if (!slice_eq(x->check, y->check) ||
		    !slice_eq(x->requirement, y->requirement) ||
		    !same_text(x->fix, y->fix) || !same_records(x, y))
			fail_msg("%.*s and %.*s", SLICE_FMT(y->id),
			    SLICE_FMT(x->id));
	}
	assert_true(n > 60);
}

static void
nothing_known_is_neither_pass_nor_fail(void **state)
{
	const struct rules *r = *state;
	json_t *facts = json_object();

	for (size_t i = 0; i < r->n; i++) {
		const struct rule *x = r->rules[i];
		json_t *absent;

		/* Only an answer of its sender tells. */
		if (x->when == NULL && x->require == NULL)
			continue;
		absent = json_array();
		assert_int_equal(expr_eval(x->when != NULL ? x->when
							   : x->require,
				     facts, absent),
		    TRUTH_UNKNOWN);
		assert_true(json_array_size(absent) > 0);
		json_decref(absent);
	}
	json_decref(facts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_has_all_its_fields),
		cmocka_unit_test(the_rules_that_others_name_are_there),
		cmocka_unit_test(standards_only_advise),
		cmocka_unit_test(a_fault_fails_the_rules_that_are_about_it),
		cmocka_unit_test(what_is_right_passes),
		cmocka_unit_test(what_several_ask_for_is_one_deed),
		cmocka_unit_test(nothing_known_is_neither_pass_nor_fail),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
