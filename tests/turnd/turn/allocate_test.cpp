// Allocate (RFC 8656 s7), both phases.
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

constexpr base::Family kIpv6 = base::Family::ipv6;

class AllocateTest : public testing::Test {
 protected:
  World world;
};

Attributes transport(std::uint8_t protocol) {
  return [=](stun::MessageBuilder& message) { message.add(stun::RequestedTransport{protocol}); };
}

TEST_F(AllocateTest, GivesARelayedAddressOfTheServer_Rfc8656_s7_3) {
  const Reply reply = world.allocate(world.alice);

  ASSERT_TRUE(reply.succeeded());
  EXPECT_EQ(reply.relayed().address, address("203.0.113.10"));
  EXPECT_EQ(reply.lifetime(), 600s);
  EXPECT_EQ(reply.get<stun::XorMappedAddress>()->endpoint, world.alice.tuple.client);
  EXPECT_FALSE(reply.has(stun::AttributeType::reservation_token));
  EXPECT_TRUE(reply.is_signed_with(world.alice.keys()));
  EXPECT_EQ(world.last<SessionOpened>().session.username, "alice");
  EXPECT_EQ(world.last<SessionOpened>().session.relayed, std::vector{reply.relayed()});
  EXPECT_TRUE(world.is_balanced());
}

TEST_F(AllocateTest, AnswersARetransmissionAlike_Rfc8656_s7_2) {
  const Reply first = world.allocate(world.alice);
  const base::Bytes again = world.alice.signed_again(stun::Method::allocate, transport(17));

  const Reply second = world.deliver(world.alice, again).value();

  EXPECT_EQ(second.bytes(), first.bytes());
  EXPECT_EQ(world.open_relays(), 1u);
  EXPECT_EQ(world.ledger.held(), 1u);
}

TEST_F(AllocateTest, RejectsASecondAllocateOnTheSameFiveTuple_Rfc8656_s7_2) {
  (void)world.allocate(world.alice);

  EXPECT_EQ(world.allocate(world.alice).code(), 437);
}

TEST_F(AllocateTest, AnswersOnceWhenTheRelayStands_Rfc8656_s7_2) {
  world.learn(world.alice);
  world.hold_relays();
  const base::Bytes request = world.alice.signed_request(stun::Method::allocate, transport(17));

  EXPECT_FALSE(world.deliver(world.alice, request));
  EXPECT_FALSE(world.deliver(world.alice, request));  // a retransmission meanwhile
  EXPECT_EQ(world.held_relays(), 1u);
  EXPECT_EQ(world.allocate(world.alice).code(), 437);  // another transaction
  EXPECT_EQ(world.refresh(world.alice, 600s).code(), 437);
  world.open_held();

  EXPECT_TRUE(world.last_reply()->succeeded());
  EXPECT_TRUE(world.is_balanced());
}

TEST_F(AllocateTest, GivesEverythingBackWhenTheRelayFails_Rfc8656_s7_2) {
  const std::pair<OpenError, int> cases[] = {
      {OpenError::no_port, 508}, {OpenError::no_descriptor, 508}, {OpenError::failed, 500}};
  world.learn(world.alice);
  world.hold_relays();
  for (const auto& [error, code] : cases) {
    (void)world.deliver(world.alice, world.alice.signed_request(stun::Method::allocate, transport(17)));
    world.fail_held(error);

    EXPECT_EQ(world.last_reply()->code(), code);
    EXPECT_EQ(world.ledger.held(), 0u);
    EXPECT_TRUE(world.is_balanced());
  }
  EXPECT_TRUE(world.all<SessionOpened>().empty());
  EXPECT_TRUE(world.all<SessionClosed>().empty());
}

TEST_F(AllocateTest, ClosesWhatOpensAfterTheClientHasGone) {
  Client client = World::make_client("alice", "10.1.1.1:40001", base::Transport::tcp);
  client.via = {77};
  world.learn(client);
  world.hold_relays();
  (void)world.deliver(client, client.signed_request(stun::Method::allocate, transport(17)));

  world.disconnect(client);
  EXPECT_EQ(world.ledger.held(), 0u);
  world.open_held();

  EXPECT_EQ(world.all<CloseRelay>().size(), 1u);
  EXPECT_EQ(world.ports_in_use(), 0u);
}

struct Refused {
  const char* name;
  Attributes attributes;
  int code;
};

