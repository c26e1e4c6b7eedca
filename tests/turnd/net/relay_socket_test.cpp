// Relay sockets: claim a port, bind it, and what happens when the world is in the way.
#include "turnd/net/relay_socket.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>

#include "tests/turnd/net/udp_socket.h"
#include "turnd/crypto/random.h"
#include "turnd/net/relay_table.h"

namespace turnd::net {
namespace {

using namespace std::chrono_literals;
using turn::PortChoice;

constexpr turn::PortRange kRange{49152, 65535};

turn::RelayAddress plain(std::string_view text) {
  const base::IpAddress address = base::IpAddress::parse(text).value();
  return {address, address};
}

int option(int descriptor, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  EXPECT_EQ(getsockopt(descriptor, level, name, &value, &size), 0);
  return value;
}

// No descriptor can be opened while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{0, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

class IgnoringOwner final : public RelaySocket::Owner {
 public:
  void on_relay_ready(RelaySocket&, const base::Now&) override {}
};

class RelaySocketTest : public testing::Test {
 protected:
  static base::Result<BoundPort, turn::OpenError> bind(turn::OpenRelay& request, const turn::RelayPorts& ports) {
    return bind_relay_port(request, ports, crypto::system_random, kNow);
  }
  static base::Result<BoundPort, turn::OpenError> bind(const turn::RelayPorts& ports,
                                                       PortChoice choice = PortChoice::any) {
    turn::OpenRelay request{{1}, base::Family::ipv4, choice, {}};
    return bind(request, ports);
  }

  static constexpr base::TimePoint kNow{1000s};
  const turn::RelayPorts ports_{{plain("127.0.0.1"), plain("::1")}, kRange, nullptr};
};

TEST_F(RelaySocketTest, IsBoundToThePortThatItClaimed) {
  for (const base::Family family : base::kFamilies) {
    turn::OpenRelay request{{1}, family, PortChoice::any, {}};

    const auto bound = bind(request, ports_);

    ASSERT_TRUE(bound);
    EXPECT_EQ(posix::local_endpoint(bound->socket.get()), bound->claim.bound());
    EXPECT_EQ(bound->claim.bound().address.family(), family);
    EXPECT_TRUE(kRange.contains(bound->claim.bound().port));
  }
}

TEST_F(RelaySocketTest, HasAnEvenPortAndTheNextOnRequest_Rfc8656_s7_2) {
  const auto even = bind(ports_, PortChoice::even);
  const auto pair = bind(ports_, PortChoice::even_reserve_next);

  ASSERT_TRUE(even);
  EXPECT_EQ(even->claim.bound().port % 2, 0);
  EXPECT_FALSE(even->next);
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->claim.bound().port % 2, 0);
  ASSERT_TRUE(pair->next);
  EXPECT_EQ(pair->next->bound().port, pair->claim.bound().port + 1);
}

TEST_F(RelaySocketTest, TakesTheReservedPort_Rfc8656_s7_2) {
  auto pair = bind(ports_, PortChoice::even_reserve_next);
  const std::uint16_t reserved = pair->next->bound().port;
  turn::OpenRelay request{{2}, base::Family::ipv4, PortChoice::any, std::move(pair->next)};

  const auto bound = bind(request, ports_);

  ASSERT_TRUE(bound);
  EXPECT_EQ(bound->claim.bound().port, reserved);
}

TEST_F(RelaySocketTest, LeavesAPortThatAnotherProcessHoldsAloneForAMinute) {
  const UdpSocket other;
  const std::uint16_t port = other.local().port;
  const turn::RelayPorts ports({plain("127.0.0.1")}, {port, port}, nullptr);

  const auto bound = bind(ports);

  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error(), turn::OpenError::no_port);
  const turn::PortBitmap& bitmap = *ports.bitmaps().front();
  EXPECT_TRUE(bitmap.is_foreign(port, kNow + 59s));
  EXPECT_FALSE(bitmap.is_foreign(port, kNow + 60s));
  EXPECT_FALSE(bitmap.is_claimed(port));
}

TEST_F(RelaySocketTest, TriesAnotherPortThanAForeignOne) {
  const UdpSocket other;
  const std::uint16_t port = other.local().port;
  const turn::PortRange around{static_cast<std::uint16_t>(port - 3), port};
  const turn::RelayPorts ports({plain("127.0.0.1")}, around, nullptr);
  std::vector<BoundPort> all;

  while (auto bound = bind(ports)) all.push_back(std::move(*bound));

  EXPECT_FALSE(all.empty());
  for (const BoundPort& each : all) EXPECT_NE(each.claim.bound().port, port);
}

TEST_F(RelaySocketTest, KeepsAReservedPortForAnotherTryWhenDescriptorsRunOut) {
  auto pair = bind(ports_, PortChoice::even_reserve_next);
  turn::OpenRelay request{{2}, base::Family::ipv4, PortChoice::any, std::move(pair->next)};
  {
    const NoDescriptors none;
    const auto refused = bind(request, ports_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), turn::OpenError::no_descriptor);
  }

  EXPECT_TRUE(request.reserved);
  EXPECT_TRUE(bind(request, ports_));
}

TEST_F(RelaySocketTest, FailsOnAnAddressThatThisMachineLacksAndGivesThePortBack) {
  const turn::RelayPorts ports({plain("203.0.113.77")}, kRange, nullptr);

  const auto bound = bind(ports);

  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error(), turn::OpenError::failed);
  EXPECT_EQ(ports.bitmaps().front()->free_in(kRange), 16'384u);
}

TEST_F(RelaySocketTest, SetsDontFragmentOnlyForPacketsThatAskForIt_Rfc8656_s14_8) {
  IgnoringOwner owner;
  auto bound = bind(ports_);
  ASSERT_TRUE(bound);
  RelaySocket relay({1}, std::move(*bound), owner);
  const auto mode = [&] { return option(relay.descriptor(), IPPROTO_IP, IP_MTU_DISCOVER); };

  EXPECT_EQ(mode(), IP_PMTUDISC_DONT);
  relay.set_fragmentation(turn::Fragmentation::forbidden);
  EXPECT_EQ(mode(), IP_PMTUDISC_DO);
  relay.set_fragmentation(turn::Fragmentation::allowed);
  EXPECT_EQ(mode(), IP_PMTUDISC_DONT);
}

TEST_F(RelaySocketTest, CostsLittleMemory) { EXPECT_LE(sizeof(RelaySocket), 64u); }

TEST_F(RelaySocketTest, HoldsItsPortUntilItIsClosed) {
  Poller poller;
  IgnoringOwner owner;
  RelayTable table(poller);
  for (std::uint64_t id = 1; id <= 5; ++id) {
    auto bound = bind(ports_);
    ASSERT_TRUE(table.add(std::make_unique<RelaySocket>(turn::RelayId{id}, std::move(*bound), owner)));
  }
  const auto held = [&] { return kRange.high - kRange.low + 1U - ports_.bitmaps().front()->free_in(kRange); };

  for (std::uint64_t id = 1; id <= 5; ++id) table.retire({id});
  const auto held_when_retired = held();
  table.close_retired(3);

  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.find({1}), nullptr);
  EXPECT_EQ(held_when_retired, 5u);
  EXPECT_EQ(table.retired(), 2u);
  EXPECT_EQ(held(), 2u);
}

}  // namespace
}  // namespace turnd::net
