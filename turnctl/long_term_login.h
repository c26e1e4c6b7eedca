// LongTermLogin: the client's side of the long-term credential mechanism (RFC 8489 s9.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "turnd/auth/long_term_key.h"
#include "turnd/base/secret.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"
#include "turnd/stun/stun_attributes.h"

namespace turnctl {

struct Login {
  std::string username;
  turnd::base::Secret password;
};

class LongTermLogin {
 public:
  enum class Algorithms : std::uint8_t {
    offered,  // SHA-256 when the server offers it
    first,    // MD5 and SHA-1, whatever it offers: what browsers do
  };
  explicit LongTermLogin(Login login, Algorithms algorithms = Algorithms::offered);

  [[nodiscard]] bool is_challenged() const { return challenge_.has_value(); }
  // False: the response asks for no credentials, or these were already refused.
  [[nodiscard]] bool accept(const turnd::stun::MessageView& response);
  // Adds nothing before the server has asked for it.
  void sign(turnd::stun::MessageBuilder& message) const;
  // The next request goes without credentials, as a client's first one does.
  void begin_anew() { challenge_.reset(); }

 private:
  struct Challenge {
    std::string nonce;
    turnd::stun::PasswordAlgorithms offered;  // empty: a server of RFC 5389
  };
  [[nodiscard]] bool derive_keys(std::string_view realm);

  Login login_;
  Algorithms algorithms_;
  std::optional<Challenge> challenge_;
  std::string realm_;  // for which the keys are
  std::optional<turnd::auth::LongTermKeys> keys_;
};

}  // namespace turnctl
