#ifndef CHECKS_ZONE_ZONE_RDATA_H
#define CHECKS_ZONE_ZONE_RDATA_H

#include "checks/zone/zone_lexer.h"
#include "checks/zone/zone_name.h"
#include "probes/evidence.h"

/* What a record of a zone file holds, of the types that mail needs. */

/* What is odd about it, though it was read; bits. */
enum zone_note {
	ZONE_NOTE_UNQUOTED = 1 << 0,    /* TXT with blanks or ";" unquoted */
	ZONE_NOTE_LONG_STRING = 1 << 1, /* one of over 255 octets: cut here */
	ZONE_NOTE_NO_DOT = 1 << 2,      /* a name that seems to lack its dot */
};

struct zone_rdata {
	struct arena *arena;
	const struct zone_origin *origin;
	const struct zone_word *words; /* behind the type */
	size_t n;
	struct slice tail; /* struct zone_entry */
	size_t at;         /* the word that is read, or the wrong one */
	unsigned int notes;
	struct zone_place noted; /* where the first of them is */
};

/* The type by its name in any case; 0: none that is looked at. */
uint16_t zone_type(struct slice name);
const char *zone_type_name(uint16_t type);

/*
 * Fills out->as by out->type.  NULL, or what is wrong with words[at] (or that
 * there is none): half a sentence.
 */
const char *zone_rdata_read(struct zone_rdata *, struct dns_record *out);

#endif
