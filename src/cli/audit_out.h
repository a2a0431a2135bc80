/* Findings of the audit for machines: SARIF and GitHub's annotations. */
#ifndef CLI_AUDIT_OUT_H
#define CLI_AUDIT_OUT_H

#include "cli/command.h"

void put_sarif(struct output *out, const struct lanewright_audited *audited);
/* At most ten of a kind, worst first, as the runner keeps no more; the last line says how many are left out. */
void put_annotations(const struct call *call, const struct lanewright_audited *audited);

#endif
