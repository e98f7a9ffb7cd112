#include "bounces/log.h"

#include "bounces/log_parts.h"

static const char *const names[LOG_FORMATS] = {
	[LOG_NONE] = "unknown",
	[LOG_POSTFIX] = "postfix",
	[LOG_EXIM] = "exim",
	[LOG_OTHER] = "syslog",
};

const char *
log_format_name(enum log_format f)
{
	return names[f];
}

/* A program that writes to syslog. */
static enum log_format
syslog_line(struct batch *b, const struct syslog_line *l)
{
	if (log_postfix(b, l))
		return LOG_POSTFIX;
	if (slice_eq(l->program, SLICE_LIT("exim")) && log_exim(b, l->text))
		return LOG_EXIM;
	return LOG_OTHER;
}

enum log_format
log_line(struct batch *b, struct slice line)
{
	struct syslog_line l;

	if (log_exim(b, line))
		return LOG_EXIM;
	return syslog_parse(line, &l) ? syslog_line(b, &l) : LOG_NONE;
}

void
log_read(struct batch *b, struct slice in)
{
	struct slice line;

	while (slice_line(&in, &line)) {
		b->lines++;
		b->of[log_line(b, line)]++;
	}
}
