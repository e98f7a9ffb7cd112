#ifndef BOUNCES_REPLY_H
#define BOUNCES_REPLY_H

#include "base/limits.h"
#include "base/slice.h"

/*
 * A reply of SMTP (RFC 5321 4.2) as logs and bounces have it: with lines that
 * each begin with the codes, joined by newlines, by "\n" in letters or by
 * spaces; with words of the program that logged it around it; or the reason why
 * there was no reply.
 */
struct reply {
	unsigned int code; /* 0: none */
	bool has_status;
	uint16_t status[3]; /* RFC 3463; of another class than code, maybe */
	struct slice text;  /* without codes and session id, one line */
	struct slice host;  /* "host NAME[IP] said:"; or nothing */
	struct slice ip;
	struct slice command; /* "(in reply to RCPT TO command)"; or nothing */
	bool cut;             /* there was more than LIMIT_GIST */
};

/*
 * The text lies in room; the other slices are of what was logged.  Whatever
 * was logged, the reply says no more than is there.
 */
void reply_parse(struct slice logged, unsigned char room[LIMIT_GIST],
    struct reply *);

/* "5.7.26": all of it.  Subjects are 0 to 7 (RFC 3463 3). */
bool reply_status_parse(struct slice, uint16_t status[3]);

#endif
