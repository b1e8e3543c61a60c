/* Callers in a closed loop: each sends its request again as soon as it has the whole answer. One thread, epoll.
 *
 *     load PORT REQUEST [name=value ...]        prints one JSON object
 *
 * REQUEST is a file with one HTTP/1.1 request, head and body; "#NUMBER###" in it becomes a number of ten digits that
 * counts up, so that no two requests are alike.
 *     callers=1   seconds=1   most=0 (answers, 0 = any number)   warm=0 (seconds that are not counted)
 *     every=0     microseconds between the starts of one caller's requests, 0 = at once
 *     ramp=0      microseconds from one caller's first request to the next caller's
 *     status=200  length=0 (bytes of the body, 0 = any)   least=0 (bytes, at least)   head=0 (1 = answers have no body)
 *     count=      text that is counted in the bodies      first=  text whose first arrival is timed (else: any byte)
 *     patience=60 seconds after which an answer that does not come counts as wrong
 * `answers` ended within the seconds, `all_answers` before, within or after. Times are microseconds. An answer is wrong if its status or length is not what was said, or if it breaks off.
 */
#include "wire.h"
#include <sys/resource.h>

enum framing { NONE, LENGTH, CHUNKED, UNTIL_CLOSE };
struct needle { const char *text; size_t size, matched; };
struct caller {
    int fd, busy, close_after;
    char head[16384]; size_t head_size;
    enum framing framing; int in_body, status;
    long long left, body;                 /* of the body or the chunk; bytes of body so far */
    int chunk_state; char chunk_line[32]; int chunk_size;
    struct needle count, first;
    char *request; size_t sent;
    long long began, first_at, due;
};
struct times { unsigned *at; size_t count, room; };

static int port, callers = 1, head_only, status_said = 200, poller;
static double seconds = 1, warm = 0, patience = 60;
static long long most, every, ramp, length_said, least, number;
static const char *count_text = "", *first_text = "";
static char *request; static size_t request_size, number_at; static int numbered;
static long long answers, all_answers, wrong, bytes, counted, reconnects, started, counting_from, ends, unanswered;
static char first_wrong[400];
static struct times whole, firsts;

static void note(struct times *times, long long value) {
    if (times->count == times->room) times->at = grown(times->at, (times->room = times->room * 2 + 1024) * sizeof(unsigned));
    times->at[times->count++] = value > 0xffffffffLL ? 0xffffffffu : (unsigned)value;
}

static int smaller(const void *a, const void *b) {
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

static void print_times(const char *name, struct times *times) {
    qsort(times->at, times->count, sizeof(unsigned), smaller);
    double sum = 0;
    for (size_t i = 0; i < times->count; i++) sum += times->at[i];
    size_t n = times->count;
    #define SHARE(part) (n ? times->at[(size_t)((n - 1) * (part))] : 0)
    printf(",\"%s\":{\"mean\":%.1f,\"p50\":%u,\"p90\":%u,\"p99\":%u,\"max\":%u}", name, n ? sum / n : 0.0,
        SHARE(.5), SHARE(.9), SHARE(.99), SHARE(1));
}

/* How often the text has come, over the seams of the pieces too; it must not begin with a part of itself. */
static long long seen(struct needle *needle, const char *data, size_t size) {
    long long found = 0;
    const char *at = data, *end = data + size;
    while (at < end) {
        if (!needle->matched) {
            if ((size_t)(end - at) >= needle->size) {
                const char *next = memmem(at, end - at, needle->text, needle->size);
                if (next) { found++; at = next + needle->size; continue; }
                at = end - (needle->size - 1);
                if (at == end) break;
            }
            const char *next = memchr(at, needle->text[0], end - at);
            if (!next) break;
            at = next + 1;
            needle->matched = 1;
            if (needle->size == 1) { found++; needle->matched = 0; }
        } else if (*at == needle->text[needle->matched]) {
            at++;
            if (++needle->matched == needle->size) { found++; needle->matched = 0; }
        } else {
            needle->matched = 0;
        }
    }
    return found;
}

static void join(struct caller *c) {
    struct sockaddr_in address = loopback(port);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) die("connect");
    ready(c->fd);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
    reconnects++;
}

static void rejoin(struct caller *c) { close(c->fd); join(c); }

