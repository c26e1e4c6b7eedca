#include "tests/signaling/socketio/engine_session_world.h"

namespace signaling::socketio {
namespace {

class EngineUpgradeTest : public EngineSessionWorld {};

TEST_F(EngineUpgradeTest, MovesToAWebSocket) {
  open_by_polling();
  session.on_second_websocket(kSocket, now, effects);
  text(kSocket, "2probe");
  EXPECT_EQ(said(), Said{"frame 100: 3probe"});
  poll(2);
  advance(100ms);
  EXPECT_EQ(said(), Said{"poll 2: 6"});
  send("4queued");

  text(kSocket, "5");
  text(kSocket, "4hello");

  EXPECT_EQ(said(), (Said{"frame 100: 4queued", "got hello"}));
  EXPECT_FALSE(session.is_polling());
}

TEST_F(EngineUpgradeTest, ReleasesThePollEvery100MillisecondsDuringTheMove) {
  open_by_polling();
  session.on_second_websocket(kSocket, now, effects);
  text(kSocket, "2probe");
  said();

  poll(2);
  advance(99ms);
  EXPECT_EQ(said(), Said{});
  advance(1ms);
  EXPECT_EQ(said(), Said{"poll 2: 6"});
  poll(3);
  advance(100ms);

  EXPECT_EQ(said(), Said{"poll 3: 6"});
}

TEST_F(EngineUpgradeTest, StillAnswersPollsDuringTheMove) {
  open_by_polling();
  session.on_second_websocket(kSocket, now, effects);
  text(kSocket, "2probe");
  send("4one");
  said();

  poll(2);

  EXPECT_EQ(said(), Said{"poll 2: 4one"});
}

TEST_F(EngineUpgradeTest, AnswersAPollThatIsLeftWhenTheMoveCompletes) {
  open_by_polling();
  session.on_second_websocket(kSocket, now, effects);
  text(kSocket, "2probe");
  poll(2);
  said();

  text(kSocket, "5");

  EXPECT_EQ(said(), Said{"poll 2: 6"});
}

TEST_F(EngineUpgradeTest, ClosesASecondWebSocketOfTheSameSession) {
  open_by_polling();
  session.on_second_websocket(kSocket, now, effects);

  session.on_second_websocket(kOther, now, effects);
  text(kSocket, "2probe");
  text(kSocket, "5");
  session.on_second_websocket(kOther, now, effects);
  text(kSocket, "4hello");

  EXPECT_EQ(said(), (Said{"close 101", "frame 100: 3probe", "close 101", "got hello"}));
}

TEST_F(EngineUpgradeTest, StaysWithPollingWhenTheNewTransportMisbehaves) {
  for (const auto* wrong : {"5", "4hello", "abc", "2", "2other"}) {
    open_by_polling();
    session.on_second_websocket(kSocket, now, effects);

    text(kSocket, wrong);

    EXPECT_EQ(said(), Said{"close 100"}) << wrong;
    EXPECT_TRUE(session.is_open() && session.is_polling()) << wrong;
  }
}

TEST_F(EngineUpgradeTest, ClosesAnUpgradeThatTakesTooLong) {
  settings.ping_interval = 60s;
  EngineSession slow("abc", settings, now);
  slow.open_by_polling(RequestId{1}, effects);
  effects.clear();
  slow.on_second_websocket(kSocket, now, effects);
  slow.on_text(kSocket, "2probe", now, effects);
  said();

  slow.on_time(now + 10s - 1ms, effects);
  EXPECT_EQ(said(), Said{});
  slow.on_time(now + 10s, effects);

  EXPECT_EQ(said(), Said{"close 100"});
  EXPECT_TRUE(slow.is_open());
}

TEST_F(EngineUpgradeTest, StaysWithPollingWhenTheNewTransportIsLost) {
  open_by_polling();
  session.on_second_websocket(kSocket, now, effects);
  session.on_websocket_closed(kSocket, effects);

  session.on_second_websocket(kOther, now, effects);
  text(kOther, "2probe");

  EXPECT_EQ(said(), Said{"frame 101: 3probe"});
}

}  // namespace
}  // namespace signaling::socketio
