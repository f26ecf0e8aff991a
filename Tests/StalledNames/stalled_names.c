// getaddrinfo for this test program, libcurl's use of it included: a symbol of the program comes before the C library's.
#define _GNU_SOURCE
#include "stalled_names.h"

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int waiting, released;

int stalled_names_waiting(void) {
  pthread_mutex_lock(&lock);
  int count = waiting;
  pthread_mutex_unlock(&lock);
  return count;
}

static void set_released(int value) {
  pthread_mutex_lock(&lock);
  released = value;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

void stalled_names_release(void) { set_released(1); }
void stalled_names_hold(void) { set_released(0); }

typedef int (*lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

// A name that leads to this machine, and one that leads to a private address first.
static int look_up_here(lookup next, const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  if (strcmp(name, "here.test") == 0) return next("127.0.0.1", service, hints, result);
  int status = next("10.255.255.1", service, hints, result);
  if (status != 0) return status;
  struct addrinfo *last = *result;
  while (last->ai_next != NULL) last = last->ai_next;
  return next("127.0.0.1", service, hints, &last->ai_next);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  if (name == NULL || strcmp(name, "stalled.test") != 0) {
    lookup next = (lookup)dlsym(RTLD_NEXT, "getaddrinfo");
    if (name != NULL && (strcmp(name, "here.test") == 0 || strcmp(name, "both.test") == 0)) {
      return look_up_here(next, name, service, hints, result);
    }
    return next(name, service, hints, result);
  }
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += 10;
  pthread_mutex_lock(&lock);
  waiting++;
  while (!released && pthread_cond_timedwait(&changed, &lock, &end) == 0) {
  }
  waiting--;
  pthread_mutex_unlock(&lock);
  return EAI_AGAIN;
}
