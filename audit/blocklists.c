#include "audit/blocklists.h"

#include "base/domain.h"
#include "base/escape.h"
#include "base/limits.h"

enum {
	KEY_OCTETS = 20, /* keys of Spamhaus have 26, those of others more */
	SHOWN = 80,
	/* Before a zone stand 32 nibbles, each with a dot. */
	ZONE_MAX = 253 - 64,
};

struct reading {
	const char *file;
	struct arena *arena;
	struct slice *error;
	size_t line;
	struct blocklist_zone *zones;
	size_t n;
	size_t cap;
	struct blocklist_code *codes; /* of the zone that is read now */
	size_t cap_codes;
	bool kind; /* it names one */
};

static enum rc
refuse(struct reading *r, struct slice word, const char *what)
{
	struct buf b;

	buf_init(&b, LIMIT_LIST_LINE);
	buf_printf(&b, "%s: line %zu: ", r->file, r->line);
	if (word.n > 0) {
		buf_add_char(&b, '\'');
		escape_terminal(&b, slice_sub(word, 0, SHOWN));
		buf_add_str(&b, word.n > SHOWN ? "...' " : "' ");
	}
	buf_add_str(&b, what);
	*r->error = arena_copy(r->arena, buf_slice(&b));
	buf_free(&b);
	return RC_INVALID;
}

/* Takes the next word off the line; false: there is none. */
static bool
next_word(struct slice *line, struct slice *word)
{
	size_t n = 0;

	*line = slice_trim(*line);
	while (n < line->n && !ascii_is_space(line->p[n]))
		n++;
	*word = slice_sub(*line, 0, n);
	*line = slice_from(*line, n);
	return n > 0;
}

/* ---- the words behind a zone ------------------------------------------- */

/* False: it is none. */
static bool
read_kind(struct slice word, struct blocklist_zone *z)
{
	bool both = slice_eq_nocase(word, SLICE_LIT("ip"));

	if (both || slice_eq_nocase(word, SLICE_LIT("ip4")))
		z->holds[BLOCKLIST_IP4] = true;
	else if (!slice_eq_nocase(word, SLICE_LIT("ip6")) &&
		 !slice_eq_nocase(word, SLICE_LIT("domain")))
		return false;
	if (both || slice_eq_nocase(word, SLICE_LIT("ip6")))
		z->holds[BLOCKLIST_IP6] = true;
	if (slice_eq_nocase(word, SLICE_LIT("domain")))
		z->holds[BLOCKLIST_DOMAIN] = true;
	return true;
}

static enum rc
read_test(struct reading *r, struct slice value, struct blocklist_zone *z)
{
	if (ip_parse(value, &z->test_ip))
		return RC_OK;
	if (domain_canonical(r->arena, value, &z->test_domain) == DOMAIN_FINE)
		return RC_OK;
	return refuse(r, value, "is neither an address nor a domain");
}

static enum rc
read_label(struct reading *r, struct slice value, struct blocklist_zone *z)
{
	enum domain_fault fault = domain_canonical(r->arena, value, &z->label);

	if (fault == DOMAIN_FINE && z->label.n <= ZONE_MAX)
		return RC_OK;
	return refuse(r, value,
	    fault != DOMAIN_FINE ? domain_fault_text(fault) : "is too long");
}

static enum rc
read_code(struct reading *r, struct slice word, struct slice meaning,
    struct blocklist_zone *z)
{
	struct blocklist_code code = { .meaning = meaning };
	struct blocklist_code *codes;
	struct slice key, value;

	(void)slice_cut(word, '=', &key, &value);
	if (!ip_parse(key, &code.answer) || code.answer.family != 4 ||
	    code.answer.b[0] != 127)
		return refuse(r, word,
		    "is none of: ip, ip4, ip6, domain, name=LABEL, "
		    "test=POINT, 127.x.x.x=MEANING");
	if (z->n_codes == LIMIT_BLOCKLIST_CODES)
		return refuse(r, word, "is one meaning too many");
	codes = arena_grow(r->arena, r->codes, z->n_codes, &r->cap_codes,
	    sizeof(*codes));
	if (codes == NULL)
		return RC_NOMEM;
	r->codes = codes;
	codes[z->n_codes++] = code;
	z->codes = codes;
	return RC_OK;
}

static enum rc
read_word(struct reading *r, struct slice word, struct blocklist_zone *z)
{
	struct slice key, value;

	if (!slice_cut(word, '=', &key, &value)) {
		if (!read_kind(word, z))
			return read_code(r, word, SLICE_NONE, z);
		r->kind = true;
		return RC_OK;
	}
	if (value.n == 0)
		return refuse(r, word, "has nothing behind the =");
	if (slice_eq_nocase(key, SLICE_LIT("name")))
		return read_label(r, value, z);
	if (slice_eq_nocase(key, SLICE_LIT("test")))
		return read_test(r, value, z);
	return read_code(r, word, value, z);
}

/* ---- a line ------------------------------------------------------------ */

/* The word itself may hold a key, so no error shows it. */
static enum rc
read_zone(struct reading *r, struct slice word, struct blocklist_zone *z)
{
	enum domain_fault fault = domain_canonical(r->arena, word, &z->name);

	if (fault != DOMAIN_FINE)
		return refuse(r, SLICE_NONE,
		    arena_printf(r->arena, "the zone %s",
			domain_fault_text(fault)));
	if (domain_labels(z->name) < 2)
		return refuse(r, SLICE_NONE, "the zone has one label only");
	if (z->name.n > ZONE_MAX)
		return refuse(r, SLICE_NONE, "the zone is too long");
	return RC_OK;
}

