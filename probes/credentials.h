#ifndef PROBES_CREDENTIALS_H
#define PROBES_CREDENTIALS_H

#include "base/slice.h"

/*
 * What lets a user see a domain in the Gmail Postmaster Tools (OAuth 2.0, RFC
 * 6749): a refresh token with the client it was given to, or an access token,
 * which lives an hour.  All of it is secret but the project.
 */
enum {
	CREDENTIAL_MAX = 2048, /* Google's access tokens have no more octets */
	CREDENTIAL_FORM_MAX = 4 * 3 * CREDENTIAL_MAX,
};

struct credentials {
	char client_id[CREDENTIAL_MAX + 1];
	char client_secret[CREDENTIAL_MAX + 1];
	char refresh_token[CREDENTIAL_MAX + 1];
	char access_token[CREDENTIAL_MAX + 1];
	/* Whose quota is used: Google asks it of gcloud's own client. */
	char quota_project[CREDENTIAL_MAX + 1];
};

/* In memory of base/secret.h, empty.  NULL: out of memory. */
struct credentials *credentials_new(void);
void credentials_close(struct credentials **);

/* What is wrong with a file, without an octet of it.  NULL text: nothing. */
struct credentials_fault {
	const char *text; /* half a sentence */
	size_t line;      /* 0: not of one line */
};

/*
 * Adds what one file says; several may complete each other, but not
 * contradict.  JSON: gcloud's authorized_user, a client's "installed" or
 * "web" object, a client library's token; else lines "key = value".
 */
struct credentials_fault credentials_read(struct credentials *,
    struct slice text);

/* What they lack to be of use, as half a sentence; NULL: nothing. */
const char *credentials_lack(const struct credentials *);

/* Whether a fresh access token can be had. */
static inline bool
credentials_renewable(const struct credentials *c)
{
	return c->refresh_token[0] != '\0';
}

/* A fresh one; false: none of Google's, and there is none now. */
bool credentials_renew(struct credentials *, struct slice access_token);

/*
 * The body of the request for one (RFC 6749 6), ended by NUL; false: it has no
 * room.
 */
bool credentials_form(const struct credentials *,
    char out[CREDENTIAL_FORM_MAX]);

/* Puts "*" over each octet of each secret that stands in the octets. */
void credentials_hide(const struct credentials *, unsigned char *, size_t n);

#endif
