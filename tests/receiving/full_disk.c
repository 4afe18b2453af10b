/* A disk that is full while a file says so: no file below FULL_FOLDER grows as long as FULL_FOLDER/full is there.
 *
 * Preloaded (LD_PRELOAD) into a process. As on a real full disk, what a file has already may be written over. Only root
 * may mount a small disk; this needs no privilege.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Says whether a file may not reach this size; errno is then what a full disk says. */
static int full(int fd, int64_t size) {
    const char *folder = getenv("FULL_FOLDER");
    char mark[4096], link[64], path[4096];
    struct stat now;
    if (!folder || fstat(fd, &now) != 0 || !S_ISREG(now.st_mode) || size <= now.st_size)
        return 0;
    snprintf(mark, sizeof mark, "%s/full", folder);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0 || strncmp(path, folder, strlen(folder)) != 0 || access(mark, F_OK) != 0)
        return 0;
    errno = ENOSPC;
    return 1;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) {
    return full(fd, at + (int64_t)length) ? -1 : REAL(pwrite)(fd, data, length, at);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
    return full(fd, at + (int64_t)length) ? -1 : REAL(pwrite64)(fd, data, length, at);
}

ssize_t write(int fd, const void *data, size_t length) {
    return full(fd, lseek(fd, 0, SEEK_CUR) + (int64_t)length) ? -1 : REAL(write)(fd, data, length);
}

int ftruncate(int fd, off_t length) { return full(fd, length) ? -1 : REAL(ftruncate)(fd, length); }

int ftruncate64(int fd, off64_t length) { return full(fd, length) ? -1 : REAL(ftruncate64)(fd, length); }
