#include "ccurl.h"

#include <errno.h>
#include <sys/epoll.h>

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_large(CURL *easy, CURLoption option, curl_off_t value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_blob(CURL *easy, CURLoption option, const char *bytes, size_t length) {
  struct curl_blob blob = {.data = (void *)bytes, .len = length, .flags = CURL_BLOB_COPY};
  return curl_easy_setopt(easy, option, &blob);
}
CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_bytes_function(CURL *easy, CURLoption option, ccurl_bytes_fn function) { return curl_easy_setopt(easy, option, function); }
CURLcode ccurl_set_open_function(CURL *easy, ccurl_open_fn function) { return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function); }
CURLcode ccurl_set_before_function(CURL *easy, ccurl_before_fn function) { return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function); }

CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) { return curl_easy_getinfo(easy, info, value); }
CURLcode ccurl_get_large(CURL *easy, CURLINFO info, curl_off_t *value) { return curl_easy_getinfo(easy, info, value); }
CURLcode ccurl_get_string(CURL *easy, CURLINFO info, const char **value) { return curl_easy_getinfo(easy, info, (char **)value); }
CURLcode ccurl_get_pointer(CURL *easy, CURLINFO info, void **value) { return curl_easy_getinfo(easy, info, value); }

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) { return curl_multi_setopt(multi, option, value); }
CURLMcode ccurl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) { return curl_multi_setopt(multi, option, value); }
CURLMcode ccurl_multi_set_socket_function(CURLM *multi, ccurl_socket_fn function) { return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, function); }
CURLMcode ccurl_multi_set_timer_function(CURLM *multi, ccurl_timer_fn function) { return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, function); }

int ccurl_epoll_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

int ccurl_epoll_watch(int epoll, int socket, int readable, int writable) {
  struct epoll_event event = {0};
  event.data.fd = socket;
  event.events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0);
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) == 0) return 0;
  if (errno != ENOENT) return -errno;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0) return 0;
  if (errno != EEXIST) return -errno;
  return epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) == 0 ? 0 : -errno;
}

int ccurl_epoll_forget(int epoll, int socket) {
  if (epoll_ctl(epoll, EPOLL_CTL_DEL, socket, NULL) == 0 || errno == EBADF || errno == ENOENT) return 0;
  return -errno;
}

int ccurl_epoll_ready(int epoll, int *sockets, int *bits, int most) {
  struct epoll_event events[256];
  int count = epoll_wait(epoll, events, most < 256 ? most : 256, 0);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) {
    sockets[i] = events[i].data.fd;
    bits[i] = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
              (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
  }
  return count;
}

CURLcode ccurl_only_http11(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); }
