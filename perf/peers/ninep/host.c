// Runs diod over a tree of its own in memory. Neither outlives this process.
//
// The tree: "full-16" and "full-64k" to read, "drained" to write, and "many" with so many empty files.
#include "ninep.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILE_SIZE (1 << 20)
#define MAX_ENTRIES 10000000
#define PORTS 5
#define LOOKS 500
#define LOOK_NANOS 10000000

static char tree[] = "/dev/shm/sluice-perf-XXXXXX";
static int folder;
static pid_t diod;

static _Noreturn void fail_at(const char *what) {
    fail("%s: %s", what, strerror(errno));
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place) {
    (void)status, (void)type, (void)place;
    return remove(path);
}

// Removes the tree when this process has ended, however that was: killed, it cannot do so itself.
static void leave_janitor(void) {
    int life[2];
    if (pipe2(life, O_CLOEXEC) != 0) fail_at("a pipe");
    pid_t janitor = fork();
    if (janitor < 0) fail_at("fork");
    if (janitor > 0) {
        close(life[0]);
        return;
    }
    setsid();
    close(life[1]);
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    char nothing;
    while (read(life[0], &nothing, 1) < 0 && errno == EINTR) continue;
    nftw(tree, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    _exit(0);
}

static void make_file(const char *name, size_t size) {
    char content[4096];
    memset(content, CONTENT, sizeof content);
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file < 0) fail_at(name);
    for (size_t at = 0; at < size; at += sizeof content) {
        if (write(file, content, sizeof content) != sizeof content) fail_at(name);
    }
    close(file);
}

static void make_tree(int entries) {
    if (mkdtemp(tree) == NULL) fail_at(tree);
    leave_janitor();
    if ((folder = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) fail_at(tree);
    make_file("full-16", FILE_SIZE);
    make_file("full-64k", FILE_SIZE);
    make_file("drained", FILE_SIZE);
    if (mkdirat(folder, "many", 0700) != 0) fail("many");
    for (int i = 0; i < entries; i++) {
        char name[32];
        snprintf(name, sizeof name, "many/%08d", i);
        make_file(name, 0);
    }
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int free_port(void) {
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&address, length) != 0 ||
        getsockname(s, (struct sockaddr *)&address, &length) != 0) {
        fail_at("a port");
    }
    close(s);
    return ntohs(address.sin_port);
}

static void start_diod(const char *program, int port) {
    char listen_at[32];
    snprintf(listen_at, sizeof listen_at, "127.0.0.1:%d", port);
    pid_t parent = getpid();
    diod = fork();
    if (diod < 0) fail_at("fork");
    if (diod > 0) return;
    // It ends when this process does.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    // Whoever attaches does so as himself, without credentials, and is not looked up.
    execlp(program, program, "-f", "-n", "-N", "-c", "/dev/null", "-L", "stderr", "-l", listen_at, "-e", tree, NULL);
    perror(program);
    _exit(127);
}

// Whether diod listens: false when it has ended, as it does when another took its port.
static bool is_ready(int port) {
    for (int look = 0; look < LOOKS; look++) {
        if (waitpid(diod, NULL, WNOHANG) == diod) {
            diod = 0;
            return false;
        }
        struct sockaddr_in address = loopback(port);
        int s = socket(AF_INET, SOCK_STREAM, 0);
        bool is_open = s >= 0 && connect(s, (struct sockaddr *)&address, sizeof address) == 0;
        if (s >= 0) close(s);
        if (is_open) return true;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_NANOS}, NULL);
    }
    fail("diod does not listen");
}

// Starts diod; the port it listens at.
static int serve(const char *program) {
    for (int i = 0; i < PORTS; i++) {
        int port = free_port();
        start_diod(program, port);
        if (is_ready(port)) return port;
    }
    fail("diod does not stay");
}

static void open_proc(const char *name, FILE **file) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)diod, name);
    if ((*file = fopen(path, "r")) == NULL) fail_at(path);
}

static unsigned long long cpu_nanos(void) {
    FILE *stat;
    open_proc("stat", &stat);
    unsigned long long user = 0, system = 0;
    // The second field may hold anything, also a bracket: its own is the last.
    if (fscanf(stat, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) != 2) {
        fail_at("the processor time of diod");
    }
    fclose(stat);
    return (user + system) * (1000000000ull / (unsigned long long)sysconf(_SC_CLK_TCK));
}

static unsigned long long resident_kib(void) {
    FILE *statm;
    open_proc("statm", &statm);
    unsigned long long pages = 0;
    if (fscanf(statm, "%*u %llu", &pages) != 1) fail_at("the memory of diod");
    fclose(statm);
    return pages * (unsigned long long)sysconf(_SC_PAGESIZE) / 1024;
}

void host(const char *program, int entries) {
    if (entries < 0 || entries > MAX_ENTRIES) fail("%d entries: 0 to %d", entries, MAX_ENTRIES);
    make_tree(entries);
    printf("ready %d %s\n", serve(program), tree);
    char line[64];
    while (fgets(line, sizeof line, stdin) != NULL) printf("%llu %llu\n", cpu_nanos(), resident_kib());
    kill(diod, SIGKILL);
    waitpid(diod, NULL, 0);
}
