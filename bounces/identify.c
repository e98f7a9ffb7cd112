#include "bounces/classify.h"

/* What may stand around a value. */
static bool
opens(unsigned char c)
{
	return c == ' ' || strchr("[(<\"':=", c) != NULL;
}

static bool
ends(unsigned char c)
{
	return c <= ' ' || strchr("])>\"',;|", c) != NULL;
}

static struct slice
take_value(struct slice s)
{
	size_t at = 0, n = 0;

	while (at < s.n && s.p[at] != '\0' && opens(s.p[at]))
		at++;
	while (at + n < s.n && !ends(s.p[at + n]))
		n++;
	while (n > 0 && strchr(".:", s.p[at + n - 1]) != NULL)
		n--;
	return slice_sub(s, at, n);
}

static bool
is_domain(struct slice s)
{
	bool dot = false;

	for (size_t i = 0; i < s.n; i++) {
		dot |= s.p[i] == '.';
		if (!ascii_is_alnum(s.p[i]) && s.p[i] < 0x80 &&
		    strchr(".-_", s.p[i]) == NULL)
			return false;
	}
	return dot;
}

static bool
is_netblock(struct slice s)
{
	struct slice ip, bits;
	struct ip unused;

	(void)slice_cut(s, '/', &ip, &bits);
	return ip_parse(ip, &unused);
}

static bool
fits(enum bounce_identity_kind kind, struct slice s)
{
	struct ip unused;

	switch (kind) {
	case IDENTITY_IP:
		return ip_parse(s, &unused);
	case IDENTITY_NETBLOCK:
		return is_netblock(s);
	case IDENTITY_DKIM_DOMAIN:
	case IDENTITY_SPF_DOMAIN:
	case IDENTITY_FROM_DOMAIN:
		return is_domain(s);
	case IDENTITY_URL:
		return slice_starts_nocase(s, SLICE_LIT("http")) ||
		       is_domain(s);
	}
	return false;
}

/* In an address it is the domain. */
static struct slice
value_of(enum bounce_identity_kind kind, struct slice s)
{
	struct slice local, domain;

	s = take_value(s);
	if (kind != IDENTITY_URL && slice_cut(s, '@', &local, &domain))
		s = domain;
	return s.n > 0 && s.n <= 255 && fits(kind, s) ? s : SLICE_NONE;
}

static struct slice
capture(const struct bounce_capture *c, struct slice text)
{
	while (text.n > 0) {
		size_t at = slice_find_nocase(text, c->before);
		struct slice value;

		if (at == SIZE_MAX)
			return SLICE_NONE;
		text = slice_from(text, at + c->before.n);
		value = value_of(c->kind, text);
		if (value.n > 0 &&
		    (c->after.n == 0 ||
			slice_starts_nocase(slice_from(text,
						slice_offset(text, value) +
						    value.n),
			    c->after)))
			return value;
	}
	return SLICE_NONE;
}

static void
capture_all(const struct bounce_captures *all, struct slice text,
    struct bounce_identity *out)
{
	for (size_t i = 0; i < all->n; i++) {
		struct slice *value = &out->values[all->list[i].kind];

		if (value->n == 0)
			*value = capture(&all->list[i], text);
	}
}

void
bounce_identify(const struct bounces *b, const struct bounce_class *class,
    struct slice text, struct bounce_identity *out)
{
	const struct bounce_provider *p = class->provider;

	memset(out, 0, sizeof(*out));
	if (class->pattern != NULL)
		capture_all(&class->pattern->identity, text, out);
	if (p != NULL) {
		capture_all(&p->identity, text, out);
		if (p->as != NULL)
			capture_all(&p->as->identity, text, out);
	}
	capture_all(&bounces_generic(b)->identity, text, out);
}
