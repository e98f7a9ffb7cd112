#ifndef PROBES_HTTP_TRANSFER_H
#define PROBES_HTTP_TRANSFER_H

#include "base/buf.h"
#include "probes/curl.h"
#include "probes/http.h"

/* An address of the question, and where a connection to it goes. */
struct peer {
	struct ip ip;
	struct endpoint at;
};

/* One request on its way; whoever drives it links it. */
struct transfer {
	struct transfer *prev, *next;
	const struct curl *curl;
	struct http_request request;
	CURL *easy;
	CURLU *url;
	struct curl_slist *resolve;
	struct curl_slist *fields;
	struct peer *peers; /* that may be connected to; in the arena */
	size_t n_peers;
	struct tls_session tls;
	struct buf headers;
	struct buf body;
	bool in_headers;   /* between a status line and its empty line */
	bool headers_over; /* LIMIT_HTTP_HEADERS */
	bool body_over;    /* LIMIT_HTTP_BODY */
	char error[CURL_ERROR_SIZE];
};

struct transfer *transfer_new(const struct curl *, const struct http_request *);

/* Without an answer.  NULL is fine. */
void transfer_free(struct transfer *);

/* An answer that is none; the detail lasts. */
void request_fail(const struct http_request *, enum seen, enum cause,
    const char *detail);

/*
 * Makes the easy handle, whose CURLINFO_PRIVATE is the transfer.  False: the
 * request was answered, and the transfer is to be freed.
 */
bool transfer_begin(struct transfer *, const struct probe_settings *);

/* Has what arrives kept in the transfer; part of transfer_begin(). */
bool transfer_listen(struct transfer *);

/*
 * Answers the request.  The easy handle must be out of its multi handle.  when:
 * milliseconds since 1970.
 */
void transfer_end(struct transfer *, CURLcode, int64_t when);

/* The value of the first field of that name; or nothing. */
struct slice http_field(struct slice headers, struct slice name);

#endif
