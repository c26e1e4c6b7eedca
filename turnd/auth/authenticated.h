// Authenticated: a request whose credentials were checked. Only the Authenticator can make one.
#pragma once

#include <utility>

#include "turnd/auth/identity.h"
#include "turnd/auth/long_term_key.h"
#include "turnd/base/bytes.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"

namespace turnd::auth {

class Authenticated {
 public:
  [[nodiscard]] const stun::MessageView& message() const { return message_; }  // borrowed from the datagram
  [[nodiscard]] const Identity& who() const { return who_; }
  [[nodiscard]] const LongTermKeys& keys() const { return keys_; }
  // Signs the reply with the algorithm of the request (RFC 8489 s9.2.4). Borrowed from this object.
  [[nodiscard]] stun::IntegrityKey reply_key() const;

 private:
  friend class Authenticator;
  Authenticated(const stun::MessageView& message, Identity who, LongTermKeys keys, stun::IntegrityAlgorithm algorithm,
                bool sha256_key)
      : message_(message), who_(std::move(who)), keys_(keys), algorithm_(algorithm), sha256_key_(sha256_key) {}

  stun::MessageView message_;
  Identity who_;
  LongTermKeys keys_;
  stun::IntegrityAlgorithm algorithm_;
  bool sha256_key_;  // PASSWORD-ALGORITHM chose the SHA-256 key
};

}  // namespace turnd::auth
