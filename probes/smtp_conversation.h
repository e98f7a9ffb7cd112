#ifndef PROBES_SMTP_CONVERSATION_H
#define PROBES_SMTP_CONVERSATION_H

#include <openssl/ssl.h>

#include "base/buf.h"
#include "probes/probes.h"

/* What all conversations of a probe share. */
struct smtp_shared {
	struct loop *loop;
	const struct probe_settings *settings;
	SSL_CTX *tls; /* made at first use */
};

enum smtp_phase {
	SMTP_WAITING,
	SMTP_CONNECTING,
	SMTP_TALKING,
	SMTP_LINGERING, /* answered; for the 221 */
};

/*
 * One conversation: a socket, a timer, the dialogue, TLS.  Its owner may put
 * it into a list.
 */
struct smtp_conversation {
	struct smtp_conversation *prev, *next;
	struct smtp_shared *shared;
	void (*over)(struct smtp_conversation *); /* frees it */
	void *owner;
	struct entry *entry; /* NULL once it is answered */
	struct endpoint at;
	enum smtp_phase phase;
	int fd;
	struct timer timer;
	int64_t end_at;
	struct smtp_dialogue *dialogue;
	struct tls *tls;
	struct buf wire; /* to be sent */
};

/* Takes the entry, to answer it; NULL when out of memory. */
struct smtp_conversation *smtp_conversation_new(struct smtp_shared *,
    struct entry *, const struct endpoint *);

/*
 * Connects and goes on by itself.  over() is called at the end, maybe from
 * within this.
 */
void smtp_conversation_start(struct smtp_conversation *);

/* Ends it, as it stands: an entry that is not answered yet stays so. */
void smtp_conversation_free(struct smtp_conversation *);

/* Answers the entry, if it is not yet, by a failure of our own. */
void smtp_conversation_fail(struct smtp_conversation *, const char *detail);

#endif
