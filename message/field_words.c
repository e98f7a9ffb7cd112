/* Encoded words (RFC 2047), Subject, and place-holders of templates. */
#include "message/encoded.h"
#include "message/field_lint.h"
#include "message/template_tags.h"

/* RFC 2047 2 */
enum { WORD_MAX = 75, WORD_LINE_MAX = 76 };

const struct lint_kind field_word_length = { "format.word-length", LINT_ERROR,
	"RFC 2047 2",
	"Split the text over encoded words of 75 octets at most" };

const struct lint_kind field_word_line = { "format.word-line", LINT_WARNING,
	"RFC 2047 2", "Fold lines with encoded words before octet 76" };

const struct lint_kind field_word_charset = { "format.word-charset", LINT_ERROR,
	"RFC 2047 2", "Encode the text as UTF-8" };

const struct lint_kind field_word_malformed = { "format.word-malformed",
	LINT_ERROR, "RFC 2047 2",
	"Let a mail library encode the text: =?utf-8?q?...?=" };

const struct lint_kind field_word_octets = { "format.word-octets", LINT_ERROR,
	"RFC 2047 2", "Name the charset that the text really has" };

const struct lint_kind field_word_split = { "format.word-split", LINT_ERROR,
	"RFC 2047 5",
	"Split encoded words between characters, never within one" };

const struct lint_kind field_word_loose = { "format.word-loose", LINT_WARNING,
	"RFC 2047 5", "Put a space before and behind each encoded word" };

const struct lint_kind field_word_place = { "format.word-place", LINT_ERROR,
	"RFC 2047 5",
	"Encode whole names and subjects, and nothing within quotes" };

const struct lint_kind field_word_characters = { "format.word-characters",
	LINT_WARNING, "RFC 2047 5",
	"Encode all but letters, digits and ! * + - / in names" };

const struct lint_kind field_subject_reply = { "format.subject-reply",
	LINT_WARNING, "RFC 5322 3.6.5",
	"Take Re: or Fwd: off the subject of what is no reply" };

const struct lint_kind field_template_tag = { "format.template-tag",
	LINT_WARNING, "RFC 5322 3.6.5",
	"Have the mail service fill in the place-holder, with something else "
	"where there is no value" };

/* ---- encoded words ----------------------------------------------------- */

/* Octets of the line of the field that a place in its value is on. */
static size_t
line_length(const struct field_job *job, size_t at)
{
	struct slice all = job->m->octets, value = job->field->value;
	size_t begin = slice_offset(all, job->field->name);
	size_t here = slice_offset(all, value) + at;
	struct slice before = slice_sub(all, begin, here - begin);
	struct slice behind = slice_from(value, at), head, tail;
	const unsigned char *eol = memrchr(before.p, '\n', before.n);

	if (eol != NULL)
		before = slice_from(before,
		    slice_offset(before, slice_of(eol, 1)) + 1);
	(void)slice_cut(behind, '\n', &head, &tail);
	if (head.n > 0 && head.p[head.n - 1] == '\r')
		head.n--;
	return before.n + head.n;
}

static void
charset_lint(struct field_job *job, const struct encoded_word *w)
{
	field_say(job, &field_word_charset, w->at,
	    arena_slicef(job->lint->arena,
		"The charset %.*s of an encoded word is not known, so the text "
		"is not shown",
		SLICE_FMT(field_quote(job, w->charset))));
}

/* What a word alone says that is not of its charset: or it was split. */
static void
octets_lint(struct field_job *job, const struct encoded_word *w, bool all_bad)
{
	struct slice word = slice_sub(job->field->value, w->at, w->n);
	struct encoded_text t;

	if (encoded_decode(job->scratch, word, &t) != RC_OK || !t.bad_octets)
		return;
	if (all_bad)
		field_say(job, &field_word_octets, w->at,
		    SLICE_LIT("An encoded word has octets that are not of its "
			      "charset, so the text cannot be read"));
	else
		field_say(job, &field_word_split, w->at,
		    SLICE_LIT("A character is split over two encoded words; "
			      "some receivers show two broken ones"));
}

