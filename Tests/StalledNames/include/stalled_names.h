// A name that does not resolve until it is let go: `stalled.test`. All other names resolve as ever.
#pragma once

// How many lookups of it wait now.
int stalled_names_waiting(void);
// Lets all that wait, and all that come, fail at once. Those that wait are let go by themselves after 10 seconds, so that a
// fault shows as a late answer and not as a test without an end.
void stalled_names_release(void);
// From here on they wait again.
void stalled_names_hold(void);
