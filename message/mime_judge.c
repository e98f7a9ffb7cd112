#include "message/mime_judge.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "message/octets.h"
#include "message/transfer.h"

void
mime_judge_say(const struct judge *j, const struct lint_kind *kind,
    const struct mime_part *p, size_t at, struct slice detail)
{
	struct slice octet = p->body;

	if (mime_wants(j->lint, kind, SLICE_NONE))
		octet = slice_from(p->body,
		    transfer_origin(p->body, p->encoding, at));
	mime_say(j->lint, kind, SLICE_NONE, octet, detail);
}

/* ---- transfer encodings ------------------------------------------------ */

static const struct {
	const struct lint_kind *kind;
	const char *detail;
} transfer_kinds[TRANSFER_FAULTS] = {
	[QP_ESCAPE] = { &mime_qp_escape,
	    "In quoted-printable an equals sign needs two hexadecimal digits "
	    "behind it; what receivers show here differs" },
	[QP_8BIT] = { &mime_qp_8bit,
	    "An octet over 127 stands in quoted-printable as it is, and may be "
	    "lost on the way" },
	[QP_LONG] = { &mime_qp_long,
	    "A line of quoted-printable has more than 76 octets, and servers "
	    "may break it, which breaks DKIM" },
	[QP_SPACE] = { &mime_qp_space,
	    "White space stands at the end of a line of quoted-printable, where "
	    "receivers drop it" },
	[QP_SOFT_END] = { &mime_qp_soft_end,
	    "The part ends with a soft line break of quoted-printable, as if "
	    "more had to follow" },
	[BASE64_OCTET] = { &mime_base64_octet,
	    "An octet is no base64; receivers stop here or skip it, and what "
	    "follows may be damaged" },
	[BASE64_LONG] = { &mime_base64_long,
	    "A line of base64 has more than 76 octets, and servers may refuse "
	    "it" },
	[BASE64_INSIDE] = { &mime_base64_inside,
	    "Base64 goes on behind its padding, where many receivers stop" },
	[BASE64_SHORT] = { &mime_base64_short,
	    "Base64 ends within a group of four characters, as if the rest had "
	    "been cut off" },
};

static void
transfer_say(const struct judge *j, const struct mime_part *p,
    const struct transfer *t)
{
	for (size_t i = 0; i < TRANSFER_FAULTS; i++) {
		if (t->faults[i].count > 0)
			mime_say_many(j->lint, transfer_kinds[i].kind,
			    slice_from(p->body, t->faults[i].at),
			    slice_str(transfer_kinds[i].detail),
			    t->faults[i].count);
	}
}

static void
plain_octets_judge(const struct judge *j, const struct mime_part *p)
{
	size_t high = octets_8bit(p->body);

	if (high < p->body.n && p->encoding == MIME_7BIT)
		mime_say(j->lint, &mime_body_8bit, SLICE_NONE,
		    slice_from(p->body, high),
		    SLICE_LIT("The part has octets over 127, and its transfer "
			      "encoding says that it has none; servers may "
			      "refuse or change it"));
}

/* ---- charsets ---------------------------------------------------------- */

/* ISO-2022-*, UTF-7 and UTF-16 have other meanings for ASCII's octets. */
static bool
is_stateful(struct slice charset)
{
	return slice_starts(charset, SLICE_LIT("iso-2022-")) ||
	       slice_starts(charset, SLICE_LIT("utf-7")) ||
	       slice_starts(charset, SLICE_LIT("utf-16"));
}

static bool
is_ascii(struct slice charset)
{
	return slice_eq(charset, SLICE_LIT("us-ascii")) ||
	       slice_eq(charset, SLICE_LIT("ascii")) ||
	       slice_eq(charset, SLICE_LIT("ansi_x3.4-1968"));
}

static bool
is_utf8(struct slice charset)
{
	return charset_find(charset) == charset_find(SLICE_LIT("utf-8"));
}

static size_t
utf8_bad(struct slice s)
{
	size_t at = octets_8bit(s), n;

	while (at < s.n && utf8_next(slice_from(s, at), &n) != UINT32_MAX)
		at += n;
	return at;
}

/* Offset of the first octet that is not of the charset; the length: none. */
static size_t
charset_bad(struct judge *j, struct slice charset, struct slice s)
{
	int set = charset_find(charset);
	bool known;
	size_t bad;

	if (set < 0)
		return s.n;
	if (is_utf8(charset))
		return utf8_bad(s);
	buf_reset(&j->converted);
	bad = charset_to_utf8(&j->charsets, set, s, &j->converted, &known);
	return bad > 0 && known ? j->charsets.bad_at : s.n;
}