TEST_F(AllocateTest, RefusesWhatCannotBeAsked_Rfc8656_s7_2) {
  const auto family = [](std::uint8_t number) { return base::Bytes{number, 0, 0, 0}; };
  using B = stun::MessageBuilder;
  using A = stun::AttributeType;
  const auto udp = [](B& m) -> B& { return m.add(stun::RequestedTransport{17}); };
  const std::vector<Refused> cases{
      {"no transport", [](B&) {}, 400},
      {"short transport", [](B& m) { m.add_raw(A::requested_transport, base::Bytes{17}); }, 400},
      {"TCP", [](B& m) { m.add(stun::RequestedTransport{6}); }, 442},
      {"token and even port", [&](B& m) { udp(m).add(stun::ReservationToken{}).add(stun::EvenPort{}); }, 400},
      {"token and family",
       [&](B& m) { udp(m).add(stun::ReservationToken{}).add(stun::RequestedAddressFamily{base::Family::ipv4}); }, 400},
      {"token and additional family",
       [&](B& m) { udp(m).add(stun::ReservationToken{}).add(stun::AdditionalAddressFamily{kIpv6}); }, 400},
      {"both families",
       [&](B& m) { udp(m).add(stun::RequestedAddressFamily{kIpv6}).add(stun::AdditionalAddressFamily{kIpv6}); }, 400},
      {"additional IPv4", [&](B& m) { udp(m).add(stun::AdditionalAddressFamily{base::Family::ipv4}); }, 400},
      {"additional unknown", [&](B& m) { udp(m).add_raw(A::additional_address_family, family(9)); }, 400},
      {"additional and reserve",
       [&](B& m) {
         udp(m).add(stun::AdditionalAddressFamily{kIpv6}).add(stun::EvenPort{stun::EvenPort::Next::reserve});
       },
       400},
      {"unknown family", [&](B& m) { udp(m).add_raw(A::requested_address_family, family(9)); }, 440},
      {"short family", [&](B& m) { udp(m).add_raw(A::requested_address_family, base::Bytes{1}); }, 400},
      {"short lifetime", [&](B& m) { udp(m).add_raw(A::lifetime, base::Bytes{1}); }, 400},
      {"short token", [&](B& m) { udp(m).add_raw(A::reservation_token, base::Bytes{1}); }, 400},
      {"token of nobody", [&](B& m) { udp(m).add(stun::ReservationToken{}); }, 508},
  };
  for (const Refused& each : cases) {
    EXPECT_EQ(world.request(world.alice, stun::Method::allocate, each.attributes).code(), each.code) << each.name;
    EXPECT_EQ(world.ledger.held(), 0u) << each.name;
  }
  EXPECT_TRUE(world.is_balanced());
}

TEST_F(AllocateTest, ClampsTheLifetime_Rfc8656_s7_2) {
  const std::pair<std::chrono::seconds, std::chrono::seconds> cases[] = {
      {0s, 600s}, {1s, 600s}, {600s, 600s}, {601s, 601s}, {3600s, 3600s}, {3601s, 3600s}, {4294967295s, 3600s}};
  for (const auto& [asked, granted] : cases) {
    const Reply reply = world.allocate(
        world.alice, [value = asked](stun::MessageBuilder& message) { message.add(stun::Lifetime{value}); });
    EXPECT_EQ(reply.lifetime(), granted);
    (void)world.refresh(world.alice, 0s);
  }
}

TEST_F(AllocateTest, UnderstandsDontFragment_Rfc8656_s14_8) {
  EXPECT_TRUE(world.allocate(world.alice, [](auto& message) { message.add(stun::DontFragment{}); }).succeeded());
}

TEST_F(AllocateTest, GivesAnIpv6AddressWhenAsked_Rfc8656_s7_2) {
  const Reply reply =
      world.allocate(world.alice, [](auto& message) { message.add(stun::RequestedAddressFamily{kIpv6}); });

  EXPECT_EQ(reply.relayed().address, address("2001:db8::10"));
  EXPECT_EQ(world.counters.allocations[0][1].value(), 1u);
  EXPECT_EQ(world.counters.allocations[0][0].value(), 0u);
}

TEST_F(AllocateTest, GivesBothFamilies_Rfc8656_s7_2) {
  const Reply reply =
      world.allocate(world.alice, [](auto& message) { message.add(stun::AdditionalAddressFamily{kIpv6}); });

  std::vector<base::IpAddress> relayed;
  for (const stun::Attribute each : reply.view().attributes())
    if (each.type == stun::AttributeType::xor_relayed_address)
      relayed.push_back(stun::XorRelayedAddress::read(each.value, reply.view())->endpoint.address);
  EXPECT_EQ(relayed, (std::vector{address("203.0.113.10"), address("2001:db8::10")}));
  EXPECT_FALSE(reply.has(stun::AttributeType::address_error_code));
  EXPECT_EQ(world.engine.session_count(), 1u);
  EXPECT_EQ(world.ledger.held(), 1u);
  EXPECT_EQ(world.counters.allocations[0][0].value() + world.counters.allocations[0][1].value(), 2u);
}

