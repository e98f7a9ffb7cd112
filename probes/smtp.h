#ifndef PROBES_SMTP_H
#define PROBES_SMTP_H

#include "probes/probes.h"

/*
 * Asks mail servers: the dialogue of probes/smtp_dialogue.h over sockets,
 * TLS and timers of the loop.
 *
 * A server is waited for as long as it sends something within the settings'
 * timeout (twice that for the greeting), and six times the timeout in all.
 */
struct smtp;

enum rc smtp_new(struct loop *, const struct probe_settings *, struct smtp **);

/* Ends all conversations; what they were to answer stays unanswered. */
void smtp_close(struct smtp **);

/* The entry (QUESTION_SMTP) is answered sooner or later, maybe at once. */
void smtp_ask(struct smtp *, struct entry *);

#endif
