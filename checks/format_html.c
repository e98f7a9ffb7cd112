#include "checks/format_html.h"

#include "base/domain.h"
#include "base/limits.h"
#include "checks/content.h"
#include "checks/dmarc/dmarc_psl.h"
#include "checks/html.h"
#include "checks/links.h"
#include "message/mime.h"

/* As much of a text as a report has use for, without half a character. */
enum { SHOWN = 120 };

static struct slice
shortened(struct check_run *run, struct slice s)
{
	size_t n = SHOWN;

	if (s.n <= SHOWN)
		return s;
	while (n > 0 && (s.p[n] & 0xc0) == 0x80)
		n--;
	return arena_slicef(run->arena, "%.*s...", (int)n, (const char *)s.p);
}

/* ---- hidden text ------------------------------------------------------- */

static void
put_ways(json_t *o, const bool seen[HTML_WAYS])
{
	json_t *list = json_array();

	for (int way = HTML_SHOWN + 1; way < HTML_WAYS; way++)
		if (seen[way])
			(void)json_array_append_new(list,
			    json_string(html_way_name((enum html_way)way)));
	(void)json_object_set_new(o, "ways", list);
}

/* Without the preheader, which most newsletters have. */
static void
hidden_facts(struct check_run *run, const struct html *h)
{
	const struct html_hidden *first = NULL, *preheader = NULL;
	bool ways[HTML_WAYS] = { false };
	json_t *o = json_object();
	size_t octets = 0;

	for (size_t i = 0; i < h->n_hidden; i++) {
		if (h->hidden[i].preheader) {
			preheader =
			    preheader != NULL ? preheader : &h->hidden[i];
			continue;
		}
		first = first != NULL ? first : &h->hidden[i];
		octets += h->hidden[i].text.n;
		ways[h->hidden[i].way] = true;
	}
	(void)json_object_set_new(run->facts, "hidden_text", o);
	(void)json_object_set_new(o, "octets",
	    json_integer((json_int_t)octets));
	put_ways(o, ways);
	if (first != NULL)
		check_fact_text(o, "text", shortened(run, first->text));
	else
		check_fact_null(o, "text");
	if (preheader != NULL)
		check_fact_text(run->facts, "preheader",
		    shortened(run, preheader->text));
	else
		check_fact_null(run->facts, "preheader");
}

/* ---- links that say another place -------------------------------------- */

/*
 * The host that a person takes the text for: a URL, or a name under www.  Other
 * text with dots may be a sentence, a file or a trade mark.
 */
static struct slice
host_in_text(struct slice text)
{
	struct slice host = link_host(text), rest;

	if (host.n == 0 && slice_starts_nocase(text, SLICE_LIT("www."))) {
		(void)slice_cut(text, '/', &host, &rest);
		if (slice_find(host, SLICE_LIT(" ")) != SIZE_MAX)
			return SLICE_NONE;
	}
	return host;
}

static bool
is_same_owner(struct check_run *run, struct slice a, struct slice b)
{
	struct suffix_list *list = dmarc_psl_list(run);

	if (domain_is_under(a, b) || domain_is_under(b, a))
		return true;
	return list != NULL && slice_eq(dmarc_psl_organizational(list, a),
				   dmarc_psl_organizational(list, b));
}

static void
take_link(struct check_run *run, json_t *list, const struct html_link *l)
{
	struct slice says = host_in_text(l->text), leads = link_host(l->href);
	json_t *o;

	if (l->hidden != HTML_SHOWN || says.n == 0 || leads.n == 0 ||
	    domain_canonical(run->arena, says, &says) != DOMAIN_FINE ||
	    domain_canonical(run->arena, leads, &leads) != DOMAIN_FINE ||
	    is_same_owner(run, says, leads) ||
	    json_array_size(list) >= LIMIT_PROBLEMS)
		return;
	o = json_object();
	check_fact_text(o, "text", shortened(run, l->text));
	check_fact_text(o, "href", shortened(run, l->href));
	check_fact_text(o, "detail",
	    arena_slicef(run->arena, "A link reads %.*s and leads to %.*s",
		SLICE_FMT(says), SLICE_FMT(leads)));
	(void)json_array_append_new(list, o);
}

static void
link_facts(struct check_run *run, const struct html *h)
{
	json_t *list = json_array();

	(void)json_object_set_new(run->facts, "unclear_links", list);
	for (size_t i = 0; i < h->n_links; i++)
		take_link(run, list, &h->links[i]);
}

/* ---- the whole --------------------------------------------------------- */

static const char *const facts[] = { "hidden_text", "preheader",
	"unclear_links" };

enum { N_FACTS = sizeof(facts) / sizeof(*facts) };

enum rc
format_html_facts(struct check_run *run)
{
	const struct mime *mime = check_mime(run);
	const struct body_html *b;
	enum rc rc = check_html(run, &b);
	const char *cut = NULL;
	enum cause cause = CAUSE_LIMIT;

	if (rc || mime == NULL)
		return rc ? rc : RC_LIMIT;
	if (b != NULL) {
		cut = b->cut;
		cause = b->cause;
	} else if (mime->too_many || mime->too_deep) {
		cut = "the message has too many parts";
	}
	for (size_t i = 0; i < N_FACTS; i++) {
		if (cut != NULL)
			check_gap(run, facts[i], cause, slice_str(cut));
		else if (b == NULL)
			check_fact_null(run->facts, facts[i]);
	}
	if (b != NULL && cut == NULL) {
		hidden_facts(run, &b->html);
		link_facts(run, &b->html);
	}
	return RC_OK;
}
