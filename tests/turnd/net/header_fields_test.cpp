// TTL, DSCP and ECN through the engine with real sockets, whatever the kernel merges and cuts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/turnd/net/runner_fixture.h"
#include "turnd/net/receive_batch.h"

namespace turnd::net {
namespace {

using support::Client;
using testing::ElementsAreArray;
using turn::DropReason;
using turn::HeaderFields;

// Expedited forwarding twice, one of them with congestion experienced; a last bit alone (RFC 3168).
constexpr std::array kCame{HeaderFields{64, 46 << 2}, HeaderFields{64, 46 << 2}, HeaderFields{64, 46 << 2 | 3},
                           HeaderFields{2, 1}};
constexpr std::array kLeft{HeaderFields{63, 46 << 2}, HeaderFields{63, 46 << 2}, HeaderFields{63, 46 << 2 | 3},
                           HeaderFields{1, 1}};

class HeaderFieldsTest : public RunnerFixture, public testing::WithParamInterface<const char*> {
 protected:
  HeaderFieldsTest() : RunnerFixture({{kLoopback, kLoopback}, {kLoopback6, kLoopback6}}, kRange, without(GetParam())) {
    ask_for_header_fields(alice.descriptor(), base::Family::ipv4);
    ask_for_header_fields(bob.descriptor(), base::Family::ipv4);
  }
  static KernelFeatures without(std::string_view names) {
    KernelFeatures features = probe_kernel_features();
    EXPECT_TRUE(switch_off(names, features).empty());
    return features;
  }
  // A relay to such a peer.
  base::Endpoint allocate_to(const UdpSocket& peer) {
    const base::Family family = peer.local().address.family();
    ask_for_header_fields(peer.descriptor(), family);
    return alice.allocate([&](auto& message) { message.add(stun::RequestedAddressFamily{family}); }).relayed();
  }
  // Of what has arrived there.
  std::vector<HeaderFields> arrived(int descriptor) {
    settle();
    ReceiveBatch& batch = ReceiveBatch::mine();
    std::vector<HeaderFields> all(batch.receive(descriptor));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = batch.header_fields(i).value();
    return all;
  }

  Caller alice{*this, "alice"};
  Caller bob{*this, "bob"};
  const base::Bytes in_channel = Client::channel_data(0x4000, "payload");
};

// From a client of IPv4 to peers of both families and back.
TEST_P(HeaderFieldsTest, AreThoseThatCameWithOneHopLess_Rfc8656_s13_s14) {
  for (const char* loopback : {"127.0.0.1:0", "[::1]:0"}) {
    SCOPED_TRACE(loopback);
    UdpSocket peer(loopback);
    const base::Endpoint relayed_address = allocate_to(peer);
    ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());

    for (const HeaderFields& fields : kCame) {
      alice.mark(fields);
      alice.send(in_channel);
    }
    EXPECT_THAT(arrived(peer.descriptor()), ElementsAreArray(kLeft));
    for (const HeaderFields& fields : kCame) {
      peer.mark(fields);
      peer.send(relayed_address, "payload");
    }
    EXPECT_THAT(arrived(alice.descriptor()), ElementsAreArray(kLeft));
    ASSERT_TRUE(alice.end().succeeded());
  }
}

TEST_P(HeaderFieldsTest, OfIndicationsAreThoseToo_Rfc8656_s14) {
  UdpSocket peer;
  const base::Endpoint relayed_address = allocate_to(peer);
  ASSERT_TRUE(alice.permit(peer.local()).succeeded());

  for (const HeaderFields& fields : kCame) {
    alice.mark(fields);
    alice.send(alice.client().send_indication(peer.local(), "payload"));
  }
  EXPECT_THAT(arrived(peer.descriptor()), ElementsAreArray(kLeft));
  for (const HeaderFields& fields : kCame) {
    peer.mark(fields);
    peer.send(relayed_address, "payload");
  }
  EXPECT_THAT(arrived(alice.descriptor()), ElementsAreArray(kLeft));
}

TEST_P(HeaderFieldsTest, LoseAHopAtEachOfTwoRelays) {
  const base::Endpoint of_alice = alice.allocate().relayed();
  const base::Endpoint of_bob = bob.allocate().relayed();
  ASSERT_TRUE(alice.bind(0x4000, of_bob).succeeded());
  ASSERT_TRUE(bob.bind(0x4000, of_alice).succeeded());

  for (const HeaderFields& fields : {HeaderFields{64, 46 << 2}, HeaderFields{2, 0}}) {
    alice.mark(fields);
    alice.send(in_channel);
  }

  EXPECT_THAT(arrived(bob.descriptor()), testing::ElementsAre(HeaderFields{62, 46 << 2}));
  EXPECT_EQ(drops(DropReason::ttl_expired), 1u);
}

TEST_P(HeaderFieldsTest, OfAPacketOnItsLastHopDropIt_Rfc8656_s14) {
  UdpSocket peer;
  const base::Endpoint relayed_address = allocate_to(peer);
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());
  alice.mark({1, 0});
  peer.mark({1, 0});

  alice.send(in_channel);
  peer.send(relayed_address, "payload");

  EXPECT_TRUE(arrived(peer.descriptor()).empty());
  EXPECT_TRUE(arrived(alice.descriptor()).empty());
  EXPECT_EQ(drops(DropReason::ttl_expired), 2u);
}

INSTANTIATE_TEST_SUITE_P(Features, HeaderFieldsTest, testing::Values("", "gso", "gro", "gso,gro"));

}  // namespace
}  // namespace turnd::net
