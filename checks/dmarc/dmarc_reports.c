#include "checks/dmarc/dmarc_reports.h"
#include "base/domain.h"
#include "base/limits.h"
#include "checks/dmarc/dmarc_align.h"
#include "checks/dmarc/dmarc_problems.h"

enum { NAME_MAX_OCTETS = 253 };

/* One URI of rua or ruf, and what is to be known of it. */
struct target {
	enum dmarc_tag tag;
	struct slice uri;
	struct slice domain; /* canonical */
	struct slice name;   /* DOMAIN._report._dmarc.TARGET */
	struct dmarc_alignment same;
	const struct answer *answer; /* NULL: not here yet, or unaskable */
	bool unaskable;
};

struct targets {
	struct check_run *run;
	const struct dmarc_walk *from; /* from the domain that is audited */
	const struct dmarc_walk *at;   /* from where the record is */
	struct target all[LIMIT_REPORT_URIS];
	size_t n;
	bool more; /* there are some over the limit */
	bool lost; /* that a walk is lost was said */
};

/* ---- asking ------------------------------------------------------------ */

/* A name within the domain's own tree is hardly another's. */
static bool
is_likely_own(const struct targets *t, struct slice domain)
{
	struct slice own = t->from->levels[0].domain;

	return domain_is_under(domain, own) || domain_is_under(own, domain) ||
	       domain_is_under(domain, t->from->policy->domain);
}

static void
ask(struct targets *t, struct target *one)
{
	one->same = dmarc_align_walk(t->run, t->at, one->domain);
	one->name = arena_slicef(t->run->arena, "%.*s._report._dmarc.%.*s",
	    SLICE_FMT(t->from->policy->domain), SLICE_FMT(one->domain));
	one->unaskable = one->name.n > NAME_MAX_OCTETS || one->name.n == 0;
	if (one->same.aligned || one->unaskable ||
	    (one->same.waiting && is_likely_own(t, one->domain)))
		return;
	one->answer = check_ask_dns(t->run, one->name, DNS_TXT);
}

static void
take(struct targets *t, enum dmarc_tag tag)
{
	struct slice list = t->from->policy->record.tags[tag].text, item;

	while (list_next(&list, &item)) {
		struct dmarc_uri u = dmarc_uri_read(item);
		struct target one = { .tag = tag, .uri = item };

		if (u.kind != DMARC_MAILTO ||
		    domain_canonical(t->run->arena, u.domain, &one.domain) !=
			DOMAIN_FINE)
			continue;
		if (t->n == LIMIT_REPORT_URIS) {
			t->more = true;
			return;
		}
		ask(t, &one);
		t->all[t->n++] = one;
	}
}

/* ---- telling ----------------------------------------------------------- */

static bool
is_authorized(struct check_run *run, const struct target *one)
{
	return !one->unaskable &&
	       versioned_find(run, one->answer, &dmarc_version).found > 0;
}

static void
tell_refused(const struct targets *t, const struct target *one)
{
	dmarc_tell(t->run, "dmarc.report-not-authorized", DMARC_WARNING,
	    arena_slicef(t->run->arena,
		"%s at %.*s names %.*s, of another organization, which does "
		"not say that it takes these reports, so receivers send none "
		"there; whoever runs the DNS of %.*s has to publish %.*s. TXT "
		"\"v=DMARC1\"",
		dmarc_tag_name(one->tag), SLICE_FMT(t->from->policy->name),
		SLICE_FMT(dmarc_clip(one->uri)), SLICE_FMT(one->domain),
		SLICE_FMT(one->name)));
}

static void
lose(const struct targets *t, const char *fact, const struct answer *a,
    struct slice name)
{
	check_gap_answer(t->run, fact, a,
	    arena_slicef(t->run->arena, "%.*s TXT", SLICE_FMT(name)));
}

static void
say(struct targets *t, const struct target *one, json_t *list)
{
	json_t *o;

	if (one->same.lost != NULL && t->lost)
		return;
	if (one->same.lost != NULL) {
		t->lost = true;
		lose(t, "external_reports", one->same.lost->answer,
		    one->same.lost->name);
		return;
	}
	if (one->same.aligned)
		return;
	o = json_object();
	check_fact_text(o, "target", one->domain);
	check_fact_text(o, "uri", one->uri);
	check_fact_text(o, "tag", slice_str(dmarc_tag_name(one->tag)));
	check_fact_text(o, "name", one->name);
	(void)json_array_append_new(list, o);
	if (one->answer != NULL && !answer_known(one->answer)) {
		lose(t, "external_reports[].authorized", one->answer,
		    one->name);
		return;
	}
	check_fact_bool(o, "authorized", is_authorized(t->run, one));
	if (!is_authorized(t->run, one))
		tell_refused(t, one);
}

void
dmarc_reports(struct check_run *run, const struct dmarc_walk *from)
{
	struct targets t = { .run = run, .from = from };
	json_t *list = json_array();
	size_t i;

	(void)json_object_set_new(run->facts, "external_reports", list);
	if (from->policy == NULL)
		return;
	/* RFC 9990 4: the Organizational Domain at which it was discovered. */
	t.at = from->policy == &from->levels[0]
		   ? from
		   : dmarc_walk(run, from->policy->domain);
	if (t.at == NULL) /* the arena's ceiling */
		return;
	take(&t, DMARC_RUA);
	take(&t, DMARC_RUF);
	if (run->waiting || arena_failed(run->arena))
		return;
	for (i = 0; i < t.n; i++)
		say(&t, &t.all[i], list);
	if (t.more)
		dmarc_tell(run, "dmarc.many-uris", DMARC_WARNING,
		    arena_slicef(run->arena,
			"rua and ruf at %.*s name over %d addresses: receivers "
			"have to send to the first two of each alone, and "
			"whether the rest may be sent to was not asked",
			SLICE_FMT(from->policy->name), LIMIT_REPORT_URIS));
}
