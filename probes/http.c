#include "probes/http.h"

#include <stdlib.h>

#include "base/limits.h"
#include "probes/http_transfer.h"

/* At a time; more wait.  A file descriptor and a TLS session each. */
enum { HTTP_TRANSFERS = 32 };

struct transfers {
	struct transfer *first, *last;
	size_t n;
};

struct http {
	struct loop *loop;
	const struct probe_settings *settings;
	const char *missing; /* why there is no libcurl; or NULL */
	struct curl curl;
	CURLM *multi;
	struct timer timer;
	struct transfers active;
	struct transfers waiting;
};

static void
transfers_append(struct transfers *l, struct transfer *t)
{
	t->prev = l->last;
	t->next = NULL;
	if (l->last != NULL)
		l->last->next = t;
	else
		l->first = t;
	l->last = t;
	l->n++;
}

static void
transfers_remove(struct transfers *l, struct transfer *t)
{
	if (t->prev != NULL)
		t->prev->next = t->next;
	else
		l->first = t->next;
	if (t->next != NULL)
		t->next->prev = t->prev;
	else
		l->last = t->prev;
	t->prev = t->next = NULL;
	l->n--;
}

/* ---- the transfers and their queue ------------------------------------- */

static void
http_start(struct http *h, struct transfer *t)
{
	const struct http_request *r = &t->request;

	/* Given up while it waited: the answer only lets go of it. */
	if (r->given_up != NULL && r->given_up(r->arg)) {
		request_fail(r, SEEN_NOT_ASKED, CAUSE_DEADLINE, NULL);
		transfer_free(t);
		return;
	}
	if (!transfer_begin(t, h->settings)) {
		transfer_free(t);
		return;
	}
	transfers_append(&h->active, t);
	if (h->curl.multi_add_handle(h->multi, t->easy) == CURLM_OK)
		return;
	transfers_remove(&h->active, t);
	transfer_end(t, CURLE_OUT_OF_MEMORY, loop_wall(h->loop));
	transfer_free(t);
}

static void
http_start_waiting(struct http *h)
{
	struct transfer *t;

	while ((t = h->waiting.first) != NULL && h->active.n < HTTP_TRANSFERS) {
		transfers_remove(&h->waiting, t);
		http_start(h, t);
	}
}

/* Each answer may wake an audit, and that may ask again. */
static void
http_reap(struct http *h)
{
	const CURLMsg *m;
	int left;

	while ((m = h->curl.multi_info_read(h->multi, &left)) != NULL) {
		CURLcode result = m->data.result;
		CURL *easy = m->easy_handle;
		char *private = NULL;
		struct transfer *t;

		if (m->msg != CURLMSG_DONE)
			continue;
		(void)h->curl.easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		(void)h->curl.multi_remove_handle(h->multi, easy);
		t = (struct transfer *)(void *)private;
		if (t == NULL)
			continue;
		transfers_remove(&h->active, t);
		transfer_end(t, result, loop_wall(h->loop));
		transfer_free(t);
	}
	http_start_waiting(h);
}

/* ---- between libcurl and the loop -------------------------------------- */

static void
http_act(struct http *h, curl_socket_t fd, int events)
{
	int running;

	(void)h->curl.multi_socket_action(h->multi, fd, events, &running);
	http_reap(h);
}

static void
on_ready(void *arg, int fd, unsigned int events)
{
	int what = 0;

	if ((events & LOOP_READ) != 0)
		what |= CURL_CSELECT_IN;
	if ((events & LOOP_WRITE) != 0)
		what |= CURL_CSELECT_OUT;
	http_act(arg, fd, what);
}

static void
on_due(void *arg)
{
	http_act(arg, CURL_SOCKET_TIMEOUT, 0);
}

/*
 * A watch that cannot be had is not reported: libcurl would give up all other
 * transfers too, and this one ends by its timeout.
 */
static int
on_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	struct http *h = arg;
	unsigned int events = 0;

	(void)easy;
	(void)unused;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= LOOP_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= LOOP_WRITE;
	(void)loop_watch(h->loop, fd, events, on_ready, h);
	return 0;
}

/* libcurl forbids to act from in here: 0 is due in the next turn. */
static int
on_timer(CURLM *multi, long wait, void *arg)
{
	struct http *h = arg;

	(void)multi;
	if (wait < 0)
		loop_timer_stop(h->loop, &h->timer);
	else
		(void)loop_timer(h->loop, &h->timer, loop_now(h->loop) + wait);
	return 0;
}

static bool
http_multi(struct http *h)
{
	const struct curl *c = &h->curl;

	h->multi = c->multi_init();
	if (h->multi == NULL)
		return false;
	return c->multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_watch) ==
		   CURLM_OK &&
	       c->multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h) == CURLM_OK &&
	       c->multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer) ==
		   CURLM_OK &&
	       c->multi_setopt(h->multi, CURLMOPT_TIMERDATA, h) == CURLM_OK;
}

/* ---- the probe --------------------------------------------------------- */

enum rc
http_new(struct loop *loop, const struct probe_settings *settings,
    struct http **out)
{
	struct http *h = calloc(1, sizeof(*h));
	enum rc rc = RC_NOMEM;

	if (h == NULL)
		return RC_NOMEM;
	h->loop = loop;
	h->settings = settings;
	h->timer.fire = on_due;
	h->timer.arg = h;
	h->missing = curl_load(&h->curl);
	if (h->missing == NULL && !http_multi(h))
		goto out;
	*out = h;
	h = NULL;
	rc = RC_OK;
out:
	http_close(&h);
	return rc;
}

void
http_close(struct http **hp)
{
	struct http *h = *hp;
	struct transfer *t;

	if (h == NULL)
		return;
	while ((t = h->waiting.first) != NULL) {
		transfers_remove(&h->waiting, t);
		transfer_free(t);
	}
	while ((t = h->active.first) != NULL) {
		transfers_remove(&h->active, t);
		(void)h->curl.multi_remove_handle(h->multi, t->easy);
		transfer_free(t);
	}
	if (h->multi != NULL)
		(void)h->curl.multi_cleanup(h->multi);
	loop_timer_stop(h->loop, &h->timer);
	free(h);
	*hp = NULL;
}

void
http_send(struct http *h, const struct http_request *r)
{
	struct transfer *t;

	if (h->missing != NULL) {
		request_fail(r, SEEN_NOT_ASKED, CAUSE_NETWORK, h->missing);
		return;
	}
	t = transfer_new(&h->curl, r);
	if (t == NULL) {
		request_fail(r, SEEN_NOT_ASKED, CAUSE_LIMIT, "out of memory");
		return;
	}
	transfers_append(&h->waiting, t);
	http_start_waiting(h);
}

/* ---- of an entry ------------------------------------------------------- */

static bool
given_up(void *entry)
{
	return entry_answered(entry);
}

static void
answered(void *entry, const struct answer *a)
{
	entry_answer(entry, a);
}

/*
 * RFC 8058 3.2: a form with one field and no cookie or credential, of which
 * there are none here.
 */
static const struct slice one_click = {
	(const unsigned char *)"List-Unsubscribe=One-Click", 26
};

void
http_ask(struct http *h, struct entry *e)
{
	const struct question *q = entry_question(e);
	bool post = q->kind == QUESTION_POST;
	struct http_request r = {
		.question = q,
		.arena = entry_arena(e),
		.body = post ? one_click : SLICE_NONE,
		.body_max = post ? LIMIT_POST_BODY : LIMIT_HTTP_BODY,
		.given_up = given_up,
		.answered = answered,
		.arg = e,
	};

	http_send(h, &r);
}
