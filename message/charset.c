#include "message/charset.h"

#include <errno.h>

#include "base/utf8.h"

/* A name in messages, and what iconv(3) calls the charset. */
struct charset_name {
	const char *name;
	const char *iconv; /* NULL: UTF-8, done here; ASCII is part of it */
};

/*
 * IANA names and the aliases that mailers use.  GB 2312 is read as its
 * superset GB 18030, KS C 5601 as CP949, Shift_JIS as CP932: the WHATWG
 * Encoding standard, which receivers' web mail follows.
 */
static const struct charset_name charsets[] = {
	{ "utf-8", NULL },
	{ "utf8", NULL },
	{ "us-ascii", NULL },
	{ "ascii", NULL },
	{ "ansi_x3.4-1968", NULL },
	{ "iso-8859-1", "ISO-8859-1" },
	{ "iso8859-1", "ISO-8859-1" },
	{ "latin1", "ISO-8859-1" },
	{ "iso-8859-2", "ISO-8859-2" },
	{ "iso-8859-3", "ISO-8859-3" },
	{ "iso-8859-4", "ISO-8859-4" },
	{ "iso-8859-5", "ISO-8859-5" },
	{ "iso-8859-6", "ISO-8859-6" },
	{ "iso-8859-7", "ISO-8859-7" },
	{ "iso-8859-8", "ISO-8859-8" },
	{ "iso-8859-8-i", "ISO-8859-8" },
	{ "iso-8859-9", "ISO-8859-9" },
	{ "iso-8859-10", "ISO-8859-10" },
	{ "iso-8859-11", "ISO-8859-11" },
	{ "iso-8859-13", "ISO-8859-13" },
	{ "iso-8859-14", "ISO-8859-14" },
	{ "iso-8859-15", "ISO-8859-15" },
	{ "iso-8859-16", "ISO-8859-16" },
	{ "windows-874", "CP874" },
	{ "windows-1250", "CP1250" },
	{ "windows-1251", "CP1251" },
	{ "cp1251", "CP1251" },
	{ "windows-1252", "CP1252" },
	{ "cp1252", "CP1252" },
	{ "windows-1253", "CP1253" },
	{ "windows-1254", "CP1254" },
	{ "windows-1255", "CP1255" },
	{ "windows-1256", "CP1256" },
	{ "windows-1257", "CP1257" },
	{ "windows-1258", "CP1258" },
	{ "tis-620", "TIS-620" },
	{ "koi8-r", "KOI8-R" },
	{ "koi8-u", "KOI8-U" },
	{ "macintosh", "MACINTOSH" },
	{ "ibm437", "CP437" },
	{ "ibm850", "CP850" },
	{ "ibm866", "CP866" },
	{ "iso-2022-jp", "ISO-2022-JP" },
	{ "euc-jp", "EUC-JP" },
	{ "shift_jis", "CP932" },
	{ "windows-31j", "CP932" },
	{ "iso-2022-kr", "ISO-2022-KR" },
	{ "euc-kr", "CP949" },
	{ "ks_c_5601-1987", "CP949" },
	{ "gb2312", "GB18030" },
	{ "gbk", "GB18030" },
	{ "gb18030", "GB18030" },
	{ "big5", "BIG5" },
	{ "big5-hkscs", "BIG5-HKSCS" },
	{ "utf-7", "UTF-7" },
	{ "utf-16", "UTF-16" },
};

enum { CHARSETS = sizeof(charsets) / sizeof(charsets[0]) };

_Static_assert((int)CHARSETS <= (int)CHARSETS_MAX, "CHARSETS_MAX is too small");

static const struct slice replacement = { (const unsigned char *)"\xef\xbf\xbd",
	3 };

static bool
same_charset(size_t a, size_t b)
{
	const char *x = charsets[a].iconv, *y = charsets[b].iconv;

	if (x == NULL || y == NULL)
		return x == y;
	return strcmp(x, y) == 0;
}

/* Aliases give the number of the first row of the same charset. */
int
charset_find(struct slice name)
{
	size_t i, j;

	for (i = 0; i < CHARSETS; i++) {
		if (!slice_eq_nocase(name, slice_str(charsets[i].name)))
			continue;
		for (j = 0; !same_charset(i, j);)
			j++;
		return (int)j;
	}
	return -1;
}

static size_t
utf8_add(struct slice s, struct buf *out, size_t *bad_at)
{
	size_t bad = 0, n, all = s.n;

	for (; s.n > 0; s = slice_from(s, n)) {
		if (utf8_next(s, &n) != UINT32_MAX) {
			buf_add(out, slice_sub(s, 0, n));
			continue;
		}
		buf_add(out, replacement);
		if (bad++ == 0)
			*bad_at = all - s.n;
	}
	return bad;
}

/*
 * One call of iconv(3) on what is left.  Returns its errno, 0 at the end.
 * The input is cast for POSIX's sake only; iconv(3) does not write to it.
 */
static int
iconv_once(iconv_t cd, struct slice *s, struct buf *out)
{
	union {
		const unsigned char *in;
		char *p;
	} from = { s->p };

	char room[512], *to = room;
	size_t left = s->n, space = sizeof(room), r;
	int e;

	errno = 0;
	r = iconv(cd, &from.p, &left, &to, &space);
	e = r == (size_t)-1 ? errno : 0;
	buf_add(out, slice_of(room, sizeof(room) - space));
	*s = slice_from(*s, s->n - left);
	return e;
}

static size_t
iconv_add(iconv_t cd, struct slice s, struct buf *out, size_t *bad_at)
{
	char room[64], *to = room;
	size_t bad = 0, space = sizeof(room), all = s.n, left;
	int e;

	(void)iconv(cd, NULL, NULL, NULL, NULL);
	while (s.n > 0 && !out->failed) {
		left = s.n;
		e = iconv_once(cd, &s, out);
		if (e == 0 || (e == E2BIG && s.n < left))
			continue;
		buf_add(out, replacement);
		if (bad++ == 0)
			*bad_at = all - s.n;
		/* EINVAL: the text ends within a character. */
		s = e == EINVAL ? SLICE_NONE : slice_from(s, 1);
	}
	/* What is held back for a combining mark that may follow. */
	(void)iconv(cd, NULL, NULL, &to, &space);
	buf_add(out, slice_of(room, sizeof(room) - space));
	return bad;
}

size_t
charset_to_utf8(struct charsets *c, int charset, struct slice s,
    struct buf *out, bool *known)
{
	*known = true;
	if (charsets[charset].iconv == NULL)
		return utf8_add(s, out, &c->bad_at);
	if (!c->open[charset]) {
		c->cd[charset] = iconv_open("UTF-8", charsets[charset].iconv);
		/* iconv_t is a pointer or a number; POSIX says -1. */
		c->open[charset] = (intptr_t)c->cd[charset] != -1;
		*known = c->open[charset];
		if (!*known)
			return 0;
	}
	return iconv_add(c->cd[charset], s, out, &c->bad_at);
}

void
charsets_close(struct charsets *c)
{
	for (size_t i = 0; i < CHARSETS; i++) {
		if (c->open[i])
			(void)iconv_close(c->cd[i]);
		c->open[i] = false;
	}
}
