/* How long this disk takes to make 4 KB durable: the floor under every figure that a journal has a part in.
 * fsync FOLDER [COUNT]: appends COUNT blocks of 4 KB (default 500) to a file of its own, fdatasync after each; prints
 * p50 and p99 in microseconds. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  int count = argc > 2 ? atoi(argv[2]) : 500;
  if (argc < 2 || count < 1 || chdir(argv[1]) != 0) {
    fprintf(stderr, "usage: fsync FOLDER [COUNT]\n");
    return 64;
  }
  int file = open("fsync.probe", O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  double *took = calloc((size_t)count, sizeof *took);
  char block[4096];
  memset(block, 'x', sizeof block);
  if (file < 0 || took == NULL) {
    perror("fsync.probe");
    return 1;
  }
  unlink("fsync.probe");
  for (int i = 0; i < count; i++) {
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    if (write(file, block, sizeof block) != (ssize_t)sizeof block || fdatasync(file) != 0) {
      perror("fsync.probe");
      return 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &after);
    took[i] = (double)(after.tv_sec - before.tv_sec) * 1e6 + (double)(after.tv_nsec - before.tv_nsec) / 1e3;
  }
  qsort(took, (size_t)count, sizeof *took, ascending);
  printf("%.0f %.0f\n", took[count / 2], took[count * 99 / 100]);
  return 0;
}
