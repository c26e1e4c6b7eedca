#include "turnctl/datagram_batches.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "turnd/base/bytes.h"

namespace turnctl {
namespace {

using turnd::base::as_bytes;
using turnd::base::as_text;

// Two UDP sockets of the loopback, connected to each other.
class DatagramBatchesTest : public testing::Test {
 protected:
  DatagramBatchesTest() {
    for (int& each : ends) each = bound();
    connect_to(ends[0], ends[1]);
    connect_to(ends[1], ends[0]);
  }
  ~DatagramBatchesTest() override {
    for (const int each : ends) close(each);
  }
  std::vector<std::string> received(std::size_t count) {
    std::vector<std::string> all;
    pollfd ready{ends[1], POLLIN, 0};
    while (all.size() < count && poll(&ready, 1, 5000) > 0)
      batches.receive(ends[1], [&](turnd::base::ByteView datagram) { all.emplace_back(as_text(datagram)); });
    return all;
  }

  int ends[2]{};
  DatagramBatches batches;

 private:
  static int bound() {
    const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) ADD_FAILURE() << "no port";
    return descriptor;
  }
  static void connect_to(int from, int to) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(to, reinterpret_cast<sockaddr*>(&address), &size);
    if (connect(from, reinterpret_cast<sockaddr*>(&address), size) != 0) ADD_FAILURE() << "not connected";
  }
};

TEST_F(DatagramBatchesTest, ArriveOneByOne) {
  EXPECT_EQ(batches.send(ends[0], as_bytes("twenty bytes of it.."), 5), 5u);
  EXPECT_EQ(batches.send(ends[0], as_bytes("one"), 1), 1u);

  const auto all = received(6);
  ASSERT_EQ(all.size(), 6u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(all[i], "twenty bytes of it..");
  EXPECT_EQ(all[5], "one");
}

TEST_F(DatagramBatchesTest, MayBeMoreThanOneCallReceives) {
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(batches.send(ends[0], as_bytes("many"), DatagramBatches::kMost), DatagramBatches::kMost);

  EXPECT_EQ(received(3 * DatagramBatches::kMost).size(), 3 * DatagramBatches::kMost);
}

// What the other end does not take is lost, and no matter of this machine's.
TEST_F(DatagramBatchesTest, HaveLeftAlsoWhenNobodyListens) {
  close(ends[1]);
  ends[1] = -1;
  for (const std::size_t times : {1u, 1u, 2u, 2u, 1u})
    EXPECT_EQ(batches.send(ends[0], as_bytes("gone"), times), times) << "in spite of the ICMP error of the one before";
}

// A pair of Unix sockets is full after a few datagrams that nobody reads, whatever memory the machine has.
TEST(DatagramBatchesSent, AreThoseThatTheKernelTook) {
  int ends[2]{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 0);
  DatagramBatches batches;
  std::size_t taken = 0;
  std::size_t refused = 0;
  for (int i = 0; i < 10'000 && refused == 0; ++i) {
    const std::size_t now = batches.send(ends[0], as_bytes("full"), 1);
    taken += now;
    refused += 1 - now;
  }

  std::size_t arrived = 0;
  batches.receive(ends[1], [&](turnd::base::ByteView) { ++arrived; });
  EXPECT_EQ(refused, 1u);
  EXPECT_EQ(arrived, taken);
  for (const int each : ends) close(each);
}

}  // namespace
}  // namespace turnctl
