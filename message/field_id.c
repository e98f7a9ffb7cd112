/* Message-ID, In-Reply-To and References (RFC 5322 3.6.4). */
#include "base/domain.h"
#include "base/ip.h"
#include "message/field_lint.h"
#include "message/token.h"

const struct lint_kind field_id_syntax = { "format.message-id-syntax",
	LINT_ERROR, "RFC 5322 3.6.4",
	"Write it as <unique@domain>: one id, in angle brackets, no spaces" };

const struct lint_kind field_id_obsolete = { "format.message-id-obsolete",
	LINT_WARNING, "RFC 5322 4.5.4",
	"Write it as <unique@domain>, without quotes or spaces" };

const struct lint_kind field_id_domain = { "format.message-id-domain",
	LINT_WARNING, "RFC 5322 3.6.4",
	"Have a domain of your own behind the \"@\" of Message-ID" };

const struct lint_kind field_references_syntax = { "format.references-syntax",
	LINT_ERROR, "RFC 5322 3.6.4",
	"Copy the Message-ID of what is answered, and nothing else" };

const struct lint_kind field_references_obsolete = {
	"format.references-obsolete", LINT_WARNING, "RFC 5322 4.5.4",
	"Have nothing but message ids in the field"
};

struct id {
	struct slice domain; /* as written */
	size_t domain_at;
	const char *wrong; /* NULL: nothing */
	size_t at;
	bool old; /* obs-id-left, obs-id-right, blanks within */
};

static bool
wrong(struct id *id, size_t at, const char *what)
{
	id->wrong = what;
	id->at = at;
	return false;
}

/* dot-atom-text, or local-part with obsolete forms; t is what comes behind. */
static bool
words_take(struct cursor *c, struct token *t, struct id *id, const char *none)
{
	bool dot = true;

	for (; token_is_word(t) || token_is(t, '.'); *t = token_next(c)) {
		if (token_is(t, '.') == dot)
			return wrong(id, t->at,
			    "It has two dots in a row, a dot at the edge, or "
			    "two words");
		dot = token_is(t, '.');
		id->old = id->old || t->blank || t->kind == TOKEN_QUOTED;
	}
	if (dot)
		return wrong(id, t->at, none);
	return true;
}

/*
 * msg-id   = [CFWS] "<" id-left "@" id-right ">" [CFWS]
 * id-left  = dot-atom-text / obs-id-left
 * id-right = dot-atom-text / no-fold-literal / obs-id-right
 * The "<" is taken.
 */
static bool
id_take(struct cursor *c, struct id *id)
{
	struct token t = token_next(c);

	*id = (struct id){ 0 };
	if (!words_take(c, &t, id,
		"Nothing that may be there comes before \"@\""))
		return false;
	if (!token_is(&t, '@'))
		return wrong(id, t.at,
		    "It has no \"@\" and no domain, or a sign that may not be there");
	t = token_next(c);
	id->domain_at = t.at;
	if (t.kind == TOKEN_LITERAL)
		t = token_next(c);
	else if (!words_take(c, &t, id, "There is no domain behind the \"@\""))
		return false;
	id->domain =
	    slice_trim(slice_sub(c->all, id->domain_at, t.at - id->domain_at));
	if (!token_is(&t, '>'))
		return wrong(id, t.at,
		    "Its \">\" is missing, or a sign may not be there");
	return true;
}

/* ---- the domain of an id ----------------------------------------------- */

/* Names that are the same on every machine, or nowhere in DNS (RFC 6761). */
static bool
is_local_name(struct slice name)
{
	static const char *const tops[] = { "localhost", "local", "localdomain",
		"internal", "intranet", "lan", "home", "corp", "invalid" };

	for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++) {
		if (domain_is_under(name, slice_str(tops[i])))
			return true;
	}
	return false;
}

static const char *
domain_wrong(struct field_job *job, struct slice domain)
{
	struct slice name;

	if (domain.n > 2 && domain.p[0] == '[')
		return "is an IP address, which others may have too";
	if (domain_canonical(job->scratch, domain, &name) != DOMAIN_FINE)
		return "is no domain name";
	if (is_local_name(name))
		return "is a name that exists on every machine, or on none";
	if (memchr(name.p, '.', name.n) == NULL)
		return "is no full domain name";
	return NULL;
}

static void
id_domain_lint(struct field_job *job, const struct id *id)
{
	const char *text = domain_wrong(job, id->domain);

	if (text != NULL)
		field_say(job, &field_id_domain, id->domain_at,
		    arena_slicef(job->lint->arena,
			"%.*s behind the \"@\" of Message-ID %s; filters take "
			"it for mail of a machine that is set up wrongly",
			SLICE_FMT(field_quote(job, id->domain)), text));
}

/* ---- the fields -------------------------------------------------------- */

void
field_message_id_lint(struct field_job *job)
{
	struct cursor c = cursor_of(job->field->value);
	struct token t = token_next(&c);
	struct id id = { 0 };

	field_no_words_lint(job);
	if (!token_is(&t, '<'))
		(void)wrong(&id, t.at, "It is not in angle brackets");
	else if (id_take(&c, &id)) {
		t = token_next(&c);
		if (t.kind != TOKEN_END)
			(void)wrong(&id, t.at, "Something stands behind it");
	}
	if (id.wrong != NULL) {
		field_say(job, &field_id_syntax, id.at,
		    arena_slicef(job->lint->arena,
			"Message-ID is not valid. %s; receivers refuse it",
			id.wrong));
		return;
	}
	if (id.old)
		field_say(job, &field_id_obsolete, 0,
		    SLICE_LIT("Message-ID has quotes or blanks in it, which "
			      "must not be written any more"));
	id_domain_lint(job, &id);
}

/* 1*msg-id; obs-references has phrases too */
void
field_references_lint(struct field_job *job)
{
	struct cursor c = cursor_of(job->field->value);
	struct token t;
	struct id id = { 0 };

	field_no_words_lint(job);
	for (;;) {
		t = token_next(&c);
		if (t.kind == TOKEN_END)
			return;
		if (token_is(&t, '<')) {
			if (id_take(&c, &id))
				continue;
		} else if (token_is_word(&t) || token_is(&t, '.')) {
			field_say(job, &field_references_obsolete, t.at,
			    SLICE_LIT("There are words beside the message ids, "
				      "which must not be written any more"));
			continue;
		} else {
			(void)wrong(&id, t.at,
			    "There is a sign that may not be there");
		}
		field_say(job, &field_references_syntax, id.at,
		    arena_slicef(job->lint->arena,
			"A message id in it is not valid. %s; the thread is "
			"lost",
			id.wrong));
		return;
	}
}
