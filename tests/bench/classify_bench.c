/*
 * Replies through the built-in packs: of texts that all differ, and of texts
 * that repeat but for numbers and ids.  Fails when what repeats is not at least
 * three times as fast, or when hashing the same octets is over 400 times faster.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "bounces/classify.h"

enum { REPLIES = 200 * 1000, WORDS = 40 };

/* Each "#" is a number. */
static const char *const forms[] = {
	"550-5.7.26 This mail has been blocked because the sender is "
	"unauthenticated. 550-5.7.26 Gmail requires all senders to "
	"authenticate with either SPF or DKIM. 550 5.7.26 #.# - gsmtp",
	"421 4.7.0 [TSS04] Messages from 192.0.2.# temporarily deferred due "
	"to unexpected volume or user complaints - 4.16.55.#",
	"550 5.1.1 <user#@example.com>: Recipient address rejected: User "
	"unknown in virtual mailbox table #",
	"451 4.7.650 The mail server [192.0.2.#] has been temporarily rate "
	"limited due to IP reputation. (S775) [#.prod.outlook.com]",
};

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct bounces *
load(void)
{
	const struct builtin_pack *p = builtin_bounces;
	struct bounces *b = NULL;
	struct pack_error e;

	if (bounces_new(&b) != RC_OK)
		exit(1);
	for (; p->name != NULL; p++) {
		if (bounces_add_pack(b, slice_str(p->name),
			slice_of(p->text, p->size), &e) != RC_OK)
			exit(1);
	}
	return b;
}

static struct slice
repeated(char text[512], int i)
{
	size_t n = 0;

	for (const char *p = forms[i % 4]; *p != '\0'; p++) {
		if (*p != '#')
			text[n++] = *p;
		else
			n += (size_t)snprintf(text + n, 512 - n, "%d", i);
	}
	return slice_of(text, n);
}

/* Words of letters alone, so that nothing folds. */
static struct slice
different(char text[512], int i)
{
	uint64_t h = hash64(slice_of(&i, sizeof(i)), 1);
	size_t n = (size_t)snprintf(text, 512, "550 5.7.1 ");

	for (int k = 0; k < WORDS; k++) {
		text[n++] = (char)('a' + (h >> k) % 23);
		text[n++] = (char)('a' + (h >> (k + 7)) % 19);
		text[n++] = (char)('a' + i % 26);
		text[n++] = k % 2 != 0 ? ' ' : 'e';
		i = i * 31 + k;
		i &= 0xffffff;
	}
	return slice_of(text, n);
}

struct timing {
	double classify, hash;
	double octets;
};

static struct timing
run(const struct bounces *b, struct slice (*make)(char[512], int))
{
	static char texts[1000][512];
	static struct slice replies[1000];
	struct bounce_source from = { .host = SLICE_LIT("mx.example.com") };
	struct timing t = { .octets = 0 };
	unsigned char room[LIMIT_GIST];
	struct classifier *c = NULL;
	struct bounce_class class;
	static volatile uint64_t sink;
	struct reply r;

	if (classifier_new(b, &c) != RC_OK)
		exit(1);
	for (int round = 0; round < REPLIES / 1000; round++) {
		double begin;

		for (int i = 0; i < 1000; i++) {
			replies[i] = make(texts[i], round * 1000 + i);
			t.octets += (double)replies[i].n;
		}
		begin = now();
		for (int i = 0; i < 1000; i++) {
			reply_parse(replies[i], room, &r);
			classify(c, &r, &from, &class);
		}
		t.classify += now() - begin;
		begin = now();
		for (int i = 0; i < 1000; i++)
			sink += hash64(replies[i], 1);
		t.hash += now() - begin;
	}
	classifier_close(&c);
	return t;
}

static void
show(const char *what, const struct timing *t)
{
	printf("%-22s %6.2f us a reply, %4.0f MB/s\n", what,
	    t->classify / REPLIES * 1e6, t->octets / t->classify / 1e6);
}

int
main(void)
{
	struct bounces *b = load();
	struct timing same = run(b, repeated), other = run(b, different);

	show("replies that repeat", &same);
	show("replies that differ", &other);
	bounces_close(&b);
	return other.classify / other.octets <
		   3 * same.classify / same.octets ||
	       same.classify > 400 * same.hash;
}
