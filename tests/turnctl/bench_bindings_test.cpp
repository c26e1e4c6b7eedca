#include "turnctl/bench_bindings.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "turnd/posix/socket_address.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;

// Of the loopback: nobody listens there by now.
turnd::base::Endpoint left_behind() {
  const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const auto endpoint = turnd::posix::local_endpoint(descriptor);
  close(descriptor);
  return endpoint;
}

// More clients than are read from at once, so that some still have the ICMP error when they send again.
TEST(BenchBindings, CountWhatADeadServerDoesNotTakeAsLost) {
  const auto measured = measure_bindings({.server = left_behind(), .clients = 300, .window = 65, .duration = 300ms});

  ASSERT_TRUE(measured) << measured.error().detail;
  EXPECT_GE(measured->sent, 300u * 64u);
  EXPECT_EQ(measured->refused, 0u);
  EXPECT_EQ(measured->answered, 0u);
}

}  // namespace
}  // namespace turnctl
