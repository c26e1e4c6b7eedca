// World: a hub with a virtual clock, services that answer at once (or when told to), and clients that remember what
// they heard.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "signaling/room/hub.h"

namespace signaling::room {

using namespace std::chrono_literals;
namespace json = boost::json;

class World;

// A socket, seen from its far end.
class Client {
 public:
  Client(World& world, std::uint64_t id) : world_(world), id_{id} {}

  void say(const std::string& frame);
  void cut();           // as if the cable had been pulled
  void close_kindly();  // 1000

  // The frames of a type that have come since the last look at them; each is shown once.
  std::vector<json::object> take(std::string_view type);
  // The only one; a test failure when there is none, or more.
  json::object only(std::string_view type);
  // The code of the only error.
  std::string error();
  [[nodiscard]] bool heard_nothing() const { return inbox.empty(); }
  void forget() { inbox.clear(); }

  [[nodiscard]] ConnectionId id() const { return id_; }

  std::vector<json::object> inbox;
  std::vector<std::string> texts;  // all there ever were
  std::optional<std::uint16_t> closed;
  std::string session_id, resume_token, peer_id;
  std::uint64_t s = 0;  // the last one seen

 private:
  World& world_;
  ConnectionId id_;
};

class World {
 public:
  explicit World(HubSettings settings = {});

  // --- clients
  Client& connect(std::optional<Person> person = std::nullopt, std::string ip = "192.0.2.1");
  Client& account(const std::string& name);  // authenticated by a token "token:<name>"
  Client& guest(const std::string& name);
  Client& member(const std::string& name, const std::string& meeting = "m1");  // an account, in the meeting
  Client& resume(Client& lost);  // a new socket with the session of the lost one; nothing is checked

  // --- time
  void advance(std::chrono::milliseconds by);
  [[nodiscard]] Now now() const { return now_; }

  // --- what services say. Ids of accounts: "1" for ann, "2" for bob, ...
  Person person(const std::string& name);
  MeetingFacts& meeting(const std::string& id = "m1");
  std::map<std::string, protocol::Role> roles;            // by person id; participant when absent
  std::map<std::string, protocol::WaitReason> must_wait;  // by person id
  std::map<std::string, protocol::ErrorCode> refused;     // by person id
  std::map<std::string, std::string> renamed;             // accounts that go by another name now
  std::vector<std::string> accounts = {"ann", "bob", "cat", "dan", "eve"};
  std::set<std::string> approved;  // person ids
  bool starts_meeting = false;     // the next admission starts it
  std::int64_t ice_ttl = 3600;
  std::optional<protocol::WallTime> token_end;
  bool answers = true;  // false: questions wait for answer_all()
  void answer_all();
  std::deque<Question> questions;  // that wait
  std::vector<Question> told;      // LeftMeeting, CancelledRequest, HostSucceeded
  template <class T>
  std::vector<T> told_of() const {
    std::vector<T> found;
    for (const Question& each : told) {
      if (const T* one = std::get_if<T>(&each.what)) found.push_back(*one);
    }
    return found;
  }
  std::vector<Note> notes;
  std::vector<std::string> presences;  // "+ann", "-ann"
  std::vector<SeatView> seats;

  void notice(const Notice& notice);
  void settle();  // carries effects out until there are none

  Hub hub;

 private:
  void deliver(const Send& send);
  Answer answer(const Question& question);
  Answer answer_join(const JoinMeeting& join);
  Answer answer_chat(const StoreChat& chat);

  Now now_{TimePoint(1000s), protocol::WallTime(1'770'000'000s)};
  std::map<std::uint64_t, std::unique_ptr<Client>> clients_;
  std::uint64_t last_connection_ = 0;
  std::map<std::string, MeetingFacts> meetings_;
  std::map<std::string, JoinRequest> requests_;  // by person
  std::map<std::string, std::int64_t> participants_;
  std::map<std::string, std::vector<protocol::ChatLine>> lines_;  // by conversation
  std::map<std::string, protocol::ChatLine> by_key_;
  friend class Client;
};

class HubTest : public ::testing::Test {
 protected:
  World world;
};

// Shorthands over JSON.
inline std::string text(const json::object& frame, std::string_view name) {
  const json::value* value = frame.if_contains(name);
  return value == nullptr || !value->is_string() ? "(none)" : std::string(value->as_string());
}
inline std::int64_t number(const json::object& frame, std::string_view name) {
  const json::value* value = frame.if_contains(name);
  return value == nullptr || !value->is_int64() ? -1 : value->as_int64();
}
inline bool flag(const json::object& frame, std::string_view name) {
  const json::value* value = frame.if_contains(name);
  return value != nullptr && value->is_bool() && value->as_bool();
}

}  // namespace signaling::room
