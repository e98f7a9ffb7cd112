#include "bounces/dmarc_report.h"

#include <stdlib.h>

#include "base/limits.h"
#include "bounces/expat.h"
#include "bounces/log.h"

/* Elements that are looked at, by the end of their path. */
enum element {
	ORG_NAME,
	BEGIN,
	DOMAIN,
	SOURCE_IP,
	COUNT,
	DISPOSITION,
	DKIM,
	SPF,
	COMMENT,
	HEADER_FROM,
	ELEMENTS,
};

static const char *const paths[ELEMENTS] = {
	[ORG_NAME] = "/feedback/report_metadata/org_name",
	[BEGIN] = "/feedback/report_metadata/date_range/begin",
	[DOMAIN] = "/feedback/policy_published/domain",
	[SOURCE_IP] = "/feedback/record/row/source_ip",
	[COUNT] = "/feedback/record/row/count",
	[DISPOSITION] = "/feedback/record/row/policy_evaluated/disposition",
	[DKIM] = "/feedback/record/row/policy_evaluated/dkim",
	[SPF] = "/feedback/record/row/policy_evaluated/spf",
	[COMMENT] = "/feedback/record/row/policy_evaluated/reason/comment",
	[HEADER_FROM] = "/feedback/record/identifiers/header_from",
};

/* Of the report, and not of each record anew. */
enum { ELEMENTS_ONCE = DOMAIN + 1 };

#define RECORD "/feedback/record"

struct value {
	unsigned char octets[LIMIT_DMARC_VALUE];
	size_t n;
};

struct dmarc_report {
	struct batch *batch;
	struct expat expat;
	XML_Parser parser;
	char path[LIMIT_DMARC_PATH];
	size_t n_path; /* octets of the whole path; it may have no room */
	bool feedback; /* the first element was one */
	bool stopped;
	uint64_t records;
	struct value values[ELEMENTS];
	/* Copies, as one record mostly says what the one before said. */
	struct slice org, text, from;
};

/* ---- a record ---------------------------------------------------------- */

static struct slice
said(const struct dmarc_report *r, enum element e)
{
	return slice_trim(slice_of(r->values[e].octets, r->values[e].n));
}

static struct slice
copy(struct dmarc_report *r, struct slice s)
{
	struct slice out = arena_copy(r->batch->arena, s);

	r->batch->failed |= out.p == NULL;
	return out;
}

/* A copy, or the last one if it is the same. */
static struct slice
keep(struct dmarc_report *r, struct slice *last, struct slice s)
{
	if (last->p == NULL || !slice_eq(*last, s))
		*last = copy(r, s);
	return *last;
}

/* "Sender requirement failed: 550-5.7.30": Gmail's, among others. */
static bool
has_code(struct slice comment)
{
	for (size_t i = 0; i + 3 < comment.n; i++) {
		if ((comment.p[i] == '4' || comment.p[i] == '5') &&
		    (i == 0 || comment.p[i - 1] == ' ') &&
		    ascii_is_digit(comment.p[i + 1]) &&
		    ascii_is_digit(comment.p[i + 2]) &&
		    strchr("- ", comment.p[i + 3]) != NULL &&
		    comment.p[i + 3] != '\0')
			return true;
	}
	return false;
}

/* As much of a word as is shown. */
static struct slice
shown(struct dmarc_report *r, enum element e)
{
	struct slice word = said(r, e);

	if (word.n > LIMIT_BOUNCE_WORD)
		batch_cut(r->batch, CUT_VALUE);
	return slice_sub(word, 0, LIMIT_BOUNCE_WORD);
}

static struct slice
text_of(struct dmarc_report *r, bool refused)
{
	unsigned char room[LIMIT_DMARC_VALUE];
	struct slice comment = said(r, COMMENT);
	int n;

	if (has_code(comment))
		return keep(r, &r->text, comment);
	n = snprintf((char *)room, sizeof(room),
	    "%s by the DMARC policy of the domain (dkim=%.*s, spf=%.*s)",
	    refused ? "Rejected" : "Quarantined", SLICE_FMT(shown(r, DKIM)),
	    SLICE_FMT(shown(r, SPF)));
	return keep(r, &r->text, slice_of(room, n > 0 ? (size_t)n : 0));
}

static bool
is(struct slice s, const char *word)
{
	return slice_eq_nocase(s, slice_str(word));
}

static void
put(struct dmarc_report *r, enum attempt_kind kind, bool refused,
    uint64_t count)
{
	struct attempt a = { .kind = kind, .count = count };
	struct slice from = said(r, HEADER_FROM), seconds, rest;
	uint64_t begin;

	if (!batch_wants(r->batch))
		return;
	if (from.n == 0)
		from = said(r, DOMAIN);
	a.reporter = keep(r, &r->org, said(r, ORG_NAME));
	a.sender_domain = keep(r, &r->from, from);
	a.sender_gone = true;
	a.ip = copy(r, said(r, SOURCE_IP));
	if (kind != ATTEMPT_DELIVERED)
		a.text = text_of(r, refused);
	/* Some write a fraction. */
	(void)slice_cut(said(r, BEGIN), '.', &seconds, &rest);
	if (slice_number(seconds, UINT32_MAX, &begin))
		a.time = (struct moment){ .kind = MOMENT_FULL,
			.seconds = (int64_t)begin };
	batch_add(r->batch, &a);
}

