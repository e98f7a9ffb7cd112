#ifndef BOUNCES_LOG_PARTS_H
#define BOUNCES_LOG_PARTS_H

#include "base/cursor.h"
#include "bounces/log.h"

/* What the formats of logs share: for bounces/log_*.c. */

/* A line of syslog, the time not yet read. */
struct syslog_line {
	struct slice stamp;
	struct slice host;
	struct slice program; /* "postfix/smtp" */
	struct slice text;    /* behind "program[pid]: " */
};

/* Octets of "Jan  5 03:06:18". */
enum { OLD_STAMP = 15 };

/* "hh:mm:ss" stands there. */
static inline bool
log_has_time(struct slice s, size_t at)
{
	return s.n >= at + 8 && s.p[at + 2] == ':' && s.p[at + 5] == ':' &&
	       ascii_is_digit(s.p[at]) && ascii_is_digit(s.p[at + 7]);
}

static inline bool
log_has_old_stamp(struct slice s)
{
	return s.n > OLD_STAMP && s.p[OLD_STAMP] == ' ' && s.p[3] == ' ' &&
	       log_has_time(s, OLD_STAMP - 8);
}

/*
 * RFC 3164 4.1 ("Jan  5 03:06:18 host program[pid]: text"), RFC 5424 and the
 * like of rsyslog ("2026-01-05T03:06:18.123456+00:00 host program[pid]:
 * text"), each with or without "<PRI>".
 */
bool syslog_parse(struct slice line, struct syslog_line *);

/* Either kind of time, or "2026-01-05 03:06:18" with what Exim adds. */
struct moment log_moment(struct slice stamp);

/* Up to an octet, which is taken too; without one: nothing, and not moved. */
static inline struct slice
log_until(struct slice *in, unsigned char end)
{
	struct slice head, tail;

	if (!slice_cut(*in, end, &head, &tail))
		return SLICE_NONE;
	*in = tail;
	return head;
}

/* Octets between brackets, as <address> and [address]; else all of it. */
struct slice log_inside(struct slice, unsigned char open, unsigned char close);

/* The value of a field between commas, by its name as " relay=". */
struct slice log_field(struct slice fields, struct slice name);

/* "HOST[IP]", "HOST [IP]", "HOST. [IP]": nothing where it is none. */
void log_peer(struct slice, struct attempt *);

/* A line of a program that writes to syslog. */
enum log_format log_program(struct batch *, const struct syslog_line *);

/* Each takes a line of its own; false: it is none of that format. */
bool log_postfix(struct batch *, const struct syslog_line *);
bool log_exim(struct batch *, struct slice line);
bool log_sendmail(struct batch *, const struct syslog_line *);
bool log_opensmtpd(struct batch *, const struct syslog_line *);
bool log_qmail(struct batch *, struct slice stamp, struct slice text);
bool log_multilog(struct batch *, struct slice line);
bool log_json(struct batch *, struct slice line);

#endif
