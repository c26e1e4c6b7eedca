// TurnClient: a small, blocking STUN and TURN client for diagnosis (RFC 8489, RFC 8656).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "turnctl/failure.h"
#include "turnctl/link.h"
#include "turnctl/long_term_login.h"
#include "turnd/base/endpoint.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"
#include "turnd/stun/stun_attributes.h"
#include "turnd/stun/turn_attributes.h"

namespace turnctl {

// One allocation over one link. Speaks MESSAGE-INTEGRITY-SHA256 when the server offers it, MD5 and SHA-1 otherwise.
class TurnClient {
 public:
  TurnClient(Link& link, Login login, Deadline deadline);
  // For what comes now.
  void set_deadline(Deadline deadline) { deadline_ = deadline; }

  // The address that the server saw (XOR-MAPPED-ADDRESS).
  [[nodiscard]] Outcome<turnd::base::Endpoint> binding();
  // The relayed address.
  [[nodiscard]] Outcome<turnd::base::Endpoint> allocate(turnd::base::Family family);
  // Of this family, or of the other where the server relays only that one (RFC 8656 s7.2, error 440).
  [[nodiscard]] Outcome<turnd::base::Endpoint> allocate_either(turnd::base::Family first);
  [[nodiscard]] Outcome<bool> bind_channel(turnd::stun::ChannelNumberValue number, const turnd::base::Endpoint& peer);
  [[nodiscard]] Outcome<bool> create_permission(const turnd::base::IpAddress& peer);
  [[nodiscard]] Outcome<bool> send(const turnd::base::Endpoint& peer, turnd::base::ByteView data);
  // Waits for a Data indication with exactly this data.
  [[nodiscard]] Outcome<bool> expect(turnd::base::ByteView data, Deadline until);
  // Refresh with lifetime 0.
  void release();

 private:
  using Fill = std::function<void(turnd::stun::MessageBuilder&)>;

  // Sends a request, answers a challenge once, and returns the success response.
  [[nodiscard]] Outcome<turnd::base::Bytes> request(turnd::stun::Method method, const Fill& fill);
  [[nodiscard]] Outcome<turnd::base::Bytes> transact(turnd::stun::Method method, const Fill& fill);

  Link& link_;
  LongTermLogin login_;
  Deadline deadline_;
};

}  // namespace turnctl
