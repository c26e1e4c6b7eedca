#include "tests/signaling/socketio/engine_session_world.h"

namespace signaling::socketio {
namespace {

class EngineSessionTest : public EngineSessionWorld {};

TEST_F(EngineSessionTest, OffersAWebSocketInThePollingHandshake) {
  session.open_by_polling(RequestId{1}, effects);

  EXPECT_EQ(said(), Said{R"(poll 1: 0{"sid":"abc","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,)"
                         R"("maxPayload":1000000})"});
}

TEST_F(EngineSessionTest, OffersNothingInTheWebSocketHandshake) {
  session.open_by_websocket(kSocket, effects);

  EXPECT_EQ(said(), Said{R"(frame 100: 0{"sid":"abc","upgrades":[],"pingInterval":300,"pingTimeout":200,)"
                         R"("maxPayload":1000000})"});
}

TEST_F(EngineSessionTest, HandsOnWhatAPostHolds) {
  open_by_polling();

  post(2,
       "4one\x1e"
       "4two\x1e"
       "bAQI=");

  EXPECT_EQ(said(), (Said{"got one", "got two", "got binary \x01\x02", "post 2: ok"}));
}

TEST_F(EngineSessionTest, JoinsWhatWasSentForTheNextPoll) {
  open_by_polling();
  send("4one");
  session.send({net::share("\x01\x02\x03\x04"), true}, effects);

  poll(2);

  EXPECT_EQ(said(), Said{"poll 2: 4one|bAQIDBA=="});
}

TEST_F(EngineSessionTest, AnswersAWaitingPollAtTheFlush) {
  open_by_polling();
  poll(2);
  send("4one");
  send("4two");
  EXPECT_EQ(said(), Said{});

  session.flush(effects);

  EXPECT_EQ(said(), Said{"poll 2: 4one|4two"});
}

TEST_F(EngineSessionTest, EndsAtASecondPoll) {
  open_by_polling();
  poll(2);

  poll(3);

  EXPECT_EQ(said(), (Said{"fault 3: 3", "poll 2: 1", "ended violation"}));
  EXPECT_TRUE(session.is_finished());
}

TEST_F(EngineSessionTest, EndsWhenAPollIsGivenUp) {
  open_by_polling();
  poll(2);

  session.on_poll_gone(RequestId{2}, effects);

  EXPECT_EQ(said(), Said{"ended transport_lost"});
}

TEST_F(EngineSessionTest, DoesNotMindThatAnAnsweredPollIsGone) {
  open_by_polling();
  send("4one");
  poll(2);
  said();

  session.on_poll_gone(RequestId{2}, effects);

  EXPECT_EQ(said(), Said{});
  EXPECT_TRUE(session.is_open());
}

TEST_F(EngineSessionTest, EndsAtAMalformedPacket) {
  open_by_polling();
  poll(2);

  post(3,
       "4one\x1e"
       "abc\x1e"
       "4two");

  EXPECT_EQ(said(), (Said{"got one", "fault 3: 3", "poll 2: 1", "ended violation"}));
}

TEST_F(EngineSessionTest, RefusesABinaryBody) {
  open_by_polling();

  post(2, "4one", "application/octet-stream");

  EXPECT_EQ(said(), (Said{"fault 2: 3", "ended violation"}));
}

TEST_F(EngineSessionTest, EndsAtAPingOfTheClient) {
  open_by_polling();

  post(2, "2");

  EXPECT_EQ(said(), (Said{"ended violation", "post 2: ok"}));
}

TEST_F(EngineSessionTest, ReleasesThePollOfAClientThatCloses) {
  open_by_polling();
  poll(2);

  post(3,
       "1\x1e"
       "4late");

  EXPECT_EQ(said(), (Said{"poll 2: 6", "ended by_client", "post 3: ok"}));
}

TEST_F(EngineSessionTest, SpeaksOverItsWebSocket) {
  open_by_websocket();

  text(kSocket, "4hello");
  session.on_binary(kSocket, "\x01\x02", effects);
  send("4back");

  EXPECT_EQ(said(), (Said{"got hello", "got binary \x01\x02", "frame 100: 4back"}));
}

TEST_F(EngineSessionTest, ClosesAWebSocketOnAMalformedPacket) {
  open_by_websocket();

  text(kSocket, "abc");

  EXPECT_EQ(said(), (Said{"close 100", "ended violation"}));
}

TEST_F(EngineSessionTest, ClosesAtOnceWhenAWebSocketClientSaysSo_G105) {
  open_by_websocket();

  text(kSocket, "1");

  EXPECT_EQ(said(), (Said{"close 100", "ended by_client"}));
}

TEST_F(EngineSessionTest, EndsWithItsWebSocket) {
  open_by_websocket();

  session.on_websocket_closed(kSocket, effects);

  EXPECT_EQ(said(), Said{"ended transport_lost"});
}

TEST_F(EngineSessionTest, RefusesPollsOfAWebSocketSession) {
  open_by_websocket();

  poll(2);
  post(3, "4hello");

  EXPECT_EQ(said(), (Said{"fault 2: 3", "fault 3: 3"}));
  EXPECT_TRUE(session.is_open());
}

TEST_F(EngineSessionTest, TellsThePollingClientThatTheServerCloses) {
  open_by_polling();
  poll(2);
  send("4last");

  session.close(now, effects);

  EXPECT_EQ(said(), (Said{"poll 2: 4last|1", "ended by_server"}));
  EXPECT_TRUE(session.is_finished());
}

TEST_F(EngineSessionTest, KeepsTheLastWordForTheNextPoll) {
  open_by_polling();
  send("4last");
  session.close(now, effects);
  EXPECT_EQ(said(), Said{"ended by_server"});
  EXPECT_FALSE(session.is_finished());

  post(2, "4late");
  poll(3);

  EXPECT_EQ(said(), (Said{"fault 2: 3", "poll 3: 4last|1"}));
  EXPECT_TRUE(session.is_finished());
}

TEST_F(EngineSessionTest, DoesNotWaitForEverForTheLastPoll) {
  open_by_polling();
  session.close(now, effects);

  advance(30s);

  EXPECT_TRUE(session.is_finished());
}

TEST_F(EngineSessionTest, EndsAPollingClientThatDoesNotFetch) {
  open_by_polling();
  send("4" + std::string(99, 'x'));
  EXPECT_EQ(said(), Said{});

  send("4");

  EXPECT_EQ(said(), Said{"ended too_slow"});
}

}  // namespace
}  // namespace signaling::socketio
