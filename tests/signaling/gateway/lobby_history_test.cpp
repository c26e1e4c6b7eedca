#include "signaling/gateway/lobby_history.h"

#include "tests/signaling/gateway/lobby_world.h"

namespace signaling::gateway {
namespace {

using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string with_seq(std::int64_t seq, std::string_view message) {
  const std::string number = std::to_string(seq);
  return R"("messageId":")" + number + R"(","conversationId":"general","username":"Ann","message":")" +
         std::string(message) + R"(","timestamp":"t","seq":)" + number + R"(,"kind":"user")";
}

protocol::SharedFrame chat(std::int64_t seq, std::string_view message) {
  return std::make_shared<const protocol::ServerFrame>(
      protocol::ServerFrame{ServerType::chat, R"({"type":"chat",)" + with_seq(seq, message)});
}

class LobbyHistoryTest : public testing::Test {
 protected:
  using State = LobbyHistory::State;

  // Storage's lines are their numbers.
  void read(std::int64_t first, std::int64_t last, std::uint64_t changes = 0) {
    LobbyHistory::Lines lines;
    for (std::int64_t seq = first; seq <= last; ++seq) lines.push_back(std::to_string(seq));
    history.read({last, 1, changes}, std::move(lines), now);
  }
  void hear(std::int64_t first, std::int64_t last) {
    for (std::int64_t seq = first; seq <= last; ++seq) tail.add(seq, chat(seq, "hi"));
  }
  // What a newcomer gets; "read": the lines have to be read.
  std::string found(const State& told) {
    const socketio::Packet* packet = history.find(told, tail, now);
    return packet ? *packet->text : "read";
  }
  static std::string shown(std::string_view id) {
    return R"({"_id":"0000000000000000000000)" + std::string(id) +
           R"(","username":"Ann","message":"hi","timestamp":"t","room":"general","type":"user"})";
  }

  LobbyHistory history;
  room::LobbyTail tail;
  turnd::base::TimePoint now = turnd::base::TimePoint{} + std::chrono::hours(1);
};

TEST_F(LobbyHistoryTest, IsReadBeforeItIsKnown) {
  EXPECT_EQ(found({0, 0, 0}), "read");

  read(1, 2);

  EXPECT_EQ(found({2, 1, 0}), R"(42["message-history",[1,2]])");
}

TEST_F(LobbyHistoryTest, GrowsByWhatTheHubHears) {
  read(1, 2);
  EXPECT_EQ(found({3, 1, 0}), "read");

  hear(2, 4);

  EXPECT_EQ(found({3, 1, 0}), R"(42["message-history",[1,2,)" + shown("03") + "]]") << "4 was not stored yet";
  EXPECT_EQ(found({4, 1, 0}), R"(42["message-history",[1,2,)" + shown("03") + "," + shown("04") + "]]");
  EXPECT_EQ(found({3, 1, 0}), "read");
}

TEST_F(LobbyHistoryTest, KeepsAsManyAsAPageHas) {
  read(1, 50);
  hear(51, 52);

  EXPECT_THAT(found({52, 1, 0}), AllOf(StartsWith(R"(42["message-history",[3,4,)"), EndsWith(shown("34") + "]]")));
}

TEST_F(LobbyHistoryTest, ALineThatIsNotShownTakesAPlace) {
  history.read({50, 1, 0}, LobbyHistory::Lines(49), now);
  tail.add(51, chat(51, "hi"));
  EXPECT_EQ(found({51, 1, 0}), R"(42["message-history",[)" + shown("33") + "]]");

  hear(52, 101);

  EXPECT_THAT(found({101, 1, 0}), Not(HasSubstr(shown("33"))));
}

TEST_F(LobbyHistoryTest, IsReadAgainAfterALineThatTheHubDidNotHear) {
  read(1, 2);
  hear(4, 5);
  EXPECT_EQ(found({5, 1, 0}), "read");

  read(1, 4);

  EXPECT_EQ(found({5, 1, 0}), R"(42["message-history",[1,2,3,4,)" + shown("05") + "]]");
}

