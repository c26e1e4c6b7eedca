#include "tests/bench/system_calls.h"

#include <openssl/crypto.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace turnd::bench {
namespace {

std::atomic<bool> counts{false};
std::atomic<std::uint64_t> calls{0};
std::atomic<std::uint64_t> messages{0};
std::atomic<std::uint64_t> allocations{0};
std::atomic<std::uint64_t> openssl_allocations{0};

void count(std::atomic<std::uint64_t>& what, std::uint64_t by = 1) {
  if (counts) what.fetch_add(by, std::memory_order_relaxed);
}

void* counted_malloc(std::size_t size, const char* /*file*/, int /*line*/) {
  count(openssl_allocations);
  return std::malloc(size);
}
void* counted_realloc(void* memory, std::size_t size, const char* /*file*/, int /*line*/) {
  count(openssl_allocations);
  return std::realloc(memory, size);
}
void uncounted_free(void* memory, const char* /*file*/, int /*line*/) { std::free(memory); }

// OpenSSL takes others only until it has allocated for the first time: before main. Refused, the count stays 0, and the
// test of what is counted fails.
[[gnu::constructor(101)]] void count_openssl() {
  (void)CRYPTO_set_mem_functions(counted_malloc, counted_realloc, uncounted_free);
}

}  // namespace

Counting::Counting() {
  calls = messages = allocations = openssl_allocations = 0;
  counts = true;
}
Counting::~Counting() { counts = false; }
Counts Counting::so_far() const { return {calls, messages, allocations, openssl_allocations}; }

}  // namespace turnd::bench

using turnd::bench::allocations;
using turnd::bench::calls;
using turnd::bench::count;
using turnd::bench::messages;

[[gnu::noinline]] void* operator new(std::size_t size) {
  count(allocations);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  count(allocations);
  const auto unit = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
  throw std::bad_alloc();
}
// Out of line: inlined, they look to the compiler like a mismatch with the `new` that it knows.
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

int __real_epoll_wait(int, epoll_event*, int, int);
int __real_epoll_pwait(int, epoll_event*, int, int, const sigset_t*);
int __real_epoll_pwait2(int, epoll_event*, int, const timespec*, const sigset_t*);
int __real_epoll_ctl(int, int, int, epoll_event*);
int __real_setsockopt(int, int, int, const void*, socklen_t);
int __real_recvmmsg(int, mmsghdr*, unsigned, int, timespec*);
int __real_sendmmsg(int, mmsghdr*, unsigned, int);
ssize_t __real_recv(int, void*, std::size_t, int);
ssize_t __real___recv_chk(int, void*, std::size_t, std::size_t, int);
ssize_t __real_recvfrom(int, void*, std::size_t, int, sockaddr*, socklen_t*);
ssize_t __real___recvfrom_chk(int, void*, std::size_t, std::size_t, int, sockaddr*, socklen_t*);
ssize_t __real_recvmsg(int, msghdr*, int);
ssize_t __real_send(int, const void*, std::size_t, int);
ssize_t __real_sendto(int, const void*, std::size_t, int, const sockaddr*, socklen_t);
ssize_t __real_sendmsg(int, const msghdr*, int);
ssize_t __real_read(int, void*, std::size_t);
ssize_t __real___read_chk(int, void*, std::size_t, std::size_t);
ssize_t __real_write(int, const void*, std::size_t);
int __real_clock_nanosleep(clockid_t, int, const timespec*, timespec*);
int __real_nanosleep(const timespec*, timespec*);
int __real_timerfd_settime(int, int, const itimerspec*, itimerspec*);
int __real_poll(pollfd*, nfds_t, int);
int __real___poll_chk(pollfd*, nfds_t, int, std::size_t);
int __real_ppoll(pollfd*, nfds_t, const timespec*, const sigset_t*);
int __real___ppoll_chk(pollfd*, nfds_t, const timespec*, const sigset_t*, std::size_t);
ssize_t __real_readv(int, const iovec*, int);
ssize_t __real_writev(int, const iovec*, int);
int __real_accept(int, sockaddr*, socklen_t*);
int __real_accept4(int, sockaddr*, socklen_t*, int);
int __real_close(int);
int __real_getsockopt(int, int, int, void*, socklen_t*);
int __real_ioctl(int, unsigned long, ...);

