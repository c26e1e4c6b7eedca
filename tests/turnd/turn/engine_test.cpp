// Dispatch: what is answered, by whom it may be asked, and what is dropped and counted.
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

class EngineTest : public testing::Test {
 protected:
  World world;
};

TEST_F(EngineTest, AnswersBindingWithTheReflexiveAddress_Rfc8489_s6_3_1) {
  const Reply reply = world.deliver(world.alice, world.alice.unsigned_request(stun::Method::binding)).value();

  EXPECT_TRUE(reply.succeeded());
  EXPECT_EQ(reply.get<stun::XorMappedAddress>()->endpoint, world.alice.tuple.client);
  EXPECT_FALSE(reply.view().has_fingerprint());
  EXPECT_EQ(reply.bytes().size(), 32u);  // nothing to amplify with
  EXPECT_EQ(world.requests(RequestMethod::binding, RequestResult::success), 1u);
}

TEST_F(EngineTest, AddsFingerprintWhenTheRequestHadOne_Rfc8489_s7) {
  stun::MessageBuilder request({stun::Method::binding, stun::MessageClass::request}, {9});
  request.fingerprint();

  const Reply reply = world.deliver(world.alice, request.take()).value();

  EXPECT_TRUE(reply.view().has_fingerprint());
}

TEST_F(EngineTest, NamesUnknownAttributesOfBinding_Rfc8489_s6_3_1) {
  const base::Bytes request = world.alice.unsigned_request(stun::Method::binding, [](stun::MessageBuilder& message) {
    message.add_raw(static_cast<stun::AttributeType>(0x0024), {});
    message.add_raw(static_cast<stun::AttributeType>(0x8024), {});
  });

  const Reply reply = world.deliver(world.alice, request).value();

  EXPECT_EQ(reply.code(), 420);
  const auto unknown = reply.get<stun::UnknownAttributes>();
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->types, std::vector{static_cast<stun::AttributeType>(0x0024)});
}

TEST_F(EngineTest, ChallengesEveryRequestWithoutCredentials_Rfc8489_s9_2_4) {
  for (const stun::Method method :
       {stun::Method::allocate, stun::Method::refresh, stun::Method::create_permission, stun::Method::channel_bind,
        stun::Method::connect, stun::Method::connection_bind, static_cast<stun::Method>(0x0EE)}) {
    const Reply reply = world.deliver(world.alice, world.alice.unsigned_request(method)).value();

    EXPECT_EQ(reply.code(), 401);
    EXPECT_EQ(reply.get<stun::Realm>()->text, kRealm);
    EXPECT_TRUE(reply.has(stun::AttributeType::nonce));
  }
  EXPECT_TRUE(world.all<AuthRefused>().empty());  // a challenge is no refusal
}

TEST_F(EngineTest, ChallengesBeforeItNamesUnknownAttributes_Rfc8489_s6_3) {
  const auto odd = [](stun::MessageBuilder& message) { message.add_raw(static_cast<stun::AttributeType>(0x7777), {}); };

  const Reply stranger = world.deliver(world.alice, world.alice.unsigned_request(stun::Method::allocate, odd)).value();
  const Reply known = world.allocate(world.alice, odd);

  EXPECT_EQ(stranger.code(), 401);
  EXPECT_EQ(known.code(), 420);
  EXPECT_EQ(known.get<stun::UnknownAttributes>()->types, std::vector{static_cast<stun::AttributeType>(0x7777)});
  EXPECT_TRUE(known.is_signed_with(world.alice.keys()));
}

TEST_F(EngineTest, CannotTellAStrangerFromAWrongPassword_Rfc8489_s9_2_4) {
  Client unknown = World::make_client("nobody", "10.1.1.9:40009");
  Client wrong = World::make_client("alice", "10.1.1.9:40009");
  wrong.password = "guess";

  const Reply first = world.allocate(unknown);
  const Reply second = world.allocate(wrong);

  EXPECT_EQ(first.code(), 401);
  EXPECT_EQ(second.code(), 401);
  EXPECT_EQ(first.bytes().size(), second.bytes().size());
  ASSERT_EQ(world.all<AuthRefused>().size(), 2u);
  EXPECT_EQ(world.all<AuthRefused>()[0]->reason, auth::RefusalReason::unknown_user);
  EXPECT_EQ(world.all<AuthRefused>()[1]->reason, auth::RefusalReason::wrong_password);
  EXPECT_EQ(world.all<AuthRefused>()[1]->username, "alice");
}

