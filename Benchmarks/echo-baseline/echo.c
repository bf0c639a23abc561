// SPDX-License-Identifier: Apache-2.0
//
// The fastest server that a ttrpc server could be: it reads frames, gives each back as an answer, and
// looks at nothing but the ten bytes of the header. One thread, epoll, all answers of a read in one write.
// scripts/bench measures it beside extrefd in the same run, so that figures from different machines can be
// compared as ratios.
//
// Prints its port on standard output and runs until it is killed.

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER_BYTES = 10, BUFFER_BYTES = 1 << 20, EVENTS_MAX = 256, TYPE_OFFSET = 8, TYPE_RESPONSE = 2 };

struct connection {
    int fd;
    size_t count;
    uint8_t bytes[BUFFER_BYTES];
};

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int listen_on_loopback(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) die("socket");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, length) < 0) die("bind");
    if (listen(fd, 1024) < 0) die("listen");
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) die("getsockname");
    printf("127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void take_connections(int poll, int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = malloc(sizeof *connection);
        if (!connection) die("malloc");
        connection->fd = fd;
        connection->count = 0;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
    }
}

// Turns each whole frame into its answer where it stands; returns the bytes of the whole frames.
static size_t answer(struct connection *connection) {
    size_t done = 0;
    while (connection->count - done >= HEADER_BYTES) {
        uint32_t length;
        memcpy(&length, connection->bytes + done, sizeof length);
        size_t frame = HEADER_BYTES + ntohl(length);
        if (connection->count - done < frame) break;
        connection->bytes[done + TYPE_OFFSET] = TYPE_RESPONSE;
        done += frame;
    }
    return done;
}

static int send_all(int fd, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) continue;
        if (sent < 0) return -1;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 0;
}

// Returns -1 when the connection is over.
static int serve(struct connection *connection) {
    size_t room = BUFFER_BYTES - connection->count;
    ssize_t got = recv(connection->fd, connection->bytes + connection->count, room, 0);
    if (got < 0 && errno == EAGAIN) return 0;
    if (got <= 0) return -1;
    connection->count += (size_t)got;
    size_t done = answer(connection);
    if (done == 0) return connection->count == BUFFER_BYTES ? -1 : 0;
    if (send_all(connection->fd, connection->bytes, done) < 0) return -1;
    connection->count -= done;
    memmove(connection->bytes, connection->bytes + done, connection->count);
    return 0;
}

int main(void) {
    int poll = epoll_create1(EPOLL_CLOEXEC);
    if (poll < 0) die("epoll_create1");
    int listener = listen_on_loopback();
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event) < 0) die("epoll_ctl");
    for (;;) {
        struct epoll_event events[EVENTS_MAX];
        int ready = epoll_wait(poll, events, EVENTS_MAX, -1);
        for (int index = 0; index < ready; index++) {
            struct connection *connection = events[index].data.ptr;
            if (!connection) {
                take_connections(poll, listener);
            } else if (serve(connection) < 0) {
                close(connection->fd);
                free(connection);
            }
        }
    }
}
