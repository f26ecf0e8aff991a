/* As punctual as a C program is on this machine: the baseline of the lateness. One connection, one post at each instant, the
 * next once it is answered; nothing is signed, recorded or looked up.
 * steady PORT FIRST COUNT EVERY_MS: COUNT posts to 127.0.0.1:PORT/e/0, the first at FIRST (seconds since 1970), each EVERY_MS
 * after the one before. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char post[] =
    "POST /e/0 HTTP/1.1\r\nhost: 127.0.0.1\r\nwebhook-id: msg_01JD9Q2F0000000000000000AB\r\ncontent-length: 2\r\n\r\n{}";

int main(int argc, char **argv) {
  if (argc != 5) {
    fputs("usage: steady PORT FIRST COUNT EVERY_MS\n", stderr);
    return 64;
  }
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int one = 1, connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connection < 0 || connect(connection, (struct sockaddr *)&to, sizeof to) != 0) {
    perror("steady");
    return 1;
  }
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  long long at = atoll(argv[2]) * 1000000000LL;
  for (long left = atol(argv[3]); left > 0; left--, at += atoll(argv[4]) * 1000000LL) {
    struct timespec due = {.tv_sec = at / 1000000000LL, .tv_nsec = at % 1000000000LL};
    while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &due, NULL) != 0) {}
    char answer[4096];
    if (write(connection, post, sizeof post - 1) != sizeof post - 1 || read(connection, answer, sizeof answer) <= 0) {
      perror("steady");
      return 1;
    }
  }
  close(connection);
  return 0;
}