static void
charset_octets_judge(struct judge *j, const struct mime_part *p,
    const struct judged_text *t)
{
	size_t bad = charset_bad(j, p->charset, t->text);

	/* The limit may have cut the last character in two. */
	if (bad == t->text.n || (t->cut && bad + 8 > t->text.n))
		return;
	if (!mime_wants(j->lint, &mime_charset_octets, SLICE_NONE)) {
		mime_judge_say(j, &mime_charset_octets, p, bad, SLICE_NONE);
		return;
	}
	mime_judge_say(j, &mime_charset_octets, p, bad,
	    arena_slicef(j->arena,
		"The text is said to be %.*s, and an octet (hexadecimal %02X) "
		"is not: receivers show a wrong character or a box",
		SLICE_FMT(mime_shown(p->charset)), t->text.p[bad]));
}

static void
charset_judge(struct judge *j, const struct mime_part *p,
    const struct judged_text *t)
{
	size_t high = octets_8bit(t->text);

	if (high == t->text.n && !is_stateful(p->charset))
		return;
	if (p->charset.n == 0)
		mime_judge_say(j, &mime_charset_missing, p, high,
		    SLICE_LIT("The text is not ASCII, and no charset is named, "
			      "so receivers guess which characters it has"));
	else if (is_ascii(p->charset))
		mime_judge_say(j, &mime_charset_ascii, p, high,
		    SLICE_LIT("The text is said to be US-ASCII and is not, so "
			      "receivers guess which characters it has"));
	else
		charset_octets_judge(j, p, t);
}

/* ---- one part ---------------------------------------------------------- */

static void
text_judge(struct judge *j, const struct mime_part *p, struct judged_text *t)
{
	t->cut = p->decoded > LIMIT_MIME_TEXT;
	if (t->cut)
		mime_say(j->lint, &mime_text_long, SLICE_NONE, p->body,
		    arena_slicef(j->arena,
			"The text has %zu octets, and only the first %d were "
			"looked at",
			p->decoded, LIMIT_MIME_TEXT));
	if (!mime_is_shown(p))
		return;
	charset_judge(j, p, t);
	mime_judge_content(j, p, t);
}

static void
kind_judge(const struct judge *j, const struct mime_part *p)
{
	if (mime_is(p, "message", "partial"))
		mime_say(j->lint, &mime_partial, SLICE_NONE, p->octets,
		    SLICE_LIT("The message is one piece of a message; few "
			      "receivers put them together, and servers refuse "
			      "what they cannot scan"));
	else if (mime_is(p, "message", "external-body"))
		mime_say(j->lint, &mime_external, SLICE_NONE, p->octets,
		    SLICE_LIT("The part only says where its content is, and "
			      "receivers do not fetch it"));
}

static void
part_judge(struct judge *j, struct mime_part *p)
{
	bool text = mime_is(p, "text", NULL);
	struct judged_text t = { slice_sub(p->body, 0, LIMIT_MIME_TEXT),
		false };
	struct transfer coded = { .in = p->body, .max = LIMIT_MIME_TEXT };

	p->decoded = p->body.n;
	kind_judge(j, p);
	if (mime_is_container(p) || p->body.n == 0)
		return;
	if (transfer_is_coded(p->encoding)) {
		buf_reset(&j->decoded);
		coded.out = text ? &j->decoded : NULL;
		transfer_decode(&coded, p->encoding);
		transfer_say(j, p, &coded);
		p->decoded = coded.n;
		t.text = buf_slice(&j->decoded);
	} else {
		plain_octets_judge(j, p);
	}
	if (text)
		text_judge(j, p, &t);
}

enum rc
mime_judge(struct arena *a, const struct mime_lint *l, const struct mime *mime,
    struct mime_part *parts)
{
	struct judge j = {
		.arena = a,
		.lint = l,
		.mime = mime,
		.plain = mime_body(mime, "plain"),
	};
	bool failed;

	if (l->lint == NULL)
		return RC_OK;
	buf_init(&j.decoded, LIMIT_MIME_TEXT);
	/* The most that one octet becomes: U+FFFD, three of them. */
	buf_init(&j.converted, 4 * (size_t)LIMIT_MIME_TEXT + 64);
	for (size_t i = 0; i < mime->n; i++)
		part_judge(&j, &parts[i]);
	mime_judge_shape(&j);
	failed = j.decoded.failed || j.converted.failed;
	charsets_close(&j.charsets);
	buf_free(&j.decoded);
	buf_free(&j.converted);
	if (failed)
		return RC_NOMEM;
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
