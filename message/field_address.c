/* The address fields of RFC 5322 3.6.2 and 3.6.3. */
#include "base/domain.h"
#include "base/limits.h"
#include "message/field_lint.h"
#include "message/token.h"

/* RFC 5321 4.5.3.1.1, 4.5.3.1.3 (a path has two brackets more) */
enum { LOCAL_MAX = 64, ADDRESS_MAX = 254 };

const struct lint_kind field_address_syntax = { "format.address-syntax",
	LINT_ERROR, "RFC 5322 3.4",
	"Write each address as Name <local@domain>, the name in double quotes "
	"if it has more than letters, digits and spaces" };

const struct lint_kind field_address_unclosed = { "format.address-unclosed",
	LINT_ERROR, "RFC 5322 3.4", "Close what is opened there" };

const struct lint_kind field_address_no_domain = { "format.address-no-domain",
	LINT_ERROR, "RFC 5322 3.4.1",
	"Write the whole address, with \"@\" and its domain" };

const struct lint_kind field_address_too_many = { "format.address-too-many",
	LINT_WARNING, "RFC 5321 4.5.3.1.8",
	"Send to fewer recipients at once, one a message for bulk mail" };

const struct lint_kind field_address_obsolete = { "format.address-obsolete",
	LINT_WARNING, "RFC 5322 4.4",
	"Write the address in the form of RFC 5322 3.4" };

const struct lint_kind field_address_length = { "format.address-length",
	LINT_ERROR, "RFC 5321 4.5.3.1", "Use a shorter address" };

const struct lint_kind field_address_domain = { "format.address-domain",
	LINT_ERROR, "RFC 5321 2.3.5", "Use an address at a domain of DNS" };

const struct lint_kind field_address_no_dot = { "format.address-no-dot",
	LINT_ERROR, "RFC 5321 2.3.5",
	"Write the domain in full, as it is in DNS" };

const struct lint_kind field_address_literal = { "format.address-literal",
	LINT_ERROR, "RFC 5321 4.1.3",
	"Use a domain name in place of the IP address" };

const struct lint_kind field_address_quoted = { "format.address-quoted",
	LINT_WARNING, "RFC 5321 4.1.2",
	"Use an address that needs no quotes before the \"@\"" };

const struct lint_kind field_address_utf8 = { "format.address-utf8",
	LINT_WARNING, "RFC 6532 3.2",
	"Use an address that is ASCII before the \"@\"" };

const struct lint_kind field_address_idn = { "format.address-idn", LINT_WARNING,
	"RFC 5890 2.3.2.1", "Write the domain with its A-labels (xn--)" };

const struct lint_kind field_address_characters = { "format.address-characters",
	LINT_WARNING, "RFC 5322 3.2.3",
	"Use letters, digits, dots, hyphens, underscores and plus signs only" };

const struct lint_kind field_address_word = { "format.address-encoded-word",
	LINT_ERROR, "RFC 2047 5", "Encode names only, never addresses" };

const struct lint_kind field_from_several = { "format.from-several",
	LINT_WARNING, "RFC 5322 3.6.2", "Have one address in From" };

const struct lint_kind field_from_group = { "format.from-group", LINT_ERROR,
	"RFC 6854 1", "Have one address in From, and no group" };

const struct lint_kind field_sender_several = { "format.sender-several",
	LINT_ERROR, "RFC 5322 3.6.2", "Have one address in Sender" };

/* ---- the grammar ------------------------------------------------------- */

static struct slice
syntax_text(struct field_job *job, size_t at)
{
	struct slice s = slice_sub(job->field->value, at, 1);

	if (s.n == 0)
		return SLICE_LIT("The address ends too early");
	if (s.p[0] == '<')
		return SLICE_LIT(
		    "What stands before \"<\" is no name: an address, or what "
		    "has \"@\" in it, has to be in double quotes there");
	if (s.p[0] > 127)
		return SLICE_LIT("There is an octet that is not UTF-8");
	if (!slice_is_printable(s))
		return SLICE_LIT("A control character stands in an address");
	return arena_slicef(job->lint->arena,
	    "\"%c\" may not stand there: receivers read another address or "
	    "none",
	    s.p[0]);
}

/* A sign that is one to them within an encoded word (RFC 2047 5 (3)). */
static void
word_at_lint(struct field_job *job, size_t at)
{
	struct encoded_word w;
	size_t from = 0;

	while (encoded_next(job->field->value, from, &w) && w.at <= at) {
		from = w.at + w.n;
		if (at >= from)
			continue;
		field_say(job, &field_word_characters, w.at,
		    SLICE_LIT("An encoded word in a name has a sign that ends "
			      "the name for whoever reads the address first"));
	}
}

