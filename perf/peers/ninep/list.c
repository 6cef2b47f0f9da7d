// Listing a directory.
#include "ninep.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define DIRECTORY_FID 1
#define ENTRY (QID + 8 + 1 + 2)
#define MAX_READS 1000000

// Counts the entries of an answer but "." and ".."; leaves in "offset" where the next one begins.
static uint64_t count_entries(const uint8_t *entries, size_t length, uint64_t *offset) {
    uint64_t count = 0;
    size_t at = 0;
    while (at < length) {
        if (length - at < ENTRY) fail("half an entry");
        const uint8_t *entry = entries + at;
        size_t name_length = (size_t)get(entry + ENTRY - 2, 2);
        if (length - at - ENTRY < name_length) fail("half a name");
        const char *name = (const char *)entry + ENTRY;
        bool is_dots = name_length > 0 && name_length <= 2 && memcmp(name, "..", name_length) == 0;
        count += !is_dots;
        *offset = get(entry + QID, 8);
        at += ENTRY + name_length;
    }
    return count;
}

void list_entries(int port, const char *tree, const char *directory) {
    connection *c = dial(port, tree);
    uint64_t began = now(), entries = 0, offset = 0;
    open_file(c, DIRECTORY_FID, directory, O_RDONLY);
    for (int reads = 0;; reads++) {
        if (reads == MAX_READS) fail("%s has no end", directory);
        begin(c, T_READDIR, 0);
        put(c, DIRECTORY_FID, 4);
        put(c, offset, 8);
        put(c, c->msize - IO_HEADER, 4);
        answer a = call(c, T_READDIR);
        if (a.length < 4 || a.length != 4 + get(a.body, 4)) fail("a directory's answer of %zu bytes", a.length);
        if (a.length == 4) break;
        entries += count_entries(a.body + 4, a.length - 4, &offset);
    }
    printf("result %llu %llu 0\n", (unsigned long long)entries, (unsigned long long)(now() - began));
    hang_up(c);
}
