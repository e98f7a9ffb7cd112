#include "checks/check.h"
#include "checks/table.h"
#include "checks/unsubscribe/unsubscribe_body.h"
#include "checks/unsubscribe/unsubscribe_endpoint.h"
#include "checks/unsubscribe/unsubscribe_fields.h"
#include "checks/unsubscribe/unsubscribe_signed.h"
#include "message/message.h"

/*
 * How one gets off the list: List-Unsubscribe (RFC 2369) and
 * List-Unsubscribe-Post (RFC 8058), whether DKIM covers them, a link in the
 * body, and what the one-click POST does if the user wants it sent.
 */

static const struct fact_doc unsubscribe_facts[] = {
	{ "list_unsubscribe", "text",
	    "the List-Unsubscribe field, unfolded; the first, if there are "
	    "several; null: there is none" },
	{ "list_unsubscribe_post", "text",
	    "the List-Unsubscribe-Post field likewise; null: there is none" },
	{ "https_uri", "text",
	    "the first https URI in List-Unsubscribe; null: none" },
	{ "mailto_uri", "text",
	    "the first mailto URI in List-Unsubscribe; null: none" },
	{ "suggested", "text",
	    "List-Unsubscribe as it should be: the https URI that it has (of "
	    "an http one, or made up, with TOKEN, if there is none), and its "
	    "mailto URI" },
	{ "suggested_h", "text",
	    "what h= of the DKIM signature should name: what it names, and "
	    "both fields" },
	{ "header_pair", "bool",
	    "the pair is right by RFC 8058 3.1: one field of each; exactly one "
	    "https URI, no http URI; and the Post field says "
	    "List-Unsubscribe=One-Click" },
	{ "token", "bool",
	    "something in the https URI seems to tell who is to be "
	    "unsubscribed; null: there is none" },
	{ "dkim_covers", "bool",
	    "a DKIM signature that passes covers both fields, all of each" },
	{ "dkim_covers_aligned", "bool",
	    "and it is aligned with the From domain" },
	{ "one_click", "bool", "all of RFC 8058: header_pair and dkim_covers" },
	{ "body_link", "text",
	    "the link in the body by which to unsubscribe, or to choose what "
	    "to get; null: none that is shown" },
	{ "body_link_by", "uri|words|target|context|preferences",
	    "what shows that it is one: uri (it is that of List-Unsubscribe), "
	    "words (in its text), target (in the URI), context (in the text "
	    "around it), preferences (words for a page where one may choose); "
	    "null: no link" },
	{ "probed", "bool",
	    "--probe-unsubscribe was given, and the fields allow the POST" },
	{ "endpoint", "object",
	    "what the one-click POST came to, with --probe-unsubscribe; null: "
	    "the fields allow none" },
	{ "endpoint.url", "text", "where it was sent to" },
	{ "endpoint.sent", "bool", "the POST went out" },
	{ "endpoint.status", "number",
	    "the HTTP status that came back; null: there is no such host" },
	{ "endpoint.answered", "bool", "it is 2xx: unsubscribed" },
	{ "endpoint.redirected", "bool",
	    "it is 3xx: RFC 8058 3.1 forbids it, and it was not followed" },
	{ "endpoint.location", "text", "where to; null: nowhere" },
	{ "endpoint.tls_trusted", "bool",
	    "its certificate is good at the time of the audit; null: there is "
	    "no such host" },
	{ "endpoint.certificate_error", "text", "why not; null: it is" },
	{ "endpoint.fault", "text",
	    "half a sentence on what is wrong with the answer; null: nothing" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "unsubscribe.*",
	    "stable: unsubscribe.missing, unsubscribe.post-missing, "
	    "unsubscribe.post-value, unsubscribe.post-alone, "
	    "unsubscribe.no-https, unsubscribe.http, "
	    "unsubscribe.several-https, unsubscribe.duplicate-header, "
	    "unsubscribe.no-brackets, unsubscribe.unclosed, "
	    "unsubscribe.bad-uri, unsubscribe.trailing-text, "
	    "unsubscribe.comment-ignored, unsubscribe.encoded-word, "
	    "unsubscribe.space-in-uri, unsubscribe.private-host, "
	    "unsubscribe.ip-host, unsubscribe.bad-host, unsubscribe.userinfo, "
	    "unsubscribe.port, unsubscribe.fragment, unsubscribe.no-token, "
	    "unsubscribe.not-signed, unsubscribe.half-signed, "
	    "unsubscribe.signature-fails, unsubscribe.unaligned-signature, "
	    "unsubscribe.body-missing, unsubscribe.body-hidden" },
	{ "problems[].severity", "error|warning",
	    "error: unsubscribing does not work so; warning: not with all" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

static void
text_or_null(json_t *facts, const char *key, struct slice text)
{
	if (text.p != NULL)
		check_fact_text(facts, key, text);
	else
		check_fact_null(facts, key);
}

static void
report_fields(struct check_run *run, const struct unsubscribe_fields *f)
{
	json_t *facts = run->facts;

	text_or_null(facts, "list_unsubscribe", f->list);
	text_or_null(facts, "list_unsubscribe_post", f->post);
	text_or_null(facts, "https_uri", f->https);
	text_or_null(facts, "mailto_uri", f->mailto);
	check_fact_text(facts, "suggested", unsubscribe_suggest(run, f));
	check_fact_bool(facts, "header_pair", f->pair);
	if (f->https.p != NULL)
		check_fact_bool(facts, "token", f->token);
	else
		check_fact_null(facts, "token");
}

static enum rc
unsubscribe_run(struct check_run *run)
{
	const struct message *m = run->subject->message;
	struct unsubscribe_fields f;
	enum rc rc;

	if (m == NULL) {
		check_gap(run, "", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message"));
		return RC_OK;
	}
	if (m->too_many) {
		check_gap(run, "", CAUSE_LIMIT,
		    SLICE_LIT("the message has too many header fields"));
		return RC_OK;
	}
	(void)json_object_set_new(run->facts, "problems", json_array());
	unsubscribe_fields_read(run, &f);
	report_fields(run, &f);
	rc = unsubscribe_signed(run, &f);
	if (!rc)
		rc = unsubscribe_body(run, &f);
	if (!rc)
		rc = unsubscribe_endpoint(run, &f);
	if (!rc && arena_failed(run->arena))
		rc = RC_LIMIT;
	return rc;
}

const struct check check_unsubscribe = {
	.name = "unsubscribe",
	.summary = "one-click unsubscribing, and the link in the body",
	.standards = "RFC 2369, RFC 8058",
	.facts = unsubscribe_facts,
	.run = unsubscribe_run,
};
