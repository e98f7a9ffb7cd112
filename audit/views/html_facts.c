#include "audit/views/html_parts.h"

#include "audit/views/html_tables.h"
#include "base/limits.h"

/* What was measured, a fold for each standard. */

/* ---- facts with a label ------------------------------------------------ */

struct labelled {
	const char *label;
	const char *path; /* of the check's facts */
};

/* What is not known is absent, and what does not exist null. */
static const char *
value_text(struct html *h, const json_t *value)
{
	struct row row = { .arena = h->rows };
	struct cell cell;

	if (value == NULL)
		return "not known";
	table_cell(&row, value, CELL_TEXT, &cell);
	switch (cell.kind) {
	case CELL_NONE:
		break;
	case CELL_NUMBER:
		return arena_printf(h->rows, "%lld", (long long)cell.number);
	case CELL_REAL:
		return arena_printf(h->rows, "%.6g", cell.real);
	case CELL_FLAG:
		return cell.number ? "yes" : "no";
	case CELL_TEXT:
	case CELL_TIME:
	case CELL_DAY:
	case CELL_LINK:
		return (const char *)cell.text.p;
	}
	return "none";
}

static void
show_facts(struct html *h, const json_t *facts, const struct labelled *list)
{
	html_pairs_open(h);
	for (size_t i = 0; list[i].label != NULL; i++) {
		struct row row = { .value = facts };
		const char *text;

		arena_reset(h->rows);
		text = value_text(h, table_value(&row, list[i].path));
		if (text != NULL)
			html_pair(h, list[i].label, text);
	}
	html_pairs_close(h);
}

static void
show_table(struct html_audit *a, const struct table *table, const char *caption)
{
	(void)html_table(a->html, &(struct html_table){ table, NULL, caption },
	    a->audit);
}

/* What is wrong there, in the words of the check. */
static void
show_problems(struct html_audit *a, const json_t *facts)
{
	struct html *h = a->html;
	const json_t *problem;
	bool begun = false;
	size_t i;

	json_array_foreach(json_object_get(facts, "problems"), i, problem)
	{
		const char *detail = view_text_of(problem, "detail");

		if (*detail == '\0')
			continue;
		html_put(h, begun ? "" : "<ul>\n");
		begun = true;
		html_put(h, "<li>");
		html_line(h, "<strong>", view_text_of(problem, "severity"),
		    "</strong>: ");
		html_text(h, detail);
		html_put(h, "</li>\n");
	}
	html_put(h, begun ? "</ul>\n" : "");
}

/* ---- SPF --------------------------------------------------------------- */

static void
line_open(struct html *h, const json_t *row, long long count)
{
	html_put(h, "<tr><td class=\"n\">");
	if (count >= 0)
		buf_printf(h->out, "%lld", count);
	buf_printf(h->out, "</td><td class=\"d%zu\">", spf_line_depth(row));
}

static void
lines_open(struct html *h, const char *caption)
{
	html_table_open(h, caption);
	html_put(h, "<thead><tr><th scope=\"col\" class=\"n\">Lookups</th>"
		    "<th scope=\"col\">Step</th></tr></thead>\n<tbody>");
}

static void
show_trace(struct html *h, const json_t *spf)
{
	const json_t *e = spf_evaluation(spf), *step, *before = NULL;
	const json_t *trace = json_object_get(e, "trace");
	const char *title;
	size_t i;

	if (json_array_size(trace) == 0)
		return;
	spf_trace_title(html_words(h), e);
	title = arena_printf(h->run->arena, "%.*s",
	    SLICE_FMT(buf_slice(&h->words)));
	lines_open(h, title != NULL ? title : "");
	json_array_foreach(trace, i, step)
	{
		long long count = spf_step_text(html_words(h), step, before);

		line_open(h, step, count);
		html_say(h);
		html_put(h, "</td></tr>\n");
		before = step;
	}
	html_table_close(h);
}

static void
show_tree(struct html *h, const json_t *spf)
{
	const json_t *row, *tree = json_object_get(spf, "tree");
	bool begun = false;
	size_t i;

	json_array_foreach(tree, i, row)
	{
		long long count;

		if (!spf_row_shown(row))
			continue;
		if (!begun)
			lines_open(h, spf_tree_title);
		begun = true;
		count = spf_row_text(html_words(h), row);
		line_open(h, row, count);
		html_say(h);
		html_put(h, "</td></tr>\n");
	}
	if (begun)
		html_table_close(h);
}

