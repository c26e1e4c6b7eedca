#include "signaling/socketio/socketio_connection.h"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

namespace signaling::socketio {
namespace {

using namespace std::chrono_literals;

// Effects as short texts, in their order.
struct Describe {
  std::string operator()(const SendMessage& e) const { return "send " + *e.frame.data; }
  std::string operator()(const CloseConnection&) const { return "close"; }
  std::string operator()(const Connected& e) const {
    return "connected " + std::to_string(e.socket.value) + " " + e.name_space + " " + boost::json::serialize(e.auth);
  }
  std::string operator()(const EventReceived& e) const {
    std::string text = "event " + std::to_string(e.socket.value) + " " + e.event.name + " [" + e.event.arguments + "]";
    if (e.event.ack_id) text += " ack " + std::to_string(*e.event.ack_id);
    for (const std::string& bytes : e.event.attachments) text += " +" + bytes;
    return text;
  }
  std::string operator()(const Disconnected& e) const {
    return "disconnected " + std::to_string(e.socket.value) + " " + std::string(to_string(e.reason));
  }
};

class SocketioConnectionTest : public testing::Test {
 protected:
  using Said = std::vector<std::string>;

  SocketioConnectionTest() {
    source.is_known = [](std::string_view name) { return name == "/" || name == "/meet"; };
    source.make_socket = [this] { return NamespaceSource::NewSocket{SocketKey{++last}, "s" + std::to_string(last)}; };
  }
  void text(std::string_view packet) { connection.on_text(packet, now, effects); }
  void advance(std::chrono::milliseconds by) {
    now += by;
    connection.on_time(now, effects);
  }
  Said said() {
    Said texts;
    for (const SocketioEffect& effect : effects) texts.push_back(std::visit(Describe{}, effect));
    effects.clear();
    return texts;
  }
  void connect() {
    text("0");
    effects.clear();
  }

