// Drives a server of 9P2000.L, the same work for everybody; or is the host of a server to drive. Ends with its input.
//
//     ninep-driver client PORT TREE
//
// Prints "ready". Then answers questions, line by line:
//
//     read FILE BYTES OUTSTANDING MILLIS    reads so many bytes at a time, for about so long
//     write FILE BYTES OUTSTANDING MILLIS   the same with writes
//     list DIRECTORY                        reads a directory to its end
//     block FILE READERS                    leaves so many reads of an empty file waiting, each of a fid of its own
//     feed FILE                             writes a numbered frame for each of them, and takes all answers
//
// with a line
//
//     result COUNT NANOS MEDIAN             operations, entries or readers; how long all took; with one read or write
//                                           outstanding, how long one took in nanoseconds, else 0
//
//     ninep-driver host DIOD ENTRIES
//
// Prints "ready PORT TREE". Then answers each line with what diod has used: nanoseconds of processor time, and KiB of
// memory it has now.
#include "ninep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void answer_questions(int port, const char *tree) {
    puts("ready");
    char line[512], verb[16], file[256];
    while (fgets(line, sizeof line, stdin) != NULL) {
        unsigned number = 0;
        int window = 0, millis = 0;
        int words = sscanf(line, "%15s %255s %u %d %d", verb, file, &number, &window, &millis);
        bool is_read = strcmp(verb, "read") == 0;
        if (words == 5 && (is_read || strcmp(verb, "write") == 0)) {
            transfer what = {is_read ? T_READ : T_WRITE, file, number, window, millis};
            run_transfer(port, tree, &what);
        } else if (words == 2 && strcmp(verb, "list") == 0) {
            list_entries(port, tree, file);
        } else if (words == 3 && strcmp(verb, "block") == 0) {
            block_readers(port, tree, file, (int)number);
        } else if (words == 2 && strcmp(verb, "feed") == 0) {
            feed_readers(port, tree, file);
        } else {
            fail("cannot be understood: %s", line);
        }
    }
}

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (argc == 4 && strcmp(argv[1], "client") == 0) {
        answer_questions(atoi(argv[2]), argv[3]);
    } else if (argc == 4 && strcmp(argv[1], "host") == 0) {
        host(argv[2], atoi(argv[3]));
    } else {
        fail("usage: %s client PORT TREE | host DIOD ENTRIES", argv[0]);
    }
    return 0;
}
