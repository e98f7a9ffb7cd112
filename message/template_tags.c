#include "message/template_tags.h"

/* No place-holder is longer: who forgets to close one is not searched for. */
enum { TAG_MAX = 160 };

/* How what stands between the signs must look. */
enum inside {
	INSIDE_ANY,   /* begins like an expression */
	INSIDE_UPPER, /* NAME or NAME_2 */
	INSIDE_PATH,  /* Contact.FirstName: a name, a dot, a name */
	INSIDE_WORD,  /* one of the words that stand for a recipient's data */
};

static const struct tag_form {
	const char *open, *close;
	enum inside inside;
} forms[] = {
	{ "{{", "}}", INSIDE_ANY }, /* Handlebars, Liquid, Jinja, Mailjet */
	{ "{{{", "}}}", INSIDE_ANY }, { "{%", "%}", INSIDE_ANY },
	{ "{!", "}", INSIDE_PATH }, /* Salesforce */
	{ "{$", "}", INSIDE_ANY },  /* Smarty */
	{ "{", "}", INSIDE_WORD },
	{ "%%", "%%", INSIDE_ANY },         /* Salesforce Marketing Cloud */
	{ "%recipient.", "%", INSIDE_ANY }, /* Mailgun */
	{ "%", "%", INSIDE_UPPER },         /* ActiveCampaign */
	{ "*|", "|*", INSIDE_ANY },         /* Mailchimp */
	{ "<%", "%>", INSIDE_ANY },         /* ERB, EJS, Adobe Campaign */
	{ "<<", ">>", INSIDE_WORD },
	{ "${", "}", INSIDE_ANY }, /* FreeMarker, Velocity */
	{ "$!{", "}", INSIDE_ANY }, { "#{", "}", INSIDE_ANY },
	{ "##", "##", INSIDE_WORD }, { "#", "#", INSIDE_WORD },
	{ "[[", "]]", INSIDE_WORD },     /* Constant Contact */
	{ "[[data:", "]]", INSIDE_ANY }, /* Mailjet */
	{ "[", "]", INSIDE_WORD }, { "~", "~", INSIDE_PATH }, /* Keap */
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

/* Without white space, "_", "-" and "."; in lower case. */
static const char *const words[] = {
	"firstname",
	"lastname",
	"fullname",
	"fname",
	"lname",
	"name",
	"username",
	"yourname",
	"customername",
	"contactname",
	"recipientname",
	"subscribername",
	"givenname",
	"surname",
	"emailaddress",
	"email",
	"company",
	"companyname",
	"insertname",
	"insertfirstname",
	"insertnamehere",
	"contactfirstname",
	"contactlastname",
	"subscriberfirstname",
	"userfirstname",
	"unsubscribe",
	"unsubscribelink",
	"unsubscribeurl",
};

enum { WORDS = sizeof(words) / sizeof(words[0]), WORD_MAX = 24 };

/* "First_Name,fallback=friend" and "first name | default" too. */
static bool
is_word(struct slice s)
{
	unsigned char squeezed[WORD_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s.n && s.p[i] != ',' && s.p[i] != '|'; i++) {
		if (memchr(" \t_-.", s.p[i], 5) != NULL)
			continue;
		if (n == WORD_MAX || !ascii_is_alpha(s.p[i]))
			return false;
		squeezed[n++] = ascii_lower(s.p[i]);
	}
	for (size_t i = 0; i < WORDS; i++) {
		if (slice_eq(slice_str(words[i]), slice_of(squeezed, n)))
			return true;
	}
	return false;
}

/* At least three letters: %C3%A4 is an octet of a URL. */
static bool
is_upper(struct slice s)
{
	if (s.n < 3 || s.p[0] < 'A' || s.p[0] > 'Z')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if ((s.p[i] < 'A' || s.p[i] > 'Z') && s.p[i] != '_' &&
		    !ascii_is_digit(s.p[i]))
			return false;
	}
	return true;
}

static bool
is_path(struct slice s)
{
	size_t dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool edge = i == 0 || i + 1 == s.n;

		if (s.p[i] == '.' && !edge)
			dots++;
		else if (!ascii_is_alnum(s.p[i]) && (s.p[i] != '_' || edge))
			return false;
	}
	return dots > 0 && ascii_is_alpha(s.p[0]);
}

/* Begins with a name or a sign of the language. */
static bool
is_expression(struct slice s)
{
	s = slice_trim(s);
	return s.n > 0 && (ascii_is_alpha(s.p[0]) ||
			      memchr("_#/^!&>=-[$@.*", s.p[0], 14) != NULL);
}

static bool
fits(enum inside inside, struct slice s)
{
	switch (inside) {
	case INSIDE_ANY:
		return is_expression(s);
	case INSIDE_UPPER:
		return is_upper(s);
	case INSIDE_PATH:
		return is_path(s);
	case INSIDE_WORD:
		return is_word(s);
	}
	return false;
}

/*
 * Up to the close.  What has its own signs in it is left alone: so no octet is
 * looked at more than a few times, however often a place-holder is opened.
 */
static size_t
inside_length(const struct tag_form *f, struct slice s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != (unsigned char)f->open[0] &&
	       s.p[i] != (unsigned char)f->close[0] && s.p[i] >= ' ')
		i++;
	return i;
}

/* How it begins: enough to pass over most signs in styles and links. */
static bool
may_fit(enum inside inside, struct slice s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = slice_from(s, 1);
	if (s.n == 0)
		return false;
	return inside == INSIDE_ANY ? is_expression(slice_sub(s, 0, 1))
				    : ascii_is_alpha(s.p[0]);
}

/* rest begins with the first octet of the opening sign. */
static bool
form_matches(const struct tag_form *f, struct slice rest, struct slice *tag)
{
	struct slice open = slice_str(f->open), close = slice_str(f->close);
	struct slice inside;
	size_t n;

	if (!slice_starts(rest, open))
		return false;
	inside = slice_sub(rest, open.n, TAG_MAX);
	if (!may_fit(f->inside, inside))
		return false;
	n = inside_length(f, inside);
	if (!slice_starts(slice_from(inside, n), close) ||
	    !fits(f->inside, slice_sub(inside, 0, n)))
		return false;
	*tag = slice_sub(rest, 0, open.n + n + close.n);
	return true;
}

/* The first octets of all forms. */
static const bool signs[256] = {
	['{'] = true,
	['%'] = true,
	['['] = true,
	['*'] = true,
	['$'] = true,
	['#'] = true,
	['<'] = true,
	['~'] = true,
};

static bool
any_matches(struct slice rest, struct slice *tag)
{
	unsigned char second = rest.n > 1 ? rest.p[1] : '\0';

	for (size_t k = 0; k < FORMS; k++) {
		const char *open = forms[k].open;

		if (rest.p[0] != (unsigned char)open[0] ||
		    (open[1] != '\0' && second != (unsigned char)open[1]))
			continue;
		if (form_matches(&forms[k], rest, tag))
			return true;
	}
	return false;
}

bool
template_tag_find(struct slice text, struct slice *tag)
{
	size_t i = 0;

	for (;;) {
		while (text.n - i >= 4 && !signs[text.p[i]] &&
		       !signs[text.p[i + 1]] && !signs[text.p[i + 2]] &&
		       !signs[text.p[i + 3]])
			i += 4;
		while (i < text.n && !signs[text.p[i]])
			i++;
		if (i == text.n)
			return false;
		if (any_matches(slice_from(text, i), tag))
			return true;
		i++;
	}
}
