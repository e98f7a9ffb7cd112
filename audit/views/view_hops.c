#include "audit/views/view_parts.h"
#include "audit/views/words.h"

#include "base/civil.h"
#include "base/limits.h"

/*
 * The way of the sample message as a table, the first server first; on a
 * narrow page each hop as a few lines.
 */
enum {
	MARK = 3,   /* ">" the hop that counts, "!" something is odd */
	NUMBER = 4, /* "100 " */
	DELAY = 8,  /* "-59m59s" */
	WITH = 8,
	TLS_CELL = 5, /* "SSLv3" is no TLS */
	TIME = 8,
	NAMES_MIN = 36,
	TABLE_MIN = MARK + NUMBER + DELAY + WITH + TLS_CELL + TIME + NAMES_MIN,
	FIRST_ROWS = 5, /* of a long way; and where it ends: */
	LAST_ROWS = 20,
};

struct hop_columns {
	size_t from, by; /* 0: no table */
};

static struct hop_columns
columns_of(const struct page *p)
{
	size_t names = p->look->width - (TABLE_MIN - NAMES_MIN);

	if (p->look->width < TABLE_MIN)
		return (struct hop_columns){ 0, 0 };
	return (struct hop_columns){ (names + 1) / 2, names / 2 };
}

/* ---- cells ------------------------------------------------------------- */

/* "4m10s": two units are enough to see what is odd. */
void
hop_delay_text(const json_t *hop, char out[HOP_TEXT_MAX])
{
	const json_t *delay = json_object_get(hop, "delay_seconds");
	long long n = json_integer_value(delay);
	unsigned long long all =
	    n < 0 ? 0 - (unsigned long long)n : (unsigned long long)n;
	const char *sign = n < 0 ? "-" : "";

	if (!json_is_integer(delay))
		(void)snprintf(out, HOP_TEXT_MAX, "-");
	else if (all < 60)
		(void)snprintf(out, HOP_TEXT_MAX, "%s%llus", sign, all);
	else if (all < 3600)
		(void)snprintf(out, HOP_TEXT_MAX, "%s%llum%llus", sign,
		    all / 60, all % 60);
	else if (all < 86400)
		(void)snprintf(out, HOP_TEXT_MAX, "%s%lluh%llum", sign,
		    all / 3600, all % 3600 / 60);
	else
		(void)snprintf(out, HOP_TEXT_MAX, "%s%llud", sign, all / 86400);
}

/* "1.3" of "TLS1_3" and of "TLSv1.3". */
void
hop_tls_text(const json_t *hop, char out[HOP_TEXT_MAX])
{
	const json_t *tls = json_object_get(hop, "tls");
	const char *version = view_text_of(hop, "tls_version");
	size_t n = strcspn(version, "0123456789");

	(void)snprintf(out, HOP_TEXT_MAX, "%s",
	    json_is_true(tls)    ? "yes"
	    : json_is_false(tls) ? "no"
				 : "?");
	if (!json_is_true(tls) || version[n] == '\0' || strlen(version) > 8)
		return;
	(void)snprintf(out, HOP_TEXT_MAX, "%s", version + n);
	for (char *at = out; *at != '\0'; at++) {
		if (*at == '_')
			*at = '.';
	}
}

/* "Microsoft SMTP Server" is long, and everybody knows whose it is. */
static const char *
with_text(const json_t *hop)
{
	const char *with = view_text_of(hop, "with");

	if (strncmp(with, "Microsoft SMTP", 14) == 0)
		return "MS SMTP";
	return *with != '\0' ? with : "-";
}

static bool
is_time(const char *text)
{
	return strlen(text) == 20 && strspn(text, "0123456789-T:Z") == 20;
}

/* "18:50:31" of an RFC 3339 time. */
static const char *
time_text(struct buf *b, const json_t *hop)
{
	const char *time = view_text_of(hop, "time");

	buf_reset(b);
	buf_add_str(b, is_time(time) ? time + 11 : "-");
	if (is_time(time))
		b->n = TIME;
	buf_add(b, slice_of("", 1));
	return b->failed ? "" : (const char *)b->p;
}

static const char *
or_dash(const char *text)
{
	return *text != '\0' ? text : "-";
}

/* Who came: by HELO, else by the name that was looked up, else by address. */
static const char *
client_text(const json_t *hop)
{
	static const char *const keys[] = { "from", "reverse", "ip" };
	const char *text = "";

	for (size_t i = 0; i < 3 && *text == '\0'; i++)
		text = view_text_of(hop, keys[i]);
	return or_dash(text);
}

/* The address, if it is not what stands for the client. */
static const char *
address_text(const json_t *hop)
{
	const char *ip = view_text_of(hop, "ip");

	return strcmp(client_text(hop), ip) == 0 ? "" : ip;
}

void
hop_from(struct buf *b, const json_t *hop)
{
	const char *address = address_text(hop);

	buf_printf(b, "%s%s%s%s", client_text(hop),
	    *address != '\0' ? " [" : "", address, *address != '\0' ? "]" : "");
}

/* ---- rows -------------------------------------------------------------- */

