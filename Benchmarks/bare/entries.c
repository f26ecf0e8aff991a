/* How long it takes to read a journal's entries and nothing more: the baseline of a restart. One pass in order, each line and
 * digest copied out of SQLite once, none of it hashed, decoded or folded.
 * entries FILE: prints entries= milliseconds=. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv) {
  static char copy[1 << 20];
  sqlite3 *journal;
  sqlite3_stmt *read;
  long long began = now_ns(), entries = 0;
  if (argc != 2 || sqlite3_open_v2(argv[1], &journal, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
      sqlite3_prepare_v2(journal, "SELECT line, digest, chain FROM entry ORDER BY seq", -1, &read, NULL) != SQLITE_OK) {
    fputs("usage: entries FILE\n", stderr);
    return 64;
  }
  for (; sqlite3_step(read) == SQLITE_ROW; entries++) {
    for (int column = 0; column < 3; column++) {
      int bytes = sqlite3_column_bytes(read, column);
      const void *value = sqlite3_column_blob(read, column);
      if (value != NULL && bytes <= (int)sizeof copy) memcpy(copy, value, (size_t)bytes);
    }
  }
  sqlite3_finalize(read);
  sqlite3_close(journal);
  printf("entries=%lld milliseconds=%lld\n", entries, (now_ns() - began) / 1000000);
  return 0;
}
