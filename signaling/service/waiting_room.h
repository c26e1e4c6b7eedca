// WaitingRoom: the people who asked to be let into a meeting, and the answers they get.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/effects.h"
#include "signaling/service/join_request.h"
#include "signaling/service/meeting_context.h"

namespace signaling::service {

enum class RequestAnswer : std::uint8_t { approve, deny };

// Nobody asks about it any more. Who looks at the waiting room hears of it.
void expire_request(store::Connection& db, const Meeting& meeting, std::int64_t request_id, WallTime now,
                    Effects& effects);

class WaitingRoom {
 public:
  explicit WaitingRoom(MeetingContext& context) : context_(context) {}

  // Pending ones; for hosts and co-hosts.
  protocol::Outcome<std::vector<JoinRequest>> list(store::Connection& db, const Identity& who,
                                                   std::string_view meeting) const;
  // Handled already: conflict. Of another host's meeting: not_found (M17).
  protocol::Outcome<JoinRequest> respond(store::Connection& db, const Identity& who, std::int64_t request_id,
                                         RequestAnswer answer, WallTime now, Effects& effects) const;
  // Several; which of them were pending. Empty `ids`: all.
  protocol::Outcome<std::vector<JoinRequest>> respond_to_all(store::Connection& db, const Identity& who,
                                                             std::string_view meeting,
                                                             const std::optional<std::vector<std::int64_t>>& ids,
                                                             RequestAnswer answer, WallTime now,
                                                             Effects& effects) const;
  // For the account or guest that asked, or who has the secret; for anybody else not_found. He still waits for it.
  protocol::Outcome<JoinRequest> status(store::Connection& db, const Identity& who, std::string_view meeting,
                                        std::int64_t request_id, std::string_view secret, WallTime now) const;
  // He went away before he was answered.
  void cancel(store::Connection& db, std::string_view meeting, std::int64_t request_id, WallTime now,
              Effects& effects) const;

 private:
  MeetingContext& context_;
};

}  // namespace signaling::service