TEST_F(EngineTest, TellsStaleNoncesWithoutAnEvent_Rfc8489_s9_2_4) {
  world.learn(world.alice);
  world.advance(601s);

  const Reply reply = world.deliver(world.alice, world.alice.signed_request(stun::Method::refresh)).value();

  EXPECT_EQ(reply.code(), 438);
  EXPECT_NE(reply.get<stun::Nonce>()->text, world.alice.nonce);
  EXPECT_TRUE(world.all<AuthRefused>().empty());
  EXPECT_EQ(world.counters.auth_refused[static_cast<std::size_t>(auth::RefusalReason::stale_nonce)].value(), 1u);
}

TEST_F(EngineTest, RefusesMethodsItDoesNotServe_Rfc6062_s5) {
  for (const stun::Method method : {stun::Method::connect, stun::Method::connection_bind, stun::Method::send,
                                    stun::Method::data, static_cast<stun::Method>(0x0EE)})
    EXPECT_EQ(world.request(world.alice, method).code(), 400);
  EXPECT_EQ(world.requests(RequestMethod::connect, RequestResult::bad_request), 1u);
  EXPECT_EQ(world.requests(RequestMethod::other, RequestResult::bad_request), 3u);
}

TEST_F(EngineTest, NeverAnswersIndicationsAndResponses_Rfc8489_s6_3) {
  for (const stun::MessageClass kind :
       {stun::MessageClass::indication, stun::MessageClass::success, stun::MessageClass::error})
    for (const stun::Method method : {stun::Method::binding, stun::Method::allocate, stun::Method::data}) {
      stun::MessageBuilder message({method, kind}, {1});
      EXPECT_FALSE(world.deliver(world.alice, message.take()));
    }
  EXPECT_EQ(world.drops(DropReason::not_stun), 8u);  // all but the Binding indication, a keepalive
}

TEST_F(EngineTest, DropsGarbageSilentlyAndCountsIt_Rfc8489_s6_3) {
  for (const base::Bytes& garbage :
       {base::Bytes{}, base::Bytes{0xFF}, base::Bytes{0x16, 0xFE}, base::Bytes{0x50, 0, 0, 0}})
    EXPECT_FALSE(world.deliver(world.alice, garbage));
  EXPECT_EQ(world.drops(DropReason::not_stun), 4u);

  EXPECT_FALSE(world.deliver(world.alice, {0, 1, 0, 0}));
  EXPECT_EQ(world.drops(DropReason::malformed), 1u);
}

TEST_F(EngineTest, SurvivesATruncatedAllocateOfEveryLength_Rfc8489_s6_3) {
  world.learn(world.alice);
  const base::Bytes whole = world.alice.signed_request(stun::Method::allocate, [](stun::MessageBuilder& message) {
    message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
  });
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(world.deliver(world.alice, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}));
  EXPECT_EQ(world.engine.session_count(), 0u);
}

TEST_F(EngineTest, LooksAtNothingAfterMessageIntegrity_Rfc8489_s14_5) {
  (void)world.allocate(world.alice);
  base::Bytes request = world.alice.signed_request(
      stun::Method::refresh, [](stun::MessageBuilder& message) { message.add(stun::Lifetime{700s}); });
  const base::Bytes lifetime_of_zero{0x00, 0x0D, 0, 4, 0, 0, 0, 0};
  request.insert(request.end(), lifetime_of_zero.begin(), lifetime_of_zero.end());
  request[3] = static_cast<std::uint8_t>(request.size() - 20);

  const Reply reply = world.deliver(world.alice, request).value();

  EXPECT_TRUE(reply.succeeded());
  EXPECT_EQ(reply.lifetime(), 700s);
  EXPECT_EQ(world.engine.session_count(), 1u);
}

TEST_F(EngineTest, TakesTheFirstOfTwoAttributes_Rfc8489_s14) {
  (void)world.allocate(world.alice);
  const Reply reply = world.request(world.alice, stun::Method::refresh, [](stun::MessageBuilder& message) {
    message.add(stun::Lifetime{700s}).add(stun::Lifetime{0s});
  });
  EXPECT_EQ(reply.lifetime(), 700s);
}