static void
size_lint(struct field_job *job, const struct encoded_word *w)
{
	if (w->n > WORD_MAX)
		field_say(job, &field_word_length, w->at,
		    arena_slicef(job->lint->arena,
			"An encoded word has %zu octets, and 75 are allowed; "
			"some receivers do not decode it",
			w->n));
	else if (field_wants(job, &field_word_line) &&
		 line_length(job, w->at) > WORD_LINE_MAX)
		field_say(job, &field_word_line, w->at,
		    SLICE_LIT("A line with an encoded word has more than 76 "
			      "octets"));
}

static void
word_lint(struct field_job *job, const struct encoded_word *w, bool all_bad)
{
	switch (w->kind) {
	case ENCODED_MALFORMED:
		field_say(job, &field_word_malformed, w->at,
		    SLICE_LIT("An encoded word is damaged, and is shown as it "
			      "stands there"));
		return;
	case ENCODED_UNKNOWN:
		charset_lint(job, w);
		break;
	case ENCODED_FINE:
		octets_lint(job, w, all_bad);
		break;
	}
	size_lint(job, w);
	if (w->loose && (w->at == 0 || job->field->value.p[w->at - 1] != '"'))
		field_say(job, &field_word_loose, w->at,
		    SLICE_LIT("An encoded word is not set off by white space, "
			      "so some receivers do not decode it"));
}

void
field_words_lint(struct field_job *job)
{
	struct slice value = job->field->value;
	struct encoded_text all;
	struct encoded_word w;

	if (encoded_decode(job->scratch,
		field_unfolded(job->scratch, job->field), &all) != RC_OK)
		return;
	for (size_t at = 0; encoded_next(value, at, &w); at = w.at + w.n)
		word_lint(job, &w, all.bad_octets);
}

void
field_no_words_lint(struct field_job *job)
{
	struct encoded_word w;

	if (encoded_next(job->field->value, 0, &w) &&
	    w.kind != ENCODED_MALFORMED)
		field_say(job, &field_word_place, w.at,
		    SLICE_LIT(
			"An encoded word stands where none may be; "
			"receivers refuse the field or do not decode it"));
}

/* ---- place-holders ----------------------------------------------------- */

void
field_tags_lint(struct field_job *job)
{
	struct slice value = job->field->value, text, tag;
	struct encoded_word w;
	size_t at;

	if (template_tag_find(value, &tag)) {
		at = slice_offset(value, tag);
	} else {
		if (!encoded_next(value, 0, &w))
			return;
		at = w.at;
		text = field_text(job->scratch, job->field);
		if (!template_tag_find(text, &tag))
			return;
	}
	field_say(job, &field_template_tag, at,
	    arena_slicef(job->lint->arena,
		"The place-holder %.*s was not filled in; recipients see it",
		SLICE_FMT(field_quote(job, tag))));
}

/* ---- Subject ----------------------------------------------------------- */

/* Re: and Fwd: in the languages that mail programs write them in. */
static bool
is_reply_word(struct slice s)
{
	static const char *const words[] = { "re", "fw", "fwd", "aw", "wg",
		"sv", "vs", "vb", "antw", "rv", "tr", "rif", "odp", "ynt",
		"enc", "res" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (slice_eq_nocase(s, slice_str(words[i])))
			return true;
	}
	return false;
}

/* "Re:", "RE[2]:", "Fwd (3) :" */
static bool
begins_as_reply(struct slice text)
{
	struct slice head, rest;

	text = slice_trim(text);
	if (!slice_cut(slice_sub(text, 0, 12), ':', &head, &rest))
		return false;
	for (size_t i = 0; i < head.n; i++) {
		if (ascii_is_alpha(head.p[i]))
			continue;
		if (memchr(" [(", head.p[i], 3) == NULL)
			return false;
		head = slice_sub(head, 0, i);
	}
	return is_reply_word(head);
}

void
field_subject_lint(struct field_job *job)
{
	const struct fields *f = job->fields;
	struct slice text;

	field_words_lint(job);
	field_tags_lint(job);
	text = field_text(job->scratch, job->field);
	if (f->count[FIELD_IN_REPLY_TO] + f->count[FIELD_REFERENCES] == 0 &&
	    begins_as_reply(text))
		field_say(job, &field_subject_reply, 1,
		    SLICE_LIT("The subject begins as that of a reply or of "
			      "forwarded mail, but the message is none"));
}
