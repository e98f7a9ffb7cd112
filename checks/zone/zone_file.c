#include "checks/zone/zone_file.h"

#include "base/domain.h"
#include "base/escape.h"
#include "base/limits.h"
#include "checks/zone/zone_rdata.h"

/*
 * entry     = directive / record
 * directive = "$ORIGIN" name / "$TTL" ttl / "$INCLUDE" ... / "$GENERATE" ...
 * record    = (owner / blank) *(ttl / class) type rdata
 * ttl       = 1*(1*DIGIT [unit])             ; BIND's units: W D H M S
 * class     = "IN" / "CH" / "HS" / "CS" / "CLASS" 1*DIGIT
 */

enum { SHOWN_MAX = 80, FAULT_MAX = 2048, TYPE_NAME_MAX = 16 };

/* All records of one owner. */
struct owner {
	struct slice name;
	struct zone_record *first, *last;
	size_t n;
};

struct parser {
	struct arena *arena;
	struct zone_file *z;
	struct zone_origin origin;
	struct owner *owner; /* of the record before; NULL: none yet */
	struct zone_record *last;
	struct zone_fault *faults;
	bool homeless;          /* a name was relative to nothing known */
	struct slice soa_owner; /* if only what is in it cannot be read */
};

/* ---- faults ------------------------------------------------------------ */

static void
fault(struct parser *p, const char *code, struct zone_place at,
    struct slice detail)
{
	struct zone_file *z = p->z;

	if (z->all_faults++ >= LIMIT_PROBLEMS)
		return;
	p->faults[z->n_faults++] = (struct zone_fault){ code, at, detail };
}

/* "'what is there' is no number". */
static void
fault_word(struct parser *p, const char *code, const struct zone_word *w,
    const char *wrong)
{
	struct slice shown = slice_sub(w->raw, 0, SHOWN_MAX);
	struct buf b;

	if (wrong == zone_no_origin)
		p->homeless = true;
	buf_init(&b, FAULT_MAX);
	/* What is not kept need not be written either. */
	if (p->z->all_faults < LIMIT_PROBLEMS) {
		buf_add_char(&b, '"');
		escape_terminal(&b, shown);
		buf_printf(&b, "\"%s %s", shown.n < w->raw.n ? "..." : "",
		    wrong);
		fault(p, code, w->at, arena_copy(p->arena, buf_slice(&b)));
	} else {
		p->z->all_faults++;
	}
	buf_free(&b);
}

/* ---- directives -------------------------------------------------------- */

static void
read_directive(struct parser *p, const struct zone_entry *e)
{
	const struct zone_word *w = &e->words[0];
	const char *wrong;

	if (slice_eq_nocase(w->raw, SLICE_LIT("$TTL")))
		return;
	if (slice_eq_nocase(w->raw, SLICE_LIT("$ORIGIN"))) {
		struct zone_origin origin = { true, SLICE_NONE };

		wrong = e->n < 2 ? "has no name behind it"
				 : zone_name_read(p->arena, e->words[1].raw,
				       &p->origin, &origin.name);
		if (wrong != NULL)
			fault_word(p, "zone.origin", &e->words[e->n > 1],
			    wrong);
		else
			p->origin = origin;
	} else if (slice_eq_nocase(w->raw, SLICE_LIT("$INCLUDE"))) {
		fault_word(p, "zone.include", w,
		    "is not followed: no other file is opened; put its "
		    "records into this one");
	} else if (slice_eq_nocase(w->raw, SLICE_LIT("$GENERATE"))) {
		fault_word(p, "zone.generate", w,
		    "is an extension of BIND and is not expanded");
	} else {
		fault_word(p, "zone.directive", w, "is no directive");
	}
}

/* ---- what stands before the data --------------------------------------- */

