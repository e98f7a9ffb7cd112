#include "probes/http_transfer.h"

#include <errno.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/secret.h"
#include "probes/tls_seen.h"

/* CURLE_TOO_LARGE of libcurl 8.6; earlier ones say CURLE_OUT_OF_MEMORY. */
enum { RESULT_TOO_LARGE = 100 };

struct transfer *
transfer_new(const struct curl *curl, const struct http_request *request)
{
	struct transfer *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->curl = curl;
	t->request = *request;
	buf_init(&t->headers, LIMIT_HTTP_HEADERS);
	buf_init(&t->body, request->body_max);
	/* What has to be wiped may not move: it would leave a copy. */
	if (request->secret_answer)
		buf_reserve(&t->body, request->body_max);
	return t;
}

/* Our copies; libcurl keeps some of its own until it reuses their memory. */
static void
wipe(struct transfer *t)
{
	for (struct curl_slist *f = t->fields; f != NULL; f = f->next)
		secret_wipe(f->data, strlen(f->data));
	if (t->request.secret_answer)
		secret_wipe(t->body.p, t->body.cap);
}

void
transfer_free(struct transfer *t)
{
	if (t == NULL)
		return;
	wipe(t);
	if (t->easy != NULL)
		t->curl->easy_cleanup(t->easy);
	if (t->url != NULL)
		t->curl->url_cleanup(t->url);
	t->curl->slist_free_all(t->resolve);
	t->curl->slist_free_all(t->fields);
	buf_free(&t->headers);
	buf_free(&t->body);
	free(t);
}

/* ---- what arrives ------------------------------------------------------ */

/* As much as fits; false when something did not. */
static bool
keep(struct buf *b, struct slice s)
{
	size_t room = b->limit - b->n;

	buf_add(b, slice_sub(s, 0, room));
	return s.n <= room && !b->failed;
}

/*
 * One whole line of the header section.  An informational response (RFC 9110
 * 15.2) precedes the one that counts; trailers are not header fields.  Past
 * the ceiling the transfer ends: what follows cannot be told from padding.
 */
static size_t
on_header(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct slice line = slice_of(p, size * n);

	if (slice_starts(line, SLICE_LIT("HTTP/"))) {
		buf_reset(&t->headers);
		t->in_headers = true;
		return line.n;
	}
	if (!t->in_headers)
		return line.n;
	if (slice_trim(line).n == 0) {
		t->in_headers = false;
		return line.n;
	}
	if (keep(&t->headers, line))
		return line.n;
	t->headers_over = true;
	return 0;
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	if (keep(&t->body, slice_of(p, size * n)))
		return size * n;
	t->body_over = true;
	return 0;
}

/* Again for each session ticket of TLS 1.3; the first time counts. */
static void
on_tls(const SSL *ssl, int where, int ret)
{
	struct transfer *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	(void)ret;
	if ((where & SSL_CB_HANDSHAKE_DONE) != 0 && t != NULL &&
	    t->tls.version.p == NULL)
		tls_seen(ssl, t->request.arena, &t->tls);
}

static CURLcode
on_tls_context(CURL *easy, void *context, void *arg)
{
	(void)easy;
	SSL_CTX_set_app_data(context, arg);
	SSL_CTX_set_info_callback(context, on_tls);
	return CURLE_OK;
}

/*
 * A connection that serves several requests outlives the transfer, so its
 * session is not looked at: libcurl has judged it.
 */
static bool
listen_to_tls(struct transfer *t)
{
	const struct curl *c = t->curl;

	return t->request.secret ||
	       (c->easy_setopt(t->easy, CURLOPT_SSL_CTX_FUNCTION,
		    on_tls_context) == CURLE_OK &&
		   c->easy_setopt(t->easy, CURLOPT_SSL_CTX_DATA, t) ==
		       CURLE_OK);
}

bool
transfer_listen(struct transfer *t)
{
	const struct curl *c = t->curl;
	CURL *e = t->easy;

	return c->easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header) ==
		   CURLE_OK &&
	       c->easy_setopt(e, CURLOPT_HEADERDATA, t) == CURLE_OK &&
	       c->easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
	       c->easy_setopt(e, CURLOPT_WRITEDATA, t) == CURLE_OK &&
	       listen_to_tls(t);
}

/* ---- the answer -------------------------------------------------------- */

struct outcome {
	CURLcode result;
	enum seen seen;
	enum cause cause;
	const char *detail;
};