static void
show_spf(struct html_audit *a, const json_t *facts)
{
	static const struct labelled list[] = {
		{ "Domain", "domain" },
		{ "Record", "record" },
		{ "Result", "result" },
		{ "Because", "reason" },
		{ "Lookups at worst", "lookups" },
		{ "Void lookups", "void_lookups" },
		{ "Result for HELO", "helo_result" },
		{ NULL, NULL },
	};

	show_facts(a->html, facts, list);
	show_problems(a, facts);
	show_trace(a->html, facts);
	show_tree(a->html, facts);
}

/* ---- the others -------------------------------------------------------- */

static void
show_dkim(struct html_audit *a, const json_t *facts)
{
	static const struct labelled list[] = {
		{ "Result", "result" },
		{ NULL, NULL },
	};

	show_facts(a->html, facts, list);
	show_table(a, &html_signatures, "Signatures of the sample");
	show_table(a, &html_keys, "Keys in DNS");
	show_problems(a, facts);
}

static void
show_dmarc(struct html_audit *a, const json_t *facts)
{
	static const struct labelled list[] = {
		{ "Record", "record" },
		{ "Found at", "location" },
		{ "Policy that applies", "policy" },
		{ "Result", "result" },
		{ "SPF is aligned", "aligned_spf" },
		{ "DKIM is aligned", "aligned_dkim" },
		{ "Organizational domain by tree walk",
		    "organizational_domain.tree_walk" },
		{ "Organizational domain by public suffix list",
		    "organizational_domain.psl" },
		{ "Reports go to", "rua" },
		{ NULL, NULL },
	};

	show_facts(a->html, facts, list);
	show_problems(a, facts);
	show_table(a, &html_reports, "Reports to other domains");
}

static void
show_tls(struct html_audit *a, const json_t *facts)
{
	static const struct labelled list[] = {
		{ "The sample came by TLS", "message_over_tls" },
		{ "By version", "message_tls.version" },
		{ NULL, NULL },
	};
	static const struct labelled sts[] = {
		{ "MTA-STS record", "record" },
		{ "MTA-STS mode", "mode" },
		{ NULL, NULL },
	};
	static const struct labelled rpt[] = {
		{ "TLS report record", "record" },
		{ NULL, NULL },
	};

	show_facts(a->html, facts, list);
	show_table(a, &html_hosts, "Mail hosts and TLS");
	show_facts(a->html, html_fact(a, "mta_sts"), sts);
	show_problems(a, html_fact(a, "mta_sts"));
	show_facts(a->html, html_fact(a, "tls_rpt"), rpt);
	show_problems(a, html_fact(a, "tls_rpt"));
}

static void
show_ptr(struct html_audit *a, const json_t *facts)
{
	static const struct labelled helo[] = {
		{ "HELO", "name" },
		{ "HELO name resolves", "resolves" },
		{ "and leads to the address", "matches_ip" },
		{ NULL, NULL },
	};

	show_table(a, &html_addresses, "Sending addresses and reverse DNS");
	show_problems(a, facts);
	show_facts(a->html, html_fact(a, "helo"), helo);
}

static void
show_mx(struct html_audit *a, const json_t *facts)
{
	show_table(a, &html_mx, "Hosts that take mail");
	show_problems(a, facts);
}

static void
show_unsubscribe(struct html_audit *a, const json_t *facts)
{
	static const struct labelled list[] = {
		{ "List-Unsubscribe", "list_unsubscribe" },
		{ "List-Unsubscribe-Post", "list_unsubscribe_post" },
		{ "One click works", "one_click" },
		{ "Both headers are signed", "dkim_covers" },
		{ "Link in the body", "body_link" },
		{ NULL, NULL },
	};

	show_facts(a->html, facts, list);
	show_problems(a, facts);
}

static void
hop_line(void *html, const char *mark, const char *text)
{
	struct html *h = html;

	html_put(h, strchr(mark, '!') != NULL ? "<li class=\"bad\">" : "<li>");
	if (*mark == '>')
		html_put(h, "The last hop before the receiver ");
	html_text(h, text);
	html_put(h, "</li>\n");
}

