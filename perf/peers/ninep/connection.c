// Bytes on the wire, and a connection with its buffers.
#include "ninep.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// For everybody: the most that diod takes.
#define MSIZE (1u << 16)
#define BUFFER (16 * MSIZE)
#define NO_TAG 0xffff
#define NO_FID 0xffffffffu
#define PATIENCE_SECONDS 30

_Noreturn void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void *allocate(size_t bytes) {
    void *memory = malloc(bytes);
    if (memory == NULL) fail("no memory for %zu bytes", bytes);
    return memory;
}

static int connect_to(int port) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0) fail("no socket: %s", strerror(errno));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(s, (struct sockaddr *)&address, sizeof address) != 0) {
        fail("nobody answers at port %d: %s", port, strerror(errno));
    }
    int yes = 1;
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    if (setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0 ||
        setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
        setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0) {
        fail("a socket takes no options: %s", strerror(errno));
    }
    return s;
}

connection *dial(int port, const char *tree) {
    connection *c = allocate(sizeof *c);
    *c = (connection){.socket = connect_to(port), .msize = MSIZE, .in_room = BUFFER, .out_room = BUFFER};
    c->in = allocate(c->in_room);
    c->out = allocate(c->out_room);

    begin(c, T_VERSION, NO_TAG);
    put(c, MSIZE, 4);
    put_text(c, "9P2000.L");
    answer version = call(c, T_VERSION);
    static const char dialect[] = "\x08\0009P2000.L";
    if (version.length != 14 || memcmp(version.body + 4, dialect, sizeof dialect - 1) != 0) {
        fail("the server does not speak 9P2000.L");
    }
    if (get(version.body, 4) != MSIZE) fail("the server wants messages of %u bytes", (unsigned)get(version.body, 4));

    begin(c, T_ATTACH, 0);
    put(c, ROOT, 4);
    put(c, NO_FID, 4);
    put_text(c, "");
    put_text(c, tree);
    put(c, (uint64_t)geteuid(), 4);
    call(c, T_ATTACH);
    return c;
}

void hang_up(connection *c) {
    close(c->socket);
    free(c->in);
    free(c->out);
    free(c);
}

static void reserve(connection *c, size_t bytes) {
    if (bytes > c->out_room - c->out_to) fail("requests of more than %zu bytes", c->out_room);
}

void begin(connection *c, uint8_t type, uint16_t tag) {
    c->request = c->out_to;
    put(c, 0, 4);
    put(c, type, 1);
    put(c, tag, 2);
}

void put(connection *c, uint64_t value, int bytes) {
    reserve(c, (size_t)bytes);
    for (int i = 0; i < bytes; i++) c->out[c->out_to++] = (uint8_t)(value >> 8 * i);
}

void put_text(connection *c, const char *text) {
    size_t length = strlen(text);
    put(c, length, 2);
    reserve(c, length);
    memcpy(c->out + c->out_to, text, length);
    c->out_to += length;
}

void put_content(connection *c, size_t length) {
    reserve(c, length);
    memset(c->out + c->out_to, CONTENT, length);
    c->out_to += length;
}

void end(connection *c) {
    size_t size = c->out_to - c->request;
    for (int i = 0; i < 4; i++) c->out[c->request + (size_t)i] = (uint8_t)(size >> 8 * i);
}

void flush_requests(connection *c) {
    size_t sent = 0;
    while (sent < c->out_to) {
        ssize_t n = send(c->socket, c->out + sent, c->out_to - sent, MSG_NOSIGNAL);
        if (n <= 0) fail("the server takes no requests: %s", strerror(errno));
        sent += (size_t)n;
    }
    c->out_to = 0;
}

uint64_t get(const uint8_t *from, int bytes) {
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--) value = value << 8 | from[i];
    return value;
}

// The size of the message that is next, 0 as long as that is not known.
static size_t next_size(const connection *c) {
    if (c->in_to - c->in_from < 4) return 0;
    size_t size = (size_t)get(c->in + c->in_from, 4);
    if (size < HEADER || size > c->msize) fail("an answer of %zu bytes", size);
    return size;
}

bool has_answer(const connection *c) {
    size_t size = next_size(c);
    return size > 0 && c->in_to - c->in_from >= size;
}

// Reads what there is. A message that would not fit behind the others goes to the front.
static void fill(connection *c) {
    size_t kept = c->in_to - c->in_from;
    if (kept == 0) {
        c->in_from = c->in_to = 0;
    } else if (c->in_room - c->in_from < c->msize) {
        memmove(c->in, c->in + c->in_from, kept);
        c->in_from = 0;
        c->in_to = kept;
    }
    ssize_t n = recv(c->socket, c->in + c->in_to, c->in_room - c->in_to, 0);
    if (n == 0) fail("the server hung up");
    if (n < 0) fail("no answer: %s", strerror(errno));
    c->in_to += (size_t)n;
}

answer receive(connection *c) {
    while (!has_answer(c)) fill(c);
    const uint8_t *message = c->in + c->in_from;
    size_t size = next_size(c);
    c->in_from += size;
    return (answer){
        .type = message[4],
        .tag = (uint16_t)get(message + 5, 2),
        .body = message + HEADER,
        .length = size - HEADER,
    };
}

answer expect(answer a, uint8_t request) {
    if (a.type == R_LERROR && a.length == 4) {
        fail("request %d is refused: %s", request, strerror((int)get(a.body, 4)));
    }
    if (a.type != request + 1) fail("request %d is answered by %d", request, a.type);
    return a;
}

answer call(connection *c, uint8_t request) {
    end(c);
    flush_requests(c);
    return expect(receive(c), request);
}
