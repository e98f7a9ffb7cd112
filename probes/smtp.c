#include "probes/smtp.h"

#include <stdlib.h>

#include "base/limits.h"
#include "probes/smtp_conversation.h"

struct queue {
	struct smtp_conversation *first, *last;
};

struct smtp {
	struct smtp_shared shared;
	struct queue waiting, running;
	size_t n_running;
	bool starting;
};

static void
queue_append(struct queue *q, struct smtp_conversation *c)
{
	c->prev = q->last;
	c->next = NULL;
	if (q->last != NULL)
		q->last->next = c;
	else
		q->first = c;
	q->last = c;
}

static void
queue_remove(struct queue *q, struct smtp_conversation *c)
{
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		q->first = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	else
		q->last = c->prev;
}

static bool
address_has_room(const struct smtp *s, const struct ip *ip)
{
	const struct smtp_conversation *c;
	unsigned int n = 0;

	for (c = s->running.first; c != NULL; c = c->next)
		n += ip_eq(&c->at.ip, ip);
	return n < LIMIT_SMTP_PER_ADDRESS;
}

static struct smtp_conversation *
next_to_start(const struct smtp *s)
{
	struct smtp_conversation *c;

	if (s->n_running >= LIMIT_SMTP_AT_ONCE)
		return NULL;
	for (c = s->waiting.first; c != NULL; c = c->next) {
		if (address_has_room(s, &c->at.ip))
			return c;
	}
	return NULL;
}

/* Out of its queue, and gone with all it has. */
static void
drop(struct smtp *s, struct smtp_conversation *c)
{
	if (c->phase == SMTP_WAITING) {
		queue_remove(&s->waiting, c);
	} else {
		queue_remove(&s->running, c);
		s->n_running--;
	}
	smtp_conversation_free(c);
}

static void
start(struct smtp *s, struct smtp_conversation *c)
{
	queue_remove(&s->waiting, c);
	queue_append(&s->running, c);
	s->n_running++;
	smtp_conversation_start(c);
}

/* Not within itself: a conversation that fails at once ends up here too. */
static void
start_waiting(struct smtp *s)
{
	struct smtp_conversation *c;

	if (s->starting)
		return;
	s->starting = true;
	while ((c = next_to_start(s)) != NULL) {
		if (entry_answered(c->entry)) {
			/* Everyone gave it up; the entry is done with. */
			smtp_conversation_fail(c, NULL);
			drop(s, c);
		} else {
			start(s, c);
		}
	}
	s->starting = false;
}

static void
on_over(struct smtp_conversation *c)
{
	struct smtp *s = c->owner;

	drop(s, c);
	start_waiting(s);
}

/* ---- what the outside calls -------------------------------------------- */

enum rc
smtp_new(struct loop *l, const struct probe_settings *settings,
    struct smtp **out)
{
	struct smtp *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return RC_NOMEM;
	s->shared.loop = l;
	s->shared.settings = settings;
	*out = s;
	return RC_OK;
}

void
smtp_close(struct smtp **sp)
{
	struct smtp *s = *sp;

	*sp = NULL;
	if (s == NULL)
		return;
	while (s->waiting.first != NULL)
		drop(s, s->waiting.first);
	while (s->running.first != NULL)
		drop(s, s->running.first);
	SSL_CTX_free(s->shared.tls);
	free(s);
}

void
smtp_ask(struct smtp *s, struct entry *e)
{
	const struct question *q = entry_question(e);
	struct endpoint at = { 0 };
	struct smtp_conversation *c;

	if (s->shared.settings->offline) {
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_OFFLINE, NULL);
		return;
	}
	if (q->n_addresses != 1 || !probes_endpoint(s->shared.settings, q->name,
				       q->addresses, q->type, &at)) {
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_PRIVATE,
		    "not a public address");
		return;
	}
	c = smtp_conversation_new(&s->shared, e, &at);
	if (c == NULL) {
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_LIMIT, "out of memory");
		return;
	}
	c->over = on_over;
	c->owner = s;
	queue_append(&s->waiting, c);
	start_waiting(s);
}
