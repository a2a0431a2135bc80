/* What `audit` and `audit --fix` both rest on. */
#ifndef ENGINE_AUDIT_H
#define ENGINE_AUDIT_H

#include "audit/audit.h"
#include "engine.h"

/* The config, checked, and the needs: all that a case is made of. */
bool engine_can_audit(lanewright *lw);
/* Lists in it live in `tmp`. */
struct audit_case engine_audit_case(lanewright *lw);

#endif
