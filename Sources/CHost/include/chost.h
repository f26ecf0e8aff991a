// What of the C library Swift's Glibc module leaves out.
#pragma once

// Gives the memory that was freed back to the kernel, from the middle of the heap too: malloc_trim(3).
void chost_give_memory_back(void);
