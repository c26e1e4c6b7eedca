// Every metric of signaling.md 2.10, after the server has been used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/signaling/gateway/ws_world.h"
#include "tests/signaling/running_daemon.h"

namespace signaling {
namespace {

namespace json = boost::json;
using gateway::WsClient;

std::string text(const json::object& object, const char* name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// The value of a series, written as Prometheus writes it; -1: there is none.
double value_of(const std::string& metrics, const std::string& series) {
  const std::size_t at = ("\n" + metrics).find("\n" + series + " ");
  return at == std::string::npos ? -1 : std::stod(metrics.substr(at + series.size() + 1));
}

class MetricsTest : public testing::Test {
 protected:
  WsClient& connect(const std::string& token) {
    clients_.push_back(std::make_unique<WsClient>(daemon_.port()));
    clients_.back()->say(R"({"type":"auth","token":")" + token + R"("})");
    EXPECT_EQ(text(clients_.back()->hear("auth-ok"), "type"), "auth-ok");
    return *clients_.back();
  }
  // Its own peerId.
  static std::string join(WsClient& client, const std::string& meeting) {
    client.say(R"({"type":"join","meetingId":")" + meeting + R"("})");
    return text(client.hear("joined"), "selfId");
  }
  std::string make_meeting(const std::string& token) {
    return text(daemon_.ask("POST", "/api/meeting/create/", "{}", token).json(), "meeting_id");
  }
  // Asks until it is so: figures of other threads follow within a second.
  double eventually(const std::string& series, double least) {
    double value = -1;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (value < least && std::chrono::steady_clock::now() < until) value = value_of(daemon_.metrics(), series);
    return value;
  }

  RunningDaemon daemon_{configuration()};
  std::vector<std::unique_ptr<WsClient>> clients_;

 private:
  static config::Config configuration() {
    config::Config config;
    config::Smtp nobody_listens;
    nobody_listens.host = "127.0.0.1";
    nobody_listens.port = 1;
    nobody_listens.from = "signald@example.org";
    config.smtp = nobody_listens;
    return config;
  }
};

TEST_F(MetricsTest, CountsAccountsAndWhoShowsWhat) {
  const std::string anna = daemon_.sign_up("anna");
  const auto log_in = [&](const char* password) {
    return daemon_.ask("POST", "/api/auth/login",
                       std::string(R"({"email":"anna@example.org","password":")") + password + R"("})");
  };
  const Answered in = log_in("correct horse");
  EXPECT_EQ(log_in("wrong horse").status, 401);
  EXPECT_EQ(daemon_.ask("GET", "/api/auth/me", {}, anna).status, 200);
  EXPECT_EQ(daemon_.ask("GET", "/api/auth/me", {}, "no.to.ken").status, 401);
  (void)daemon_.ask("POST", "/api/auth/refresh", R"({"refresh_token":")" + text(in.json(), "refresh_token") + R"("})");
  (void)daemon_.ask("POST", "/api/auth/guest", R"({"name":"Visitor"})");
  connect(anna);

  const std::string metrics = daemon_.metrics();
  EXPECT_EQ(value_of(metrics, "user_registrations_total"), 1);
  EXPECT_EQ(value_of(metrics, R"(user_logins_total{status="success"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(user_logins_total{status="failed"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_auth_total{method="password",result="success"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_auth_total{method="password",result="failed"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_auth_total{method="bearer",result="success"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_auth_total{method="bearer",result="unauthenticated"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_auth_total{method="refresh",result="success"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_auth_total{method="guest",result="success"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_auth_total{method="socket",result="success"})"), 1);
  EXPECT_GT(value_of(metrics, R"(http_requests_total{method="POST",route="/api/auth/login",status="401"})"), 0);
  EXPECT_GT(value_of(metrics, "active_connections"), 0);
}

TEST_F(MetricsTest, CountsMeetingsSignalsAndConnectionsOfBrowsers) {
  const std::string anna = daemon_.sign_up("anna");
  const std::string meeting = make_meeting(anna);
  WsClient& ann = connect(anna);
  WsClient& bob = connect(daemon_.sign_up("bob"));
  const std::string ann_id = join(ann, meeting);
  const std::string bob_id = join(bob, meeting);
  bob.say(R"({"type":"join","id":1,"meetingId":"no-such-meeting"})");
  bob.say(R"({"type":"dance"})");
  bob.say(R"({"type":"offer","targetId":")" + ann_id + R"(","offer":{"type":"offer","sdp":"v=0"}})");
  EXPECT_EQ(text(ann.hear("offer"), "fromId"), bob_id);
  bob.say(R"({"type":"stats","id":2,"peers":{")" + ann_id +
          R"(":{"path":"relay","protocol":"tls","rttMs":40,"lossPct":1.5,"state":"connected"}}})");
  (void)bob.hear("ok");
  ann.say(R"({"type":"stats","id":3,"peers":{")" + bob_id +
          R"(":{"path":"direct","protocol":"udp","state":"failed"}}})");
  (void)ann.hear("ok");
  EXPECT_EQ(daemon_.ask("POST", "/api/meeting/join/no-such-meeting/", "{}", anna).status, 404);

  const std::string metrics = daemon_.metrics();
  EXPECT_EQ(value_of(metrics, "signald_rooms"), 1);
  EXPECT_EQ(value_of(metrics, "signald_room_participants_count"), 2);
  EXPECT_EQ(value_of(metrics, "signald_room_participants_sum"), 3) << "one, then two";
  EXPECT_EQ(value_of(metrics, R"(signald_joins_total{result="joined"})"), 2);
  EXPECT_EQ(value_of(metrics, R"(signald_joins_total{result="meeting_not_found"})"), 1);
  EXPECT_EQ(value_of(metrics, "signald_relay_seconds_count"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_ws_messages_total{dir="in",type="join"})"), 3);
  EXPECT_EQ(value_of(metrics, R"(signald_ws_messages_total{dir="in",type="stats"})"), 2);
  EXPECT_EQ(value_of(metrics, R"(signald_ws_messages_total{dir="in",type="other"})"), 1) << "whatever its name";
  EXPECT_EQ(value_of(metrics, R"(signald_ws_messages_total{dir="in",type="chat"})"), 0);
  EXPECT_EQ(value_of(metrics, R"(signald_ws_messages_total{dir="out",type="joined"})"), 2);
  EXPECT_EQ(value_of(metrics, R"(signald_ws_messages_total{dir="out",type="offer"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_ws_connections{endpoint="/ws",transport="websocket"})"), 2);
  EXPECT_GT(value_of(metrics, "signald_ws_bytes_total"), 500);
  EXPECT_EQ(value_of(metrics, R"(signald_webrtc_peer_connections{path="relay",protocol="tls"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_webrtc_peer_connections{path="direct",protocol="udp"})"), 0) << "it failed";
  EXPECT_EQ(value_of(metrics, "signald_webrtc_rtt_seconds_sum"), 0.04);
  EXPECT_EQ(value_of(metrics, "signald_webrtc_loss_ratio_sum"), 0.015);
  EXPECT_EQ(value_of(metrics, "signald_webrtc_setup_seconds_count"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_webrtc_setup_total{result="connected"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_webrtc_setup_total{result="failed"})"), 1);
}

TEST_F(MetricsTest, CountsWhoWaitsAndWhoIsTooFast) {
  const std::string anna = daemon_.sign_up("anna");
  const std::string meeting =
      text(daemon_.ask("POST", "/api/meeting/create/", R"({"waiting_room":true})", anna).json(), "meeting_id");
  WsClient& bob = connect(daemon_.sign_up("bob"));
  bob.say(R"({"type":"join","meetingId":")" + meeting + R"("})");
  EXPECT_NE(text(bob.hear("waiting"), "requestId"), "");
  for (int i = 0; i < 30; ++i) bob.say(R"({"type":"chat","id":1,"message":"x"})");
  bob.say(R"({"type":"ping","id":2})");
  (void)bob.hear("pong");
  for (int i = 0; i < 31; ++i) (void)daemon_.ask("GET", "/api/turn/config", {}, anna);

  const std::string metrics = daemon_.metrics();
  EXPECT_EQ(value_of(metrics, "signald_waiting"), 1);
  EXPECT_EQ(value_of(metrics, R"(signald_joins_total{result="waiting"})"), 1);
  EXPECT_GE(value_of(metrics, R"(signald_rate_limited_total{bucket="socket"})"), 15);
  EXPECT_EQ(value_of(metrics, R"(signald_rate_limited_total{bucket="turn_credentials"})"), 1);
}

TEST_F(MetricsTest, CountsChatResumesAndStorage) {
  const std::string anna = daemon_.sign_up("anna");
  EXPECT_EQ(daemon_.ask("POST", "/api/chat/messages", R"({"username":"anna","message":"Hello"})", anna).status, 201);
  clients_.push_back(std::make_unique<WsClient>(daemon_.port()));
  clients_.back()->say(R"({"type":"auth","token":")" + anna + R"("})");
  const json::object first = clients_.back()->hear("auth-ok");
  clients_.pop_back();
  WsClient again(daemon_.port());
  again.say(R"({"type":"auth","resume":{"sessionId":")" + text(first, "sessionId") + R"(","resumeToken":")" +
            text(first, "resumeToken") + R"(","s":0}})");
  EXPECT_TRUE(again.hear("auth-ok").at("resumed").as_bool());

  EXPECT_EQ(eventually("signald_chat_messages_total", 1), 1);
  EXPECT_GT(eventually("signald_broker_seconds_count", 1), 0);
  const std::string metrics = daemon_.metrics();
  EXPECT_EQ(value_of(metrics, R"(signald_session_resume_total{result="resumed"})"), 1);
  EXPECT_GT(value_of(metrics, R"(signald_db_seconds_count{op="commit"})"), 0);
  EXPECT_GT(value_of(metrics, R"(signald_db_seconds_count{op="read"})"), 0);
  EXPECT_GT(value_of(metrics, "signald_db_batch_count"), 0);
  EXPECT_GE(eventually(R"(signald_outbox_pending{kind="email"})", 1), 1) << "the address waits to be verified";
}

