// MeetingWorld: the services about meetings on a database in memory and a virtual clock, with people to use them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "signaling/protocol/json_text.h"
#include "signaling/service/host_actions.h"
#include "signaling/service/invitations.h"
#include "signaling/service/meetings.h"
#include "signaling/service/waiting_room.h"
#include "tests/signaling/store/memory_database.h"
#include "turnd/crypto/random.h"

namespace signaling::service {

using namespace std::chrono_literals;

inline MeetingRules test_rules() {
  MeetingRules rules;
  rules.public_url = "https://meet.example.org";
  return rules;
}

class MeetingWorld : public ::testing::Test {
 protected:
  explicit MeetingWorld(MeetingRules rules = test_rules())
      : context(std::move(rules), turnd::base::Secret(std::string(32, 'k')), turnd::crypto::system_random) {}

  Identity account(const std::string& name, bool verified = false) {
    Identity who;
    who.kind = Identity::Kind::account;
    who.name = name;
    who.username = name;
    who.user_id = db.insert(
        "INSERT INTO users(username, name, email, is_verified, created_at, updated_at) VALUES (?1, ?1, ?2, ?3, 0, 0)",
        name, name + "@example.org", verified);
    return who;
  }
  static Identity guest(const std::string& id, const std::string& name) {
    Identity who;
    who.kind = Identity::Kind::guest;
    who.guest_id = id;
    who.name = name;
    return who;
  }

  // A meeting of `who`, from the text of a request body.
  Meeting make(const Identity& who, std::string_view body = "{}") {
    const auto fields = parse_new_meeting(*protocol::parse_json_object(body), now.wall);
    EXPECT_TRUE(fields.has_value()) << (fields ? "" : fields.error().message);
    auto made = meetings.create(db, who, *fields, now, effects);
    EXPECT_TRUE(made.has_value());
    return made->view.meeting;
  }
  Meeting again(const Meeting& meeting) { return *meeting_by_id(db, meeting.id); }
  void change(const Identity& who, const Meeting& meeting, std::string_view body) {
    const auto fields = parse_meeting_change(*protocol::parse_json_object(body), now.wall);
    ASSERT_TRUE(fields.has_value());
    ASSERT_TRUE(meetings.update(db, who, meeting.uuid, *fields, now.wall, effects).has_value());
  }

  protocol::Outcome<JoinResult> try_join(const Identity& who, const Meeting& meeting, JoinAttempt attempt = {}) {
    attempt.meeting = meeting.uuid;
    if (attempt.address.empty()) attempt.address = "192.0.2.1";
    return meetings.join(db, who, attempt, now, effects);
  }
  protocol::Outcome<JoinResult> try_join(const Identity& who, const Meeting& meeting, const char* password) {
    JoinAttempt attempt;
    attempt.password = password;
    return try_join(who, meeting, attempt);
  }
  MeetingParticipant joins(const Identity& who, const Meeting& meeting, const JoinAttempt& attempt = {}) {
    const auto result = try_join(who, meeting, attempt);
    if (!result || !std::holds_alternative<Admitted>(*result)) {
      ADD_FAILURE() << who.name << " is not let in: " << (result ? "waits" : result.error().message);
      return {};
    }
    return std::get<Admitted>(*result).participant;
  }
  Waiting waits(const Identity& who, const Meeting& meeting, const JoinAttempt& attempt = {}) {
    const auto result = try_join(who, meeting, attempt);
    if (!result || !std::holds_alternative<Waiting>(*result)) {
      ADD_FAILURE() << who.name << " does not wait: " << (result ? "is in" : result.error().message);
      return {};
    }
    return std::get<Waiting>(*result);
  }
  // The code of a refusal; empty when it was none.
  template <class T>
  static std::string code(const protocol::Outcome<T>& outcome) {
    return outcome ? "" : std::string(protocol::to_string(outcome.error().code));
  }

  void advance(std::chrono::milliseconds by) {
    now.wall += by;
    now.monotonic += by;
  }
  // What changed of this kind, oldest first.
  template <class Change>
  std::vector<Change> changes() const {
    std::vector<Change> found;
    for (const MeetingChange& change : effects.meetings) {
      if (const auto* what = std::get_if<Change>(&change.what)) found.push_back(*what);
    }
    return found;
  }
  std::vector<std::string> notices_to(const Identity& who) {
    return db.all([](const store::Row& row) { return row.get<std::string>(0); },
                  "SELECT type FROM notifications WHERE recipient_id = ?1 ORDER BY id", who.user_id);
  }
  // Payloads in the outbox, oldest first.
  std::vector<std::string> mails() {
    return db.all([](const store::Row& row) { return row.get<std::string>(0); },
                  "SELECT payload FROM outbox WHERE kind = 'email' ORDER BY id");
  }

  store::MemoryDatabase db;
  MeetingContext context;
  Meetings meetings{context};
  WaitingRoom waiting_room{context};
  HostActions host_actions;
  Invitations invitations{context};
  turnd::base::Now now{turnd::base::TimePoint(1h), store::kToday};
  Effects effects;
};

}  // namespace signaling::service
