#ifndef TESTS_UNIT_ARC_FIELDS_H
#define TESTS_UNIT_ARC_FIELDS_H

/*
 * ARC sets over the header ARC_FROM ARC_TO ARC_SUBJECT and the body ARC_BODY,
 * signed with the private key of ARC_KEY: Ed25519, of which the seed is the
 * SHA-256 of "presend arc test".
 */
#define ARC_FROM    "From: a@example.com\r\n"
#define ARC_TO      "To: b@example.org\r\n"
#define ARC_SUBJECT "Subject: Hello\r\n"
#define ARC_BODY    "\r\nHello.\r\n"
#define ARC_FOOTER  "-- \r\nthe list\r\n"

/* list.example, selector k */
#define ARC_KEY \
	"v=DKIM1; k=ed25519; p=uGj9mheM1DivBvqQu037C1XPkRYWWPnWSElhaqN1ex4="
#define ARC_OTHER_KEY \
	"v=DKIM1; k=ed25519; p=4glodcJooJk/IPpLZuFf9lHp5VzSwI37sk4fQHnBRbo="

#define ONE_SEAL \
	"ARC-Seal: i=1; a=ed25519-sha256; cv=none; d=list.example; s=k;" \
	" b=eMY8y/8i4Y+VY6qEGf3YSemlzRMJgDFDPtHmFDaUHp7Uia1mepEHvILXwZr" \
	"m+wNdkISs4xpz1eujQDaMqMA9Dg==\r\n"
#define ONE_SIGNATURE \
	"ARC-Message-Signature: i=1; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=list.example; s=k; h=from:to:subject; bh=yZQq1c8wjBl0fZ4W" \
	"c/oraMCAG1mZJv5v/hlvyFy+t6A=; b=+fqGAcBOpKGFWDIKcy2fJUyQ1O9hWl" \
	"XSFQryLBKvtYLAFYsvC+VSgcYkM3WaEvOe/10405DM/kQeGCvl6FqFDg==\r\n"
#define ONE_RESULTS \
	"ARC-Authentication-Results: i=1; mx.list.example;spf=pass smtp" \
	".mailfrom=a@example.com\r\n"

/* next.example, over ONE. */
#define TWO_SEAL \
	"ARC-Seal: i=2; a=ed25519-sha256; cv=pass; d=next.example; s=k;" \
	" b=c0XEuZ1bIIL3E3Xhr0MZjPXz1xkxEvo8YWJBsOi/qLTrnp0yl4UH/NfAoob" \
	"MmqDm+PIlu7PT5i99fwgzt/nqAA==\r\n"
#define TWO_SIGNATURE \
	"ARC-Message-Signature: i=2; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=next.example; s=k; h=from:to:subject; bh=yZQq1c8wjBl0fZ4W" \
	"c/oraMCAG1mZJv5v/hlvyFy+t6A=; b=3xINGFlv0Qa2S7OUtceVU6f4aPP/8F" \
	"isEt2Lp7FazWg6kbj/b+62/ps/1BWAaL+ib0Ld1L3+U75zntITgOZyAQ==\r\n"
#define TWO_RESULTS \
	"ARC-Authentication-Results: i=2; mx.next.example; spf=pass\r\n"

/* The same, when a footer was there. */
#define FOOT_SEAL \
	"ARC-Seal: i=2; a=ed25519-sha256; cv=pass; d=next.example; s=k;" \
	" b=lQ/QJDw+M9RIorYzLhOb/HlJ1rWQ6bsuMULCRT7LwQUEExxWh4X8QI79a5Q" \
	"2qkgTSLNljyiZS5YKjQZeARQGCg==\r\n"
#define FOOT_SIGNATURE \
	"ARC-Message-Signature: i=2; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=next.example; s=k; h=from:to:subject; bh=/OJ2Q9SgMjzvLDHo" \
	"lk1V/PLAi411lNmxNmE9MJcjswI=; b=LUtFiqWG/tuaI8uWlEhtaWPXAGCKIj" \
	"wgy5B7dDhIJLLqrhSCBlnTNVEoBWSgKrgmDIPm0qIfPX9wmHYXm/0SAQ==\r\n"
#define FOOT_RESULTS \
	"ARC-Authentication-Results: i=2; mx.next.example; spf=pass\r\n"

