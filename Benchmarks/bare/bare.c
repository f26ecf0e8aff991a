/* As many posts as libcurl makes on this machine in C: the baseline that make bench holds convened against. One multi
 * handle, one epoll descriptor, handles and connections kept; bodies and headers of the sizes that convened sends, but
 * nothing is signed, recorded or timed.
 * bare BASE_URL ENDPOINTS COUNT [PER_ENDPOINT [TOTAL]]: COUNT posts to BASE_URL0 ... BASE_URL(ENDPOINTS-1) in turn, at most
 * PER_ENDPOINT (8) at once to each and TOTAL (6000) in all. Prints posts= ok= seconds= rate=; 1 where one was not a 2xx. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

static const char *const headers[] = {
    "content-type: application/cloudevents+json; charset=utf-8",
    "webhook-id: msg_01JD9Q2F0000000000000000AB",
    "webhook-timestamp: 1795424400",
    "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    "convened-attempt: 1",
    "Expect:",
};

static const char body[] =
    "{\"specversion\":\"1.0\",\"id\":\"msg_01JD9Q2F0000000000000000AB\",\"source\":\"uk.gov.leeds.convened\","
    "\"type\":\"convened.discussion.reminder.v1\",\"time\":\"2026-11-23T09:00:00Z\",\"subject\":\"discussions/7Q2F-M9KD\","
    "\"datacontenttype\":\"application/json\",\"data\":{\"discussion\":\"7Q2F-M9KD\",\"agency\":\"health\","
    "\"recipient\":\"contact\",\"step\":\"before\",\"sequence\":2,\"urgency\":\"standard\","
    "\"meeting_at\":\"2026-11-24T10:00:00Z\",\"contribution_due_at\":\"2026-11-24T10:00:00Z\","
    "\"stop_after\":\"2026-11-24T10:00:00Z\",\"late_by_s\":0,\"supersedes\":[],\"escalates\":null,"
    "\"ring\":[\"0113 496 0100\"],\"details_sent_at\":null,\"respond_url\":null}}";

static CURLM *multi;
static int epoll_fd;
static long long due_ns = -1; /* libcurl's timer: -1 where none is set */

static void *need(void *made) {
  if (made == NULL) {
    fputs("bare: libcurl has no memory\n", stderr);
    exit(1);
  }
  return made;
}

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int set_timer(CURLM *of, long milliseconds, void *context) {
  (void)of, (void)context;
  due_ns = milliseconds < 0 ? -1 : now_ns() + milliseconds * 1000000LL;
  return 0;
}

static int watch(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
  (void)easy, (void)context;
  struct epoll_event event = {.data.fd = socket};
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, socket, NULL);
    return 0;
  }
  event.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
  if (epoll_ctl(epoll_fd, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) != 0) {
    perror("bare: epoll_ctl");
    exit(1);
  }
  if (known == NULL) curl_multi_assign(multi, socket, &epoll_fd);
  return 0;
}

static size_t discard(char *bytes, size_t size, size_t count, void *context) {
  (void)bytes, (void)context;
  return size * count;
}

static CURL *make(const char *base, long endpoint, struct curl_slist *list) {
  CURL *easy = need(curl_easy_init());
  char url[1024];
  snprintf(url, sizeof url, "%s%ld", base, endpoint);
  curl_easy_setopt(easy, CURLOPT_URL, url);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "convened/0.1.0");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(sizeof body - 1));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
  return easy;
}

static long begun, done, ok, count;

/* What ended is counted, and its handle posts again while posts are left. */
static void reap(void) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    CURL *easy = message->easy_handle;
    long status = 0;
    if (message->data.result == CURLE_OK) curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(multi, easy);
    done++;
    ok += status >= 200 && status < 300;
    if (begun == count) continue;
    begun++;
    curl_multi_add_handle(multi, easy);
  }
}

static void run(void) {
  struct epoll_event events[256];
  int running;
  while (done < count) {
    long long wait = due_ns < 0 ? 1000 : (due_ns - now_ns() + 999999) / 1000000;
    int ready = epoll_wait(epoll_fd, events, 256, wait < 0 ? 0 : wait > 1000 ? 1000 : (int)wait);
    for (int i = 0; i < ready; i++) {
      int bits = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                 (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
      curl_multi_socket_action(multi, events[i].data.fd, bits, &running);
    }
    if (due_ns >= 0 && due_ns <= now_ns()) {
      due_ns = -1;
      curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    reap();
  }
}

int main(int argc, char **argv) {
  long endpoints = argc > 3 ? atol(argv[2]) : 0;
  long each = argc > 4 ? atol(argv[4]) : 8, total = argc > 5 ? atol(argv[5]) : 6000;
  count = argc > 3 ? atol(argv[3]) : 0;
  if (endpoints < 1 || count < 1 || each < 1 || total < 1 || strlen(argv[1]) > 1000) {
    fputs("usage: bare BASE_URL ENDPOINTS COUNT [PER_ENDPOINT [TOTAL]]\n", stderr);
    return 64;
  }
  long slots = endpoints * each;
  if (slots > total) slots = total;
  if (slots > count) slots = count;

  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi = need(curl_multi_init());
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  struct curl_slist *list = NULL;
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) list = need(curl_slist_append(list, headers[i]));
  CURL **easies = need(calloc((size_t)slots, sizeof *easies));
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, slots);

  long long began = now_ns();
  for (; begun < slots; begun++) {
    easies[begun] = make(argv[1], begun % endpoints, list);
    curl_multi_add_handle(multi, easies[begun]);
  }
  run();
  double seconds = (double)(now_ns() - began) / 1e9;
  printf("posts=%ld ok=%ld seconds=%.3f rate=%.0f\n", done, ok, seconds, (double)done / seconds);

  for (long i = 0; i < slots; i++) curl_easy_cleanup(easies[i]);
  curl_multi_cleanup(multi);
  curl_slist_free_all(list);
  free(easies);
  curl_global_cleanup();
  return ok < count;
}
