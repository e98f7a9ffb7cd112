#include "base/limits.h"
#include "checks/check.h"
#include "checks/table.h"
#include "checks/tags.h"

/*
 * SMTP TLS Reporting, RFC 8460 3:
 *   tlsrpt-record  = tlsrpt-version 1*(field-delim tlsrpt-field)
 *                    [field-delim]
 *   field-delim    = *WSP ";" *WSP
 *   tlsrpt-version = %s"v=TLSRPTv1"
 *   tlsrpt-rua     = %s"rua=" tlsrpt-uri *(*WSP "," *WSP tlsrpt-uri)
 */

static const struct fact_doc tls_rpt_facts[] = {
	{ "name", "text", "where the record is looked for" },
	{ "record", "text",
	    "the only record; null: there is none, or there are several, which "
	    "counts as none (RFC 8460 3)" },
	{ "valid", "bool",
	    "there is exactly one record, and it is right; null: there is "
	    "none" },
	{ "rua", "list", "where reports go" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "tls_rpt.*",
	    "stable: tls_rpt.multiple-records, tls_rpt.bad-version, "
	    "tls_rpt.rua-missing, tls_rpt.rua-several, tls_rpt.rua-scheme, "
	    "tls_rpt.syntax" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

static const struct version tlsrpt_v1 = {
	.value = { (const unsigned char *)"TLSRPTv1", 8 },
};

static void
problem(struct check_run *run, const char *code, struct slice detail)
{
	check_problem(run->facts, "problems", code, detail);
}

/* False: a target that is neither mailto nor https. */
static bool
read_rua(struct check_run *run, struct slice value)
{
	json_t *rua = json_object_get(run->facts, "rua");
	struct slice uri;
	bool right = true;

	while (list_next(&value, &uri)) {
		(void)json_array_append_new(rua, check_json(uri));
		/* "!" must be percent-encoded here. */
		if ((uri_is_mailto(uri) || uri_is_https(uri)) &&
		    slice_find(uri, SLICE_LIT("!")) == SIZE_MAX)
			continue;
		problem(run, "tls_rpt.rua-scheme", uri);
		right = false;
	}
	return right;
}

static bool
read_record(struct check_run *run, struct slice text)
{
	size_t ruas = 0;
	bool right = true;
	struct tag t;

	/* The version, which stands there: versioned_find() saw it. */
	(void)tag_next(&text, &t);
	if (!slice_eq(t.value, tlsrpt_v1.value)) {
		problem(run, "tls_rpt.syntax", t.value);
		right = false;
	}
	while (tag_next(&text, &t)) {
		if (t.malformed) {
			problem(run, "tls_rpt.syntax", t.name);
			right = false;
		} else if (slice_eq(t.name, SLICE_LIT("rua"))) {
			ruas++;
			right = read_rua(run, t.value) && right;
		}
	}
	if (json_array_size(json_object_get(run->facts, "rua")) == 0)
		problem(run, "tls_rpt.rua-missing",
		    SLICE_LIT("the record names no rua"));
	if (ruas > 1)
		problem(run, "tls_rpt.rua-several",
		    arena_slicef(run->arena, "%zu rua fields", ruas));
	return right && ruas == 1 &&
	       json_array_size(json_object_get(run->facts, "rua")) > 0;
}

static void
judge(struct check_run *run, const struct answer *a)
{
	struct versioned v = versioned_find(run, a, &tlsrpt_v1);
	json_t *facts = run->facts;

	(void)json_object_set_new(facts, "rua", json_array());
	(void)json_object_set_new(facts, "problems", json_array());
	if (v.found == 1) {
		check_fact_text(facts, "record", v.text);
		check_fact_bool(facts, "valid", read_record(run, v.text));
		return;
	}
	check_fact_null(facts, "record");
	if (v.found > 1) {
		check_fact_bool(facts, "valid", false);
		problem(run, "tls_rpt.multiple-records",
		    arena_slicef(run->arena, "%zu records", v.found));
	} else {
		check_fact_null(facts, "valid");
	}
	if (v.near.p != NULL)
		problem(run, "tls_rpt.bad-version", v.near);
}

static enum rc
tls_rpt_run(struct check_run *run)
{
	struct slice name = arena_slicef(run->arena, "_smtp._tls.%.*s",
	    SLICE_FMT(run->subject->domain));
	const struct answer *a;

	if (arena_failed(run->arena))
		return RC_LIMIT;
	a = check_ask_dns(run, name, DNS_TXT);
	check_fact_text(run->facts, "name", name);
	if (a == NULL)
		return RC_OK;
	if (answer_known(a))
		judge(run, a);
	else
		check_gap_answer(run, "", a,
		    arena_slicef(run->arena, "%.*s TXT", SLICE_FMT(name)));
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_tls_rpt = {
	.name = "tls_rpt",
	.summary = "where TLS failures are to be reported",
	.standards = "RFC 8460 3",
	.facts = tls_rpt_facts,
	.run = tls_rpt_run,
};
