// Reads or writes of one file for a while.
#include "ninep.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

// Where they are in a file. A channel has no such place and takes no notice.
#define FILE_SIZE (1u << 20)
#define MAX_TIMES (1u << 20)
#define FILE_FID 1

typedef struct {
    work work;
    const transfer *what;
    uint64_t deadline, asked_at;
    uint64_t asked, answered;
    uint32_t *times;
} timed;

// Some in any case: who is late by all of the time still has a figure.
static bool until_deadline(work *w) {
    timed *t = (timed *)w;
    return t->asked == 0 || now() < t->deadline;
}

static void ask(work *w, connection *c, uint16_t tag) {
    timed *t = (timed *)w;
    uint32_t count = t->what->count;
    begin(c, t->what->request, tag);
    put(c, FILE_FID, 4);
    put(c, t->asked++ % (FILE_SIZE / count) * count, 8);
    put(c, count, 4);
    if (t->what->request == T_WRITE) put_content(c, count);
    end(c);
    t->asked_at = now();
}

static void answered(work *w, const answer *a) {
    timed *t = (timed *)w;
    uint32_t count = t->what->count;
    expect(*a, t->what->request);
    if (a->length < 4 || get(a->body, 4) != count) fail("not the %u bytes that were asked for", count);
    if (t->what->request == T_READ &&
        (a->length != 4 + count || a->body[4] != CONTENT || a->body[3 + count] != CONTENT)) {
        fail("not the bytes that are in the file");
    }
    if (t->what->window == 1 && t->answered < MAX_TIMES) t->times[t->answered] = (uint32_t)(now() - t->asked_at);
    t->answered++;
}

static int by_value(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static uint32_t median(uint32_t *times, size_t count) {
    if (count == 0) return 0;
    qsort(times, count, sizeof *times, by_value);
    return times[count / 2];
}

void run_transfer(int port, const char *tree, const transfer *what) {
    connection *c = dial(port, tree);
    if (what->count < 1 || what->count > c->msize - IO_HEADER) {
        fail("%u bytes at a time cannot be measured", what->count);
    }
    open_file(c, FILE_FID, what->file, what->request == T_READ ? O_RDONLY : O_WRONLY);
    uint64_t began = now();
    timed t = {
        .work = {.window = what->window, .more = until_deadline, .ask = ask, .answered = answered},
        .what = what,
        .deadline = began + (uint64_t)what->millis * 1000000u,
        .times = what->window == 1 ? malloc(MAX_TIMES * sizeof(uint32_t)) : NULL,
    };
    if (what->window == 1 && t.times == NULL) fail("no memory");
    run(c, &t.work);
    uint64_t nanos = now() - began;
    size_t single = what->window != 1 ? 0 : t.answered < MAX_TIMES ? (size_t)t.answered : MAX_TIMES;
    printf("result %llu %llu %u\n", (unsigned long long)t.answered, (unsigned long long)nanos, median(t.times, single));
    free(t.times);
    hang_up(c);
}
