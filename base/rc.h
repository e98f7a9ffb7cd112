#ifndef BASE_RC_H
#define BASE_RC_H

/*
 * What went wrong with us, never with the world: a bad record or a silent
 * server is a finding or an answer, not an error.  RC_OK is zero, so that
 * "if (rc)" reads as "if it failed".
 */
enum rc {
	RC_OK = 0,
	RC_NOMEM,   /* an allocation failed */
	RC_LIMIT,   /* a ceiling of base/limits.h or of an arena was reached */
	RC_IO,      /* a read or write failed; errno says why */
	RC_INVALID, /* an input file or an option is not what it must be */
	RC_BUG,     /* cannot happen */
};

#endif
