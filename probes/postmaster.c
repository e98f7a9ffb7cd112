#include "probes/postmaster.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/limits.h"
#include "base/secret.h"
#include "probes/credentials.h"
#include "probes/http_transfer.h"

/* The first wait before a request is made again; each further one doubles. */
enum { WAIT_MS = 500, WAIT_MAX_MS = 3600 * 1000 };

/* The pages of base/secret.h. */
struct postmaster_secrets {
	struct credentials credentials;
	char form[CREDENTIAL_FORM_MAX];
	char authorization[CREDENTIAL_MAX + 64];
	char project[CREDENTIAL_MAX + 64];
};

/* One request, and what is to be done about it. */
struct call {
	struct call *prev, *next;
	struct postmaster *of;
	struct entry *entry; /* NULL: the request for an access token */
	int64_t began;
	unsigned int tries;
	unsigned int token; /* with which it was made */
	bool renewed;       /* that was not good any more, and is another */
	bool waits;         /* for an access token */
	struct timer again;
};

struct postmaster {
	struct loop *loop;
	const struct probe_settings *settings;
	struct http *http;
	struct postmaster_secrets *secrets;
	struct call *calls; /* all there are */
	struct call *signing_in;
	unsigned int token;  /* how many access tokens there were */
	bool good;           /* the last one may be used */
	bool useless;        /* one that was fresh was refused */
	struct arena *arena; /* of token_question */
	struct question token_question;
	struct arena *scratch; /* of the answer with the token */
	struct answer refused; /* why there is no token, when there is none */
	char why[512];         /* its detail */
};

/* ---- calls ------------------------------------------------------------- */

static void on_again(void *arg);

static struct call *
call_new(struct postmaster *p, struct entry *e)
{
	struct call *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	*c = (struct call){
		.of = p,
		.entry = e,
		.began = loop_now(p->loop),
		.again = { .fire = on_again, .arg = c },
		.next = p->calls,
	};
	if (c->next != NULL)
		c->next->prev = c;
	p->calls = c;
	return c;
}

static void
call_free(struct call *c)
{
	struct postmaster *p = c->of;

	loop_timer_stop(p->loop, &c->again);
	if (p->signing_in == c)
		p->signing_in = NULL;
	if (c->next != NULL)
		c->next->prev = c->prev;
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		p->calls = c->next;
	free(c);
}

/* The entry may wake an audit, and that may ask again. */
static void
call_answer(struct call *c, const struct answer *a)
{
	struct entry *e = c->entry;

	call_free(c);
	entry_answer(e, a);
}

static bool
call_given_up(void *arg)
{
	const struct call *c = arg;

	return c->entry != NULL && entry_answered(c->entry);
}

/* ---- again ------------------------------------------------------------- */

int64_t
postmaster_wait(struct slice headers, unsigned int tries, int64_t now)
{
	struct slice value = http_field(headers, SLICE_LIT("Retry-After"));
	struct civil_stamp stamp;
	int64_t wait;
	uint64_t seconds;

	if (slice_number(value, WAIT_MAX_MS / 1000, &seconds))
		return (int64_t)seconds * 1000;
	if (value.n > 0 && ascii_is_digit(value.p[0]))
		return WAIT_MAX_MS;
	if (value.n > 0 && civil_rfc5322_parse(value, &stamp) >= CIVIL_ZONE) {
		wait = stamp.unix_seconds * 1000 - now;
		return wait < 0 ? 0 : wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS;
	}
	return tries < 8 ? (int64_t)WAIT_MS << (tries - 1) : WAIT_MAX_MS;
}

/* RFC 9110 15.6, RFC 6585 4. */
static bool
is_for_now(const struct answer *a)
{
	if (a->seen == SEEN_TEMPORARY)
		return a->cause == CAUSE_TIMEOUT || a->cause == CAUSE_NETWORK;
	return a->seen == SEEN_ANSWERED &&
	       (a->as.http.status == 429 || a->as.http.status / 100 == 5);
}

/*
 * Whether it will be asked again.  Not when the audit that asked would not be
 * there any more: it is told at once what the server says.
 */
static bool
call_put_off(struct call *c, const struct answer *a)
{
	const struct postmaster *p = c->of;
	int64_t now = loop_now(p->loop), wait;

	if (!is_for_now(a) || c->tries > p->settings->retries)
		return false;
	wait =
	    postmaster_wait(a->as.http.headers, c->tries, loop_wall(p->loop));
	if (now + wait >= c->began + p->settings->deadline_ms)
		return false;
	return loop_timer(p->loop, &c->again, now + wait) == RC_OK;
}

/* ---- a question of the API --------------------------------------------- */

static void sign_in(struct postmaster *);

static void
hide(void *arg, unsigned char *octets, size_t n)
{
	const struct call *c = arg;

	credentials_hide(&c->of->secrets->credentials, octets, n);
}

