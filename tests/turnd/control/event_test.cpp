#include "turnd/control/event.h"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace turnd::control {
namespace {

namespace json = boost::json;

const base::WallTime kTime = base::WallTime(std::chrono::seconds(1'700'000'000));

json::value line_of(const Event& event) {
  const std::string line = to_line(event);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  return json::parse(line);
}

json::value parsed(std::string text) {
  for (std::size_t at; (at = text.find("TIME")) != std::string::npos;)
    text.replace(at, 4, "\"2023-11-14T22:13:20.000Z\"");
  return json::parse(text);
}

Usage a_usage() {
  Usage usage;
  usage.id = "0123456789abcdef";
  usage.user = "ali\nce";
  usage.realm = "example.org";
  usage.client = "192.0.2.1:5000";
  usage.relayed = {"203.0.113.10:49152", "[2001:db8::1]:49153"};
  usage.started = usage.ended = kTime;
  usage.reason = "expired";
  usage.to_peer = {2, 20};
  return usage;
}

TEST(Event, SaysTimeAndTypeFirst_D14) {
  EXPECT_EQ(line_of(drain_stopped(kTime)), parsed(R"({"time": TIME, "type": "drain.stopped"})"));
  EXPECT_EQ(line_of(drain_started(kTime, {true, kTime, {}, 4})),
            parsed(R"({"time": TIME, "type": "drain.started", "deadline": null, "sessions": 4})"));
  EXPECT_EQ(line_of(certificate_loaded(kTime, kTime)),
            parsed(R"({"time": TIME, "type": "certificate.loaded", "not_after": TIME})"));
  EXPECT_EQ(line_of(certificate_refused(kTime, "no")),
            parsed(R"({"time": TIME, "type": "certificate.refused", "detail": "no"})"));
  EXPECT_EQ(line_of(events_lost(kTime, 7)), parsed(R"({"time": TIME, "type": "events.lost", "count": 7})"));
}

TEST(Event, CarriesTheSessionOrItsUsage_D14) {
  const json::value opened = line_of(session_opened(kTime, Session{}));
  const json::value closed = line_of(session_closed(kTime, a_usage()));

  EXPECT_EQ(opened.at("type"), "session.opened");
  EXPECT_EQ(opened.at("session"), json::value(to_json(Session{})));
  EXPECT_EQ(closed.at("type"), "session.closed");
  EXPECT_EQ(closed.at("reason"), "expired");
  EXPECT_EQ(closed.at("usage"), json::value(to_json(a_usage())));
}

TEST(Event, CarriesWhatAReloadChangedOrRefused_D14) {
  EXPECT_EQ(line_of(reload_applied(kTime, {{"realm", "a", "b", "new_sessions"}})),
            parsed(R"({"time": TIME, "type": "reload.applied",
                       "changes": [{"key": "realm", "from": "a", "to": "b", "effect": "new_sessions"}]})"));
  EXPECT_EQ(line_of(reload_refused(kTime, {{{}, "realm", "", "empty", "set it"}})),
            parsed(R"({"time": TIME, "type": "reload.refused",
              "errors": [{"line": null, "key": "realm", "value": "", "problem": "empty", "remedy": "set it"}]})"));
}

TEST(Event, ShowsAHostileUserNameHarmlessly_D60) {
  const Event event = auth_refused(
      kTime, {*base::Endpoint::parse("192.0.2.1:5000"), base::Transport::udp, "a\r\n\xFF", "unknown_user"});

  EXPECT_EQ(line_of(event), parsed(R"({"time": TIME, "type": "auth.refused", "client": "192.0.2.1:5000",
    "transport": "udp", "user": "a\\r\\n\\xff", "reason": "unknown_user"})"));
  EXPECT_EQ(log_members(event).at("user"), "a\\r\\n\\xff");
}

TEST(Event, IsFlatInTheLog_D57) {
  const json::object members = log_members(session_closed(kTime, a_usage()));

  for (const auto& [name, value] : members) EXPECT_TRUE(value.is_primitive()) << name;
  EXPECT_EQ(members.at("reason"), "expired");
  EXPECT_EQ(members.at("user"), "ali\\nce");
  EXPECT_EQ(members.at("relayed"), "203.0.113.10:49152, [2001:db8::1]:49153");
  EXPECT_EQ(members.at("traffic_to_peer_bytes"), 20);
}

TEST(Event, NamesTheKeysOfAReloadInTheLog_D57) {
  const Event applied = reload_applied(kTime, {{"realm", "", "", "now"}, {"listen", "", "", "now"}});
  EXPECT_EQ(log_members(applied).at("changes"), "realm, listen");
}

}  // namespace
}  // namespace turnd::control