int __wrap_epoll_wait(int poller, epoll_event* events, int most, int timeout) {
  count(calls);
  return __real_epoll_wait(poller, events, most, timeout);
}
int __wrap_epoll_pwait(int poller, epoll_event* events, int most, int timeout, const sigset_t* signals) {
  count(calls);
  return __real_epoll_pwait(poller, events, most, timeout, signals);
}
int __wrap_epoll_pwait2(int poller, epoll_event* events, int most, const timespec* timeout, const sigset_t* signals) {
  count(calls);
  return __real_epoll_pwait2(poller, events, most, timeout, signals);
}
int __wrap_epoll_ctl(int poller, int operation, int descriptor, epoll_event* event) {
  count(calls);
  return __real_epoll_ctl(poller, operation, descriptor, event);
}
int __wrap_setsockopt(int descriptor, int level, int name, const void* value, socklen_t size) {
  count(calls);
  return __real_setsockopt(descriptor, level, name, value, size);
}
int __wrap_recvmmsg(int descriptor, mmsghdr* headers, unsigned most, int flags, timespec* timeout) {
  count(calls);
  return __real_recvmmsg(descriptor, headers, most, flags, timeout);
}
int __wrap_sendmmsg(int descriptor, mmsghdr* headers, unsigned size, int flags) {
  count(calls);
  count(messages, size);
  return __real_sendmmsg(descriptor, headers, size, flags);
}
ssize_t __wrap_recv(int descriptor, void* into, std::size_t size, int flags) {
  count(calls);
  return __real_recv(descriptor, into, size, flags);
}
ssize_t __wrap___recv_chk(int descriptor, void* into, std::size_t size, std::size_t room, int flags) {
  count(calls);
  return __real___recv_chk(descriptor, into, size, room, flags);
}
ssize_t __wrap_recvfrom(int descriptor, void* into, std::size_t size, int flags, sockaddr* from, socklen_t* length) {
  count(calls);
  return __real_recvfrom(descriptor, into, size, flags, from, length);
}
ssize_t __wrap___recvfrom_chk(int descriptor, void* into, std::size_t size, std::size_t room, int flags, sockaddr* from,
                              socklen_t* length) {
  count(calls);
  return __real___recvfrom_chk(descriptor, into, size, room, flags, from, length);
}
ssize_t __wrap_recvmsg(int descriptor, msghdr* message, int flags) {
  count(calls);
  return __real_recvmsg(descriptor, message, flags);
}
ssize_t __wrap_send(int descriptor, const void* from, std::size_t size, int flags) {
  count(calls);
  count(messages);
  return __real_send(descriptor, from, size, flags);
}
ssize_t __wrap_sendto(int descriptor, const void* from, std::size_t size, int flags, const sockaddr* to,
                      socklen_t length) {
  count(calls);
  count(messages);
  return __real_sendto(descriptor, from, size, flags, to, length);
}
ssize_t __wrap_sendmsg(int descriptor, const msghdr* message, int flags) {
  count(calls);
  count(messages);
  return __real_sendmsg(descriptor, message, flags);
}
// Of descriptors by which threads wake each other.
ssize_t __wrap_read(int descriptor, void* into, std::size_t size) {
  count(calls);
  return __real_read(descriptor, into, size);
}
ssize_t __wrap___read_chk(int descriptor, void* into, std::size_t size, std::size_t room) {
  count(calls);
  return __real___read_chk(descriptor, into, size, room);
}
ssize_t __wrap_write(int descriptor, const void* from, std::size_t size) {
  count(calls);
  return __real_write(descriptor, from, size);
}
ssize_t __wrap_readv(int descriptor, const iovec* parts, int size) {
  count(calls);
  return __real_readv(descriptor, parts, size);
}
ssize_t __wrap_writev(int descriptor, const iovec* parts, int size) {
  count(calls);
  count(messages);
  return __real_writev(descriptor, parts, size);
}
int __wrap_poll(pollfd* descriptors, nfds_t size, int timeout) {
  count(calls);
  return __real_poll(descriptors, size, timeout);
}
int __wrap___poll_chk(pollfd* descriptors, nfds_t size, int timeout, std::size_t room) {
  count(calls);
  return __real___poll_chk(descriptors, size, timeout, room);
}
int __wrap_ppoll(pollfd* descriptors, nfds_t size, const timespec* timeout, const sigset_t* signals) {
  count(calls);
  return __real_ppoll(descriptors, size, timeout, signals);
}
int __wrap___ppoll_chk(pollfd* descriptors, nfds_t size, const timespec* timeout, const sigset_t* signals,
                       std::size_t room) {
  count(calls);
  return __real___ppoll_chk(descriptors, size, timeout, signals, room);
}
int __wrap_accept(int descriptor, sockaddr* from, socklen_t* length) {
  count(calls);
  return __real_accept(descriptor, from, length);
}
int __wrap_accept4(int descriptor, sockaddr* from, socklen_t* length, int flags) {
  count(calls);
  return __real_accept4(descriptor, from, length, flags);
}
int __wrap_close(int descriptor) {
  count(calls);
  return __real_close(descriptor);
}
int __wrap_getsockopt(int descriptor, int level, int name, void* value, socklen_t* size) {
  count(calls);
  return __real_getsockopt(descriptor, level, name, value, size);
}
// Declared with `...`, called with one word at most: it is passed alike.
int __wrap_ioctl(int descriptor, unsigned long request, void* argument) {
  count(calls);
  return __real_ioctl(descriptor, request, argument);
}
int __wrap_timerfd_settime(int timer, int flags, const itimerspec* time, itimerspec* before) {
  count(calls);
  return __real_timerfd_settime(timer, flags, time, before);
}
// A rest is one too.
int __wrap_nanosleep(const timespec* time, timespec* left) {
  count(calls);
  return __real_nanosleep(time, left);
}
int __wrap_clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  count(calls);
  return __real_clock_nanosleep(clock, flags, time, left);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