static bool
is_delivery(const json_t *hop)
{
	return strcmp(view_text_of(hop, "side"), "delivery") == 0;
}

/* Something is wrong with the hop, and not just worth a note. */
static bool
has_warning(const json_t *hops, const json_t *hop)
{
	const json_t *problem;
	size_t i;

	json_array_foreach(json_object_get(hops, "problems"), i, problem)
	{
		if (json_equal(json_object_get(problem, "hop"),
			json_object_get(hop, "hop")) &&
		    strcmp(view_text_of(problem, "severity"), "warning") == 0)
			return true;
	}
	return false;
}

static void
print_mark(struct page *p, const json_t *hops, const json_t *hop)
{
	bool warning = has_warning(hops, hop);
	char number[HOP_TEXT_MAX];

	page_style(p, warning ? STYLE_BAD : STYLE_PLAIN);
	page_pad(p,
	    is_delivery(hop) ? (warning ? ">!" : ">")
	    : warning        ? " !"
			     : "",
	    MARK);
	page_style(p, is_delivery(hop) ? STYLE_BOLD : STYLE_PLAIN);
	(void)snprintf(number, sizeof(number), "%lld",
	    (long long)json_integer_value(json_object_get(hop, "hop")));
	page_cell(p, number, NUMBER);
}

static void
print_time(struct page *p, const json_t *hop)
{
	struct buf time;

	buf_init(&time, 4096);
	(void)page_add(p, time_text(&time, hop));
	buf_free(&time);
}

static void
print_row(struct page *p, const struct hop_columns *c, const json_t *hop)
{
	const char *address = address_text(hop);
	char text[HOP_TEXT_MAX];

	hop_delay_text(hop, text);
	page_cell(p, text, DELAY);
	page_spaces(p, c->from - page_cut(p, client_text(hop), c->from - 1));
	page_spaces(p,
	    c->by - page_cut(p, or_dash(view_text_of(hop, "by")), c->by - 1));
	page_cell(p, with_text(hop), WITH);
	hop_tls_text(hop, text);
	page_cell(p, text, TLS_CELL);
	print_time(p, hop);
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
	if (*address == '\0')
		return;
	page_spaces(p, MARK + NUMBER + DELAY);
	(void)page_clip(p, address, p->look->width - (MARK + NUMBER + DELAY));
	buf_add_char(p->out, '\n');
}

/* The same where there is no room for columns. */
static void
print_lines(struct page *p, const json_t *hop)
{
	size_t at = MARK + NUMBER;
	const char *word;
	char delay[HOP_TEXT_MAX], tls[HOP_TEXT_MAX];
	struct buf line, time;

	hop_delay_text(hop, delay);
	hop_tls_text(hop, tls);
	word = strcmp(tls, "no") == 0  ? "no TLS"
	       : strcmp(tls, "?") == 0 ? "TLS not told"
				       : "TLS";
	buf_init(&line, p->out->limit);
	buf_init(&time, 4096);
	hop_from(&line, hop);
	buf_printf(&line, " to %s, %s, %s%s%s, at %s",
	    or_dash(view_text_of(hop, "by")), with_text(hop), word,
	    ascii_is_digit((unsigned char)tls[0]) ? " " : "",
	    ascii_is_digit((unsigned char)tls[0]) ? tls : "",
	    time_text(&time, hop));
	if (strcmp(delay, "-") != 0)
		buf_printf(&line, ", after %s", delay);
	buf_add(&line, slice_of("", 1));
	if (!line.failed)
		page_fill(p, (const char *)line.p, at, at);
	page_style(p, STYLE_PLAIN);
	buf_free(&time);
	buf_free(&line);
}

static void
print_head(struct page *p, const struct hop_columns *c)
{
	page_style(p, STYLE_DIM);
	page_spaces(p, MARK);
	page_cell(p, "Hop", NUMBER);
	page_cell(p, "Delay", DELAY);
	page_cell(p, "From", c->from);
	page_cell(p, "By", c->by);
	page_cell(p, "With", WITH);
	page_cell(p, "TLS", TLS_CELL);
	(void)page_add(p, "UTC");
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
}

/* Of a long way the middle is left out; true if row i is of it. */
static bool
is_left_out(struct page *p, size_t i, size_t n)
{
	char text[64];

	if (n <= FIRST_ROWS + LAST_ROWS || i < FIRST_ROWS || i >= n - LAST_ROWS)
		return false;
	if (i > FIRST_ROWS)
		return true;
	(void)snprintf(text, sizeof(text),
	    "... %zu more, which --format json has",
	    n - FIRST_ROWS - LAST_ROWS);
	page_spaces(p, MARK + NUMBER);
	page_fill(p, text, MARK + NUMBER, MARK + NUMBER);
	return true;
}

static void
print_chain(struct page *p, const json_t *hops)
{
	const json_t *chain = json_object_get(hops, "chain"), *hop;
	struct hop_columns c = columns_of(p);
	size_t i;

	if (c.from > 0)
		print_head(p, &c);
	json_array_foreach(chain, i, hop)
	{
		if (is_left_out(p, i, json_array_size(chain)))
			continue;
		print_mark(p, hops, hop);
		if (c.from > 0)
			print_row(p, &c, hop);
		else
			print_lines(p, hop);
	}
}