TEST_F(EngineTest, RefusesAnotherUserOnTheSameFiveTuple_Rfc8656_s5) {
  (void)world.allocate(world.alice);
  Client thief = World::make_client("bob", "10.1.1.1:40001");

  EXPECT_EQ(world.refresh(thief, 0s).code(), 441);
  EXPECT_EQ(world.permit(thief, {endpoint("9.9.9.9:0")}).code(), 441);
  EXPECT_EQ(world.bind(thief, 0x4000, endpoint("9.9.9.9:7000")).code(), 441);
  EXPECT_EQ(world.allocate(thief).code(), 437);
  EXPECT_EQ(world.last<AuthRefused>().reason, auth::RefusalReason::wrong_credentials);
  EXPECT_EQ(world.engine.session_count(), 1u);
}

TEST_F(EngineTest, AnswersMismatchWithoutAnAllocation_Rfc8656_s5) {
  EXPECT_EQ(world.refresh(world.alice, 600s).code(), 437);
  EXPECT_EQ(world.permit(world.alice, {endpoint("9.9.9.9:0")}).code(), 437);
  EXPECT_EQ(world.bind(world.alice, 0x4000, endpoint("9.9.9.9:7000")).code(), 437);
}

TEST_F(EngineTest, NoticesARemovedUserAtTheNextRequest_Rfc8656_s5) {
  (void)world.allocate(world.alice);
  auth::Settings without = world.credentials();
  without.users.erase("alice");
  world.replace_credentials(without);

  EXPECT_EQ(world.refresh(world.alice, 600s).code(), 401);
}

TEST_F(EngineTest, SendsSoftwareOnlyWhenConfigured_Rfc8489_s14_14) {
  EXPECT_FALSE(world.allocate(world.alice).has(stun::AttributeType::software));
  WorldOptions options;
  options.settings.software = "turnd";
  World named(options);

  EXPECT_EQ(named.allocate(named.alice).get<stun::Software>()->text, "turnd");
}

TEST(Engine, LimitsChallengesOverUdpOnly) {
  WorldOptions options;
  options.challenges_per_ip = 1;  // burst 5 s
  World world(options);
  Client over_tcp = World::make_client("alice", "10.1.1.1:40003", base::Transport::tcp);

  int answered_udp = 0;
  int answered_tcp = 0;
  for (int i = 0; i < 50; ++i) {
    answered_udp += world.deliver(world.alice, world.alice.unsigned_request(stun::Method::allocate)) ? 1 : 0;
    answered_tcp += world.deliver(over_tcp, over_tcp.unsigned_request(stun::Method::allocate)) ? 1 : 0;
  }

  EXPECT_EQ(answered_udp, 5);
  EXPECT_EQ(answered_tcp, 50);
  EXPECT_EQ(world.drops(DropReason::challenge_limit), 45u);
}

TEST(Engine, SignsTheReplyWithTheAlgorithmOfTheRequest_Rfc8489_s9_2_4) {
  World world;
  world.learn(world.alice);
  stun::MessageBuilder request({stun::Method::allocate, stun::MessageClass::request}, {7});
  request.add(stun::RequestedTransport{stun::RequestedTransport::kUdp})
      .add(stun::Username{world.alice.username})
      .add(stun::Realm{world.alice.realm})
      .add(stun::Nonce{world.alice.nonce})
      .add(stun::PasswordAlgorithms{{stun::PasswordAlgorithmId::sha256, stun::PasswordAlgorithmId::md5}})
      .add(stun::PasswordAlgorithm{stun::PasswordAlgorithmId::sha256});
  const auth::LongTermKeys keys = world.alice.keys();
  const stun::IntegrityKey key{stun::IntegrityAlgorithm::sha256, *keys.sha256};
  request.sign(key);

  const Reply reply = world.deliver(world.alice, request.take()).value();

  EXPECT_TRUE(reply.succeeded()) << reply.code();
  EXPECT_TRUE(stun::verify_integrity(reply.view(), key));
}

}  // namespace
}  // namespace turnd::turn
