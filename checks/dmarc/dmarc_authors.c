#include "checks/dmarc/dmarc_authors.h"
#include "base/domain.h"
#include "checks/dmarc/dmarc_problems.h"
#include "message/address.h"
#include "message/message.h"

static void
add(struct dmarc_authors *a, struct slice domain)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (slice_eq(a->domains[i], domain))
			return;
	if (a->n < LIMIT_AUTHOR_DOMAINS)
		a->domains[a->n++] = domain;
	else
		a->more = true;
}

static void
read_from(struct check_run *run, const struct field *f, struct dmarc_authors *a)
{
	struct address_list list;
	struct slice domain;
	size_t i;

	if (address_list_parse(run->arena, f->value, &list) != RC_OK)
		return;
	for (i = 0; i < list.n && !a->more; i++)
		if (!list.mailboxes[i].literal &&
		    domain_canonical(run->arena, list.mailboxes[i].domain,
			&domain) == DOMAIN_FINE)
			add(a, domain);
}

static void
tell_several(struct check_run *run, const struct dmarc_authors *a)
{
	dmarc_tell(run, "dmarc.from-multiple", DMARC_ERROR,
	    arena_slicef(run->arena,
		"The sample's From has addresses of several domains, %.*s and "
		"%.*s%s: receivers do no DMARC then, and Gmail refuses the "
		"mail; write one address in From",
		SLICE_FMT(a->domains[0]), SLICE_FMT(a->domains[1]),
		a->n > 2 ? " and others" : ""));
}

/* RFC 9989 4.4: there is no alignment with a From that is repeated. */
static void
tell_repeated(struct check_run *run, const struct dmarc_authors *a)
{
	dmarc_tell(run, "dmarc.from-multiple", DMARC_ERROR,
	    arena_slicef(run->arena,
		"The sample has %zu From fields: receivers do no DMARC then, "
		"and Gmail refuses the mail; send one From field",
		a->fields));
}

static bool
judge(struct check_run *run, const struct dmarc_authors *a)
{
	struct slice domain = run->subject->domain;

	if (a->n == 0) {
		dmarc_tell(run, "dmarc.from-none", DMARC_ERROR,
		    SLICE_LIT("The sample's From has no address with a domain "
			      "name: receivers can do no DMARC then, and Gmail "
			      "refuses the mail; write one address in From"));
		return false;
	}
	if (a->n > 1) {
		tell_several(run, a);
		return false;
	}
	if (a->fields > 1) {
		tell_repeated(run, a);
		return false;
	}
	if (!slice_eq(a->domains[0], domain))
		dmarc_tell(run, "dmarc.from-differs", DMARC_WARNING,
		    arena_slicef(run->arena,
			"The sample's From is of %.*s, but %.*s is audited: "
			"what is said here is of the latter, and receivers "
			"judge the sample by the former",
			SLICE_FMT(a->domains[0]), SLICE_FMT(domain)));
	return true;
}

bool
dmarc_authors(struct check_run *run)
{
	struct dmarc_authors a = { .n = 0 };
	const struct message *m = run->subject->message;
	const struct field *f = NULL;
	json_t *list = json_array();
	size_t i;

	if (m == NULL)
		add(&a, run->subject->domain);
	while (m != NULL && (f = message_next(m, "From", f)) != NULL) {
		a.fields++;
		read_from(run, f, &a);
	}
	for (i = 0; i < a.n; i++)
		(void)json_array_append_new(list, check_json(a.domains[i]));
	(void)json_object_set_new(run->facts, "author_domains", list);
	return m == NULL || judge(run, &a);
}
