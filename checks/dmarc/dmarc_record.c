#include "checks/dmarc/dmarc_record.h"

/*
 * RFC 9989 4.8:
 *   dmarc-sep     = *WSP ";" *WSP
 *   equals        = *WSP "=" *WSP
 *   dmarc-record  = dmarc-version *(dmarc-sep dmarc-tag) [dmarc-sep]
 *   dmarc-tag     = 1*ALPHA equals 1*dmarc-value
 *   dmarc-value   = %x20-3A / %x3C-7E
 */
void
dmarc_record_read(struct slice text, struct dmarc_record *out)
{
	struct tag t;

	*out = (struct dmarc_record){ .text = text };
	(void)tag_next(&text, &t); /* the version */
	while (tag_next(&text, &t)) {
		enum dmarc_tag n =
		    t.malformed ? DMARC_TAGS : dmarc_tag_find(t.name);

		/* Of two the first; which one counts no RFC says. */
		if (n == DMARC_TAGS || out->tags[n].there)
			continue;
		out->tags[n] = (struct dmarc_value){ true,
			dmarc_tag_is_valid(n, t.value), t.value };
	}
}

const char *
dmarc_record_policy(const struct dmarc_record *r, enum dmarc_tag tag)
{
	const struct dmarc_value *v = &r->tags[tag];

	return v->valid ? dmarc_policy_name(v->text) : NULL;
}

/* The letter of a valid value, else the default. */
static char
letter(const struct dmarc_record *r, enum dmarc_tag tag, char otherwise)
{
	const struct dmarc_value *v = &r->tags[tag];

	return v->valid ? (char)ascii_lower(v->text.p[0]) : otherwise;
}

char
dmarc_record_psd(const struct dmarc_record *r)
{
	return letter(r, DMARC_PSD, 'u');
}

bool
dmarc_record_is_strict(const struct dmarc_record *r, enum dmarc_tag tag)
{
	return letter(r, tag, 'r') == 's';
}

bool
dmarc_record_is_testing(const struct dmarc_record *r)
{
	return letter(r, DMARC_T, 'n') == 'y';
}

static bool
is_bad(const struct dmarc_value *v)
{
	return v->there && !v->valid;
}

/* RFC 7489 6.6.4: of no message in a hundred, so of none. */
static bool
is_for_none(const struct dmarc_record *r)
{
	const struct dmarc_value *v = &r->tags[DMARC_PCT];
	uint64_t percent;

	return v->valid && slice_number(v->text, UINT32_MAX, &percent) &&
	       percent == 0;
}

/* RFC 9989 4.7, t; RFC 7489 6.6.4, pct: one level below. */
static const char *
lowered(const char *policy)
{
	return strcmp(policy, "reject") == 0 ? "quarantine" : "none";
}

static struct dmarc_wish
choose(const struct dmarc_record *r, enum dmarc_position position, bool modern)
{
	const char *p = dmarc_record_policy(r, DMARC_P);
	const char *sp = dmarc_record_policy(r, DMARC_SP);
	const char *np = modern ? dmarc_record_policy(r, DMARC_NP) : NULL;

	if (position == DMARC_NOWHERE && np != NULL)
		return (struct dmarc_wish){ np, "np" };
	if (position != DMARC_OWN && sp != NULL)
		return (struct dmarc_wish){ sp, "sp" };
	return (struct dmarc_wish){ p, "p" };
}

/*
 * RFC 9989 4.10.1, RFC 7489 6.6.3 (6): without a valid p, or with an sp or np
 * that is not valid, the record counts as p=none if it asks for reports, and
 * else as none.
 */
struct dmarc_wish
dmarc_record_wish(const struct dmarc_record *r, enum dmarc_position position,
    bool modern)
{
	bool broken = !r->tags[DMARC_P].valid || is_bad(&r->tags[DMARC_SP]) ||
		      (modern && is_bad(&r->tags[DMARC_NP]));
	struct dmarc_wish wish;

	if (broken)
		return (struct dmarc_wish){ r->tags[DMARC_RUA].valid ? "none"
								     : NULL,
			NULL };
	wish = choose(r, position, modern);
	if (modern ? dmarc_record_is_testing(r) : is_for_none(r))
		wish.policy = lowered(wish.policy);
	return wish;
}