TEST_F(LobbyHistoryTest, IsReadAgainAfterAChange) {
  read(1, 2);

  EXPECT_EQ(found({2, 1, 1}), "read");
  EXPECT_EQ(found({2, 2, 0}), "read") << "another epoch";
  read(1, 2, 1);

  EXPECT_EQ(found({2, 1, 1}), R"(42["message-history",[1,2]])");
}

TEST_F(LobbyHistoryTest, IsReadAgainAfterAMinute) {
  read(1, 2);

  now += LobbyHistory::kTrusted;

  EXPECT_EQ(found({2, 1, 0}), "read");
}

TEST_F(LobbyHistoryTest, IsReadEachTimeWhereAPageMayBeCut) {
  read(1, 2);

  tail.add(3, chat(3, std::string(LobbyHistory::kMostBytes, 'x')));
  EXPECT_EQ(found({3, 1, 0}), "read");
  hear(4, 53);

  EXPECT_THAT(found({53, 1, 0}), StartsWith(R"(42["message-history",[)" + shown("04")));
}

// The lobby with it: socket 1 is Ann, whose join had the lines read.
class LobbyHistoryOfVisitorsTest : public LobbyNamespaceTest {
 protected:
  void SetUp() override {
    arrive(lobby, 1);
    emit(lobby, 1, "join", R"(["Ann"])");
    subscribe(1, 2);
    hear(lobby, 1, ServerType::ok,
         R"("id":3,"conversationId":"general","epoch":1,"lastSeq":2,"messages":[{)" + std::string(kOldLine) +
             R"(}],"complete":true)");
    sent();
    said();
  }
  void arrive_as(std::uint64_t socket, const std::string& name) {
    arrive(lobby, socket);
    emit(lobby, socket, "join", "[\"" + name + "\"]");
  }
  void subscribe(std::uint64_t connection, int last_seq) {
    hear(lobby, connection, ServerType::auth_ok, R"("id":1)");
    hear(lobby, connection, ServerType::ok,
         R"("id":2,"conversationId":"general","lastSeq":)" + std::to_string(last_seq) + R"(,"epoch":1)");
  }

  static constexpr std::string_view kOldLine =
      R"("messageId":"254","conversationId":"general","userId":null,"username":"Eve","message":"\"o\u00e9\"",)"
      R"("timestamp":"2026-01-01T00:00:00.000Z","seq":2,"kind":"user")";
  static constexpr std::string_view kOldShown =
      R"({"_id":"0000000000000000000000fe","username":"Eve","message":"\"o\u00e9\"",)"
      R"("timestamp":"2026-01-01T00:00:00.000Z","room":"general","type":"user"})";
};

TEST_F(LobbyHistoryOfVisitorsTest, TheNextToComeAsksForNoLines) {
  hub.tail.add(3, frame(ServerType::chat, kLine));

  arrive_as(2, "Bob");
  subscribe(2, 3);

  EXPECT_THAT(said(), Not(Contains(HasSubstr("chat-history"))));
  EXPECT_EQ(sent().front(), "2 42[\"message-history\",[" + std::string(kOldShown) + "," + std::string(kShown) + "]]");
}

TEST_F(LobbyHistoryOfVisitorsTest, AsksAgainAfterAChange) {
  ++hub.tail.changes;

  arrive_as(2, "Bob");
  subscribe(2, 2);

  EXPECT_THAT(said(),
              Contains(R"(2 {"type":"chat-history","conversationId":"general","limit":50,"reactions":false,"id":3})"));
}

TEST_F(LobbyHistoryOfVisitorsTest, AsksAgainAfterALineThatTheHubDidNotHear) {
  arrive_as(2, "Bob");
  subscribe(2, 3);

  EXPECT_THAT(said(), Contains(HasSubstr("chat-history")));
}

TEST_F(LobbyHistoryOfVisitorsTest, AChangeWhileTheLinesAreReadHasThemReadAgain) {
  ++hub.tail.changes;
  arrive_as(2, "Bob");
  subscribe(2, 2);
  ++hub.tail.changes;
  hear(lobby, 2, ServerType::ok, R"("id":3,"epoch":1,"lastSeq":2,"messages":[])");
  said();

  arrive_as(3, "Carl");
  subscribe(3, 2);

  EXPECT_THAT(said(), Contains(HasSubstr("chat-history")));
}

}  // namespace
}  // namespace signaling::gateway