static bool
is_ttl(struct slice s, uint32_t *ttl)
{
	static const char units[] = "wdhms";
	static const uint32_t seconds[] = { 604800, 86400, 3600, 60, 1 };
	uint64_t all = 0, number = 0;
	bool digits = false;

	for (size_t i = 0; i < s.n; i++) {
		const char *unit = strchr(units, (char)ascii_lower(s.p[i]));

		if (ascii_is_digit(s.p[i])) {
			number = number * 10 + (uint64_t)(s.p[i] - '0');
			digits = true;
		} else if (digits && unit != NULL && *unit != '\0') {
			all += number * seconds[unit - units];
			number = 0;
			digits = false;
		} else {
			return false;
		}
		if (number > UINT32_MAX || all > UINT32_MAX)
			return false;
	}
	*ttl = (uint32_t)(all + number);
	return s.n > 0 && ascii_is_digit(s.p[0]) && all + number <= INT32_MAX;
}

static bool
is_class(struct slice s, bool *internet)
{
	static const char *const others[] = { "CH", "HS", "CS" };
	bool class = false;
	uint64_t number;

	if (slice_eq_nocase(s, SLICE_LIT("IN")) ||
	    slice_eq_nocase(s, SLICE_LIT("CLASS1"))) {
		*internet = true;
		return true;
	}
	for (size_t i = 0; i < 3; i++)
		class = class || slice_eq_nocase(s, slice_str(others[i]));
	if (slice_starts_nocase(s, SLICE_LIT("CLASS")))
		class = slice_number(slice_from(s, 5), UINT16_MAX, &number);
	if (class)
		*internet = false;
	return class;
}

/* Looks like the name of a type that is merely not needed. */
static bool
is_type_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return s.n > 0 && s.n <= TYPE_NAME_MAX && ascii_is_alpha(s.p[0]);
}

/* The owner of this entry, made if it is a new one; NULL: it has none. */
static struct owner *
owner_of(struct parser *p, struct slice name)
{
	struct owner *o = table_get(p->z->names, name);

	if (o != NULL)
		return o;
	o = arena_new_of(p->arena, struct owner, 1);
	if (o == NULL)
		return NULL;
	o->name = name;
	return table_put(p->z->names, name, o) ? o : NULL;
}

/*
 * Cloudflare exports "example.com IN SOA": as a SOA record is always that of
 * the zone itself, its owner says which one it is, dot or not.
 */
static bool
is_bare_apex(struct parser *p, const struct zone_word *w)
{
	const struct zone_origin root = { true, SLICE_LIT("") };
	struct slice name;

	if (slice_find(w->raw, SLICE_LIT(".")) == SIZE_MAX ||
	    w->raw.p[w->raw.n - 1] == '.' ||
	    zone_name_read(p->arena, w->raw, &root, &name) != NULL)
		return false;
	if (!p->origin.known && p->soa_owner.p == NULL)
		p->soa_owner = name;
	return p->origin.known && slice_eq(name, p->origin.name);
}

static bool
read_owner(struct parser *p, const struct zone_entry *e, bool soa)
{
	const struct zone_word *w = &e->words[0];
	struct slice name;
	const char *wrong;

	if (e->blank) {
		if (p->owner == NULL)
			fault_word(p, "zone.owner", w,
			    "has no name before it, and there is none above");
		return p->owner != NULL;
	}
	if (soa && is_bare_apex(p, w)) {
		p->owner = owner_of(p, p->origin.name);
		return p->owner != NULL;
	}
	wrong = zone_name_read(p->arena, w->raw, &p->origin, &name);
	if (wrong != NULL) {
		/* What follows with a blank owner must not be another's. */
		p->owner = NULL;
		fault_word(p, "zone.owner", w, wrong);
		return false;
	}
	if (p->origin.known && p->origin.name.n > 0 &&
	    slice_ends_nocase(w->raw, p->origin.name))
		fault_word(p, "zone.no-dot", w,
		    "has no dot at its end, so the zone's name is added to it; "
		    "is that meant?");
	if (p->owner == NULL || !slice_eq(p->owner->name, name))
		p->owner = owner_of(p, name);
	return p->owner != NULL;
}

/* ---- records ----------------------------------------------------------- */