TEST_F(AllocateTest, TellsWhichFamilyOfTwoFailed_Rfc8656_s7_2) {
  const std::pair<bool, int> cases[] = {{true, 508}, {false, 508}};
  for (const auto& [first_fails, code] : cases) {
    World fresh;
    fresh.learn(fresh.alice);
    fresh.hold_relays();
    (void)fresh.deliver(fresh.alice, fresh.alice.signed_request(stun::Method::allocate, [](auto& message) {
      message.add(stun::RequestedTransport{17}).add(stun::AdditionalAddressFamily{kIpv6});
    }));
    ASSERT_EQ(fresh.held_relays(), 2u);
    first_fails ? fresh.fail_held(OpenError::no_port) : fresh.open_held();
    first_fails ? fresh.open_held() : fresh.fail_held(OpenError::no_port);

    const Reply reply = *fresh.last_reply();
    ASSERT_TRUE(reply.succeeded());
    EXPECT_EQ(reply.get<stun::AddressErrorCode>()->code, code);
    EXPECT_EQ(reply.get<stun::AddressErrorCode>()->family, first_fails ? base::Family::ipv4 : kIpv6);
    EXPECT_TRUE(fresh.is_balanced());
  }
}

TEST(Allocate, TellsFamiliesThatTheServerLacks_Rfc8656_s7_2) {
  WorldOptions options;
  options.settings.relays_ipv6 = false;
  World world(options);
  const auto ipv6 = [](auto& message) { message.add(stun::RequestedAddressFamily{kIpv6}); };
  EXPECT_EQ(world.allocate(world.alice, ipv6).code(), 440);

  const Reply dual = world.allocate(world.alice, [](auto& m) { m.add(stun::AdditionalAddressFamily{kIpv6}); });
  ASSERT_TRUE(dual.succeeded());
  EXPECT_EQ(dual.get<stun::AddressErrorCode>()->code, 440);

  options.settings.relays_ipv6 = true;
  options.settings.relays_ipv4 = false;
  World only_ipv6(options);
  EXPECT_EQ(only_ipv6.allocate(only_ipv6.alice).code(), 440);
  EXPECT_TRUE(only_ipv6.allocate(only_ipv6.alice, ipv6).succeeded());
}

TEST_F(AllocateTest, GivesEvenPorts_Rfc8656_s7_2) {
  for (int i = 0; i < 20; ++i) {
    const Reply reply = world.allocate(world.alice, [](auto& message) { message.add(stun::EvenPort{}); });
    EXPECT_EQ(reply.relayed().port % 2, 0);
    EXPECT_FALSE(reply.has(stun::AttributeType::reservation_token));
    EXPECT_EQ(world.ports_in_use(), 1u);  // not the next one
    (void)world.refresh(world.alice, 0s);
  }
}

TEST_F(AllocateTest, RefusesNewOnesWhileDraining) {
  (void)world.allocate(world.alice);
  world.engine.set_admission(Engine::Admission::closed);

  EXPECT_EQ(world.allocate(world.bob).code(), 508);
  EXPECT_TRUE(world.refresh(world.alice, 600s).succeeded());
  EXPECT_EQ(world.ledger.held(), 1u);

  world.engine.set_admission(Engine::Admission::open);
  EXPECT_TRUE(world.allocate(world.bob).succeeded());
}

TEST_F(AllocateTest, LosesNoPortInThreeTimesTheRange) {
  for (int i = 0; i < 300; ++i) {
    const int kind = i % 4;
    const Reply reply = world.allocate(world.alice, [&](stun::MessageBuilder& message) {
      if (kind == 1) message.add(stun::EvenPort{});
      if (kind == 2) message.add(stun::EvenPort{stun::EvenPort::Next::reserve});
      if (kind == 3) message.add(stun::AdditionalAddressFamily{kIpv6});
    });
    ASSERT_TRUE(reply.succeeded()) << i;
    EXPECT_TRUE(world.refresh(world.alice, 0s).succeeded());
    world.advance(1s);
  }
  world.advance(30s);
  EXPECT_EQ(world.ports_in_use(), 0u);
  EXPECT_EQ(world.ledger.held(), 0u);
}

}  // namespace
}  // namespace turnd::turn