static void
show_hops(struct html_audit *a, const json_t *facts)
{
	struct html *h = a->html;

	show_table(a, &html_hops, "From the first server to the last");
	(void)facts;
	html_put(h, "<ul>\n");
	hops_each(a->audit, (struct word_sink){ hop_line, h });
	html_put(h, "</ul>\n");
}

static void
show_receiver(struct html_audit *a, const json_t *facts)
{
	(void)facts;
	show_table(a, &html_receiver,
	    "What the receiver said, and what we say");
}

static void
show_zone(struct html_audit *a, const json_t *facts)
{
	struct html *h = a->html;

	if (json_is_true(json_object_get(facts, "agrees")))
		html_line(h, "<p>", zone_agrees_text, "</p>\n");
	html_line(h, "<p>", view_text_of(facts, "where"), "</p>\n");
	show_table(a, &html_zone_missing,
	    "In the file, and not in public DNS; paste it there");
	show_table(a, &html_zone_differs,
	    "Another in public DNS than in the file");
}

static void
show_servers(struct html_audit *a, const json_t *facts)
{
	(void)facts;
	show_table(a, &html_servers, "The name servers, one by one");
	show_table(a, &html_differences, "Where they differ");
}

static void
show_postmaster(struct html_audit *a, const json_t *facts)
{
	(void)facts;
	show_table(a, &html_google, "What Google says, and what we say");
	show_table(a, &html_figures, "Google's figures");
}

/* ---- all --------------------------------------------------------------- */

/* Of these one is not empty, or the check has nothing to show. */
static const struct fold {
	const char *check;
	const char *title;
	void (*show)(struct html_audit *, const json_t *facts);
	const char *needs[3];
} folds[] = {
	{ "spf", "SPF", show_spf, { "result", "record", "tree" } },
	{ "dkim", "DKIM", show_dkim, { "result", "signatures", "keys" } },
	{ "dmarc", "DMARC", show_dmarc, { "result", "record", "problems" } },
	{ "ptr", "Addresses", show_ptr, { "ips", NULL, NULL } },
	{ "mx", "Hosts that take mail", show_mx,
	    { "hosts", "problems", NULL } },
	{ "tls", "TLS", show_tls, { "hosts", "message_over_tls", NULL } },
	{ "unsubscribe", "Unsubscribing", show_unsubscribe,
	    { "one_click", "list_unsubscribe", NULL } },
	{ "hops", "The way of the message", show_hops,
	    { "chain", "problems", NULL } },
	{ "receiver", "What the receiver said", show_receiver,
	    { "results", NULL, NULL } },
	{ "zone", "Your zone file, and public DNS", show_zone,
	    { "file", NULL, NULL } },
	{ "authoritative", "The name servers", show_servers,
	    { "servers", NULL, NULL } },
	{ "postmaster", "Google's own view", show_postmaster,
	    { "spam_rate", "auth", "compliance" } },
};

enum { N_FOLDS = sizeof(folds) / sizeof(folds[0]) };

static bool
is_something(const json_t *value)
{
	return value != NULL && !json_is_null(value) &&
	       (!json_is_array(value) || json_array_size(value) > 0);
}

static bool
fold_wanted(const struct html_audit *a, const struct fold *f)
{
	const json_t *facts = html_fact(a, f->check);

	for (size_t i = 0; i < 3 && f->needs[i] != NULL; i++) {
		if (is_something(json_object_get(facts, f->needs[i])))
			return true;
	}
	return false;
}

bool
html_measured_wanted(const struct html_audit *a)
{
	for (size_t i = 0; i < N_FOLDS; i++) {
		if (fold_wanted(a, &folds[i]))
			return true;
	}
	return false;
}

/* The fold's first word after its name: how it came out. */
static void
show_result(struct html *h, const json_t *facts)
{
	const char *result = view_text_of(facts, "result");

	if (*result == '\0')
		return;
	html_put(h, ": ");
	html_bdi(h, result);
}

void
html_measured_show(struct html_audit *a)
{
	struct html *h = a->html;

	for (size_t i = 0; i < N_FOLDS; i++) {
		const json_t *facts = html_fact(a, folds[i].check);

		if (!fold_wanted(a, &folds[i]))
			continue;
		html_fold_open(h);
		html_line(h, "<strong>", folds[i].title, "</strong>");
		show_result(h, facts);
		html_fold_body(h);
		folds[i].show(a, facts);
		html_fold_close(h);
	}
}
