/* A Google that costs nothing: answers from memory what a table of rules says. One thread, epoll, keep-alive.
 *
 *     upstream RULES [PORT]         prints "listens on PORT"; 0 = any free one
 *
 * RULES has one rule a line, tab-separated, the first that matches answers (404 if none does):
 *
 *     TARGET  BODY  KIND  TYPE  NUMBER  FILE  [FILE]
 *
 * TARGET is part of the request's target, BODY part of the first 4 KiB of its body ("-" = any).
 *     answer   the file; NUMBER = microseconds of pause before
 *     events   the file's events (each ends with a blank line, CR LF as Google sends it), each as a chunk; NUMBER = microseconds between two,
 *              0 = as fast as they are read
 *     begin    the file, "{operation}" in it replaced by a new operation's id, done after NUMBER milliseconds
 *     poll     the operation named in target or body ("operations/ID"): the first file while it runs, then the second
 * The id says when the operation is done, so nothing is remembered and any number may wait.
 */
#include "wire.h"
#include <signal.h>
#include <sys/uio.h>

enum kind { ANSWER, EVENTS, BEGIN, POLL };
static const char *KINDS[] = {"answer", "events", "begin", "poll"};
#define MARK "{operation}"

struct file { char *data; size_t size, mark; int marked; };
struct rule { char *target, *body, *type; enum kind kind; long number; struct file files[2]; };
struct connection {
    int fd, writing;
    char *in; size_t got, room;
    struct iovec out[5]; int parts, next;
    char head[512], operation[64];
    const struct rule *events; size_t at;      /* of a stream: what was sent of it */
    long long due;                             /* of a pause: when it ends; 0 = none */
    struct connection *later;                  /* the list of those that pause */
    int pausing;
};

static struct rule rules[256];
static int rule_count, poller;
static long operations;
static struct connection *pausing;

static struct file read_file(const char *path) {
    struct file file = {0};
    file.data = slurp(path, &file.size);
    char *mark = memmem(file.data, file.size, MARK, strlen(MARK));
    if (mark) file.marked = 1, file.mark = mark - file.data;
    return file;
}

static void read_rules(const char *path) {
    size_t size;
    char *line = slurp(path, &size), *rest = line;
    while ((line = strsep(&rest, "\n"))) {
        if (!*line) continue;
        struct rule *rule = &rules[rule_count++];
        rule->target = strsep(&line, "\t");
        rule->body = strsep(&line, "\t");
        const char *kind = strsep(&line, "\t");
        for (int i = 0; i < 4; i++) if (!strcmp(kind, KINDS[i])) rule->kind = i;
        rule->type = strsep(&line, "\t");
        rule->number = atol(strsep(&line, "\t"));
        for (int i = 0; i < 2 && line; i++) rule->files[i] = read_file(strsep(&line, "\t"));
    }
}

static const struct rule *rule_for(const char *head, size_t size, const char *body, size_t body_size) {
    const char *end = memchr(head, '\r', size);
    for (int i = 0; i < rule_count; i++) {
        if (!memmem(head, end - head, rules[i].target, strlen(rules[i].target))) continue;
        if (!strcmp(rules[i].body, "-")) return &rules[i];
        size_t first = body_size < 4096 ? body_size : 4096;
        if (memmem(body, first, rules[i].body, strlen(rules[i].body))) return &rules[i];
    }
    return NULL;
}

static void add(struct connection *c, const void *data, size_t size) {
    if (size) c->out[c->parts++] = (struct iovec){(void *)data, size};
}

static void answer_file(struct connection *c, const struct file *file, const char *type) {
    size_t size = file->size;
    if (file->marked) size += strlen(c->operation) - strlen(MARK);
    int length = snprintf(c->head, sizeof c->head,
        "HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %zu\r\n\r\n", type, size);
    add(c, c->head, length);
    if (!file->marked) { add(c, file->data, file->size); return; }
    add(c, file->data, file->mark);
    add(c, c->operation, strlen(c->operation));
    add(c, file->data + file->mark + strlen(MARK), file->size - file->mark - strlen(MARK));
}

static void pause_until(struct connection *c, long long due) {
    c->due = due;
    if (c->pausing) return;
    c->pausing = 1;
    c->later = pausing;
    pausing = c;
}

