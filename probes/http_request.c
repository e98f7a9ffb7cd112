#include "probes/http_transfer.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/limits.h"

/* ---- where it goes ----------------------------------------------------- */

static struct ip
ip_of(const struct sockaddr *sa)
{
	struct ip ip = { 0 };

	if (sa->sa_family == AF_INET) {
		ip.family = 4;
		memcpy(ip.b,
		    (const char *)sa + offsetof(struct sockaddr_in, sin_addr),
		    4);
	} else if (sa->sa_family == AF_INET6) {
		ip.family = 6;
		memcpy(ip.b,
		    (const char *)sa + offsetof(struct sockaddr_in6, sin6_addr),
		    16);
	}
	return ip;
}

/* libcurl's room behind address->addr is a sockaddr_storage. */
static void
redirect(struct curl_sockaddr *address, const struct endpoint *at)
{
	char *to = (char *)address + offsetof(struct curl_sockaddr, addr);
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };

	if (at->ip.family == 4) {
		four.sin_port = htons(at->port);
		memcpy(&four.sin_addr, at->ip.b, 4);
		memcpy(to, &four, sizeof(four));
		address->family = AF_INET;
		address->addrlen = sizeof(four);
	} else {
		six.sin6_port = htons(at->port);
		memcpy(&six.sin6_addr, at->ip.b, 16);
		memcpy(to, &six, sizeof(six));
		address->family = AF_INET6;
		address->addrlen = sizeof(six);
	}
}

/*
 * The last gate: whatever libcurl means to connect to must be an address that
 * probes_endpoint() has let through.  --connect-to is applied here too, so
 * that each address may have its own target.
 */
static curl_socket_t
on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	const struct transfer *t = arg;
	struct ip ip = ip_of(&address->addr);

	for (size_t i = 0; i < t->n_peers; i++) {
		if (purpose != CURLSOCKTYPE_IPCXN ||
		    !ip_eq(&ip, &t->peers[i].ip))
			continue;
		redirect(address, &t->peers[i].at);
		return socket(address->family, SOCK_STREAM | SOCK_CLOEXEC,
		    IPPROTO_TCP);
	}
	errno = EACCES; /* libcurl tells it on, as why there is no connection */
	return CURL_SOCKET_BAD;
}

/* A name is looked up only if CURLOPT_RESOLVE did not match: never. */
static int
on_lookup(void *state, void *unused, void *arg)
{
	(void)state;
	(void)unused;
	(void)arg;
	return 1;
}

/* ---- making the request ------------------------------------------------ */

struct target {
	struct slice host; /* in the arena */
	uint16_t port;
};

static bool
url_part(const struct transfer *t, CURLUPart part, unsigned int flags,
    struct slice *out)
{
	char *text = NULL;

	if (t->curl->url_get(t->url, part, &text, flags) != CURLUE_OK)
		return false;
	*out = arena_copy(t->request.arena, slice_str(text));
	t->curl->free(text);
	return out->p != NULL;
}

/*
 * The URL is read by the same code that will act on it.  No user name: it
 * would be sent as a password.
 */
static bool
url_read(struct transfer *t, struct slice url, struct target *out)
{
	const struct curl *c = t->curl;
	struct slice text = arena_copy(t->request.arena, url), port;
	uint64_t number;

	t->url = c->url();
	if (t->url == NULL || text.p == NULL ||
	    memchr(text.p, '\0', text.n) != NULL ||
	    !slice_starts_nocase(text, SLICE_LIT("https://")) ||
	    slice_starts(slice_from(text, 8), SLICE_LIT("/")) ||
	    c->url_set(t->url, CURLUPART_URL, (const char *)text.p,
		CURLU_DISALLOW_USER) != CURLUE_OK ||
	    !url_part(t, CURLUPART_HOST, CURLU_PUNYCODE, &out->host) ||
	    !url_part(t, CURLUPART_PORT, CURLU_DEFAULT_PORT, &port) ||
	    !slice_number(port, UINT16_MAX, &number) || number == 0)
		return false;
	out->port = (uint16_t)number;
	/* RFC 1035 2.3.4; libcurl's own parser of RESOLVE stops there too. */
	return out->host.n <= 254;
}

