// ControlCycle: the requests of a client from its first Allocate to its last Refresh, without the sockets in between.
#pragma once

#include <cstdint>
#include <optional>

#include "turnctl/failure.h"
#include "turnctl/long_term_login.h"
#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/stun/types.h"

namespace turnctl {

// Allocate, its challenge (401), Allocate, CreatePermission, ChannelBind, Refresh with lifetime 0.
class ControlCycle {
 public:
  struct Wanted {
    turnd::base::Family family = turnd::base::Family::ipv4;  // of the relayed address
    std::optional<turnd::base::IpAddress> peer;              // of the permission and the channel; none: the relayed one
  };
  // The login outlives it.
  ControlCycle(LongTermLogin& login, const Wanted& wanted);

  // To be sent, and again when nothing answers it.
  [[nodiscard]] turnd::base::ByteView request() const { return request_; }
  enum class Progress : std::uint8_t {
    none,    // the message answers nothing
    next,    // there is another request
    done,    // the allocation has come to its end
    failed,  // the server refused: `failure()`
  };
  [[nodiscard]] Progress take(turnd::base::ByteView message);
  [[nodiscard]] const Failure& failure() const { return failure_; }

  // Of a cycle that is given up: its allocation would outlive it.
  [[nodiscard]] bool holds_allocation() const { return holds_allocation_; }
  [[nodiscard]] turnd::base::Bytes release() const;

 private:
  [[nodiscard]] Progress ask(turnd::stun::Method method);
  [[nodiscard]] Progress succeed(const turnd::stun::MessageView& response);
  [[nodiscard]] Progress fail(Failure failure);

  LongTermLogin& login_;
  Wanted wanted_;
  turnd::base::Endpoint peer_;
  turnd::stun::Method method_{};
  turnd::stun::TransactionId transaction_{};
  turnd::base::Bytes request_;
  int challenges_ = 0;
  bool holds_allocation_ = false;
  Failure failure_;
};

}  // namespace turnctl
