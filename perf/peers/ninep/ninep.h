// A client of 9P2000.L over a bare socket, for measuring: one thread, many requests outstanding.
#ifndef NINEP_H
#define NINEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    T_LOPEN = 12,
    T_GETATTR = 24,
    T_READDIR = 40,
    T_VERSION = 100,
    T_ATTACH = 104,
    T_WALK = 110,
    T_READ = 116,
    T_WRITE = 118,
    T_CLUNK = 120,
    R_LERROR = 7,
};

enum {
    HEADER = 7,           // size, type and tag
    IO_HEADER = 24,       // what msize must hold beside the bytes of a read or a write
    QID = 13,
    MAX_WINDOW = 1024,    // requests outstanding at a time
    ROOT = 0,             // the fid of the attached tree
};

// What every file and frame here consists of.
#define CONTENT 'S'

typedef struct {
    int socket;
    uint32_t msize;
    uint8_t *in;
    size_t in_from, in_to, in_room;
    uint8_t *out;
    size_t out_to, out_room, request;
} connection;

typedef struct {
    uint8_t type;
    uint16_t tag;
    const uint8_t *body;  // good until the next receive
    size_t length;
} answer;

// Says why on standard error, and ends the process.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint64_t now(void);       // nanoseconds of a clock that only goes forward

connection *dial(int port, const char *tree);
void hang_up(connection *c);

// A request is begun, filled and ended; it leaves with the next flush.
void begin(connection *c, uint8_t type, uint16_t tag);
void put(connection *c, uint64_t value, int bytes);
void put_text(connection *c, const char *text);
void put_content(connection *c, size_t length);
void end(connection *c);
void flush_requests(connection *c);

uint64_t get(const uint8_t *from, int bytes);

// The next answer, waiting for it when none has arrived. An error is one too.
answer receive(connection *c);
bool has_answer(const connection *c);
answer expect(answer a, uint8_t request);
answer call(connection *c, uint8_t request);  // ends, flushes, receives

void put_walk(connection *c, uint32_t fid, const char *path);
uint32_t open_file(connection *c, uint32_t fid, const char *path, uint32_t flags);

// Many requests of a kind, at most so many outstanding, each of them answered exactly once.
typedef struct work {
    int window;
    bool (*more)(struct work *w);
    void (*ask)(struct work *w, connection *c, uint16_t tag);
    void (*answered)(struct work *w, const answer *a);
} work;
void run(connection *c, work *w);

// The questions. Each writes its result to standard output.
typedef struct {
    uint8_t request;      // T_READ or T_WRITE
    const char *file;
    uint32_t count;
    int window;
    int millis;
} transfer;
void run_transfer(int port, const char *tree, const transfer *what);
void list_entries(int port, const char *tree, const char *directory);
void block_readers(int port, const char *tree, const char *file, int readers);
void feed_readers(int port, const char *tree, const char *file);

// Runs diod, and says what it uses, until the input ends.
void host(const char *program, int entries);

#endif