static void begin_answer(struct connection *c, const char *head, size_t head_size, const char *body, size_t body_size) {
    const struct rule *rule = rule_for(head, head_size, body, body_size);
    c->parts = c->next = 0;
    c->events = NULL;
    if (!rule) {
        add(c, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", 45);
        return;
    }
    long long now = micros();
    const struct file *file = &rule->files[0];
    if (rule->kind == BEGIN) {
        snprintf(c->operation, sizeof c->operation, "d%lldn%ld", now / 1000 + rule->number, ++operations);
    } else if (rule->kind == POLL) {
        const char *name = memmem(head, head_size, "operations/", 11);
        if (!name) name = memmem(body, body_size, "operations/", 11);
        long long due = 0; long number = 0;
        if (name) sscanf(name + 11, "d%lldn%ld", &due, &number);
        snprintf(c->operation, sizeof c->operation, "d%lldn%ld", due, number);
        if (now / 1000 >= due) file = &rule->files[1];
    } else if (rule->kind == EVENTS) {
        int length = snprintf(c->head, sizeof c->head,
            "HTTP/1.1 200 OK\r\ncontent-type: %s\r\ntransfer-encoding: chunked\r\n\r\n", rule->type);
        add(c, c->head, length);
        c->events = rule;
        c->at = 0;
        return;
    } else if (rule->number) {
        pause_until(c, now + rule->number);
    }
    answer_file(c, file, rule->type);
}

/* The next event of a stream as a chunk, or its end. */
static void next_event(struct connection *c) {
    static char sizes[65536][8];  /* "%x\r\n" of every size there is, so that nothing is formatted twice */
    const struct file *file = &c->events->files[0];
    c->parts = c->next = 0;
    if (c->at == file->size) {
        add(c, "0\r\n\r\n", 5);
        c->events = NULL;
        return;
    }
    char *start = file->data + c->at, *end = memmem(start, file->size - c->at, "\r\n\r\n", 4);
    size_t size = end ? (size_t)(end - start) + 4 : file->size - c->at;
    char *head = size < 65536 ? sizes[size] : c->head;
    if (!*head || head == c->head) sprintf(head, "%zx\r\n", size);
    add(c, head, strlen(head));
    add(c, start, size);
    add(c, "\r\n", 2);
    c->at += size;
}

static void watch(struct connection *c, int writing) {
    if (c->writing == writing) return;
    struct epoll_event event = {.events = writing ? EPOLLOUT : EPOLLIN, .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
    c->writing = writing;
}

static void leave(struct connection *c) {
    for (struct connection **at = &pausing; *at; at = &(*at)->later)
        if (*at == c) { *at = c->later; break; }
    close(c->fd);
    free(c->in);
    free(c);
}

/* Send what is there; 1 = all of it, 0 = the socket is full or a pause was taken, -1 = the other side has left. */
static int send_out(struct connection *c) {
    for (;;) {
        while (c->next < c->parts) {
            ssize_t sent = writev(c->fd, c->out + c->next, c->parts - c->next);
            if (sent < 0) return errno == EAGAIN ? (watch(c, 1), 0) : -1;
            while (c->next < c->parts && (size_t)sent >= c->out[c->next].iov_len) sent -= c->out[c->next++].iov_len;
            if (c->next < c->parts) {
                c->out[c->next].iov_base = (char *)c->out[c->next].iov_base + sent;
                c->out[c->next].iov_len -= sent;
            }
        }
        if (!c->events) return 1;
        if (c->events->number && c->at && !c->due && c->at < c->events->files[0].size) {
            pause_until(c, micros() + c->events->number);
            return 0;
        }
        c->due = 0;
        next_event(c);
    }
}

/* Answer every request that is whole; -1 = the other side has left. */
static int serve(struct connection *c) {
    for (;;) {
        if (c->pausing || c->next < c->parts || c->events) {
            if (c->pausing) return 0;
            int sent = send_out(c);
            if (sent <= 0) return sent;
        }
        watch(c, 0);
        size_t head = head_end(c->in, c->got);
        if (!head) return 0;
        const char *said = header(c->in, head, "content-length:");
        size_t body = said ? strtoul(said, NULL, 10) : 0;
        const char *expect = header(c->in, head, "expect:");
        if (expect && c->got == head && body) { if (write(c->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25) < 0) return -1; }
        if (c->got < head + body) return 0;
        begin_answer(c, c->in, head, c->in + head, body);
        memmove(c->in, c->in + head + body, c->got - head - body);
        c->got -= head + body;
    }
}

static int take_in(struct connection *c) {
    for (;;) {
        if (c->room - c->got < 65536) c->in = grown(c->in, c->room = c->room * 2 + 65536);
        size_t room = c->room - c->got;
        ssize_t got = read(c->fd, c->in + c->got, room);
        if (got == 0) return -1;
        if (got < 0) return errno == EAGAIN ? serve(c) : -1;
        c->got += got;
        if ((size_t)got < room) return serve(c);
    }
}

/* Go on with those whose pause is over; milliseconds until the next is, -1 = nobody pauses. */
static int wake(void) {
    long long now = micros(), soonest = -1;
    struct connection *over = NULL, **at = &pausing;
    while (*at) {
        struct connection *c = *at;
        if (c->due <= now) {
            *at = c->later;
            c->later = over;
            over = c;
        } else {
            if (soonest < 0 || c->due < soonest) soonest = c->due;
            at = &c->later;
        }
    }
    while (over) {
        struct connection *c = over;
        over = c->later;
        c->pausing = 0;
        if (!c->events) c->due = 0;
        if (serve(c) < 0) leave(c);
        soonest = pausing ? now : soonest;
    }
    return soonest < 0 ? -1 : (int)((soonest - now + 999) / 1000);
}

int main(int count, char **words) {
    if (count < 2) { fprintf(stderr, "usage: upstream RULES [PORT]\n"); return 2; }
    signal(SIGPIPE, SIG_IGN);
    read_rules(words[1]);
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = loopback(count > 2 ? atoi(words[2]) : 0);
    socklen_t size = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096)) die("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    ready(listener);
    printf("listens on %d\n", ntohs(address.sin_port));
    fflush(stdout);
    poller = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN}, events[256];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int found = epoll_wait(poller, events, 256, wake());
        for (int i = 0; i < found; i++) {
            struct connection *c = events[i].data.ptr;
            if (c) {
                int state = c->writing ? serve(c) : take_in(c);
                if (state < 0) leave(c);
                continue;
            }
            int fd;
            while ((fd = accept(listener, NULL, NULL)) >= 0) {
                ready(fd);
                c = memset(grown(NULL, sizeof *c), 0, sizeof *c);
                c->fd = fd;
                event = (struct epoll_event){.events = EPOLLIN, .data.ptr = c};
                epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
            }
        }
    }
}
