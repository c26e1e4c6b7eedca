// Participants: the names of the lobby, who holds them, and who is online (seed 000).
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/effects.h"
#include "signaling/store/connection.h"
#include "turnd/base/random_source.h"

namespace signaling::service {

struct Participant {
  std::int64_t id = 0;
  std::string username;
  bool is_online = false;
  WallTime joined_at{};
  WallTime last_seen_at{};
};
// {_id (24 hex digits), username, isOnline, joinedAt}
[[nodiscard]] boost::json::object participant_json(const Participant& participant);

struct NameRequest {
  std::string username;
  std::optional<std::string> secret = {};
};
// `errors.username` for anything but 3 to 20 of [A-Za-z0-9_-] (K16).
[[nodiscard]] protocol::Outcome<NameRequest> read_name_request(const boost::json::object& body);

struct NameGranted {
  Participant participant;
  std::string secret;  // proof for taking the name back
};

struct ParticipantCounts {
  std::int64_t total = 0;
  std::int64_t online = 0;
  std::int64_t recently_active = 0;  // seen within a day
};

// A name is held by the account that owns it, always; otherwise only by a live socket (K14). Joining over HTTP marks a
// name online and holds nothing: it ends with leave, or after five minutes in which no request names it (K15).
class Participants {
 public:
  static constexpr std::int64_t kMostNames = 100'000;
  explicit Participants(turnd::base::RandomSource random, std::int64_t most_names = kMostNames)
      : random_(std::move(random)), most_names_(most_names) {}

  // 409 `username_taken` when somebody else holds the name.
  [[nodiscard]] protocol::Outcome<NameGranted> join(store::Connection& db, const Identity& who,
                                                    const NameRequest& request, WallTime now, Effects& effects) const;
  // 404 for a name nobody joined with. A socket that holds the name keeps it online.
  // forbidden for the name of somebody else's account.
  [[nodiscard]] protocol::Outcome<Participant> leave(store::Connection& db, const Identity& who,
                                                     std::string_view username, WallTime now, Effects& effects) const;
  // A request has named it.
  void touch(store::Connection& db, std::string_view username, WallTime now) const;

  // A live socket takes a name, as `holder` (Identity::key(), or a session's id), unless this says why not. The secret
  // of an earlier HTTP join proves nothing any more.
  [[nodiscard]] std::optional<protocol::Failure> hold(store::Connection& db, const Identity& who,
                                                      std::string_view username, std::string_view holder, WallTime now,
                                                      Effects& effects) const;
  // The socket and its time to resume are gone.
  void release(store::Connection& db, std::string_view username, std::string_view holder, WallTime now,
               Effects& effects) const;
  // At start: no socket of an earlier process is alive.
  void release_all(store::Connection& db, WallTime now) const;

  // Every minute or so: writes down whose five minutes are over. The functions below need no such help.
  void expire(store::Connection& db, WallTime now, Effects& effects) const;
  // Forgets up to `most` names, those longest unseen first: offline for 30 days, or too many. A name that is held, or
  // online, stays. True: there may be more.
  bool prune(store::Connection& db, std::size_t most, WallTime now) const;

  [[nodiscard]] std::vector<Participant> list(store::Connection& db, WallTime now) const;
  [[nodiscard]] std::vector<Participant> online(store::Connection& db, WallTime now) const;
  [[nodiscard]] ParticipantCounts counts(store::Connection& db, WallTime now) const;

 private:
  [[nodiscard]] NameGranted put(store::Connection& db, const Identity& who, const NameRequest& request,
                                WallTime now) const;

  turnd::base::RandomSource random_;
  std::int64_t most_names_;  // more of them are forgotten before their time
};

}  // namespace signaling::service
