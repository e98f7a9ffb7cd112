#include "message/receiver.h"

#include "base/ip.h"

static const struct receiver receivers[] = {
	{ { "google.com", "gmail.com", "googlemail.com", "1e100.net" },
	    "mx.google.com", false },
	{ { "yahoo.com", "yahoodns.net", "aol.com", "yahoo.net" }, NULL,
	    false },
	{ { "outlook.com", "hotmail.com", "office365.com", "live.com",
	      "exchangelabs.com", "microsoft.com" },
	    "mail.protection.outlook.com", true },
	{ { "icloud.com", "apple.com", "me.com", "mac.com" }, NULL, false },
	{ { "gmx.net", "web.de", "mail.com", "kundenserver.de", "ionos.com",
	      "1and1.com", "gmx.com" },
	    NULL, false },
	{ { "t-online.de" }, NULL, false },
	{ { "protonmail.ch", "proton.ch", "proton.me" }, NULL, false },
	{ { "messagingengine.com", "fastmail.com" }, NULL, false },
	{ { "zoho.com", "zohomail.com", "zoho.eu" }, NULL, false },
	{ { "mail.ru" }, NULL, false },
	{ { "yandex.net", "yandex.ru", "yandex.com" }, NULL, false },
	{ { "comcast.net" }, NULL, false },
	{ { "orange.fr", "wanadoo.fr" }, NULL, false },
	{ { "laposte.net" }, NULL, false },
	{ { "free.fr", "proxad.net" }, NULL, false },
	{ { "yahoo.co.jp" }, NULL, false },
	{ { "docomo.ne.jp" }, NULL, false },
	{ { "qq.com" }, NULL, false },
	{ { "163.com", "126.com", "netease.com" }, NULL, false },
	{ { "naver.com" }, NULL, false },
	{ { "pphosted.com", "ppe-hosted.com", "ppops.net" }, NULL, true },
	{ { "mimecast.com", "mimecast.co.za" }, NULL, true },
	{ { "messagelabs.com" }, NULL, true },
	{ { "iphmx.com" }, NULL, true },
	{ { "barracudanetworks.com" }, NULL, true },
	{ { "antispameurope.com", "hornetsecurity.com" }, NULL, true },
	{ { "mailcontrol.com" }, NULL, true },
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
