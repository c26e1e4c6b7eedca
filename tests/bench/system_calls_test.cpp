// That what is counted is counted: a wrapper that the linker did not bind would find nothing to complain about.
#include "tests/bench/system_calls.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <sys/epoll.h>
#include <sys/socket.h>
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
  const Counting counting;
  EXPECT_LT(::send(kNone, &byte, 1, 0), 0);
  EXPECT_LT(::sendto(kNone, &byte, 1, 0, nullptr, 0), 0);
  EXPECT_LT(::sendmsg(kNone, &one, 0), 0);
  EXPECT_LT(::sendmmsg(kNone, several, 2, 0), 0);
  EXPECT_LT(::write(kNone, &byte, 1), 0);

  EXPECT_EQ(counting.so_far().calls, 5u);
  EXPECT_EQ(counting.so_far().messages, 5u);  // write() is of descriptors by which threads wake each other
}

TEST(CountingTest, SeesEveryCallThatReceives) {
  char byte = 0;
  mmsghdr several[2]{};
  msghdr one{};
  const Counting counting;
  EXPECT_LT(::recv(kNone, &byte, 1, 0), 0);
  EXPECT_LT(::recvfrom(kNone, &byte, 1, 0, nullptr, nullptr), 0);
  EXPECT_LT(::recvmsg(kNone, &one, 0), 0);
  EXPECT_LT(::recvmmsg(kNone, several, 2, 0, nullptr), 0);
  EXPECT_LT(::read(kNone, &byte, 1), 0);

  EXPECT_EQ(counting.so_far().calls, 5u);
  EXPECT_EQ(counting.so_far().messages, 0u);
}

TEST(CountingTest, SeesEveryCallThatWaitsOrSets) {
  epoll_event event{};
  const timespec at_once{};
  const int value = 1;
  const Counting counting;
  EXPECT_LT(::epoll_wait(kNone, &event, 1, 0), 0);
  EXPECT_LT(::epoll_pwait(kNone, &event, 1, 0, nullptr), 0);
  EXPECT_LT(::epoll_pwait2(kNone, &event, 1, &at_once, nullptr), 0);
  EXPECT_LT(::epoll_ctl(kNone, EPOLL_CTL_ADD, kNone, &event), 0);
  EXPECT_LT(::setsockopt(kNone, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value), 0);
  EXPECT_EQ(::clock_nanosleep(CLOCK_MONOTONIC, 0, &at_once, nullptr), 0);

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
