// SessionGlance: a live session as a predicate sees it, for the length of a call; nothing of it is copied.
#pragma once

#include <functional>
#include <string_view>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/turn/five_tuple.h"
#include "turnd/turn/ids.h"
#include "turnd/turn/session.h"
#include "turnd/turn/tick.h"

namespace turnd::turn {

class Allocation;

// Borrows from what it was made of.
class SessionGlance {
 public:
  SessionGlance(const Allocation& allocation, Tick now);
  explicit SessionGlance(const Session& session);

  SessionId id;
  std::string_view username;  // the whole USERNAME
  std::string_view user;      // the part that quotas mean
  std::string_view secret_id;
  FiveTuple tuple;
  base::WallTime created;

  [[nodiscard]] SessionPlace place() const { return {created, id}; }
  [[nodiscard]] bool has_permission(const base::IpAddress& peer) const;
  [[nodiscard]] bool has_channel(const base::IpAddress& peer) const;
  [[nodiscard]] bool has_channel(const base::Endpoint& peer) const;

 private:
  template <class Fits>
  [[nodiscard]] bool any_channel(const Fits& fits) const;

  const Allocation* allocation_ = nullptr;
  const Session* session_ = nullptr;  // instead
  Tick now_;
};

using SessionPredicate = std::function<bool(const SessionGlance&)>;
using SessionVisit = std::function<void(const SessionGlance&)>;

}  // namespace turnd::turn
