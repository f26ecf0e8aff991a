// pwrite for this test program, SQLite's use of it included: a symbol of the program comes before the C library's.
#define _GNU_SOURCE
#include "full_quota.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char prefix[1024];

void full_quota_begin(const char *path) {
  pthread_mutex_lock(&lock);
  snprintf(prefix, sizeof prefix, "%s", path);
  pthread_mutex_unlock(&lock);
}

void full_quota_end(void) { full_quota_begin(""); }

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
  char link[64], path[1024];
  pthread_mutex_lock(&lock);
  ssize_t length = -1;
  if (prefix[0] != 0) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, sizeof path - 1);
  }
  int full = length > 0 && (path[length] = 0, strncmp(path, prefix, strlen(prefix)) == 0);
  pthread_mutex_unlock(&lock);
  if (full) {
    errno = EDQUOT;
    return -1;
  }
  ssize_t (*next)(int, const void *, size_t, off64_t) =
      (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  return next(file, bytes, count, place);
}
