#include "checks/blocklist/blocklist_names.h"

#include "base/domain.h"
#include "base/suffix.h"
#include "checks/content.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/html.h"
#include "checks/links.h"

const char *
blocklist_role_name(enum blocklist_role role)
{
	static const char *const names[] = {
		[BLOCKLIST_FROM] = "from",
		[BLOCKLIST_MAIL_FROM] = "mail_from",
		[BLOCKLIST_HELO] = "helo",
		[BLOCKLIST_DKIM] = "dkim",
		[BLOCKLIST_LINK] = "link",
		[BLOCKLIST_ROLES] = "",
	};

	return names[role];
}

static void
cut(struct blocklist_names *names, enum cause cause, const char *why)
{
	if (names->cut != NULL)
		return;
	names->cut = why;
	names->cause = cause;
}

static void
add_one(struct blocklist_names *names, struct slice name,
    enum blocklist_role role)
{
	size_t i = 0;

	while (i < names->n && !slice_eq(names->list[i].name, name))
		i++;
	if (i == LIMIT_BLOCKLIST_NAMES) {
		cut(names, CAUSE_LIMIT, "the message has more domains");
		return;
	}
	if (i == names->n)
		names->list[names->n++] =
		    (struct blocklist_name){ .name = name };
	names->list[i].roles[role] = true;
}

/* What is no host name, such as an address, no domain list holds. */
static void
add(struct check_run *run, struct blocklist_names *names, struct slice text,
    enum blocklist_role role)
{
	struct suffix_list *suffixes = run->subject->suffixes;
	struct slice name, organizational;

	if (text.n == 0 || text.n > LIMIT_DOMAIN_TEXT ||
	    domain_canonical(run->arena, text, &name) != DOMAIN_FINE ||
	    !domain_is_fqdn(name))
		return;
	add_one(names, name, role);
	if (suffix_list_source(suffixes) == NULL) {
		cut(names, CAUSE_NO_LIST, "there is no public suffix list");
		return;
	}
	organizational = suffix_organizational(suffixes, name);
	if (organizational.n > 0)
		add_one(names, organizational, role);
}

/* ---- what the message has ---------------------------------------------- */

static enum rc
add_signers(struct check_run *run, struct blocklist_names *names)
{
	const struct dkim_verdicts *verdicts;
	enum rc rc = dkim_verify(run, &verdicts);

	for (size_t i = 0; rc == RC_OK && verdicts != NULL && i < verdicts->n;
	     i++)
		add(run, names, verdicts->all[i].domain, BLOCKLIST_DKIM);
	return rc;
}

/* Personal names in a link's host are many: the same twice costs nothing. */
static void
add_link(struct check_run *run, struct blocklist_names *names, struct slice uri)
{
	add(run, names, link_host(uri), BLOCKLIST_LINK);
}

static enum rc
add_text_links(struct check_run *run, struct blocklist_names *names,
    const struct mime_part *part)
{
	struct slice text, uri;
	bool more;
	enum rc rc = mime_text(run->arena, part, LIMIT_HTML, &text, &more);

	if (rc)
		return rc;
	while (
	    names->n < LIMIT_BLOCKLIST_NAMES && (uri = link_next(&text)).n > 0)
		add_link(run, names, uri);
	if (more)
		cut(names, CAUSE_LIMIT, "the text is longer than one MiB");
	return RC_OK;
}

/* Links that are hidden count too: filters see them. */
static enum rc
add_links(struct check_run *run, struct blocklist_names *names)
{
	const struct mime *mime = check_mime(run);
	const struct body_html *b;
	const struct mime_part *plain;
	enum rc rc = check_html(run, &b);

	if (rc || mime == NULL)
		return rc ? rc : RC_LIMIT;
	for (size_t i = 0; b != NULL && i < b->html.n_links; i++)
		add_link(run, names, b->html.links[i].href);
	if (b != NULL && b->cut != NULL)
		cut(names, b->cause, b->cut);
	if (mime->too_many || mime->too_deep)
		cut(names, CAUSE_LIMIT, "the message has too many parts");
	plain = mime_body(mime, "plain");
	return plain != NULL ? add_text_links(run, names, plain) : RC_OK;
}

enum rc
blocklist_names(struct check_run *run, struct blocklist_names *out)
{
	const struct subject *s = run->subject;
	enum rc rc;

	*out = (struct blocklist_names){ .list = arena_new_of(run->arena,
					     struct blocklist_name,
					     LIMIT_BLOCKLIST_NAMES) };
	if (out->list == NULL)
		return RC_LIMIT;
	add(run, out, s->domain, BLOCKLIST_FROM);
	add(run, out, s->mail_from_domain, BLOCKLIST_MAIL_FROM);
	add(run, out, s->helo, BLOCKLIST_HELO);
	if (s->message == NULL)
		return RC_OK;
	rc = add_signers(run, out);
	if (rc == RC_OK)
		rc = add_links(run, out);
	return rc;
}