// By name, as the contract lists them.
TEST_F(MetricsTest, ShowsEveryFamilyFromTheStart_O3) {
  const std::string metrics = daemon_.metrics();
  for (const char* name : {"http_requests_total", "http_request_duration_seconds", "active_connections",
                           "user_registrations_total", "user_logins_total"})
    EXPECT_THAT(metrics, testing::HasSubstr("# TYPE " + std::string(name) + " "));
  for (const char* name : {"ws_connections",
                           "ws_messages_total",
                           "ws_bytes_total",
                           "ws_outbox_bytes",
                           "ws_slow_consumer_total",
                           "session_resume_total",
                           "rooms",
                           "room_participants",
                           "waiting",
                           "joins_total",
                           "relay_seconds",
                           "chat_messages_total",
                           "db_seconds",
                           "db_batch",
                           "broker_seconds",
                           "broker_reconnects_total",
                           "outbox_pending",
                           "search_lag",
                           "auth_total",
                           "rate_limited_total",
                           "turn_credentials_total",
                           "webrtc_peer_connections",
                           "webrtc_rtt_seconds",
                           "webrtc_loss_ratio",
                           "webrtc_setup_seconds",
                           "webrtc_setup_total",
                           "build_info"})
    EXPECT_THAT(metrics, testing::HasSubstr("# TYPE signald_" + std::string(name) + " "));
}

}  // namespace
}  // namespace signaling
