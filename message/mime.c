#include "message/mime.h"

#include "base/utf8.h"
#include "message/charset.h"
#include "message/octets.h"
#include "message/transfer.h"

bool
mime_is(const struct mime_part *p, const char *type, const char *subtype)
{
	return slice_eq(p->type, slice_str(type)) &&
	       (subtype == NULL || slice_eq(p->subtype, slice_str(subtype)));
}

bool
mime_is_container(const struct mime_part *p)
{
	return p->parts > 0;
}

bool
mime_is_attachment(const struct mime_part *p)
{
	return !mime_is_container(p) &&
	       (p->disposition == MIME_ATTACHMENT || p->name.n > 0);
}

bool
mime_is_shown(const struct mime_part *p)
{
	if (p->disposition == MIME_ATTACHMENT || mime_is_container(p))
		return false;
	for (p = p->parent; p != NULL; p = p->parent) {
		if (!mime_is(p, "multipart", NULL))
			return false;
	}
	return true;
}

const struct mime_part *
mime_body(const struct mime *m, const char *subtype)
{
	for (size_t i = 0; i < m->n; i++) {
		if (mime_is(&m->parts[i], "text", subtype) &&
		    mime_is_shown(&m->parts[i]))
			return &m->parts[i];
	}
	return NULL;
}

enum rc
mime_decode(struct arena *a, const struct mime_part *p, size_t max,
    struct slice *octets, bool *cut)
{
	struct transfer t = { .in = p->body, .max = max };
	struct buf out;
	enum rc rc = RC_NOMEM;

	*octets = slice_sub(p->body, 0, max);
	*cut = p->body.n > max;
	if (!transfer_is_coded(p->encoding))
		return RC_OK;
	buf_init(&out, max);
	t.out = &out;
	transfer_decode(&t, p->encoding);
	*cut = t.n > max;
	if (!out.failed) {
		*octets = arena_copy(a, buf_slice(&out));
		rc = octets->p != NULL ? RC_OK : RC_LIMIT;
	}
	buf_free(&out);
	return rc;
}

/* A character that the limit has cut in two is not there. */
static struct slice
whole_characters(struct slice s)
{
	size_t back = 0, n;

	while (back < 3 && back < s.n && (s.p[s.n - 1 - back] & 0xc0) == 0x80)
		back++;
	if (back < s.n &&
	    utf8_next(slice_from(s, s.n - 1 - back), &n) == UINT32_MAX)
		s.n -= back + 1;
	return s;
}

enum rc
mime_text(struct arena *a, const struct mime_part *p, size_t max,
    struct slice *utf8, bool *cut)
{
	struct charsets sets = { 0 };
	struct buf out;
	bool known = false;
	int utf8_set = charset_find(SLICE_LIT("utf-8"));
	int set = charset_find(p->charset);
	enum rc rc = mime_decode(a, p, max, utf8, cut);

	if (rc)
		return rc;
	set = set >= 0 ? set : utf8_set;
	if (set == utf8_set && *cut)
		*utf8 = whole_characters(*utf8);
	if (set == utf8_set && utf8_valid(*utf8))
		return RC_OK;
	/* The most that one octet becomes: U+FFFD, three of them. */
	buf_init(&out, utf8->n * 4 + 64);
	(void)charset_to_utf8(&sets, set, *utf8, &out, &known);
	if (!known)
		(void)charset_to_utf8(&sets, utf8_set, *utf8, &out, &known);
	rc = RC_NOMEM;
	if (!out.failed) {
		*utf8 = arena_copy(a, buf_slice(&out));
		rc = utf8->p != NULL ? RC_OK : RC_LIMIT;
	}
	charsets_close(&sets);
	buf_free(&out);
	return rc;
}
