#ifndef BOUNCES_LOG_H
#define BOUNCES_LOG_H

#include "bounces/batch.h"

/*
 * Logs of one line a record.  Lines of several formats may be mixed in one
 * input, as where two servers write to one syslog: each line is given to the
 * format that knows it, and none looks at another's.
 */

enum log_format {
	LOG_NONE, /* no format that is known */
	LOG_POSTFIX,
	LOG_EXIM,
	LOG_SENDMAIL,
	LOG_OPENSMTPD,
	LOG_QMAIL,
	LOG_JSON,
	LOG_CSV,
	LOG_OTHER, /* a line of syslog by a program that delivers nothing */
};

enum { LOG_FORMATS = LOG_OTHER + 1 };

const char *log_format_name(enum log_format);

/* Takes whole lines, the last of which may lack its end. */
void log_read(struct batch *, struct slice lines);

/*
 * What the line about the start of a delivery tells of it, which may be in an
 * earlier block than its end (struct attempt.delivery).
 */
void log_qmail_start(struct slice, struct attempt *);

/* The key of such a line among the senders. */
uint64_t log_delivery_id(const struct senders *, struct slice number);

/* Takes one line, without its end; says whose it is. */
enum log_format log_line(struct batch *, struct slice line);

#endif
