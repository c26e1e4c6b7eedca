#include "tests/signaling/socketio/engine_session_world.h"

namespace signaling::socketio {
namespace {

class EngineHeartbeatTest : public EngineSessionWorld {};

TEST_F(EngineHeartbeatTest, PingsAPollingClient) {
  open_by_polling();
  for (std::uint64_t round = 2; round < 8; round += 2) {
    poll(round);
    advance(299ms);
    EXPECT_EQ(said(), Said{});

    advance(1ms);
    EXPECT_EQ(said(), Said{"poll " + std::to_string(round) + ": 2"});

    post(round + 1, "3");
    EXPECT_EQ(said(), Said{"post " + std::to_string(round + 1) + ": ok"});
  }
}

TEST_F(EngineHeartbeatTest, EndsWithoutAPongInTime) {
  open_by_websocket();
  advance(300ms);
  EXPECT_EQ(said(), Said{"frame 100: 2"});
  EXPECT_EQ(session.next_deadline(), now + 200ms);

  advance(199ms);
  EXPECT_EQ(said(), Said{});
  advance(1ms);

  EXPECT_EQ(said(), (Said{"close 100", "ended ping_timeout"}));
}

TEST_F(EngineHeartbeatTest, CountsThePongDeadlineFromWhenThePingWasDue) {
  open_by_polling();

  advance(320ms);
  advance(180ms);

  EXPECT_EQ(said(), Said{"ended ping_timeout"});
}

TEST_F(EngineHeartbeatTest, GivesTheClientsOfAStoppedServerHalfOfTheTime) {
  open_by_polling();
  advance(10s);

  advance(99ms);
  EXPECT_TRUE(session.is_open());
  advance(1ms);

  EXPECT_FALSE(session.is_open());
}

TEST_F(EngineHeartbeatTest, TellsThatACheckedClientIsAlive) {
  open_by_websocket();
  session.check_alive(100ms, now, effects);
  EXPECT_EQ(said(), Said{"frame 100: 2"});

  advance(99ms);
  text(kSocket, "3");

  EXPECT_EQ(said(), Said{"alive"});
  advance(201ms);
  EXPECT_TRUE(session.is_open());
}

TEST_F(EngineHeartbeatTest, EndsACheckedClientThatIsSilent) {
  open_by_websocket();
  session.check_alive(100ms, now, effects);
  said();

  advance(100ms);

  EXPECT_EQ(said(), (Said{"close 100", "ended ping_timeout"}));
}

}  // namespace
}  // namespace signaling::socketio
