/* Records, in the order in which they took effect, what a process does to the store's files, and what it answers.
 *
 * Preloaded (LD_PRELOAD) into the real web process. RECORDED_FOLDER is the store's folder, RECORD the log. A write is
 * made and noted under one lock, so that the log's order is the disk's. A sync is noted twice, before it begins and
 * after it ended, without the lock: only what was written before its beginning is sure to be on the disk at its end.
 * An answer is noted before it is sent: from then on it may have been heard. The -shm file is left out: SQLite makes it
 * anew from the log. What this file does not understand (a second name) is noted as such, and refused later.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096
#define STORE "pushboat.sqlite3"
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

struct head {
    char kind;
    char padding[3];
    uint32_t length;
    uint64_t offset;
    uint64_t number;
    char name[40];
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char names[MOST_FILES][40];
static uint64_t syncs;

static void note(char kind, const char *name, uint64_t offset, uint64_t number, const void *data, size_t length) {
    static int log = -1;
    struct head head = {.kind = kind, .length = (uint32_t)length, .offset = offset, .number = number};
    strncpy(head.name, name, sizeof head.name - 1);
    if (log < 0)
        log = (int)syscall(SYS_openat, AT_FDCWD, getenv("RECORD"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, length}};
    if (syscall(SYS_writev, log, parts, 2) != (long)(sizeof head + length))
        abort(); /* a record with a hole proves nothing */
}

/* Gives the name below which a path is recorded: the base name of a file of the store, "." for its folder, or NULL. */
static const char *recorded(const char *path) {
    const char *folder = getenv("RECORDED_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    if (!length || !path || strncmp(path, folder, length) != 0)
        return NULL;
    if (path[length] == 0 || strcmp(path + length, "/") == 0 || strcmp(path + length, "/.") == 0)
        return ".";
    const char *name = path + length + 1;
    size_t end = strlen(name);
    if (path[length] != '/' || strncmp(name, STORE, strlen(STORE)) != 0 || end >= sizeof names[0])
        return NULL;
    return end > 4 && strcmp(name + end - 4, "-shm") == 0 ? NULL : name;
}

static const char *name_of(int fd) { return fd >= 0 && fd < MOST_FILES && names[fd][0] ? names[fd] : NULL; }

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    const char *name = recorded(path);
    if (!name)
        return real(path, flags, mode);
    pthread_mutex_lock(&turn);
    int absent = access(path, F_OK) != 0;
    int fd = real(path, flags, mode);
    if (fd >= MOST_FILES)
        abort();
    if (fd >= 0) {
        strcpy(names[fd], name);
        if (absent)
            note('C', name, 0, 0, NULL, 0);
        if (flags & O_TRUNC)
            note('T', name, 0, 0, NULL, 0);
    }
    pthread_mutex_unlock(&turn);
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) {
    MODE(flags)
    return opened(REAL(open), path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags)
    return opened(REAL(open64), path, flags, mode);
}

int close(int fd) {
    if (name_of(fd))
        names[fd][0] = 0;
    return REAL(close)(fd);
}

#define WRITE(function, type, at, ...) \
    type function { \
        const char *name = name_of(fd); \
        if (!name) \
            return __VA_ARGS__; \
        pthread_mutex_lock(&turn); \
        uint64_t place = (uint64_t)(at); \
        type written = __VA_ARGS__; \
        if (written > 0) \
            note('W', name, place, 0, data, (size_t)written); \
        pthread_mutex_unlock(&turn); \
        return written; \
    }

WRITE(pwrite(int fd, const void *data, size_t length, off_t at), ssize_t, at, REAL(pwrite)(fd, data, length, at))
WRITE(pwrite64(int fd, const void *data, size_t length, off64_t at), ssize_t, at, REAL(pwrite64)(fd, data, length, at))
WRITE(write(int fd, const void *data, size_t length), ssize_t, lseek(fd, 0, SEEK_CUR), REAL(write)(fd, data, length))

#define CHANGE(function, kind, of, offset, ...) \
    int function { \
        const char *name = of; \
        if (!name) \
            return __VA_ARGS__; \
        pthread_mutex_lock(&turn); \
        int result = __VA_ARGS__; \
        if (result == 0) \
            note(kind, name, (uint64_t)(offset), 0, NULL, 0); \
        pthread_mutex_unlock(&turn); \
        return result; \
    }

CHANGE(ftruncate(int fd, off_t length), 'T', name_of(fd), length, REAL(ftruncate)(fd, length))
CHANGE(ftruncate64(int fd, off64_t length), 'T', name_of(fd), length, REAL(ftruncate64)(fd, length))
CHANGE(unlink(const char *path), 'U', recorded(path), 0, REAL(unlink)(path))
CHANGE(fallocate64(int fd, int mode, off64_t at, off64_t length), '?', name_of(fd), at,
       REAL(fallocate64)(fd, mode, at, length))

/* A rename's record carries the new name as its data; one into or out of the store's files is not understood. */
int rename(const char *from, const char *to) {
    const char *name = recorded(from), *other = recorded(to);
    if (!name && !other)
        return REAL(rename)(from, to);
    pthread_mutex_lock(&turn);
    int result = REAL(rename)(from, to);
    if (result == 0)
        note(name && other ? 'R' : '?', name ? name : other, 0, 0, other, other ? strlen(other) : 0);
    pthread_mutex_unlock(&turn);
    return result;
}

static int synced(int (*real)(int), int fd) {
    const char *name = name_of(fd);
    if (!name)
        return real(fd);
    pthread_mutex_lock(&turn);
    uint64_t number = ++syncs;
    note('B', name, 0, number, NULL, 0);
    pthread_mutex_unlock(&turn);
    int result = real(fd);
    if (result == 0) {
        pthread_mutex_lock(&turn);
        note('S', name, 0, number, NULL, 0);
        pthread_mutex_unlock(&turn);
    }
    return result;
}

int fsync(int fd) { return synced(REAL(fsync), fd); }
int fdatasync(int fd) { return synced(REAL(fdatasync), fd); }

ssize_t send(int fd, const void *data, size_t length, int flags) {
    struct stat kind;
    if (getenv("RECORD") && fstat(fd, &kind) == 0 && S_ISSOCK(kind.st_mode)) {
        pthread_mutex_lock(&turn);
        note('A', "", 0, (uint64_t)fd, data, length);
        pthread_mutex_unlock(&turn);
    }
    return REAL(send)(fd, data, length, flags);
}
