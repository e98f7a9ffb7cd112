#include <stdlib.h>

#include "base/limits.h"
#include "bounces/dmarc_report.h"
#include "bounces/mail_kinds.h"
#include "bounces/unpack.h"
#include "message/transfer.h"

/* A DMARC report that is part of a message (RFC 7489 7.2.1.1). */

struct packed {
	struct slice left;
};

static enum rc
read_packed(void *ctx, unsigned char *room, size_t size, size_t *n,
    struct slice *error)
{
	struct packed *p = ctx;

	(void)error;
	*n = p->left.n < size ? p->left.n : size;
	memcpy(room, p->left.p, *n);
	p->left = slice_from(p->left, *n);
	return RC_OK;
}

/* One member; false: it is damaged, or no report. */
static bool
read_member(struct batch *b, struct unpack *u, uint64_t *left)
{
	unsigned char room[8 * 1024];
	struct slice error = SLICE_NONE;
	struct dmarc_report *r = NULL;
	enum rc rc = dmarc_report_new(b, &r);
	bool more = rc == RC_OK;
	size_t n;

	b->failed |= rc == RC_NOMEM;
	while (more) {
		rc = unpack_read(u, room, sizeof(room), &n, &error);
		if (rc == RC_OK && n > *left)
			batch_cut(b, CUT_ARCHIVE);
		if (rc != RC_OK || n > *left)
			break;
		*left -= n;
		more =
		    dmarc_report_take(r, slice_of(room, n), n < sizeof(room)) &&
		    n == sizeof(room);
	}
	more = r != NULL && dmarc_report_records(r) > 0;
	dmarc_report_close(&r);
	return more;
}

static bool
read_packed_report(struct batch *b, struct slice octets, uint64_t *left)
{
	struct packed p = { octets };
	struct slice error = SLICE_NONE, name;
	struct unpack *u = NULL;
	bool there = false, known = false;
	size_t members = 0;
	enum rc rc = unpack_open(read_packed, &p, b->arena, &u, &error);

	b->failed |= rc == RC_NOMEM;
	while (rc == RC_OK) {
		rc = unpack_next(u, &name, &there, &error);
		if (rc != RC_OK || !there)
			break;
		if (members++ == LIMIT_BOUNCE_MEMBERS) {
			batch_cut(b, CUT_ARCHIVE);
			break;
		}
		known |= read_member(b, u, left);
	}
	unpack_close(&u);
	return known;
}

static bool
read_plain_report(struct batch *b, struct slice xml)
{
	struct dmarc_report *r = NULL;
	enum rc rc = dmarc_report_new(b, &r);
	bool known = false;

	b->failed |= rc == RC_NOMEM;
	if (rc == RC_OK) {
		(void)dmarc_report_take(r, xml, true);
		known = dmarc_report_records(r) > 0;
	}
	dmarc_report_close(&r);
	return known;
}

bool
mail_report(struct batch *b, const struct mail_part *part, uint64_t *room)
{
	struct transfer t = { .in = part->body, .max = LIMIT_RECORD };
	struct slice octets = part->body;
	bool known = false;
	struct buf decoded;

	buf_init(&decoded, LIMIT_RECORD);
	t.out = &decoded;
	if (transfer_is_coded(part->encoding)) {
		transfer_decode(&t, part->encoding);
		octets = buf_slice(&decoded);
	}
	if (unpack_recognise(octets))
		known = read_packed_report(b, octets, room);
	else if (dmarc_report_recognise(octets))
		known = read_plain_report(b, octets);
	buf_free(&decoded);
	return known;
}
