/* Preloaded into a server: adds to its wall clock the milliseconds that the file FORGE_CLOCK holds, as eight bytes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static const volatile int64_t zero;
static const volatile int64_t *offset = &zero;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("FORGE_CLOCK");
    int file = path ? open(path, O_RDONLY) : -1;
    real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    if (file >= 0) {
        void *page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
        if (page != MAP_FAILED) {
            offset = page;
        }
    }
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result;
    if (!real) {
        start();
    }
    result = real(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t nanos = now->tv_nsec + (*offset % 1000) * 1000000;
        now->tv_sec += *offset / 1000;
        if (nanos < 0) {
            nanos += 1000000000;
            now->tv_sec--;
        } else if (nanos >= 1000000000) {
            nanos -= 1000000000;
            now->tv_sec++;
        }
        now->tv_nsec = nanos;
    }
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (result) {
        *result = exact.tv_sec;
    }
    return exact.tv_sec;
}