/* RFC 6750 3.1: it has expired, or was revoked. */
static bool
call_renew(struct call *c, const struct answer *a)
{
	struct postmaster *p = c->of;

	if (a->seen != SEEN_ANSWERED || a->as.http.status != 401)
		return false;
	p->useless = p->useless || c->renewed;
	if (p->useless || !credentials_renewable(&p->secrets->credentials))
		return false;
	c->renewed = true;
	c->waits = true;
	if (c->token == p->token)
		p->good = false;
	return true;
}

static void call_send(struct call *);

static void
on_answer(void *arg, const struct answer *a)
{
	struct call *c = arg;

	if (call_given_up(c)) {
		call_answer(c, a);
		return;
	}
	if (call_renew(c, a)) {
		if (c->of->good)
			call_send(c);
		else
			sign_in(c->of);
		return;
	}
	if (!call_put_off(c, a))
		call_answer(c, a);
}

static void
call_send(struct call *c)
{
	struct postmaster *p = c->of;
	const struct question *q = entry_question(c->entry);
	struct postmaster_secrets *s = p->secrets;
	struct http_request r = {
		.question = q,
		.arena = entry_arena(c->entry),
		.body = q->body,
		.fields = { s->authorization },
		.body_max = LIMIT_POSTMASTER_BODY,
		.secret = true,
		.given_up = call_given_up,
		.hide = hide,
		.answered = on_answer,
		.arg = c,
	};
	size_t n = 1;

	if (q->body.p != NULL)
		r.fields[n++] = "Content-Type: application/json";
	if (s->project[0] != '\0')
		r.fields[n++] = s->project;
	c->waits = false;
	c->token = p->token;
	c->tries++;
	http_send(p->http, &r);
}

/* ---- signing in -------------------------------------------------------- */

static void
set_token(struct postmaster *p)
{
	struct postmaster_secrets *s = p->secrets;

	(void)snprintf(s->authorization, sizeof(s->authorization),
	    "Authorization: Bearer %s", s->credentials.access_token);
	p->token++;
	p->good = true;
}

/* RFC 6749 5.1. */
static bool
take_token(struct postmaster *p, struct slice body)
{
	json_t *o = secret_json(body);
	const json_t *token;
	bool taken;

	if (o == NULL)
		return false;
	token = json_object_get(o, "access_token");
	taken = credentials_renew(&p->secrets->credentials,
	    slice_of(json_string_value(token), json_string_length(token)));
	secret_json_end(o);
	return taken;
}

/* RFC 6749 5.2: "invalid_grant", and a sentence; false: it says nothing. */
static bool
take_refusal(struct postmaster *p, struct slice body)
{
	json_t *o = secret_json(body);
	const char *error = json_string_value(json_object_get(o, "error"));
	const char *more =
	    json_string_value(json_object_get(o, "error_description"));

	if (error != NULL)
		(void)snprintf(p->why, sizeof(p->why),
		    "Google refused the credentials: %s%s%s", error,
		    more != NULL ? ": " : "", more != NULL ? more : "");
	credentials_hide(&p->secrets->credentials, (unsigned char *)p->why,
	    strlen(p->why));
	if (o != NULL)
		secret_json_end(o);
	return error != NULL;
}

static void
refuse(struct postmaster *p, enum cause cause, const char *why)
{
	p->refused = (struct answer){ .seen = SEEN_TEMPORARY, .cause = cause };
	if (why != p->why)
		(void)snprintf(p->why, sizeof(p->why), "signing in: %s", why);
}

static void
refuse_status(struct postmaster *p, const struct http_answer *h)
{
	char why[64];

	(void)snprintf(why, sizeof(why), "HTTP status %u", h->status);
	if (h->status == 429)
		refuse(p, CAUSE_RATE, why);
	else if (h->status / 100 == 5)
		refuse(p, CAUSE_DEFERRED, why);
	else if (h->status / 100 == 4 && take_refusal(p, h->body))
		refuse(p, CAUSE_CREDENTIALS, p->why);
	else
		refuse(p, CAUSE_MALFORMED, why);
}

static void
take_answer(struct postmaster *p, const struct answer *a)
{
	const struct http_answer *h = &a->as.http;
	char why[256];

	if (a->seen != SEEN_ANSWERED) {
		(void)snprintf(why, sizeof(why), "%.*s", SLICE_FMT(a->detail));
		refuse(p, a->cause, why);
		p->refused.seen = a->seen;
	} else if (h->status != 200) {
		refuse_status(p, h);
	} else if (!a->as.http.body_truncated && take_token(p, h->body)) {
		set_token(p);
	} else {
		refuse(p, CAUSE_MALFORMED, "there is no access token in it");
	}
}

/* ---- who waits for it -------------------------------------------------- */

/* What the question for a token comes to: that there is one, or why not. */
static void
call_settle(struct call *c)
{
	struct postmaster *p = c->of;
	struct answer a = p->refused;

	c->waits = false;
	if (p->good && entry_question(c->entry)->kind == QUESTION_POSTMASTER &&
	    !call_given_up(c)) {
		call_send(c);
		return;
	}
	if (p->good)
		a = (struct answer){ .seen = SEEN_ANSWERED };
	else
		a.detail = arena_copy(entry_arena(c->entry), slice_str(p->why));
	a.when = loop_wall(p->loop);
	call_answer(c, &a);
}