static void
record_add(struct parser *p, const struct dns_record *rr,
    const struct zone_word *w)
{
	struct owner *o = p->owner;
	struct zone_record *r;

	if (o->n == LIMIT_DNS_RECORDS) {
		fault_word(p, "zone.too-many", w,
		    "is one record more than a name can have in DNS");
		return;
	}
	r = arena_new_of(p->arena, struct zone_record, 1);
	if (r == NULL)
		return;
	r->rr = *rr;
	r->rr.owner = o->name;
	r->line = w->at.line;
	if (o->last != NULL)
		o->last->same = r;
	else
		o->first = r;
	o->last = r;
	o->n++;
	if (p->last != NULL)
		p->last->next = r;
	else
		p->z->first = r;
	p->last = r;
	p->z->n_records++;
	if (rr->type == DNS_SOA && p->z->soa == NULL)
		p->z->soa = r;
}

static void
say_notes(struct parser *p, const struct zone_rdata *in)
{
	struct zone_word w = { .at = in->noted };

	for (size_t i = 0; i < in->n; i++)
		if (in->words[i].at.line == in->noted.line &&
		    in->words[i].at.column == in->noted.column)
			w = in->words[i];
	if ((in->notes & ZONE_NOTE_UNQUOTED) != 0)
		fault_word(p, "zone.unquoted", &w,
		    "begins a text without quotes; it is read as one text, "
		    "but a name server ends it at a \";\" and drops its blanks");
	if ((in->notes & ZONE_NOTE_LONG_STRING) != 0)
		fault_word(p, "zone.string-length", &w,
		    "is a string of over 255 octets; name servers refuse that "
		    "in a file: it has to be cut into several strings");
	if ((in->notes & ZONE_NOTE_NO_DOT) != 0)
		fault_word(p, "zone.no-dot", &w,
		    "has no dot at its end, so the zone's name is added to it; "
		    "is that meant?");
}

static void
read_data(struct parser *p, const struct zone_entry *e, size_t at,
    struct dns_record *rr)
{
	struct zone_rdata in = { .arena = p->arena,
		.origin = &p->origin,
		.words = e->words + at + 1,
		.n = e->n - at - 1,
		.tail = e->tail };
	const char *wrong = zone_rdata_read(&in, rr);

	if (rr->type == DNS_SOA && p->soa_owner.p == NULL)
		p->soa_owner = p->owner->name;
	if (wrong != NULL) {
		fault_word(p, "zone.data",
		    in.at < in.n ? &in.words[in.at] : &e->words[at], wrong);
		return;
	}
	say_notes(p, &in);
	record_add(p, rr, &e->words[at]);
}

static void
read_record(struct parser *p, const struct zone_entry *e)
{
	struct dns_record rr = { .ttl = 0 };
	size_t at = e->blank ? 0 : 1;
	bool internet = true;

	while (at < e->n && (is_ttl(e->words[at].raw, &rr.ttl) ||
				is_class(e->words[at].raw, &internet)))
		at++;
	if (at < e->n)
		rr.type = zone_type(e->words[at].raw);
	if (!read_owner(p, e, rr.type == DNS_SOA))
		return;
	if (at == e->n) {
		fault_word(p, "zone.type", &e->words[at - 1],
		    "is where the line ends, without a record type");
		return;
	}
	if (rr.type == 0 && !is_type_name(e->words[at].raw))
		fault_word(p, "zone.type", &e->words[at],
		    "is where a record type must be");
	else if (rr.type == 0 || !internet)
		p->z->n_others++;
	else
		read_data(p, e, at, &rr);
}

static void
read_entries(struct parser *p, struct slice text)
{
	struct zone_lexer lexer;
	struct zone_entry e;

	zone_lexer_init(&lexer, p->arena, text);
	while (!arena_failed(p->arena) && zone_lexer_next(&lexer, &e)) {
		if (p->z->n_records + p->z->n_others >= LIMIT_ZONE_RECORDS)
			return;
		if (e.fault != NULL)
			fault(p, "zone.syntax", e.fault_at,
			    arena_slicef(p->arena, "%s", e.fault));
		else if (e.words[0].raw.n > 0 && e.words[0].raw.p[0] == '$' &&
			 !e.words[0].quoted)
			read_directive(p, &e);
		else
			read_record(p, &e);
	}
}

