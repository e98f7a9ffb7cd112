#include "audit/explain.h"

#include "audit/explain_parts.h"
#include "base/limits.h"
#include "checks/check.h"
#include "rules/gist.h"

/* Patterns that a code may stand for. */
struct meanings {
	const struct bounce_pattern *list[LIMIT_MEANINGS];
	size_t n;
	bool more;
};

static void
add(struct meanings *m, const struct bounce_pattern *p)
{
	if (m->n < LIMIT_MEANINGS)
		m->list[m->n++] = p;
	else
		m->more = true;
}

static bool
is_generic(const struct explaining *e, const struct bounce_pattern *p)
{
	return p->provider == bounces_generic(e->what->bounces);
}

/* ---- codes ------------------------------------------------------------- */

static bool
has_reply(const struct bounce_pattern *p, unsigned int code)
{
	for (size_t i = 0; i < p->n_replies; i++) {
		if (p->replies[i].from <= code && code <= p->replies[i].to)
			return true;
	}
	return false;
}

static bool
has_this_reply(const struct bounce_pattern *p, unsigned int code)
{
	for (size_t i = 0; i < p->n_replies; i++) {
		if (p->replies[i].from == code && p->replies[i].to == code)
			return true;
	}
	return false;
}

static bool
has_status(const struct bounce_pattern *p, const uint16_t status[3])
{
	for (size_t i = 0; i < p->n_statuses; i++) {
		if (bounce_status_in(&p->statuses[i], status))
			return true;
	}
	return false;
}

static bool
is_asked(const struct explaining *e, const struct bounce_pattern *p)
{
	const struct bounce_provider *given = e->what->provider;

	return given == NULL || p->provider == given ||
	       p->provider == given->as || is_generic(e, p);
}

/* Whether the codes that were given may be the pattern's. */
static bool
may_mean(const struct explaining *e, const struct bounce_pattern *p)
{
	const struct reply *r = &e->reply;

	if (!is_asked(e, p))
		return false;
	if (r->code > 0 && p->n_replies > 0 && !has_reply(p, r->code))
		return false;
	if (r->has_status && p->n_statuses > 0)
		return has_status(p, r->status);
	return r->code > 0 && has_this_reply(p, r->code);
}

static bool
has_tag(const struct bounce_pattern *p, struct slice word)
{
	for (size_t i = 0; i < p->n_tags; i++) {
		if (bounce_tag_is(&p->tags[i], word))
			return true;
	}
	return false;
}

/* The text is one word that some pattern has for a tag. */
static void
find_tag(const struct explaining *e, struct meanings *m)
{
	const struct bounces *b = e->what->bounces;
	struct slice word = e->gist;

	for (size_t i = 0; i < b->n_patterns; i++) {
		if (is_asked(e, b->patterns[i]) &&
		    has_tag(b->patterns[i], word))
			add(m, b->patterns[i]);
	}
}

/* Of providers first; what any receiver means by it stands behind. */
static void
find_codes(const struct explaining *e, struct meanings *m)
{
	const struct bounces *b = e->what->bounces;

	for (int generic = 0; generic < 2; generic++) {
		for (size_t i = 0; i < b->n_patterns; i++) {
			const struct bounce_pattern *p = b->patterns[i];

			if (is_generic(e, p) == (generic == 1) &&
			    may_mean(e, p))
				add(m, p);
		}
	}
}

static bool
mean_the_same(const struct meanings *m)
{
	for (size_t i = 1; i < m->n; i++) {
		const struct bounce_pattern *a = m->list[0], *b = m->list[i];

		if (a->provider != b->provider || a->reason != b->reason)
			return false;
	}
	return m->n > 0;
}

static void
explain_code(const struct meanings *m, json_t *doc)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n; i++)
		(void)json_array_append_new(list, explain_meaning(m->list[i]));
	(void)json_object_set_new(doc, "outcome",
	    json_string(m->n == 0          ? "unknown"
			: mean_the_same(m) ? "explained"
					   : "ambiguous"));
	(void)json_object_set_new(doc, "meanings", list);
	if (m->more)
		(void)json_object_set_new(doc, "cut", json_true());
}

/* ---- a reply ----------------------------------------------------------- */

static json_t *
identity_of(const struct explaining *e)
{
	json_t *out = json_object();

	for (int i = 0; i < BOUNCE_IDENTITIES; i++) {
		if (e->identity.values[i].n > 0)
			(void)json_object_set_new(out,
			    bounce_identity_name((enum bounce_identity_kind)i),
			    check_json(e->identity.values[i]));
	}
	return out;
}

