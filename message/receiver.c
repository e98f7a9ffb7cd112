#include "message/receiver.h"

#include "base/ip.h"

static const struct receiver receivers[] = {
	{ { "google.com", "gmail.com", "googlemail.com", "1e100.net" },
	    "mx.google.com" },
	{ { "yahoo.com", "yahoodns.net", "aol.com", "yahoo.net" }, NULL },
	{ { "outlook.com", "hotmail.com", "office365.com", "live.com",
	      "exchangelabs.com", "microsoft.com" },
	    "mail.protection.outlook.com" },
	{ { "icloud.com", "apple.com", "me.com", "mac.com" }, NULL },
	{ { "gmx.net", "web.de", "mail.com", "kundenserver.de", "ionos.com",
	      "1and1.com", "gmx.com" },
	    NULL },
	{ { "t-online.de" }, NULL },
	{ { "protonmail.ch", "proton.ch", "proton.me" }, NULL },
	{ { "messagingengine.com", "fastmail.com" }, NULL },
	{ { "zoho.com", "zohomail.com", "zoho.eu" }, NULL },
	{ { "mail.ru" }, NULL },
	{ { "yandex.net", "yandex.ru", "yandex.com" }, NULL },
	{ { "comcast.net" }, NULL },
	{ { "orange.fr", "wanadoo.fr" }, NULL },
	{ { "laposte.net" }, NULL },
	{ { "free.fr", "proxad.net" }, NULL },
	{ { "yahoo.co.jp" }, NULL },
	{ { "docomo.ne.jp" }, NULL },
	{ { "qq.com" }, NULL },
	{ { "163.com", "126.com", "netease.com" }, NULL },
	{ { "naver.com" }, NULL },
	{ { "pphosted.com", "ppe-hosted.com" }, NULL },
	{ { "mimecast.com", "mimecast.co.za" }, NULL },
};

enum { RECEIVERS = sizeof(receivers) / sizeof(receivers[0]) };

/* Whole labels only: "notgoogle.com" is not under "google.com". */
static bool
is_under(struct slice host, struct slice suffix)
{
	return slice_ends_nocase(host, suffix) &&
	       (host.n == suffix.n || host.p[host.n - suffix.n - 1] == '.');
}

static struct slice
without_dot(struct slice host)
{
	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	return host;
}

const struct receiver *
receiver_of(struct slice host)
{
	host = without_dot(host);
	for (size_t i = 0; i < RECEIVERS; i++) {
		const struct receiver *r = &receivers[i];

		for (size_t j = 0;
		     j < RECEIVER_SUFFIXES && r->suffixes[j] != NULL; j++) {
			if (is_under(host, slice_str(r->suffixes[j])))
				return r;
		}
	}
	return NULL;
}

bool
receiver_is_edge(struct slice host)
{
	const struct receiver *r = receiver_of(host);

	return r != NULL && r->edge != NULL &&
	       is_under(without_dot(host), slice_str(r->edge));
}

static bool
is_address(struct slice host)
{
	struct ip ip;

	return ip_parse(host, &ip) || (host.n > 0 && host.p[0] == '[');
}

struct slice
receiver_house(struct slice host)
{
	const struct receiver *r = receiver_of(host);
	size_t dots = 0, i;

	if (r != NULL)
		return slice_str(r->suffixes[0]);
	host = without_dot(host);
	if (is_address(host))
		return SLICE_NONE;
	for (i = host.n; i > 0; i--) {
		if (host.p[i - 1] == '.' && ++dots == 2)
			break;
	}
	return dots > 0 ? slice_from(host, i) : SLICE_NONE;
}