static void
fault_lint(struct field_job *job, const struct address_list *l)
{
	switch (l->fault) {
	case ADDRESS_FINE:
		return;
	case ADDRESS_EMPTY:
		field_say(job, &fields_empty, 0,
		    SLICE_LIT("There is no address in the field"));
		return;
	case ADDRESS_SYNTAX:
		field_say(job, &field_address_syntax, l->at,
		    syntax_text(job, l->at));
		break;
	case ADDRESS_NO_DOMAIN:
		field_say(job, &field_address_no_domain, l->at,
		    SLICE_LIT("There is no \"@\" and no domain in the address "
			      "that ends here"));
		break;
	case ADDRESS_UNCLOSED:
		field_say(job, &field_address_unclosed, l->at,
		    SLICE_LIT("A quote, bracket, comment or group is opened "
			      "here and never closed"));
		return;
	case ADDRESS_TOO_MANY:
		field_say(job, &field_address_too_many, l->at,
		    arena_slicef(job->lint->arena,
			"There are more than %d addresses in the field; those "
			"after that are not looked at",
			LIMIT_ADDRESSES));
		return;
	case ADDRESS_TOO_DEEP:
		field_say(job, &field_address_syntax, l->at,
		    arena_slicef(job->lint->arena,
			"Comments are nested more than %d deep",
			LIMIT_COMMENT_DEPTH));
		return;
	}
	word_at_lint(job, l->at);
}

static const char *
old_text(enum address_old old)
{
	switch (old) {
	case ADDRESS_OLD_NONE:
		break;
	case ADDRESS_OLD_OCTETS:
		return "The address has control characters, quoted pairs or "
		       "empty folded lines that must not be written any more";
	case ADDRESS_OLD_DOT:
		return "The name has a dot in it and no double quotes around "
		       "it; it must have them";
	case ADDRESS_OLD_LOCAL:
		return "There are blanks or quotes between the dots before the "
		       "\"@\"";
	case ADDRESS_OLD_DOMAIN:
		return "There are blanks or comments within the domain";
	case ADDRESS_OLD_ROUTE:
		return "The address names relays to go by, which no server "
		       "heeds any more";
	case ADDRESS_OLD_AT:
		return "There are blanks or comments beside the \"@\"";
	case ADDRESS_OLD_COMMA:
		return "There is a comma without an address before or after it";
	}
	return "";
}

static void
old_lint(struct field_job *job, const struct address_list *l)
{
	struct encoded_word w;
	size_t from = 0;

	if (l->old == ADDRESS_OLD_NONE)
		return;
	/* A dot within an encoded word is another matter. */
	while (l->old == ADDRESS_OLD_DOT &&
	       encoded_next(job->field->value, from, &w) && w.at < l->old_at) {
		from = w.at + w.n;
		if (l->old_at < from) {
			word_at_lint(job, l->old_at);
			return;
		}
	}
	field_say(job, &field_address_obsolete, l->old_at,
	    slice_str(old_text(l->old)));
}

/* ---- one address ------------------------------------------------------- */

static bool
is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] > 127)
			return false;
	}
	return true;
}

/* The signs that Yahoo names as exotic. */
static bool
has_exotic(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (memchr(",$%?{}<>", s.p[i], 8) != NULL)
			return true;
	}
	return false;
}

static void
length_lint(struct field_job *job, const struct mailbox *m)
{
	size_t all = m->local_octets + 1 + m->domain.n;

	if (m->local_octets > LOCAL_MAX)
		field_say(job, &field_address_length, m->local_at,
		    arena_slicef(job->lint->arena,
			"The address has %zu octets before the \"@\", and 64 "
			"are allowed",
			m->local_octets));
	else if (all > ADDRESS_MAX)
		field_say(job, &field_address_length, m->local_at,
		    arena_slicef(job->lint->arena,
			"The address has %zu octets, and 254 are allowed",
			all));
}

static void
local_lint(struct field_job *job, const struct mailbox *m)
{
	struct slice local = m->local;

	length_lint(job, m);
	if (slice_find(local, SLICE_LIT("=?")) != SIZE_MAX &&
	    slice_find(local, SLICE_LIT("?=")) != SIZE_MAX)
		field_say(job, &field_address_word, m->local_at,
		    SLICE_LIT("An encoded word stands in the address itself; "
			      "nobody decodes it there"));
	else if (has_exotic(local))
		field_say(job, &field_address_characters, m->local_at,
		    SLICE_LIT("The address has one of , $ % ? { } < > in it, "
			      "for which receivers refuse mail"));
	else if (m->quoted)
		field_say(job, &field_address_quoted, m->local_at,
		    SLICE_LIT("The address has quotes before the \"@\", which "
			      "many systems cannot handle"));
	if (!is_ascii(local))
		field_say(job, &field_address_utf8, m->local_at,
		    SLICE_LIT("The address is not ASCII before the \"@\": only "
			      "servers with SMTPUTF8 can handle it"));
}

