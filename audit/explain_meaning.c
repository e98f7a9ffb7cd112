#include "audit/explain_parts.h"
#include "checks/check.h"

json_t *
explain_status(const uint16_t status[3])
{
	return json_sprintf("%d.%d.%d", status[0], status[1], status[2]);
}

/* ---- what it is known by ----------------------------------------------- */

static json_t *
reply_of(const struct bounce_reply *r)
{
	return r->from == r->to ? json_sprintf("%d", r->from)
				: json_sprintf("%dxx", r->from / 100);
}

static json_t *
status_of(const struct bounce_status *s)
{
	char class[2] = "x", subject[8] = "*", detail[16] = "*";

	if (s->class >= 0)
		class[0] = (char)('0' + s->class);
	if (s->subject >= 0)
		(void)snprintf(subject, sizeof(subject), "%d", s->subject);
	if (s->from == s->to)
		(void)snprintf(detail, sizeof(detail), "%d", s->from);
	else if (s->to < 999)
		(void)snprintf(detail, sizeof(detail), "%d-%d", s->from, s->to);
	return json_sprintf("%s.%s.%s", class, subject, detail);
}

static json_t *
codes_of(const struct bounce_pattern *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_replies; i++)
		(void)json_array_append_new(list, reply_of(&p->replies[i]));
	for (size_t i = 0; i < p->n_statuses; i++)
		(void)json_array_append_new(list, status_of(&p->statuses[i]));
	return list;
}

static json_t *
texts_of(const struct bounce_pattern *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->text.n; i++)
		(void)json_array_append_new(list,
		    check_json(p->text.list[i].source));
	return list;
}

static json_t *
tags_of(const struct bounce_pattern *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_tags; i++) {
		const struct bounce_tag *t = &p->tags[i];

		(void)json_array_append_new(list,
		    json_sprintf("%.*s%s%.*s", SLICE_FMT(t->head),
			t->any ? "*" : "", SLICE_FMT(t->tail)));
	}
	return list;
}

/* ---- a meaning --------------------------------------------------------- */

/* Their titles and fixes: explain_rules.c. */
static json_t *
rules_of(const struct bounce_pattern *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_rules; i++)
		(void)json_array_append_new(list,
		    json_pack("{s:o}", "id", check_json(p->rules[i])));
	return list;
}

json_t *
explain_other(const struct bounce_pattern *p)
{
	return json_pack("{s:o,s:o,s:o,s:s,s:o,s:o,s:o,s:o}", "pattern",
	    check_json(p->id), "provider", check_json(p->provider->name),
	    "provider_title", check_json(p->provider->title), "reason",
	    bounce_reason_name(p->reason), "title", check_json(p->title),
	    "codes", codes_of(p), "tags", tags_of(p), "texts", texts_of(p));
}

json_t *
explain_meaning(const struct bounce_pattern *p)
{
	json_t *out = explain_other(p);

	if (out == NULL)
		return NULL;
	(void)json_object_set_new(out, "fix", check_json(p->fix));
	(void)json_object_set_new(out, "rules", rules_of(p));
	(void)json_object_set_new(out, "source", check_json(p->source));
	(void)json_object_set_new(out, "checked", check_json(p->checked));
	return out;
}
