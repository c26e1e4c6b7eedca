#include <algorithm>

#include "signaling/gateway/lobby_namespace.h"
#include "tests/signaling/gateway/dialect_world.h"

namespace signaling::gateway {
namespace {

using protocol::ServerType;
using testing::ElementsAre;
using testing::HasSubstr;

class LobbyCallsTest : public DialectWorld {
 protected:
  void SetUp() override {
    join(1, "Ann");
    join(2, "Bob");
  }
  void join(std::uint64_t socket, const std::string& name) {
    arrive(lobby, socket);
    emit(lobby, socket, "join", "[\"" + name + "\"]");
    hear(lobby, socket, ServerType::auth_ok, R"("id":1)");
    hear(lobby, socket, ServerType::ok, R"("id":2)");
    hear(lobby, socket, ServerType::ok, R"("id":3,"messages":[])");
    hub.advance(1s);
    said();
    sent();
  }
  // Socket 3, account 42.
  void join_as_carl() {
    arrive(lobby, 3, {{"token", "t"}});
    hub.tokens.back().second(account(42, "carl"));
    emit(lobby, 3, "join", R"(["carl"])");
    hear(lobby, 3, ServerType::ok, R"("id":1)");
    hear(lobby, 3, ServerType::ok, R"("id":2,"messages":[])");
  }
  void call() {
    emit(lobby, 1, "webrtc-signal", R"([{"target":"Bob","signal":{"type":"offer","sdp":"v=0"}}])");
    sent();
  }

  LobbyNamespace lobby{hub, sockets, 100};
};

TEST_F(LobbyCallsTest, RelaysSignalsByNameOrBySocket_G94) {
  emit(lobby, 1, "webrtc-signal", R"([{"target":"Bob","signal":{"type":"renegotiate"},"from":"Eve"}])", 9);
  emit(lobby, 1, "ice-candidate", R"([{"target":"sid2","candidate":{"candidate":"a"}}])");

  EXPECT_EQ(sent(), (Texts{R"(2 42["webrtc-signal",{"from":"Ann","signal":{"type":"renegotiate"}}])",
                           R"(1 ack 9 [{"ok":true}])",
                           R"(2 42["ice-candidate",{"from":"Ann","candidate":{"candidate":"a"}}])"}));
}

TEST_F(LobbyCallsTest, RelaysTheOlderEvents) {
  emit(lobby, 1, "call-offer", R"([{"target":"Bob","offer":"v=0"}])");
  emit(lobby, 2, "call-answer", R"([{"target":"Ann","answer":"v=0"}])");

  EXPECT_EQ(sent(), (Texts{R"(2 42["call-offer",{"from":"Ann","offer":"v=0"}])",
                           R"(1 42["call-answer",{"from":"Bob","answer":"v=0"}])"}));
}

TEST_F(LobbyCallsTest, RefusesUnknownTargets) {
  arrive(lobby, 3);  // has not joined

  for (const auto* target : {"Carl", "sid3", "sid9", ""}) {
    emit(lobby, 1, "webrtc-signal", R"([{"target":")" + std::string(target) + R"(","signal":{}}])");
    EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"("code":"not_found")"))) << target;
  }
}

TEST_F(LobbyCallsTest, FindsNobodyUnderTheSocketOfOneWhoIsGone) {
  lobby.on_disconnect(SocketKey{2}, socketio::EndReason::by_client);
  sent();

  emit(lobby, 1, "webrtc-signal", R"([{"target":"sid2","signal":{}}])");

  EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"("code":"not_found")")));
}

TEST_F(LobbyCallsTest, RefusesASignalOfNothing) {
  emit(lobby, 1, "webrtc-signal", R"([{"target":"Bob"}])");

  EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"("code":"bad_request")")));
}

TEST_F(LobbyCallsTest, EndsAndDeclinesCalls_G95) {
  call();
  emit(lobby, 2, "call-declined", R"([{"target":"Ann"}])");
  EXPECT_EQ(sent(), Texts{R"(1 42["call-declined",{"from":"Bob"}])"});

  call();
  emit(lobby, 1, "call-end", R"([{"target":"Bob"}])");
  EXPECT_EQ(sent(), Texts{R"(2 42["call-end",{"from":"Ann"}])"});

  lobby.on_disconnect(SocketKey{1}, socketio::EndReason::by_client);
  EXPECT_THAT(sent(), testing::Not(testing::Contains(HasSubstr("call-end"))));
}

TEST_F(LobbyCallsTest, EndsTheCurrentCallWithoutNamingIt_G95) {
  call();

  emit(lobby, 2, "call-end", "[]");
  EXPECT_EQ(sent(), Texts{R"(1 42["call-end",{"from":"Bob"}])"});
  emit(lobby, 2, "call-end", "[]");

  EXPECT_EQ(sent(), Texts{});
}