static void
domain_fault_lint(struct field_job *job, const struct mailbox *m,
    enum domain_fault fault)
{
	const struct lint_kind *kind =
	    fault == DOMAIN_LABEL_LONG || fault == DOMAIN_LONG
		? &field_address_length
		: &field_address_domain;

	if (field_wants(job, kind))
		field_say(job, kind, m->domain_at,
		    arena_slicef(job->lint->arena, "The domain %.*s %s",
			SLICE_FMT(field_quote(job, m->domain)),
			domain_fault_text(fault)));
	else
		field_say(job, kind, m->domain_at, SLICE_NONE);
}

static void
domain_lint(struct field_job *job, const struct mailbox *m)
{
	struct slice name;
	enum domain_fault fault;

	if (m->literal) {
		field_say(job, &field_address_literal, m->domain_at,
		    SLICE_LIT("The address is at an IP address, not at a "
			      "domain: nobody can authenticate it"));
		return;
	}
	fault = domain_canonical(job->scratch, m->domain, &name);
	if (fault != DOMAIN_FINE) {
		domain_fault_lint(job, m, fault);
		return;
	}
	if (memchr(name.p, '.', name.n) == NULL)
		field_say(job, &field_address_no_dot, m->domain_at,
		    SLICE_LIT("The domain has no dot in it: it is no full "
			      "domain name"));
	else if (!domain_is_fqdn(name))
		field_say(job, &field_address_domain, m->domain_at,
		    SLICE_LIT("The domain is no name that a mail domain can "
			      "have"));
	if (!is_ascii(m->domain))
		field_say(job, &field_address_idn, m->domain_at,
		    arena_slicef(job->lint->arena,
			"The domain is not ASCII; in mail it is written %.*s",
			SLICE_FMT(name)));
}

/* ---- one field --------------------------------------------------------- */

static void
author_lint(struct field_job *job, const struct address_list *l)
{
	if (l->groups > 0)
		field_say(job, &field_from_group, 0,
		    SLICE_LIT("There is a group in From; receivers refuse it, "
			      "and DMARC cannot be judged"));
	if (l->n > 1) {
		field_say(job, &field_from_several, l->mailboxes[1].at,
		    arena_slicef(job->lint->arena,
			"There are %zu addresses in From; DMARC is for one, "
			"and receivers refuse more",
			l->n));
		if (job->fields->count[FIELD_SENDER] == 0)
			field_say(job, &fields_no_sender, l->mailboxes[1].at,
			    SLICE_LIT("There are several addresses in From, "
				      "and no Sender field"));
	}
	if (l->n > 0)
		field_name_lint(job, &l->mailboxes[0]);
}

/* RFC 2047 5 (3): never within a quoted string. */
static void
quoted_words_lint(struct field_job *job)
{
	struct cursor c = cursor_of(job->field->value);
	struct encoded_word w;
	struct token t;

	do {
		t = token_next(&c);
		if (t.kind == TOKEN_QUOTED && encoded_next(t.text, 0, &w) &&
		    w.kind != ENCODED_MALFORMED)
			field_say(job, &field_word_place, t.at + 1 + w.at,
			    SLICE_LIT("An encoded word stands within quotes, "
				      "where it is plain text: some receivers "
				      "show it undecoded"));
	} while (t.kind != TOKEN_END && t.kind != TOKEN_FAULT);
}

static void
id_lint(struct field_job *job, enum field_id id, const struct address_list *l)
{
	if (id == FIELD_FROM)
		author_lint(job, l);
	if (id == FIELD_SENDER && l->n + l->groups > 1)
		field_say(job, &field_sender_several, 0,
		    SLICE_LIT("There is more than one address in Sender"));
	if (id == FIELD_BCC)
		field_say(job, &fields_bcc, 0,
		    SLICE_LIT("Bcc is in the message, and shows every "
			      "recipient who the hidden ones are"));
}

void
field_addresses_lint(struct field_job *job, enum field_id id)
{
	struct address_list l;

	if (address_list_parse(job->scratch, job->field->value, &l) != RC_OK)
		return;
	fault_lint(job, &l);
	old_lint(job, &l);
	for (size_t i = 0; i < l.n; i++) {
		local_lint(job, &l.mailboxes[i]);
		domain_lint(job, &l.mailboxes[i]);
	}
	id_lint(job, id, &l);
	if (slice_find(job->field->value, SLICE_LIT("=?")) != SIZE_MAX) {
		field_words_lint(job);
		quoted_words_lint(job);
	}
	field_tags_lint(job);
}