/* The same code with another meaning. */
static json_t *
others_of(const struct explaining *e)
{
	const struct bounces *b = e->what->bounces;
	const struct bounce_pattern *best = e->class.pattern;
	json_t *list = json_array();

	for (size_t i = 0; e->reply.has_status && i < b->n_patterns; i++) {
		const struct bounce_pattern *p = b->patterns[i];

		if (p != best && has_status(p, e->reply.status) &&
		    (p->reason != best->reason ||
			p->provider != best->provider) &&
		    json_array_size(list) < LIMIT_OTHER_MEANINGS)
			(void)json_array_append_new(list, explain_other(p));
	}
	return list;
}

static void
explain_reply(struct explaining *e, json_t *doc)
{
	const struct bounce_pattern *p = e->class.pattern;
	json_t *list = json_array();

	if (p != NULL)
		(void)json_array_append_new(list, explain_meaning(p));
	(void)json_object_set_new(doc, "outcome",
	    json_string(p != NULL ? "explained" : "unknown"));
	(void)json_object_set_new(doc, "reason",
	    json_string(bounce_reason_name(e->class.reason)));
	(void)json_object_set_new(doc, "text", check_json(e->reply.text));
	(void)json_object_set_new(doc, "gist", check_json(e->gist));
	(void)json_object_set_new(doc, "meanings", list);
	(void)json_object_set_new(doc, "identity", identity_of(e));
	(void)json_object_set_new(doc, "others",
	    p != NULL ? others_of(e) : json_array());
}

/* ---- the document ------------------------------------------------------ */

static json_t *
head_of(const struct explaining *e)
{
	const struct bounce_provider *p = e->class.provider;
	json_t *doc =
	    json_pack("{s:s,s:s,s:o}", "schema", EXPLAIN_SCHEMA, "generator",
		"presend " PACKAGE_VERSION, "input", check_json(e->what->text));

	if (doc == NULL)
		return NULL;
	if (e->reply.code > 0)
		(void)json_object_set_new(doc, "reply",
		    json_sprintf("%u", e->reply.code));
	if (e->reply.has_status)
		(void)json_object_set_new(doc, "status",
		    explain_status(e->reply.status));
	if (e->reply.command.n > 0)
		(void)json_object_set_new(doc, "command",
		    check_json(e->reply.command));
	if (p == NULL)
		return doc;
	(void)json_object_set_new(doc, "provider", check_json(p->name));
	(void)json_object_set_new(doc, "provider_title", check_json(p->title));
	(void)json_object_set_new(doc, "provider_by",
	    json_string(provider_by_name(e->class.by)));
	return doc;
}

static void
classify_reply(struct explaining *e, struct classifier *c)
{
	struct bounce_source from = { .host = e->reply.host,
		.given = e->what->provider };

	if (!ip_parse(e->reply.ip, &from.ip))
		from.ip.family = 0;
	classify(c, &e->reply, &from, &e->class);
	bounce_identify(e->what->bounces, &e->class, e->reply.text,
	    &e->identity);
}

/* Words that nothing is known of, and no code: hardly a reply. */
static bool
is_known(const struct explaining *e)
{
	return e->reply.code > 0 || e->reply.has_status ||
	       e->class.pattern != NULL || e->class.provider != NULL ||
	       slice_find(e->gist, SLICE_LIT(" ")) != SIZE_MAX;
}

static json_t *
explain_with(struct explaining *e, struct classifier *c, bool *known)
{
	struct meanings m = { .n = 0 };
	json_t *doc;

	if (e->gist.n > 0 && slice_find(e->gist, SLICE_LIT(" ")) == SIZE_MAX)
		find_tag(e, &m);
	else if (e->gist.n == 0)
		find_codes(e, &m);
	if (m.n == 0 && e->gist.n > 0)
		classify_reply(e, c);
	else
		e->class = (struct bounce_class){ .provider = e->what->provider,
			.by = PROVIDER_GIVEN };
	*known = m.n > 0 || is_known(e);
	doc = head_of(e);
	if (doc == NULL)
		return NULL;
	if (m.n == 0 && e->gist.n > 0)
		explain_reply(e, doc);
	else
		explain_code(&m, doc);
	return doc;
}

json_t *
explain(const struct explanation *what, struct arena *a, bool *known)
{
	struct explaining e = { .what = what, .arena = a };
	unsigned char *room = arena_new_of(a, unsigned char, LIMIT_GIST);
	unsigned char *folded = arena_new_of(a, unsigned char, LIMIT_GIST);
	struct classifier *c = NULL;
	json_t *doc = NULL;

	if (room == NULL || folded == NULL ||
	    classifier_new(what->bounces, &c) != RC_OK)
		return NULL;
	reply_parse(what->text, room, &e.reply);
	e.gist = gist_of(e.reply.text, folded);
	doc = explain_with(&e, c, known);
	classifier_close(&c);
	return doc;
}
