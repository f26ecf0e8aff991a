// A quota that is used up: from `begin` to `end` nothing is written into files whose path begins so. All else is as ever.
#pragma once

void full_quota_begin(const char *path);
void full_quota_end(void);
