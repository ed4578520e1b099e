/* Shifts the wall clock of a process by JUMP_SECONDS while the file JUMP_FILE exists. Its other clocks go on. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    const char *file = getenv("JUMP_FILE"), *seconds = getenv("JUMP_SECONDS");
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (!failed && clock == CLOCK_REALTIME && file && seconds && access(file, F_OK) == 0)
        now->tv_sec += atol(seconds);
    return failed;
}