/* ---- the whole --------------------------------------------------------- */

/* The origin may not live in the arena, which is emptied. */
static enum rc
read_once(struct parser *p, struct slice text, struct zone_origin origin)
{
	struct zone_file *z = p->z;
	struct slice file = z->file;

	zone_file_close(z);
	arena_reset(p->arena);
	*z = (struct zone_file){ .file = file, .names = table_new() };
	origin.name = arena_copy(p->arena, origin.name);
	*p = (struct parser){ .arena = p->arena, .z = z, .origin = origin };
	p->faults = arena_new_of(p->arena, struct zone_fault, LIMIT_PROBLEMS);
	if (z->names == NULL)
		return RC_NOMEM;
	if (p->faults == NULL)
		return RC_LIMIT;
	z->faults = p->faults;
	read_entries(p, text);
	if (z->n_records + z->n_others >= LIMIT_ZONE_RECORDS)
		return RC_LIMIT;
	if (arena_failed(p->arena))
		return arena_starved(p->arena) ? RC_NOMEM : RC_LIMIT;
	return RC_OK;
}

/* The zone: that of its SOA, else the shortest of its names. */
static struct slice
apex_of(const struct zone_file *z)
{
	const struct zone_record *r;
	struct slice apex = SLICE_NONE;

	if (z->soa != NULL)
		return z->soa->rr.owner;
	for (r = z->first; r != NULL; r = r->next)
		if (apex.p == NULL ||
		    domain_labels(r->rr.owner) < domain_labels(apex))
			apex = r->rr.owner;
	return apex;
}

static enum rc
refuse(struct arena *a, struct slice *error, const char *why)
{
	*error = arena_slicef(a, "%s", why);
	return error->p != NULL ? RC_INVALID : RC_NOMEM;
}

enum rc
zone_file_read(struct arena *a, struct slice file, struct slice text,
    struct slice origin, struct zone_file *out, struct slice *error)
{
	struct parser p = { .arena = a, .z = out };
	struct zone_origin none = { false, SLICE_NONE };
	unsigned char apex[ZONE_NAME_MAX];
	enum rc rc;

	*out = (struct zone_file){ .file = file };
	if (slice_starts(text, SLICE_LIT("\xFF\xFE")) ||
	    slice_starts(text, SLICE_LIT("\xFE\xFF")))
		return refuse(a, error, "is UTF-16; save it as UTF-8");
	rc = read_once(&p, text, none);
	if (rc == RC_OK && p.homeless) {
		if (p.soa_owner.p != NULL) {
			origin = slice_of(apex, p.soa_owner.n);
			memcpy(apex, p.soa_owner.p, origin.n);
		}
		out->homeless = origin.p == NULL;
		if (out->homeless)
			return refuse(a, error,
			    "does not say which zone it is: put \"$ORIGIN "
			    "ZONE.\" on its first line");
		rc = read_once(&p, text, (struct zone_origin){ true, origin });
	}
	if (rc)
		return rc;
	out->apex = apex_of(out);
	if (out->n_records > 0)
		return RC_OK;
	if (out->n_faults == 0)
		return refuse(a, error,
		    "holds no record that mail needs; is it a zone file?");
	*error = arena_slicef(a, "line %zu, column %zu: %.*s",
	    out->faults[0].at.line, out->faults[0].at.column,
	    SLICE_FMT(out->faults[0].detail));
	return error->p != NULL ? RC_INVALID : RC_NOMEM;
}

void
zone_file_close(struct zone_file *z)
{
	table_free(z->names);
	z->names = NULL;
}

const struct zone_record *
zone_file_find(const struct zone_file *z, struct slice owner)
{
	const struct owner *o = table_get(z->names, owner);

	return o != NULL ? o->first : NULL;
}

const struct zone_record *
zone_file_find_type(const struct zone_file *z, struct slice owner,
    uint16_t type)
{
	const struct zone_record *r = zone_file_find(z, owner);

	while (r != NULL && r->rr.type != type)
		r = r->same;
	return r;
}
