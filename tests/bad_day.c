/* A bad day for whoever preloads this (LD_PRELOAD): a disk that is full or read-only, a wrong clock, names unknown.
 *
 * What is bad at the moment stands in the file that BAD_DAY names, as numbers that a test changes while programs run.
 * The disk is what lies below that file's folder. Only root may mount a small disk or set the clock; this needs no
 * privilege, and is for these programs alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum { GOOD, FULL, READ_ONLY };
struct day {
    int64_t ahead; /* seconds */
    int64_t disk;
    int64_t names_gone;
};
static const struct day good = {0, GOOD, 0};
static const volatile struct day *today = &good;
static char folder[4096];

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("BAD_DAY");
    int fd = file ? REAL(open)(file, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *page = mmap(NULL, sizeof(struct day), PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (page == MAP_FAILED)
        return;
    snprintf(folder, sizeof folder, "%s", file);
    char *end = strrchr(folder, '/');
    if (end)
        *end = 0;
    today = page;
}

/* Says whether a file may not be written up to this size, and leaves the reason in errno. What a file has already may
 * be written over on a full disk. */
static int refused(int fd, int64_t size) {
    char link[64], path[4096];
    struct stat now;
    if (today->disk == GOOD || fstat(fd, &now) != 0 || !S_ISREG(now.st_mode))
        return 0;
    if (today->disk == FULL && size <= now.st_size)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0 || strncmp(path, folder, strlen(folder)) != 0)
        return 0;
    errno = today->disk == FULL ? ENOSPC : EROFS;
    return 1;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) {
    return refused(fd, at + (int64_t)length) ? -1 : REAL(pwrite)(fd, data, length, at);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
    return refused(fd, at + (int64_t)length) ? -1 : REAL(pwrite64)(fd, data, length, at);
}

ssize_t write(int fd, const void *data, size_t length) {
    return refused(fd, lseek(fd, 0, SEEK_CUR) + (int64_t)length) ? -1 : REAL(write)(fd, data, length);
}

int ftruncate(int fd, off_t length) { return refused(fd, length) ? -1 : REAL(ftruncate)(fd, length); }

int ftruncate64(int fd, off64_t length) { return refused(fd, length) ? -1 : REAL(ftruncate64)(fd, length); }

int clock_gettime(clockid_t clock, struct timespec *found) {
    int answer = REAL(clock_gettime)(clock, found);
    if (answer == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        found->tv_sec += today->ahead;
    return answer;
}

int gettimeofday(struct timeval *restrict found, void *restrict zone) {
    int answer = REAL(gettimeofday)(found, zone);
    if (answer == 0)
        found->tv_sec += today->ahead;
    return answer;
}

time_t time(time_t *into) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (into)
        *into = now.tv_sec;
    return now.tv_sec;
}

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found) {
    int is_name = name && strspn(name, "0123456789.:") != strlen(name);
    return today->names_gone && is_name ? EAI_AGAIN : REAL(getaddrinfo)(name, service, hints, found);
}
