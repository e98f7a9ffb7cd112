/* Display names, as Gmail's guidelines have them. */
#include "base/utf8.h"
#include "message/field_lint.h"

/* A recipient's name is searched for from so many octets on. */
enum { NAME_MIN = 4 };

const struct lint_kind field_name_address = { "format.name-address",
	LINT_WARNING, "RFC 5322 3.4",
	"Have no address in the display name but the one it is of" };

const struct lint_kind field_name_emoji = { "format.name-emoji", LINT_WARNING,
	"RFC 5322 3.4", "Take emoji and other pictures out of the name" };

const struct lint_kind field_name_recipient = { "format.name-recipient",
	LINT_WARNING, "RFC 5322 3.4",
	"Have only the sender's name in the display name" };

const struct lint_kind field_name_gmail = { "format.name-gmail", LINT_WARNING,
	"RFC 5322 3.4", "Take gmail.com out of the display name" };

const struct lint_kind field_name_thread = {
	"format.name-thread", LINT_WARNING, "RFC 5322 3.4",
	"Take the number out of the display name: it looks like a conversation"
};

const struct lint_kind field_name_hidden = { "format.name-hidden", LINT_WARNING,
	"RFC 5322 3.4", "Take invisible characters out of the display name" };

/* ---- characters -------------------------------------------------------- */

/* First and last of each range: Unicode 16, emoji-data.txt and what is drawn
 * in their stead. */
static const uint32_t emoji[][2] = {
	{ 0x20e3, 0x20e3 }, /* keycap */
	{ 0x231a, 0x231b }, /* watch, hourglass */
	{ 0x23e9, 0x23fa }, /* buttons of a player */
	{ 0x25b6, 0x25b6 }, /* the same */
	{ 0x25c0, 0x25c0 },
	{ 0x2600, 0x27bf }, /* symbols, dingbats: stars, hearts, ticks */
	{ 0x2934, 0x2935 }, { 0x2b05, 0x2b55 }, /* arrows, stars, rings */
	{ 0xfe0f, 0xfe0f },                     /* shown as a picture */
	{ 0x1f000, 0x1faff }, /* tiles, cards, flags, pictographs */
};

/* Nothing is seen of them, or they turn the text round. */
static const uint32_t hidden[][2] = {
	{ 0x00ad, 0x00ad },
	{ 0x200b, 0x200b },
	{ 0x202a, 0x202e },
	{ 0x2060, 0x2069 },
	{ 0xfeff, 0xfeff },
	{ 0xe0000, 0xe007f },
};

static bool
has_one_of(struct slice s, const uint32_t (*ranges)[2], size_t n)
{
	for (size_t at = 0, len; at < s.n; at += len) {
		uint32_t c = utf8_next(slice_from(s, at), &len);

		for (size_t i = 0; i < n; i++) {
			if (c >= ranges[i][0] && c <= ranges[i][1])
				return true;
		}
	}
	return false;
}

/* ---- words ------------------------------------------------------------- */

static bool
is_of_address(unsigned char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_' ||
	       c == '+';
}

/* The first local@domain with a dot in the domain; nothing: none. */
static struct slice
address_in(struct slice s)
{
	for (size_t i = 1; i < s.n; i++) {
		size_t begin = i, end = i + 1;
		struct slice domain;

		if (s.p[i] != '@')
			continue;
		while (begin > 0 && is_of_address(s.p[begin - 1]))
			begin--;
		while (end < s.n && is_of_address(s.p[end]))
			end++;
		domain = slice_sub(s, i + 1, end - i - 1);
		if (begin < i && domain.n > 2 &&
		    memchr(domain.p, '.', domain.n - 1) != NULL)
			return slice_sub(s, begin, end - begin);
		i = end - 1;
	}
	return SLICE_NONE;
}

/* "Anna (2)", as lists of conversations show how many messages there are. */
static bool
has_thread_count(struct slice s)
{
	size_t digits = 0;

	s = slice_trim(s);
	if (s.n < 4 || (s.p[s.n - 1] != ')' && s.p[s.n - 1] != ']'))
		return false;
	s.n--;
	while (s.n > 0 && ascii_is_digit(s.p[s.n - 1])) {
		s.n--;
		digits++;
	}
	return digits > 0 && digits < 4 && s.n > 1 &&
	       (s.p[s.n - 1] == '(' || s.p[s.n - 1] == '[');
}

static bool
is_address(struct slice s, const struct mailbox *m)
{
	struct slice local, domain;

	return slice_cut(s, '@', &local, &domain) &&
	       slice_eq_nocase(local, m->local) &&
	       slice_eq_nocase(domain, m->domain);
}

static bool
same_mailbox(const struct mailbox *a, const struct mailbox *b)
{
	return slice_eq_nocase(a->local, b->local) &&
	       slice_eq_nocase(a->domain, b->domain);
}

/* ---- the rules --------------------------------------------------------- */

static void
say(struct field_job *job, const struct lint_kind *kind,
    const struct mailbox *m, const char *text)
{
	struct slice detail = SLICE_NONE;

	if (field_wants(job, kind))
		detail =
		    arena_slicef(job->lint->arena, "The display name %.*s %s",
			SLICE_FMT(field_quote(job, m->display)), text);
	field_say(job, kind, m->at, detail);
}

static void
recipient_lint(struct field_job *job, const struct mailbox *m)
{
	const struct field *to = job->fields->first[FIELD_TO];
	struct address_list l;
	const struct mailbox *r;

	if (to == NULL || to->value.n > FIELD_SHORT ||
	    address_list_parse(job->scratch, to->value, &l) != RC_OK ||
	    l.n == 0 || same_mailbox(m, &l.mailboxes[0]))
		return;
	r = &l.mailboxes[0];
	if (is_address(address_in(m->display), r) ||
	    (r->display.n >= NAME_MIN &&
		slice_find_nocase(m->display, r->display) != SIZE_MAX))
		say(job, &field_name_recipient, m,
		    "has the recipient in it, as if mail from the recipient "
		    "had come");
}

static void
gmail_lint(struct field_job *job, const struct mailbox *m)
{
	static const char *const names[] = { "gmail.com", "googlemail.com" };

	for (size_t i = 0; i < 2; i++) {
		if (slice_eq_nocase(m->domain, slice_str(names[i])))
			return;
	}
	for (size_t i = 0; i < 2; i++) {
		if (slice_find_nocase(m->display, slice_str(names[i])) !=
		    SIZE_MAX) {
			say(job, &field_name_gmail, m,
			    "has gmail.com in it, and the mail is not from "
			    "there");
			return;
		}
	}
}

void
field_name_lint(struct field_job *job, const struct mailbox *m)
{
	struct slice name = slice_sub(m->display, 0, FIELD_SHORT), other;

	if (name.n == 0)
		return;
	other = address_in(name);
	if (other.n > 0 && !is_address(other, m))
		say(job, &field_name_address, m,
		    "has an address in it that is not the sender's, as "
		    "impostors have");
	if (has_one_of(name, emoji, sizeof(emoji) / sizeof(emoji[0])))
		say(job, &field_name_emoji, m,
		    "has an emoji or another picture in it");
	if (has_one_of(name, hidden, sizeof(hidden) / sizeof(hidden[0])))
		say(job, &field_name_hidden, m,
		    "has characters in it that are not seen, or turn the text "
		    "round");
	if (has_thread_count(name))
		say(job, &field_name_thread, m,
		    "ends with a number in brackets, as a conversation does");
	gmail_lint(job, m);
	recipient_lint(job, m);
}
