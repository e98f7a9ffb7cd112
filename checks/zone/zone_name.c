#include "checks/zone/zone_name.h"

#include "base/cursor.h"
#include "base/domain.h"

enum {
	LABEL_MAX = 63,
	WIRE_MAX = 255, /* RFC 1035 2.3.4, the root's octet too */
};

const char zone_no_origin[] = "is relative, and nothing says to which zone";

static const char bad_escape[] = "has a backslash without an octet behind it";
static const char too_long[] = "is longer than a name may be (255 octets)";

/* A name that grows label by label. */
struct writer {
	unsigned char text[ZONE_NAME_MAX];
	size_t n;
	size_t wire; /* octets of the labels, lengths included */
	size_t label;
};

/* What stands behind a backslash: three digits, or the octet itself. */
static bool
take_escape(struct cursor *c, unsigned char *out)
{
	struct slice digits = slice_sub(c->all, c->at, 3);
	uint64_t octet;

	if (cursor_done(c))
		return false;
	if (!ascii_is_digit((unsigned char)cursor_peek(c))) {
		*out = cursor_u8(c);
		return true;
	}
	if (digits.n < 3 || !slice_number(digits, 255, &octet))
		return false;
	(void)cursor_bytes(c, 3);
	*out = (unsigned char)octet;
	return true;
}

static const char *
writer_octet(struct writer *w, unsigned char octet)
{
	if (w->label == LABEL_MAX)
		return "has a label of over 63 octets";
	if (w->label++ == 0) {
		if (w->n > 0)
			w->text[w->n++] = '.';
		w->wire++;
	}
	if (++w->wire >= WIRE_MAX)
		return too_long;
	w->n += domain_octet_text(ascii_lower(octet), w->text + w->n);
	return NULL;
}

static const char *
writer_origin(struct writer *w, const struct zone_origin *o)
{
	struct cursor c = cursor_of(o->name);
	const char *wrong = NULL;

	if (!o->known)
		return zone_no_origin;
	w->label = 0;
	while (wrong == NULL && !cursor_done(&c)) {
		unsigned char octet = cursor_u8(&c);

		if (octet == '.') {
			w->label = 0;
			continue;
		}
		if (octet == '\\' && !take_escape(&c, &octet))
			return bad_escape;
		wrong = writer_octet(w, octet);
	}
	return wrong;
}

static const char *
writer_read(struct writer *w, struct cursor *c, bool *absolute)
{
	const char *wrong = NULL;

	*absolute = false;
	while (wrong == NULL && !cursor_done(c)) {
		unsigned char octet = cursor_u8(c);

		*absolute = octet == '.';
		if (octet == '.') {
			if (w->label == 0)
				return "has an empty label";
			w->label = 0;
			continue;
		}
		if (octet == '\\' && !take_escape(c, &octet))
			return bad_escape;
		wrong = writer_octet(w, octet);
	}
	return wrong;
}

const char *
zone_name_read(struct arena *a, struct slice raw,
    const struct zone_origin *origin, struct slice *out)
{
	struct cursor c = cursor_of(raw);
	struct writer w = { .n = 0 };
	const char *wrong = NULL;
	bool absolute = false;

	if (raw.n == 0)
		return "is empty";
	if (slice_eq(raw, SLICE_LIT("."))) {
		*out = SLICE_LIT("");
		return NULL;
	}
	if (!slice_eq(raw, SLICE_LIT("@")))
		wrong = writer_read(&w, &c, &absolute);
	if (wrong == NULL && !absolute)
		wrong = writer_origin(&w, origin);
	if (wrong == NULL)
		*out = arena_copy(a, slice_of(w.text, w.n));
	return wrong;
}

const char *
zone_name_wire(struct arena *a, struct slice *in, struct slice *out)
{
	struct cursor c = cursor_of(*in);
	struct writer w = { .n = 0 };
	const char *wrong = NULL;
	unsigned int length;

	while (wrong == NULL && (length = cursor_u8(&c)) > 0) {
		if (length > LABEL_MAX)
			return "has a label of over 63 octets";
		w.label = 0;
		for (; wrong == NULL && length > 0; length--)
			wrong = writer_octet(&w, cursor_u8(&c));
	}
	if (wrong == NULL && c.failed)
		return "is cut short";
	*in = slice_from(*in, c.at);
	*out = arena_copy(a, slice_of(w.text, w.n));
	return wrong;
}

const char *
zone_string_read(struct arena *a, struct slice raw, struct slice *out)
{
	struct cursor c = cursor_of(raw);
	unsigned char *p;
	size_t n = 0;

	*out = raw;
	if (raw.n == 0 || memchr(raw.p, '\\', raw.n) == NULL)
		return NULL;
	p = arena_new_of(a, unsigned char, raw.n);
	while (p != NULL && !cursor_done(&c)) {
		unsigned char octet = cursor_u8(&c);

		if (octet == '\\' && !take_escape(&c, &octet))
			return bad_escape;
		p[n++] = octet;
	}
	*out = slice_of(p, n);
	return NULL;
}