/* Sealed as broken. */
#define BROKEN_SEAL \
	"ARC-Seal: i=2; a=ed25519-sha256; cv=fail; d=next.example; s=k;" \
	" b=JuNDh7cF7HcC72owvQNn48vz+TeD/WuEvKUFjK3gdJGpJztztOUCwbwJLLU" \
	"Z9aM/jU1buR4W4iGVuhnxFgeoAQ==\r\n"
#define BROKEN_SIGNATURE \
	"ARC-Message-Signature: i=2; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=next.example; s=k; h=from:to:subject; bh=yZQq1c8wjBl0fZ4W" \
	"c/oraMCAG1mZJv5v/hlvyFy+t6A=; b=3xINGFlv0Qa2S7OUtceVU6f4aPP/8F" \
	"isEt2Lp7FazWg6kbj/b+62/ps/1BWAaL+ib0Ld1L3+U75zntITgOZyAQ==\r\n"
#define BROKEN_RESULTS \
	"ARC-Authentication-Results: i=2; mx.next.example; spf=pass\r\n"

/* First sets that are not what they must be. */
#define PASSED_SEAL \
	"ARC-Seal: i=1; a=ed25519-sha256; cv=pass; d=list.example; s=k;" \
	" b=XwDYQYBBXaqDxAhspJ7BEyDXFmHXPMF6ilaf7wGFj25DGXrs195rmOPrQ7f" \
	"vBkHoE9aHKM/xP8HPk4Zj8IxZAA==\r\n"
#define PASSED_SIGNATURE \
	"ARC-Message-Signature: i=1; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=list.example; s=k; h=from:to:subject; bh=yZQq1c8wjBl0fZ4W" \
	"c/oraMCAG1mZJv5v/hlvyFy+t6A=; b=+fqGAcBOpKGFWDIKcy2fJUyQ1O9hWl" \
	"XSFQryLBKvtYLAFYsvC+VSgcYkM3WaEvOe/10405DM/kQeGCvl6FqFDg==\r\n"
#define PASSED_RESULTS \
	"ARC-Authentication-Results: i=1; mx.list.example; spf=pass\r\n"

#define LISTED_SEAL \
	"ARC-Seal: i=1; a=ed25519-sha256; cv=none; d=list.example; s=k;" \
	" h=from; b=c4/SbPLkJBmzz+CqqS5syHnY5qSEsMWxhWdBAwicRN1BjbsTFTw" \
	"3G95OYEgXctKP4dPzr+IQzt3oNbnLoDMICg==\r\n"
#define LISTED_SIGNATURE \
	"ARC-Message-Signature: i=1; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=list.example; s=k; h=from:to:subject; bh=yZQq1c8wjBl0fZ4W" \
	"c/oraMCAG1mZJv5v/hlvyFy+t6A=; b=+fqGAcBOpKGFWDIKcy2fJUyQ1O9hWl" \
	"XSFQryLBKvtYLAFYsvC+VSgcYkM3WaEvOe/10405DM/kQeGCvl6FqFDg==\r\n"
#define LISTED_RESULTS \
	"ARC-Authentication-Results: i=1; mx.list.example; spf=pass\r\n"

#define SEALED_SEAL \
	"ARC-Seal: i=1; a=ed25519-sha256; cv=none; d=list.example; s=k;" \
	" b=dyX7uVuzV8T1wKWK9SOj3HUOtBQw3HG+Mn0AaX69Lly2rDPgBZuVaYG38lU" \
	"dUdt42qjAJRWpnROT9dUYvaIWDA==\r\n"
#define SEALED_SIGNATURE \
	"ARC-Message-Signature: i=1; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=list.example; s=k; h=from:arc-seal; bh=yZQq1c8wjBl0fZ4Wc/" \
	"oraMCAG1mZJv5v/hlvyFy+t6A=; b=LlpYCRRCjENb/nDr5YNAOdDyBAs4EVMd" \
	"8NIFemlT4qX68Q7EcGNOUoULSGKYz0Lx3Q7eSnwaymqSs5xBWW/6BQ==\r\n"
#define SEALED_RESULTS \
	"ARC-Authentication-Results: i=1; mx.list.example; spf=pass\r\n"

