// Many fids of one connection, each with a read that nothing is there for, and what feeds them in the end.
#include "ninep.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define FRAME 16
#define WINDOW 32
#define FEEDER_FID 1

static connection *blocked;
static int blocked_readers;

typedef struct {
    work work;
    const char *file;
    uint32_t next, all;
} numbered;

static bool until_all(work *w) {
    const numbered *n = (numbered *)w;
    return n->next < n->all;
}

// One fid for each reader, behind that of the tree.
static uint32_t next_fid(numbered *n) {
    return ROOT + 1 + n->next++;
}

static void ask_walk(work *w, connection *c, uint16_t tag) {
    numbered *n = (numbered *)w;
    begin(c, T_WALK, tag);
    put_walk(c, next_fid(n), n->file);
    end(c);
}

static void walked(work *w, const answer *a) {
    const numbered *n = (numbered *)w;
    expect(*a, T_WALK);
    if (get(a->body, 2) == 0) fail("there is no %s", n->file);
}

static void ask_open(work *w, connection *c, uint16_t tag) {
    begin(c, T_LOPEN, tag);
    put(c, next_fid((numbered *)w), 4);
    put(c, O_RDONLY, 4);
    end(c);
}

static void opened(work *w, const answer *a) {
    (void)w;
    expect(*a, T_LOPEN);
}

static void ask_clunk(work *w, connection *c, uint16_t tag) {
    begin(c, T_CLUNK, tag);
    put(c, next_fid((numbered *)w), 4);
    end(c);
}

static void clunked(work *w, const answer *a) {
    (void)w;
    expect(*a, T_CLUNK);
}

static void ask_write(work *w, connection *c, uint16_t tag) {
    numbered *n = (numbered *)w;
    begin(c, T_WRITE, tag);
    put(c, FEEDER_FID, 4);
    put(c, 0, 8);
    put(c, FRAME, 4);
    put(c, n->next++, 4);
    put_content(c, FRAME - 4);
    end(c);
}

static void written(work *w, const answer *a) {
    (void)w;
    expect(*a, T_WRITE);
    if (a->length != 4 || get(a->body, 4) != FRAME) fail("a write that did not take %d bytes", FRAME);
}

static void run_all(connection *c, const char *file, int all, void (*to_ask)(work *, connection *, uint16_t),
                    void (*when_answered)(work *, const answer *)) {
    numbered n = {
        .work = {.window = WINDOW, .more = until_all, .ask = to_ask, .answered = when_answered},
        .file = file,
        .all = (uint32_t)all,
    };
    run(c, &n.work);
}

static void result(uint64_t began) {
    printf("result %d %llu 0\n", blocked_readers, (unsigned long long)(now() - began));
}

void block_readers(int port, const char *tree, const char *file, int readers) {
    if (blocked != NULL) fail("readers are blocked already");
    if (readers < 1 || readers > MAX_WINDOW) fail("%d readers: 1 to %d", readers, MAX_WINDOW);
    connection *c = dial(port, tree);
    uint64_t began = now();
    run_all(c, file, readers, ask_walk, walked);
    run_all(c, file, readers, ask_open, opened);
    for (int i = 0; i < readers; i++) {
        begin(c, T_READ, (uint16_t)i);
        put(c, (uint64_t)(ROOT + 1 + i), 4);
        put(c, 0, 8);
        put(c, FRAME, 4);
        end(c);
    }
    // Behind the reads, so that its answer says that they have been seen.
    begin(c, T_GETATTR, (uint16_t)readers);
    put(c, ROOT, 4);
    put(c, 1, 8);
    if (call(c, T_GETATTR).tag != readers || has_answer(c)) fail("a read of nothing is answered");
    blocked = c;
    blocked_readers = readers;
    result(began);
}

// Takes an answer of every reader; each brings another of the frames that were written.
static void collect(void) {
    bool has_read[MAX_WINDOW] = {false};
    bool has_come[MAX_WINDOW] = {false};
    for (int i = 0; i < blocked_readers; i++) {
        answer a = expect(receive(blocked), T_READ);
        if (a.tag >= blocked_readers || has_read[a.tag]) fail("an answer to nothing, tag %d", a.tag);
        has_read[a.tag] = true;
        if (a.length != 4 + FRAME || a.body[3 + FRAME] != CONTENT) fail("a read that brings another frame");
        uint64_t number = get(a.body + 4, 4);
        if (number >= (uint64_t)blocked_readers || has_come[number]) fail("frame %d comes again", (int)number);
        has_come[number] = true;
    }
    if (has_answer(blocked)) fail("more answers than reads");
}

void feed_readers(int port, const char *tree, const char *file) {
    if (blocked == NULL) fail("no readers are blocked");
    connection *c = dial(port, tree);
    open_file(c, FEEDER_FID, file, O_WRONLY);
    uint64_t began = now();
    run_all(c, file, blocked_readers, ask_write, written);
    collect();
    result(began);
    run_all(blocked, file, blocked_readers, ask_clunk, clunked);
    hang_up(blocked);
    blocked = NULL;
    hang_up(c);
}
