#include "bounces/log.h"

#include "bounces/log_parts.h"

static const char *const names[LOG_FORMATS] = {
	[LOG_NONE] = "unknown",
	[LOG_POSTFIX] = "postfix",
	[LOG_EXIM] = "exim",
	[LOG_SENDMAIL] = "sendmail",
	[LOG_OPENSMTPD] = "opensmtpd",
	[LOG_QMAIL] = "qmail",
	[LOG_JSON] = "json",
	[LOG_CSV] = "csv",
	[LOG_OTHER] = "syslog",
};

const char *
log_format_name(enum log_format f)
{
	return names[f];
}

/* splogger(8) puts a time of its own before it. */
static struct slice
qmail_text(struct slice s)
{
	struct slice rest = s, first = log_until(&rest, ' ');

	return first.n > 0 && ascii_is_digit(first.p[0]) ? rest : s;
}

enum log_format
log_program(struct batch *b, const struct syslog_line *l)
{
	switch (l->program.n > 0 ? l->program.p[0] : '\0') {
	case 'p':
		return log_postfix(b, l) ? LOG_POSTFIX : LOG_OTHER;
	case 's':
		if (log_sendmail(b, l))
			return LOG_SENDMAIL;
		return log_opensmtpd(b, l) ? LOG_OPENSMTPD : LOG_OTHER;
	case 'e':
		return slice_starts(l->program, SLICE_LIT("exim")) &&
			       log_exim(b, l->text)
			   ? LOG_EXIM
			   : LOG_OTHER;
	case 'q':
		return slice_starts(l->program, SLICE_LIT("qmail")) &&
			       log_qmail(b, l->stamp, qmail_text(l->text))
			   ? LOG_QMAIL
			   : LOG_OTHER;
	default:
		return LOG_OTHER;
	}
}

/*
 * A line of Postfix whose program stands where that of the line before stood.
 * Most are of those that take mail, and say nothing of deliveries.
 */
static bool
again_postfix(struct batch *b, struct slice line)
{
	static const char postfix[] = "postfix/";
	static const char smtpd[] = "smtpd[";
	static const char cleanup[] = "cleanup[";
	size_t at = b->program_at, name = at + sizeof(postfix) - 1;
	struct syslog_line l;

	if (at <= OLD_STAMP || line.n < name + sizeof(cleanup) ||
	    !log_has_old_stamp(line) || line.p[at - 1] != ' ' ||
	    memcmp(line.p + at, postfix, sizeof(postfix) - 1) != 0)
		return false;
	if (memcmp(line.p + name, smtpd, sizeof(smtpd) - 1) == 0 ||
	    memcmp(line.p + name, cleanup, sizeof(cleanup) - 1) == 0)
		return true;
	l.stamp = slice_sub(line, 0, OLD_STAMP);
	l.text = slice_from(line, at);
	l.program = log_until(&l.text, '[');
	return l.program.p != NULL && log_until(&l.text, ' ').p != NULL &&
	       log_postfix(b, &l);
}

enum log_format
log_line(struct batch *b, struct slice line)
{
	struct syslog_line l;

	if (again_postfix(b, line))
		return LOG_POSTFIX;
	if (log_exim(b, line))
		return LOG_EXIM;
	if (line.n > 0 && line.p[0] == '@' && log_multilog(b, line))
		return LOG_QMAIL;
	if (line.n > 0 && (line.p[0] == '{' || line.p[0] == '[') &&
	    log_json(b, line))
		return LOG_JSON;
	if (!syslog_parse(line, &l))
		return LOG_NONE;
	b->program_at = slice_offset(line, l.program);
	return log_program(b, &l);
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