/* Of a number that is too large, the most; what is none counts as one. */
static uint64_t
count_of(struct dmarc_report *r)
{
	uint64_t count = 1;
	struct slice s = said(r, COUNT);

	if (slice_number(s, LIMIT_DMARC_COUNT, &count))
		return count;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return 1;
	}
	if (s.n == 0)
		return 1;
	batch_cut(r->batch, CUT_VALUE);
	return LIMIT_DMARC_COUNT;
}

static void
take_record(struct dmarc_report *r)
{
	struct slice comment = said(r, COMMENT);
	bool refused = is(said(r, DISPOSITION), "reject");
	enum attempt_kind kind = ATTEMPT_BOUNCED;
	uint64_t count = count_of(r);

	r->records++;
	if (has_code(comment)) {
		if (slice_find(comment, SLICE_LIT(" 4")) != SIZE_MAX ||
		    comment.p[0] == '4')
			kind = ATTEMPT_DEFERRED;
	} else if (!refused && !is(said(r, DISPOSITION), "quarantine")) {
		kind = ATTEMPT_DELIVERED;
	}
	if (kind != ATTEMPT_DELIVERED || r->batch->all)
		put(r, kind, refused, count);
	else
		r->batch->delivered += count;
}

/* ---- elements ---------------------------------------------------------- */

/* A name without its prefix: RFC 9990 has a name space. */
static const char *
local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

static void
stop(struct dmarc_report *r)
{
	r->stopped = true;
	(void)r->expat.stop(r->parser, XML_FALSE);
}

static bool
path_is(const struct dmarc_report *r, const char *path)
{
	size_t n = strlen(path);

	return n == r->n_path && memcmp(r->path, path, n) == 0;
}

static void XMLCALL
begins(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct dmarc_report *r = ctx;
	size_t n;

	(void)attributes;
	name = local(name);
	n = strlen(name);
	if (r->n_path + 1 + n < sizeof(r->path)) {
		r->path[r->n_path] = '/';
		memcpy(r->path + r->n_path + 1, name, n);
	}
	r->n_path += 1 + n;
	if (!r->feedback && !path_is(r, "/feedback")) {
		stop(r);
		return;
	}
	r->feedback = true;
	if (path_is(r, RECORD)) {
		for (size_t i = ELEMENTS_ONCE; i < ELEMENTS; i++)
			r->values[i].n = 0;
	}
}

static void XMLCALL
ends(void *ctx, const XML_Char *name)
{
	struct dmarc_report *r = ctx;

	if (path_is(r, RECORD))
		take_record(r);
	if (r->batch->failed)
		stop(r);
	r->n_path -= 1 + strlen(local(name));
}

static void XMLCALL
text(void *ctx, const XML_Char *octets, int n)
{
	struct dmarc_report *r = ctx;
	struct value *v = NULL;
	size_t room, size = (size_t)n;

	for (size_t i = 0; i < ELEMENTS && v == NULL; i++) {
		if (path_is(r, paths[i]))
			v = &r->values[i];
	}
	if (v == NULL)
		return;
	room = sizeof(v->octets) - v->n;
	if (size > room) {
		batch_cut(r->batch, CUT_VALUE);
		size = room;
	}
	memcpy(v->octets + v->n, octets, size);
	v->n += size;
}

static void XMLCALL
doctype(void *ctx, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(ctx);
}

/* ---- all of it --------------------------------------------------------- */

enum rc
dmarc_report_new(struct batch *b, struct dmarc_report **out)
{
	struct dmarc_report *r = calloc(1, sizeof(*r));

	*out = r;
	if (r == NULL)
		return RC_NOMEM;
	r->batch = b;
	if (expat_load(&r->expat) != NULL)
		return RC_INVALID;
	r->parser = r->expat.create(NULL);
	if (r->parser == NULL)
		return RC_NOMEM;
	r->expat.set_user_data(r->parser, r);
	r->expat.set_elements(r->parser, begins, ends);
	r->expat.set_text(r->parser, text);
	r->expat.set_doctype(r->parser, doctype);
	return RC_OK;
}

void
dmarc_report_close(struct dmarc_report **rp)
{
	struct dmarc_report *r = *rp;

	*rp = NULL;
	if (r != NULL && r->parser != NULL)
		r->expat.free_parser(r->parser);
	free(r);
}

bool
dmarc_report_take(struct dmarc_report *r, struct slice s, bool last)
{
	if (r->stopped || r->expat.parse(r->parser, (const char *)s.p, (int)s.n,
			      last) != XML_STATUS_OK)
		return false;
	return !r->stopped;
}

uint64_t
dmarc_report_records(const struct dmarc_report *r)
{
	return r->records;
}

bool
dmarc_report_recognise(struct slice head)
{
	static const char *const begins_with[] = {
		"<?xml",
		"<feedback",
		"<!DOCTYPE",
	};

	if (slice_starts(head, SLICE_LIT("\xef\xbb\xbf")))
		head = slice_from(head, 3);
	head = slice_trim(head);
	for (size_t i = 0; i < sizeof(begins_with) / sizeof(*begins_with);
	     i++) {
		if (slice_starts(head, slice_str(begins_with[i])))
			return true;
	}
	return false;
}

void
dmarc_report_read(struct batch *b, struct slice xml)
{
	struct dmarc_report *r = NULL;
	enum rc rc;

	b->lines++;
	rc = dmarc_report_new(b, &r);
	b->failed |= rc == RC_NOMEM;
	/* What there is of a broken one counts, and that it is broken. */
	if (rc != RC_OK || !dmarc_report_take(r, xml, true))
		b->of[LOG_NONE]++;
	batch_end_record(b);
	dmarc_report_close(&r);
}