  SocketioSettings settings{.connect_timeout = 1000ms, .max_event = 200};
  NamespaceSource source;
  std::uint64_t last = 0;
  TimePoint now = TimePoint{} + 1h;
  SocketioConnection connection{settings, source, now};
  SocketioEffects effects;
};

TEST_F(SocketioConnectionTest, ConnectsToTheMainNamespace) {
  text("0");

  EXPECT_EQ(said(), (Said{R"(send 40{"sid":"s1"})", "connected 1 / {}"}));
}

TEST_F(SocketioConnectionTest, HandsOnWhatTheClientAuthenticatesWith) {
  text(R"(0/meet,{"token":"123"})");

  EXPECT_EQ(said(), (Said{R"(send 40/meet,{"sid":"s1"})", R"(connected 1 /meet {"token":"123"})"}));
}

TEST_F(SocketioConnectionTest, IsInSeveralNamespacesAtOnce) {
  text("0");
  text("0/meet,");
  said();

  text(R"(2/meet,["join",{"meetingId":"A"}])");
  text(R"(27["message","hello"])");

  EXPECT_EQ(said(), (Said{R"(event 2 join [{"meetingId":"A"}])", R"(event 1 message ["hello"] ack 7)"}));
  EXPECT_EQ(connection.name_space(SocketKey{2}), "/meet");
  EXPECT_EQ(connection.sockets(), (std::vector<SocketKey>{{1}, {2}}));
}

TEST_F(SocketioConnectionTest, RefusesUnknownNamespaces) {
  text("0/random");

  EXPECT_EQ(said(), Said{R"(send 44/random,{"message":"Invalid namespace"})"});
  text("0");
  EXPECT_EQ(said().size(), 2U);  // the connection goes on
}

TEST_F(SocketioConnectionTest, ClosesWhenNoNamespaceIsConnectedInTime) {
  text("0/random");
  said();

  advance(999ms);
  EXPECT_EQ(said(), Said{});
  advance(1ms);

  EXPECT_EQ(said(), Said{"close"});
}

TEST_F(SocketioConnectionTest, StaysOpenOnceItIsConnected) {
  connect();

  advance(1h);

  EXPECT_EQ(said(), Said{});
  EXPECT_EQ(connection.next_deadline(), std::nullopt);
}

TEST_F(SocketioConnectionTest, LeavesOneNamespace) {
  text("0");
  text("0/meet");
  said();

  text("1/meet,");
  text(R"(2["message"])");

  EXPECT_EQ(said(), (Said{"disconnected 2 by_client", "event 1 message []"}));
}

TEST_F(SocketioConnectionTest, MayConnectAgainAfterItLeft) {
  connect();
  text("1");
  said();

  advance(999ms);
  text("0");

  EXPECT_EQ(said(), (Said{R"(send 40{"sid":"s2"})", "connected 2 / {}"}));
}

TEST_F(SocketioConnectionTest, IsNotKeptWithoutNamespace) {
  connect();
  text("1");
  said();

  advance(1000ms);

  EXPECT_EQ(said(), Said{"close"});
}

TEST_F(SocketioConnectionTest, ClosesOnAPacketOfANamespaceThatItIsNotIn) {
  text(R"(2["message"])");

  EXPECT_EQ(said(), Said{"close"});
}

TEST_F(SocketioConnectionTest, ClosesOnASecondConnectionToANamespace) {
  connect();

  text("0");

  EXPECT_EQ(said(), (Said{"close", "disconnected 1 violation"}));
}

TEST_F(SocketioConnectionTest, ClosesOnMalformedPackets) {
  for (const auto* wrong : {"abc", "2{}", "2abc[\"a\"]", "2[\"connect\"]", "511-[\"a\"]", "9"}) {
    SocketioConnection fresh(settings, source, now);
    fresh.on_text("0", now, effects);
    said();

    fresh.on_text(wrong, now, effects);
    fresh.on_text(R"(2["late"])", now, effects);

    EXPECT_EQ(said().front(), "close") << wrong;
    EXPECT_EQ(effects.size(), 0U) << wrong;
  }
}

TEST_F(SocketioConnectionTest, HandsOnArgumentsAsTheyCame) {
  connect();

  text(R"(2["a\u002db", {"b" : [1.50, "\u00e9"]} ,null])");
  text("2[1.0,2]");

  EXPECT_EQ(said(), (Said{R"(event 1 a-b [{"b" : [1.50, "\u00e9"]} ,null])", "event 1 1.0 [2]"}));
}

TEST_F(SocketioConnectionTest, PutsBinaryEventsTogether) {
  connect();

  text(R"(51-3["file",{"_placeholder":true,"num":0}])");
  EXPECT_EQ(said(), Said{});
  connection.on_binary("bytes", now, effects);

  EXPECT_EQ(said(), Said{R"(event 1 file [{"_placeholder":true,"num":0}] ack 3 +bytes)"});
}

TEST_F(SocketioConnectionTest, ClosesOnBytesThatNobodyAnnounced) {
  connect();

  connection.on_binary("bytes", now, effects);

  EXPECT_EQ(said(), (Said{"close", "disconnected 1 violation"}));
}

TEST_F(SocketioConnectionTest, ClosesOnAnEventThatIsTooLarge_G100) {
  connect();

  text("2[\"" + std::string(settings.max_event, 'a') + "\"]");

  EXPECT_EQ(said(), (Said{"close", "disconnected 1 violation"}));
}

TEST_F(SocketioConnectionTest, IgnoresAcknowledgementsThatNobodyAskedFor) {
  connect();

  text("37[1]");
  text(R"(4"why")");

  EXPECT_EQ(said(), Said{});
}

TEST_F(SocketioConnectionTest, TellsTheClientThatTheServerEndsItsStay) {
  connect();

  connection.disconnect(SocketKey{1}, now, effects);
  connection.disconnect(SocketKey{1}, now, effects);

  EXPECT_EQ(said(), (Said{"send 41", "disconnected 1 by_server"}));
}

TEST_F(SocketioConnectionTest, EndsEveryStayWithTheConnection) {
  text("0");
  text("0/meet");
  said();

  connection.on_end(EndReason::ping_timeout, effects);

  EXPECT_EQ(said(), (Said{"disconnected 1 ping_timeout", "disconnected 2 ping_timeout"}));
}

TEST(SocketioPackets, CarryTheTypeOfEngineioInFront) {
  EXPECT_EQ(*make_event("/", "a", R"(1,"x")").text, R"(42["a",1,"x"])");
  EXPECT_EQ(*make_event("/", "a\"b", "1").text, R"(42["a\"b",1])");
  EXPECT_EQ(*make_event("/meet", "a", {}).text, R"(42/meet,["a"])");
  EXPECT_EQ(*make_event("/", "a", {}, {net::share("b")}).text, R"(451-["a"])");
  EXPECT_EQ(*make_ack("/", 7, "true").text, "437[true]");
  EXPECT_EQ(*make_ack("/meet", 7, {}, {net::share("b")}).text, "461-/meet,7[]");
}

}  // namespace
}  // namespace signaling::socketio