/* ---- what is to be said of it ------------------------------------------ */

static void
say(struct word_sink sink, const char *mark, struct buf *text)
{
	buf_add(text, slice_of("", 1));
	if (!text->failed)
		sink.line(sink.ctx, mark, (const char *)text->p);
	buf_reset(text);
}

static void
add_member(struct buf *text, const char *label, const json_t *o,
    const char *key)
{
	const char *value = view_text_of(o, key);

	if (*value != '\0')
		buf_printf(text, ", %s %s", label, value);
}

static void
say_delivery(struct word_sink sink, const json_t *hops, struct buf *text)
{
	const json_t *d = json_object_get(hops, "delivery");

	if (!json_is_object(d)) {
		if (!json_is_null(d))
			return;
		buf_add_str(text,
		    "No hop leads into a receiver of another house: the sample "
		    "was not delivered from outside, so nothing of it tells "
		    "what receivers see");
		say(sink, "", text);
		return;
	}
	buf_printf(text, "marks the delivery to %s",
	    or_dash(view_text_of(d, "receiver")));
	add_member(text, "sent from", d, "ip");
	add_member(text, "HELO", d, "helo");
	if (json_is_null(json_object_get(d, "mail_from")))
		buf_add_str(text, ", MAIL FROM <>");
	else
		add_member(text, "MAIL FROM", d, "mail_from");
	add_member(text, "then through its filter to", d, "gateway");
	if (json_is_false(json_object_get(d, "audited")))
		buf_add_str(text, "; the audit was asked to judge another "
				  "address");
	say(sink, ">", text);
}

static void
say_indirect(struct word_sink sink, const json_t *hops, struct buf *text)
{
	const json_t *sign;
	size_t i;

	if (!json_is_true(json_object_get(hops, "indirect")))
		return;
	buf_add_str(text, "This is indirect mail, so SPF and the address are "
			  "those of who sent it on: ");
	json_array_foreach(json_object_get(hops, "indirect_signs"), i, sign)
	{
		const char *s = json_string_value(sign);

		buf_printf(text, "%s%s", i > 0 ? "; " : "", s != NULL ? s : "");
	}
	say(sink, "", text);
}

static void
say_problems(struct word_sink sink, const json_t *audit, const json_t *hops,
    struct buf *text)
{
	const json_t *problem;
	size_t i;

	json_array_foreach(json_object_get(hops, "problems"), i, problem)
	{
		const char *detail = view_text_of(problem, "detail");
		bool warning =
		    strcmp(view_text_of(problem, "severity"), "warning") == 0;

		if (view_is_said(audit, "hops", detail))
			continue;
		buf_add_str(text, detail);
		say(sink, warning ? " !" : "  ", text);
	}
}

void
hops_each(const json_t *audit, struct word_sink sink)
{
	const json_t *hops =
	    json_object_get(json_object_get(audit, "facts"), "hops");
	const json_t *relay;
	struct buf text;
	size_t i;

	buf_init(&text, LIMIT_RENDERED);
	say_delivery(sink, hops, &text);
	json_array_foreach(json_object_get(hops, "relays"), i, relay)
	{
		buf_add_str(&text, view_text_of(relay, "detail"));
		say(sink, " -", &text);
	}
	say_indirect(sink, hops, &text);
	say_problems(sink, audit, hops, &text);
	buf_free(&text);
}

static void
print_sentence(void *page, const char *mark, const char *text)
{
	bool dim = strcmp(mark, "  ") == 0;
	struct page *p = page;

	page_style(p, dim ? STYLE_DIM : STYLE_PLAIN);
	page_pad(p, dim ? " -" : mark, MARK);
	page_fill(p, text, MARK, MARK);
	page_style(p, STYLE_PLAIN);
}

/* A way of one clean hop is told by the head of the report. */
static bool
is_worth_it(const struct page *p, const json_t *hops)
{
	size_t n = json_array_size(json_object_get(hops, "chain"));

	return n > 1 ||
	       (n > 0 &&
		   (p->look->verbose ||
		       json_array_size(json_object_get(hops, "problems")) > 0));
}

static void
print_title(struct page *p, const json_t *hops)
{
	const json_t *chain = json_object_get(hops, "chain");
	const char *time = view_text_of(json_array_get(chain, 0), "time");
	struct buf text;

	buf_init(&text, p->out->limit);
	buf_add_str(&text, "THE WAY OF THE MESSAGE");
	if (is_time(time))
		buf_printf(&text, ", %.10s", time);
	buf_add(&text, slice_of("", 1));
	if (!text.failed)
		page_heading(p, (const char *)text.p);
	buf_free(&text);
}

void
hops_print(struct page *p, const json_t *audit)
{
	const json_t *hops =
	    json_object_get(json_object_get(audit, "facts"), "hops");

	if (!is_worth_it(p, hops))
		return;
	print_title(p, hops);
	print_chain(p, hops);
	buf_add_char(p->out, '\n');
	hops_each(audit, (struct word_sink){ print_sentence, p });
}
