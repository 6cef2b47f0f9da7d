// Opening a file, and many requests outstanding.
#include "ninep.h"

#include <string.h>

#define MAX_NAMES 16

void put_walk(connection *c, uint32_t fid, const char *path) {
    char names[256];
    if (strlen(path) >= sizeof names) fail("a path too long: %s", path);
    strcpy(names, path);
    put(c, ROOT, 4);
    put(c, fid, 4);
    size_t count_at = c->out_to;
    put(c, 0, 2);
    uint8_t count = 0;
    for (char *name = strtok(names, "/"); name != NULL; name = strtok(NULL, "/")) {
        if (count++ == MAX_NAMES) fail("too many names: %s", path);
        put_text(c, name);
    }
    c->out[count_at] = count;
}

uint32_t open_file(connection *c, uint32_t fid, const char *path, uint32_t flags) {
    begin(c, T_WALK, 0);
    put_walk(c, fid, path);
    size_t names = c->out[c->request + HEADER + 8];
    answer walk = call(c, T_WALK);
    if (walk.length != 2 + names * QID) fail("there is no %s", path);
    begin(c, T_LOPEN, 0);
    put(c, fid, 4);
    put(c, flags, 4);
    call(c, T_LOPEN);
    return fid;
}

void run(connection *c, work *w) {
    static bool is_out[MAX_WINDOW];
    memset(is_out, 0, sizeof is_out);
    if (w->window < 1 || w->window > MAX_WINDOW) fail("%d requests outstanding: 1 to %d", w->window, MAX_WINDOW);
    int out = 0;
    for (uint16_t tag = 0; tag < w->window && w->more(w); tag++, out++) {
        is_out[tag] = true;
        w->ask(w, c, tag);
    }
    flush_requests(c);
    while (out > 0) {
        do {
            answer a = receive(c);
            if (a.tag >= w->window || !is_out[a.tag]) fail("an answer to nothing, tag %d", a.tag);
            w->answered(w, &a);
            if (w->more(w)) {
                w->ask(w, c, a.tag);
            } else {
                is_out[a.tag] = false;
                out--;
            }
        } while (has_answer(c));
        // Together: what leaves in one packet is what the server has answered in one.
        flush_requests(c);
    }
}