static bool
peers_find(struct transfer *t, const struct probe_settings *s,
    const struct target *to)
{
	const struct question *q = t->request.question;
	struct slice host = to->host;

	if (q->n_addresses == 0)
		return false;
	if (slice_ends_nocase(host, SLICE_LIT(".")))
		host.n--;
	t->peers = arena_new_of(t->request.arena, struct peer, q->n_addresses);
	if (t->peers == NULL)
		return false;
	for (size_t i = 0; i < q->n_addresses; i++) {
		struct peer *peer = &t->peers[t->n_peers];

		peer->ip = q->addresses[i];
		if (probes_endpoint(s, host, &peer->ip, to->port, &peer->at))
			t->n_peers++;
	}
	return t->n_peers > 0;
}

/* "+host:port:address,address"; + lets it expire from libcurl's cache. */
static bool
resolve_make(struct transfer *t, const struct target *to)
{
	struct buf b;

	buf_init(&b, LIMIT_ANSWER_ARENA);
	buf_printf(&b, "+%.*s:%u:", SLICE_FMT(to->host), to->port);
	for (size_t i = 0; i < t->n_peers; i++) {
		char text[IP_TEXT_MAX];

		ip_format(&t->peers[i].ip, text);
		buf_printf(&b, t->peers[i].ip.family == 6 ? "%s[%s]" : "%s%s",
		    i > 0 ? "," : "", text);
	}
	buf_add_char(&b, '\0');
	if (!b.failed)
		t->resolve = t->curl->slist_append(NULL, (const char *)b.p);
	buf_free(&b);
	return t->resolve != NULL;
}

struct number_option {
	CURLoption option;
	long value;
};

static const struct number_option numbers[] = {
	{ CURLOPT_NOSIGNAL, 1 },
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_FOLLOWLOCATION, 0 }, /* RFC 8461 3.3, RFC 8058 3.1 */
	{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
	/* Observed here, judged in the checks. */
	{ CURLOPT_SSL_VERIFYPEER, 0 },
	{ CURLOPT_SSL_VERIFYHOST, 0 },
	/* Each answer has a handshake of its own, with its certificates. */
	{ CURLOPT_FRESH_CONNECT, 1 },
	{ CURLOPT_FORBID_REUSE, 1 },
	{ CURLOPT_SSL_SESSIONID_CACHE, 0 },
	/* The body as sent: what is not decoded cannot be a bomb. */
	{ CURLOPT_HTTP_CONTENT_DECODING, 0 },
};

struct string_option {
	CURLoption option;
	const char *value;
};

static const struct string_option strings[] = {
	{ CURLOPT_PROTOCOLS_STR, "https" },
	{ CURLOPT_PROXY, "" }, /* not the environment's either */
	{ CURLOPT_USERAGENT, "presend/" PACKAGE_VERSION },
	/* Loading the trust anchors takes longer than the handshake. */
	{ CURLOPT_CAINFO, NULL },
	{ CURLOPT_CAPATH, NULL },
};

static bool
set_constants(const struct curl *c, CURL *easy)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (c->easy_setopt(easy, numbers[i].option, numbers[i].value) !=
		    CURLE_OK)
			return false;
	}
	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) {
		if (c->easy_setopt(easy, strings[i].option, strings[i].value) !=
		    CURLE_OK)
			return false;
	}
	return true;
}

/* libcurl adds the Content-Type of a form, if the fields have none. */
static bool
set_method(const struct transfer *t)
{
	const struct curl *c = t->curl;
	struct slice body = t->request.body;

	if (body.p == NULL)
		return c->easy_setopt(t->easy, CURLOPT_HTTPGET, 1L) == CURLE_OK;
	return c->easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE, (long)body.n) ==
		   CURLE_OK &&
	       c->easy_setopt(t->easy, CURLOPT_POSTFIELDS, body.p) == CURLE_OK;
}

static bool
set_fields(struct transfer *t)
{
	const char *const *field = t->request.fields;

	for (; *field != NULL; field++) {
		struct curl_slist *more =
		    t->curl->slist_append(t->fields, *field);

		if (more == NULL)
			return false;
		t->fields = more;
	}
	return t->fields == NULL ||
	       t->curl->easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->fields) ==
		   CURLE_OK;
}

/*
 * Secrets go to nobody but who is proven to be meant.  A connection is used
 * again: to read all trust anchors takes longer than to ask.
 */