static void
choose_label(struct blocklist_zone *z)
{
	struct slice first, rest;

	if (z->label.n > 0)
		return;
	z->label = z->name;
	if (slice_cut(z->name, '.', &first, &rest) && first.n >= KEY_OCTETS &&
	    domain_labels(rest) >= 2)
		z->label = rest;
}

static enum rc
check_apart(struct reading *r, const struct blocklist_zone *z)
{
	for (size_t i = 0; i < r->n; i++) {
		if (slice_eq(r->zones[i].name, z->name))
			return refuse(r, SLICE_NONE,
			    "the zone stands in the file before");
		if (slice_eq(r->zones[i].label, z->label) ||
		    slice_eq(r->zones[i].name, z->label) ||
		    slice_eq(r->zones[i].label, z->name))
			return refuse(r, z->label,
			    "is what another zone is called; give it another "
			    "name=");
	}
	return RC_OK;
}

static enum rc
read_line(struct reading *r, struct slice line)
{
	struct blocklist_zone z = { .n_codes = 0 }, *zones;
	struct slice word;
	enum rc rc = RC_OK;

	if (!next_word(&line, &word))
		return RC_OK;
	r->kind = false;
	r->codes = NULL;
	r->cap_codes = 0;
	rc = read_zone(r, word, &z);
	while (rc == RC_OK && next_word(&line, &word))
		rc = read_word(r, word, &z);
	if (rc)
		return rc;
	if (!r->kind)
		z.holds[BLOCKLIST_IP4] = z.holds[BLOCKLIST_IP6] = true;
	choose_label(&z);
	rc = check_apart(r, &z);
	if (rc)
		return rc;
	if (r->n == LIMIT_BLOCKLISTS)
		return refuse(r, SLICE_NONE, "there are more than 64 zones");
	zones = arena_grow(r->arena, r->zones, r->n, &r->cap, sizeof(*zones));
	if (zones == NULL)
		return RC_NOMEM;
	r->zones = zones;
	zones[r->n++] = z;
	return RC_OK;
}

enum rc
blocklists_read(const char *file, struct slice text, struct arena *a,
    struct blocklist_zones *out, struct slice *error)
{
	struct reading r = { .file = file, .arena = a, .error = error };
	struct slice line, rest;
	enum rc rc = RC_OK;

	if (slice_starts(text, SLICE_LIT("\xef\xbb\xbf")))
		text = slice_from(text, 3);
	while (rc == RC_OK && slice_line(&text, &line)) {
		r.line++;
		(void)slice_cut(line, '#', &line, &rest);
		rc = read_line(&r, line);
	}
	if (rc == RC_OK && r.n == 0) {
		*error = arena_slicef(a, "%s: names no zone", file);
		rc = RC_INVALID;
	}
	if (arena_failed(a))
		return RC_NOMEM;
	if (rc == RC_OK)
		*out = (struct blocklist_zones){ r.zones, r.n };
	return rc;
}

/* ---- what is shown of them --------------------------------------------- */

bool
blocklists_have_secrets(const struct blocklist_zones *zones)
{
	for (size_t i = 0; i < zones->n; i++) {
		if (!slice_eq(zones->list[i].name, zones->list[i].label))
			return true;
	}
	return false;
}

enum rc
blocklists_by_label(struct arena *a, struct blocklist_zones *zones)
{
	struct blocklist_zone *copy =
	    arena_new_of(a, struct blocklist_zone, zones->n);

	if (copy == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < zones->n; i++) {
		copy[i] = zones->list[i];
		copy[i].name = copy[i].label;
	}
	zones->list = copy;
	return RC_OK;
}

static const struct dns_record *
hide_records(struct arena *a, const struct blocklist_zone *z,
    const struct dns_record *records, size_t n)
{
	struct dns_record *copy = arena_new_of(a, struct dns_record, n);

	for (size_t i = 0; copy != NULL && i < n; i++) {
		struct slice *strings;

		copy[i] = records[i];
		copy[i].owner = blocklist_hide(a, z, copy[i].owner);
		if (copy[i].type == DNS_CNAME)
			copy[i].as.name = blocklist_hide(a, z, copy[i].as.name);
		if (copy[i].type != DNS_TXT)
			continue;
		strings = arena_new_of(a, struct slice, copy[i].as.text.n);
		for (size_t k = 0; strings != NULL && k < copy[i].as.text.n;
		     k++)
			strings[k] =
			    blocklist_hide(a, z, copy[i].as.text.strings[k]);
		copy[i].as.text.strings = strings;
	}
	return copy;
}

static void
hide(struct arena *a, const struct blocklist_zone *z, struct question *q,
    struct answer *answer)
{
	struct dns_answer *d = &answer->as.dns;

	q->name = blocklist_hide(a, z, q->name);
	answer->detail = blocklist_hide(a, z, answer->detail);
	if (d->n_chain > 0)
		d->chain = hide_records(a, z, d->chain, d->n_chain);
	if (d->n_records > 0)
		d->records = hide_records(a, z, d->records, d->n_records);
	d->soa_owner = blocklist_hide(a, z, d->soa_owner);
}

enum rc
blocklists_hide(const struct blocklist_zones *zones, struct arena *a,
    struct question *q, struct answer *answer)
{
	for (size_t i = 0; i < zones->n && q->kind == QUESTION_DNS; i++) {
		if (domain_is_under(q->name, zones->list[i].name))
			hide(a, &zones->list[i], q, answer);
	}
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
