#include "audit/views/html_parts.h"
#include "audit/views/html_style.h"

/* ---- the page ---------------------------------------------------------- */

static void
put_style(struct html *h)
{
	html_put(h, "<style>");
	buf_add(h->out, slice_of(style_files[0].text, style_files[0].size));
	html_put(h, "</style>\n");
}

void
html_page_begin(struct html *h, const struct html_head *head)
{
	html_put(h,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; "
	    "style-src 'sha256-" HTML_STYLE_SHA256 "'; "
	    "base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	html_text(h, head->title);
	html_put(h, "</title>\n");
	put_style(h);
	html_put(h, "</head>\n<body>\n<a class=\"skip\" href=\"#main\">"
		    "Skip to the report</a>\n<header>\n<h1>");
	html_bdi(h, head->heading);
	html_put(h, "</h1>\n");
	if (head->more != NULL)
		head->more(h, head->ctx);
	html_put(h, "</header>\n<main id=\"main\">\n");
}

/* The packs that it was judged by. */
static void
show_pack(struct html *h, const json_t *pack)
{
	html_put(h, "<tr><th scope=\"row\">");
	html_bdi(h, view_text_of(pack, "name"));
	buf_printf(h->out, "</th><td class=\"n\">%lld</td><td>",
	    (long long)json_integer_value(json_object_get(pack, "rules")));
	html_text(h, view_text_of(pack, "oldest_checked"));
	html_line(h, " to ", view_text_of(pack, "checked"), "");
	html_put(h, "</td><td class=\"long\"><code>");
	html_text(h, view_text_of(pack, "sha256"));
	html_put(h, "</code></td></tr>\n");
}

static void
show_packs(struct html *h)
{
	const json_t *packs = json_object_get(h->run->header, "packs"), *pack;
	size_t i;

	if (json_array_size(packs) == 0)
		return;
	html_table_open(h, "Rule packs");
	html_put(h, "<thead><tr><th scope=\"col\">Pack</th>"
		    "<th scope=\"col\" class=\"n\">Rules</th>"
		    "<th scope=\"col\">Sources read</th>"
		    "<th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>");
	json_array_foreach(packs, i, pack)
	{
		show_pack(h, pack);
	}
	html_table_close(h);
}

void
html_page_end(struct html *h)
{
	const char *generator = view_text_of(h->run->header, "generator");
	const char *as_of = view_text_of(h->run->header, "as_of");

	html_put(h, "</main>\n<footer>\n<p>Made by ");
	html_text(h, *generator != '\0' ? generator : "presend");
	html_line(h, ", judged as of ", as_of, "");
	html_line(h, ", from a document of ",
	    view_text_of(h->run->header, "schema"), "");
	html_put(h, ".</p>\n");
	show_packs(h);
	html_put(h, "</footer>\n</body>\n</html>\n");
}

/* ---- one audit --------------------------------------------------------- */

const char *
html_subject_name(const json_t *audit)
{
	const json_t *subject = json_object_get(audit, "subject");
	const char *domain = view_text_of(subject, "domain");

	return *domain != '\0' ? domain : "(no domain)";
}

static void
show_lead(struct html *h)
{
	html_put(h,
	    "<p>An audit of a sender of mail: what providers of mailboxes "
	    "demand, and whether it is met.</p>\n");
}

void
html_subject(struct html *h, const json_t *audit)
{
	html_pairs_open(h);
	words_subject(h->run, json_object_get(audit, "subject"),
	    (struct word_sink){ html_pair, h });
	html_pairs_close(h);
}

static void
show_subject(struct html *h, void *audit)
{
	show_lead(h);
	html_subject(h, audit);
}

static void
audit_begin(struct view_run *run)
{
	run->rc = html_open(run->state, run);
}

static void
audit_item(struct view_run *run, const json_t *audit)
{
	struct html *h = run->state;
	struct html_audit a;
	const char *name = html_subject_name(audit);
	struct html_head head = {
		.title = arena_printf(run->arena, "%s: audit as of %s", name,
		    view_text_of(run->header, "as_of")),
		.heading = name,
		.more = show_subject,
		.ctx = (void *)(uintptr_t)audit,
	};

	(void)html_id(h, "main");
	html_page_begin(h, &head);
	html_audit_open(&a, h, audit);
	html_audit_show(&a);
}

static void
audit_end(struct view_run *run)
{
	struct html *h = run->state;

	/* A document without an audit is a page too. */
	if (run->items == 0)
		html_page_begin(h, &(struct html_head){ .title = "No audit",
				       .heading = "No audit" });
	html_page_end(h);
}

static void
audit_close(struct view_run *run)
{
	html_close(run->state);
}

const struct view_part html_of_audit = {
	.state = sizeof(struct html),
	.begin = audit_begin,
	.item = audit_item,
	.end = audit_end,
	.close = audit_close,
};