static bool
set_trust(const struct transfer *t, const struct probe_settings *s)
{
	const struct number_option strict[] = {
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
		{ CURLOPT_FRESH_CONNECT, 0 },
		{ CURLOPT_FORBID_REUSE, 0 },
	};
	struct curl_blob anchors = { (void *)(uintptr_t)s->anchors.p,
		s->anchors.n, CURL_BLOB_NOCOPY };

	if (!t->request.secret)
		return true;
	for (size_t i = 0; i < sizeof(strict) / sizeof(*strict); i++) {
		if (t->curl->easy_setopt(t->easy, strict[i].option,
			strict[i].value) != CURLE_OK)
			return false;
	}
	return t->curl->easy_setopt(t->easy, CURLOPT_CAINFO_BLOB, &anchors) ==
	       CURLE_OK;
}

struct pointer_option {
	CURLoption option;
	void *value;
};

static bool
set_pointers(struct transfer *t)
{
	const struct pointer_option pointers[] = {
		{ CURLOPT_CURLU, t->url },
		{ CURLOPT_PRIVATE, t },
		{ CURLOPT_ERRORBUFFER, t->error },
		{ CURLOPT_OPENSOCKETDATA, t },
		{ CURLOPT_RESOLVE, t->resolve },
	};

	for (size_t i = 0; i < sizeof(pointers) / sizeof(*pointers); i++) {
		if (t->curl->easy_setopt(t->easy, pointers[i].option,
			pointers[i].value) != CURLE_OK)
			return false;
	}
	return true;
}

/* What is connected to, and that nothing is looked up. */
static bool
set_gates(const struct transfer *t, bool named)
{
	const struct curl *c = t->curl;

	if (named && c->easy_setopt(t->easy, CURLOPT_RESOLVER_START_FUNCTION,
			 on_lookup) != CURLE_OK)
		return false;
	return c->easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, on_socket) ==
	       CURLE_OK;
}

static bool
set_timeouts(const struct curl *c, CURL *easy, int64_t timeout_ms)
{
	long connect =
	    timeout_ms < INT32_MAX / 2 ? (long)timeout_ms : INT32_MAX / 2;

	return c->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect) ==
		   CURLE_OK &&
	       c->easy_setopt(easy, CURLOPT_TIMEOUT_MS, connect * 2) ==
		   CURLE_OK;
}

/*
 * 192.0.2.1 or [2001:db8::1].  libcurl has made that of other forms of IPv4;
 * with a dot at the end it is a name to it.
 */
static bool
is_literal(struct slice host)
{
	struct ip ip;

	return slice_starts(host, SLICE_LIT("[")) || ip_parse(host, &ip);
}

/* Who is asked, and where; false: nobody, and that is the answer. */
static bool
target_find(struct transfer *t, const struct probe_settings *s,
    struct target *to)
{
	if (!url_read(t, t->request.question->name, to)) {
		request_fail(&t->request, SEEN_NOT_ASKED, CAUSE_MALFORMED,
		    "this is not an https URL that could be asked");
		return false;
	}
	if (!peers_find(t, s, to)) {
		request_fail(&t->request, SEEN_NOT_ASKED, CAUSE_PRIVATE,
		    "no public address to connect to");
		return false;
	}
	if (t->request.secret && s->anchors.n == 0) {
		request_fail(&t->request, SEEN_NOT_ASKED, CAUSE_TLS,
		    "no trust anchors could be read, so nobody is trusted");
		return false;
	}
	return true;
}

bool
transfer_begin(struct transfer *t, const struct probe_settings *s)
{
	struct target to;
	bool named;

	if (!target_find(t, s, &to))
		return false;
	/*
	 * A literal is connected to itself, if it was let through: RESOLVE
	 * knows none of IPv6, and would lead one of IPv4 elsewhere.
	 */
	named = !is_literal(to.host);
	t->easy = t->curl->easy_init();
	if (t->easy == NULL || (named && !resolve_make(t, &to)) ||
	    !set_constants(t->curl, t->easy) || !set_trust(t, s) ||
	    !set_method(t) || !set_fields(t) || !set_pointers(t) ||
	    !set_gates(t, named) || !transfer_listen(t) ||
	    !set_timeouts(t->curl, t->easy, s->timeout_ms)) {
		request_fail(&t->request, SEEN_NOT_ASKED, CAUSE_LIMIT,
		    "the request could not be made");
		return false;
	}
	return true;
}