static const struct outcome outcomes[] = {
	{ CURLE_COULDNT_CONNECT, SEEN_TEMPORARY, CAUSE_NETWORK,
	    "no connection could be made" },
	{ CURLE_OPERATION_TIMEDOUT, SEEN_TEMPORARY, CAUSE_TIMEOUT,
	    "no answer in time" },
	{ CURLE_SSL_CONNECT_ERROR, SEEN_TEMPORARY, CAUSE_TLS,
	    "the TLS handshake failed" },
	{ CURLE_PEER_FAILED_VERIFICATION, SEEN_TEMPORARY, CAUSE_TLS,
	    "its certificate is not to be trusted, so it was told nothing" },
	{ CURLE_GOT_NOTHING, SEEN_TEMPORARY, CAUSE_NETWORK,
	    "the connection was closed without an answer" },
	{ CURLE_PARTIAL_FILE, SEEN_TEMPORARY, CAUSE_NETWORK,
	    "the connection was closed before the end of the body" },
	{ CURLE_RECV_ERROR, SEEN_TEMPORARY, CAUSE_NETWORK,
	    "the connection broke" },
	{ CURLE_SEND_ERROR, SEEN_TEMPORARY, CAUSE_NETWORK,
	    "the connection broke" },
	{ CURLE_WEIRD_SERVER_REPLY, SEEN_MALFORMED, CAUSE_MALFORMED,
	    "the answer is not HTTP" },
	{ CURLE_UNSUPPORTED_PROTOCOL, SEEN_MALFORMED, CAUSE_MALFORMED,
	    "the answer is not HTTP" },
	{ CURLE_OUT_OF_MEMORY, SEEN_NOT_ASKED, CAUSE_LIMIT, "out of memory" },
};

static const struct outcome refused = { CURLE_COULDNT_CONNECT, SEEN_TEMPORARY,
	CAUSE_REFUSED, "the connection was refused" };

static const struct outcome failed = { CURLE_OK, SEEN_TEMPORARY, CAUSE_NETWORK,
	"the request failed" };

static const struct outcome *
outcome_of(const struct transfer *t, CURLcode result)
{
	long error = 0;

	(void)t->curl->easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &error);
	if (result == CURLE_COULDNT_CONNECT && error == ECONNREFUSED)
		return &refused;
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++) {
		if (outcomes[i].result == result)
			return &outcomes[i];
	}
	return &failed;
}

struct slice
http_field(struct slice headers, struct slice name)
{
	struct slice line, key, value;

	while (slice_line(&headers, &line)) {
		if (slice_cut(line, ':', &key, &value) &&
		    slice_eq_nocase(key, name))
			return slice_trim(value);
	}
	return SLICE_NONE;
}

/* libcurl knows the address, but only the URL's port. */
static struct slice
asked_of(const struct transfer *t)
{
	struct arena *a = t->request.arena;
	char *text = NULL;
	struct ip ip;

	(void)t->curl->easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &text);
	if (!ip_parse(slice_str(text), &ip))
		return SLICE_NONE;
	for (size_t i = 0; i < t->n_peers; i++) {
		const struct endpoint *at = &t->peers[i].at;

		if (ip_eq(&at->ip, &ip))
			return arena_slicef(a,
			    ip.family == 6 ? "[%s]:%u" : "%s:%u", text,
			    at->port);
	}
	return SLICE_NONE;
}

static void
fill_http(struct transfer *t, uint16_t status, struct http_answer *out)
{
	const struct http_request *r = &t->request;
	struct arena *a = r->arena;

	if (r->hide != NULL) {
		r->hide(r->arg, t->headers.p, t->headers.n);
		r->hide(r->arg, t->body.p, t->body.n);
	}
	out->status = status;
	out->headers = arena_copy(a, buf_slice(&t->headers));
	out->body = r->secret_answer ? buf_slice(&t->body)
				     : arena_copy(a, buf_slice(&t->body));
	out->body_truncated = t->body_over || t->headers_over;
	out->content_type = http_field(out->headers, SLICE_LIT("Content-Type"));
	if (status >= 300 && status < 400)
		out->location = http_field(out->headers, SLICE_LIT("Location"));
	out->tls = t->tls;
}

/* The same for a header line over libcurl's own ceiling of 100 KiB. */
static bool
cut_by_ceiling(struct transfer *t, CURLcode result)
{
	if (t->in_headers &&
	    (result == CURLE_OUT_OF_MEMORY || (int)result == RESULT_TOO_LARGE))
		t->headers_over = true;
	return t->headers_over || t->body_over;
}

void
request_fail(const struct http_request *r, enum seen seen, enum cause cause,
    const char *detail)
{
	r->answered(r->arg, &(struct answer){ .seen = seen,
				.cause = cause,
				.detail = slice_str(detail) });
}

void
transfer_end(struct transfer *t, CURLcode result, int64_t when)
{
	struct arena *a = t->request.arena;
	struct answer answer = { .seen = SEEN_ANSWERED, .when = when };
	long status = 0;

	(void)t->curl->easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (result != CURLE_OK &&
	    !(cut_by_ceiling(t, result) && status >= 200)) {
		const struct outcome *o = outcome_of(t, result);

		answer.seen = o->seen;
		answer.cause = o->cause;
		answer.detail = slice_str(o->detail);
		if (o->cause == CAUSE_TLS)
			t->tls.error =
			    arena_copy(a, slice_trim(slice_str(t->error)));
	} else if (t->headers_over) {
		answer.detail = SLICE_LIT("the header section is too long; "
					  "the rest was not read");
	} else if (t->body_over) {
		answer.detail =
		    SLICE_LIT("the body is too long; the rest was not read");
	}
	answer.asked_of = asked_of(t);
	fill_http(t, (uint16_t)status, &answer.as.http);
	if (arena_failed(a)) {
		request_fail(&t->request, SEEN_NOT_ASKED, CAUSE_LIMIT,
		    "the answer is too large");
		return;
	}
	t->request.answered(t->request.arg, &answer);
}
