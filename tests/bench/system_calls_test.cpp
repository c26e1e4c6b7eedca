// That what is counted is counted: a wrapper that the linker did not bind would find nothing to complain about.
#include "tests/bench/system_calls.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <new>

namespace turnd::bench {
namespace {

constexpr int kNone = -1;  // a descriptor: the calls fail, and are calls

TEST(CountingTest, SeesEveryCallThatSends) {
  const char byte = 0;
  mmsghdr several[2]{};
  const msghdr one{};
  const iovec nothing{};
  const Counting counting;
  EXPECT_LT(::send(kNone, &byte, 1, 0), 0);
  EXPECT_LT(::sendto(kNone, &byte, 1, 0, nullptr, 0), 0);
  EXPECT_LT(::sendmsg(kNone, &one, 0), 0);
  EXPECT_LT(::sendmmsg(kNone, several, 2, 0), 0);
  EXPECT_LT(::writev(kNone, &nothing, 1), 0);
  EXPECT_LT(::write(kNone, &byte, 1), 0);

  EXPECT_EQ(counting.so_far().calls, 6u);
  EXPECT_EQ(counting.so_far().messages, 6u);  // write() is of descriptors by which threads wake each other
}

TEST(CountingTest, SeesEveryCallThatReceives) {
  char byte = 0;
  mmsghdr several[2]{};
  msghdr one{};
  const iovec nothing{};
  const Counting counting;
  EXPECT_LT(::recv(kNone, &byte, 1, 0), 0);
  EXPECT_LT(::recvfrom(kNone, &byte, 1, 0, nullptr, nullptr), 0);
  EXPECT_LT(::recvmsg(kNone, &one, 0), 0);
  EXPECT_LT(::recvmmsg(kNone, several, 2, 0, nullptr), 0);
  EXPECT_LT(::read(kNone, &byte, 1), 0);
  EXPECT_LT(::readv(kNone, &nothing, 1), 0);
  EXPECT_LT(::accept(kNone, nullptr, nullptr), 0);
  EXPECT_LT(::accept4(kNone, nullptr, nullptr, 0), 0);

  EXPECT_EQ(counting.so_far().calls, 8u);
  EXPECT_EQ(counting.so_far().messages, 0u);
}

TEST(CountingTest, SeesEveryCallThatWaits) {
  epoll_event event{};
  pollfd none{};
  const timespec at_once{};
  const Counting counting;
  EXPECT_LT(::epoll_wait(kNone, &event, 1, 0), 0);
  EXPECT_LT(::epoll_pwait(kNone, &event, 1, 0, nullptr), 0);
  EXPECT_LT(::epoll_pwait2(kNone, &event, 1, &at_once, nullptr), 0);
  EXPECT_EQ(::poll(&none, 0, 0), 0);
  EXPECT_EQ(::ppoll(&none, 0, &at_once, nullptr), 0);
  EXPECT_EQ(::nanosleep(&at_once, nullptr), 0);
  EXPECT_EQ(::clock_nanosleep(CLOCK_MONOTONIC, 0, &at_once, nullptr), 0);

  EXPECT_EQ(counting.so_far().calls, 7u);
}

TEST(CountingTest, SeesEveryCallThatSetsAsksOrCloses) {
  epoll_event event{};
  const itimerspec never{};
  int value = 1;
  socklen_t size = sizeof value;
  const Counting counting;
  EXPECT_LT(::epoll_ctl(kNone, EPOLL_CTL_ADD, kNone, &event), 0);
  EXPECT_LT(::setsockopt(kNone, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value), 0);
  EXPECT_LT(::getsockopt(kNone, SOL_SOCKET, SO_REUSEADDR, &value, &size), 0);
  EXPECT_LT(::ioctl(kNone, FIONREAD, &value), 0);
  EXPECT_LT(::timerfd_settime(kNone, 0, &never, nullptr), 0);
  EXPECT_LT(::close(kNone), 0);

  EXPECT_EQ(counting.so_far().calls, 6u);
}

TEST(CountingTest, SeesMemoryOfOurOwnAndOfOpenSsl) {
  constexpr std::align_val_t line{64};
  const Counting counting;
  ::operator delete(::operator new(10));
  ::operator delete[](::operator new[](10));
  ::operator delete(::operator new(10, line), line);
  OPENSSL_free(OPENSSL_malloc(10));

  EXPECT_EQ(counting.so_far().allocations, 3u);
  EXPECT_EQ(counting.so_far().openssl_allocations, 1u);
}

}  // namespace
}  // namespace turnd::bench