#define EXPIRED_SEAL \
	"ARC-Seal: i=1; a=ed25519-sha256; cv=none; d=list.example; s=k;" \
	" b=tkaYqJIGfFMolin0n7x9HHpC6aQgcARgnjqT3Lzr4orWUxTQJTBnu+tS9uN" \
	"EELTYmaiRv4cmfe+4KT8708PpAQ==\r\n"
#define EXPIRED_SIGNATURE \
	"ARC-Message-Signature: i=1; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=list.example; s=k; h=from:to:subject; bh=yZQq1c8wjBl0fZ4W" \
	"c/oraMCAG1mZJv5v/hlvyFy+t6A=; t=1000; x=2000; b=MhAQajK9ayGPRR" \
	"nax7805KZc8cw/BpADWKYm6hnxvVkQgGXNlTvJEnGt6f1ZTMLmja1LS8MCn1o8" \
	"T3T7H3EZBQ==\r\n"
#define EXPIRED_RESULTS \
	"ARC-Authentication-Results: i=1; mx.list.example; spf=pass\r\n"

/* A second one that says it is the first. */
#define AGAIN_SEAL \
	"ARC-Seal: i=2; a=ed25519-sha256; cv=none; d=next.example; s=k;" \
	" b=n5mci0qv1B0veYk1vXOoZdlA+e1MSCCbVGdeucYhXtPr4ctrLDasiZ72JgI" \
	"RLf3Ua19br8hhKKBUhKfKeBlBCg==\r\n"
#define AGAIN_SIGNATURE \
	"ARC-Message-Signature: i=2; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=next.example; s=k; h=from:to:subject; bh=yZQq1c8wjBl0fZ4W" \
	"c/oraMCAG1mZJv5v/hlvyFy+t6A=; b=3xINGFlv0Qa2S7OUtceVU6f4aPP/8F" \
	"isEt2Lp7FazWg6kbj/b+62/ps/1BWAaL+ib0Ld1L3+U75zntITgOZyAQ==\r\n"
#define AGAIN_RESULTS \
	"ARC-Authentication-Results: i=2; mx.next.example; spf=pass\r\n"

/* next.example with ARC_OTHER_KEY. */
#define OTHER_SEAL \
	"ARC-Seal: i=2; a=ed25519-sha256; cv=pass; d=next.example; s=k;" \
	" b=FQmKVJVDRQyCCXE1SCIsUoS6zr7bRAfQzqA3cAfUkN7fJGzQAWtPeZQLbRa" \
	"9b+kaWt6v26RNzgIsB42YdvmpAg==\r\n"
#define OTHER_SIGNATURE \
	"ARC-Message-Signature: i=2; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=next.example; s=k; h=from:to:subject; bh=yZQq1c8wjBl0fZ4W" \
	"c/oraMCAG1mZJv5v/hlvyFy+t6A=; b=yUYFSRWEhJ+cBExmv5I4C+eOi3gb9n" \
	"XZd4QDpqvXnDUFmraqDYqRxfDUYGUJW1OFmzS+UZ4dlBn+AcRi6Uq9Cw==\r\n"
#define OTHER_RESULTS \
	"ARC-Authentication-Results: i=2; mx.next.example; spf=pass\r\n"

/* A third. */
#define THREE_SEAL \
	"ARC-Seal: i=3; a=ed25519-sha256; cv=pass; d=third.example; s=k" \
	"; b=9RrgYme+r/BV5g9JC4XBvu5Ge7oaj4rAgP8jvoHXyHscVfIR2DZ+4IqVEj" \
	"YMbJwQ8sg8N/QNStH4wg3767W5Cg==\r\n"
#define THREE_SIGNATURE \
	"ARC-Message-Signature: i=3; a=ed25519-sha256; c=relaxed/relaxe" \
	"d; d=third.example; s=k; h=from:to:subject; bh=yZQq1c8wjBl0fZ4" \
	"Wc/oraMCAG1mZJv5v/hlvyFy+t6A=; b=e+XgvLWI7/7tNdXQnCwukT6KdBraE" \
	"S+RlnVYC8C7U4d/xhkbGbLXx0PLtd7He0iwDzfXGQxMu+fg0G1yNYz8DA==\r\n"
#define THREE_RESULTS \
	"ARC-Authentication-Results: i=3; mx.third.example; spf=pass\r\n"

#endif