TEST_F(LobbyCallsTest, EndsTheCallOfOneWhoIsGone_G95) {
  call();

  lobby.on_disconnect(SocketKey{2}, socketio::EndReason::ping_timeout);

  EXPECT_EQ(sent().front(), R"(1 42["call-end",{"from":"Bob"}])");
}

TEST_F(LobbyCallsTest, KnowsWhichAccountsAreInACall) {
  join_as_carl();
  EXPECT_FALSE(lobby.is_in_call("42"));
  emit(lobby, 1, "webrtc-signal", R"([{"target":"carl","signal":{"type":"offer","sdp":"v=0"}}])");
  EXPECT_TRUE(lobby.is_in_call("42"));
  EXPECT_FALSE(lobby.is_in_call("4"));
  emit(lobby, 3, "call-end", "[]");
  EXPECT_FALSE(lobby.is_in_call("42"));
}

TEST_F(LobbyCallsTest, NobodyIsInACallWithOneWhoIsGoneOrInAnother) {
  join_as_carl();
  emit(lobby, 3, "webrtc-signal", R"([{"target":"Ann","signal":{"type":"offer","sdp":"v=0"}}])");
  EXPECT_TRUE(lobby.is_in_call("42"));
  emit(lobby, 1, "webrtc-signal", R"([{"target":"Bob","signal":{"type":"offer","sdp":"v=0"}}])");
  EXPECT_FALSE(lobby.is_in_call("42")) << "Ann speaks to Bob by now";
  lobby.on_disconnect(SocketKey{1}, socketio::EndReason::by_client);
  EXPECT_FALSE(lobby.is_in_call("42"));

  emit(lobby, 2, "webrtc-signal", R"([{"target":"carl","signal":{"type":"offer","sdp":"v=0"}}])");
  EXPECT_TRUE(lobby.is_in_call("42")) << "Ann stands in nobody's way";
}

TEST_F(LobbyCallsTest, NotesWhatBecomesOfCalls) {
  call();
  call();  // changes what the call carries
  emit(lobby, 2, "webrtc-signal", R"([{"target":"Ann","signal":{"type":"answer","sdp":"v=0"}}])");
  emit(lobby, 2, "webrtc-signal", R"([{"target":"Ann","signal":{"type":"offer","sdp":"v=0"}}])");
  EXPECT_EQ(lobby.calls(), 1U);
  emit(lobby, 2, "call-end", "[]");
  EXPECT_EQ(lobby.calls(), 0U);
  EXPECT_EQ(hub.notes, (Texts{"call_initiated Ann", "call_ended Bob"}));

  hub.notes.clear();
  emit(lobby, 2, "call-offer", R"([{"target":"Ann","offer":"v=0"}])");
  emit(lobby, 1, "call-declined", R"([{"target":"Bob"}])");
  emit(lobby, 1, "call-end", R"([{"target":"Bob"}])");
  EXPECT_EQ(hub.notes, (Texts{"call_initiated Bob", "call_declined Ann"})) << "what is over does not end again";

  hub.notes.clear();
  call();
  lobby.on_disconnect(SocketKey{1}, socketio::EndReason::ping_timeout);
  EXPECT_EQ(hub.notes, (Texts{"call_initiated Ann", "call_ended Ann"}));
}

TEST_F(LobbyCallsTest, CandidatesBeginNoCall) {
  emit(lobby, 1, "ice-candidate", R"([{"target":"Bob","candidate":null}])");
  emit(lobby, 1, "webrtc-signal", R"([{"target":"Bob","signal":{"type":"candidate"}}])");
  sent();

  lobby.on_disconnect(SocketKey{1}, socketio::EndReason::by_client);

  EXPECT_THAT(sent(), testing::Not(testing::Contains(HasSubstr("call-end"))));
}

TEST_F(LobbyCallsTest, SendsNoMoreThanItsBudget) {
  for (int i = 0; i < 310; ++i) emit(lobby, 1, "webrtc-signal", R"([{"target":"Bob","signal":{}}])");

  const auto refusals =
      std::ranges::count_if(sent(), [](const std::string& text) { return text.find("rate_limited") != text.npos; });
  EXPECT_EQ(refusals, 10);
  hub.advance(10ms);
  emit(lobby, 1, "webrtc-signal", R"([{"target":"Bob","signal":{}}])");
  EXPECT_THAT(sent(), ElementsAre(HasSubstr("2 42")));
}

}  // namespace
}  // namespace signaling::gateway