static struct call *
first_waiting(const struct postmaster *p)
{
	struct call *c = p->calls;

	while (c != NULL && !c->waits)
		c = c->next;
	return c;
}

static void
on_token(void *arg, const struct answer *a)
{
	struct call *c = arg, *waiting;
	struct postmaster *p = c->of;

	if (call_put_off(c, a))
		return;
	take_answer(p, a);
	call_free(c);
	/* From the start each time: whoever is settled may be gone then. */
	while ((waiting = first_waiting(p)) != NULL)
		call_settle(waiting);
}

static void
send_form(struct call *c)
{
	struct postmaster *p = c->of;
	struct postmaster_secrets *s = p->secrets;
	struct http_request r = {
		.question = &p->token_question,
		.arena = p->scratch,
		.body_max = LIMIT_TOKEN_BODY,
		.secret = true,
		.secret_answer = true,
		.answered = on_token,
		.arg = c,
	};

	c->tries++;
	arena_reset(p->scratch);
	if (credentials_form(&s->credentials, s->form))
		r.body = slice_str(s->form);
	http_send(p->http, &r);
}

static void
sign_in(struct postmaster *p)
{
	if (p->signing_in != NULL)
		return;
	p->signing_in = call_new(p, NULL);
	if (p->signing_in != NULL) {
		send_form(p->signing_in);
		return;
	}
	refuse(p, CAUSE_LIMIT, "out of memory");
	call_settle(first_waiting(p));
}

static void
on_again(void *arg)
{
	struct call *c = arg;

	if (c->entry == NULL)
		send_form(c);
	else if (call_given_up(c))
		call_answer(c, &(struct answer){ .seen = SEEN_NOT_ASKED,
				   .cause = CAUSE_DEADLINE });
	else
		call_send(c);
}

/* ---- the probe --------------------------------------------------------- */

/* Its own copy: tokens are renewed long after the question is answered. */
static void
keep_question(struct postmaster *p, const struct question *q)
{
	struct ip *ips;

	if (p->token_question.name.p != NULL)
		return;
	ips = arena_new_of(p->arena, struct ip, q->n_addresses + 1);
	if (ips == NULL)
		return;
	if (q->n_addresses > 0)
		memcpy(ips, q->addresses, q->n_addresses * sizeof(*ips));
	p->token_question = *q;
	p->token_question.name = arena_copy(p->arena, q->name);
	p->token_question.addresses = ips;
}

void
postmaster_ask(struct postmaster *p, struct entry *e)
{
	const struct question *q = entry_question(e);
	struct call *c;

	if (q->kind == QUESTION_TOKEN)
		keep_question(p, q);
	if (!p->good && p->token_question.name.p == NULL) {
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_CREDENTIALS,
		    "nobody has signed in");
		return;
	}
	c = call_new(p, e);
	if (c == NULL) {
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_LIMIT, "out of memory");
		return;
	}
	/* Nor is a refusal of the credentials asked for twice. */
	if (p->good || p->refused.cause == CAUSE_CREDENTIALS) {
		call_settle(c);
		return;
	}
	c->waits = true;
	sign_in(p);
}

enum rc
postmaster_new(struct loop *loop, const struct probe_settings *settings,
    struct http *http, struct postmaster **out)
{
	struct postmaster *p = calloc(1, sizeof(*p));
	struct credentials *c;
	enum rc rc = RC_NOMEM;

	if (p == NULL)
		return RC_NOMEM;
	p->loop = loop;
	p->settings = settings;
	p->http = http;
	p->secrets = secret_new(sizeof(*p->secrets));
	p->arena = arena_new(LIMIT_ANSWER_ARENA, 1024);
	p->scratch = arena_new(LIMIT_ANSWER_ARENA, 1024);
	if (p->secrets == NULL || p->arena == NULL || p->scratch == NULL)
		goto out;
	c = &p->secrets->credentials;
	*c = *settings->credentials;
	if (c->quota_project[0] != '\0')
		(void)snprintf(p->secrets->project, sizeof(p->secrets->project),
		    "X-Goog-User-Project: %s", c->quota_project);
	if (!credentials_renewable(c))
		set_token(p);
	*out = p;
	p = NULL;
	rc = RC_OK;
out:
	postmaster_close(&p);
	return rc;
}

void
postmaster_close(struct postmaster **pp)
{
	struct postmaster *p = *pp;
	struct call *c, *next;

	if (p == NULL)
		return;
	for (c = p->calls; c != NULL; c = next) {
		next = c->next;
		loop_timer_stop(p->loop, &c->again);
		free(c);
	}
	secret_free(p->secrets, sizeof(*p->secrets));
	arena_free(p->arena);
	arena_free(p->scratch);
	free(p);
	*pp = NULL;
}