static void push(struct caller *c) {
    while (c->sent < request_size) {
        ssize_t sent = write(c->fd, c->request + c->sent, request_size - c->sent);
        if (sent < 0 && errno == EAGAIN) break;
        if (sent < 0) return;  /* the answer, or its end, says more */
        c->sent += sent;
    }
    struct epoll_event event = {.events = EPOLLIN | (c->sent < request_size ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
}

static void ask(struct caller *c) {
    long long now = micros();
    if (now >= ends || (most && number >= most)) { c->busy = 0; c->due = 0; return; }
    if (c->fd < 0) join(c);
    else if (c->close_after) rejoin(c);
    number++;
    if (numbered) { char digits[32]; snprintf(digits, sizeof digits, "%010lld", number); memcpy(c->request + number_at, digits, 10); }
    c->busy = 1; c->close_after = 0; c->head_size = 0; c->in_body = 0; c->body = 0; c->sent = 0; c->first_at = 0;
    c->chunk_state = 0; c->chunk_size = 0;
    c->count.matched = c->first.matched = 0;
    c->began = now;
    c->due = every ? now + every : 0;
    ssize_t sent = write(c->fd, c->request, request_size);  /* nearly always all there is to do */
    c->sent = sent > 0 ? sent : 0;
    if (c->sent < request_size) push(c);
}

static void end(struct caller *c, const char *fault) {
    long long now = micros();
    if (!fault && c->status != status_said) fault = "status";
    if (!fault && length_said && c->body != length_said) fault = "length";
    if (!fault && c->body < least) fault = "too short";
    if (fault) {
        wrong++;
        if (!*first_wrong) snprintf(first_wrong, sizeof first_wrong, "%s, %lld bytes of body: %.*s", fault, c->body,
            (int)(c->head_size > 300 ? 300 : c->head_size), c->head);
    } else if (all_answers++, now >= counting_from) {
        if (now < ends) answers++;
        note(&whole, now - c->began);
        if (c->first_at) note(&firsts, c->first_at - c->began);
    }
    c->busy = 0;
    if (!c->due || c->due <= now) ask(c);
}

static void content(struct caller *c, const char *data, size_t size) {
    c->body += size;
    long long now = 0;
    int counts = (now = micros()) >= counting_from && now < ends;
    if (counts) bytes += size;
    if (c->count.size) { long long found = seen(&c->count, data, size); if (counts) counted += found; }
    if (!c->first_at && (!c->first.size || seen(&c->first, data, size))) c->first_at = now;
}

static int read_head(struct caller *c) {
    c->status = 0;
    sscanf(c->head, "HTTP/1.1 %d", &c->status);
    if (c->status == 100) return 100;
    const char *length = header(c->head, c->head_size, "content-length:");
    const char *coding = header(c->head, c->head_size, "transfer-encoding:");
    const char *connection = header(c->head, c->head_size, "connection:");
    c->close_after = connection && !strncasecmp(connection, "close", 5);
    c->framing = head_only || c->status == 204 || c->status == 304 ? NONE : coding ? CHUNKED : length ? LENGTH : UNTIL_CLOSE;
    c->left = c->framing == LENGTH ? atoll(length) : 0;
    if (c->framing == NONE && length_said && length && atoll(length) == length_said) c->body = length_said;
    c->in_body = 1;
    return c->status;
}

/* Chunk states: 0 = the line with the size, 1 = the chunk, 2 = the line after it, 3 = the trailer. Returns 1 at the end. */
static int chunks(struct caller *c, const char *data, size_t size) {
    size_t at = 0;
    while (at < size) {
        if (c->chunk_state == 1) {
            size_t take = (long long)(size - at) < c->left ? size - at : (size_t)c->left;
            content(c, data + at, take);
            at += take;
            if (!(c->left -= take)) c->chunk_state = 2;
            continue;
        }
        char letter = data[at++];
        if (letter != '\n') {
            if (letter != '\r' && c->chunk_size < 31) c->chunk_line[c->chunk_size++] = letter;
            continue;
        }
        c->chunk_line[c->chunk_size] = 0;
        if (c->chunk_state == 0) {
            c->left = strtoll(c->chunk_line, NULL, 16);
            c->chunk_state = c->left ? 1 : 3;
        } else if (c->chunk_state == 2) {
            c->chunk_state = 0;
        } else if (!c->chunk_size) {
            return 1;
        }
        c->chunk_size = 0;
    }
    return 0;
}

/* One piece of an answer. Returns 1 when the answer is whole. */
static int take(struct caller *c, const char *data, size_t size) {
    while (!c->in_body) {
        size_t room = sizeof c->head - 1 - c->head_size, part = size < room ? size : room, before = c->head_size;
        memcpy(c->head + before, data, part);
        size_t head = head_end(c->head, before + part);
        if (!head) { c->head_size += part; return 0; }
        c->head_size = head;
        c->head[head] = 0;
        data += head - before;
        size -= head - before;
        if (read_head(c) == 100) { c->head_size = 0; if (!size) return 0; continue; }
        if (c->framing == NONE || (c->framing == LENGTH && !c->left)) return 1;
    }
    switch (c->framing) {
    case CHUNKED: return chunks(c, data, size);
    case LENGTH:
        content(c, data, size);
        return (c->left -= size) <= 0;
    default: content(c, data, size); return 0;
    }
}

static void receive(struct caller *c) {
    static char buffer[1 << 20];
    for (;;) {
        ssize_t got = read(c->fd, buffer, sizeof buffer);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) {
            c->close_after = 1;
            if (!c->busy) { rejoin(c); c->close_after = 0; return; }
            end(c, c->in_body && c->framing == UNTIL_CLOSE ? NULL : "broken off");
            return;
        }
        if (c->busy && take(c, buffer, got)) { end(c, NULL); return; }
        if (got < (ssize_t)sizeof buffer) return;
    }
}

static void read_option(char *word) {
    char *value = strchr(word, '=');
    if (!value) { fprintf(stderr, "not name=value: %s\n", word); exit(2); }
    *value++ = 0;
    #define OPTION(name, what) if (!strcmp(word, name)) { what; return; }
    OPTION("callers", callers = atoi(value))
    OPTION("seconds", seconds = atof(value))
    OPTION("warm", warm = atof(value))
    OPTION("most", most = atoll(value))
    OPTION("every", every = atoll(value))
    OPTION("ramp", ramp = atoll(value))
    OPTION("status", status_said = atoi(value))
    OPTION("length", length_said = atoll(value))
    OPTION("least", least = atoll(value))
    OPTION("head", head_only = atoi(value))
    OPTION("count", count_text = value)
    OPTION("first", first_text = value)
    OPTION("patience", patience = atof(value))
    fprintf(stderr, "no such option: %s\n", word);
    exit(2);
}

static double own_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void print_text(const char *text) {
    for (; *text; text++)
        if (*text == '"' || *text == '\\') printf("\\%c", *text);
        else if ((unsigned char)*text < 32) printf(" ");
        else putchar(*text);
}

int main(int count, char **words) {
    if (count < 3) { fprintf(stderr, "usage: load PORT REQUEST [name=value ...]\n"); return 2; }
    port = atoi(words[1]);
    request = slurp(words[2], &request_size);
    for (int i = 3; i < count; i++) read_option(words[i]);
    char *mark = memmem(request, request_size, "#NUMBER###", 10);
    if (mark) numbered = 1, number_at = mark - request;
    poller = epoll_create1(0);
    struct caller *all = calloc(callers, sizeof *all);
    if (!all) die("memory");
    for (int i = 0; i < callers; i++) {
        struct caller *c = &all[i];
        c->request = memcpy(grown(NULL, request_size), request, request_size);
        c->count = (struct needle){count_text, strlen(count_text), 0};
        c->first = (struct needle){first_text, strlen(first_text), 0};
        c->fd = -1;
        if (!ramp) join(c);
    }
    started = micros();
    counting_from = started + (long long)(warm * 1e6);
    ends = counting_from + (long long)(seconds * 1e6);
    long long stops = ends + (long long)(patience * 1e6);
    for (int i = 0; i < callers; i++)
        if (ramp) all[i].due = started + i * ramp;
        else ask(&all[i]);
    struct epoll_event events[1024];
    for (;;) {
        int busy = 0, wait = 100;
        long long now = micros();
        for (int i = 0; (every || ramp) && i < callers; i++) {
            struct caller *c = &all[i];
            if (!c->busy && c->due && c->due <= now) ask(c);
            if (!c->busy && c->due && c->due > now) { int left = (int)((c->due - now + 999) / 1000); if (left < wait) wait = left; }
        }
        for (int i = 0; i < callers && !busy; i++) busy = all[i].busy || all[i].due;
        if (!busy || now >= stops) break;
        int found = epoll_wait(poller, events, 1024, wait);
        for (int i = 0; i < found; i++) {
            struct caller *c = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) push(c);
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c);
        }
    }
    for (int i = 0; i < callers; i++) unanswered += all[i].busy;
    if (unanswered && !*first_wrong) snprintf(first_wrong, sizeof first_wrong, "%lld never ended", unanswered);
    long long over = micros() < ends ? micros() : ends;
    printf("{\"seconds\":%.4f,\"answers\":%lld,\"all_answers\":%lld,\"wrong\":%lld,\"bytes\":%lld,\"counted\":%lld,\"connections\":%lld,\"own_seconds\":%.3f",
        (over - counting_from) / 1e6, answers, all_answers, wrong + unanswered, bytes, counted, reconnects, own_seconds());
    print_times("whole_us", &whole);
    print_times("first_us", &firsts);
    printf(",\"first_wrong\":\"");
    print_text(first_wrong);
    printf("\"}\n");
    return 0;
}
