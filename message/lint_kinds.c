#include "message/lint.h"

const struct lint_kind *const lint_kinds[] = {
	NULL,
};
