/* What both programs know of HTTP/1.1 and sockets; Linux. */
#ifndef WIRE_H
#define WIRE_H
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline void die(const char *what) {
    perror(what);
    exit(2);
}

static inline void *grown(void *memory, size_t size) {
    void *bigger = realloc(memory, size);
    if (!bigger) die("memory");
    return bigger;
}

/* Microseconds of a clock that never goes back. */
static inline long long micros(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* A whole file in memory, with a NUL after it. */
static inline char *slurp(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) die(path);
    fseek(file, 0, SEEK_END);
    *size = ftell(file);
    rewind(file);
    char *content = grown(NULL, *size + 1);
    if (fread(content, 1, *size, file) != *size) die(path);
    content[*size] = 0;
    fclose(file);
    return content;
}

/* Where the head ends (after its blank line), or 0 while it is not all there. */
static inline size_t head_end(const char *data, size_t size) {
    const char *end = memmem(data, size, "\r\n\r\n", 4);
    return end ? end - data + 4 : 0;
}

/* The value of a header (its name in lower case, with colon), or NULL. */
static inline const char *header(const char *head, size_t size, const char *name) {
    size_t length = strlen(name);
    const char *line = memchr(head, '\n', size);
    while (line && (size_t)(line + 1 - head) + length < size) {
        line++;
        if (!strncasecmp(line, name, length)) {
            line += length;
            while (*line == ' ') line++;
            return line;
        }
        line = memchr(line, '\n', size - (line - head));
    }
    return NULL;
}

static inline void ready(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static inline struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}
#endif
